package network

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"filterscope/engine/autoencoder"
	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/nn"
	"filterscope/engine/rbm"
	"filterscope/engine/recipe"
)

// Spec describes a network. Its parameters are one flat vector.
type Spec interface {
	// Layout names the parts of the parameter vector, as in model files.
	Layout() nn.Layout
	// Validate returns every fault, joined, or nil.
	Validate() error
	// Init draws a new parameter vector.
	Init(rng *rand.Rand) []float64
	// Visible is the number of features of an input.
	Visible() int
	// Outputs is the number of columns of a target.
	Outputs() int
	// Layers are the hidden layers, at least one, from the input on.
	Layers() []Layer
	// Code is the index in Layers of the layer whose values are the codes.
	Code() int
	// links are the weights from the input through all layers to the output.
	links() []link
}

// Layer is a hidden layer.
type Layer struct {
	Name  string // for people: "hidden 1", "code"
	Units int
	// Activation is the function of its units; Low and High bound their values, and
	// may be infinite.
	Activation nn.Activation
	Low, High  float64
	Bias       string // name of the tensor of its biases
}

func layer(name string, units int, f nn.Activation, bias string) Layer {
	low, high := f.Range()
	return Layer{Name: name, Units: units, Activation: f, Low: low, High: high, Bias: bias}
}

// link is one product on the way from the input to the output: units out of the
// next layer × units of this one, or transposed. Where a unit has several
// linear pieces its first is looked at.
type link struct {
	tensor     string
	transposed bool
	pieces     int
}

// Input is what a network must know of the examples that it sees.
type Input struct {
	Visible int   // features
	Classes int   // that their labels tell apart, where it needs labels
	Shape   []int // rows, columns and, of colour, channels of an image; nil of others
	// Low and High are the least and the largest value of the training examples, where
	// salt and pepper are to be such; equal when nobody has looked.
	Low, High float64
}

// Of returns the network of a recipe for such an input. Faults of the model
// that only show with that are errors.
func Of(r recipe.Recipe, in Input) (Spec, error) {
	s, err := bind(r, in)
	if err != nil {
		return nil, err
	}
	return s, s.Validate()
}

// bind builds the spec of a recipe.
func bind(r recipe.Recipe, in Input) (Spec, error) {
	m, visible := r.Model, in.Visible
	switch m.Kind {
	case recipe.KindSparse:
		return sparseOf(m, visible), nil
	case recipe.KindDeep, recipe.KindDenoising:
		d, err := deepOf(m, in, r.Seed)
		return Deep{d}, err
	case recipe.KindLinear:
		return linearOf(m, visible)
	case recipe.KindVariational:
		return variationalOf(m, visible, r.Seed)
	case recipe.KindRBM:
		return rbmOf(m, visible)
	case recipe.KindSelection:
		return Selection{m.Selection()}, nil
	case recipe.KindStacked:
		return stackedOf(m, visible, in.Classes), nil
	}
	return nil, fmt.Errorf("a model of kind %q is not trained like a network", m.Kind)
}

// Sparse is UFLDL's sparse autoencoder.
type Sparse struct{ Model autoencoder.Sparse }

func sparseOf(m recipe.Model, visible int) Sparse {
	s := autoencoder.DefaultSparse(visible, m.Hidden)
	s.Lambda, s.Beta, s.Rho = m.Lambda, m.Beta, m.Rho
	if m.Decoder == recipe.DecoderLinear {
		s.Decoder = nn.Linear
	}
	return Sparse{s}
}

// Layout implements Spec.
func (s Sparse) Layout() nn.Layout { return s.Model.Layout() }

// Validate implements Spec.
func (s Sparse) Validate() error { return s.Model.Validate() }

// Init implements Spec.
func (s Sparse) Init(rng *rand.Rand) []float64 { return s.Model.Init(rng) }

// Visible implements Spec.
func (s Sparse) Visible() int { return s.Model.Visible }

