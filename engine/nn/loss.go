package nn

import (
	"fmt"

	"filterscope/engine/linalg"
)

// Loss compares an output a with its target x, element by element. Its text is
// its name.
type Loss uint8

// The losses of one element, with e = a-x; the zero value is SquaredError.
const (
	SquaredError Loss = iota // e²/2
	Absolute                 // |e|
	Huber                    // e²/2 where |e| ≤ δ, else δ(|e|-δ/2)
	CrossEntropy             // -x log a - (1-x) log(1-a) of sigmoid outputs, 0 ≤ x ≤ 1
)

var lossNames = [...]string{"squared-error", "absolute", "huber", "cross-entropy"}

// Losses lists all losses.
func Losses() []Loss { return []Loss{SquaredError, Absolute, Huber, CrossEntropy} }

// String returns the name used in recipes.
func (l Loss) String() string {
	if l.Valid() {
		return lossNames[l]
	}
	return fmt.Sprintf("loss %d", uint8(l))
}

// Valid reports whether l is one of the losses.
func (l Loss) Valid() bool { return int(l) < len(lossNames) }

// ParseLoss returns the loss of that name.
func ParseLoss(name string) (Loss, error) { return ParseName[Loss]("loss", name, lossNames[:]) }

// MarshalText returns the name used in recipes.
func (l Loss) MarshalText() ([]byte, error) {
	if !l.Valid() {
		return nil, fmt.Errorf("unknown %s", l)
	}
	return []byte(l.String()), nil
}

// UnmarshalText parses the name used in recipes.
func (l *Loss) UnmarshalText(text []byte) error {
	v, err := ParseLoss(string(text))
	if err == nil {
		*l = v
	}
	return err
}

// Scaling says how the losses of the elements become one number. All scalings
// take the mean over the examples.
type Scaling uint8

// The scalings; the zero value is HalfSum.
const (
	HalfSum Scaling = iota // Σ over features, of e²/2 for squared error: UFLDL, CS294A, H2O
	Sum                    // Σ over features, of e² for squared error: "error per image" in papers
	Mean                   // mean over features, of e² for squared error: Keras's and PyTorch's default
)

var scalingNames = [...]string{"half-sum", "sum", "mean"}

// String returns the name used in recipes.
func (s Scaling) String() string {
	if s.Valid() {
		return scalingNames[s]
	}
	return fmt.Sprintf("scaling %d", uint8(s))
}

// Valid reports whether s is one of the scalings.
func (s Scaling) Valid() bool { return int(s) < len(scalingNames) }

// ParseScaling returns the scaling of that name.
func ParseScaling(name string) (Scaling, error) {
	return ParseName[Scaling]("scaling", name, scalingNames[:])
}

// MarshalText returns the name used in recipes.
func (s Scaling) MarshalText() ([]byte, error) {
	if !s.Valid() {
		return nil, fmt.Errorf("unknown %s", s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText parses the name used in recipes.
func (s *Scaling) UnmarshalText(text []byte) error {
	v, err := ParseScaling(string(text))
	if err == nil {
		*s = v
	}
	return err
}

// Factor returns what the sum of the losses l over features features of an
// example is multiplied by.
func (s Scaling) Factor(l Loss, features int) float64 {
	factor := 1.0
	if l == SquaredError && s != HalfSum {
		factor = 2
	}
	if s == Mean {
		factor /= float64(features)
	}
	return factor
}

// OutputDelta replaces z by the delta of an output layer, d = ∂l(a, x)/∂a ·
// f'(z+bias) with a = f(z+bias), adds each column of d to sums unless that is
// nil, and returns Σ l(a, x). z, x and spare are m×n, bias, sums and zeros (n
// times 0) have n elements; huber is the δ of Huber. spare is not read, and
// used unless the kernels know both f and l. Not for Maxout, and CrossEntropy
// is for Sigmoid alone: f' cancels, and the loss is computed from z, so that
// outputs of exactly 0 and 1 leave it finite.
func OutputDelta[T linalg.Float](f Activation, l Loss, huber float64, z, x, spare linalg.Matrix[T], bias, sums, zeros []T) float64 {
	switch {
	case l == SquaredError && f.fused():
		return linalg.OutputDelta(f.Func(), z, x, bias, sums) / 2
	case l == CrossEntropy:
		if f != Sigmoid {
			panic("nn: OutputDelta: cross-entropy of " + f.String() + " outputs")
		}
		return crossEntropy(z, x, spare, bias, sums)
	}
	Activate(f, z, bias, nil)
	copyRows(spare, z)
	loss := LossDelta(l, huber, z, x)
	HiddenDelta(f, z, spare, zeros, sums)
	return loss
}

// crossEntropy is OutputDelta of sigmoid outputs: softplus(z) - x·z in all.
func crossEntropy[T linalg.Float](z, x, spare linalg.Matrix[T], bias, sums []T) float64 {
	loss := 0.0
	copyRows(spare, z)
	linalg.Activate(linalg.Softplus, spare, bias, nil)
	for i := range z.Rows {
		row, part := z.Row(i), T(0)
		soft := spare.Row(i)
		for j, v := range x.Row(i) {
			part += soft[j] - v*(row[j]+bias[j])
		}
		loss += float64(part)
	}
	linalg.Activate(linalg.Logistic, z, bias, nil)
	for i := range z.Rows {
		row := z.Row(i)
		for j, v := range x.Row(i) {
			row[j] -= v
		}
	}
	AddColumns(z, sums)
	return loss
}

// LossDelta replaces every output a by ∂l(a, x)/∂a and returns Σ l(a, x), for
// every loss but CrossEntropy. a and x are m×n.
func LossDelta[T linalg.Float](l Loss, huber float64, a, x linalg.Matrix[T]) float64 {
	loss, knee := 0.0, T(huber)
	for i := range a.Rows {
		row, part := a.Row(i), T(0)
		for j, v := range x.Row(i) {
			e := row[j] - v
			switch size := max(e, -e); {
			case l == Absolute:
				part += size
				e = sign(e)
			case l == Huber && size > knee:
				part += knee * (size - knee/2)
				e = knee * sign(e)
			default:
				part += e * e / 2
			}
			row[j] = e
		}
		loss += float64(part)
	}
	return loss
}

func copyRows[T linalg.Float](dst, src linalg.Matrix[T]) {
	for i := range src.Rows {
		copy(dst.Row(i), src.Row(i))
	}
}
