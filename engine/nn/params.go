package nn

import (
	"fmt"
	"slices"

	"filterscope/engine/linalg"
)

// Tensor names a part of a flat parameter vector. Weights are stored row by
// row as units_out × units_in; a bias has one dimension.
type Tensor struct {
	Name   string // as in model files: "encoder.0.weight", "decoder.0.bias"
	Shape  []int
	Offset int // index of the first element in the parameter vector
}

// Len returns the number of elements.
func (t Tensor) Len() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Layout lists the tensors of one parameter vector in order, without gaps.
type Layout []Tensor

// NewLayout fills in the offsets of tensors given by name and shape.
func NewLayout(tensors ...Tensor) Layout {
	at := 0
	for i := range tensors {
		tensors[i].Offset = at
		at += tensors[i].Len()
	}
	return tensors
}

// Size returns the length of the parameter vector.
func (l Layout) Size() int {
	if len(l) == 0 {
		return 0
	}
	last := l[len(l)-1]
	return last.Offset + last.Len()
}

// Find returns the tensor of that name, and whether there is one.
func (l Layout) Find(name string) (Tensor, bool) {
	for _, t := range l {
		if t.Name == name {
			return t, true
		}
	}
	return Tensor{}, false
}

// View returns tensor t of the parameter vector theta as a matrix that shares
// its memory; a one-dimensional tensor becomes one row.
func View[T linalg.Float](theta []T, t Tensor) linalg.Matrix[T] {
	part := theta[t.Offset : t.Offset+t.Len()]
	switch len(t.Shape) {
	case 1:
		return linalg.MatrixOf(1, t.Shape[0], part)
	case 2:
		return linalg.MatrixOf(t.Shape[0], t.Shape[1], part)
	}
	panic(fmt.Sprintf("nn: View: tensor %s has %d dimensions", t.Name, len(t.Shape)))
}

// CopyTensors copies the tensors of src (laid out as from) into dst (laid out as l)
// that l has under the same name with the same shape, and returns their names.
func CopyTensors[T linalg.Float](l Layout, dst []T, from Layout, src []T) []string {
	var names []string
	for _, t := range from {
		if to, ok := l.Find(t.Name); ok && slices.Equal(to.Shape, t.Shape) {
			copy(dst[to.Offset:to.Offset+to.Len()], src[t.Offset:t.Offset+t.Len()])
			names = append(names, t.Name)
		}
	}
	return names
}
