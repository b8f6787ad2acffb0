package preprocess

import (
	"fmt"
	"slices"
	"strings"
)

// Names of the steps.
const (
	OneHot             = "one-hot"
	Scale              = "scale"
	RemoveDC           = "remove-dc"
	UFLDLNormalise     = "ufldl-normalise"
	SubtractMean       = "subtract-mean"
	Standardise        = "standardise"
	StandardiseExample = "standardise-example"
	H2ONormalise       = "h2o-normalise"
	PCA                = "pca"
	ZCA                = "zca"
	Binarise           = "binarise"
)

// What a recipe that does not say has: the ε of zca and pca and the share of
// the variance that pca keeps (UFLDL, linear decoder and PCA exercises), and
// the threshold of binarise.
const (
	DefaultEpsilon   = 0.1
	DefaultVariance  = 0.99
	DefaultThreshold = 0.5
)

// Names lists the known steps.
func Names() []string {
	return []string{
		OneHot, Scale, RemoveDC, UFLDLNormalise, SubtractMean, Standardise, StandardiseExample, H2ONormalise, PCA, ZCA, Binarise,
	}
}

// Spec names a step and its settings, as a recipe does:
//
//	[[preprocess]]
//	step = "zca"
//	epsilon = 0.1
type Spec struct {
	Step string `toml:"step" json:"step"`
	// Epsilon, 0 or more, is added to the variances before zca or pca divides by
	// their roots; nil means DefaultEpsilon.
	Epsilon *float64 `toml:"epsilon,omitempty" json:"epsilon,omitempty"`
	// Variance, above 0 and at most 1, is the share of the variance that the
	// components of pca keep; nil means DefaultVariance.
	Variance *float64 `toml:"variance,omitempty" json:"variance,omitempty"`
	// Threshold is the least value that binarise makes 1; nil means
	// DefaultThreshold.
	Threshold *float64 `toml:"threshold,omitempty" json:"threshold,omitempty"`
}

// keys lists the settings: which steps take them, what they are when they are
// left out, and their limits.
var keys = []struct {
	name      string
	of        func(Spec) *float64
	steps     []string
	otherwise float64
	valid     func(float64) bool
	want      string
}{
	{
		"epsilon", func(s Spec) *float64 { return s.Epsilon },
		[]string{ZCA, PCA},
		DefaultEpsilon,
		func(v float64) bool { return v >= 0 }, "0 or more",
	},
	{
		"variance", func(s Spec) *float64 { return s.Variance },
		[]string{PCA},
		DefaultVariance,
		func(v float64) bool { return v > 0 && v <= 1 }, "above 0 and at most 1",
	},
	{
		"threshold", func(s Spec) *float64 { return s.Threshold },
		[]string{Binarise},
		DefaultThreshold,
		func(float64) bool { return true }, "a number",
	},
}

// New returns the step that s describes, not fitted yet. The error names the
// step, the key and its limits.
func New(s Spec) (Step, error) {
	if !slices.Contains(Names(), s.Step) {
		return nil, fmt.Errorf("step = %q: want one of %s", s.Step, strings.Join(Names(), ", "))
	}
	value := map[string]float64{}
	for _, k := range keys {
		v := k.of(s)
		switch {
		case v == nil:
			value[k.name] = k.otherwise
		case !slices.Contains(k.steps, s.Step):
			return nil, fmt.Errorf("%s: %s: this step has no such key", s.Step, k.name)
		case !k.valid(*v) || *v-*v != 0: // NaN or infinite
			return nil, fmt.Errorf("%s: %s = %v: want %s", s.Step, k.name, *v, k.want)
		default:
			value[k.name] = *v
		}
	}
	switch s.Step {
	case OneHot:
		return &oneHot{}, nil
	case Scale:
		return &scale{}, nil
	case RemoveDC:
		return &removeDC{}, nil
	case UFLDLNormalise:
		return &ufldl{}, nil
	case StandardiseExample:
		return &perExample{}, nil
	case Binarise:
		return &binarise{value["threshold"]}, nil
	case PCA, ZCA:
		return &whitening{name: s.Step, epsilon: value["epsilon"], share: value["variance"]}, nil
	}
	return &perFeature{name: s.Step}, nil
}
