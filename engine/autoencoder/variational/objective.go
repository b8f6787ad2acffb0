package variational

import (
	"fmt"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// TermKL names the term of the KL divergence, weight included.
const TermKL = "KL divergence"

// Objective evaluates a variational autoencoder and its gradient, in T. It
// holds the workspace: after the first evaluation of a shape it does not
// allocate.
type Objective[T linalg.Float] struct {
	spec   Spec
	layers []layer[T]
	heads  int    // of layers, the one with mean and log-variance of the code
	bands  []band // of the columns of the last layer
	size   int    // parameters
	terms  [3]nn.Term
	unitKL []float64 // mean over the examples of the last evaluation
	zeros  []T       // a bias to add nowhere
	noise  generators

	// State of the evaluation in progress, for the parts of its stages.
	x       linalg.Matrix[T]
	theta   []T
	grad    []T
	draw    draw
	samples int              // codes drawn for an example
	z       linalg.Matrix[T] // codes, sample by sample: row l·m+i is of example i
	eps     linalg.Matrix[T] // their noise
	delta   linalg.Matrix[T] // ∂J/∂z
	spread  linalg.Matrix[T] // σ of each example
	losses  []float64        // of each row of z
	partKL  []float64        // unit KL summed over the rows of a part
	beta    T
	lambda  T
	share   [2]T // of an example, and of one of its samples, in the objective
	at      int  // the layer at work
	serial  bool

	run struct { // method values, made once so that a call does not allocate
		forward, sample, judge, back, code, outer func(int)
	}

	wide     []T // Evaluate: parameters, converted
	wideGrad []T
}

// layer is a dense layer with its part of the evaluation in progress.
type layer[T linalg.Float] struct {
	dense
	forward linalg.Packed[T] // Wᵀ
	back    linalg.Packed[T] // W
	act     linalg.Matrix[T] // values; of the last layer after the distributions' activations
	delta   linalg.Matrix[T] // gradient with respect to what the activation is applied to
	sums    []T              // columns of delta
	squares []float64        // of the weights, by part
}

// NewObjective returns an objective for s, which must be valid.
func NewObjective[T linalg.Float](s Spec) *Objective[T] {
	chain, heads := s.chain()
	o := &Objective[T]{
		spec: s, heads: heads, bands: s.bands(), layers: make([]layer[T], len(chain)),
		terms:  [3]nn.Term{{Name: nn.TermReconstruction}, {Name: TermKL}, {Name: nn.TermWeightDecay}},
		unitKL: make([]float64, s.Latent),
	}
	widest := 0
	for k, d := range chain {
		o.layers[k] = layer[T]{dense: d, sums: make([]T, d.out), squares: make([]float64, stageParts(d.out, stageCols))}
		widest = max(widest, d.out)
		o.size = d.bias + d.out
	}
	o.zeros = make([]T, max(widest, s.Latent))
	o.run.forward, o.run.sample, o.run.judge = o.forwardPart, o.samplePart, o.judgePart
	o.run.back, o.run.code, o.run.outer = o.backPart, o.codePart, o.outerPart
	return o
}

// Spec returns the model with the hyper-parameters now in force.
func (o *Objective[T]) Spec() Spec { return o.spec }

// SetHyper changes the hyper-parameters from the next evaluation on.
func (o *Objective[T]) SetHyper(klWeight, lambda float64) {
	o.spec.KLWeight, o.spec.Lambda = klWeight, lambda
}

// UnitKL copies the mean KL divergence of each unit of the code in the last
// evaluation, in nats and without the weight, to dst, which is allocated when
// nil, and returns it.
func (o *Objective[T]) UnitKL(dst []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(o.unitKL))
	}
	copy(dst, o.unitKL)
	return dst
}

// Batch returns the terms over the minibatch x (m×Visible) at theta, and writes
// the gradient to grad unless it is nil. The KL divergence has the weight of
// step noise.Step. The terms share memory with o and hold until the next
// evaluation. Batch panics when lengths do not fit or x is empty.
func (o *Objective[T]) Batch(theta []T, x linalg.Matrix[T], noise Noise, grad []T) nn.Terms {
	o.check("Batch", len(theta), x, noise, grad != nil, len(grad))
	clear(o.unitKL)
	weight := o.spec.WeightAt(noise.Step)
	loss := o.pass(theta, x, draw{Noise: noise, of: x.Rows}, weight, T(o.spec.Lambda), grad)
	return o.report(loss, weight, x.Rows, o.squares())
}

// evaluateRows is about how many codes Evaluate has in flight.
const evaluateRows = 1024

