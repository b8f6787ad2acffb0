package network

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"filterscope/engine/autoencoder"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
)

// Linear is one dense layer that learns the identity. Its outputs are what can
// be looked at: its one layer is the output.
type Linear struct{ Model autoencoder.Linear }

func linearOf(m recipe.Model, visible int) (Linear, error) {
	l := autoencoder.Linear{Visible: visible, Lambda: m.Lambda, InitScale: m.InitScale}
	return Linear{l}, errors.Join(l.Scaling.UnmarshalText([]byte(m.Scaling)), l.Initialiser.UnmarshalText([]byte(m.Initialiser)))
}

// Layout implements Spec.
func (s Linear) Layout() nn.Layout { return s.Model.Layout() }

// Validate implements Spec.
func (s Linear) Validate() error { return s.Model.Validate() }

// Init implements Spec.
func (s Linear) Init(rng *rand.Rand) []float64 { return s.Model.Init(rng) }

// Visible implements Spec.
func (s Linear) Visible() int { return s.Model.Visible }

// Outputs implements Spec.
func (s Linear) Outputs() int { return s.Model.Visible }

// Layers implements Spec.
func (s Linear) Layers() []Layer {
	return []Layer{layer("output", s.Model.Visible, nn.Linear, "encoder.0.bias")}
}

// Code implements Spec.
func (s Linear) Code() int { return 0 }

func (s Linear) links() []link { return []link{{tensor: "encoder.0.weight", pieces: 1}} }

// Stacked is UFLDL's stacked autoencoder: layers that are pre-trained one after
// the other as sparse autoencoders, and a softmax over the codes of the last
// one. Without fine-tuning, with one layer, it is self-taught learning. Its
// parameters are those of a deep autoencoder, whose decoder pre-training leaves
// behind, and then the softmax.
type Stacked struct {
	Model    autoencoder.Deep
	Top      autoencoder.Classifier
	FineTune bool
}

func stackedOf(m recipe.Model, visible, classes int) Stacked {
	hidden, code := autoencoder.Mirror(m.Layers)
	d := autoencoder.DefaultDeep(visible)
	d.Hidden, d.Code = hidden, code
	d.Activation, d.Output, d.Initialiser = nn.Sigmoid, nn.Sigmoid, nn.UFLDL
	d.Lambda, d.Beta, d.Rho, d.Sparsity = m.Lambda, m.Beta, m.Rho, autoencoder.KLSparsity
	top := autoencoder.DefaultClassifier(visible, classes, m.Layers...)
	top.Lambda = m.SoftmaxLambda
	return Stacked{Model: d, Top: top, FineTune: m.FineTune}
}

// Layout implements Spec: the tensors of the deep autoencoder, softmax.weight
// (classes × units) and softmax.bias.
func (s Stacked) Layout() nn.Layout {
	tensors := slices.Clone(s.Model.Layout())
	for _, t := range s.Top.Layout() {
		if t.Name == "softmax.weight" || t.Name == "softmax.bias" {
			tensors = append(tensors, t)
		}
	}
	return nn.NewLayout(tensors...)
}

// Validate implements Spec.
func (s Stacked) Validate() error {
	if s.Top.Classes < 2 {
		what := "no labels"
		if s.Top.Classes == 1 {
			what = "labels of one class only"
		}
		return fmt.Errorf("a stacked autoencoder ends in a softmax over classes, and these data have %s: choose data with labels, or another kind of model", what)
	}
	return errors.Join(s.Model.Validate(), s.Top.Validate())
}

// Init implements Spec.
func (s Stacked) Init(rng *rand.Rand) []float64 {
	theta := make([]float64, s.Layout().Size())
	copy(theta, s.Model.Init(rng))
	nn.CopyTensors(s.Layout(), theta, s.Top.Layout(), s.Top.Init(rng))
	return theta
}

// Visible implements Spec.
func (s Stacked) Visible() int { return s.Model.Visible }

// Outputs implements Spec.
func (s Stacked) Outputs() int { return s.Top.Classes }

// Layers implements Spec.
func (s Stacked) Layers() []Layer { return Deep{s.Model}.Layers()[:s.Model.Code+1] }

// Code implements Spec.
func (s Stacked) Code() int { return s.Model.Code }

func (s Stacked) links() []link { return Deep{s.Model}.links() }

// TopOf returns the parameters of the softmax network, encoder included, from
// those of s.
func TopOf[T interface{ ~float32 | ~float64 }](s Stacked, theta []T) []T {
	from, to := s.Layout(), s.Top.Layout()
	top := make([]T, to.Size())
	for _, t := range to {
		f, _ := from.Find(t.Name)
		copy(top[t.Offset:t.Offset+t.Len()], theta[f.Offset:f.Offset+f.Len()])
	}
	return top
}
