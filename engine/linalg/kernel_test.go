package linalg

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// onEachKernel runs f with every kernel this processor has.
func onEachKernel(t *testing.T, f func(t *testing.T)) {
	used := Kernel()
	defer func() { _ = SetKernel(used) }()
	for _, name := range Kernels() {
		t.Run(name, func(t *testing.T) {
			if err := SetKernel(name); err != nil {
				t.Fatal(err)
			}
			f(t)
		})
	}
}

// fence is what lies between the rows of a matrix under test.
const fence = -12345

// fenced returns a random matrix whose rows are followed by fences.
func fenced[T Float](rng *rand.Rand, rows, cols, gap int) Matrix[T] {
	m := Matrix[T]{Rows: rows, Cols: cols, Stride: cols + gap, Data: make([]T, rows*(cols+gap))}
	for i := range m.Data {
		m.Data[i] = fence
	}
	for i := range rows {
		for j := range cols {
			m.Set(i, j, T(rng.NormFloat64()))
		}
	}
	return m
}

// breached reports whether anything was written between the rows.
func breached[T Float](m Matrix[T]) bool {
	for i := range m.Rows {
		for _, v := range m.Data[i*m.Stride+m.Cols : (i+1)*m.Stride] {
			if v != fence {
				return true
			}
		}
	}
	return false
}

// TestProducts compares both products with sums in float64, for every height
// and width a strip can have and for depths around the unrolling.
func TestProducts(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { testProducts[float32](t, 1e-5) })
		t.Run("float64", func(t *testing.T) { testProducts[float64](t, 1e-13) })
	})
}

func testProducts[T Float](t *testing.T, tol float64) {
	rng := rand.New(rand.NewPCG(3, 3))
	var shapes [][3]int // m, k, n
	widest := 66
	if testing.Short() {
		widest = 34 // a full and a partial panel of the widest kernel
	}
	for m := 1; m <= 15; m++ {
		for n := 1; n <= widest; n++ {
			shapes = append(shapes, [3]int{m, 1 + rng.IntN(9), n})
		}
	}
	for k := 1; k <= 12; k++ {
		shapes = append(shapes, [3]int{14, k, 33}, [3]int{6, k, 17}, [3]int{28, k, 64}, [3]int{13, k, 9})
	}
	shapes = append(shapes, [3]int{29, 800, 70}, [3]int{30, 1201, 65}, [3]int{5, 300, 1300}, [3]int{126, 64, 25}, [3]int{100, 25, 64})
	for _, s := range shapes {
		m, k, n := s[0], s[1], s[2]
		gap := rng.IntN(4)
		a, b := fenced[T](rng, m, k, gap), fenced[T](rng, k, n, gap+1)
		at := transpose(a, gap)
		for _, add := range []bool{false, true} {
			beta := T(0)
			if add {
				beta = 1
			}
			var p Packed[T]
			c := fenced[T](rng, m, n, gap)
			want := naive(false, false, 1, a, b, beta, c)
			p.Pack(b, false)
			multiply(c, a, false, p.data, add)
			verify(t, "A·P", s, add, c, want, tol)

			c = fenced[T](rng, m, n, gap)
			want = naive(false, false, 1, a, b, beta, c)
			p.Pack(transpose(b, gap), true)
			multiply(c, at, true, p.data, add)
			verify(t, "AᵀP", s, add, c, want, tol)

			for _, trans := range []bool{false, true} { // in two pieces, over what is no number
				whole := b
				if trans {
					whole = transpose(b, gap)
				}
				for i := range p.data {
					p.data[i] = T(math.NaN())
				}
				p.PackRows(0, k/2, whole, trans)
				p.PackRows(k/2, k, whole, trans)
				c = fenced[T](rng, m, n, gap)
				want = naive(false, false, 1, a, b, beta, c)
				multiply(c, a, false, p.data, add)
				verify(t, "A·P by rows", s, add, c, want, tol)
			}

			c = fenced[T](rng, m, n, gap)
			want = naive(false, false, 1, a, b, beta, c)
			MulTrans(c, at, b, add)
			verify(t, "AᵀB", s, add, c, want, tol)
		}
	}
}

