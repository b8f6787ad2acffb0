package network

import (
	"math/rand/v2"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/selection"
)

// Selection is a network that learns which operation to use where. Its inputs
// are single numbers x, its targets f(x), its codes the shares of the operations.
type Selection struct{ Model selection.Spec }

// Layout implements Spec.
func (s Selection) Layout() nn.Layout { return s.Model.Layout() }

// Validate implements Spec.
func (s Selection) Validate() error { return s.Model.Validate() }

// Init implements Spec.
func (s Selection) Init(rng *rand.Rand) []float64 { return s.Model.Init(rng) }

// Visible implements Spec.
func (s Selection) Visible() int { return 1 }

// Outputs implements Spec.
func (s Selection) Outputs() int { return 1 }

// Layers implements Spec.
func (s Selection) Layers() []Layer {
	return []Layer{
		layer("hidden", s.Model.Hidden, s.Model.Activation, "encoder.0.bias"),
		{Name: "selection", Units: len(s.Model.Operations), High: 1, Bias: "encoder.1.bias"},
	}
}

// Code implements Spec.
func (s Selection) Code() int { return 1 }

func (s Selection) links() []link {
	return []link{{tensor: "encoder.0.weight", pieces: 1}, {tensor: "encoder.1.weight", pieces: 1}}
}

// Targets returns the values to learn at the places x (n×1).
func Targets[T linalg.Float](s Selection, x linalg.Matrix[T]) linalg.Matrix[T] {
	y := linalg.NewMatrix[T](x.Rows, 1)
	for i := range x.Rows {
		value, _ := s.Model.Target(float64(x.At(i, 0)))
		y.Set(i, 0, T(value))
	}
	return y
}

// column returns the single column of x.
func column[D, T linalg.Float](x linalg.Matrix[T]) []D {
	out := make([]D, x.Rows)
	for i := range out {
		out[i] = D(x.At(i, 0))
	}
	return out
}

type selectionObjective[T linalg.Float] struct{ o *selection.Objective[T] }

func (s selectionObjective[T]) Evaluate(theta []float64, x, y linalg.Matrix[T], grad []float64) nn.Terms {
	return s.o.Evaluate(theta, column[T](x), column[T](y), grad)
}

func (s selectionObjective[T]) Batch(theta []T, x, y linalg.Matrix[T], _ int, grad []T) nn.Terms {
	return s.o.Batch(theta, column[T](x), column[T](y), grad)
}

func (s selectionObjective[T]) Test(theta []float64, x, y linalg.Matrix[T]) nn.Terms {
	return s.Evaluate(theta, x, y, nil)
}
func (s selectionObjective[T]) Activity() []float64   { return nil }
func (s selectionObjective[T]) Running() []float64    { return nil }
func (s selectionObjective[T]) SetRunning([]float64)  {}
func (s selectionObjective[T]) SetHyper(Hyper)        {}
func (s selectionObjective[T]) Hold(linalg.Matrix[T]) {}
func (s selectionObjective[T]) Constrain([]T)         {}

type selectionNetwork[T linalg.Float] struct{ s selection.Spec }

// Encode writes the values of the hidden units, or the shares of the operations.
func (n selectionNetwork[T]) Encode(theta []T, layer int, x, dst linalg.Matrix[T]) {
	if layer == 1 {
		linalg.Convert(dst, n.s.Probabilities(linalg.Converted[float64](theta), column[float64](x)))
		return
	}
	layout := n.s.Layout()
	w, b := nn.View(theta, layout[0]), nn.View(theta, layout[1])
	for i := range x.Rows {
		u := 2*(x.At(i, 0)-T(n.s.Low))/T(n.s.High-n.s.Low) - 1
		for j := range dst.Cols {
			dst.Set(i, j, w.At(j, 0)*u)
		}
	}
	nn.Activate(n.s.Activation, dst, b.Data, nil)
}

// Decode writes zeros: what a selection gives depends on x, too.
func (n selectionNetwork[T]) Decode(_ []T, _, dst linalg.Matrix[T]) {
	for i := range dst.Rows {
		clear(dst.Row(i))
	}
}

// Reconstruct writes what the network gives at x, by soft selection.
func (n selectionNetwork[T]) Reconstruct(theta []T, x, dst linalg.Matrix[T]) {
	for i, y := range n.s.Output(linalg.Converted[float64](theta), column[float64](x)) {
		dst.Set(i, 0, T(y))
	}
}
