package rbf

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
)

// scattered is SciPy's example: points in [-1, 1]² of f = Σx·exp(-6Σx²).
func scattered(n int) (linalg.Matrix[float64], []float64) {
	x := randomPoints(rand.New(rand.NewPCG(1, 1)), n, 2)
	y := make([]float64, n)
	for i := range y {
		a, b := x.At(i, 0), x.At(i, 1)
		y[i] = (a + b) * math.Exp(-6*(a*a+b*b))
	}
	return x, y
}

// square is a grid of side×side queries over [-1, 1]².
func square(side int) linalg.Matrix[float64] {
	return Grid([]float64{-1, -1}, []float64{1, 1}, side*side)
}

// BenchmarkInterpolate is a 200×200 field from 500 points: the numbers that
// bench/peers/rbf_scipy.py measures.
func BenchmarkInterpolate(b *testing.B) {
	x, y := scattered(500)
	queries := square(200)
	for _, k := range []Kernel{ThinPlateSpline, Linear, Cubic, Multiquadric, Gaussian} {
		o := Options{Kernel: k, Epsilon: 4, Degree: DefaultDegree}
		if k.ScaleInvariant() {
			o.Epsilon = 1
		}
		b.Run(k.String(), func(b *testing.B) {
			for b.Loop() {
				i, err := Interpolate(b.Context(), x, y, o)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := i.At(b.Context(), queries); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkInterpolateFit(b *testing.B) {
	for _, n := range []int{500, 2000} {
		x, y := scattered(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := Interpolate(b.Context(), x, y, DefaultOptions()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLeaveOneOut(b *testing.B) {
	x, y := scattered(2000)
	i, err := Interpolate(b.Context(), x, y, DefaultOptions())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := i.LeaveOneOut(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNeighbours(b *testing.B) {
	x, y := scattered(10000)
	queries := square(100)
	o := DefaultOptions()
	o.Neighbours = 50
	b.ReportAllocs()
	for b.Loop() {
		i, err := Interpolate(b.Context(), x, y, o)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := i.At(b.Context(), queries); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFit is what a drag does: 20 centres, refitted with every report.
func BenchmarkFit(b *testing.B) {
	for _, n := range []int{100, 300} {
		x, y := noisy(n, 1)
		for name, r := range map[string]Readout{"pseudo-inverse": DefaultReadout(), "ridge": {Method: Ridge, Lambda: 1e-4}, "ridge by LOO": {Method: Ridge, Choose: ByLOO}} {
			b.Run(fmt.Sprintf("%d points, %s", n, name), func(b *testing.B) {
				net := Network{Centres: Grid([]float64{-5}, []float64{10}, 20), Widths: Given(20, 1.5), Degree: -1}
				for b.Loop() {
					if _, err := net.Fit(x, y, r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkForwardSelection(b *testing.B) {
	x, y := scattered(500)
	for b.Loop() {
		if _, err := ForwardSelection(x, y, Gaussian, 0.3, 40); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkObjective(b *testing.B) {
	x, y := noisy(300, 1)
	n := Network{Centres: Grid([]float64{-5}, []float64{10}, 20), Widths: Given(20, 1.5), Degree: -1}
	if _, err := n.Fit(x, y, DefaultReadout()); err != nil {
		b.Fatal(err)
	}
	o, err := NewObjective(&n, x, y, 0)
	if err != nil {
		b.Fatal(err)
	}
	theta, grad := o.Start(), make([]float64, o.Size())
	b.ReportAllocs()
	for b.Loop() {
		o.Evaluate(theta, grad)
	}
}