// Outputs implements Spec.
func (s Sparse) Outputs() int { return s.Model.Visible }

// Layers implements Spec.
func (s Sparse) Layers() []Layer {
	return []Layer{layer("hidden", s.Model.Hidden, nn.Sigmoid, "encoder.0.bias")}
}

// Code implements Spec.
func (s Sparse) Code() int { return 0 }

func (s Sparse) links() []link {
	return []link{{tensor: "encoder.0.weight", pieces: 1}, {tensor: "decoder.0.weight", pieces: 1}}
}

// Deep is an autoencoder with any number of layers; a denoising one is one with
// a single layer and corrupted input.
type Deep struct{ Model autoencoder.Deep }

func deepOf(m recipe.Model, in Input, seed uint64) (autoencoder.Deep, error) {
	d := autoencoder.DefaultDeep(in.Visible, m.Layers...)
	switch {
	case m.Kind == recipe.KindDenoising:
		d.Hidden, d.Code = []int{m.Hidden}, 0
	case !m.Mirror:
		d.Hidden, d.Code = slices.Clone(m.Layers), autoencoder.Narrowest(m.Layers)
	}
	d.Tied, d.HuberDelta = m.Tied, m.Huber
	d.Lambda, d.L1, d.MaxW2, d.Beta, d.Rho = m.Lambda, m.L1, m.MaxW2, m.Beta, m.Rho
	d.SparseAll = m.SparseAll
	d.InitScale, d.Seed = m.InitScale, seed
	if m.InputDropout > 0 {
		d.Corruption, d.Level = autoencoder.Masking, m.InputDropout
	}
	switch len(m.Dropout) {
	case 0:
	case 1:
		d.Dropout = slices.Repeat(m.Dropout, len(d.Hidden))
	default:
		d.Dropout = slices.Clone(m.Dropout)
	}
	output := d.Output.UnmarshalText([]byte(m.Decoder))
	if m.Decoder == recipe.DecoderSoftmax {
		d.Output = nn.Linear
		d.Softmax, d.Axis, output = softmaxOf(m, in)
	}
	faults := errors.Join(
		d.Activation.UnmarshalText([]byte(m.Activation)), output,
		d.Loss.UnmarshalText([]byte(m.Loss)), d.Scaling.UnmarshalText([]byte(m.Scaling)),
		d.Sparsity.UnmarshalText([]byte(m.Sparsity)), d.Initialiser.UnmarshalText([]byte(m.Initialiser)),
	)
	if m.Kind == recipe.KindDenoising {
		d.Level = m.Level
		if in.Low < in.High {
			d.Low, d.High = in.Low, in.High
		}
		faults = errors.Join(faults, d.Corruption.UnmarshalText([]byte(m.Corruption)))
	}
	return d, faults
}

// softmaxOf returns the shape of the examples and which of its axes m has its
// softmax over.
func softmaxOf(m recipe.Model, in Input) (shape []int, axis int, err error) {
	shape = in.Shape
	names := []string{"rows", "columns", "channels"}[:len(shape)]
	if len(shape) == 0 {
		shape, names = []int{in.Visible}, []string{"features"}
	}
	if axis = m.SoftmaxAxis; axis < 0 {
		axis += len(shape)
	}
	want := ""
	if axis < 0 || axis >= len(shape) {
		want = fmt.Sprintf("0 to %d, or -1 for the last", len(shape)-1)
	} else if shape[axis] < 2 {
		want = "an axis with 2 values or more, as a single one always has the share 1"
	}
	if want != "" {
		err = fmt.Errorf("model.softmax_axis = %d: the examples are %s (%s): want %s", m.SoftmaxAxis, sizes(shape), strings.Join(names, " × "), want)
	}
	return shape, axis, err
}

func sizes(shape []int) string {
	parts := make([]string, len(shape))
	for i, n := range shape {
		parts[i] = fmt.Sprint(n)
	}
	return strings.Join(parts, " × ")
}

// Layout implements Spec.
func (s Deep) Layout() nn.Layout { return s.Model.Layout() }

