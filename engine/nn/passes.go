package nn

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// Activate sets z = f(z + bias) in every row, for every activation but Maxout,
// and adds each column of the result to sums unless sums is nil. z is m×n, bias and
// sums have n elements.
func Activate[T linalg.Float](f Activation, z linalg.Matrix[T], bias, sums []T) {
	if f.fused() {
		linalg.Activate(f.Func(), z, bias, sums)
		return
	}
	if f == Maxout {
		panic("nn: Activate: maxout has two rows of weights a unit: want Max")
	}
	for i := range z.Rows {
		row := z.Row(i)
		for j, b := range bias[:len(row)] {
			v := row[j] + b
			switch {
			case v > 0:
			case f == ELU:
				v = T(math.Expm1(float64(v)))
			default:
				v *= LeakySlope
			}
			row[j] = v
		}
	}
	AddColumns(z, sums)
}

// HiddenDelta sets d = (d + s)·f'(z) in every row, where a = f(z), for every
// activation but Maxout, and adds each column of the result to sums unless that is
// nil. d and a are m×n, s and sums have n elements.
func HiddenDelta[T linalg.Float](f Activation, d, a linalg.Matrix[T], s, sums []T) {
	if f.fused() {
		linalg.HiddenDelta(f.Func(), d, a, s, sums)
		return
	}
	if f == Maxout {
		panic("nn: HiddenDelta: maxout has two rows of weights a unit: want MaxDelta")
	}
	for i := range d.Rows {
		row, value := d.Row(i), a.Row(i)
		for j, v := range value[:len(row)] {
			g := row[j] + s[j]
			switch {
			case v > 0:
			case f == ELU:
				g *= v + 1
			default:
				g *= LeakySlope
			}
			row[j] = g
		}
	}
	AddColumns(d, sums)
}

// Max adds the biases to the pieces z (m×2n) of maxout units and sets a (m×n)
// to the larger of each unit's two. It panics when the shapes do not fit.
func Max[T linalg.Float](a, z linalg.Matrix[T], bias []T) {
	checkPieces("Max", a, z, len(bias))
	for i := range a.Rows {
		row, pieces := a.Row(i), z.Row(i)
		for j := range row {
			u, v := pieces[2*j]+bias[2*j], pieces[2*j+1]+bias[2*j+1]
			pieces[2*j], pieces[2*j+1] = u, v
			row[j] = max(u, v)
		}
	}
}

// MaxDelta sets delta (m×2n) to the d (m×n) of each maxout unit at the piece
// that is the larger in z, the first of two equal ones, and to 0 at the other,
// and adds each column of the result to sums unless that is nil. delta may be z
// itself. It panics when the shapes do not fit.
func MaxDelta[T linalg.Float](delta, d, z linalg.Matrix[T], sums []T) {
	checkPieces("MaxDelta", d, z, delta.Cols)
	for i := range d.Rows {
		row, pieces, out := d.Row(i), z.Row(i), delta.Row(i)
		for j, g := range row {
			if pieces[2*j] >= pieces[2*j+1] {
				out[2*j], out[2*j+1] = g, 0
			} else {
				out[2*j], out[2*j+1] = 0, g
			}
		}
	}
	AddColumns(delta, sums)
}

func checkPieces[T linalg.Float](name string, a, z linalg.Matrix[T], n int) {
	if z.Rows != a.Rows || z.Cols != MaxoutPieces*a.Cols || n != z.Cols {
		panic(fmt.Sprintf("nn: %s: %d×%d from pieces %d×%d and %d", name, a.Rows, a.Cols, z.Rows, z.Cols, n))
	}
}

// AddColumns adds each column of z to sums, nothing when sums is nil.
func AddColumns[T linalg.Float](z linalg.Matrix[T], sums []T) {
	if sums == nil {
		return
	}
	for i := range z.Rows {
		for j, v := range z.Row(i) {
			sums[j] += v
		}
	}
}

// AddMagnitudes adds the sum of |z| over each column of z to sums.
func AddMagnitudes[T linalg.Float](z linalg.Matrix[T], sums []T) {
	for i := range z.Rows {
		for j, v := range z.Row(i) {
			sums[j] += max(v, -v)
		}
	}
}

// AddSigns adds c·sign(a) to every element of d: the gradient of c·|a|. Both
// are m×n.
func AddSigns[T linalg.Float](c T, d, a linalg.Matrix[T]) {
	for i := range d.Rows {
		row := d.Row(i)
		for j, v := range a.Row(i) {
			row[j] += c * sign(v)
		}
	}
}

func sign[T linalg.Float](v T) T {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
