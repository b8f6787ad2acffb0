package surface

import (
	"context"
	"fmt"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// maxPoints bounds the memory that neighbourhoods take: 1 KB a point when the
// cloud is noisy.
const maxPoints = 250_000

// Fit makes a function of the cloud. Progress is told from the calling
// goroutine; nil tells nobody. Errors say in one sentence what is wrong with the
// cloud or the options; when ctx ends, its error is returned.
func Fit(ctx context.Context, c Cloud, o Options, progress func(done, total int, what string)) (*Implicit, error) {
	if progress == nil {
		progress = func(int, int, string) {}
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	f := &Implicit{Options: o}
	f.Cloud, f.Report.Duplicates = c.Merged()
	n, d := f.Cloud.Points.Rows, f.Cloud.Dim()
	if n <= d {
		return nil, fmt.Errorf("%d different points are too few; a %s needs at least %d", n, shape(d), d+1)
	}
	if n > maxPoints {
		return nil, fmt.Errorf("%d points are too many; thin the cloud out to %d", n, maxPoints)
	}
	centres := o.centres(n)
	switch most := rbf.MaxPoints / 3; {
	case centres <= d:
		return nil, fmt.Errorf("%d of the points as centres are too few; a %s needs at least %d", centres, shape(d), d+1)
	case centres > most && o.Neighbours == 0:
		return nil, fmt.Errorf("%d points are too many to be centres all together: choose %d of them at the most where the residual is largest (greedy); 1000 are usually enough",
			centres, most)
	}
	const stages = 4
	progress(0, stages, "looking at neighbours")
	f.frame = newFrame(f.Cloud)
	samples := f.scaled(f.Cloud.Points)
	l, parts, err := f.layout(ctx, samples)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.Report.Components, f.Report.Noise = parts, l.noise*f.unit
	offset := o.Offset / f.unit
	switch least := 1e-6; {
	case offset == 0:
		offset = max(l.near.spacing/2, 3*l.noise)
	case offset < least || offset > 1:
		return nil, fmt.Errorf("an offset of %g does not suit a cloud whose longest side is %.4g: want %.3g to %.3g, or 0 to choose it",
			o.Offset, 2*f.unit, least*f.unit, f.unit)
	}
	set := newConstraints(&l, samples, offset)
	f.Options.Offset = offset * f.unit
	f.Report.Constraints, f.Report.Shortened = set.points.Rows, set.shortened

	s := solver{set: &set, options: rbf.Options{
		Kernel: o.Kernel, Degree: max(o.Kernel.MinDegree(), 1), Neighbours: o.Neighbours,
		Epsilon: 1, Smoothing: max(o.Smoothing, 0),
	}}
	if !o.Kernel.ScaleInvariant() {
		s.options.Epsilon = 1 / (2 * l.near.spacing)
	}
	if o.Smoothing == Automatic {
		progress(1, stages, "choosing the smoothing")
		if s.options.Smoothing, err = s.chooseSmoothing(ctx, &l); err != nil {
			return nil, fmt.Errorf("choose the smoothing: %w", err)
		}
		f.Options.Smoothing = s.options.Smoothing
	}
	progress(2, stages, "fitting")
	chosen, err := s.reduce(ctx, centres, l.smooth)
	if err != nil {
		return nil, fmt.Errorf("fit the %s: %w", shape(d), err)
	}
	f.interpolator, f.Options.Centres, f.Report.Centres = s.fitted, len(chosen), 3*len(chosen)
	progress(3, stages, "measuring the fit")
	if err := f.measure(ctx); err != nil {
		return nil, err
	}
	progress(stages, stages, "fitted")
	return f, nil
}

// frame is the coordinate system that a cloud is looked at in: about the middle
// of its box, whose longest side becomes 2.
type frame struct {
	middle [3]float64
	unit   float64
}

// newFrame returns the frame of a cloud that has been checked.
func newFrame(c Cloud) (f frame) {
	low, high := c.Bounds()
	for a := range low {
		f.middle[a] = low[a]/2 + high[a]/2
		f.unit = max(f.unit, high[a]/2-low[a]/2)
	}
	return f
}

// scaled returns points of the cloud's coordinates in those of the frame.
func (f frame) scaled(points linalg.Matrix[float64]) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](points.Rows, points.Cols)
	for i := range points.Rows {
		row := out.Row(i)
		for a, v := range points.Row(i) {
			row[a] = (v - f.middle[a]) / f.unit
		}
	}
	return out
}

// layout looks at the neighbourhoods of the samples and completes the normals of
// the cloud. It returns the number of connected parts.
func (f *Implicit) layout(ctx context.Context, samples linalg.Matrix[float64]) (layout, int, error) {
	if f.Cloud.HasNormals() {
		f.Cloud.Normals = f.Cloud.Normals.Clone()
		for i := range f.Cloud.Normals.Rows {
			n := f.Cloud.Normals.Row(i)
			linalg.Scale(1/norm(n), n)
		}
		l, err := newLayout(ctx, samples, f.Cloud.Normals, f.Options.Normals)
		return l, 1, err
	}
	if err := spread(samples); err != nil {
		return layout{}, 0, err
	}
	l, err := newLayout(ctx, samples, linalg.Matrix[float64]{}, f.Options.Normals)
	if err != nil {
		return l, 0, err
	}
	parts := orient(samples, l.normals, &l.near, l.noise)
	f.Cloud.Normals, f.Report.Estimated = l.normals, true
	f.Options.Normals = l.near.k
	return l, parts, nil
}

// spread returns an error when points in space lie on a line, where no direction
// is that of a normal.
func spread(points linalg.Matrix[float64]) error {
	if points.Cols < 3 {
		return nil
	}
	all := make([]int32, points.Rows-1)
	for i := range all {
		all[i] = int32(i + 1)
	}
	if _, v := smallest(covariance(points, 0, all), 3); v[1] <= 1e-12*v[2] {
		return fmt.Errorf("all %d points lie on a line; a surface needs points beside it", points.Rows)
	}
	return nil
}

// measure finds how far f is from 0 at the points of the cloud.
func (f *Implicit) measure(ctx context.Context) error {
	values, err := f.At(ctx, f.Cloud.Points)
	if err != nil {
		return err
	}
	sum := 0.0
	for _, v := range values {
		f.Report.MaxError = max(f.Report.MaxError, math.Abs(v))
		v /= f.unit // the squares of very large and very small clouds leave the range of numbers
		sum += v * v
	}
	f.Report.RMSE = f.unit * math.Sqrt(sum/float64(len(values)))
	return nil
}

func shape(dim int) string {
	if dim == 2 {
		return "curve"
	}
	return "surface"
}
