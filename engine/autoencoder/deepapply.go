package autoencoder

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// Layers returns the number of layers, the output layer included.
func (n *Network[T]) Layers() int { return len(n.layers) }

// Units returns the number of units of layer l, counted from 0 at the first
// hidden layer.
func (n *Network[T]) Units(l int) int { return n.layers[l].out }

// Code returns the layer of the codes.
func (n *Network[T]) Code() int { return n.code }

// Encode writes the values of layer l for the examples x (m×visible) to dst
// (m×Units(l)), without corruption and with dropout's factors: H2O's deep
// features DF.L(l+1). It panics when shapes do not fit.
func (n *Network[T]) Encode(theta []T, l int, x, dst linalg.Matrix[T]) {
	n.transform("Encode", theta, 0, l+1, x, dst)
}

// Reconstruct writes the outputs for the examples x (m×visible) to dst:
// reconstructions of an autoencoder (m×visible; dst may be x), class
// probabilities of a Classifier. It panics when shapes do not fit.
func (n *Network[T]) Reconstruct(theta []T, x, dst linalg.Matrix[T]) {
	n.transform("Reconstruct", theta, 0, len(n.layers), x, dst)
}

// Decode writes the outputs for the codes (m×Units(Code())) to dst. It panics when
// shapes do not fit.
func (n *Network[T]) Decode(theta []T, codes, dst linalg.Matrix[T]) {
	n.transform("Decode", theta, n.code+1, len(n.layers), codes, dst)
}

// transform takes x through the layers from to to-1.
func (n *Network[T]) transform(name string, theta []T, from, to int, x, dst linalg.Matrix[T]) {
	if len(theta) != n.layout.Size() || x.Cols != n.layers[from].in || dst.Rows != x.Rows || dst.Cols != n.layers[to-1].out {
		panic(fmt.Sprintf("autoencoder: %s: %d×%d into %d×%d with %d parameters", name, x.Rows, x.Cols, dst.Rows, dst.Cols, len(theta)))
	}
	n.params, n.clean, n.from, n.to, n.x, n.dst = theta, true, from, to, x, dst
	n.pack(false)
	parts := stageParts(x.Rows, applyBlock)
	n.height = min(x.Rows, applyBlock)
	n.ready(parts)
	linalg.Parallel(parts, n.run.apply)
	n.end()
}

func (n *Network[T]) applyPart(i int) {
	first, last := span(i, n.x.Rows, applyBlock)
	w := n.lanes.Get()
	defer n.lanes.Put(w)
	w.fit(&n.plan, last-first)
	w.base = first
	x := n.x.Slice(first, last)
	if n.from == 0 {
		w.input = x
	} else {
		for i := range x.Rows {
			copy(w.a[n.from-1].Row(i), x.Row(i))
		}
	}
	for l := n.from; l < n.to; l++ {
		if l < len(n.layers)-1 {
			n.forward(w, l, 0, n.layers[l].fan())
			continue
		}
		linalg.MulPackedColumns(w.z[l], w.inputOf(l), &n.forth[l], 0)
		n.activate(w, l, 0, n.layers[l].fan())
	}
	values := w.a[n.to-1]
	for i := range x.Rows {
		copy(n.dst.Row(first+i), values.Row(i))
	}
}

// constrainPart holds the rows of tile i to MaxW2.
func (n *Network[T]) constrainPart(i int) {
	first, last := n.span(i)
	in := n.layers[n.tiles[i].layer].in
	for ; first < last; first += in {
		row := n.params[first : first+in]
		if sum := linalg.Squares(row); sum > n.maxW2 {
			scaleRows(linalg.MatrixOf(1, in, row), T(math.Sqrt(n.maxW2/sum)))
		}
	}
}
