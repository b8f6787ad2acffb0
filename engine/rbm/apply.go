package rbm

import (
	"fmt"

	"filterscope/engine/linalg"
)

// applyBlock is the number of examples one part of Encode, Decode or
// FreeEnergy works on.
const applyBlock = 126

// Encode writes the means of the hidden units given the rows of x (n×visible)
// to dst (n×hidden): probabilities when they are binary. It panics when the
// shapes do not fit.
func Encode[T linalg.Float](s Spec, theta []T, x, dst linalg.Matrix[T]) {
	check("Encode", s, theta, x)
	if dst.Rows != x.Rows || dst.Cols != s.Hidden {
		panic(fmt.Sprintf("rbm: Encode: %d×%d into %d×%d for %d hidden units", x.Rows, x.Cols, dst.Rows, dst.Cols, s.Hidden))
	}
	weight, _, b := split(s, theta)
	layer(s.HiddenUnit, weight, true, b, x, dst)
}

// Decode writes the means of the visible units given the rows of codes
// (n×hidden) to dst (n×visible). It panics when the shapes do not fit.
func Decode[T linalg.Float](s Spec, theta []T, codes, dst linalg.Matrix[T]) {
	check("Decode", s, theta, dst)
	if codes.Rows != dst.Rows || codes.Cols != s.Hidden {
		panic(fmt.Sprintf("rbm: Decode: %d×%d into %d×%d for %d hidden units", codes.Rows, codes.Cols, dst.Rows, dst.Cols, s.Hidden))
	}
	weight, a, _ := split(s, theta)
	layer(s.VisibleUnit, weight, false, a, codes, dst)
}

// Reconstruct writes the means of the visible units given the means of the
// hidden ones given the rows of x (n×visible) to dst, which has the same
// shape and may be x itself: nothing is sampled. It panics when the shapes do not fit.
func Reconstruct[T linalg.Float](s Spec, theta []T, x, dst linalg.Matrix[T]) {
	codes := linalg.NewMatrix[T](x.Rows, s.Hidden)
	Encode(s, theta, x, codes)
	Decode(s, theta, codes, dst)
}

// ReconstructionError returns 1/n Σ ‖x̂-x‖² over the rows of x (n×visible), x̂ as
// of Reconstruct. It is not the objective: no step goes down its gradient.
// It panics when the shapes do not fit or x is empty.
func ReconstructionError[T linalg.Float](s Spec, theta []T, x linalg.Matrix[T]) float64 {
	if x.Rows == 0 {
		panic("rbm: ReconstructionError: no examples")
	}
	y := linalg.NewMatrix[T](x.Rows, x.Cols)
	Reconstruct(s, theta, x, y)
	return squaredError(x, y) / float64(x.Rows)
}

// squaredError returns Σ(x-y)².
func squaredError[T linalg.Float](x, y linalg.Matrix[T]) float64 {
	sum := 0.0
	for r := range x.Rows {
		b := y.Row(r)
		for i, v := range x.Row(r) {
			d := float64(v) - float64(b[i])
			sum += d * d
		}
	}
	return sum
}

// layer sets dst = mean of u at (x·w + bias), with w transposed if trans.
func layer[T linalg.Float](u Unit, w linalg.Matrix[T], trans bool, bias []T, x, dst linalg.Matrix[T]) {
	var p linalg.Packed[T]
	p.Pack(w, trans)
	linalg.Parallel(pieces(x.Rows, applyBlock), func(i int) {
		first, last := span(i, x.Rows, applyBlock)
		out := dst.Slice(first, last)
		linalg.MulPacked(out, x.Slice(first, last), &p)
		linalg.Activate(u.mean(), out, bias, nil)
	})
}
