package surface

import (
	"context"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// solver interpolates the constraints of some samples.
type solver struct {
	set     *constraints
	options rbf.Options
	fitted  *rbf.Interpolator
}

// fit interpolates the constraints of the samples named.
func (s *solver) fit(ctx context.Context, samples []int) error {
	points, values := s.set.pick(samples)
	i, err := rbf.Interpolate(ctx, points, values, s.options)
	s.fitted = i
	return err
}

// residuals returns |f| at the samples named.
func (s *solver) residuals(ctx context.Context, samples []int) ([]float64, error) {
	rows := make([]int, len(samples))
	for i, r := range samples {
		rows[i] = 3 * r
	}
	values, err := s.fitted.At(ctx, pickRows(s.set.points, rows))
	for i, v := range values {
		values[i] = math.Abs(v)
	}
	return values, err
}

// chooseSmoothing returns the λ with which f misses the values asked for by the
// noise in them, root mean square (Morozov's discrepancy principle), found on a
// part of the samples; 0 when the noise is much less than the distance between
// samples. Off-surface points start from smoothed samples: the noise of those is
// less, as the variance of a fitted value is.
func (s *solver) chooseSmoothing(ctx context.Context, l *layout) (float64, error) {
	const (
		quiet     = 0.02 // noise, in distances, that need not be smoothed
		most      = 150  // samples looked at
		low, high = -8.0, 4.0
		steps     = 8 // of bisection, to 12/2⁸ decades
	)
	if l.noise <= quiet*l.near.spacing {
		return 0, nil
	}
	n := s.set.points.Rows / 3
	part := make([]int, min(n, most))
	for i := range part {
		part[i] = i * n / len(part)
	}
	points, values := s.set.pick(part)
	fitted := float64(terms(points.Cols)) / float64(l.near.k+1)
	target := l.noise * math.Sqrt((1+2*fitted)/3*float64(len(values)))
	t := solver{set: s.set, options: s.options}
	a, b := low, high
	for range steps {
		t.options.Smoothing = math.Pow(10, (a+b)/2)
		if err := t.fit(ctx, part); err != nil {
			return 0, err
		}
		r, err := t.fitted.At(ctx, points)
		if err != nil {
			return 0, err
		}
		linalg.Axpy(-1, values, r)
		if linalg.Norm(r) < target {
			a = (a + b) / 2
		} else {
			b = (a + b) / 2
		}
	}
	return math.Pow(10, (a+b)/2), nil
}

// reduce fits with the constraints of so many samples: a quarter of them spread
// evenly, then, in rounds that double them, the ones where the residual is
// largest (Carr et al. 2001, section 4). It returns the samples.
func (s *solver) reduce(ctx context.Context, count int, points linalg.Matrix[float64]) ([]int, error) {
	n := points.Rows
	if count == n {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all, s.fit(ctx, all)
	}
	cover := newCover(points)
	for range min(count, max(2*points.Cols, count/4)) {
		cover.take(cover.farthest())
	}
	everyone := make([]int, n)
	for i := range everyone {
		everyone[i] = i
	}
	for {
		if err := s.fit(ctx, cover.taken); err != nil {
			return nil, err
		}
		if len(cover.taken) == count {
			return cover.taken, nil
		}
		r, err := s.residuals(ctx, everyone)
		if err != nil {
			return nil, err
		}
		for range min(len(cover.taken), count-len(cover.taken)) {
			// Of neighbours that are all badly met one is enough for now, so a
			// residual counts for less near samples taken.
			cover.take(cover.worst(r))
		}
	}
}
