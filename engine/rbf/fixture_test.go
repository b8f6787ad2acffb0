package rbf

import (
	"math"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/internal/fixture"
)

// column wraps numbers as points with one coordinate.
func column(v []float64) linalg.Matrix[float64] { return linalg.MatrixOf(len(v), 1, v) }

func rmse(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += (v - b[i]) * (v - b[i])
	}
	return math.Sqrt(sum / float64(len(a)))
}

func maxDiff(a, b []float64) float64 {
	d := 0.0
	for i, v := range a {
		d = max(d, math.Abs(v-b[i]))
	}
	return d
}

// seedFunction is the target of the example in one dimension.
func seedFunction(x float64) float64 { return (x - 2) * (2*x + 1) / (1 + x*x) }

// TestExample reproduces the 20-centre example, computed with NumPy.
func TestExample(t *testing.T) {
	var about struct {
		Width     float64 `json:"width"`
		TestRMSE  float64 `json:"test_rmse"`
		TrainRMSE float64 `json:"train_rmse"`
		Condition float64 `json:"condition"`
	}
	a := fixture.Arrays(t, "rbf_1d", &about)
	centres := Grid([]float64{-5}, []float64{10}, 20)
	if d := maxDiff(centres.Data, a["centres"].Data); d > 1e-14 {
		t.Errorf("centres differ by %g", d)
	}
	n := &Network{Kernel: Gaussian, Centres: column(a["centres"].Data), Widths: Given(20, about.Width), Degree: -1}
	x, test := column(a["x_train"].Data), column(a["x_test"].Data)
	if d := maxDiff(n.Design(x).Data, a["design"].Data); d > 1e-14 {
		t.Errorf("the design matrix differs by %g", d)
	}
	r, err := n.Fit(x, a["y_train"].Data, DefaultReadout())
	if err != nil {
		t.Fatal(err)
	}
	truth := make([]float64, test.Rows)
	for i := range truth {
		truth[i] = seedFunction(test.At(i, 0))
	}
	predicted := n.Predict(test)
	if d := maxDiff(predicted, a["prediction"].Data); d > 1e-6 {
		t.Errorf("predictions differ by %g", d)
	}
	if got := rmse(predicted, truth); math.Abs(got-about.TestRMSE) > 1e-6 {
		t.Errorf("test RMSE = %.9f, want %.9f", got, about.TestRMSE)
	}
	if math.Abs(r.RMSE-about.TrainRMSE) > 1e-6 {
		t.Errorf("train RMSE = %.9f, want %.9f", r.RMSE, about.TrainRMSE)
	}
	if math.Abs(r.Condition/about.Condition-1) > 1e-3 {
		t.Errorf("condition = %g, want %g", r.Condition, about.Condition)
	}
	// 2.85e4, 10.47 and 5.156e-6: design/methods.md, E1.
	if math.Abs(r.MaxWeight/2.85e4-1) > 5e-3 || math.Abs(r.Singular[0]-10.47) > 5e-3 ||
		math.Abs(r.Singular[19]/5.156e-6-1) > 1e-3 || r.Rank != 20 {
		t.Errorf("max |w| = %g, singular values %g to %g, rank %d", r.MaxWeight, r.Singular[0], r.Singular[19], r.Rank)
	}
	if r.Light != Amber {
		t.Errorf("light = %v: %s", r.Light, r.Advice)
	}
	t.Logf("%+v", r)
}

// TestRidgeTable reproduces the table of design/methods.md, E1.
func TestRidgeTable(t *testing.T) {
	a := fixture.Arrays(t, "rbf_1d", nil)
	x, test := column(a["x_train"].Data), column(a["x_test"].Data)
	truth := make([]float64, test.Rows)
	for i := range truth {
		truth[i] = seedFunction(test.At(i, 0))
	}
	for _, c := range []struct{ lambda, rmse, weight float64 }{
		{1e-8, 0.0595, 1152}, {1e-6, 0.0859, 147}, {1e-4, 0.1285, 27.1}, {1e-2, 0.1927, 5.7},
	} {
		n := &Network{Kernel: Gaussian, Centres: column(a["centres"].Data), Widths: Given(20, 1.5), Degree: -1}
		r, err := n.Fit(x, a["y_train"].Data, Readout{Method: Ridge, Lambda: c.lambda})
		if err != nil {
			t.Fatal(err)
		}
		if got := rmse(n.Predict(test), truth); math.Abs(got-c.rmse) > 5.1e-5 {
			t.Errorf("λ %g: test RMSE = %.5f, want %.4f", c.lambda, got, c.rmse)
		}
		if math.Abs(r.MaxWeight/c.weight-1) > 0.01 {
			t.Errorf("λ %g: max |w| = %.4g, want %.4g", c.lambda, r.MaxWeight, c.weight)
		}
		t.Logf("λ %g: condition %.3g, LOO %.4f, GCV %.4f, %v: %s", c.lambda, r.Condition, r.LOO, r.GCV, r.Light, r.Advice)
	}
}
