package variational

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Kind says how a reconstruction is judged: by -ln p(x|z) of a distribution,
// or by a plain loss. It reads and writes itself as text.
type Kind uint8

// The kinds. a is an output of the decoder, after the activation; sums run
// over features.
const (
	// Bernoulli, for x in [0, 1]: p = σ(a), -Σ x ln p + (1-x) ln(1-p). In
	// between 0 and 1 it is the cross-entropy, not a log-probability.
	Bernoulli Kind = iota
	// Gaussian has a mean and a log-variance s for each feature:
	// ½ Σ ln 2π + s + (x-a)² exp(-s). The activation is applied to both, as in
	// DL4J, where it is tanh unless one says otherwise: that keeps s within ±1.
	Gaussian
	// FixedGaussian has the given variance: ½ Σ ln 2πv + (x-a)²/v.
	FixedGaussian
	// Exponential, for x ≥ 0, of rate exp(a): Σ exp(a) x - a. Its mean is
	// exp(-a).
	Exponential
	// PlainLoss is one of nn.Losses in the place of a distribution, summed over the
	// features as nn.HalfSum does.
	PlainLoss
)

var kindNames = [...]string{
	Bernoulli: "bernoulli", Gaussian: "gaussian", FixedGaussian: "fixed-gaussian",
	Exponential: "exponential", PlainLoss: "loss",
}

// String returns the name used in recipes.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("reconstruction %d", uint8(k))
}

// ParseKind returns the kind of that name.
func ParseKind(name string) (Kind, error) {
	for k, n := range kindNames {
		if n == name {
			return Kind(k), nil
		}
	}
	return 0, fmt.Errorf("unknown reconstruction %q: want one of %s", name, strings.Join(kindNames[:], ", "))
}

// MarshalText returns the name used in recipes.
func (k Kind) MarshalText() ([]byte, error) {
	if int(k) >= len(kindNames) {
		return nil, fmt.Errorf("unknown %s", k)
	}
	return []byte(k.String()), nil
}

// UnmarshalText parses the name used in recipes.
func (k *Kind) UnmarshalText(text []byte) error {
	v, err := ParseKind(string(text))
	if err == nil {
		*k = v
	}
	return err
}

// Probability reports whether the kind is a distribution, rather than a loss.
func (k Kind) Probability() bool { return k < PlainLoss }

// Distribution judges the reconstruction of some neighbouring features.
type Distribution struct {
	Kind     Kind
	Features int // how many columns of the data it describes, ≥ 1
	// Activation of the decoder's outputs, by default nn.Linear, never nn.Maxout; a
	// Bernoulli distribution has none but nn.Sigmoid.
	Activation nn.Activation
	Variance   float64 // of FixedGaussian, > 0, default 1
	Loss       nn.Loss // of PlainLoss, default nn.SquaredError; nn.CrossEntropy is called Bernoulli here
	Huber      float64 // δ of nn.Huber, > 0, default 1
}

// NewDistribution describes so many features with the defaults of the kind.
func NewDistribution(kind Kind, features int) Distribution {
	d := Distribution{Kind: kind, Features: features, Activation: nn.Linear, Variance: 1, Huber: 1}
	if kind == Bernoulli {
		d.Activation = nn.Sigmoid
	}
	return d
}

func (d Distribution) validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if int(d.Kind) >= len(kindNames) {
		fault("Kind = %d: want one of %s", d.Kind, strings.Join(kindNames[:], ", "))
	}
	if d.Features < 1 {
		fault("Features = %d: want at least 1", d.Features)
	}
	if err := plain(d.Activation); err != nil {
		fault("Activation: %w", err)
	} else if d.Kind == Bernoulli && d.Activation != nn.Sigmoid {
		fault("Activation = %s: a Bernoulli distribution wants sigmoid", d.Activation)
	}
	if d.Kind == FixedGaussian && !(d.Variance > 0 && !math.IsInf(d.Variance, 0)) {
		fault("Variance = %g: want Variance > 0", d.Variance)
	}
	if d.Kind == PlainLoss {
		if !d.Loss.Valid() || d.Loss == nn.CrossEntropy {
			fault("Loss = %s: want squared-error, absolute or huber; for cross-entropy choose bernoulli", d.Loss)
		}
		if d.Loss == nn.Huber && !(d.Huber > 0 && !math.IsInf(d.Huber, 0)) {
			fault("Huber = %g: want Huber > 0", d.Huber)
		}
	}
	return errors.Join(faults...)
}

// plain returns an error unless f works on each number by itself.
func plain(f nn.Activation) error {
	if _, err := f.MarshalText(); err != nil {
		return err
	}
	if f == nn.Maxout {
		return errors.New("maxout is for deep autoencoders: choose another")
	}
	return nil
}

// limits returns the values the features may have.
func (d Distribution) limits() (low, high float64) {
	switch d.Kind {
	case Bernoulli:
		return 0, 1
	case Exponential:
		return 0, math.MaxFloat64
	}
	return -math.MaxFloat64, math.MaxFloat64
}

// CheckData returns an error that names the first value of x (n×Visible) that
// its distribution cannot have produced, or nil.
func CheckData[T linalg.Float](s Spec, x linalg.Matrix[T]) error {
	if x.Cols != s.Visible {
		return fmt.Errorf("the data has %d features: the model wants %d", x.Cols, s.Visible)
	}
	for i := range x.Rows {
		row, at := x.Row(i), 0
		for _, d := range s.Outputs {
			low, high := d.limits()
			for j, v := range row[at : at+d.Features] {
				if !(float64(v) >= low && float64(v) <= high) {
					return fmt.Errorf("example %d, feature %d is %g: %s needs values %s; scale the data or choose another distribution",
						i, at+j, v, d.Kind, limitText(d.Kind))
				}
			}
			at += d.Features
		}
	}
	return nil
}

func limitText(k Kind) string {
	switch k {
	case Bernoulli:
		return "from 0 to 1"
	case Exponential:
		return "of 0 or more"
	}
	return "that are finite"
}
