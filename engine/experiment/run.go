package experiment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
	"filterscope/engine/surface"
)

// Result is a study that was fitted. What belongs to other tasks is zero.
type Result struct {
	Study        *Study
	Network      *rbf.Network // of a curve, an image, and a field with fewer centres than points
	Interpolator *rbf.Interpolator
	Implicit     *surface.Implicit
	Outcome      Outcome            // of a curve or a field
	Selection    rbf.Selection      // of orthogonal least squares
	Objectives   []float64          // of the training by gradient
	PSNR         []float64          // with 0, 1, 2, … Gaussians
	Mesh         *surface.Mesh      // of a cloud in space
	Contour      []surface.Polyline // of a cloud in the plane
	Reason       string             // why a training ended
	Seconds      float64            // of fitting alone
}

// Run fits the study as its recipe asks. When ctx ends during a training by
// gradient or the growth of an image, that ends there: the result is what was
// reached, and Reason says so. In other work the error is the cause of ctx.
func Run(ctx context.Context, s *Study, progress Progress) (*Result, error) {
	r := &Result{Study: s}
	start := time.Now()
	var err error
	switch {
	case s.Recipe.RBF.Task == recipe.TaskImage:
		err = r.grow(ctx, progress)
	case s.Recipe.RBF.Task == recipe.TaskSurface:
		err = r.enclose(ctx, progress)
	case s.Recipe.RBF.Interpolates():
		err = r.interpolate(ctx)
	default:
		err = r.fit(ctx, progress)
	}
	switch {
	case err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, err
	}
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// interpolate fits an interpolator, and leaves each point out in turn where that
// is quick.
func (r *Result) interpolate(ctx context.Context) error {
	var err error
	if r.Interpolator, r.Outcome, err = r.Study.Interpolate(ctx); err != nil {
		return err
	}
	const most = 2000 // points
	if n := r.Study.Train.Len(); n <= most {
		left, err := r.Interpolator.LeaveOneOut(ctx)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil: // else there is a point that cannot be left out
			r.Outcome.LOO, _ = errorsOf(left, make([]float64, n))
		}
	}
	return nil
}

// fit chooses, fits and trains a network.
func (r *Result) fit(ctx context.Context, progress Progress) error {
	s := r.Study
	if err := r.solve(ctx); err != nil || !s.Recipe.RBF.TrainByGradient {
		return err
	}
	trainer, err := s.Trainer(r.Network)
	if err != nil {
		return err
	}
	for {
		if ctx.Err() != nil {
			r.Reason = "interrupted"
			break
		}
		value, done := trainer.Step()
		progress.tell(trainer.Taken(), trainer.Steps(), fmt.Sprintf("J %.6g", value))
		if done {
			r.Reason = trainer.Reason()
			break
		}
	}
	r.Network, r.Objectives = trainer.Network(), trainer.Objectives()
	r.Outcome = s.Measure(r.Network)
	return nil
}