// Validate implements Spec.
func (s Deep) Validate() error { return s.Model.Validate() }

// Init implements Spec.
func (s Deep) Init(rng *rand.Rand) []float64 { return s.Model.Init(rng) }

// Visible implements Spec.
func (s Deep) Visible() int { return s.Model.Visible }

// Outputs implements Spec.
func (s Deep) Outputs() int { return s.Model.Visible }

// Layers implements Spec.
func (s Deep) Layers() []Layer {
	var all []Layer
	for k, n := range s.Model.Hidden {
		name, bias := fmt.Sprintf("hidden %d", k+1), fmt.Sprintf("encoder.%d.bias", k)
		if k == s.Model.Code {
			name = "code"
		} else if k > s.Model.Code {
			bias = fmt.Sprintf("decoder.%d.bias", k-s.Model.Code-1)
		}
		all = append(all, layer(name, n, s.Model.Activation, bias))
	}
	return all
}

// Code implements Spec.
func (s Deep) Code() int { return s.Model.Code }

func (s Deep) links() []link {
	var all []link
	layers := len(s.Model.Hidden) + 1
	for k := range layers {
		pieces := s.Model.Activation.Pieces()
		if k == layers-1 {
			pieces = s.Model.Output.Pieces()
		}
		switch {
		case k <= s.Model.Code:
			all = append(all, link{fmt.Sprintf("encoder.%d.weight", k), false, pieces})
		case s.Model.Tied:
			all = append(all, link{fmt.Sprintf("encoder.%d.weight", layers-1-k), true, pieces})
		default:
			all = append(all, link{fmt.Sprintf("decoder.%d.weight", k-s.Model.Code-1), false, pieces})
		}
	}
	return all
}

// Variational is a variational autoencoder.
type Variational struct {
	Model       variational.Spec
	Initialiser nn.Initialiser
	InitScale   float64
	Seed        uint64 // of the noise
}

func variationalOf(m recipe.Model, visible int, seed uint64) (Variational, error) {
	v := variational.DefaultSpec(visible, m.Latent)
	v.Encoder, v.Decoder = slices.Clone(m.Layers), slices.Clone(m.DecoderLayers)
	v.Samples, v.KLWeight, v.WarmUp, v.Lambda = m.Samples, m.KLWeight, m.WarmUp, m.Lambda
	s := Variational{InitScale: m.InitScale, Seed: seed}
	var output nn.Activation
	var loss nn.Loss
	faults := errors.Join(
		v.Hidden.UnmarshalText([]byte(m.Activation)), v.LatentActivation.UnmarshalText([]byte(m.LatentActivation)),
		output.UnmarshalText([]byte(m.Decoder)), loss.UnmarshalText([]byte(m.Loss)), s.Initialiser.UnmarshalText([]byte(m.Initialiser)),
	)
	names, features, err := m.Distributions()
	faults = errors.Join(faults, err)
	described := 0
	for _, n := range features {
		described += n
	}
	if described > 0 && described != visible {
		faults = errors.Join(faults, fmt.Errorf("model.distribution = %q describes %d features, and the network sees %d: make the numbers add up to that", m.Distribution, described, visible))
	}
	v.Outputs = nil
	for i, name := range names {
		n := features[i]
		if n == 0 {
			n = visible
		}
		kind := variational.PlainLoss
		if name != "loss" {
			if kind, err = variational.ParseKind(name); err != nil {
				return s, errors.Join(faults, err)
			}
		}
		d := variational.NewDistribution(kind, n)
		if kind != variational.Bernoulli {
			d.Activation = output
		}
		d.Loss, d.Huber = loss, m.Huber
		v.Outputs = append(v.Outputs, d)
	}
	s.Model = v
	return s, faults
}

// Layout implements Spec.
func (s Variational) Layout() nn.Layout { return s.Model.Layout() }

// Validate implements Spec.
func (s Variational) Validate() error { return s.Model.Validate() }

