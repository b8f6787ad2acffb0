package autoencoder

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"filterscope/engine/nn"
)

// Deep describes an autoencoder with any number of hidden layers: H2O's deep
// autoencoder, UFLDL's stacked one, and DL4J's denoising one (one hidden layer,
// tied, corrupted input). docs/methods.md has the formulas.
type Deep struct {
	Visible int   // units of the input and the reconstruction, ≥ 1
	Hidden  []int // units of the hidden layers, first to last, at least one; H2O's hidden
	// Code is the index in Hidden of the layer whose values are the codes: up to it
	// layers belong to the encoder, after it to the decoder.
	Code int
	// Tied gives each layer of the decoder the transposed weights of the
	// encoder's layer that mirrors it; biases stay free. Hidden must then be its own
	// mirror image, and maxout has too many weights for it.
	Tied       bool
	Activation nn.Activation // of the hidden layers
	// Output is the activation of the reconstruction: Linear by default. H2O
	// uses that of the hidden layers; what lies outside its range cannot be
	// reconstructed then.
	Output nn.Activation
	// Softmax is the shape of an example, a row-major tensor, whose outputs are
	// shares along Axis: a soft-max over it at each place on the other axes. Output is
	// then Linear and Loss nn.CrossEntropy, which means the categorical one. nil, the
	// default, is for outputs that are not.
	Softmax []int
	Axis    int

	Loss       nn.Loss
	HuberDelta float64 // where Huber's loss becomes linear, > 0, default 1; other losses ignore it
	Scaling    nn.Scaling

	// Corruption changes the input while training; the target stays clean.
	Corruption Corruption
	Level      float64 // share of inputs changed in [0, 1]; GaussianNoise: standard deviation ≥ 0
	Low, High  float64 // the two values of SaltAndPepper, default 0 and 1
	// Dropout is the share of units in [0, 1) that each hidden layer silences while
	// training; nil means none. Where nothing is silenced, values are multiplied by
	// one less that share, as H2O does.
	Dropout []float64

	Lambda float64 // weight decay λ/2 Σw² with λ ≥ 0; H2O's l2
	L1     float64 // λ₁ Σ|w| with λ₁ ≥ 0; H2O's l1
	MaxW2  float64 // cap on Σw² of the weights into a unit, see Network.Constrain; 0 means none

	Sparsity  Sparsity
	Beta      float64 // weight of the sparsity term β ≥ 0
	Rho       float64 // wanted mean activation of KLSparsity, 0 < ρ < 1
	SparseAll bool    // the penalty is on every hidden layer, not the codes alone

	Initialiser nn.Initialiser
	InitScale   float64 // standard deviation of nn.Normal, > 0, default 0.01
	Seed        uint64  // of corruption and dropout
}

// DefaultDeep returns a tanh autoencoder with linear output and squared error
// whose encoder has the given hidden layers, the last of them the codes, and
// whose decoder is its mirror image.
func DefaultDeep(visible int, encoder ...int) Deep {
	hidden, code := Mirror(encoder)
	return Deep{
		Visible: visible, Hidden: hidden, Code: code,
		Activation: nn.Tanh, Output: nn.Linear, Loss: nn.SquaredError, HuberDelta: 1,
		High: 1, Rho: 0.05, Initialiser: nn.Glorot, InitScale: 0.01,
	}
}

// DefaultH2O returns what H2O's deep learning trains as an autoencoder with
// activation Tanh and these hidden layers: tanh in the output layer too, free
// weights, the codes in the narrowest layer.
func DefaultH2O(visible int, hidden ...int) Deep {
	d := DefaultDeep(visible, hidden...)
	d.Hidden, d.Code, d.Output = slices.Clone(hidden), Narrowest(hidden), nn.Tanh
	return d
}

// DefaultDenoising returns DL4J's AutoEncoder layer: sigmoid units, tied
// weights, cross-entropy, and 0.3 of the inputs masked.
func DefaultDenoising(visible, hidden int) Deep {
	d := DefaultDeep(visible, hidden)
	d.Activation, d.Output, d.Loss, d.Tied = nn.Sigmoid, nn.Sigmoid, nn.CrossEntropy, true
	d.Corruption, d.Level = Masking, 0.3
	return d
}

// Mirror returns the hidden layers of an encoder followed by their mirror
// image without the last, and the index of that last one.
func Mirror(encoder []int) (hidden []int, code int) {
	hidden = slices.Clone(encoder)
	for i := len(encoder) - 2; i >= 0; i-- {
		hidden = append(hidden, encoder[i])
	}
	return hidden, max(len(encoder)-1, 0)
}

// Narrowest returns the index of the smallest layer, the first of several.
func Narrowest(hidden []int) int {
	at := 0
	for i, n := range hidden {
		if n < hidden[at] {
			at = i
		}
	}
	return at
}

