package autoencoder

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// patches returns rows of values around one half, none of them 0.
func patches[T linalg.Float](rows, cols int) linalg.Matrix[T] {
	rng := rand.New(rand.NewPCG(2, 1))
	x := linalg.NewMatrix[T](rows, cols)
	for i := range x.Data {
		x.Data[i] = T(0.1 + 0.8*rng.Float64())
	}
	return x
}

// BenchmarkEvaluate times one cost and gradient; GFLOPS counts the five
// products alone, 10·m·v·h.
func BenchmarkEvaluate(b *testing.B) {
	b.Run("mnist-784-196/float32", func(b *testing.B) { evaluate(b, 784, 196, patches[float32](10000, 784)) })
	b.Run("mnist-784-196/float64", func(b *testing.B) { evaluate(b, 784, 196, patches[float64](10000, 784)) })
	b.Run("patches-64-25/float32", func(b *testing.B) { evaluate(b, 64, 25, patches[float32](10000, 64)) })
	b.Run("patches-64-25/float64", func(b *testing.B) { evaluate(b, 64, 25, patches[float64](10000, 64)) })
}

func evaluate[T linalg.Float](b *testing.B, visible, hidden int, x linalg.Matrix[T]) {
	s := DefaultSparse(visible, hidden)
	theta := s.Init(rand.New(rand.NewPCG(3, 1)))
	grad := make([]float64, len(theta))
	o := NewObjective[T](s)
	o.Evaluate(theta, x, grad)
	b.ReportAllocs()
	for b.Loop() {
		o.Evaluate(theta, x, grad)
	}
	flops := 10 * float64(x.Rows) * float64(visible) * float64(hidden)
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOPS")
}

// BenchmarkBatch times one minibatch gradient.
func BenchmarkBatch(b *testing.B) {
	for _, rows := range []int{10, 100, 256} {
		b.Run(fmt.Sprintf("784-196/%d", rows), func(b *testing.B) { batch(b, 784, 196, patches[float32](rows, 784)) })
		b.Run(fmt.Sprintf("64-25/%d", rows), func(b *testing.B) { batch(b, 64, 25, patches[float32](rows, 64)) })
	}
}

func batch(b *testing.B, visible, hidden int, x linalg.Matrix[float32]) {
	s := Sparse{Visible: visible, Hidden: hidden, Decoder: nn.Sigmoid, Lambda: 1e-4, Beta: 3, Rho: 0.1}
	theta := s.Init(rand.New(rand.NewPCG(3, 1)))
	params := make([]float32, len(theta))
	for i, v := range theta {
		params[i] = float32(v)
	}
	grad := make([]float32, len(theta))
	o := NewObjective[float32](s)
	b.ReportAllocs()
	for b.Loop() {
		o.Batch(params, x, grad)
	}
}
