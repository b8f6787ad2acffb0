package rbm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"filterscope/engine/dataset/digits"
	"filterscope/engine/linalg"
)

// BenchmarkEpoch is a thousand steps of PCD-1 on 784 visible units, whose time
// bench/peers/rbm_sklearn.py measures for scikit-learn's BernoulliRBM: with
// batches of 10, an epoch of its 10000 examples. Zeros take no time, so the examples are digits.
func BenchmarkEpoch(b *testing.B) {
	for _, hidden := range []int{256, 500} {
		for _, batch := range []int{10, 100} {
			b.Run(fmt.Sprintf("hidden=%d/batch=%d/float32", hidden, batch), func(b *testing.B) { benchEpoch[float32](b, hidden, batch, true) })
		}
		b.Run(fmt.Sprintf("hidden=%d/batch=10/float64", hidden), func(b *testing.B) { benchEpoch[float64](b, hidden, 10, true) })
		b.Run(fmt.Sprintf("hidden=%d/batch=10/cd/float32", hidden), func(b *testing.B) { benchEpoch[float32](b, hidden, 10, false) })
	}
}

func benchEpoch[T linalg.Float](b *testing.B, hidden, batch int, persistent bool) {
	s := Spec{Visible: 784, Hidden: hidden}
	rng := rand.New(rand.NewPCG(1, 1))
	drawn := digits.New(1000, 1)
	x := linalg.NewMatrix[T](drawn.N, s.Visible)
	for i, v := range drawn.Bytes {
		x.Data[i] = T(v) / 255
	}
	p := NewStepper(s, Training{K: 1, Persistent: persistent, Chains: batch, LearningRate: 0.1}, linalg.Converted[T](s.Init(rng)), 1)
	for b.Loop() {
		for i := range 1000 {
			first := i * batch % 1000
			if _, err := p.Step(x.Slice(first, first+batch)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
