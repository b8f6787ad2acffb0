package autoencoder

import (
	"errors"
	"math/rand/v2"

	"filterscope/engine/nn"
)

// Linear describes one dense layer without a bottleneck that is to learn the
// identity: x̂ = W x + b, Keras's Dense(n) on n inputs. Least squares has the
// solution W = I, b = 0; what there is to see is how slowly gradient descent
// gets there on data that vary little.
type Linear struct {
	Visible     int
	Scaling     nn.Scaling // of the squared error; nn.Mean is Keras's and PyTorch's
	Lambda      float64    // weight decay λ ≥ 0
	Initialiser nn.Initialiser
	InitScale   float64 // standard deviation of nn.Normal, > 0
}

// Validate returns every fault of l, joined, or nil.
func (l Linear) Validate() error {
	v := faults{model: "linear"}
	v.sizes(l.Visible, nil)
	if !l.Scaling.Valid() || !l.Initialiser.Valid() {
		v.add("Scaling = %s, Initialiser = %s: want known ones", l.Scaling, l.Initialiser)
	}
	v.notNegative("Lambda", l.Lambda)
	if l.Initialiser == nn.Normal && !positive(l.InitScale) {
		v.add("InitScale = %g: want InitScale > 0", l.InitScale)
	}
	return errors.Join(v.list...)
}

// Layout returns the tensors: encoder.0.weight (visible × visible) and
// encoder.0.bias.
func (l Linear) Layout() nn.Layout { return l.plan().layout }

// Init returns a new parameter vector: weights as Initialiser says, biases 0.
func (l Linear) Init(rng *rand.Rand) []float64 { return l.plan().draw(rng, l.Initialiser, l.InitScale) }

func (l Linear) plan() plan {
	p := plan{
		loss: nn.SquaredError, factor: l.Scaling.Factor(nn.SquaredError, l.Visible), hyper: Hyper{Lambda: l.Lambda},
		layers: []dense{{in: l.Visible, out: l.Visible, f: nn.Linear, decayed: true}},
	}
	p.lay(false, func(int) string { return "encoder.0" })
	return p
}