// TestAddSquare compares AᵀA on and above the diagonal with sums in float64,
// for widths around the edges of panels and strips and for depths around the
// blocking.
func TestAddSquare(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { testAddSquare[float32](t, 1e-5) })
		t.Run("float64", func(t *testing.T) { testAddSquare[float64](t, 1e-13) })
	})
}

func testAddSquare[T Float](t *testing.T, tol float64) {
	const block = 84 // as many rows as the kernels take at a time
	rng := rand.New(rand.NewPCG(5, 3))
	for n := 1; n <= 70; n++ {
		for _, k := range []int{0, 1, 5, block, 2*block + 1} {
			gap := rng.IntN(4)
			a, c := fenced[T](rng, k, n, gap), fenced[T](rng, n, n, gap)
			want := naive(true, false, 1, a, a, 1, c)
			AddSquare(c, a)
			for i := range n { // nothing is promised below the diagonal
				for j := range i {
					c.Set(i, j, T(want.At(i, j)))
				}
			}
			verify(t, "AᵀA", [3]int{n, k, n}, true, c, want, tol)
		}
	}
}

func verify[T Float](t *testing.T, what string, shape [3]int, add bool, c Matrix[T], want Matrix[float64], tol float64) {
	t.Helper()
	if d := distance(c, want); d > tol {
		t.Errorf("%s %v, add %v: off by %g", what, shape, add, d)
	}
	if breached(c) {
		t.Errorf("%s %v, add %v: wrote beyond a row", what, shape, add)
	}
}

func transpose[T Float](m Matrix[T], gap int) Matrix[T] {
	w := Matrix[T]{Rows: m.Cols, Cols: m.Rows, Stride: m.Rows + gap, Data: make([]T, m.Cols*(m.Rows+gap))}
	for i := range w.Data {
		w.Data[i] = fence
	}
	for i := range m.Rows {
		for j := range m.Cols {
			w.Set(j, i, m.At(i, j))
		}
	}
	return w
}

// TestCompressed compares the products that skip zeros with full ones.
func TestCompressed(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { testCompressed[float32](t, 1e-5) })
		t.Run("float64", func(t *testing.T) { testCompressed[float64](t, 1e-13) })
	})
}

func testCompressed[T Float](t *testing.T, tol float64) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, s := range [][3]int{{1, 1, 1}, {2, 3, 16}, {3, 2, 17}, {7, 31, 33}, {30, 28, 100}, {29, 50, 130}, {9, 9, 250}} {
		for _, density := range []float64{0, 0.02, 0.2, 1} {
			m, k, n := s[0], s[1], s[2]
			x, w, d := fenced[T](rng, m, k, 2), NewPadded[T](k, n), NewPadded[T](m, n)
			for i := range m {
				for j := range k {
					if rng.Float64() >= density {
						x.Set(i, j, 0)
					}
				}
			}
			for i := range w.Data {
				w.Data[i] = T(rng.NormFloat64())
			}
			for i := range d.Data {
				d.Data[i] = T(rng.NormFloat64())
			}
			c := Compress(x)
			got := NewPadded[T](m, n)
			half := (m / 2) / group * group
			c.MulRows(got.Slice(0, half), w, 0, half)
			c.MulRows(got.Slice(half, m), w, half, m)
			if e := distance(got, naive(false, false, 1, x, w, 0, got)); e > tol {
				t.Errorf("X·W %v, density %v: off by %g", s, density, e)
			}
			for _, add := range []bool{false, true} {
				sum := NewPadded[T](k, n)
				for i := range sum.Data {
					sum.Data[i] = T(rng.NormFloat64())
				}
				beta := T(0)
				if add {
					beta = 1
				}
				want := naive(true, false, 1, x, d, beta, sum)
				c.MulTrans(sum, d, add)
				if e := distance(sum, want); e > tol {
					t.Errorf("XᵀD %v, density %v, add %v: off by %g", s, density, add, e)
				}
			}
			if density == 1 && c.Fill() != 1 || density == 0 && c.Fill() != 0 {
				t.Errorf("density %v: Fill() = %v", density, c.Fill())
			}
		}
	}
}

// TestEntries lists matrices in the same memory, by rows and by columns, and compares
// products with full ones.
func TestEntries(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { testEntries[float32](t, 1e-5) })
		t.Run("float64", func(t *testing.T) { testEntries[float64](t, 1e-13) })
	})
}

