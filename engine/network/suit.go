package network

import (
	"fmt"
	"math"

	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/rbm"
)

// Suit returns an error that names the first value of the examples x that s
// cannot be trained on, as its loss or its distribution has no sense there, or nil.
func Suit[T linalg.Float](s Spec, x linalg.Matrix[T]) error {
	switch s := s.(type) {
	case Variational:
		if err := variational.CheckData(s.Model, x); err != nil {
			return fmt.Errorf("the data do not suit the distribution of the model: %w", err)
		}
	case Deep:
		if s.Model.Softmax != nil {
			return within(x, 0, math.MaxFloat64, "a softmax gives shares of 0 or more; scale the data or choose another output")
		}
		if s.Model.Loss == nn.CrossEntropy {
			return within(x, 0, 1, "cross-entropy needs values from 0 to 1; scale the data or choose another loss")
		}
	case RBM:
		switch s.Model.VisibleUnit {
		case rbm.Binary:
			return within(x, 0, 1, "binary visible units need values from 0 to 1; scale the data or choose gaussian ones")
		case rbm.Rectified:
			return within(x, 0, math.MaxFloat64, "rectified visible units need values of 0 or more; scale the data or choose gaussian ones")
		}
	}
	return nil
}

// within returns an error that names the first value of x that is not from low
// to high, but for the rounding of float32.
func within[T linalg.Float](x linalg.Matrix[T], low, high float64, need string) error {
	const slack = 1e-6
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			if !(float64(v) >= low-slack && float64(v) <= high+slack) {
				return fmt.Errorf("example %d, feature %d is %g: %s", i, j, v, need)
			}
		}
	}
	return nil
}
