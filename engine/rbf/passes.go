package rbf

import "math"

// The passes work on vectors of squared distances. On amd64 with the AVX2 kernels
// of linalg in use they do four numbers at once; what is left of a vector goes
// through the same kernel, so that a value does not depend on its place.

// squares sets dst to (axis-q)².
func squares(dst, axis []float64, q float64) {
	axis = axis[:len(dst)]
	i := 0
	if n := len(dst) &^ 3; n > 0 && vectorised() {
		squaresAVX2(dst[:n], axis[:n], q)
		i = n
	}
	for ; i < len(dst); i++ {
		d := axis[i] - q
		dst[i] = d * d
	}
}

// addSquares adds (axis-q)² to dst.
func addSquares(dst, axis []float64, q float64) {
	axis = axis[:len(dst)]
	if !vectorised() {
		for i, a := range axis {
			d := a - q
			dst[i] += d * d
		}
		return
	}
	n := len(dst) &^ 3
	if n > 0 {
		addSquaresAVX2(dst[:n], axis[:n], q)
	}
	for i := n; i < len(dst); i++ {
		d := axis[i] - q
		dst[i] = math.FMA(d, d, dst[i])
	}
}

// thinPlate replaces each v ≥ 0 by v·ln(v)/2, the thin-plate spline at √v. The
// logarithm is at most 2 ulp off; below 2⁻¹⁰⁰⁰ the result is 0.
func thinPlate(v []float64) {
	if vectorised() {
		inFours(v, thinPlateAVX2)
		return
	}
	thinPlateGeneric(v)
}

// gaussians replaces each v ≥ 0 by exp(-v), at most 2 ulp off; beyond 708 the
// result is 0.
func gaussians(v []float64) {
	if vectorised() {
		inFours(v, gaussianAVX2)
		return
	}
	for i, s := range v {
		if s > 708 {
			v[i] = 0
			continue
		}
		v[i] = math.Exp(-s)
	}
}

// inFours calls f for all of v, with what is left of it in a vector of four.
func inFours(v []float64, f func([]float64)) {
	n := len(v) &^ 3
	if n > 0 {
		f(v[:n])
	}
	if n < len(v) {
		var rest [4]float64
		copy(rest[:], v[n:])
		f(rest[:])
		copy(v[n:], rest[:])
	}
}
