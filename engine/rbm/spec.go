package rbm

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Spec describes the layers of a machine.
type Spec struct {
	Visible     int  // visible units, ≥ 1
	Hidden      int  // hidden units, ≥ 1
	VisibleUnit Unit // Binary for data in [0, 1], Gaussian for standardised data, Rectified for data ≥ 0
	HiddenUnit  Unit // Binary by default; Gaussian only with binary visible units
}

// Validate returns every fault of s, joined, or nil. Gaussian hidden units with
// visible ones that have no bound are refused: the energy is then bounded
// below only while every singular value of W is under 1 (Hinton 2010, 13.2).
func (s Spec) Validate() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("rbm: "+format, args...))
	}
	if s.Visible < 1 {
		fault("Visible = %d: want at least 1", s.Visible)
	}
	if s.Hidden < 1 {
		fault("Hidden = %d: want at least 1", s.Hidden)
	}
	if int(s.VisibleUnit) >= len(unitNames) {
		fault("VisibleUnit = %s: want binary, gaussian or rectified", s.VisibleUnit)
	}
	if int(s.HiddenUnit) >= len(unitNames) {
		fault("HiddenUnit = %s: want binary, gaussian or rectified", s.HiddenUnit)
	}
	if s.HiddenUnit == Gaussian && s.VisibleUnit != Binary {
		fault("HiddenUnit = gaussian with %s visible units has no bound on its energy: choose binary or rectified hidden units", s.VisibleUnit)
	}
	return errors.Join(faults...)
}

// Layout returns the tensors of the parameter vector: weight (hidden ×
// visible), visible.bias, hidden.bias.
func (s Spec) Layout() nn.Layout {
	return nn.NewLayout(
		nn.Tensor{Name: "weight", Shape: []int{s.Hidden, s.Visible}},
		nn.Tensor{Name: "visible.bias", Shape: []int{s.Visible}},
		nn.Tensor{Name: "hidden.bias", Shape: []int{s.Hidden}},
	)
}

// Init returns a new parameter vector: weights from N(0, 0.01²), biases 0
// (Hinton 2010, section 8; scikit-learn's BernoulliRBM).
func (s Spec) Init(rng *rand.Rand) []float64 {
	theta := make([]float64, s.size())
	for i := range theta[:s.Hidden*s.Visible] {
		theta[i] = 0.01 * rng.NormFloat64()
	}
	return theta
}

// InitUniform returns a new parameter vector: weights from U[-r, r] with
// r = 4 √(6/(v+h)), biases 0 (Theano's tutorial on RBMs).
func (s Spec) InitUniform(rng *rand.Rand) []float64 {
	theta := make([]float64, s.size())
	nn.FillUniform(rng, theta[:s.Hidden*s.Visible], 4*math.Sqrt(6/float64(s.Visible+s.Hidden)))
	return theta
}

// StartVisibleBias sets the visible bias in theta to what makes a machine
// without weights give each feature its mean over x (n×visible): log(p/(1-p))
// with p kept 1/(n+2) away from 0 and 1 for binary units (Hinton 2010, section 8.1), the mean for
// Gaussian units, log(exp(mean)-1), at least -5, for rectified ones. It panics
// when the shapes do not fit or x is empty.
func StartVisibleBias(s Spec, theta []float64, x linalg.Matrix[float64]) {
	check("StartVisibleBias", s, theta, x)
	if x.Rows == 0 {
		panic("rbm: StartVisibleBias: no examples")
	}
	bias := theta[s.Hidden*s.Visible:][:s.Visible]
	clear(bias)
	for i := range x.Rows {
		linalg.Axpy(1/float64(x.Rows), x.Row(i), bias)
	}
	edge := 1 / float64(x.Rows+2)
	for i, p := range bias {
		switch s.VisibleUnit {
		case Binary:
			p = min(max(p, edge), 1-edge)
			bias[i] = math.Log(p / (1 - p))
		case Rectified:
			bias[i] = max(math.Log(math.Expm1(max(p, 0))), -5)
		}
	}
}

func (s Spec) size() int { return s.Hidden*s.Visible + s.Visible + s.Hidden }

// split returns views of theta: the weights, the visible and the hidden bias.
func split[T linalg.Float](s Spec, theta []T) (weight linalg.Matrix[T], visible, hidden []T) {
	n := s.Hidden * s.Visible
	return linalg.MatrixOf(s.Hidden, s.Visible, theta[:n]), theta[n : n+s.Visible], theta[n+s.Visible : n+s.Visible+s.Hidden]
}

func check[T linalg.Float](name string, s Spec, theta []T, x linalg.Matrix[T]) {
	if len(theta) != s.size() || x.Cols != s.Visible {
		panic(fmt.Sprintf("rbm: %s: %d parameters and %d×%d examples for %d visible and %d hidden units",
			name, len(theta), x.Rows, x.Cols, s.Visible, s.Hidden))
	}
}