// Init implements Spec.
func (s Variational) Init(rng *rand.Rand) []float64 {
	return s.Model.Init(rng, s.Initialiser, s.InitScale)
}

// Visible implements Spec.
func (s Variational) Visible() int { return s.Model.Visible }

// Outputs implements Spec.
func (s Variational) Outputs() int { return s.Model.Visible }

// Layers implements Spec. The code is the mean of q(z|x).
func (s Variational) Layers() []Layer {
	var all []Layer
	for k, n := range s.Model.Encoder {
		all = append(all, layer(fmt.Sprintf("hidden %d", k+1), n, s.Model.Hidden, fmt.Sprintf("encoder.%d.bias", k)))
	}
	all = append(all, layer("code", s.Model.Latent, s.Model.LatentActivation, "encoder.mean.bias"))
	for k, n := range s.Model.Decoder {
		all = append(all, layer(fmt.Sprintf("hidden %d", len(all)+1), n, s.Model.Hidden, fmt.Sprintf("decoder.%d.bias", k)))
	}
	return all
}

// Code implements Spec.
func (s Variational) Code() int { return len(s.Model.Encoder) }

func (s Variational) links() []link {
	var all []link
	for k := range s.Model.Encoder {
		all = append(all, link{tensor: fmt.Sprintf("encoder.%d.weight", k), pieces: 1})
	}
	all = append(all, link{tensor: "encoder.mean.weight", pieces: 1})
	for k := range s.Model.Decoder {
		all = append(all, link{tensor: fmt.Sprintf("decoder.%d.weight", k), pieces: 1})
	}
	return append(all, link{tensor: "decoder.mean.weight", pieces: 1})
}

// RBM is a restricted Boltzmann machine.
type RBM struct {
	Model   rbm.Spec
	Uniform bool // the weights start as in Theano's tutorial
}

func rbmOf(m recipe.Model, visible int) (RBM, error) {
	s := RBM{Model: rbm.Spec{Visible: visible, Hidden: m.Hidden}, Uniform: m.Initialiser == "uniform"}
	return s, errors.Join(s.Model.VisibleUnit.UnmarshalText([]byte(m.VisibleUnits)), s.Model.HiddenUnit.UnmarshalText([]byte(m.HiddenUnits)))
}

// TrainingOf returns how the machine of a recipe learns.
func TrainingOf(r recipe.Recipe) rbm.Training {
	m := r.Model
	return rbm.Training{
		K: m.K, Persistent: m.Persistent, Chains: max(m.Chains, 1), VisibleMeans: m.VisibleMeans,
		LearningRate: r.Optimizer.LearningRate, Momentum: r.Optimizer.Momentum,
		Lambda: m.Lambda, L1: m.L1, Beta: m.Beta, Rho: m.Rho,
	}
}

// Layout implements Spec.
func (s RBM) Layout() nn.Layout { return s.Model.Layout() }

// Validate implements Spec.
func (s RBM) Validate() error { return s.Model.Validate() }

// Init implements Spec.
func (s RBM) Init(rng *rand.Rand) []float64 {
	if s.Uniform {
		return s.Model.InitUniform(rng)
	}
	return s.Model.Init(rng)
}

// Visible implements Spec.
func (s RBM) Visible() int { return s.Model.Visible }

// Outputs implements Spec.
func (s RBM) Outputs() int { return s.Model.Visible }

// Layers implements Spec.
func (s RBM) Layers() []Layer {
	f := nn.Sigmoid
	switch s.Model.HiddenUnit {
	case rbm.Gaussian:
		f = nn.Linear
	case rbm.Rectified:
		f = nn.Softplus
	}
	return []Layer{layer("hidden", s.Model.Hidden, f, "hidden.bias")}
}

// Code implements Spec.
func (s RBM) Code() int { return 0 }

func (s RBM) links() []link {
	return []link{{tensor: "weight", pieces: 1}, {tensor: "weight", transposed: true, pieces: 1}}
}
