package experiment

import (
	"context"
	"errors"
	"fmt"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
)

// Outcome says how good a fit is.
type Outcome struct {
	rbf.Report         // zero after a training, and of a network that was opened
	TrainRMSE  float64 // root mean squared error on the training points
	TestRMSE   float64 // on the test points, NaN when there are none
	MaxError   float64 // the largest |error| on the test points, else on the training points
}

// kernel returns the recipe's kernel and the degree of its polynomial.
func (s *Study) kernel() (rbf.Kernel, int, error) {
	k, err := rbf.ParseKernel(s.Recipe.RBF.Kernel)
	if err != nil {
		return 0, 0, err
	}
	degree := s.Recipe.RBF.Degree
	if degree == recipe.AutoDegree {
		degree = k.MinDegree()
	}
	return k, degree, nil
}

// Degree returns the degree of the fit's polynomial, -1 for none.
func (s *Study) Degree() int {
	kernel, degree, err := s.kernel()
	if err == nil && s.Recipe.RBF.Interpolates() && s.Recipe.RBF.Degree == recipe.AutoDegree {
		degree = max(kernel.MinDegree(), 0)
	}
	return degree
}

// Widths returns the widths that a recipe gives to centres, one each.
func Widths(b recipe.RBF, centres linalg.Matrix[float64]) []float64 {
	switch b.Widths {
	case recipe.WidthsMaxDistance:
		return rbf.MaxDistance(centres)
	case recipe.WidthsNearest:
		return rbf.Nearest(centres, b.WidthNeighbours)
	case recipe.WidthsPerCentre:
		return rbf.PerCentre(centres, b.WidthNeighbours)
	}
	return rbf.Given(centres.Rows, b.Width)
}

// Network returns the network that the recipe asks for, with its centres and
// widths chosen and not yet fitted, and for orthogonal least squares how they
// were selected. There the candidates have the one width that a grid of as
// many centres would have.
func (s *Study) Network() (*rbf.Network, rbf.Selection, error) {
	var selection rbf.Selection
	b, x := s.Recipe.RBF, s.Train.X
	if b.Task != recipe.TaskCurve && b.Task != recipe.TaskField {
		return nil, selection, fmt.Errorf("a recipe for a %s has no network to choose", b.Task)
	}
	kernel, degree, err := s.kernel()
	if err != nil {
		return nil, selection, err
	}
	count := min(b.Count, x.Rows)
	switch b.Centres {
	case recipe.CentresGrid:
		count = b.Count
	case recipe.CentresAll:
		count = x.Rows
	}
	if err := rbf.CheckSize(x.Rows, count); err != nil { // before centres are looked for
		return nil, selection, err
	}
	n := &rbf.Network{Kernel: kernel, Degree: degree, Normalised: b.Normalised}
	switch b.Centres {
	case recipe.CentresSubset:
		n.Centres = rbf.Subset(x, b.Count, s.Recipe.Seed)
	case recipe.CentresAll:
		n.Centres = rbf.All(x)
	case recipe.CentresKMeans:
		n.Centres = rbf.KMeans(x, b.Count, s.Recipe.Seed)
	case recipe.CentresOLS:
		width := Widths(b, rbf.Grid(s.Low, s.High, b.Count))[0]
		if selection, err = rbf.ForwardSelection(x, s.Train.Y, kernel, width, b.Count); err != nil {
			return nil, selection, err
		}
		n.Centres = selection.Centres
	default:
		n.Centres = rbf.Grid(s.Low, s.High, b.Count)
	}
	n.Widths = Widths(b, n.Centres)
	return n, selection, nil
}

