package main

import (
	"context"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"path/filepath"
	"time"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
	"filterscope/engine/render"
)

// writePoints writes scattered points of the plane with their values, x y value
// of each, raw float64: SciPy's own example, Σx·exp(−6Σx²) over [−1, 1]².
func writePoints(s settings) (report, error) {
	for _, n := range []int{500, 10000} {
		rng := rand.New(rand.NewPCG(1, uint64(n)))
		values := make([]float64, 0, 3*n)
		for range n {
			a, b := 2*rng.Float64()-1, 2*rng.Float64()-1
			values = append(values, a, b, (a+b)*math.Exp(-6*(a*a+b*b)))
		}
		if err := write(filepath.Join(s.out, fmt.Sprintf("points-%d.f64", n)), values); err != nil {
			return nil, err
		}
	}
	return report{}, nil
}

// interpolate times fit and evaluation on a square grid of side×side queries;
// with draw, also the heat map with contours, 800 pixels wide.
func interpolate(ctx context.Context, s settings, draw bool) (report, error) {
	raw, err := readStart(s.data, 3*s.examples)
	if err != nil {
		return nil, err
	}
	points, values := linalg.NewMatrix[float64](s.examples, 2), make([]float64, s.examples)
	for i := range values {
		copy(points.Row(i), raw[3*i:])
		values[i] = raw[3*i+2]
	}
	kernel, err := rbf.ParseKernel(s.kernel)
	if err != nil {
		return nil, err
	}
	o := rbf.DefaultOptions()
	o.Kernel, o.Epsilon, o.Neighbours = kernel, s.epsilon, s.neighbours
	queries := rbf.Grid([]float64{-1, -1}, []float64{1, 1}, s.side*s.side)
	var got []float64
	painter, err := render.NewPainter(nil)
	if err != nil {
		return nil, err
	}
	dst := image.NewRGBA(image.Rect(0, 0, 800, 800))
	seconds, err := timed(s.reps, func() error {
		f, err := rbf.Interpolate(ctx, points, values, o)
		if err != nil {
			return err
		}
		if got, err = f.At(ctx, queries); err != nil || !draw {
			return err
		}
		field := render.Field{Values: linalg.MatrixOf(s.side, s.side, got), Points: points, PointValues: values, Selected: -1}
		field.X, field.Y = render.Window{Lo: -1, Hi: 1}, render.Window{Lo: -1, Hi: 1}
		painter.Field(dst, field, render.LightTheme())
		return nil
	})
	if err != nil {
		return nil, err
	}
	// The root mean square, for SciPy to agree with.
	return report{"precision": "float64", "seconds": seconds, "cost": linalg.Norm(got) / math.Sqrt(float64(len(got)))}, nil
}

// timed returns the seconds of each of reps calls of work, after one that does
// not count.
func timed(reps int, work func() error) ([]float64, error) {
	var seconds []float64
	for i := range reps + 1 {
		start := time.Now()
		if err := work(); err != nil {
			return nil, err
		}
		if i > 0 {
			seconds = append(seconds, time.Since(start).Seconds())
		}
	}
	return seconds, nil
}
