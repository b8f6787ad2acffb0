package analysis_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
)

func TestR2(t *testing.T) {
	x := mixed(1, 50, 3)
	for i := range x.Rows {
		x.Set(i, 2, 1e6+0.1) // constant
	}
	out := x.Clone()
	for i := range out.Rows {
		out.Row(i)[0] += math.Sin(float64(i))
		out.Row(i)[1] = 0.5 * out.Row(i)[1]
	}
	got := analysis.R2(x, out)
	for j := range 2 {
		estimates, values := make([]float64, 50), make([]float64, 50)
		for i := range 50 {
			estimates[i], values[i] = out.At(i, j), x.At(i, j)
		}
		near(t, fmt.Sprintf("feature %d", j), got.Features[j], stat.RSquaredFrom(estimates, values, nil), 1e-12)
	}
	if !math.IsNaN(got.Features[2]) {
		t.Errorf("constant feature = %v, want NaN", got.Features[2])
	}
	means := linalg.NewMatrix[float64](50, 3)
	m, err := analysis.MomentsOf(x)
	if err != nil {
		t.Fatal(err)
	}
	for i := range means.Rows {
		copy(means.Row(i), m.Mean)
	}
	near(t, "total of the mean", analysis.R2(x, means).Total, 0, 1e-9)
	near(t, "total of the input", analysis.R2(x, x).Total, 1, 0)
	if same := analysis.R2(means, means).Total; !math.IsNaN(same) {
		t.Errorf("total where nothing varies = %v, want NaN", same)
	}
}

func TestFromIdentity(t *testing.T) {
	for _, test := range []struct {
		name string
		w    linalg.Matrix[float32]
		want analysis.IdentityDistance
	}{
		{"identity", linalg.MatrixOf(2, 2, []float32{1, 0, 0, 1}), analysis.IdentityDistance{MeanDiagonal: 1}},
		{"zero", linalg.NewMatrix[float32](4, 4), analysis.IdentityDistance{Frobenius: 2}},
		{
			"other", linalg.MatrixOf(2, 3, []float32{4, 0, 0, 0, 1, -4}),
			analysis.IdentityDistance{Frobenius: 5, MeanDiagonal: 2.5, OffDiagonal: 4, Row: 1, Col: 2},
		},
	} {
		if got := analysis.FromIdentity(test.w); got != test.want {
			t.Errorf("%s: FromIdentity() = %+v, want %+v", test.name, got, test.want)
		}
	}
}

func ExampleR2() {
	x := linalg.MatrixOf(3, 2, []float64{1, 10, 2, 20, 3, 30})
	out := linalg.MatrixOf(3, 2, []float64{1, 10, 2, 25, 3, 30})
	e := analysis.R2(x, out)
	fmt.Printf("%.3f %.3f, %.3f in all\n", e.Features[0], e.Features[1], e.Total)
	// Output: 1.000 0.875, 0.876 in all
}

func ExampleFromIdentity() {
	d := analysis.FromIdentity(linalg.MatrixOf(2, 2, []float64{0.5, 0, 0.25, 1}))
	fmt.Printf("mean diagonal %v, largest beside it %v at row %d, column %d\n", d.MeanDiagonal, d.OffDiagonal, d.Row, d.Col)
	// Output: mean diagonal 0.75, largest beside it 0.25 at row 1, column 0
}
