package variational

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/nn"
)

// Spec describes a variational autoencoder; see the package comment for the
// objective.
type Spec struct {
	Visible int   // features of an example, ≥ 1
	Encoder []int // sizes of the encoder's hidden layers, from the input on; may be empty
	Latent  int   // size of the code z, ≥ 1
	Decoder []int // sizes of the decoder's hidden layers, from the code on; may be empty

	Hidden           nn.Activation // of all hidden layers, default nn.ReLU; not nn.Maxout
	LatentActivation nn.Activation // of mean and log-variance of q(z|x), default nn.Linear

	Outputs []Distribution // in the order of the features, which they add up to

	Samples  int     // L, codes drawn for an example, 1 to MaxSamples, default 1
	KLWeight float64 // β ≥ 0, weight of the KL divergence, default 1
	WarmUp   int     // steps over which β grows from 0, default 0
	Lambda   float64 // weight decay λ ≥ 0, default 0
}

// MaxSamples bounds Samples.
const MaxSamples = 1000

// maxSize bounds the size of a layer, so that products of two do not overflow.
const maxSize = 1 << 28

// DefaultSpec returns a Bernoulli model like the one in PyTorch's examples,
// 400 hidden units on either side.
func DefaultSpec(visible, latent int) Spec {
	return Spec{
		Visible: visible, Encoder: []int{400}, Latent: latent, Decoder: []int{400},
		Hidden: nn.ReLU, LatentActivation: nn.Linear,
		Outputs: []Distribution{NewDistribution(Bernoulli, visible)},
		Samples: 1, KLWeight: 1,
	}
}

// Validate returns every fault of s, joined, or nil.
func (s Spec) Validate() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("variational: "+format, args...))
	}
	size := func(name string, n int) {
		if n < 1 || n > maxSize {
			fault("%s = %d: want 1 to %d", name, n, maxSize)
		}
	}
	size("Visible", s.Visible)
	size("Latent", s.Latent)
	for i, n := range s.Encoder {
		size(fmt.Sprintf("Encoder[%d]", i), n)
	}
	for i, n := range s.Decoder {
		size(fmt.Sprintf("Decoder[%d]", i), n)
	}
	for _, f := range [...]struct {
		name string
		f    nn.Activation
	}{{"Hidden", s.Hidden}, {"LatentActivation", s.LatentActivation}} {
		if err := plain(f.f); err != nil {
			fault("%s: %w", f.name, err)
		}
	}
	features := 0
	for i, d := range s.Outputs {
		if err := d.validate(); err != nil {
			fault("Outputs[%d]: %w", i, err)
		}
		features += d.Features
	}
	if features != s.Visible {
		fault("Outputs describe %d features: want all %d", features, s.Visible)
	}
	if s.Samples < 1 || s.Samples > MaxSamples {
		fault("Samples = %d: want 1 to %d", s.Samples, MaxSamples)
	}
	if !(s.KLWeight >= 0) || math.IsInf(s.KLWeight, 0) {
		fault("KLWeight = %g: want KLWeight ≥ 0", s.KLWeight)
	}
	if s.WarmUp < 0 {
		fault("WarmUp = %d: want at least 0", s.WarmUp)
	}
	if !(s.Lambda >= 0) || math.IsInf(s.Lambda, 0) {
		fault("Lambda = %g: want Lambda ≥ 0", s.Lambda)
	}
	return errors.Join(faults...)
}

// WeightAt returns the weight of the KL divergence at a step, counted from 0:
// KLWeight, or during the warm-up the share step/WarmUp of it.
func (s Spec) WeightAt(step uint64) float64 {
	if s.WarmUp > 0 && step < uint64(s.WarmUp) {
		return s.KLWeight * float64(step) / float64(s.WarmUp)
	}
	return s.KLWeight
}

// Probability reports whether all features are described by distributions, so
// that log-probabilities exist.
func (s Spec) Probability() bool {
	for _, d := range s.Outputs {
		if !d.Kind.Probability() {
			return false
		}
	}
	return true
}

// learned returns the number of features with a learned variance.
func (s Spec) learned() int {
	n := 0
	for _, d := range s.Outputs {
		if d.Kind == Gaussian {
			n += d.Features
		}
	}
	return n
}

// dense is the place of one dense layer in the parameter vector: its weights,
// out×in, and its biases.
type dense struct {
	in, out      int
	f            nn.Activation
	weight, bias int
	half         int // rows of the first of two heads, 0 unless there are two
}

// chain lists the dense layers from the input to the outputs of the decoder,
// and the index of the one that computes the two heads of the code.
func (s Spec) chain() (layers []dense, heads int) {
	at, in := 0, s.Visible
	add := func(out int, f nn.Activation, half int) {
		layers = append(layers, dense{in: in, out: out, f: f, weight: at, bias: at + in*out, half: half})
		at += in*out + out
		in = out
	}
	for _, n := range s.Encoder {
		add(n, s.Hidden, 0)
	}
	heads = len(layers)
	add(2*s.Latent, s.LatentActivation, s.Latent)
	in = s.Latent
	for _, n := range s.Decoder {
		add(n, s.Hidden, 0)
	}
	half := 0
	if s.learned() > 0 {
		half = s.Visible
	}
	add(s.Visible+s.learned(), nn.Linear, half) // the activations are those of the distributions
	return layers, heads
}

// Layout returns the tensors of the parameter vector: encoder.K.weight
// (units out × in) and encoder.K.bias, encoder.mean and encoder.logvar,
// decoder.K, decoder.mean (a row for each feature), and, for the features
// with a learned variance in their order, decoder.logvar.
func (s Spec) Layout() nn.Layout {
	layers, heads := s.chain()
	var tensors []nn.Tensor
	for k, l := range layers {
		half, number := "encoder", k
		if k > heads {
			half, number = "decoder", k-heads-1
		}
		first, second := fmt.Sprintf("%s.%d", half, number), ""
		rows := l.out
		if k == heads || k == len(layers)-1 {
			first = half + ".mean"
		}
		if l.half > 0 {
			rows, second = l.half, half+".logvar"
		}
		tensors = append(tensors, nn.Tensor{Name: first + ".weight", Shape: []int{rows, l.in}})
		if second != "" {
			tensors = append(tensors, nn.Tensor{Name: second + ".weight", Shape: []int{l.out - rows, l.in}})
		}
		tensors = append(tensors, nn.Tensor{Name: first + ".bias", Shape: []int{rows}})
		if second != "" {
			tensors = append(tensors, nn.Tensor{Name: second + ".bias", Shape: []int{l.out - rows}})
		}
	}
	return nn.NewLayout(tensors...)
}

// Init returns a new parameter vector: biases 0, weights drawn by how, whose
// scale is the standard deviation of nn.Normal. Each head counts as a layer of
// its own.
func (s Spec) Init(rng *rand.Rand, how nn.Initialiser, scale float64) []float64 {
	layout := s.Layout()
	theta := make([]float64, layout.Size())
	for _, t := range layout {
		if len(t.Shape) == 2 {
			how.Fill(rng, theta[t.Offset:t.Offset+t.Len()], t.Shape[1], t.Shape[0], scale)
		}
	}
	return theta
}
