package autoencoder

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Classifier describes a softmax read-out. Without hidden layers it is UFLDL's
// softmax regression on whatever it is given, such as codes (self-taught
// learning); with the layers of an encoder below it is the network of
// fine-tuning (stacked autoencoder). For m examples of class c it minimises
// -1/m Σ log p_c plus weight decay.
type Classifier struct {
	Visible    int
	Hidden     []int // layers below the softmax; may be empty
	Classes    int   // ≥ 2
	Activation nn.Activation
	Dropout    []float64 // as in Deep
	Lambda     float64   // weight decay λ ≥ 0 of the softmax weights, default 1e-4
	DecayAll   bool      // the hidden layers' too; UFLDL's exercise decays the softmax alone
	Seed       uint64    // of dropout
}

// DefaultClassifier returns the read-out of the UFLDL exercises: sigmoid hidden
// layers and λ = 1e-4 on the softmax weights.
func DefaultClassifier(visible, classes int, hidden ...int) Classifier {
	return Classifier{Visible: visible, Hidden: hidden, Classes: classes, Activation: nn.Sigmoid, Lambda: 1e-4}
}

// Validate returns every fault of c, joined, or nil.
func (c Classifier) Validate() error {
	v := faults{model: "classifier"}
	v.sizes(c.Visible, c.Hidden)
	if c.Classes < 2 || c.Classes > 1<<20 {
		v.add("Classes = %d: want 2 to %d", c.Classes, 1<<20)
	}
	if !c.Activation.Valid() {
		v.add("Activation = %s: want a known one", c.Activation)
	}
	v.dropout(c.Dropout, len(c.Hidden))
	v.notNegative("Lambda", c.Lambda)
	return errors.Join(v.list...)
}

// Layout returns the tensors: encoder.K.weight, encoder.K.bias as in Deep, then
// softmax.weight (classes × units) and softmax.bias.
func (c Classifier) Layout() nn.Layout { return c.plan().layout }

// Init returns a new parameter vector: hidden weights as UFLDL draws them,
// softmax weights from N(0, 0.005²) (UFLDL's softmaxTrain.m), biases 0.
func (c Classifier) Init(rng *rand.Rand) []float64 {
	p := c.plan()
	theta := p.draw(rng, nn.UFLDL, 0)
	last := len(p.layers) - 1
	w := weights(&p, theta, last)
	nn.FillNormal(rng, w.Data, 0.005)
	return theta
}

func (c Classifier) plan() plan {
	p := plan{softmax: []int{c.Classes}, code: len(c.Hidden) - 1, factor: 1, seed: c.Seed, hyper: Hyper{Lambda: c.Lambda}}
	in := c.Visible
	for k, n := range c.Hidden {
		y := dense{in: in, out: n, f: c.Activation, decayed: c.DecayAll}
		if c.Dropout != nil {
			y.drop = c.Dropout[k]
		}
		p.layers = append(p.layers, y)
		in = n
	}
	p.layers = append(p.layers, dense{in: in, out: c.Classes, f: nn.Linear, decayed: true})
	p.lay(false, func(k int) string {
		if k == len(c.Hidden) {
			return "softmax"
		}
		return fmt.Sprintf("encoder.%d", k)
	})
	return p
}

// OneHot returns the targets of a Classifier for labels 0 to classes-1: a row
// of classes an example, 1 at its label. The error names the first label out of
// range.
func OneHot[T linalg.Float](labels []int, classes int) (linalg.Matrix[T], error) {
	for i, label := range labels {
		if label < 0 || label >= classes {
			return linalg.Matrix[T]{}, fmt.Errorf("label %d of example %d: want 0 to %d", label, i, classes-1)
		}
	}
	y := linalg.NewMatrix[T](len(labels), classes)
	for i, label := range labels {
		y.Set(i, label, 1)
	}
	return y, nil
}

// Accuracy returns the share of the rows of p (m×classes) whose largest value,
// the first of equal ones, is at the label, NaN without rows. It panics when
// lengths differ.
func Accuracy[T linalg.Float](p linalg.Matrix[T], labels []int) float64 {
	if p.Rows != len(labels) {
		panic(fmt.Sprintf("autoencoder: Accuracy: %d rows and %d labels", p.Rows, len(labels)))
	}
	if p.Rows == 0 {
		return math.NaN()
	}
	right := 0
	for i, label := range labels {
		best, row := 0, p.Row(i)
		for j, v := range row {
			if v > row[best] {
				best = j
			}
		}
		if best == label {
			right++
		}
	}
	return float64(right) / float64(p.Rows)
}