// solve chooses a network and finds its weights. That is a minute's work at the
// most and cannot be stopped: when ctx ends it goes on by itself, for nobody.
func (r *Result) solve(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	study, done := r.Study, make(chan error, 1)
	var solved Result
	go func() {
		var err error
		if solved.Network, solved.Selection, err = study.Network(); err == nil {
			solved.Outcome, err = study.Fit(solved.Network)
		}
		done <- err
	}()
	select {
	case err := <-done:
		r.Network, r.Selection, r.Outcome = solved.Network, solved.Selection, solved.Outcome
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// grow approximates an image.
func (r *Result) grow(ctx context.Context, progress Progress) error {
	g, err := r.Study.Grower()
	if err != nil {
		return err
	}
	for {
		if ctx.Err() != nil {
			r.Reason = "interrupted"
			break
		}
		growth, done := g.Step()
		if done {
			break
		}
		progress.tell(growth.Count, g.Limit(), fmt.Sprintf("PSNR %.2f dB", growth.PSNR))
	}
	if g.Count() == 0 {
		if r.Reason != "" {
			return context.Cause(ctx)
		}
		return fmt.Errorf("%s is of one grey: there is nothing to approximate", r.Study.Name)
	}
	r.Network, r.PSNR = g.Network(), g.PSNR()
	return nil
}

// Surface fits the implicit function of the study's cloud.
func (s *Study) Surface(ctx context.Context, progress Progress) (*surface.Implicit, error) {
	b := s.Recipe.RBF
	if b.Task != recipe.TaskSurface {
		return nil, errors.New("only a cloud of points has a surface")
	}
	kernel, _, err := s.kernel()
	if err != nil {
		return nil, err
	}
	o := surface.DefaultOptions(s.Cloud.Dim())
	o.Kernel, o.Offset, o.Smoothing, o.Neighbours, o.Resolution = kernel, b.Offset, b.Smoothing, b.Neighbours, b.Resolution
	o.Centres = 0
	if b.Centres == recipe.CentresGreedy {
		o.Centres = b.Count
	}
	return surface.Fit(ctx, s.Cloud, o, progress.tell)
}

// enclose fits a surface and extracts it.
func (r *Result) enclose(ctx context.Context, progress Progress) error {
	var err error
	if r.Implicit, err = r.Study.Surface(ctx, progress); err != nil {
		return err
	}
	return r.extract(ctx, progress)
}

// extract follows the surface of the implicit function.
func (r *Result) extract(ctx context.Context, progress Progress) error {
	var err error
	if r.Implicit.Dim() == 2 {
		r.Contour, err = r.Implicit.Contour(ctx, 0)
	} else {
		r.Mesh, err = r.Implicit.Mesh(ctx, 0, progress.tell)
	}
	return err
}

// Predict returns the values at the rows of queries: of the fit, or of a
// surface's implicit function.
func (r *Result) Predict(ctx context.Context, queries linalg.Matrix[float64]) ([]float64, error) {
	if d := r.inputs(); queries.Cols != d {
		return nil, fmt.Errorf("the queries have %d coordinates: want %d", queries.Cols, d)
	}
	for i := range queries.Rows {
		for _, v := range queries.Row(i) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("query %d (counted from 1) holds %v: every number must be finite", i+1, v)
			}
		}
	}
	switch {
	case r.Network != nil:
		return r.Network.Predict(queries), nil
	case r.Interpolator != nil:
		return r.Interpolator.At(ctx, queries)
	}
	return r.Implicit.At(ctx, queries)
}

// inputs returns the number of coordinates of a place.
func (r *Result) inputs() int {
	switch {
	case r.Network != nil:
		return r.Network.Inputs()
	case r.Interpolator != nil:
		return r.Study.Train.X.Cols
	}
	return r.Implicit.Dim()
}

// Query is what a file of queries was answered with.
type Query struct {
	Points    // with the values that the file has, none when it holds places alone
	Predicted []float64
	RMSE      float64 // against the values, NaN without them
}

// Answer reads places from a table or an array, with a value each or without,
// and predicts the values there.
func (r *Result) Answer(ctx context.Context, path string, progress Progress) (*Query, error) {
	rows, err := readTable(ctx, path, progress)
	if err != nil {
		return nil, err
	}
	d := r.inputs()
	if rows.Cols != d && rows.Cols != d+1 {
		return nil, fmt.Errorf("%s has %s: want %s a row, and at most a value behind", path, count(rows.Cols, "column"), count(d, "coordinate"))
	}
	q := &Query{Points: Points{X: rows.Columns(0, d).Clone()}, RMSE: math.NaN()}
	if q.Predicted, err = r.Predict(ctx, q.X); err != nil {
		return nil, err
	}
	if rows.Cols > d {
		for i := range rows.Rows {
			q.Y = append(q.Y, rows.At(i, d))
		}
		q.RMSE, _ = errorsOf(q.Predicted, q.Y)
	}
	return q, nil
}
