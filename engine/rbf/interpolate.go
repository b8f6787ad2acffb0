package rbf

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// DefaultDegree asks for the kernel's least degree, and for a constant where it
// needs none.
const DefaultDegree = -2

// Options are those of SciPy's RBFInterpolator. Start from DefaultOptions.
type Options struct {
	Kernel Kernel
	// Epsilon multiplies distances, 1 by default. Kernels that are scale-invariant
	// do not need it and take 0 for 1; the others ask for one above 0.
	Epsilon float64
	// Smoothing, at least 0, is added to the diagonal; 0 goes through the points.
	Smoothing float64
	// Degree of the polynomial tail, at most 8; -1 for none, DefaultDegree by
	// default.
	Degree int
	// Neighbours limits each value to the so many nearest points, 4000 at most; 0,
	// or as many as there are points, for all.
	Neighbours int
}

// DefaultOptions are SciPy's: a thin-plate spline through all points.
func DefaultOptions() Options {
	return Options{Kernel: ThinPlateSpline, Epsilon: 1, Degree: DefaultDegree}
}

// MaxPoints is the most points of an interpolator without Neighbours: its matrix
// takes 8·n² bytes, 1.2 GB here.
const MaxPoints = 12000

// maxNeighbours bounds Neighbours, as every processor has a matrix of its own then:
// of 128 MB here.
const maxNeighbours = 4000

// Interpolator is a function through, or near, scattered points. It may be used
// by several goroutines at once.
type Interpolator struct {
	options Options
	points  linalg.Matrix[float64]
	y       []float64
	whole   *cloud // nil with Neighbours
	tree    *Tree  // with Neighbours
	report  Report
}

// Interpolate fits an interpolator to the values at the rows of points, n×d.
// It copies both. With Neighbours the systems are solved in At, a small one for
// each set of neighbours.
//
// It fails, in one sentence, when there are no points or one is NaN or infinite,
// when ε is missing, when rows are equal and smoothing is 0, when there are
// too few points for the tail or they lie in a way that does not determine
// it, when the system is singular, and with the error of ctx when that ends.
func Interpolate(ctx context.Context, points linalg.Matrix[float64], values []float64, o Options) (*Interpolator, error) {
	if err := checkData(points, values); err != nil {
		return nil, err
	}
	if err := o.resolve(points.Rows, points.Cols); err != nil {
		return nil, err
	}
	i := &Interpolator{options: o, points: points.Clone(), y: slices.Clone(values)}
	i.report.Duplicates = Duplicates(points)
	if len(i.report.Duplicates) > 0 && o.Smoothing == 0 {
		return nil, duplicateError(points, i.report.Duplicates)
	}
	if o.Neighbours > 0 {
		i.tree = NewTree(i.points)
		i.report.judgeLocal(o, points.Cols)
		return i, nil
	}
	if points.Rows > MaxPoints {
		return nil, fmt.Errorf("%d points would need a matrix of %.1f GB: limit each value to its nearest 50 or so points (neighbours)",
			points.Rows, 8e-9*float64(points.Rows)*float64(points.Rows))
	}
	s := newSystem(o, points.Cols)
	if err := s.solve(ctx, i.points, i.y, nil); err != nil {
		return nil, explain(err, "the points")
	}
	i.whole = &s.cloud
	i.report.Condition = conditionOf(s.matrix, s.pivots, s.norm)
	s.matrix, s.panel = linalg.Matrix[float64]{}, nil
	i.report.Rank = points.Rows + len(s.cloud.tail)
	i.judge()
	return i, nil
}

