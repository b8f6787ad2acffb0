package linalg_test

import (
	"fmt"

	"filterscope/engine/linalg"
)

func ExampleGemm() {
	a := linalg.MatrixOf(2, 3, []float64{
		1, 2, 3,
		4, 5, 6,
	})
	c := linalg.NewMatrix[float64](2, 2)
	linalg.Gemm(false, true, 1, a, a, 0, c) // a·aᵀ
	fmt.Println(c.Row(0), c.Row(1))
	// Output: [14 32] [32 77]
}

func ExampleMulPacked() {
	x := linalg.MatrixOf(2, 2, []float32{0, 1, 1, 1}) // two examples
	w := linalg.MatrixOf(1, 2, []float32{20, 20})     // one unit that is on
	bias, sums := []float32{-30}, make([]float32, 1)  // when both inputs are
	z := linalg.NewMatrix[float32](2, 1)
	var p linalg.Packed[float32]
	p.Pack(w, true)
	linalg.MulPacked(z, x, &p)
	linalg.Activate(linalg.Logistic, z, bias, sums)
	fmt.Printf("%.4f %.4f, together %.4f\n", z.At(0, 0), z.At(1, 0), sums[0])
	// Output: 0.0000 1.0000, together 1.0000
}
