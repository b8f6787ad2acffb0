package rbf

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"filterscope/engine/linalg"
)

// drawn is a random interpolation problem.
type drawn struct {
	points linalg.Matrix[float64]
	values []float64
	o      Options
}

// draw makes a problem with points no nearer than a jittered grid allows, so that
// its condition stays moderate.
func draw(t *rapid.T) drawn {
	d := rapid.IntRange(1, 3).Draw(t, "dimensions")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	side := []int{24, 6, 3}[d-1]
	low, high := make([]float64, d), make([]float64, d)
	total := 1
	for j := range d {
		low[j] = -3 + rng.Float64()
		high[j] = low[j] + 1 + 3*rng.Float64()
		total *= side
	}
	p := Grid(low, high, total)
	for i := range p.Rows {
		for j := range d {
			p.Row(i)[j] += 0.2 * (rng.Float64() - 0.5) / float64(side)
		}
	}
	values := make([]float64, p.Rows)
	for i := range values {
		values[i] = rng.NormFloat64()
	}
	o := Options{Kernel: rapid.SampledFrom(Kernels()).Draw(t, "kernel"), Degree: DefaultDegree, Epsilon: 2 * float64(side) / 6}
	return drawn{p, values, o}
}

func (p drawn) at(t *rapid.T, queries linalg.Matrix[float64]) []float64 {
	i, err := Interpolate(t.Context(), p.points, p.values, p.o)
	if err != nil {
		t.Fatal(err)
	}
	v, err := i.At(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPassesThrough: without smoothing the interpolator has the values at its
// points, with neighbours too.
func TestPassesThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		if rapid.Bool().Draw(t, "local") {
			p.o.Neighbours = 14
		}
		if d := maxDiff(p.at(t, p.points), p.values); d > 1e-6 {
			t.Errorf("%v in %dd: missed by %g", p.o.Kernel, p.points.Cols, d)
		}
	})
}

// TestReproducesPolynomials: values that are a polynomial of the tail's degree
// come back everywhere, whatever the smoothing.
func TestReproducesPolynomials(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		p.o.Degree = rapid.IntRange(max(p.o.Kernel.MinDegree(), 0), 2).Draw(t, "degree")
		p.o.Smoothing = rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "smoothing")
		rng := rand.New(rand.NewPCG(1, uint64(p.o.Degree)))
		poly := polynomial{exponents: Exponents(p.points.Cols, p.o.Degree)}
		coefficients := make([]float64, len(poly.exponents))
		for k := range coefficients {
			coefficients[k] = rng.NormFloat64()
		}
		truth := func(x []float64) float64 {
			terms := make([]float64, len(coefficients))
			poly.row(terms, x)
			return dot(terms, coefficients)
		}
		for i := range p.values {
			p.values[i] = truth(p.points.Row(i))
		}
		queries := randomPoints(rng, 20, p.points.Cols)
		for i, v := range p.at(t, queries) {
			if want := truth(queries.Row(i)); math.Abs(v-want) > 1e-6*(1+math.Abs(want)) {
				t.Fatalf("%v, degree %d: %v, want %v", p.o.Kernel, p.o.Degree, v, want)
			}
		}
	})
}

// TestPermutation: the order of the points does not matter.
func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		order := rng.Perm(p.points.Rows)
		q := drawn{rows(p.points, order), make([]float64, len(order)), p.o}
		for i, from := range order {
			q.values[i] = p.values[from]
		}
		queries := randomPoints(rng, 20, p.points.Cols)
		one, other := p.at(t, queries), q.at(t, queries)
		if d := maxDiff(one, other); d > 1e-6*(1+slices.Max(one)-slices.Min(one)) { // some are far outside
			t.Errorf("%v: differs by %g", p.o.Kernel, d)
		}
	})
}

// TestAllNeighbours: with all points as neighbours the result is the global one,
// also when it is found in the way of few neighbours.
func TestAllNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		p.o.Smoothing = rapid.SampledFrom([]float64{0, 0.1}).Draw(t, "smoothing")
		queries := randomPoints(rand.New(rand.NewPCG(5, 5)), 20, p.points.Cols)
		global := p.at(t, queries)
		p.o.Neighbours = p.points.Rows + 3
		i, err := Interpolate(t.Context(), p.points, p.values, p.o)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got, err := i.At(t.Context(), queries); err != nil || !slices.Equal(global, got) {
				t.Errorf("%v: differs, %v", p.o.Kernel, err)
			}
			i.whole, i.tree, i.options.Neighbours = nil, NewTree(i.points), i.points.Rows
		}
	})
}

// TestInterpolatorGradient compares with central differences.
func TestInterpolatorGradient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		i, err := Interpolate(t.Context(), p.points, p.values, p.o)
		if err != nil {
			t.Fatal(err)
		}
		queries := randomPoints(rand.New(rand.NewPCG(5, 6)), 5, p.points.Cols)
		g, err := i.Gradient(t.Context(), queries)
		if err != nil {
			t.Fatal(err)
		}
		const h = 1e-5 // the large weights of the quintic kernel cancel: shorter steps see rounding
		for k, got := range g.Data {
			probe := linalg.NewMatrix[float64](2, p.points.Cols)
			copy(probe.Row(0), queries.Row(k/g.Cols))
			copy(probe.Row(1), queries.Row(k/g.Cols))
			probe.Row(0)[k%g.Cols] += h
			probe.Row(1)[k%g.Cols] -= h
			v, err := i.At(t.Context(), probe)
			if err != nil {
				t.Fatal(err)
			}
			if want := (v[0] - v[1]) / (2 * h); math.Abs(got-want) > 1e-3*(1+math.Abs(want)) {
				t.Fatalf("%v: derivative %v, differences say %v", p.o.Kernel, got, want)
			}
		}
	})
}