func testEntries[T Float](t *testing.T, tol float64) {
	rng := rand.New(rand.NewPCG(6, 5))
	var e Entries[T]
	for _, s := range [][3]int{{1, 1, 1}, {2, 70, 16}, {3, 64, 33}, {10, 96, 64}, {20, 50, 130}, {7, 131, 20}} {
		for _, density := range []float64{0, 0.2, 1} {
			m, k, n := s[0], s[1], s[2]
			const first = 2 // row of b for the first column
			x := fenced[T](rng, m, k, 2)
			for i := range m {
				for j := range k {
					if rng.Float64() >= density {
						x.Set(i, j, 0)
					}
				}
			}
			b := NewPadded[T](first+max(m, k), n)
			for i := range b.Data {
				b.Data[i] = T(rng.NormFloat64())
			}
			c := NewPadded[T](m, n)
			e.Columns(x, first)
			e.Mul(c, b, false)
			if d := distance(c, naive(false, false, 1, x, b.Slice(first, first+k), 0, c)); d > tol {
				t.Errorf("rows of %v, density %v: off by %g", s, density, d)
			}
			if density == 0 && e.Len() != 0 || density == 1 && e.Len() != (m+2)/3*k {
				t.Errorf("rows of %v, density %v: %d entries", s, density, e.Len())
			}
			c = NewPadded[T](k, n)
			for i := range c.Data {
				c.Data[i] = T(rng.NormFloat64())
			}
			want := naive(true, false, 1, x, b.Slice(first, first+m), 1, c)
			e.Rows(x, first)
			e.Mul(c, b, true)
			if d := distance(c, want); d > tol {
				t.Errorf("columns of %v, density %v: off by %g", s, density, d)
			}
			if density == 0 && e.Len() != 0 || density == 1 && e.Len() != (k+2)/3*m {
				t.Errorf("columns of %v, density %v: %d entries", s, density, e.Len())
			}
		}
	}
	x := NewMatrix[T](1, 3)
	x.Set(0, 1, T(math.NaN()))
	if e.Columns(x, 0); e.Len() != 1 {
		t.Errorf("%d entries of a row with a NaN", e.Len())
	}
}

func TestTranspose(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", testTranspose[float32])
		t.Run("float64", testTranspose[float64])
	})
}

func testTranspose[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 5))
	for _, s := range [][2]int{{1, 1}, {8, 8}, {3, 17}, {16, 5}, {24, 40}, {83, 19}, {150, 33}} {
		src := fenced[T](rng, s[0], s[1], 3)
		dst := fenced[T](rng, s[1], s[0]+4, 2)
		before := dst.Clone()
		first, last := min(2, s[0]-1), s[0]
		Transpose(dst, src, first, last)
		for r := range dst.Rows {
			for j := range dst.Cols {
				want := before.At(r, j)
				if j >= first && j < last {
					want = src.At(j, r)
				}
				if dst.At(r, j) != want {
					t.Fatalf("%d×%d, rows from %d on: element (%d, %d) is %v, want %v", s[0], s[1], first, r, j, dst.At(r, j), want)
				}
			}
		}
		if breached(dst) {
			t.Errorf("%d×%d: written between the rows", s[0], s[1])
		}
	}
}

// TestPasses compares the fused passes with the plain ones in float64.
func TestPasses(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { testPasses[float32](t, 2e-6) })
		t.Run("float64", func(t *testing.T) { testPasses[float64](t, 1e-14) })
	})
}

