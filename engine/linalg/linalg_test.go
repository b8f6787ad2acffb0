package linalg

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"
)

func randomMatrix[T Float](rng *rand.Rand, rows, cols, stride int) Matrix[T] {
	m := Matrix[T]{Rows: rows, Cols: cols, Stride: stride, Data: make([]T, max(0, (rows-1)*stride+cols))}
	for i := range m.Data {
		m.Data[i] = T(rng.NormFloat64())
	}
	return m
}

// naive returns alpha·op(a)·op(b) + beta·c in float64.
func naive[T Float](transA, transB bool, alpha T, a, b Matrix[T], beta T, c Matrix[T]) Matrix[float64] {
	at := func(m Matrix[T], trans bool, i, j int) float64 {
		if trans {
			i, j = j, i
		}
		return float64(m.At(i, j))
	}
	k := a.Cols
	if transA {
		k = a.Rows
	}
	want := NewMatrix[float64](c.Rows, c.Cols)
	for i := range c.Rows {
		for j := range c.Cols {
			sum := 0.0
			for p := range k {
				sum += at(a, transA, i, p) * at(b, transB, p, j)
			}
			sum *= float64(alpha)
			if beta != 0 {
				sum += float64(beta) * float64(c.At(i, j))
			}
			want.Set(i, j, sum)
		}
	}
	return want
}

// distance returns the largest difference, relative to the largest element.
func distance[T Float](got Matrix[T], want Matrix[float64]) float64 {
	diff, scale := 0.0, 1.0
	for i := range want.Rows {
		for j, w := range want.Row(i) {
			diff = max(diff, math.Abs(float64(got.At(i, j))-w))
			if math.IsNaN(float64(got.At(i, j))) {
				return math.Inf(1)
			}
			scale = max(scale, math.Abs(w))
		}
	}
	return diff / scale
}

func TestGemm(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { testGemm[float32](t, 1e-5) })
		t.Run("float64", func(t *testing.T) { testGemm[float64](t, 1e-13) })
	})
}

func testGemm[T Float](t *testing.T, tol float64) {
	rng := rand.New(rand.NewPCG(1, 1))
	shapes := [][3]int{{0, 3, 2}, {3, 0, 2}, {1, 1, 1}, {3, 5, 7}, {4, 4, 4}, {17, 33, 9}, {90, 100, 40}, {200, 64, 25}}
	for _, s := range shapes {
		m, k, n := s[0], s[1], s[2]
		for flags := range 4 {
			transA, transB := flags&1 != 0, flags&2 != 0
			a, b := randomMatrix[T](rng, m, k, k+3), randomMatrix[T](rng, k, n, n+1)
			if transA {
				a = randomMatrix[T](rng, k, m, m+2)
			}
			if transB {
				b = randomMatrix[T](rng, n, k, k)
			}
			for _, ab := range [][2]T{{1, 0}, {1, 1}, {-0.5, 2}} {
				c := randomMatrix[T](rng, m, n, n+2)
				if ab[1] == 0 {
					for i := range c.Data {
						c.Data[i] = T(math.NaN())
					}
				}
				want := naive(transA, transB, ab[0], a, b, ab[1], c)
				Gemm(transA, transB, ab[0], a, b, ab[1], c)
				if d := distance(c, want); d > tol {
					t.Errorf("%d×%d×%d trans %v %v α %v β %v: off by %g", m, k, n, transA, transB, ab[0], ab[1], d)
				}
			}
		}
	}
}

func TestGemmPanicsOnShapes(t *testing.T) {
	defer func() {
		if got, want := fmt.Sprint(recover()), "linalg: Gemm: 2×3 · 4×5 into 2×5"; got != want {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	Gemm(false, false, 1, NewMatrix[float32](2, 3), NewMatrix[float32](4, 5), 0, NewMatrix[float32](2, 5))
}

func TestParallel(t *testing.T) {
	defer SetWorkers(0)
	for _, workers := range []int{1, 2, 7} {
		SetWorkers(workers)
		for _, parts := range []int{0, 1, 2, 100} {
			var done [100]atomic.Int32
			Parallel(parts, func(p int) {
				Parallel(3, func(int) { done[p].Add(1) }) // nested
			})
			for p := range parts {
				if n := done[p].Load(); n != 3 {
					t.Fatalf("%d workers, %d parts: part %d ran %d times of 3", workers, parts, p, n)
				}
			}
		}
	}
}

func TestParallelPanics(t *testing.T) {
	defer SetWorkers(0)
	SetWorkers(3)
	var ended atomic.Int32
	func() {
		defer func() {
			if v := recover(); v != "part 5" {
				t.Errorf("recovered %v, want part 5", v)
			}
		}()
		Parallel(20, func(p int) {
			defer ended.Add(1)
			if p == 5 {
				panic("part 5")
			}
		})
	}()
	if ended.Load() != 20 {
		t.Errorf("%d parts ended before the panic came out, want 20", ended.Load())
	}
	Parallel(4, func(int) {}) // and the pool still works
}

func TestVectors(t *testing.T) { onEachKernel(t, testVectors) }

func testVectors(t *testing.T) {
	defer SetWorkers(0)
	rng := rand.New(rand.NewPCG(2, 1))
	for _, n := range []int{0, 1, 5, 1000, 8192, 8193, 100_003, 700_001} {
		x, y, z := randomMatrix[float64](rng, 1, n, n).Data, randomMatrix[float64](rng, 1, n, n).Data, randomMatrix[float64](rng, 1, n, n).Data
		want := 0.0
		for i := range x {
			want += x[i] * y[i]
		}
		tol := 1e-12 * math.Sqrt(float64(n)+1)
		SetWorkers(1)
		one := Dot(x, y)
		if math.Abs(one-want) > tol {
			t.Errorf("Dot of %d = %v, want %v", n, one, want)
		}
		if d := Norm(x) - math.Sqrt(Dot(x, x)); d != 0 {
			t.Errorf("Norm of %d differs by %g from the root of Dot", n, d)
		}
		sum := append([]float64(nil), y...)
		AxpyDot(0.5, x, sum, z)
		wantDot := Dot(sum, z)
		SetWorkers(3)
		if got := Dot(x, y); got != one {
			t.Errorf("Dot of %d with 3 workers = %v, with 1 %v", n, got, one)
		}
		got := append([]float64(nil), y...)
		Axpy(0.5, x, got)
		again := append([]float64(nil), y...)
		dot := AxpyDot(0.5, x, again, z)
		for i := range got {
			if got[i] != y[i]+0.5*x[i] && math.Abs(got[i]-(y[i]+0.5*x[i])) > 1e-15 || got[i] != again[i] || got[i] != sum[i] {
				t.Fatalf("Axpy of %d: element %d = %v and %v, want %v", n, i, got[i], again[i], y[i]+0.5*x[i])
			}
		}
		if math.Abs(dot-wantDot) > tol {
			t.Errorf("AxpyDot of %d = %v, want %v", n, dot, wantDot)
		}
	}
}

func TestVectorsDoNotAllocate(t *testing.T) {
	defer SetWorkers(0)
	SetWorkers(2)
	x := make([]float64, 100_000)
	both := func() {
		Axpy(2, x, x)
		Dot(x, x)
	}
	for range 200 { // until the queue has been full once
		both()
	}
	testing.AllocsPerRun(100, both) // until the job queue has been full: one processor is left, and helpers come late
	if n := testing.AllocsPerRun(20, both); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
