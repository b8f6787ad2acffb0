package autoencoder_test

import (
	"fmt"
	"math/rand/v2"

	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// A few steps down the gradient, on four examples.
func ExampleObjective_Evaluate() {
	s := autoencoder.DefaultSparse(4, 2)
	s.Beta, s.Lambda = 0, 0
	x := linalg.MatrixOf(4, 4, []float64{
		1, 0, 0, 0,
		1, 0, 0, 0,
		0, 0, 0, 1,
		0, 0, 0, 1,
	})
	theta := s.Init(rand.New(rand.NewPCG(1, 0)))
	grad := make([]float64, len(theta))
	o := autoencoder.NewObjective[float64](s)
	for step := range 201 {
		terms := o.Evaluate(theta, x, grad)
		if step%100 == 0 {
			fmt.Printf("step %d: objective %.2f\n", step, terms.Total())
		}
		linalg.Axpy(-5, grad, theta)
	}
	// Output:
	// step 0: objective 0.42
	// step 100: objective 0.01
	// step 200: objective 0.00
}

func ExampleGradCheck() {
	s := autoencoder.DefaultSparse(8, 5)
	rng := rand.New(rand.NewPCG(1, 0))
	theta := s.Init(rng)
	x := linalg.NewMatrix[float64](10, 8)
	for i := range x.Data {
		x.Data[i] = rng.Float64()
	}
	for _, c := range autoencoder.GradCheck(s, theta, x, nn.DefaultCheck()) {
		fmt.Println(c.Tensor, c.Checked, c.RelError < 1e-7)
	}
	// Output:
	// encoder.0.weight 40 true
	// encoder.0.bias 5 true
	// decoder.0.weight 40 true
	// decoder.0.bias 8 true
}

func ExampleSparse_Validate() {
	s := autoencoder.DefaultSparse(64, 25)
	s.Rho = 1.2
	fmt.Println(s.Validate())
	// Output: sparse: Rho = 1.2: want 0 < Rho < 1
}