// Validate returns every fault of d, joined, or nil. What fits in memory it does not
// know: see train.Prepare.
func (d Deep) Validate() error {
	v := faults{model: "deep"}
	v.sizes(d.Visible, d.Hidden)
	if len(d.Hidden) == 0 {
		v.add("Hidden has no layer: want at least one")
	} else if d.Code < 0 || d.Code >= len(d.Hidden) {
		v.add("Code = %d: want 0 to %d", d.Code, len(d.Hidden)-1)
	}
	if d.Tied && (d.Code*2+1 != len(d.Hidden) || !slices.Equal(d.Hidden, reversed(d.Hidden))) {
		v.add("Tied with Hidden = %d, Code = %d: want the decoder to mirror the encoder", d.Hidden, d.Code)
	}
	if d.Tied && (d.Activation == nn.Maxout || d.Output == nn.Maxout) {
		v.add("Tied with maxout: want free weights, or another activation")
	}
	if !d.Activation.Valid() || !d.Output.Valid() {
		v.add("Activation = %s, Output = %s: want known activations", d.Activation, d.Output)
	}
	if !d.Loss.Valid() || !d.Scaling.Valid() || !d.Initialiser.Valid() {
		v.add("Loss = %s, Scaling = %s, Initialiser = %s: want known ones", d.Loss, d.Scaling, d.Initialiser)
	}
	if d.Loss == nn.CrossEntropy && d.Output != nn.Sigmoid && d.Softmax == nil {
		v.add("Loss = cross-entropy with Output = %s: want sigmoid, or a softmax", d.Output)
	}
	v.softmax(d)
	if d.Loss == nn.Huber && !positive(d.HuberDelta) {
		v.add("HuberDelta = %g: want HuberDelta > 0", d.HuberDelta)
	}
	v.noise(d.Corruption, d.Level, d.Low, d.High)
	v.dropout(d.Dropout, len(d.Hidden))
	v.notNegative("Lambda", d.Lambda)
	v.notNegative("L1", d.L1)
	v.notNegative("MaxW2", d.MaxW2)
	switch d.Sparsity {
	case NoSparsity:
	case KLSparsity:
		v.notNegative("Beta", d.Beta)
		if !(d.Rho > 0 && d.Rho < 1) {
			v.add("Rho = %g: want 0 < Rho < 1", d.Rho)
		}
		if d.Activation != nn.Sigmoid {
			v.add("Sparsity = kl with Activation = %s: want sigmoid, or l1", d.Activation)
		}
	case L1Sparsity:
		v.notNegative("Beta", d.Beta)
	default:
		v.add("Sparsity = %s: want none, kl or l1", d.Sparsity)
	}
	if d.Initialiser == nn.Normal && !positive(d.InitScale) {
		v.add("InitScale = %g: want InitScale > 0", d.InitScale)
	}
	return errors.Join(v.list...)
}

// faults collects what Validate finds.
type faults struct {
	model string
	list  []error
}

func (v *faults) add(format string, args ...any) {
	v.list = append(v.list, fmt.Errorf(v.model+": "+format, args...))
}

func (v *faults) sizes(visible int, hidden []int) {
	const most = 1 << 30 // products of two stay in an int
	if visible < 1 || visible > most {
		v.add("Visible = %d: want 1 to %d", visible, most)
	}
	for k, n := range hidden {
		if n < 1 || n > most {
			v.add("Hidden[%d] = %d: want 1 to %d", k, n, most)
		}
	}
}

func (v *faults) softmax(d Deep) {
	if d.Softmax == nil {
		return
	}
	size := 1
	for _, n := range d.Softmax {
		size *= n
	}
	switch {
	case size != d.Visible:
		v.add("Softmax of shape %v with %d units: want as many values", d.Softmax, d.Visible)
	case d.Axis < 0 || d.Axis >= len(d.Softmax):
		v.add("Axis = %d of the shape %v: want 0 to %d", d.Axis, d.Softmax, len(d.Softmax)-1)
	case d.Softmax[d.Axis] < 2:
		v.add("Axis = %d of the shape %v: want one with 2 values or more, as a single one always has the share 1", d.Axis, d.Softmax)
	}
	if d.Output != nn.Linear || d.Loss != nn.CrossEntropy {
		v.add("Softmax with Output = %s, Loss = %s: want linear and cross-entropy", d.Output, d.Loss)
	}
}

func (v *faults) notNegative(name string, value float64) {
	if !(value >= 0) || math.IsInf(value, 0) {
		v.add("%s = %g: want %[1]s ≥ 0", name, value)
	}
}

func (v *faults) noise(c Corruption, level, low, high float64) {
	switch c {
	case NoCorruption:
	case GaussianNoise:
		v.notNegative("Level", level)
	case Masking, SaltAndPepper:
		if !(level >= 0 && level <= 1) {
			v.add("Level = %g: want 0 ≤ Level ≤ 1", level)
		}
		if c == SaltAndPepper && !(low < high) {
			v.add("Low = %g, High = %g: want Low < High", low, high)
		}
	default:
		v.add("Corruption = %s: want none, masking, gaussian or salt-and-pepper", c)
	}
}

func (v *faults) dropout(shares []float64, layers int) {
	if shares != nil && len(shares) != layers {
		v.add("Dropout has %d shares: want none, or one for each of %d hidden layers", len(shares), layers)
	}
	for k, share := range shares {
		if !(share >= 0 && share < 1) {
			v.add("Dropout[%d] = %g: want 0 ≤ Dropout < 1", k, share)
		}
	}
}

func positive(v float64) bool { return v > 0 && !math.IsInf(v, 0) }

func reversed(list []int) []int {
	back := slices.Clone(list)
	slices.Reverse(back)
	return back
}

// Layout returns the tensors of the parameter vector, layer by layer:
// encoder.K.weight (units out × units in; maxout units have two rows each),
// encoder.K.bias, decoder.K.weight unless tied, and decoder.K.bias, K from 0 at
// the input side of each half.
func (d Deep) Layout() nn.Layout { return d.plan().layout }

// Init returns a new parameter vector: weights as Initialiser says, biases 0.
func (d Deep) Init(rng *rand.Rand) []float64 { return d.plan().draw(rng, d.Initialiser, d.InitScale) }
