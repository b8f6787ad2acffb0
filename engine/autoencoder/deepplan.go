package autoencoder

import (
	"fmt"
	"math/rand/v2"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// dense is one layer of a network, as the passes need it.
type dense struct {
	in, out   int // units; a unit has pieces rows of weights
	pieces    int
	f         nn.Activation
	weight    int // offsets in the parameter vector; that of the owner when tied
	bias      int
	tied      int // the layer whose weights are used transposed, -1: its own
	twin      int // the layer that uses these weights transposed, -1: none
	drop      float64
	sparse    bool // the penalty on activity is on this layer
	decayed   bool // weight decay and L1 are on these weights
	biasAt    int  // in lists of all biases
	unitAt    int  // in lists of all hidden units
	threshold uint64
}

// fan returns the rows of the weights.
func (y *dense) fan() int { return y.out * y.pieces }

// plan is a model as Network computes it.
type plan struct {
	layers  []dense
	layout  nn.Layout
	softmax []int // shape of an output layer that is a softmax over axis, nil for another; the loss is then categorical cross-entropy
	axis    int
	code    int // the layer of the codes
	hyper   Hyper
	maxW2   float64

	loss       nn.Loss
	huber      float64
	factor     float64 // the loss of an example is that times the sum over features
	sparsity   Sparsity
	corruption Corruption
	low, high  float64
	seed       uint64
}

// Hyper holds the hyper-parameters that may change during a run; see Deep.
type Hyper struct {
	Lambda, L1, Beta, Rho, Level float64
}

// plan lays d out.
func (d Deep) plan() plan {
	p := plan{
		code: d.Code, maxW2: d.MaxW2, loss: d.Loss, huber: d.HuberDelta, factor: d.Scaling.Factor(d.Loss, d.Visible),
		sparsity: d.Sparsity, corruption: d.Corruption, low: d.Low, high: d.High, seed: d.Seed,
		hyper: Hyper{d.Lambda, d.L1, d.Beta, d.Rho, d.Level}, softmax: d.Softmax, axis: d.Axis,
	}
	if d.Softmax != nil { // each place on the other axes has one loss
		p.factor = d.Scaling.Factor(d.Loss, d.Visible/d.Softmax[d.Axis])
	}
	in := d.Visible
	for k, n := range d.Hidden {
		y := dense{in: in, out: n, f: d.Activation, decayed: true, sparse: d.Sparsity != NoSparsity && (d.SparseAll || k == d.Code)}
		if d.Dropout != nil {
			y.drop = d.Dropout[k]
		}
		p.layers = append(p.layers, y)
		in = n
	}
	p.layers = append(p.layers, dense{in: in, out: d.Visible, f: d.Output, decayed: true})
	p.lay(d.Tied, func(k int) string {
		if k <= d.Code {
			return fmt.Sprintf("encoder.%d", k)
		}
		return fmt.Sprintf("decoder.%d", k-d.Code-1)
	})
	return p
}

// lay fills in what follows from the layers: places in the lists and the
// layout, with the names of the layers.
func (p *plan) lay(tied bool, name func(int) string) {
	var tensors []nn.Tensor
	last := len(p.layers) - 1
	biases, units := 0, 0
	for k := range p.layers {
		y := &p.layers[k]
		y.pieces, y.tied, y.twin = y.f.Pieces(), -1, -1
		y.biasAt, y.unitAt = biases, units
		y.threshold = share(y.drop)
		biases += y.fan()
		if k < last {
			units += y.out
		}
		if tied && k > p.code {
			y.tied = last - k
		} else {
			tensors = append(tensors, nn.Tensor{Name: name(k) + ".weight", Shape: []int{y.fan(), y.in}})
			if tied {
				y.twin = last - k
			}
		}
		tensors = append(tensors, nn.Tensor{Name: name(k) + ".bias", Shape: []int{y.fan()}})
	}
	p.layout = nn.NewLayout(tensors...)
	at := 0
	for k := range p.layers {
		y := &p.layers[k]
		if y.tied >= 0 {
			y.weight = p.layers[y.tied].weight
		} else {
			y.weight = p.layout[at].Offset
			at++
		}
		y.bias = p.layout[at].Offset
		at++
	}
}

// draw returns a new parameter vector.
func (p plan) draw(rng *rand.Rand, init nn.Initialiser, scale float64) []float64 {
	theta := make([]float64, p.layout.Size())
	for _, y := range p.layers {
		if y.tied < 0 {
			init.Fill(rng, theta[y.weight:y.weight+y.fan()*y.in], y.in, y.out, scale)
		}
	}
	return theta
}

// visible returns the number of inputs, target that of outputs.
func (p plan) visible() int { return p.layers[0].in }
func (p plan) target() int  { return p.layers[len(p.layers)-1].out }

// units returns the number of hidden units of all layers.
func (p plan) units() int { return p.layers[len(p.layers)-1].unitAt }

// biases returns the number of biases of all layers.
func (p plan) biases() int {
	y := &p.layers[len(p.layers)-1]
	return y.biasAt + y.fan()
}

// weights returns the weights of layer l in params, as they are stored: those
// of its owner when tied.
func weights[T linalg.Float](p *plan, params []T, l int) linalg.Matrix[T] {
	y := &p.layers[l]
	if y.tied >= 0 {
		y = &p.layers[y.tied]
	}
	return linalg.MatrixOf(y.fan(), y.in, params[y.weight:])
}
