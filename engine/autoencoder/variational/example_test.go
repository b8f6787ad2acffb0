package variational_test

import (
	"fmt"
	"math/rand/v2"

	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// A few steps of gradient descent on eight features that are all on or all
// off.
func ExampleObjective_Batch() {
	spec := variational.DefaultSpec(8, 1)
	spec.Encoder, spec.Decoder, spec.Hidden = []int{16}, []int{16}, nn.Tanh
	if err := spec.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	theta := spec.Init(rand.New(rand.NewPCG(1, 1)), nn.Glorot, 0)
	x := linalg.NewMatrix[float64](64, 8)
	for i := range x.Data[:32*8] {
		x.Data[i] = 1
	}
	o := variational.NewObjective[float64](spec)
	grad := make([]float64, len(theta))
	for step := range uint64(1000) {
		o.Batch(theta, x, variational.Noise{Seed: 1, Step: step}, grad)
		linalg.Axpy(-0.1, grad, theta)
	}
	codes := linalg.NewMatrix[float64](64, 1)
	o.Encode(theta, x, codes, linalg.Matrix[float64]{})
	_, active := variational.ActiveUnits(codes, variational.ActiveThreshold)
	terms := o.Evaluate(theta, x, variational.Noise{Seed: 2}, nil)
	fmt.Printf("%d active unit; below 1.5 nats: %v\n", active, terms.Total() < 1.5)
	// Output: 1 active unit; below 1.5 nats: true
}
