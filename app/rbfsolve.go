package app

import (
	"context"
	"math"

	"filterscope/engine/experiment"
	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
	"filterscope/engine/surface"
)

// How finely a curve and a field are drawn, and while something is dragged.
const (
	curveSamples = 401
	draftSamples = 201
	draftSide    = 40
)

// rbfKey is all that a solution depends on.
type rbfKey struct {
	rbf   recipe.RBF
	seed  uint64
	edit  *rbfEdit
	draft bool // coarser, while something is dragged
}

// rbfSolution is a state worked out: everything that the pictures and the
// numbers need. It is immutable.
type rbfSolution struct {
	key       rbfKey
	study     *experiment.Study
	base      *experiment.Study // as prepared, without what was changed by hand
	chosen    *rbf.Network      // as the recipe chooses it
	selection rbf.Selection

	network *rbf.Network // fitted or trained; nil where there is none
	interp  *rbf.Interpolator
	outcome experiment.Outcome
	trained bool // the weights come from training, or from a file

	x, fit, target []float64              // of a curve
	phi            linalg.Matrix[float64] // of a curve
	pointFit       []float64
	values         linalg.Matrix[float64] // of a field

	implicit *surface.Implicit
	mesh     *surface.Mesh
	grid     *surface.Grid
	contour  []surface.Polyline
	seconds  float64
	foreign  bool // the data are of a model that was opened

	openEdges, parts int // of the mesh

	// Of what goes on step by step.
	objectives []float64
	psnr       []float64
	picture    []float64
	residual   []float64
}

// solve works out the state of r. prev is the solution before, nil for none: what
// depends on nothing that changed is taken from it.
func solve(ctx context.Context, key rbfKey, r recipe.Recipe, prev *rbfSolution, progress experiment.Progress) (*rbfSolution, error) {
	s := &rbfSolution{key: key}
	if prev == nil && key.edit != nil && key.edit.opened != nil {
		prev = opened(key.edit.opened)
	}
	if key.edit != nil && key.edit.opened != nil {
		s.base = key.edit.opened.Study
		if prev != nil && prev.base != s.base {
			prev = opened(key.edit.opened)
		}
	} else if prev != nil && prev.base != nil && !prev.foreign && dataOf(prev.key.rbf) == dataOf(key.rbf) && prev.key.seed == key.seed {
		s.base = prev.base
	} else {
		base, err := experiment.Prepare(ctx, r, progress)
		if err != nil {
			return nil, err
		}
		s.base, prev = base, nil
	}
	s.foreign = key.edit != nil && key.edit.opened != nil
	study := *s.base
	study.Recipe = r
	s.study = &study
	if e := key.edit; e != nil {
		if e.points.Len() > 0 {
			own, err := study.WithPoints(e.points)
			if err != nil {
				return nil, err
			}
			own.Recipe, own.Truth = r, study.Truth
			own.Low, own.High = study.Low, study.High // moving a point shall not move the picture
			s.study = own
		}
		if e.cloud.Points.Rows > 0 {
			s.study.Cloud = e.cloud
		}
	}
	switch key.rbf.Task {
	case recipe.TaskImage:
		return s, s.solveImage()
	case recipe.TaskSurface:
		return s, s.solveSurface(ctx, prev, progress)
	}
	if key.rbf.Interpolates() {
		return s, s.solveInterpolation(ctx, prev)
	}
	return s, s.solveNetwork(prev)
}

// opened is the solution that a model which was opened brings with it.
func opened(r *experiment.Result) *rbfSolution {
	return &rbfSolution{
		key: rbfKey{rbf: r.Study.Recipe.RBF, seed: r.Study.Recipe.Seed}, study: r.Study, base: r.Study, foreign: true,
		interp: r.Interpolator, implicit: r.Implicit, outcome: r.Outcome, psnr: r.PSNR,
	}
}

// pointsOf returns whose points an edit brings.
func pointsOf(e *rbfEdit) (first *float64) {
	if e == nil || len(e.points.X.Data) == 0 {
		return nil
	}
	return &e.points.X.Data[0]
}

// sameModel reports whether the choices made for prev hold for s.
func (s *rbfSolution) sameModel(prev *rbfSolution) bool {
	return prev != nil && modelOf(prev.key.rbf) == modelOf(s.key.rbf) && pointsOf(prev.key.edit) == pointsOf(s.key.edit)
}

// solveNetwork chooses and fits a network for a curve or a field.
func (s *rbfSolution) solveNetwork(prev *rbfSolution) error {
	if e := s.key.edit; e != nil && e.fixed != nil {
		s.network, s.trained = e.fixed, true
		s.outcome = s.study.Measure(e.fixed)
		s.sample()
		return nil
	}
	if s.sameModel(prev) && prev.chosen != nil {
		s.chosen, s.selection = prev.chosen, prev.selection
	} else {
		chosen, selection, err := s.study.Network()
		if err != nil {
			return err
		}
		s.chosen, s.selection = chosen, selection
	}
	n := s.chosen.Clone()
	if e := s.key.edit; e != nil {
		if e.centres.Rows > 0 {
			n.Centres = e.centres.Clone()
			n.Widths = experiment.Widths(s.key.rbf, n.Centres)
		}
		if len(e.widths) == n.Centres.Rows {
			n.Widths = e.widths
		}
	}
	outcome, err := s.study.Fit(n)
	if err != nil {
		return err
	}
	s.network, s.outcome = n, outcome
	s.sample()
	return nil
}

