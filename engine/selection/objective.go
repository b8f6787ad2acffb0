package selection

import (
	"fmt"
	"math"
	"slices"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// The names of the terms of an objective.
const (
	TermError   = "squared error"
	TermSpread  = "spread"
	TermEntropy = "entropy"
)

// Objective evaluates a network that selects, and its gradient, in T. After the
// first evaluation of a number of examples only its five products allocate, a
// little.
type Objective[T linalg.Float] struct {
	spec   Spec
	layout nn.Layout
	terms  [3]nn.Term

	operations []func(float64) float64
	wide       []T // parameters of Evaluate, converted
	wideGrad   []T

	// Of the examples at hand, a row each.
	shape   []int            // of scores, p and values
	u       linalg.Matrix[T] // n×1, x moved to [-1, 1]
	hidden  linalg.Matrix[T] // n×h
	scores  linalg.Matrix[T] // n×K: g(x)/τ, then its delta
	p       linalg.Matrix[T] // n×K
	values  linalg.Matrix[T] // n×K, op_k(x)
	back    linalg.Matrix[T] // n×h, the delta of hidden
	nothing []T              // h zeros
}

// NewObjective returns the objective of s, which must be valid.
func NewObjective[T linalg.Float](s Spec) *Objective[T] {
	o := &Objective[T]{spec: s, layout: s.Layout(), terms: [3]nn.Term{{Name: TermError}, {Name: TermSpread}, {Name: TermEntropy}}}
	for _, name := range s.Operations {
		op, err := find(name)
		if err != nil {
			panic("selection: NewObjective: " + err.Error())
		}
		o.operations = append(o.operations, op.f)
	}
	o.nothing = make([]T, s.Hidden)
	return o
}

// Spec returns what the objective was made for, with the hyper-parameters now in
// force.
func (o *Objective[T]) Spec() Spec { return o.spec }

// SetHyper changes temperature, rivalry and entropy weight from the next
// evaluation on.
func (o *Objective[T]) SetHyper(temperature, rivalry, entropy float64) {
	o.spec.Temperature, o.spec.Rivalry, o.spec.Entropy = temperature, rivalry, entropy
}

// Evaluate returns the terms of J at theta over the examples x with the targets y,
// and writes the gradient to grad unless that is nil; it is 0 for a hard
// selection. Parameters are converted to T. The terms share memory with o and hold
// until the next evaluation. It panics when lengths do not fit or x is empty.
func (o *Objective[T]) Evaluate(theta []float64, x, y []T, grad []float64) nn.Terms {
	o.wide = slices.Grow(o.wide[:0], len(theta))
	for _, v := range theta {
		o.wide = append(o.wide, T(v))
	}
	if grad == nil {
		return o.Batch(o.wide, x, y, nil)
	}
	o.wideGrad = slices.Grow(o.wideGrad[:0], len(grad))[:len(grad)]
	terms := o.Batch(o.wide, x, y, o.wideGrad)
	for i, v := range o.wideGrad {
		grad[i] = float64(v)
	}
	return terms
}

// Batch is Evaluate for parameters and gradient in T: what a Stepper works on.
func (o *Objective[T]) Batch(theta, x, y, grad []T) nn.Terms {
	if len(y) != len(x) || len(x) == 0 || (grad != nil && len(grad) != len(theta)) {
		panic(fmt.Sprintf("selection: Batch: %d parameters, gradient of %d, %d examples and %d targets",
			len(theta), len(grad), len(x), len(y)))
	}
	o.forward(theta, x)
	n, sum, spread, entropy := float64(len(x)), 0.0, 0.0, 0.0
	for i := range x {
		p, values, d := o.p.Row(i), o.values.Row(i), o.scores.Row(i)
		out := 0.0
		for k, v := range p {
			out += float64(v) * float64(values[k])
		}
		e := out - float64(y[i])
		sum += e * e
		for k, v := range p { // ∂J/∂p
			off := float64(values[k]) - out
			spread += float64(v) * off * off
			slope := e*float64(values[k]) + o.spec.Rivalry/2*off*off
			if v > 0 { // p ln p is 0 where p is
				log := math.Log(float64(v))
				entropy -= float64(v) * log
				slope -= o.spec.Entropy * (log + 1)
			}
			d[k] = T(slope / n)
		}
	}
	o.terms[0].Value = sum / (2 * n)
	o.terms[1].Value = o.spec.Rivalry * spread / (2 * n)
	o.terms[2].Value = o.spec.Entropy * entropy / n
	switch {
	case grad == nil:
	case o.spec.Hard:
		clear(grad)
	default:
		o.backward(theta, grad)
	}
	return o.terms[:]
}

// forward fills everything but the deltas: the probabilities, and with a hard
// selection a 1 at the largest and 0 elsewhere.
func (o *Objective[T]) forward(theta, x []T) {
	s, layout, n, k := o.spec, o.layout, len(x), len(o.operations)
	if len(theta) != layout.Size() {
		panic(fmt.Sprintf("selection: %d parameters for 1-%d-%d", len(theta), s.Hidden, k))
	}
	if o.u.Rows != n {
		o.u, o.hidden, o.back = linalg.NewMatrix[T](n, 1), linalg.NewMatrix[T](n, s.Hidden), linalg.NewMatrix[T](n, s.Hidden)
		o.shape = []int{n, k}
		o.scores, o.p, o.values = linalg.NewMatrix[T](n, k), linalg.NewMatrix[T](n, k), linalg.NewMatrix[T](n, k)
	}
	middle, half := (s.Low+s.High)/2, (s.High-s.Low)/2
	for i, v := range x {
		o.u.Data[i] = T((float64(v) - middle) / half)
		values := o.values.Row(i)
		for j, f := range o.operations {
			values[j] = T(f(float64(v)))
		}
	}
	linalg.Gemm(false, true, 1, o.u, nn.View(theta, layout[0]), 0, o.hidden)
	nn.Activate(s.Activation, o.hidden, nn.View(theta, layout[1]).Data, nil)
	linalg.Gemm(false, true, 1, o.hidden, nn.View(theta, layout[2]), 0, o.scores)
	bias, cool := nn.View(theta, layout[3]).Data, T(1/s.Temperature)
	for i := range n {
		row := o.scores.Row(i)
		for j, b := range bias {
			row[j] = (row[j] + b) * cool
		}
	}
	if s.Hard {
		o.p.Zero()
		for i := range n {
			o.p.Set(i, largest(o.scores.Row(i)), 1)
		}
		return
	}
	nn.SoftmaxAxis(o.p.Data, o.scores.Data, o.shape, 1)
}

// backward goes from ∂J/∂p, in scores, to the gradient.
func (o *Objective[T]) backward(theta, grad []T) {
	layout, delta := o.layout, o.scores
	nn.SoftmaxAxisDelta(delta.Data, o.p.Data, delta.Data, o.shape, 1)
	cool := T(1 / o.spec.Temperature)
	for i, v := range delta.Data {
		delta.Data[i] = v * cool
	}
	clear(grad)
	linalg.Gemm(true, false, 1, delta, o.hidden, 0, nn.View(grad, layout[2]))
	nn.AddColumns(delta, nn.View(grad, layout[3]).Data)
	linalg.Gemm(false, false, 1, delta, nn.View(theta, layout[2]), 0, o.back)
	nn.HiddenDelta(o.spec.Activation, o.back, o.hidden, o.nothing, nn.View(grad, layout[1]).Data)
	linalg.Gemm(true, false, 1, o.back, o.u, 0, nn.View(grad, layout[0]))
}

// largest returns the index of the largest value, the first of equal ones.
func largest[T linalg.Float](row []T) int {
	best := 0
	for k, v := range row {
		if v > row[best] {
			best = k
		}
	}
	return best
}
