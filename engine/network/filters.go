package network

import (
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Filters returns what each unit of a layer looks for in the input, units ×
// visible: the weights of the first layer, and for a deeper one the weighted sum
// of the filters below, W_l ⋯ W_1 W_0, as if the layers between were linear. The
// result of the first layer may share memory with theta.
func Filters[T linalg.Float](s Spec, theta []T, layer int) linalg.Matrix[T] {
	links := s.links()
	w := weights(s, theta, links[0])
	for k := 1; k <= layer; k++ {
		w = product(weights(s, theta, links[k]), w)
	}
	return w
}

// Outgoing returns what each unit of a layer puts into the output, units ×
// visible: the weights that leave it, transposed, through the layers behind as
// if they were linear. A layer that is the output itself has the identity.
func Outgoing[T linalg.Float](s Spec, theta []T, layer int) linalg.Matrix[T] {
	links := s.links()
	if layer+1 >= len(links) {
		units := s.Layers()[layer].Units
		w := linalg.NewMatrix[T](units, units)
		for i := range units {
			w.Set(i, i, 1)
		}
		return w
	}
	w := weights(s, theta, links[len(links)-1]) // visible × units of the last layer
	for k := len(links) - 2; k > layer; k-- {
		w = product(w, weights(s, theta, links[k]))
	}
	return transposed(w)
}

// Biases returns the biases of a layer, one for each unit.
func Biases[T linalg.Float](s Spec, theta []T, layer int) []T {
	y := s.Layers()[layer]
	t, _ := s.Layout().Find(y.Bias)
	b := theta[t.Offset : t.Offset+t.Len()]
	if pieces := len(b) / y.Units; pieces > 1 {
		first := make([]T, y.Units)
		for j := range first {
			first[j] = b[j*pieces]
		}
		return first
	}
	return b
}

// weights returns the weights of a link, out × in.
func weights[T linalg.Float](s Spec, theta []T, l link) linalg.Matrix[T] {
	t, _ := s.Layout().Find(l.tensor)
	w := nn.View(theta, t)
	if l.transposed {
		return transposed(w)
	}
	if l.pieces > 1 {
		first := linalg.NewMatrix[T](w.Rows/l.pieces, w.Cols)
		for j := range first.Rows {
			copy(first.Row(j), w.Row(j*l.pieces))
		}
		return first
	}
	return w
}

func transposed[T linalg.Float](w linalg.Matrix[T]) linalg.Matrix[T] {
	t := linalg.NewMatrix[T](w.Cols, w.Rows)
	linalg.Transpose(t, w, 0, w.Rows)
	return t
}

func product[T linalg.Float](a, b linalg.Matrix[T]) linalg.Matrix[T] {
	c := linalg.NewMatrix[T](a.Rows, b.Cols)
	linalg.Gemm(false, false, 1, a, b, 0, c)
	return c
}
