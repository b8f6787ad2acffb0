package autoencoder

import (
	"fmt"
	"slices"

	"filterscope/engine/nn"
)

// Pretraining returns the autoencoders of one hidden layer that greedy
// layer-wise pre-training trains one after the other (UFLDL, "Stacked
// autoencoders"), one for each layer of d's encoder: the first on the data,
// each other one on the codes of the one before it. All share the settings of d
// and penalise their codes alike; the outputs of all but the first, which are
// values of hidden units, have the activation of the hidden layers. What d asks
// of dropout is for fine-tuning.
func (d Deep) Pretraining() []Deep {
	var steps []Deep
	in := d.Visible
	for k, units := range d.Hidden[:d.Code+1] {
		s := d
		s.Visible, s.Hidden, s.Code, s.Dropout = in, []int{units}, 0, nil
		if k > 0 {
			s.Output, s.Softmax = d.Activation, nil
			if s.Loss == nn.CrossEntropy && s.Output != nn.Sigmoid {
				s.Loss = nn.SquaredError
			}
		}
		s.Seed = d.Seed + uint64(k)
		steps = append(steps, s)
		in = units
	}
	return steps
}

// Stack copies the parameters that the steps of Pretraining have learnt,
// trained[k] those of step k, into the parameter vector theta of d: encoders
// always, decoders where the decoder mirrors the encoder and has rows for them.
// There may be fewer trained steps than layers. It panics when lengths do not
// fit.
func (d Deep) Stack(theta []float64, trained [][]float64) {
	layout, steps := d.Layout(), d.Pretraining()
	if len(theta) != layout.Size() || len(trained) > len(steps) {
		panic(fmt.Sprintf("autoencoder: Stack: %d trained steps of %d into %d parameters of %d", len(trained), len(steps), len(theta), layout.Size()))
	}
	for k, from := range trained {
		part := d.places(steps[k], k)
		if len(from) != part.Size() {
			panic(fmt.Sprintf("autoencoder: Stack: step %d has %d parameters, want %d", k, len(from), part.Size()))
		}
		nn.CopyTensors(layout, theta, part, from)
	}
}

// Unstack copies from the parameter vector theta of d what step k of Pretraining
// has of it into the step's own parameters, which keep the rest: the way back of
// Stack. It panics when lengths do not fit.
func (d Deep) Unstack(own, theta []float64, k int) {
	layout, part := d.Layout(), d.places(d.Pretraining()[k], k)
	if len(theta) != layout.Size() || len(own) != part.Size() {
		panic(fmt.Sprintf("autoencoder: Unstack: %d parameters of %d into %d of %d", len(theta), layout.Size(), len(own), part.Size()))
	}
	nn.CopyTensors(part, own, layout, theta)
}

// places returns the layout of step k of Pretraining under the names that its
// tensors have in d.
func (d Deep) places(step Deep, k int) nn.Layout {
	part := slices.Clone(step.Layout())
	for i, t := range part {
		mirror := len(d.Hidden) - d.Code - 1 - k // of layer k in the decoder
		switch t.Name {
		case "encoder.0.weight", "encoder.0.bias":
			part[i].Name = fmt.Sprintf("encoder.%d%s", k, t.Name[len("encoder.0"):])
		default:
			part[i].Name = fmt.Sprintf("decoder.%d%s", mirror, t.Name[len("decoder.0"):])
		}
	}
	return part
}

// Stack copies the encoder of a deep autoencoder into the parameter vector
// theta of c, as far as c has layers of the same sizes, and returns the names
// of the tensors: the start of fine-tuning. It panics when lengths do not fit.
func (c Classifier) Stack(theta []float64, d Deep, trained []float64) []string {
	to, from := c.Layout(), d.Layout()
	if len(theta) != to.Size() || len(trained) != from.Size() {
		panic(fmt.Sprintf("autoencoder: Stack: %d parameters of %d from %d of %d", len(theta), to.Size(), len(trained), from.Size()))
	}
	return nn.CopyTensors(to, theta, from, trained)
}
