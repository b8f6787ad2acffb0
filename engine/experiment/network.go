package experiment

import (
	"context"
	"errors"

	"filterscope/engine/rbf"
)

// Outcome says how good a fit is.
type Outcome struct {
	rbf.Report         // zero for an interpolator
	TrainRMSE  float64 // root mean squared error on the training points
	TestRMSE   float64 // on the test points, NaN when there are none
	MaxError   float64 // the largest |error| on the test points, else on the training points
}

// Network returns the network that the recipe asks for, with its centres and
// widths chosen and not yet fitted, and for orthogonal least squares how they
// were selected.
func (s *Study) Network() (*rbf.Network, rbf.Selection, error) {
	return nil, rbf.Selection{}, errors.New("experiment.Network is being written")
}

// Readout returns the way to the weights that the recipe asks for.
func (s *Study) Readout() rbf.Readout { return rbf.DefaultReadout() }

// Fit finds the weights of n, in place, as the recipe asks, and measures the
// fit. With train_by_gradient it is where the training starts.
func (s *Study) Fit(n *rbf.Network) (Outcome, error) {
	return Outcome{}, errors.New("experiment.Fit is being written")
}

// Measure returns the errors of a network that has its weights.
func (s *Study) Measure(n *rbf.Network) Outcome { return Outcome{} }

// Interpolate fits the interpolator that the recipe asks for: of a field whose
// centres are all its points (recipe.RBF.Interpolates).
func (s *Study) Interpolate(ctx context.Context) (*rbf.Interpolator, Outcome, error) {
	return nil, Outcome{}, errors.New("experiment.Interpolate is being written")
}
