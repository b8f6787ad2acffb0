package variational

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// ActiveThreshold is the variance above which a unit of the code counts as
// active (Burda, Grosse & Salakhutdinov 2016).
const ActiveThreshold = 0.01

// ActiveUnits returns the variance over the examples of the mean code of each
// unit, Var_x(E_q[z|x]) (÷ n-1; 0 for a single example), and how many are above the
// threshold.
// means is n×Latent, as Encode writes it. Units that are not active carry
// nothing of the example: their posterior has collapsed to the prior.
func ActiveUnits[T linalg.Float](means linalg.Matrix[T], threshold float64) (variances []float64, active int) {
	variances = make([]float64, means.Cols)
	centre := make([]float64, means.Cols)
	for i := range means.Rows { // Welford's recurrence
		for j, v := range means.Row(i) {
			off := float64(v) - centre[j]
			centre[j] += off / float64(i+1)
			variances[j] += off * (float64(v) - centre[j])
		}
	}
	for j := range variances {
		variances[j] /= float64(max(means.Rows-1, 1))
		if variances[j] > threshold {
			active++
		}
	}
	return variances, active
}

// Quantiles returns n ≥ 0 values of equal share of a standard normal variable: its
// quantiles at (i+½)/n, ascending and symmetric about 0 (Kingma & Welling 2014,
// figure 4).
func Quantiles(n int) []float64 {
	q := make([]float64, n)
	for i := range q {
		q[i] = math.Sqrt2 * math.Erfinv(float64(2*i+1-n)/float64(n))
	}
	return q
}

// Steps returns n values at equal distances, the first low, the last high; a
// single one is in the middle.
func Steps(low, high float64, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		t := 0.5
		if n > 1 {
			t = float64(i) / float64(n-1)
		}
		v[i] = low*(1-t) + high*t
	}
	return v
}

// Grid returns the codes of a map of the plane of two units, one a row of the
// result and row by row of the map from the top: unit horizontal takes the
// values xs from left to right, unit vertical ys from the bottom up, and the
// others what base has. It panics when a unit is not in base.
func Grid[T linalg.Float](base []T, horizontal, vertical int, xs, ys []float64) linalg.Matrix[T] {
	checkUnit("Grid", horizontal, len(base))
	checkUnit("Grid", vertical, len(base))
	z := linalg.NewMatrix[T](len(xs)*len(ys), len(base))
	for i := range ys {
		for j, x := range xs {
			row := z.Row(i*len(xs) + j)
			copy(row, base)
			row[vertical] = T(ys[len(ys)-1-i])
			row[horizontal] = T(x)
		}
	}
	return z
}

// Traverse returns the codes in which one unit takes each of the values and
// the others keep those of base, one a row. It panics when the unit is not in
// base.
func Traverse[T linalg.Float](base []T, unit int, values []float64) linalg.Matrix[T] {
	checkUnit("Traverse", unit, len(base))
	z := linalg.NewMatrix[T](len(values), len(base))
	for i, v := range values {
		row := z.Row(i)
		copy(row, base)
		row[unit] = T(v)
	}
	return z
}

// Interpolate returns n codes on the straight line from a to b, both ends
// included, one a row. It panics when the lengths differ.
func Interpolate[T linalg.Float](a, b []T, n int) linalg.Matrix[T] {
	return blend("Interpolate", a, b, n, func(t float64) (float64, float64) { return 1 - t, t })
}

// InterpolateArc returns n codes from a to b, both ends included, one a row:
// the direction turns evenly from that of a to that of b (Shoemake 1985) while
// the length grows evenly. So codes in between are about as probable under the
// prior as the ends are. Where a and b are parallel, or one is 0, it is the
// straight line. It panics when the lengths of the slices differ.
func InterpolateArc[T linalg.Float](a, b []T, n int) linalg.Matrix[T] {
	var aa, bb, ab float64
	for j := range min(len(a), len(b)) {
		aa += float64(a[j]) * float64(a[j])
		bb += float64(b[j]) * float64(b[j])
		ab += float64(a[j]) * float64(b[j])
	}
	from, to := math.Sqrt(aa), math.Sqrt(bb)
	angle := math.Acos(min(max(ab/(from*to), -1), 1))
	sin := math.Sin(angle)
	if !(sin > 1e-6) { // NaN too
		return Interpolate(a, b, n)
	}
	return blend("InterpolateArc", a, b, n, func(t float64) (float64, float64) {
		length := ((1-t)*from + t*to) / sin
		return length / from * math.Sin((1-t)*angle), length / to * math.Sin(t*angle)
	})
}

func blend[T linalg.Float](name string, a, b []T, n int, shares func(t float64) (float64, float64)) linalg.Matrix[T] {
	if len(a) != len(b) {
		panic(fmt.Sprintf("variational: %s: codes of %d and %d", name, len(a), len(b)))
	}
	z := linalg.NewMatrix[T](n, len(a))
	for i, t := range Steps(0, 1, n) {
		u, v := shares(t)
		for j, row := 0, z.Row(i); j < len(row); j++ {
			row[j] = T(u*float64(a[j]) + v*float64(b[j]))
		}
	}
	return z
}

func checkUnit(name string, unit, n int) {
	if unit < 0 || unit >= n {
		panic(fmt.Sprintf("variational: %s: unit %d of %d", name, unit, n))
	}
}
