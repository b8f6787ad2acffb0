package autoencoder

import (
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// corruptRows is how many examples a part corrupts.
const corruptRows = 16

// Batch returns the terms over the minibatch x (m×visible) with the targets y
// (as in Evaluate) at theta, and writes the gradient to grad unless it is nil.
// KLSparsity uses the running mean of the activity, as Objective.Batch of the
// sparse autoencoder does; all else is the objective of Evaluate over these
// examples. The terms share memory with n and hold until the next evaluation.
// Batch panics when lengths do not fit or x is empty.
func (n *Network[T]) Batch(theta []T, x, y linalg.Matrix[T], grad []T) nn.Terms {
	n.begin("Batch", len(theta), len(grad), x, y)
	n.params, n.gradT = theta, grad
	w, m := &n.batch, x.Rows
	w.fit(&n.plan, m)
	w.base, w.y = 0, y
	clear(w.unitSums)
	clear(w.biasSums)
	n.reset(grad != nil)
	if n.corruption == NoCorruption {
		w.input = x
	} else {
		w.input = w.room
		linalg.Parallel(stageParts(m, corruptRows), n.run.corrupt)
	}

	out := len(n.layers) - 1
	n.losses = resize(n.losses, stageParts(n.layers[out].fan(), minibatchCols))
	for n.stage = range out {
		y := &n.layers[n.stage]
		stage(m*y.in*y.fan() < minibatchSerial, stageParts(y.fan(), minibatchCols), n.run.forward)
	}
	penalty := n.batchPenalty(m)
	last := &n.layers[out]
	n.stage = out
	stage(m*last.in*last.fan() < minibatchSerial, n.outputParts(), n.run.forward)
	loss := 0.0
	for _, v := range n.losses[:n.outputParts()] {
		loss += v
	}
	if grad == nil {
		linalg.Parallel(len(n.tiles), n.run.norms)
		return n.report(loss, m, penalty)
	}
	for n.stage = out - 1; n.stage >= 0; n.stage-- {
		y := &n.layers[n.stage]
		stage(m*y.out*n.layers[n.stage+1].fan() < minibatchSerial, stageParts(y.out, minibatchCols), n.run.backward)
	}
	linalg.Parallel(len(n.tiles), n.run.outer)
	scale := T(n.factor / float64(m))
	for l := range n.layers {
		y := &n.layers[l]
		for j, v := range w.biasSums[y.biasAt : y.biasAt+y.fan()] {
			grad[y.bias+j] = v * scale
		}
	}
	return n.report(loss, m, penalty)
}

// batchPenalty updates the activity from the sums over a minibatch of m
// examples and returns the penalty.
func (n *Network[T]) batchPenalty(m int) float64 {
	keep := 0.0
	switch {
	case n.sparsity == NoSparsity:
		return 0
	case n.sparsity == L1Sparsity:
	case n.running == nil:
		n.running = make([]float64, n.units())
	default:
		keep = float64(rhoMemory) / float64(rhoMemory+m)
		copy(n.activity, n.running)
	}
	for j, v := range n.batch.unitSums {
		n.activity[j] = keep*n.activity[j] + (1-keep)*float64(v)/float64(m)
	}
	copy(n.running, n.activity)
	return n.penalise()
}

// outputParts is the number of parts of the output layer: a softmax needs the whole
// row.
func (n *Network[T]) outputParts() int {
	if n.softmax != nil {
		return 1
	}
	return stageParts(n.layers[len(n.layers)-1].fan(), minibatchCols)
}

func (n *Network[T]) corruptPart(i int) {
	first, last := span(i, n.x.Rows, corruptRows)
	corrupt(&n.plan, n.step, first, n.x.Slice(first, last), n.batch.room.Slice(first, last))
}

func (n *Network[T]) forwardPart(i int) {
	y := &n.layers[n.stage]
	first, last := span(i, y.fan(), minibatchCols)
	out := n.stage == len(n.layers)-1
	if out && n.softmax != nil {
		first, last = 0, y.fan()
	}
	n.forth[n.stage].PackColumns(first, last, weights(&n.plan, n.params, n.stage), y.tied < 0)
	if out {
		n.losses[i] = n.output(&n.batch, first, last)
		return
	}
	n.forward(&n.batch, n.stage, first, last)
}

func (n *Network[T]) backwardPart(i int) {
	first, last := span(i, n.layers[n.stage].out, minibatchCols)
	above := n.stage + 1
	n.back[above].PackColumns(first, last, weights(&n.plan, n.params, above), n.layers[above].tied >= 0)
	n.backward(&n.batch, n.stage, first, last)
}

// outerPart computes the gradient of tile i.
func (n *Network[T]) outerPart(i int) {
	t := n.tiles[i]
	first, last := n.span(i)
	g, w := n.gradT[first:last], n.params[first:last]
	n.outer(&n.batch, t.layer, t.first, t.last, linalg.MatrixOf(t.last-t.first, n.layers[t.layer].in, g), false)
	lambda, l1 := T(n.hyper.Lambda), T(n.hyper.L1)
	if !n.layers[t.layer].decayed {
		lambda, l1 = 0, 0
	}
	linalg.Blend(T(n.factor/float64(n.x.Rows)), lambda, w, g)
	if l1 != 0 {
		nn.AddSigns(l1, linalg.MatrixOf(1, len(g), g), linalg.MatrixOf(1, len(w), w))
	}
	norms(n, i, w)
}

// Constrain scales the weights into every unit whose squares add up to more
// than MaxW2 down to it, as H2O does after every update, and does nothing when
// MaxW2 is 0. Biases and, with Tied, the decoder's view of the weights are not
// looked at. Do not use it with L-BFGS, whose line search would not know. It
// panics on a wrong length.
func (n *Network[T]) Constrain(theta []T) {
	if len(theta) != n.layout.Size() {
		panic("autoencoder: Constrain: parameters of another model")
	}
	if n.maxW2 == 0 {
		return
	}
	n.params = theta
	linalg.Parallel(len(n.tiles), n.run.constrain)
	n.params = nil
}