// Evaluate returns the terms over the examples x (m×Visible) at theta and
// writes the gradient to grad unless it is nil. It takes the examples in
// blocks of rows, adds up in float64, and gives the KL divergence its full
// weight whatever the step. The terms share memory with o and hold until the
// next evaluation. Evaluate panics when lengths do not fit or x is empty.
func (o *Objective[T]) Evaluate(theta []float64, x linalg.Matrix[T], noise Noise, grad []float64) nn.Terms {
	o.check("Evaluate", len(theta), x, noise, grad != nil, len(grad))
	o.wide = resize(o.wide, o.size)
	linalg.ConvertVector(o.wide, theta)
	var part []T
	if grad != nil {
		o.wideGrad = resize(o.wideGrad, o.size)
		part = o.wideGrad
		clear(grad)
	}
	clear(o.unitKL)
	weight, loss := o.spec.KLWeight, 0.0
	rows := blockRows(o.spec.Samples)
	for first := 0; first < x.Rows; first += rows {
		block := x.Slice(first, min(first+rows, x.Rows))
		loss += o.pass(o.wide, block, draw{Noise: noise, first: first, of: x.Rows}, weight, 0, part)
		if grad != nil {
			linalg.AddWide(grad, part)
		}
	}
	squares := 0.0
	for k := range o.layers {
		l := &o.layers[k]
		w := theta[l.weight:l.bias]
		squares += linalg.Squares(w)
		if grad != nil {
			linalg.Axpy(o.spec.Lambda, w, grad[l.weight:l.bias])
		}
	}
	return o.report(loss, weight, x.Rows, squares)
}

// blockRows is how many examples with so many samples make evaluateRows codes,
// in whole parts of noise.
func blockRows(samples int) int {
	return max(evaluateRows/samples/sampleRows, 1) * sampleRows
}

func (o *Objective[T]) check(name string, params int, x linalg.Matrix[T], noise Noise, gradient bool, grad int) {
	s := o.spec
	if params != o.size || (gradient && grad != o.size) || x.Cols != s.Visible || x.Rows == 0 ||
		(noise.Given != nil && len(noise.Given) != s.Samples*x.Rows*s.Latent) {
		panic(fmt.Sprintf("variational: %s: %d parameters, gradient of %d, %d×%d examples and %d numbers of noise for %d parameters, %d features, %d×%d samples",
			name, params, grad, x.Rows, x.Cols, len(noise.Given), o.size, s.Visible, s.Samples, s.Latent))
	}
}

// pass evaluates a block of the draw.of examples: it returns the sum of the
// reconstruction losses, adds the unit KL to o.unitKL, and writes the block's
// part of the gradient to grad unless it is nil.
func (o *Objective[T]) pass(theta []T, x linalg.Matrix[T], d draw, weight float64, lambda T, grad []T) float64 {
	o.theta, o.x, o.grad, o.lambda, o.beta = theta, x, grad, lambda, T(weight)
	o.share = [2]T{1 / T(d.of), 1 / (T(d.of) * T(o.spec.Samples))}
	o.encode()
	o.sample(d, o.spec.Samples)
	o.decode()
	o.judge()
	loss := 0.0
	for _, v := range o.losses {
		loss += v
	}
	if grad != nil {
		o.backward()
	}
	o.theta, o.x, o.grad, o.draw.Given = nil, linalg.Matrix[T]{}, nil, nil
	return loss
}

// squares adds up the squared weights that the last pass met.
func (o *Objective[T]) squares() float64 {
	sum := 0.0
	if o.spec.Lambda != 0 {
		for k := range o.layers {
			for _, v := range o.layers[k].squares {
				sum += v
			}
		}
	}
	return sum
}

// report makes means of the sums and fills the terms.
func (o *Objective[T]) report(loss, weight float64, rows int, squares float64) nn.Terms {
	kl := 0.0
	for j := range o.unitKL {
		o.unitKL[j] /= float64(rows)
		kl += o.unitKL[j]
	}
	o.terms[0].Value = loss / (float64(rows) * float64(o.spec.Samples))
	o.terms[1].Value = weight * kl
	o.terms[2].Value = o.spec.Lambda / 2 * squares
	return o.terms[:]
}

// resize returns a slice of n elements, s itself when it has room.
func resize[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// reshape makes m a rows×cols matrix with padded rows, in its own memory when
// that has room. Its elements are left as they are.
func reshape[T linalg.Float](m *linalg.Matrix[T], rows, cols int) {
	stride := linalg.Pad(cols)
	*m = linalg.Matrix[T]{Rows: rows, Cols: cols, Stride: stride, Data: resize(m.Data, rows*stride)}
}