// TestInterpolatorLeaveOneOut compares the closed form with leaving out each point.
func TestInterpolatorLeaveOneOut(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	x := randomPoints(rng, 30, 2)
	y := make([]float64, x.Rows)
	for i := range y {
		y[i] = math.Sin(2*x.At(i, 0)) + x.At(i, 1)
	}
	for _, o := range []Options{
		DefaultOptions(),
		{Kernel: Gaussian, Epsilon: 2, Degree: -1, Smoothing: 0.01},
		{Kernel: Quintic, Degree: 2, Smoothing: 0.1},
		{Kernel: Linear, Degree: 0, Neighbours: 9},
	} {
		i, err := Interpolate(t.Context(), x, y, o)
		if err != nil {
			t.Fatal(err)
		}
		got, err := i.LeaveOneOut(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range y {
			fx, fy := without(x, y, k)
			f, err := Interpolate(t.Context(), fx, fy, o)
			if err != nil {
				t.Fatal(err)
			}
			p, err := f.At(t.Context(), x.Slice(k, k+1))
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got[k]-(v-p[0])) > 1e-8 {
				t.Fatalf("%v, point %d: %v, want %v", o.Kernel, k, got[k], v-p[0])
			}
		}
	}
}

// TestNearest compares the tree with looking at every point, also with many equal
// coordinates.
func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 4).Draw(t, "dimensions")
		n := rapid.IntRange(1, 300).Draw(t, "points")
		steps := rapid.SampledFrom([]float64{1, 4, 1e9}).Draw(t, "steps")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		x := randomPoints(rng, n, d)
		for i, v := range x.Data {
			x.Data[i] = math.Round(v*steps) / steps
		}
		k := rapid.IntRange(0, n+2).Draw(t, "k")
		tree := NewTree(x)
		queries := randomPoints(rng, 5, d)
		for q := range queries.Rows {
			all := make([]Neighbour, n)
			for i := range all {
				all[i] = Neighbour{i, squaredDistance(queries.Row(q), x.Row(i))}
			}
			slices.SortFunc(all, func(a, b Neighbour) int {
				if a.before(b) {
					return -1
				}
				return 1
			})
			if got := tree.Nearest(nil, queries.Row(q), k); !slices.Equal(got, all[:min(k, n)]) {
				t.Fatalf("got %v, want %v", got, all[:min(k, n)])
			}
		}
	})
}

// TestFactor: solutions of systems larger than a panel, with rows that must be
// exchanged.
func TestFactor(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for _, n := range []int{1, 2, 47, 48, 49, 130, 300} {
		a := randomPoints(rng, n, n)
		for i := range n {
			a.Set(i, i, 0)
		}
		if n == 1 {
			a.Data[0] = 3
		}
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		b := make([]float64, n)
		for i := range b {
			b[i] = dot(a.Row(i), x)
		}
		lu, pivots := a.Clone(), make([]int, n)
		if err := factor(t.Context(), lu, pivots, make([]float64, panelSize(lu.Rows))); err != nil {
			t.Fatal(err)
		}
		substitute(lu, pivots, b)
		if d := maxDiff(b, x); d > 1e-9 {
			t.Errorf("n = %d: off by %g", n, d)
		}
		inverse := linalg.NewMatrix[float64](n, n)
		for i := range n {
			inverse.Set(i, i, 1)
		}
		substituteAll(lu, pivots, inverse)
		product := linalg.NewMatrix[float64](n, n)
		linalg.Gemm(false, false, 1, inverse, a, 0, product)
		for i := range n {
			product.Row(i)[i]--
		}
		if d := maxDiff(product.Data, make([]float64, n*n)); d > 1e-9 {
			t.Errorf("n = %d: the inverse is off by %g", n, d)
		}
	}
	// The Hilbert matrix of order 8 has condition 3.387e10 in the 1-norm (Higham).
	hilbert := linalg.NewMatrix[float64](8, 8)
	for i := range 8 {
		for j := range 8 {
			hilbert.Set(i, j, 1/float64(i+j+1))
		}
	}
	norm, pivots := columnNorm(hilbert), make([]int, 8)
	if err := factor(t.Context(), hilbert, pivots, make([]float64, panelSize(hilbert.Rows))); err != nil {
		t.Fatal(err)
	}
	if c := conditionOf(hilbert, pivots, norm); math.Abs(c/3.387e10-1) > 1e-3 {
		t.Errorf("condition %g, want 3.387e10", c)
	}
	zero := linalg.NewMatrix[float64](3, 3)
	if err := factor(t.Context(), zero, make([]int, 3), make([]float64, panelSize(zero.Rows))); err != errSingular {
		t.Errorf("zero matrix: %v", err)
	}
}
