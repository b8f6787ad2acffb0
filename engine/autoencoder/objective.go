package autoencoder

import (
	"fmt"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Objective evaluates a sparse autoencoder and its gradient, with products in
// T. It holds the workspace: after the first evaluation of a shape it does not
// allocate.
type Objective[T linalg.Float] struct {
	model Sparse
	at    offsets
	terms [3]nn.Term

	theta    []T              // parameters of Evaluate, converted
	encode   linalg.Packed[T] // W1ᵀ, visible × hidden
	decode   linalg.Packed[T] // W2ᵀ, hidden × visible
	back     linalg.Packed[T] // W2, visible × hidden
	flipped  linalg.Matrix[T] // W1ᵀ, padded: instead of encode when zeros are skipped
	held     held[T]
	rhoHat   []float64
	slope    []float64 // β dKL/dρ̂
	sparsity []T       // slope in T

	// State of the call in progress, for the parts below.
	x        linalg.Matrix[T]
	codes    linalg.Matrix[T] // rows × hidden, padded
	wide     linalg.Matrix[T] // minibatch only: δ3, rows × visible
	narrow   linalg.Matrix[T] // minibatch only: δ2, rows × hidden
	params   []T              // minibatch: theta; full batch: o.theta
	state    []float64        // full batch: theta
	grad     []float64
	gradT    []T
	chunks   []chunk[T]
	skipping bool // zeros of x are skipped
	scratch  linalg.FreeList[block[T]]
	decay    []float64 // partial sums of squared weights
	losses   []float64 // minibatch: squared error of each panel
	sums     []T       // minibatch: column sums

	run struct { // method values, made once so that a call does not allocate
		convert, pack, forward, backward, reduce func(int)
		codes, output, hidden, outer             func(int)
	}

	running []float64 // running average ρ̂ of minibatches, nil before the first
}

// NewObjective returns an objective for s, which must be valid.
func NewObjective[T linalg.Float](s Sparse) *Objective[T] {
	o := &Objective[T]{
		model:    s,
		at:       s.split(),
		terms:    [3]nn.Term{{Name: nn.TermReconstruction}, {Name: nn.TermWeightDecay}, {Name: nn.TermSparsity}},
		rhoHat:   make([]float64, s.Hidden),
		slope:    make([]float64, s.Hidden),
		sparsity: make([]T, s.Hidden),
	}
	o.run.convert, o.run.pack = o.convertPart, o.packPart
	o.run.forward, o.run.backward, o.run.reduce = o.forwardPart, o.backwardPart, o.reducePart
	o.run.codes, o.run.output, o.run.hidden, o.run.outer = o.codesPart, o.outputPart, o.hiddenPart, o.outerPart
	return o
}

// Model returns the autoencoder with the hyper-parameters now in force.
func (o *Objective[T]) Model() Sparse { return o.model }

// SetHyper changes the hyper-parameters from the next evaluation on.
func (o *Objective[T]) SetHyper(lambda, beta, rho float64) {
	o.model.Lambda, o.model.Beta, o.model.Rho = lambda, beta, rho
}

// RhoHat copies the mean activations of the last evaluation to dst, which is
// allocated when nil, and returns it. After Batch they are the running
// average.
func (o *Objective[T]) RhoHat(dst []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(o.rhoHat))
	}
	copy(dst, o.rhoHat)
	return dst
}

// Evaluate returns the terms of the objective at theta over the examples x
// (m×visible) and writes the gradient to grad, unless grad is nil. The
// products are computed in T, everything else in float64. The terms share
// memory with o and hold until the next evaluation. Evaluate panics when
// lengths do not fit or x is empty.
func (o *Objective[T]) Evaluate(theta []float64, x linalg.Matrix[T], grad []float64) nn.Terms {
	n := o.model.size()
	if len(theta) != n || (grad != nil && len(grad) != n) || x.Cols != o.model.Visible || x.Rows == 0 {
		panic(fmt.Sprintf("autoencoder: Evaluate: %d parameters, gradient of %d, %d×%d examples for %d-%d",
			len(theta), len(grad), x.Rows, x.Cols, o.model.Visible, o.model.Hidden))
	}
	o.state, o.x, o.grad = theta, x, grad
	o.theta = resize(o.theta, n)
	o.params = o.theta
	parts := (n + reduceSpan - 1) / reduceSpan
	o.decay = resize(o.decay, parts)
	linalg.Parallel(parts, o.run.convert)
	o.skipping = o.held.is(x)
	o.resetPacks(grad != nil)
	linalg.Parallel(o.encodeParts()+o.decode.Panels()+o.back.Panels(), o.run.pack)

	o.layOut(x.Rows)
	linalg.Parallel(len(o.chunks), o.run.forward)
	clear(o.rhoHat)
	for c := range o.chunks {
		addTo(o.rhoHat, o.chunks[c].codeSums)
	}
	for j := range o.rhoHat {
		o.rhoHat[j] /= float64(x.Rows)
	}
	kl := o.penalise()
	linalg.Parallel(len(o.chunks), o.run.backward)
	loss := 0.0
	for c := range o.chunks {
		loss += o.chunks[c].loss
	}
	if grad != nil {
		linalg.Parallel(o.reduceParts(), o.run.reduce)
		o.reduceBiases()
	}
	o.state, o.x, o.grad, o.params = nil, linalg.Matrix[T]{}, nil, nil
	return o.report(loss, x.Rows, kl, parts)
}