// Readout returns the way to the weights that the recipe asks for.
func (s *Study) Readout() rbf.Readout {
	b := s.Recipe.RBF
	r := rbf.Readout{Method: rbf.Ridge, Cutoff: b.Cutoff, Lambda: b.Lambda}
	switch b.Readout {
	case recipe.ReadoutPseudoInverse:
		r.Method = rbf.PseudoInverse
	case recipe.ReadoutRidgeLOO:
		r.Choose = rbf.ByLOO
	case recipe.ReadoutRidgeGCV:
		r.Choose = rbf.ByGCV
	}
	return r
}

// Fit finds the weights of n, in place, as the recipe asks, and measures the
// fit. With train_by_gradient it is where the training starts.
func (s *Study) Fit(n *rbf.Network) (Outcome, error) {
	report, err := n.Fit(s.Train.X, s.Train.Y, s.Readout())
	if err != nil {
		return Outcome{}, err
	}
	out := s.Measure(n)
	out.Report = report
	return out, nil
}

// Measure returns the errors of a network that has its weights; its Report is
// zero.
func (s *Study) Measure(n *rbf.Network) Outcome {
	var test []float64
	if s.Test.Len() > 0 {
		test = n.Predict(s.Test.X)
	}
	return s.compare(n.Predict(s.Train.X), test)
}

// compare returns the errors of predictions at the training and test points.
func (s *Study) compare(train, test []float64) Outcome {
	out := Outcome{TestRMSE: math.NaN()}
	out.TrainRMSE, out.MaxError = errorsOf(train, s.Train.Y)
	if len(test) > 0 {
		out.TestRMSE, out.MaxError = errorsOf(test, s.Test.Y)
	}
	return out
}

// errorsOf returns the root mean squared and the largest error.
func errorsOf(predicted, want []float64) (rmse, largest float64) {
	for i, v := range predicted {
		e := v - want[i]
		rmse += e * e
		largest = max(largest, math.Abs(e))
	}
	return math.Sqrt(rmse / float64(max(len(want), 1))), largest
}

// interpolation returns the options of the recipe's interpolator. A width σ is
// ε = 1/σ, for the Gaussian 1/(σ√2): what the network of that width computes.
// Scale-invariant kernels have ε = 1.
func (s *Study) interpolation() (rbf.Options, error) {
	b := s.Recipe.RBF
	kernel, _, err := s.kernel()
	if err != nil {
		return rbf.Options{}, err
	}
	o := rbf.Options{Kernel: kernel, Epsilon: 1, Smoothing: b.Smoothing, Degree: b.Degree, Neighbours: b.Neighbours}
	if b.Degree == recipe.AutoDegree {
		o.Degree = rbf.DefaultDegree
	}
	if !kernel.ScaleInvariant() {
		const most = 5000 // points whose distances are all looked at
		width := b.Width
		if b.Widths != recipe.WidthsGiven {
			width = Widths(b, rbf.Subset(s.Train.X, most, s.Recipe.Seed))[0]
		}
		o.Epsilon = 1 / width
		if kernel == rbf.Gaussian {
			o.Epsilon /= math.Sqrt2
		}
	}
	return o, nil
}

// Interpolate fits the interpolator that the recipe asks for: of a field whose
// centres are all its points (recipe.RBF.Interpolates).
func (s *Study) Interpolate(ctx context.Context) (*rbf.Interpolator, Outcome, error) {
	if !s.Recipe.RBF.Interpolates() {
		return nil, Outcome{}, errors.New("only a field with all its points as centres is interpolated")
	}
	o, err := s.interpolation()
	if err != nil {
		return nil, Outcome{}, err
	}
	in, err := rbf.Interpolate(ctx, s.Train.X, s.Train.Y, o)
	if err != nil {
		return nil, Outcome{}, err
	}
	train, err := in.At(ctx, s.Train.X)
	if err != nil {
		return nil, Outcome{}, err
	}
	var test []float64
	if s.Test.Len() > 0 {
		if test, err = in.At(ctx, s.Test.X); err != nil {
			return nil, Outcome{}, err
		}
	}
	out := s.compare(train, test)
	out.Report = in.Report()
	return in, out, nil
}
