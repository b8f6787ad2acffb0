package preprocess_test

import (
	"context"
	"fmt"

	"filterscope/engine/dataset"
	"filterscope/engine/preprocess"
)

func ExamplePipeline() {
	data := &dataset.Dataset{Name: "three pixels", N: 3, D: 1, FullScale: 255, Bytes: []uint8{0, 51, 255}}
	p, err := preprocess.NewPipeline([]preprocess.Spec{{Step: preprocess.Scale}, {Step: preprocess.SubtractMean}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	if err := p.Fit(ctx, data); err != nil {
		fmt.Println(err)
		return
	}
	x, err := preprocess.Apply[float64](ctx, p, data, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", x.Data)
	if x, err = p.Invert(data, 0, x); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f\n", x.Data)
	for _, q := range p.Parameters() {
		fmt.Printf("%s %.1f\n", q.Name, q.Values)
	}
	// Output:
	// [-0.40 -0.20 0.60]
	// [0 51 255]
	// preprocess.0.full_scale [255.0]
	// preprocess.0.offset_divisor [0.0 255.0]
	// preprocess.1.mean [0.4]
}
