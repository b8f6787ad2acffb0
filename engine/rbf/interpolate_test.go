package rbf

import (
	"context"
	"math"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/internal/fixture"
)

// TestSciPy compares with SciPy's RBFInterpolator for every kernel.
func TestSciPy(t *testing.T) {
	var about struct {
		Kernels map[string]struct {
			Kernel    string   `json:"kernel"`
			Epsilon   *float64 `json:"epsilon"`
			Smoothing float64  `json:"smoothing"`
			Degree    *int     `json:"degree"`
		} `json:"kernels"`
	}
	a := fixture.Arrays(t, "rbf_2d", &about)
	points := linalg.MatrixOf(80, 2, a["points"].Data)
	queries := linalg.MatrixOf(225, 2, a["query"].Data)
	if len(about.Kernels) != 10 {
		t.Fatalf("%d settings in the fixture", len(about.Kernels))
	}
	for name, setting := range about.Kernels {
		t.Run(name, func(t *testing.T) {
			kernel, err := ParseKernel(setting.Kernel)
			if err != nil {
				t.Fatal(err)
			}
			o := Options{Kernel: kernel, Smoothing: setting.Smoothing, Degree: DefaultDegree}
			if setting.Epsilon != nil {
				o.Epsilon = *setting.Epsilon
			}
			if setting.Degree != nil {
				o.Degree = *setting.Degree
			}
			want := a["predict."+name].Data
			for _, neighbours := range []int{0, 80} {
				o.Neighbours = neighbours
				i, err := Interpolate(t.Context(), points, a["values"].Data, o)
				if err != nil {
					t.Fatal(err)
				}
				got, err := i.At(t.Context(), queries)
				if err != nil {
					t.Fatal(err)
				}
				if d := maxDiff(got, want); d > 1e-6 {
					t.Errorf("with %d neighbours off by %g", neighbours, d)
				} else {
					t.Logf("off by %.2g, condition %.3g, %v: %s", d, i.Report().Condition, i.Report().Light, i.Report().Advice)
				}
			}
		})
	}
}

func TestInterpolateRefuses(t *testing.T) {
	nan := math.NaN()
	plain := DefaultOptions()
	for _, c := range []struct {
		name   string
		points []float64 // pairs
		values []float64
		o      Options
		want   string
	}{
		{"nothing", nil, nil, plain, "there are no points"},
		{"NaN in a point", []float64{0, 0, 1, nan, 2, 2}, []float64{1, 2, 3}, plain, "point 2 of 3 has the coordinate NaN"},
		{"Inf in a value", []float64{0, 0, 1, 0, 2, 2}, []float64{1, 2, math.Inf(1)}, plain, "point 3 of 3 has the value +Inf"},
		{"3 points for degree 2", []float64{0, 0, 1, 0, 0, 1}, []float64{1, 2, 3}, Options{Kernel: Quintic, Degree: DefaultDegree}, "needs at least 6 points, and there are 3"},
		{"all equal", []float64{1, 2, 1, 2, 1, 2}, []float64{1, 2, 3}, plain, "all 3 points are the same"},
		{"two equal", []float64{1, 2, 3, 4, 0, 0, 3, 4}, []float64{1, 2, 3, 4}, plain, "points 2 and 4 are at the same place"},
		{"on a line", []float64{0, 0, 1, 1, 2, 2, 3, 3}, []float64{1, 2, 3, 4}, plain, "a tail of degree 1 is not determined"},
		{"no epsilon", []float64{0, 0, 1, 0, 0, 1}, []float64{1, 2, 3}, Options{Degree: DefaultDegree}, "the gaussian kernel needs one above 0"},
		{"few neighbours", []float64{0, 0, 1, 0, 0, 1, 1, 1}, []float64{1, 2, 3, 4}, Options{Kernel: ThinPlateSpline, Degree: 1, Neighbours: 2}, "use more neighbours"},
		{"many neighbours", make([]float64, 9000), make([]float64, 4500), Options{Kernel: Linear, Smoothing: 1, Neighbours: 4400}, "4400 neighbours make a large system of every value: use 4000 at most"},
		{"flat", []float64{0, 0, 1, 0, 0, 1}, []float64{1, 2, 3}, Options{Epsilon: 1e-12, Degree: -1}, "singular in double precision"},
		{"degree", []float64{0, 0, 1, 0, 0, 1}, []float64{1, 2, 3}, Options{Kernel: Linear, Degree: 40}, "use -1 for none, or 0 to 8"},
		{"smoothing", []float64{0, 0, 1, 0, 0, 1}, []float64{1, 2, 3}, Options{Kernel: Linear, Smoothing: -1}, "the smoothing is -1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Interpolate(context.Background(), linalg.MatrixOf(len(c.values), 2, c.points), c.values, c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
