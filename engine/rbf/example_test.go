package rbf_test

import (
	"context"
	"fmt"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// Twenty Gaussians fitted to (x-2)(2x+1)/(1+x²).
func ExampleNetwork_Fit() {
	x := rbf.Grid([]float64{-5}, []float64{10}, 100)
	y := make([]float64, x.Rows)
	for i := range y {
		v := x.At(i, 0)
		y[i] = (v - 2) * (2*v + 1) / (1 + v*v)
	}
	n := &rbf.Network{Centres: rbf.Grid([]float64{-5}, []float64{10}, 20), Widths: rbf.Given(20, 1.5), Degree: -1}
	r, err := n.Fit(x, y, rbf.DefaultReadout())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("RMSE %.4f, condition %.2g, %v\n%s\n", r.RMSE, r.Condition, r.Light, r.Advice)
	// Output:
	// RMSE 0.0410, condition 2e+06, amber
	// The basis functions overlap so much that weights of up to 28000 cancel to values of up to 2.5: use fewer or narrower ones, or ridge, if the weights shall mean something.
}

// A thin-plate spline through five points of a plane is that plane.
func ExampleInterpolate() {
	points := linalg.MatrixOf(5, 2, []float64{0, 0, 1, 0, 0, 1, 1, 1, 0.4, 0.7})
	values := []float64{1, 3, 0, 2, 1.1} // 1 + 2x - y
	i, err := rbf.Interpolate(context.Background(), points, values, rbf.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := i.At(context.Background(), linalg.MatrixOf(1, 2, []float64{0.5, 0.25}))
	fmt.Printf("%.6f %v\n", v, err)

	points.Set(4, 0, 0)
	points.Set(4, 1, 1)
	_, err = rbf.Interpolate(context.Background(), points, values, rbf.DefaultOptions())
	fmt.Println(err)
	// Output:
	// [1.750000] <nil>
	// points 3 and 5 are at the same place, and a surface cannot go through both: remove one of each pair, or set smoothing above 0
}

func ExampleForwardSelection() {
	x := rbf.Grid([]float64{0}, []float64{10}, 11)
	y := []float64{0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0}
	s, err := rbf.ForwardSelection(x, y, rbf.Gaussian, 0.3, 2)
	fmt.Printf("points %v explain %.2f %v\n", s.Index, s.Reduction, err)
	// Output:
	// points [7 2] explain [0.90 0.10] <nil>
}

func ExampleObjective() {
	x := rbf.Grid([]float64{-1}, []float64{1}, 9)
	y := make([]float64, x.Rows)
	n := &rbf.Network{Centres: rbf.Grid([]float64{-1}, []float64{1}, 2), Widths: rbf.Given(2, 1), Degree: -1, Weights: []float64{1, -1}}
	o, err := rbf.NewObjective(n, x, y, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	theta, grad := o.Start(), make([]float64, o.Size())
	before := o.Evaluate(theta, grad)
	linalg.Axpy(-0.1, grad, theta)
	fmt.Println(o.Size(), o.Evaluate(theta, nil) < before)
	// Output:
	// 6 true
}
