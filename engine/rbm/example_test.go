package rbm_test

import (
	"fmt"
	"math/rand/v2"

	"filterscope/engine/linalg"
	"filterscope/engine/rbm"
)

// Train a machine on two patterns, and let it repair one of them.
func ExampleStepper() {
	x := linalg.MatrixOf(2, 6, []float64{
		1, 1, 1, 0, 0, 0,
		0, 0, 0, 1, 1, 1,
	})
	s := rbm.Spec{Visible: 6, Hidden: 4}
	theta := s.Init(rand.New(rand.NewPCG(1, 1)))
	with := rbm.DefaultTraining()
	with.Chains = 20
	p := rbm.NewStepper(s, with, theta, 1)
	for range 1500 {
		if _, err := p.Step(x); err != nil {
			fmt.Println(err)
			return
		}
	}
	p.Parameters(theta)
	broken := linalg.MatrixOf(1, 6, []float64{1, 0, 1, 0, 0, 0})
	rbm.Reconstruct(s, theta, broken, broken)
	fmt.Printf("%.0f\n", broken.Data)
	// Output: [1 1 1 0 0 0]
}

// Follow a Gibbs chain from a blank start.
func ExampleChain() {
	s := rbm.Spec{Visible: 6, Hidden: 4}
	theta := s.Init(rand.New(rand.NewPCG(1, 1)))
	c := rbm.NewChain(s, theta, linalg.NewMatrix[float64](3, 6), 1)
	c.Step(10)
	fmt.Printf("%.1f\n", c.Means().Row(0))
	// Output: [0.5 0.5 0.5 0.5 0.5 0.5]
}
