package autoencoder

import (
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// The passes below work on some columns of one layer of the examples in a lane:
// full batches hand them whole blocks of rows, minibatches some columns of all
// rows.

// inputOf returns what layer l sees.
func (w *lane[T]) inputOf(l int) linalg.Matrix[T] {
	if l == 0 {
		return w.input
	}
	return w.a[l-1]
}

// enter makes the examples x the input, corrupted unless the call is clean.
func (n *Network[T]) enter(w *lane[T], x linalg.Matrix[T]) {
	w.input = x
	if n.corruption != NoCorruption && !n.clean {
		corrupt(&n.plan, n.step, w.base, x, w.room)
		w.input = w.room
	}
}

// forward computes rows first to last-1 of the weights of hidden layer l: those
// columns of z, and the values of their units. The weights are packed.
func (n *Network[T]) forward(w *lane[T], l, first, last int) {
	y := &n.layers[l]
	z := w.z[l].Columns(first, last)
	linalg.MulPackedColumns(z, w.inputOf(l), &n.forth[l], first)
	n.activate(w, l, first, last)
	u := first / y.pieces
	a := w.a[l].Columns(u, last/y.pieces)
	n.hush(w, l, a, u)
	if sums := w.unitSums[y.unitAt+u : y.unitAt+last/y.pieces]; !y.sparse {
		return
	} else if n.sparsity == L1Sparsity {
		nn.AddMagnitudes(a, sums)
	} else if y.drop > 0 { // otherwise activate has
		nn.AddColumns(a, sums)
	}
}

// activate turns the products z into values.
func (n *Network[T]) activate(w *lane[T], l, first, last int) {
	y := &n.layers[l]
	z, bias := w.z[l].Columns(first, last), n.params[y.bias+first:y.bias+last]
	switch {
	case n.softmax != nil && l == len(n.layers)-1:
		nn.Softmax(z, bias, n.softmax, n.axis)
	case y.pieces > 1:
		nn.Max(w.a[l].Columns(first/y.pieces, last/y.pieces), z, bias)
	case y.sparse && n.sparsity == KLSparsity && y.drop == 0:
		nn.Activate(y.f, z, bias, w.unitSums[y.unitAt+first:y.unitAt+last])
	default:
		nn.Activate(y.f, z, bias, nil)
	}
}

func scaleRows[T linalg.Float](m linalg.Matrix[T], by T) {
	for i := range m.Rows {
		row := m.Row(i)
		for j := range row {
			row[j] *= by
		}
	}
}

// output computes those columns of the delta of the output layer and returns
// their loss, not scaled.
func (n *Network[T]) output(w *lane[T], first, last int) float64 {
	l := len(n.layers) - 1
	y := &n.layers[l]
	z := w.z[l].Columns(first, last)
	linalg.MulPackedColumns(z, w.inputOf(l), &n.forth[l], first)
	bias, sums := n.params[y.bias+first:y.bias+last], w.biasSums[y.biasAt+first:y.biasAt+last]
	u, v := first/y.pieces, last/y.pieces
	target := w.y.Columns(u, v)
	switch {
	case n.softmax != nil:
		return nn.SoftmaxDelta(z, target, bias, sums, n.softmax, n.axis)
	case y.pieces > 1:
		a := w.a[l].Columns(u, v)
		nn.Max(a, z, bias)
		loss := nn.LossDelta(n.loss, n.huber, a, target)
		nn.MaxDelta(z, a, z, sums)
		return loss
	}
	return nn.OutputDelta(y.f, n.loss, n.huber, z, target, w.spare.Columns(first, last), bias, sums, n.zeros[:last-first])
}

// backward computes the deltas of units first to last-1 of hidden layer l from
// those of the layer after it.
func (n *Network[T]) backward(w *lane[T], l, first, last int) {
	y := &n.layers[l]
	d, a := w.d[l].Columns(first, last), w.a[l].Columns(first, last)
	linalg.MulPackedColumns(d, w.delta[l+1], &n.back[l+1], first)
	if y.sparse && n.sparsity == L1Sparsity {
		nn.AddSigns(T(n.hyper.Beta/n.factor), d, a)
	}
	sums := w.biasSums[y.biasAt+first*y.pieces : y.biasAt+last*y.pieces]
	push := n.push[y.unitAt+first : y.unitAt+last]
	switch {
	case y.pieces > 1:
		n.hush(w, l, d, first)
		nn.MaxDelta(w.delta[l].Columns(first*y.pieces, last*y.pieces), d, w.z[l].Columns(first*y.pieces, last*y.pieces), sums)
	case y.drop > 0:
		nn.HiddenDelta(y.f, d, a, push, nil)
		n.hush(w, l, d, first)
		nn.AddColumns(d, sums)
	default:
		nn.HiddenDelta(y.f, d, a, push, sums)
	}
}

// hush applies the dropout of layer l to some columns of it, m, of which first
// is the first.
func (n *Network[T]) hush(w *lane[T], l int, m linalg.Matrix[T], first int) {
	if y := &n.layers[l]; y.drop == 0 {
		return
	} else if n.clean {
		scaleRows(m, T(1-y.drop))
	} else {
		silence(&n.plan, n.step, l, w.base, m, first)
	}
}

// outer computes rows first to last-1 of the sum over the examples of the
// gradient of the weights that layer l owns, or adds them to dst.
func (n *Network[T]) outer(w *lane[T], l, first, last int, dst linalg.Matrix[T], add bool) {
	linalg.MulTrans(dst, w.delta[l].Columns(first, last), w.inputOf(l), add)
	if t := n.layers[l].twin; t >= 0 {
		linalg.MulTrans(dst, w.inputOf(t).Columns(first, last), w.delta[t], true)
	}
}
