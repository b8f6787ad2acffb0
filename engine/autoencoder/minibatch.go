package autoencoder

import (
	"fmt"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// rhoMemory is how many examples the running mean activation remembers: a
// minibatch of m moves it by ρ̂ ← d ρ̂ + (1-d) mean with d = rhoMemory/(rhoMemory+m).
//
// UFLDL's ρ̂ needs a pass over all examples before any gradient. The mean of the
// minibatch takes its place; the memory keeps that of a handful of examples
// away from 0, where the penalty has no bound. More memory does harm: the
// penalty then pushes after units have moved, and with momentum they swing. For
// a penalty of curvature λ along a step of rate η with momentum μ, the steps
// z of activations follow (z-1)(z-μ)(z-d) + ηλ(1-d)z² = 0. With μ = 0.9 they are stable
// up to ηλ = 3.8 for d = 0, 2.1 for d = 0.05, but only 0.023 for d = 0.9: on MNIST
// (784-196, β 3, ρ 0.1, rate 0.1, minibatches of 100) a fixed d of 0.9 diverged.
const rhoMemory = 5

// A minibatch is small and its weights change with every step, so there are
// no gradient accumulators to add up: every stage is cut into columns of its
// result, and each part packs the weights it alone needs just before it
// multiplies with them.
const (
	minibatchCols   = 32      // columns of the result a part of a stage computes
	outerRows       = 28      // rows of a gradient a part computes: two strips of 14
	minibatchSerial = 1 << 18 // multiplications of one product not worth a second core
)

// Batch returns the terms over the minibatch x (m×visible) at theta, and
// writes the gradient to grad unless it is nil. The sparsity term and its
// gradient use the running mean activation, which this call moves on by most of
// the way to that of the minibatch; the first call sets it. The gradient takes the
// slope of the penalty at the running mean, but the minibatch's mean for how
// ρ̂ depends on theta. The terms share memory with o and hold until the next
// evaluation. Batch panics when lengths do not fit or x is empty.
func (o *Objective[T]) Batch(theta []T, x linalg.Matrix[T], grad []T) nn.Terms {
	s := o.model
	n := s.size()
	if len(theta) != n || (grad != nil && len(grad) != n) || x.Cols != s.Visible || x.Rows == 0 {
		panic(fmt.Sprintf("autoencoder: Batch: %d parameters, gradient of %d, %d×%d examples for %d-%d",
			len(theta), len(grad), x.Rows, x.Cols, s.Visible, s.Hidden))
	}
	m := x.Rows
	o.params, o.x, o.gradT, o.skipping = theta, x, grad, false
	o.codes = linalg.MatrixOf(m, s.Hidden, resize(o.codes.Data, m*s.Hidden))
	o.wide = linalg.MatrixOf(m, s.Visible, resize(o.wide.Data, m*s.Visible))
	o.narrow = linalg.MatrixOf(m, s.Hidden, resize(o.narrow.Data, m*s.Hidden))
	o.sums = resize(o.sums, 2*s.Hidden+s.Visible)
	clear(o.sums)
	o.resetPacks(grad != nil)
	wide, narrow := stageParts(s.Visible, minibatchCols), stageParts(s.Hidden, minibatchCols)
	o.losses = resize(o.losses, wide)
	o.decay = resize(o.decay, wide+narrow)

	serial := m*s.Hidden*s.Visible < minibatchSerial
	stage(serial, narrow, o.run.codes)
	if o.running == nil {
		o.running = make([]float64, s.Hidden)
		o.move(0, m)
	} else {
		o.move(float64(rhoMemory)/float64(rhoMemory+m), m)
	}
	kl := o.penalise()
	stage(serial, wide, o.run.output)
	loss := 0.0
	for _, v := range o.losses {
		loss += v
	}
	if grad != nil {
		stage(serial, narrow, o.run.hidden)
		stage(serial, stageParts(s.Hidden, outerRows)+stageParts(s.Visible, outerRows), o.run.outer)
	}
	o.params, o.x, o.gradT = nil, linalg.Matrix[T]{}, nil
	return o.report(loss, m, kl, wide+narrow)
}

// RunningRho returns a copy of the running mean activations, nil before the
// first Batch: what a checkpoint must keep.
func (o *Objective[T]) RunningRho() []float64 {
	if o.running == nil {
		return nil
	}
	return append([]float64(nil), o.running...)
}

// SetRunningRho restores the running mean activations from a checkpoint, nil
// to let the next Batch start anew. It panics on a wrong length.
func (o *Objective[T]) SetRunningRho(rho []float64) {
	if rho == nil {
		o.running = nil
		return
	}
	if len(rho) != o.model.Hidden {
		panic(fmt.Sprintf("autoencoder: SetRunningRho: %d values for %d hidden units", len(rho), o.model.Hidden))
	}
	o.running = append(o.running[:0], rho...)
	copy(o.rhoHat, rho)
}

// move updates the running mean with the sums of the codes of m examples.
func (o *Objective[T]) move(keep float64, m int) {
	for j, v := range o.sums[:o.model.Hidden] {
		o.running[j] = keep*o.running[j] + (1-keep)*float64(v)/float64(m)
	}
	copy(o.rhoHat, o.running)
}

// stage runs the parts of a stage, on this goroutine alone when the minibatch
// is too small to share.
func stage(serial bool, parts int, f func(int)) {
	if !serial {
		linalg.Parallel(parts, f)
		return
	}
	for i := range parts {
		f(i)
	}
}

func stageParts(n, size int) int { return (n + size - 1) / size }

// span returns what part i of a stage of n columns or rows works on.
func span(i, n, size int) (first, last int) {
	return i * size, min((i+1)*size, n)
}

// codesPart computes some columns of the codes.
func (o *Objective[T]) codesPart(i int) {
	w1, _ := o.weights()
	first, last := span(i, o.model.Hidden, minibatchCols)
	codes := o.codes.Columns(first, last)
	o.encode.PackColumns(first, last, w1, true)
	linalg.MulPackedColumns(codes, o.x, &o.encode, first)
	linalg.Activate(linalg.Logistic, codes, o.params[o.at.b1+first:o.at.b1+last], o.sums[first:last])
	o.decay[stageParts(o.model.Visible, minibatchCols)+i] = linalg.Squares(w1.Slice(first, last).Data)
}

// outputPart computes some columns of δ3 and their squared error.
func (o *Objective[T]) outputPart(i int) {
	_, w2 := o.weights()
	h := o.model.Hidden
	first, last := span(i, o.model.Visible, minibatchCols)
	delta := o.wide.Columns(first, last)
	o.decode.PackColumns(first, last, w2, true)
	linalg.MulPackedColumns(delta, o.codes, &o.decode, first)
	o.losses[i] = linalg.OutputDelta(o.model.Decoder.Func(), delta, o.x.Columns(first, last),
		o.params[o.at.b2+first:o.at.b2+last], o.sums[2*h+first:2*h+last])
	o.decay[i] = linalg.Squares(w2.Slice(first, last).Data)
}

// hiddenPart computes some columns of δ2.
func (o *Objective[T]) hiddenPart(i int) {
	_, w2 := o.weights()
	h := o.model.Hidden
	first, last := span(i, h, minibatchCols)
	delta := o.narrow.Columns(first, last)
	o.back.PackColumns(first, last, w2, false)
	linalg.MulPackedColumns(delta, o.wide, &o.back, first)
	linalg.HiddenDelta(linalg.Logistic, delta, o.codes.Columns(first, last), o.sparsity[first:last], o.sums[h+first:h+last])
}

// outerPart computes some rows of ∂W1 or of ∂W2, and their biases.
func (o *Objective[T]) outerPart(i int) {
	s := o.model
	scale := 1 / T(o.x.Rows)
	lambda := T(s.Lambda)
	w1, w2 := o.weights()
	delta, input, w := o.narrow, o.x, w1
	weights, bias, sums := o.gradT, o.gradT[o.at.b1:o.at.w2], o.sums[s.Hidden:2*s.Hidden]
	if parts := stageParts(s.Hidden, outerRows); i >= parts {
		i -= parts
		delta, input, w = o.wide, o.codes, w2
		weights, bias, sums = o.gradT[o.at.w2:], o.gradT[o.at.b2:], o.sums[2*s.Hidden:]
	}
	first, last := span(i, delta.Cols, outerRows)
	w = w.Slice(first, last)
	g := linalg.MatrixOf(last-first, w.Cols, weights[first*w.Cols:])
	linalg.MulTrans(g, delta.Columns(first, last), input, false)
	linalg.Blend(scale, lambda, w.Data, g.Data)
	for j := first; j < last; j++ {
		bias[j] = sums[j] * scale
	}
}
