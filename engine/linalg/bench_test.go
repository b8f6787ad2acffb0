package linalg

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkProducts times the products of one block of 126 MNIST images with
// a 784-196 network, on one core, with every kernel.
func BenchmarkProducts(b *testing.B) {
	benchEach(b, func(b *testing.B) {
		b.Run("float32", benchProducts[float32])
		b.Run("float64", benchProducts[float64])
	})
}

func benchProducts[T Float](b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	x, w, a := randomMatrix[T](rng, 126, 784, 784), randomMatrix[T](rng, 784, 196, 196), NewPadded[T](126, 196)
	g := NewMatrix[T](196, 784)
	var p Packed[T]
	p.Pack(w, false)
	b.Run("MulPacked", func(b *testing.B) {
		for b.Loop() {
			MulPacked(a, x, &p)
		}
		gflops(b, 2*126*784*196)
	})
	b.Run("MulTrans", func(b *testing.B) {
		for b.Loop() {
			MulTrans(g, a, x, true)
		}
		gflops(b, 2*126*784*196)
	})
}

func gflops(b *testing.B, operations float64) {
	b.ReportMetric(operations*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOPS")
}

// BenchmarkPasses times the fused passes over the same block.
func BenchmarkPasses(b *testing.B) {
	benchEach(b, func(b *testing.B) {
		b.Run("float32", benchPasses[float32])
		b.Run("float64", benchPasses[float64])
	})
}

func benchPasses[T Float](b *testing.B) {
	z, x := NewMatrix[T](126, 784), NewMatrix[T](126, 784)
	bias, sums := make([]T, 784), make([]T, 784)
	perValue := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(126*784), "ns/value")
	}
	for f, name := range [...]string{Logistic: "logistic", Identity: "identity", Tanh: "tanh", ReLU: "relu", Softplus: "softplus"} {
		b.Run("Activate/"+name, func(b *testing.B) {
			for b.Loop() {
				Activate(Function(f), z, bias, sums)
			}
			perValue(b)
		})
		b.Run("OutputDelta/"+name, func(b *testing.B) {
			for b.Loop() {
				OutputDelta(Function(f), z, x, bias, sums)
			}
			perValue(b)
		})
		b.Run("HiddenDelta/"+name, func(b *testing.B) {
			for b.Loop() {
				HiddenDelta(Function(f), z, x, bias, sums)
			}
			perValue(b)
		})
	}
}

// BenchmarkVectors times the vector operations of L-BFGS at the size of a
// 784-196 network.
func BenchmarkVectors(b *testing.B) {
	x, y, z := make([]float64, 308_308), make([]float64, 308_308), make([]float64, 308_308)
	b.Run("Dot", func(b *testing.B) {
		for b.Loop() {
			Dot(x, y)
		}
	})
	b.Run("Axpy", func(b *testing.B) {
		for b.Loop() {
			Axpy(1e-9, x, y)
		}
	})
	b.Run("AxpyDot", func(b *testing.B) {
		for b.Loop() {
			AxpyDot(1e-9, x, y, z)
		}
	})
}

// BenchmarkPeak reports the multiply-add limit of the machine as it is now.
func BenchmarkPeak(b *testing.B) {
	benchEach(b, func(b *testing.B) {
		for b.Loop() {
			b.ReportMetric(Peak[float32](100*time.Millisecond), "GFLOPS")
		}
	})
}

func benchEach(b *testing.B, f func(b *testing.B)) {
	used := Kernel()
	defer func() { _ = SetKernel(used) }()
	for _, name := range Kernels() {
		if err := SetKernel(name); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("kernel=%s", name), f)
	}
}
