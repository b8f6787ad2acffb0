package autoencoder

import (
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

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

// mnist returns the first 10,000 training images, values in [0, 1]. They are
// read from the folder FILTERSCOPE_SHARED names.
func mnist(b *testing.B) linalg.Matrix[float32] {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		b.Skip("FILTERSCOPE_SHARED is not set: no MNIST")
	}
	file, err := os.Open(filepath.Join(shared, "data/mnist/train-images-idx3-ubyte.gz"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		b.Fatal(err)
	}
	raw := make([]byte, 16+10000*784)
	if _, err := io.ReadFull(z, raw); err != nil {
		b.Fatal(err)
	}
	x := linalg.NewMatrix[float32](10000, 784)
	for i, v := range raw[16:] {
		x.Data[i] = float32(v) / 255
	}
	return x
}

// BenchmarkEvaluate times one cost and gradient. GFLOPS counts the five
// products alone, 10·m·v·h, whether or not zeros were skipped; %peak is that
// relative to the multiply-add limit measured right afterwards.
func BenchmarkEvaluate(b *testing.B) {
	b.Run("784-196/float32", func(b *testing.B) { evaluate(b, 784, 196, patches[float32](10000, 784), false) })
	b.Run("784-196/float64", func(b *testing.B) { evaluate(b, 784, 196, patches[float64](10000, 784), false) })
	b.Run("784-196/mnist", func(b *testing.B) { evaluate(b, 784, 196, mnist(b), false) })
	b.Run("784-196/mnist-held", func(b *testing.B) { evaluate(b, 784, 196, mnist(b), true) })
	b.Run("64-25/float32", func(b *testing.B) { evaluate(b, 64, 25, patches[float32](10000, 64), false) })
	b.Run("64-25/float64", func(b *testing.B) { evaluate(b, 64, 25, patches[float64](10000, 64), false) })
}

func evaluate[T linalg.Float](b *testing.B, visible, hidden int, x linalg.Matrix[T], hold bool) {
	s := DefaultSparse(visible, hidden)
	theta := s.Init(rand.New(rand.NewPCG(3, 1)))
	grad := make([]float64, len(theta))
	o := NewObjective[T](s)
	if hold {
		o.Hold(x)
	}
	o.Evaluate(theta, x, grad)
	b.ReportAllocs()
	for b.Loop() {
		o.Evaluate(theta, x, grad)
	}
	flops := 10 * float64(x.Rows) * float64(visible) * float64(hidden)
	rate := flops * float64(b.N) / b.Elapsed().Seconds() / 1e9
	b.ReportMetric(rate, "GFLOPS")
	b.ReportMetric(100*rate/linalg.Peak[T](200*time.Millisecond), "%peak")
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
	params := linalg.Converted[float32](theta)
	grad := make([]float32, len(theta))
	o := NewObjective[float32](s)
	b.ReportAllocs()
	for b.Loop() {
		o.Batch(params, x, grad)
	}
}

// BenchmarkDeepBatch is one minibatch of the deep autoencoder of Hinton & Salakhutdinov 2006.
func BenchmarkDeepBatch(b *testing.B) {
	d := DefaultDeep(784, 1000, 500, 250, 30)
	n := NewNetwork[float32](d)
	theta := linalg.Converted[float32](d.Init(rand.New(rand.NewPCG(1, 1))))
	grad := make([]float32, len(theta))
	x := linalg.NewMatrix[float32](128, 784)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range x.Data {
		x.Data[i] = rng.Float32()
	}
	weights := 0
	for _, t := range n.tiles {
		weights += (t.last - t.first) * n.layers[t.layer].in
	}
	for b.Loop() {
		n.Batch(theta, x, x, grad)
	}
	b.ReportMetric(6*128*float64(weights)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// BenchmarkDeepEvaluate is one full batch of a 784-200-200 encoder and its mirror image over 2,000 examples.
func BenchmarkDeepEvaluate(b *testing.B) {
	d := DefaultDeep(784, 200, 200)
	n := NewNetwork[float32](d)
	theta := d.Init(rand.New(rand.NewPCG(1, 1)))
	grad := make([]float64, len(theta))
	x := linalg.NewMatrix[float32](2000, 784)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range x.Data {
		x.Data[i] = rng.Float32()
	}
	for b.Loop() {
		n.Evaluate(theta, x, x, grad)
	}
	b.ReportMetric(6*2000*float64(len(theta))*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
