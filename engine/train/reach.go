package train

import (
	"fmt"
	"math"

	"filterscope/engine/autoencoder"
	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
)

// OutOfReach says in one sentence which values of the training data, or which
// variances, the output layer of the network cannot give, whatever it learns, and
// "" when it can give all of them.
func (p *Problem) OutOfReach() string {
	if v, ok := p.spec.(network.Variational); ok {
		return boundedParameter(v.Model.Outputs)
	}
	f, ok := outputOf(p.spec)
	if !ok {
		return ""
	}
	if d, ok := p.spec.(network.Deep); ok && d.Model.Softmax != nil {
		if p.double != nil {
			return otherSums(d.Model, p.double.training.x)
		}
		return otherSums(d.Model, p.single.training.x)
	}
	if p.double != nil {
		return outOfReach(f, p.double.training.x)
	}
	return outOfReach(f, p.single.training.x)
}

// outputOf returns the activation of the output layer of an autoencoder.
func outputOf(s network.Spec) (f nn.Activation, ok bool) {
	switch s := s.(type) {
	case network.Sparse:
		return s.Model.Decoder, true
	case network.Deep:
		return s.Model.Output, true
	}
	return f, false
}

// boundedParameter says which variances or rates a distribution whose parameters
// go through an activation with bounds cannot have: of a Gaussian that is so in
// DL4J, whose default is tanh.
func boundedParameter(outputs []variational.Distribution) string {
	for _, d := range outputs {
		what := map[variational.Kind]string{variational.Gaussian: "variances", variational.Exponential: "rates"}[d.Kind]
		low, high := d.Activation.Range()
		if what == "" || math.IsInf(low, -1) && math.IsInf(high, 1) {
			continue
		}
		bounds := fmt.Sprintf("of %.3g and more", math.Exp(low))
		if !math.IsInf(high, 1) {
			bounds = fmt.Sprintf("from %.3g to %.3g", math.Exp(low), math.Exp(high))
		}
		return fmt.Sprintf("the %s distribution has only %s %s, since their logarithms go through %s outputs; linear ones have no bounds (model.decoder)", d.Kind, what, bounds, d.Activation)
	}
	return ""
}

// otherSums says how many of the places that a softmax gives shares at have
// values that add up to something else.
func otherSums[T linalg.Float](d autoencoder.Deep, x linalg.Matrix[T]) string {
	const slack = 1e-3
	lanes, n := nn.Lanes(d.Softmax, d.Axis)
	beyond, low, high := 0, math.Inf(1), math.Inf(-1)
	sums := make([]float64, lanes)
	for i := range x.Rows {
		nn.LaneSums(sums, x.Row(i), d.Softmax, d.Axis)
		for _, v := range sums {
			low, high = min(low, v), max(high, v)
			if math.Abs(v-1) > slack && v > slack { // nothing at a place is no class
				beyond++
			}
		}
	}
	if beyond == 0 {
		return ""
	}
	return fmt.Sprintf("at %.3g %% of the places the %d values along axis %d do not add up to 1 (%.3g to %.3g), and softmax outputs do: they learn the shares of the values, not the values",
		100*float64(beyond)/float64(lanes*x.Rows), n, d.Axis, low, high)
}

func outOfReach[T linalg.Float](f nn.Activation, x linalg.Matrix[T]) string {
	const slack = 1e-6 // of numbers in float32
	least, most := f.Range()
	low, high := float64(x.At(0, 0)), float64(x.At(0, 0))
	beyond := 0
	for i := range x.Rows {
		for _, value := range x.Row(i) {
			v := float64(value)
			low, high = min(low, v), max(high, v)
			if v < least-slack || v > most+slack {
				beyond++
			}
		}
	}
	if beyond == 0 {
		return ""
	}
	bounds := fmt.Sprintf("from %g up", least)
	if !math.IsInf(most, 1) {
		bounds = fmt.Sprintf("from %g to %g", least, most)
	}
	return fmt.Sprintf("%.3g %% of the values cannot be reconstructed: they go from %.3g to %.3g, and outputs of %s only %s; linear ones have no bounds",
		100*float64(beyond)/float64(x.Rows*x.Cols), low, high, f, bounds)
}
