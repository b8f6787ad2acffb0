package preprocess

import (
	"fmt"

	"filterscope/engine/linalg"
)

// Step is one invertible transformation of examples. Rows are examples.
type Step interface {
	// Name returns the step's name in recipes.
	Name() string
	// Fit measures the training data, as the steps before this one leave them.
	Fit(src Source) error
	// Fitted reports whether Apply may be called.
	Fitted() bool
	// Features returns the number of features that rows must have, 0 for any.
	Features() int
	// Outputs returns the number of features that Apply makes of d; of a step
	// that is not fitted, as many as it can tell.
	Outputs(d int) int
	// Apply transforms rows and returns them: in place, or in a new matrix where
	// the number of features changes.
	Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64]
	// Invert undoes Apply and returns the result as Apply does. Row i of before
	// is what row i of rows was made from, as it came into Apply: there a step
	// finds what it threw away; before has no rows when that is not known.
	Invert(rows, before linalg.Matrix[float64]) linalg.Matrix[float64]
	// Parameters returns the fitted numbers; the values are the step's own.
	Parameters() []Param
	// Restore puts fitted numbers back, all of them in the order of Parameters.
	// It returns an error when they are not of this step.
	Restore(params []Param) error
}

// Param is a named tensor of fitted numbers.
type Param struct {
	Name   string
	Shape  []int
	Values []float64 // row by row
}

// Source is the training data that a step is fitted on.
type Source interface {
	// Size returns the number of examples and of features.
	Size() (n, d int)
	// FullScale returns the value of full intensity, 0 when it is not known.
	FullScale() float64
	// Levels returns the names of the categories of each column, nil for none.
	Levels() [][]string
	// Blocks calls f with all examples in order, some rows at a time; f may
	// change them. It returns the first error of f or of reading.
	Blocks(f func(rows linalg.Matrix[float64]) error) error
	// Lanes calls f with all examples as Blocks does, but from several goroutines
	// at once: the blocks of one lane, 0 to lanes-1, come one after the other and
	// in order. Which lane a block belongs to depends on the data alone, and the
	// first ones have at least as many as the last ones.
	Lanes(f func(lane int, rows linalg.Matrix[float64])) error
	// Indicators returns how many features, the first ones, say whether an
	// example is of a category: the outputs of one-hot.
	Indicators() int
}

// lanes is the number of lanes of a Source.
const lanes = roundBlocks

// wanted is the name and shape of a parameter to restore; a negative size
// stands for a number that all parameters of the step share: anyFeatures for
// its features, anyOutputs for its outputs.
type wanted struct {
	name  string
	shape []int
	into  *[]float64
}

const (
	anyFeatures = -1 - iota
	anyOutputs
)

// restore copies params into the places of want.
func restore(step string, params []Param, want ...wanted) error {
	if len(params) != len(want) {
		return fmt.Errorf("%s: %d tensors, want %d", step, len(params), len(want))
	}
	var shared [2]int // the sizes that negative numbers stand for
	for i, w := range want {
		p := params[i]
		if p.Name != w.name {
			return fmt.Errorf("%s: tensor %s, want %s", step, p.Name, w.name)
		}
		size, fits := 1, len(p.Shape) == len(w.shape)
		for k := 0; fits && k < len(w.shape); k++ {
			n := w.shape[k]
			if n < 0 {
				if shared[-1-n] == 0 {
					shared[-1-n] = p.Shape[k]
				}
				n = shared[-1-n]
			}
			fits = n > 0 && p.Shape[k] == n
			size *= n
		}
		if !fits || len(p.Values) != size {
			return fmt.Errorf("%s: tensor %s has shape %v and %d values", step, p.Name, p.Shape, len(p.Values))
		}
		for j, v := range p.Values {
			if v-v != 0 {
				return fmt.Errorf("%s: tensor %s: value %d is %v", step, p.Name, j, v)
			}
		}
		*w.into = append([]float64(nil), p.Values...)
	}
	return nil
}

// mean returns the mean of v.
func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
