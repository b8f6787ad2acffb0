package rbf

import (
	"context"
	"errors"

	"filterscope/engine/linalg"
)

// DefaultDegree asks for the kernel's least degree, and for a constant where it
// needs none.
const DefaultDegree = -2

// Options are those of SciPy's RBFInterpolator. Start from DefaultOptions.
type Options struct {
	Kernel Kernel
	// Epsilon multiplies distances. Scale-invariant kernels do not need it: 1 by
	// default; with the others 0 is an error.
	Epsilon float64
	// Smoothing, at least 0, is added to the diagonal; 0 goes through the points.
	Smoothing float64
	// Degree of the polynomial tail; -1 for none, DefaultDegree by default.
	Degree int
	// Neighbours limits each value to the so many nearest points; 0 for all.
	Neighbours int
}

// DefaultOptions are SciPy's: a thin-plate spline through all points.
func DefaultOptions() Options {
	return Options{Kernel: ThinPlateSpline, Epsilon: 1, Degree: DefaultDegree}
}

// Interpolator is a function through, or near, scattered points. It may be used
// by several goroutines at once.
type Interpolator struct {
	options Options
}

// Interpolate fits an interpolator to the values at the rows of points, n×d.
// It copies both. With Neighbours the systems are solved in At, a small one for
// each set of neighbours.
func Interpolate(ctx context.Context, points linalg.Matrix[float64], values []float64, o Options) (*Interpolator, error) {
	return nil, errors.New("interpolation is being written")
}

// At returns the values at the rows of queries, m×d. It fails when ctx ends,
// when a query is NaN or infinite, or when the neighbours of one form a singular
// system.
func (i *Interpolator) At(ctx context.Context, queries linalg.Matrix[float64]) ([]float64, error) {
	return nil, errors.New("interpolation is being written")
}
