package preprocess

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Names of the steps.
const (
	Scale          = "scale"
	RemoveDC       = "remove-dc"
	UFLDLNormalise = "ufldl-normalise"
	SubtractMean   = "subtract-mean"
	Standardise    = "standardise"
	H2ONormalise   = "h2o-normalise"
	ZCA            = "zca"
)

// DefaultEpsilon is the ε of zca when a recipe names none (UFLDL, linear
// decoder exercise).
const DefaultEpsilon = 0.1

// Names lists the known steps.
func Names() []string {
	return []string{Scale, RemoveDC, UFLDLNormalise, SubtractMean, Standardise, H2ONormalise, ZCA}
}

// Spec names a step and its settings, as a recipe does:
//
//	[[preprocess]]
//	step = "zca"
//	epsilon = 0.1
type Spec struct {
	Step string `toml:"step" json:"step"`
	// Epsilon, 0 or more, is added to the variances before zca divides by their
	// roots; nil means DefaultEpsilon. No other step takes it.
	Epsilon *float64 `toml:"epsilon,omitempty" json:"epsilon,omitempty"`
}

// New returns the step that s describes, not fitted yet. The error names the
// step, the key and its limits.
func New(s Spec) (Step, error) {
	if !slices.Contains(Names(), s.Step) {
		return nil, fmt.Errorf("step = %q: want one of %s", s.Step, strings.Join(Names(), ", "))
	}
	if s.Epsilon != nil && s.Step != ZCA {
		return nil, fmt.Errorf("%s: epsilon: this step has no such key", s.Step)
	}
	switch s.Step {
	case Scale:
		return &scale{}, nil
	case RemoveDC:
		return &removeDC{}, nil
	case UFLDLNormalise:
		return &ufldl{}, nil
	case SubtractMean, Standardise, H2ONormalise:
		return &perFeature{name: s.Step}, nil
	}
	epsilon := DefaultEpsilon
	if s.Epsilon != nil {
		epsilon = *s.Epsilon
	}
	if !(epsilon >= 0) || math.IsInf(epsilon, 0) {
		return nil, fmt.Errorf("%s: epsilon = %v: want 0 or more", s.Step, epsilon)
	}
	return &zca{epsilon: epsilon}, nil
}