// resolve checks the options and puts in what depends on kernel and points.
func (o *Options) resolve(n, d int) error {
	if !o.Kernel.valid() {
		return fmt.Errorf("there is no %v: use one of 0 to %d", o.Kernel, len(kernels)-1)
	}
	if o.Epsilon == 0 && o.Kernel.ScaleInvariant() {
		o.Epsilon = 1
	}
	if !(o.Epsilon > 0) || !finite(o.Epsilon) {
		return fmt.Errorf("ε is %v, but the %v kernel needs one above 0: try 1 over the distance of neighbouring points", o.Epsilon, o.Kernel)
	}
	if !(o.Smoothing >= 0) || !finite(o.Smoothing) {
		return fmt.Errorf("the smoothing is %v: use 0 or more", o.Smoothing)
	}
	if o.Degree == DefaultDegree {
		o.Degree = max(o.Kernel.MinDegree(), 0)
	}
	if o.Degree < -1 || o.Degree > maxDegree {
		return fmt.Errorf("the tail has degree %d: use -1 for none, or 0 to %d", o.Degree, maxDegree)
	}
	if o.Neighbours < 0 {
		return fmt.Errorf("there are %d neighbours: use 1 or more, or 0 for all points", o.Neighbours)
	}
	if err := checkTail(n, d, o.Degree); err != nil {
		return err
	}
	switch {
	case o.Neighbours >= n:
		o.Neighbours = 0 // one system, for all processors
	case o.Neighbours > maxNeighbours:
		return fmt.Errorf("%d neighbours make a large system of every value: use %d at most, about 50 are usually enough", o.Neighbours, maxNeighbours)
	}
	if p := monomials(d, o.Degree); o.Neighbours > 0 && o.Neighbours < p {
		return fmt.Errorf("a tail of degree %d in %s needs at least %s, and each value has %s: use more neighbours or lower the degree",
			o.Degree, count(d, "dimension"), count(p, "point"), count(o.Neighbours, "neighbour"))
	}
	return nil
}

func duplicateError(points linalg.Matrix[float64], all [][2]int) error {
	if len(all) == points.Rows-1 && all[len(all)-1][0] == 0 {
		return fmt.Errorf("all %d points are the same: a surface needs points at different places", points.Rows)
	}
	return fmt.Errorf("%s are at the same place, and a surface cannot go through both: remove one of each pair, or set smoothing above 0",
		pairs("points", all))
}

// explain puts the reason of a failed solution into a sentence about points.
func explain(err error, points string) error {
	var flat *flatError
	switch {
	case errors.As(err, &flat):
		return fmt.Errorf("%s lie so that a tail of degree %d is not determined (on a line, for instance): lower the degree, or add points elsewhere",
			points, flat.degree)
	case errors.Is(err, errSingular):
		return fmt.Errorf("the system of %s is singular in double precision: use a narrower kernel (a larger ε), some smoothing, or another kernel", points)
	}
	return err
}

// judge completes the report of a global interpolator.
func (i *Interpolator) judge() {
	r := &i.report
	largest, sum := 0.0, 0.0
	for j, w := range i.whole.weights {
		r.MaxWeight = max(r.MaxWeight, math.Abs(w))
		largest = max(largest, math.Abs(i.y[j]))
		e := i.options.Smoothing * w // what the diagonal adds is what the points are missed by
		sum += e * e
	}
	r.Lambda = i.options.Smoothing
	r.RMSE = math.Sqrt(sum / float64(len(i.y)))
	r.LOO, r.GCV = math.NaN(), math.NaN()
	switch {
	case r.Condition >= 1e15:
		r.Light, r.Advice = Red, fmt.Sprintf("Rounding errors are multiplied by up to %s: use a narrower kernel (a larger ε), some smoothing, or a kernel that needs no width.", brief(r.Condition))
	case i.options.Degree < i.options.Kernel.MinDegree():
		r.Light, r.Advice = Amber, fmt.Sprintf("A tail of degree %d makes the %v kernel uniquely solvable; with less the result can be anything between the points.",
			i.options.Kernel.MinDegree(), i.options.Kernel)
	case r.Condition >= 1e11:
		r.Light, r.Advice = Amber, fmt.Sprintf("Rounding errors are multiplied by up to %s, which leaves about %d digits: a narrower kernel (a larger ε) or some smoothing would leave more.",
			brief(r.Condition), max(0, 16-int(math.Log10(r.Condition))))
	default:
		r.Light, r.Advice = Green, "The system is well conditioned."
	}
}

// judgeLocal completes the report of an interpolator with neighbours, whose
// systems are not known yet.
func (r *Report) judgeLocal(o Options, d int) {
	r.Condition, r.MaxWeight, r.RMSE, r.LOO, r.GCV = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	r.Lambda, r.Rank = o.Smoothing, o.Neighbours+monomials(d, o.Degree)
	r.Light, r.Advice = Green, fmt.Sprintf("Each value comes from its nearest %s, so the surface has small steps where they change.", count(o.Neighbours, "point"))
}

// Report says how far the interpolator can be trusted. Condition is an estimate
// in the 1-norm. LOO and GCV are NaN: see LeaveOneOut. With Neighbours nothing
// but Duplicates, Light and Advice is known.
func (i *Interpolator) Report() Report { return i.report }

// Options returns the options with what they left open filled in.
func (i *Interpolator) Options() Options { return i.options }
