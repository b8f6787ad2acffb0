package modelio_test

import (
	"bytes"
	"fmt"

	"filterscope/engine/modelio"
	"filterscope/engine/nn"
)

func ExampleWrite() {
	model := &modelio.Model{
		Precision: "float32",
		Layout:    nn.NewLayout(nn.Tensor{Name: "encoder.0.weight", Shape: []int{2, 3}}),
		Theta:     []float64{1, 2, 3, 4, 5, 6},
	}
	var file bytes.Buffer
	if err := modelio.Write(&file, model); err != nil {
		fmt.Println(err)
		return
	}
	again, err := modelio.Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(again.Layout[0].Name, again.Layout[0].Shape, again.Theta)
	// Output: encoder.0.weight [2 3] [1 2 3 4 5 6]
}
