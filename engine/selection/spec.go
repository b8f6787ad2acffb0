package selection

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"filterscope/engine/nn"
)

// Limits of a Spec.
const (
	MaxOperations = 8    // as many as there are colours to tell apart
	MaxHidden     = 4096 // hidden units
	maxValue      = 1e6  // of a domain's end and of an operation there
)

// Spec describes a network that selects operations, and the function it is to
// learn.
type Spec struct {
	Operations  []string      // K names out of Operations(), 2 to MaxOperations different ones
	Hidden      int           // hidden units h of g, 1 to MaxHidden, default 16
	Activation  nn.Activation // of the hidden units, default nn.Tanh; not nn.Maxout
	Temperature float64       // τ > 0, default 1: below it p is more decided
	Rivalry     float64       // weight β ≥ 0 of the spread, default 0.1
	Entropy     float64       // weight α ≥ 0 of the entropy, default 0
	Hard        bool          // select by arg-max; such a network does not learn

	// The target: Pieces[i] is the operation, one of Operations, between
	// Breaks[i-1] and Breaks[i], the first piece from Low and the last to High. A
	// break belongs to the piece on its right.
	Low, High float64
	Pieces    []string
	Breaks    []float64 // one less than Pieces, increasing, between Low and High
}

// DefaultSpec returns the example of this program: x+1 below -1, x² up to 1, 2x
// beyond, on [-3, 3], to be found among five operations.
func DefaultSpec() Spec {
	return Spec{
		Operations: []string{"x+1", "x^2", "2x", "-x", "sin x"}, Hidden: 16,
		Activation: nn.Tanh, Temperature: 1, Rivalry: 0.1,
		Low: -3, High: 3, Pieces: []string{"x+1", "x^2", "2x"}, Breaks: []float64{-1, 1},
	}
}

// Validate returns every fault of s, joined, or nil.
func (s Spec) Validate() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("selection: "+format, args...))
	}
	if k := len(s.Operations); k < 2 || k > MaxOperations {
		fault("%d operations: want 2 to %d", k, MaxOperations)
	}
	if !(s.Low < s.High) || !(math.Abs(s.Low) <= maxValue) || !(math.Abs(s.High) <= maxValue) {
		fault("domain from %g to %g: want numbers up to %g, the second above the first", s.Low, s.High, maxValue)
	}
	for i, name := range s.Operations {
		o, err := find(name)
		switch {
		case err != nil:
			fault("%w", err)
		case slices.Contains(s.Operations[:i], name):
			fault("operation %q is listed twice: list it once", name)
		case math.Abs(o.f(s.Low)) > maxValue || math.Abs(o.f(s.High)) > maxValue:
			fault("operation %q exceeds %g between %g and %g: choose a smaller domain", name, maxValue, s.Low, s.High)
		}
	}
	if s.Hidden < 1 || s.Hidden > MaxHidden {
		fault("Hidden = %d: want 1 to %d", s.Hidden, MaxHidden)
	}
	if !s.Activation.Valid() || s.Activation == nn.Maxout {
		fault("Activation = %s: want a known one other than maxout", s.Activation)
	}
	if !(s.Temperature > 0) || math.IsInf(s.Temperature, 0) {
		fault("Temperature = %g: want above 0", s.Temperature)
	}
	if !(s.Rivalry >= 0) || math.IsInf(s.Rivalry, 0) {
		fault("Rivalry = %g: want 0 or more", s.Rivalry)
	}
	if !(s.Entropy >= 0) || math.IsInf(s.Entropy, 0) {
		fault("Entropy = %g: want 0 or more", s.Entropy)
	}
	for _, name := range s.Pieces {
		if !slices.Contains(s.Operations, name) {
			fault("piece %q is not among the operations: add it to them", name)
		}
	}
	if len(s.Pieces) == 0 || len(s.Breaks) != len(s.Pieces)-1 {
		fault("%d pieces with %d breaks: want one break less than pieces", len(s.Pieces), len(s.Breaks))
	}
	last := s.Low
	for _, b := range s.Breaks {
		if !(b > last && b < s.High) {
			fault("break %g: want increasing ones between %g and %g", b, s.Low, s.High)
		}
		last = b
	}
	return errors.Join(faults...)
}

// Layout returns the tensors of the parameter vector: encoder.0.weight (h×1),
// encoder.0.bias, encoder.1.weight (K×h), encoder.1.bias.
func (s Spec) Layout() nn.Layout {
	k := len(s.Operations)
	return nn.NewLayout(
		nn.Tensor{Name: "encoder.0.weight", Shape: []int{s.Hidden, 1}},
		nn.Tensor{Name: "encoder.0.bias", Shape: []int{s.Hidden}},
		nn.Tensor{Name: "encoder.1.weight", Shape: []int{k, s.Hidden}},
		nn.Tensor{Name: "encoder.1.bias", Shape: []int{k}},
	)
}

const (
	steepness  = 5    // size of the first weights: a hidden unit turns over about a fifth of the domain
	firstScore = 1e-3 // standard deviation of the last weights: training starts from even shares
)

// Init returns a new parameter vector. Hidden units turn at places drawn evenly
// from the domain, rising or falling as often. The second layer starts near 0, so that
// all operations have the same share (seed 004's advice for a softmax): from
// larger weights training often ends in a mixture that is right nowhere.
func (s Spec) Init(rng *rand.Rand) []float64 {
	layout := s.Layout()
	theta := make([]float64, layout.Size())
	w, b := nn.View(theta, layout[0]).Data, nn.View(theta, layout[1]).Data
	for j := range w {
		w[j] = steepness
		if rng.IntN(2) == 0 {
			w[j] = -steepness
		}
		b[j] = w[j] * (2*rng.Float64() - 1)
	}
	nn.FillNormal(rng, nn.View(theta, layout[2]).Data, firstScore)
	return theta
}

// Target returns the function to learn at x, and the index in Operations of the
// one it uses there.
func (s Spec) Target(x float64) (y float64, operation int) {
	piece := 0
	for piece < len(s.Breaks) && x >= s.Breaks[piece] {
		piece++
	}
	o, err := find(s.Pieces[piece])
	if err != nil {
		return math.NaN(), -1
	}
	return o.f(x), slices.Index(s.Operations, o.name)
}

// Data returns n examples: x even on the domain but for a random place within
// each of n equal parts, increasing, and their targets.
func (s Spec) Data(rng *rand.Rand, n int) (x, y []float64) {
	x, y = make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = s.Low + (s.High-s.Low)*(float64(i)+rng.Float64())/float64(n)
		y[i], _ = s.Target(x[i])
	}
	return x, y
}

// Grid returns n ≥ 2 even places from Low to High: where curves are drawn.
func (s Spec) Grid(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = s.Low + (s.High-s.Low)*float64(i)/float64(n-1)
	}
	return x
}
