package nn

import (
	"fmt"
	"math"
	"strings"

	"filterscope/engine/linalg"
)

// Activation is the function a layer applies to each of its units. It reads
// and writes itself as text ("sigmoid", "linear", …), so recipes can hold it.
type Activation uint8

// The activations; the zero value is Sigmoid. The derivative of all but Maxout
// is taken from the value a = f(z).
const (
	Sigmoid   = Activation(linalg.Logistic) // 1/(1+exp(-z)), values in (0, 1)
	Linear    = Activation(linalg.Identity) // z
	Tanh      = Activation(linalg.Tanh)     // values in (-1, 1)
	ReLU      = Activation(linalg.ReLU)     // max(0, z); H2O's Rectifier
	Softplus  = Activation(linalg.Softplus) // log(1+exp z)
	LeakyReLU = Softplus + 1                // z above 0, LeakySlope·z below
	ELU       = Softplus + 2                // z above 0, exp(z)-1 below; H2O's ExpRectifier
	Maxout    = Softplus + 3                // the larger of MaxoutPieces linear functions
)

// LeakySlope is the slope of LeakyReLU below 0 (0.01: DL4J and PyTorch).
const LeakySlope = 0.01

// MaxoutPieces is the number of linear functions a maxout unit chooses from
// (2: H2O). Unit j has rows 2j and 2j+1 of the weights and of the biases.
const MaxoutPieces = 2

var activationNames = [...]string{
	Sigmoid: "sigmoid", Linear: "linear", Tanh: "tanh", ReLU: "relu", Softplus: "softplus",
	LeakyReLU: "leaky-relu", ELU: "elu", Maxout: "maxout",
}

// Activations lists all activations.
func Activations() []Activation {
	all := make([]Activation, len(activationNames))
	for i := range all {
		all[i] = Activation(i)
	}
	return all
}

// String returns the name used in recipes.
func (a Activation) String() string {
	if int(a) < len(activationNames) {
		return activationNames[a]
	}
	return fmt.Sprintf("activation %d", uint8(a))
}

// ParseActivation returns the activation of that name.
func ParseActivation(name string) (Activation, error) {
	return ParseName[Activation]("activation", name, activationNames[:])
}

// Valid reports whether a is one of the activations.
func (a Activation) Valid() bool { return int(a) < len(activationNames) }

// Pieces returns the rows of weights of a unit: MaxoutPieces or 1.
func (a Activation) Pieces() int {
	if a == Maxout {
		return MaxoutPieces
	}
	return 1
}

// Range returns between which values the activation lies: what a target of an
// output layer should not leave, as ReLU cannot reconstruct anything below 0.
func (a Activation) Range() (low, high float64) {
	switch a {
	case Sigmoid:
		return 0, 1
	case Tanh:
		return -1, 1
	case ReLU, Softplus:
		return 0, math.Inf(1)
	case ELU:
		return -1, math.Inf(1)
	}
	return math.Inf(-1), math.Inf(1)
}

// Func returns the function the kernels apply. It panics for those that have
// none, LeakyReLU, ELU and Maxout: see Activate.
func (a Activation) Func() linalg.Function {
	if !a.fused() {
		panic("nn: Func: no kernel computes " + a.String())
	}
	return linalg.Function(a)
}

// fused reports whether the kernels compute a.
func (a Activation) fused() bool { return a <= Softplus }

// MarshalText returns the name used in recipes.
func (a Activation) MarshalText() ([]byte, error) {
	if !a.Valid() {
		return nil, fmt.Errorf("unknown %s", a)
	}
	return []byte(a.String()), nil
}

// UnmarshalText parses the name used in recipes.
func (a *Activation) UnmarshalText(text []byte) error {
	v, err := ParseActivation(string(text))
	if err == nil {
		*a = v
	}
	return err
}

// ParseName returns the value whose name in names, indexed by the values, is
// name; what says in the error what there is no such of.
func ParseName[E ~uint8](what, name string, names []string) (E, error) {
	for i, n := range names {
		if n == name {
			return E(i), nil
		}
	}
	return 0, fmt.Errorf("unknown %s %q: want one of %s", what, name, strings.Join(names, ", "))
}