// report fills the terms.
func (o *Objective[T]) report(loss float64, rows int, kl float64, parts int) nn.Terms {
	squares := 0.0
	for _, v := range o.decay[:parts] {
		squares += v
	}
	o.terms[0].Value = loss / float64(2*rows)
	o.terms[1].Value = o.model.Lambda / 2 * squares
	o.terms[2].Value = o.model.Beta * kl
	return o.terms[:]
}

// penalise returns Σ KL for the present ρ̂ and readies its slope.
func (o *Objective[T]) penalise() float64 {
	kl := o.model.penalty(o.rhoHat, o.slope)
	for j, v := range o.slope {
		o.sparsity[j] = T(v)
	}
	return kl
}

// weights returns W1 and W2 of the call in progress.
func (o *Objective[T]) weights() (w1, w2 linalg.Matrix[T]) {
	s := o.model
	return linalg.MatrixOf(s.Hidden, s.Visible, o.params), linalg.MatrixOf(s.Visible, s.Hidden, o.params[o.at.w2:])
}

// resetPacks makes room for the packed weights; back is needed only for a
// gradient.
func (o *Objective[T]) resetPacks(gradient bool) {
	w1, w2 := o.weights()
	if !o.skipping {
		o.encode.Reset(w1, true)
	}
	o.decode.Reset(w2, true)
	if gradient {
		o.back.Reset(w2, false)
	} else {
		o.back.Reset(linalg.Matrix[T]{}, false)
	}
}

// flipRows is how many rows of W1 a part of packing transposes.
const flipRows = 16

// encodeParts is the number of parts in which W1 is packed.
func (o *Objective[T]) encodeParts() int {
	if o.skipping {
		return (o.model.Hidden + flipRows - 1) / flipRows
	}
	return o.encode.Panels()
}

// packPart packs one panel of one of the three.
func (o *Objective[T]) packPart(i int) {
	w1, w2 := o.weights()
	if i < o.encodeParts() {
		if o.skipping {
			linalg.Transpose(o.flipped, w1, i*flipRows, min((i+1)*flipRows, w1.Rows))
		} else {
			o.encode.PackPanel(i, w1, true)
		}
		return
	}
	if i -= o.encodeParts(); i < o.decode.Panels() {
		o.decode.PackPanel(i, w2, true)
		return
	}
	o.back.PackPanel(i-o.decode.Panels(), w2, false)
}

// reduceSpan is how many parameters a part converts.
const reduceSpan = 8192

// convertPart converts a span of the parameters to T and sums the squares of
// the weights in it.
func (o *Objective[T]) convertPart(part int) {
	first, last := part*reduceSpan, min((part+1)*reduceSpan, len(o.state))
	dst := o.theta[first:last]
	for i, v := range o.state[first:last] {
		dst[i] = T(v)
	}
	o.decay[part] = 0
	for _, r := range o.weightRanges(first, last) {
		o.decay[part] += linalg.Squares(o.state[r[0]:r[1]])
	}
}

// weightRanges returns what parts of [first, last) are in W1 and in W2.
func (o *Objective[T]) weightRanges(first, last int) [2][2]int {
	return [2][2]int{
		{min(first, o.at.b1), min(last, o.at.b1)},
		{min(max(first, o.at.w2), o.at.b2), min(max(last, o.at.w2), o.at.b2)},
	}
}

// resize returns a slice of n elements, s itself when it has room.
func resize[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// addTo adds src to dst.
func addTo[T linalg.Float](dst []float64, src []T) {
	for i, v := range src {
		dst[i] += float64(v)
	}
}

// block is the workspace of one row block in flight.
type block[T linalg.Float] struct {
	wide   []T       // rows × visible
	narrow []T       // rows × hidden
	sums   []T       // visible or hidden column sums
	total  []float64 // some rows of the gradient
}
