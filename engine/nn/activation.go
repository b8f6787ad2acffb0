package nn

import (
	"fmt"
	"strings"

	"filterscope/engine/linalg"
)

// Activation is the function a layer applies to each of its units. It reads
// and writes itself as text ("sigmoid", "linear", …), so recipes can hold it.
type Activation uint8

// The activations; the zero value is Sigmoid.
const (
	Sigmoid  = Activation(linalg.Logistic) // 1/(1+exp(-z)), values in (0, 1)
	Linear   = Activation(linalg.Identity) // z
	Tanh     = Activation(linalg.Tanh)     // values in (-1, 1)
	ReLU     = Activation(linalg.ReLU)     // max(0, z)
	Softplus = Activation(linalg.Softplus) // log(1+exp z)
)

var activationNames = [...]string{Sigmoid: "sigmoid", Linear: "linear", Tanh: "tanh", ReLU: "relu", Softplus: "softplus"}

// String returns the name used in recipes.
func (a Activation) String() string {
	if int(a) < len(activationNames) {
		return activationNames[a]
	}
	return fmt.Sprintf("activation %d", uint8(a))
}

// ParseActivation returns the activation of that name.
func ParseActivation(name string) (Activation, error) {
	for i, n := range activationNames {
		if n == name {
			return Activation(i), nil
		}
	}
	return 0, fmt.Errorf("unknown activation %q: want one of %s", name, strings.Join(activationNames[:], ", "))
}

// Func returns the function the kernels apply.
func (a Activation) Func() linalg.Function { return linalg.Function(a) }

// MarshalText returns the name used in recipes.
func (a Activation) MarshalText() ([]byte, error) {
	if int(a) >= len(activationNames) {
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
