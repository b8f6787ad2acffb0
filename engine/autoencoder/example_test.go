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

// A deep autoencoder of H2O's kind: deep features of a layer, and how strange
// each example is.
func ExampleNetwork() {
	d := autoencoder.DefaultH2O(3, 4, 2, 4)
	theta := d.Init(rand.New(rand.NewPCG(1, 1)))
	n := autoencoder.NewNetwork[float64](d)
	x := linalg.MatrixOf(2, 3, []float64{0.1, -0.2, 0.3, -0.4, 0.2, 0})
	grad := make([]float64, len(theta))
	for range 3000 { // gradient descent on the full batch
		n.Evaluate(theta, x, x, grad)
		linalg.Axpy(-0.5, grad, theta)
	}
	codes, out := linalg.NewMatrix[float64](2, 2), linalg.NewMatrix[float64](2, 3)
	n.Encode(theta, n.Code(), x, codes)
	n.Reconstruct(theta, x, out)
	score := make([]float64, 2)
	autoencoder.Anomalies(x, out, score)
	fmt.Printf("%.2f\n%.4f\n", out.Data, score)
	// Output:
	// [0.10 -0.20 0.30 -0.40 0.20 0.00]
	// [0.0000 0.0000]
}

// A softmax read-out learns classes from codes.
func ExampleClassifier() {
	c := autoencoder.DefaultClassifier(2, 2)
	codes := linalg.MatrixOf(4, 2, []float64{0.1, 0.9, 0.2, 0.8, 0.9, 0.1, 0.7, 0.2})
	labels := []int{0, 0, 1, 1}
	y, err := autoencoder.OneHot[float64](labels, c.Classes)
	if err != nil {
		fmt.Println(err)
		return
	}
	theta := c.Init(rand.New(rand.NewPCG(1, 1)))
	n := autoencoder.NewNetwork[float64](c)
	grad := make([]float64, len(theta))
	for range 200 {
		n.Evaluate(theta, codes, y, grad)
		linalg.Axpy(-1, grad, theta)
	}
	p := linalg.NewMatrix[float64](4, 2)
	n.Reconstruct(theta, codes, p)
	fmt.Println(autoencoder.Accuracy(p, labels))
	// Output: 1
}
