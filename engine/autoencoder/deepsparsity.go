package autoencoder

import (
	"fmt"

	"filterscope/engine/nn"
)

// Sparsity names a penalty on the activity of hidden units.
type Sparsity uint8

// The penalties; the zero value is NoSparsity.
const (
	NoSparsity Sparsity = iota
	KLSparsity          // β Σ_j KL(ρ‖ρ̂_j), for sigmoid units: UFLDL
	L1Sparsity          // β/m Σ|a|: Keras's activity regulariser
)

var sparsityNames = [...]string{"none", "kl", "l1"}

// String returns the name used in recipes.
func (s Sparsity) String() string {
	if int(s) < len(sparsityNames) {
		return sparsityNames[s]
	}
	return fmt.Sprintf("sparsity %d", uint8(s))
}

// ParseSparsity returns the sparsity of that name.
func ParseSparsity(name string) (Sparsity, error) {
	return nn.ParseName[Sparsity]("sparsity", name, sparsityNames[:])
}

// MarshalText returns the name used in recipes.
func (s Sparsity) MarshalText() ([]byte, error) {
	if int(s) >= len(sparsityNames) {
		return nil, fmt.Errorf("unknown %s", s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText parses the name used in recipes.
func (s *Sparsity) UnmarshalText(text []byte) error {
	v, err := ParseSparsity(string(text))
	if err == nil {
		*s = v
	}
	return err
}