func testPasses[T Float](t *testing.T, tol float64) {
	rng := rand.New(rand.NewPCG(4, 4))
	for cols := 1; cols <= 70; cols++ {
		rows := 1 + rng.IntN(6)
		for _, f := range []Function{Logistic, Identity, Tanh, ReLU, Softplus} {
			for _, wantSums := range []bool{true, false} {
				name := fmt.Sprintf("function %d, %d×%d, sums %v", f, rows, cols, wantSums)
				z, x := fenced[T](rng, rows, cols, 3), fenced[T](rng, rows, cols, 2)
				bias := fenced[T](rng, 1, cols, 0).Data
				sums, ref := bias, NewMatrix[float64](1, cols).Data
				if wantSums {
					sums = make([]T, cols)
				} else {
					sums, ref = nil, nil
				}
				bias64 := widened(MatrixOf(1, cols, bias)).Data

				a, aWant := clone(z), widened(z)
				Activate(f, a, bias, sums)
				generic[float64]{}.activate(f, aWant, bias64, ref)
				compare(t, name+": Activate", a, aWant, sums, ref, tol)

				d, dWant := clone(z), widened(z)
				clear(sums)
				clear(ref)
				loss := OutputDelta(f, d, x, bias, sums)
				lossWant := generic[float64]{}.outputDelta(f, dWant, widened(x), bias64, ref)
				compare(t, name+": OutputDelta", d, dWant, sums, ref, tol)
				if math.Abs(loss-lossWant) > tol*lossWant {
					t.Errorf("%s: loss %v, want %v", name, loss, lossWant)
				}

				d, dWant = clone(z), widened(z)
				clear(sums)
				clear(ref)
				HiddenDelta(f, d, a, bias, sums)
				generic[float64]{}.hiddenDelta(f, dWant, widened(a), bias64, ref)
				compare(t, name+": HiddenDelta", d, dWant, sums, ref, tol)
			}
		}
	}
}

// clone keeps the fences.
func clone[T Float](m Matrix[T]) Matrix[T] {
	m.Data = append([]T(nil), m.Data...)
	return m
}

func widened[T Float](m Matrix[T]) Matrix[float64] {
	w := NewMatrix[float64](m.Rows, m.Cols)
	Convert(w, m)
	return w
}

func compare[T Float](t *testing.T, what string, got Matrix[T], want Matrix[float64], sums []T, ref []float64, tol float64) {
	t.Helper()
	if d := distance(got, want); d > tol {
		t.Errorf("%s: off by %g", what, d)
	}
	if breached(got) {
		t.Errorf("%s: wrote beyond a row", what)
	}
	for j := range sums {
		if math.Abs(float64(sums[j])-ref[j]) > 4*tol*(1+math.Abs(ref[j])) {
			t.Errorf("%s: sum %d = %v, want %v", what, j, sums[j], ref[j])
		}
	}
}

func TestAddWide(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", testAddWide[float32])
		t.Run("float64", testAddWide[float64])
	})
}

func testAddWide[T Float](t *testing.T) {
	for n := range 40 {
		src := make([]T, n)
		dst := make([]float64, n+1)
		for i := range src {
			src[i], dst[i] = T(i)+0.5, 1
		}
		AddWide(dst[:n], src)
		for i := range n {
			if dst[i] != float64(i)+1.5 {
				t.Fatalf("%d: element %d = %v", n, i, dst[i])
			}
		}
		if dst[n] != 0 {
			t.Fatalf("%d: wrote beyond the end", n)
		}
	}
}

func TestVectorPasses(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", testVectorPasses[float32])
		t.Run("float64", testVectorPasses[float64])
	})
}

func testVectorPasses[T Float](t *testing.T) {
	for n := range 70 {
		x, y := make([]T, n), make([]T, n+1)
		want := 0.0
		for i := range x {
			x[i], y[i] = T(i)-3.5, T(2*i)
			want += float64(x[i]) * float64(x[i])
		}
		if got := Squares(x); got != want {
			t.Errorf("Squares of %d = %v, want %v", n, got, want)
		}
		Blend(0.5, -2, x, y[:n])
		for i := range x {
			if w := T(i) - 2*x[i]; y[i] != w {
				t.Fatalf("Blend of %d: element %d = %v, want %v", n, i, y[i], w)
			}
		}
		if y[n] != 0 {
			t.Fatalf("Blend of %d: wrote beyond the end", n)
		}
	}
}

func TestPeak(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		single, double := Peak[float32](time.Millisecond), Peak[float64](time.Millisecond)
		if known := Kernel() != "generic"; known != (single > 0) || known != (double > 0) {
			t.Errorf("peaks %v and %v", single, double)
		}
	})
}

func TestSetKernel(t *testing.T) {
	used := Kernel()
	if err := SetKernel("abacus"); err == nil || Kernel() != used {
		t.Errorf("SetKernel(abacus) = %v, kernel %s", err, Kernel())
	}
}
