package experiment

import (
	"context"
	"errors"

	"filterscope/engine/modelio"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
	"filterscope/engine/surface"
)

// Surface fits the implicit function of the study's cloud.
func (s *Study) Surface(ctx context.Context, progress Progress) (*surface.Implicit, error) {
	return nil, errors.New("experiment.Surface is being written")
}

// Result is a study that was fitted. What belongs to other tasks is zero.
type Result struct {
	Study        *Study
	Network      *rbf.Network // of a curve, an image, and a field with fewer centres than points
	Interpolator *rbf.Interpolator
	Implicit     *surface.Implicit
	Outcome      Outcome
	Selection    rbf.Selection      // of orthogonal least squares
	Objectives   []float64          // of the training by gradient
	PSNR         []float64          // with 0, 1, 2, … Gaussians
	Mesh         *surface.Mesh      // of a cloud in space
	Contour      []surface.Polyline // of a cloud in the plane
	Seconds      float64            // of fitting alone
}

// Run fits the study as its recipe asks. When ctx ends during a training by
// gradient or the growth of an image, the result is what was reached until
// then, beside the error.
func Run(ctx context.Context, s *Study, progress Progress) (*Result, error) {
	return nil, errors.New("experiment.Run is being written")
}

// Model returns the result in the form that is saved.
func (r *Result) Model() *modelio.Model { return nil }

// Write writes the files of the result into the folder dir, which is made if it
// is not there, and returns their paths.
func (r *Result) Write(ctx context.Context, dir string) ([]string, error) {
	return nil, errors.New("experiment.Write is being written")
}

// Saved is a model that was opened.
type Saved struct {
	Recipe       recipe.Recipe
	Network      *rbf.Network      // of a curve, an image or a field; or
	Interpolator *rbf.Interpolator // of a field with all its points as centres; or
	Implicit     *surface.Implicit // of a surface
	Train        Points            // of an interpolator
	Cloud        surface.Cloud     // of a surface
}

// Open makes a saved model usable.
func Open(ctx context.Context, m *modelio.Model) (*Saved, error) {
	return nil, errors.New("experiment.Open is being written")
}