// withNetwork returns the solution with another network, which has its weights.
func (s *rbfSolution) withNetwork(n *rbf.Network) *rbfSolution {
	t := *s
	t.network, t.trained = n, true
	t.outcome = s.study.Measure(n)
	t.outcome.Report = s.outcome.Report // of the fit that the training began with
	t.sample()
	return &t
}

// sample evaluates the network where the picture needs it.
func (s *rbfSolution) sample() {
	study := s.study
	if study.Recipe.RBF.Task == recipe.TaskField {
		places := experiment.Lattice(study.Low, study.High, s.side())
		s.values = square(s.network.Predict(places))
		s.pointFit = nil
		return
	}
	samples := curveSamples
	if s.key.draft {
		samples = draftSamples
	}
	at := experiment.Lattice(study.Low, study.High, samples)
	s.x = make([]float64, at.Rows)
	for i := range s.x {
		s.x[i] = at.At(i, 0)
	}
	s.phi = s.network.Basis(at)
	s.fit = s.network.Predict(at)
	s.pointFit = s.network.Predict(study.Train.X)
	if study.Truth != nil {
		s.target = make([]float64, len(s.x))
		for i, x := range s.x {
			s.target[i] = study.Truth([]float64{x})
		}
	}
}

// side is how many values the map of a field has along each axis.
func (s *rbfSolution) side() int {
	if s.key.draft {
		return min(draftSide, s.key.rbf.Resolution)
	}
	return s.key.rbf.Resolution
}

// square gives n² values their rows.
func square(values []float64) linalg.Matrix[float64] {
	side := int(math.Sqrt(float64(len(values))) + 0.5)
	return linalg.MatrixOf(side, side, values)
}

// solveInterpolation interpolates all points of a field.
func (s *rbfSolution) solveInterpolation(ctx context.Context, prev *rbfSolution) error {
	if s.sameModel(prev) && prev.interp != nil {
		s.interp, s.outcome = prev.interp, prev.outcome
	} else {
		interp, outcome, err := s.study.Interpolate(ctx)
		if err != nil {
			return err
		}
		s.interp, s.outcome = interp, outcome
	}
	values, err := s.interp.At(ctx, experiment.Lattice(s.study.Low, s.study.High, s.side()))
	if err != nil {
		return err
	}
	s.values = square(values)
	return nil
}

// solveImage shows the picture before anything has grown, or the Gaussians of a
// file.
func (s *rbfSolution) solveImage() error {
	img := s.study.Image
	if e := s.key.edit; e != nil && e.fixed != nil {
		s.network, s.trained = e.fixed, true
		places := linalg.NewMatrix[float64](len(img.Pixels), 2)
		for i := range places.Rows {
			places.Set(i, 0, float64(i%img.Width))
			places.Set(i, 1, float64(i/img.Width))
		}
		if e.opened != nil {
			s.psnr = e.opened.PSNR
		}
		s.setPicture(e.fixed.Predict(places))
		return nil
	}
	grower, err := s.study.Grower()
	if err != nil {
		return err
	}
	s.psnr = grower.PSNR()
	s.setPicture(grower.Picture().Pixels)
	return nil
}

// setPicture sets the approximation of an image and what is left of the image.
func (s *rbfSolution) setPicture(picture []float64) {
	s.picture = picture
	s.residual = make([]float64, len(picture))
	for i, v := range s.study.Image.Pixels {
		s.residual[i] = v - picture[i]
	}
}

// grown returns the solution with what a grower has reached.
func (s *rbfSolution) grown(g *experiment.Grower) *rbfSolution {
	t := *s
	t.network, t.psnr = g.Network(), g.PSNR()
	t.setPicture(g.Picture().Pixels)
	return &t
}

// solveSurface fits the implicit function of a cloud and follows its zero.
func (s *rbfSolution) solveSurface(ctx context.Context, prev *rbfSolution, progress experiment.Progress) error {
	same := s.sameModel(prev) && prev.implicit != nil && cloudOf(prev.key.edit) == cloudOf(s.key.edit)
	if same {
		s.implicit = prev.implicit
	} else {
		implicit, err := s.study.Surface(ctx, progress)
		if err != nil {
			return err
		}
		s.implicit = implicit
	}
	resolution := s.key.rbf.Resolution
	var err error
	if s.implicit.Dim() == 3 {
		if s.mesh, err = s.implicit.Mesh(ctx, resolution, progress); err == nil {
			s.openEdges, s.parts = s.mesh.OpenEdges(), s.mesh.Components()
		}
		return err
	}
	if s.grid, err = s.implicit.Grid(ctx, resolution); err != nil {
		return err
	}
	s.contour, err = s.implicit.Contour(ctx, resolution)
	return err
}

func cloudOf(e *rbfEdit) (first *float64) {
	if e == nil || len(e.cloud.Points.Data) == 0 {
		return nil
	}
	return &e.cloud.Points.Data[0]
}
