package surface

import (
	"math"

	"filterscope/engine/linalg"
)

// terms is the number of coefficients of a polynomial of degree 2 over the
// tangent line or plane.
func terms(dim int) int {
	if dim == 2 {
		return 3
	}
	return 6
}

// localFits fits, by least squares, a polynomial of degree 2 over the tangent at
// each point of h to the point and its neighbours: a moving least squares
// surface (D. Levin, 1998) with equal weights. Row i of normals belongs to point
// h.rows[i]. It returns the heights of the polynomials above the points, along
// the normals, and the median of the residual variances.
func localFits(points, normals linalg.Matrix[float64], h *neighbourhoods) (heights []float64, variance float64) {
	heights = make([]float64, len(h.rows))
	if h.k <= terms(points.Cols) {
		return heights, 0
	}
	variances := make([]float64, len(h.rows))
	parallel(len(h.rows), func(first, last int) {
		scratch := make([][7]float64, 0, h.k+1)
		for i := first; i < last; i++ {
			heights[i], variances[i] = localFit(points, normals.Row(i), h, i, scratch)
		}
	})
	return heights, median(variances)
}

// localFit returns the height of the polynomial above point h.rows[i] and the
// variance of the residuals; 0 when the points do not determine it. rows is
// scratch: the terms and the height of each point.
func localFit(points linalg.Matrix[float64], n []float64, h *neighbourhoods, i int, rows [][7]float64) (height, variance float64) {
	d, m := points.Cols, terms(points.Cols)
	p := points.Row(int(h.rows[i]))
	u, v := tangents(n)
	scale := math.Sqrt(h.square[(i+1)*h.k-1])
	if scale == 0 {
		return 0, 0
	}
	add := func(q []float64) {
		var x, y, z float64
		for a := range d {
			t := (q[a] - p[a]) / scale
			x, y, z = x+t*u[a], y+t*v[a], z+t*n[a]
		}
		row := [7]float64{1, x, x * x, z}
		if d == 3 {
			row = [7]float64{1, x, y, x * x, x * y, y * y, z}
		}
		rows = append(rows, row)
	}
	add(p)
	for _, j := range h.of(i) {
		add(points.Row(int(j)))
	}
	var a [6][6]float64
	var b [6]float64
	for _, r := range rows {
		for j := range m {
			for k := range m {
				a[j][k] += r[j] * r[k]
			}
			b[j] += r[j] * r[m]
		}
	}
	if !solveSmall(&a, &b, m) {
		return 0, 0
	}
	for _, r := range rows {
		e := r[m]
		for j := range m {
			e -= b[j] * r[j]
		}
		variance += e * e
	}
	return b[0] * scale, variance * scale * scale / float64(len(rows)-m)
}

// tangents returns unit vectors perpendicular to n: one in the plane, two in
// space.
func tangents(n []float64) (u, v [3]float64) {
	if len(n) == 2 {
		return [3]float64{-n[1], n[0]}, v
	}
	// The axis that n points along least (Hughes and Möller 1999).
	least := 0
	for a, x := range n {
		if math.Abs(x) < math.Abs(n[least]) {
			least = a
		}
	}
	var e [3]float64
	e[least] = 1
	u = cross([3]float64(n), e)
	l := norm(u[:])
	for a := range u {
		u[a] /= l
	}
	return u, cross([3]float64(n), u)
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// extrapolate estimates the standard deviation of the points across the curve
// or surface from the residual variances a and b of local fits over k and more
// neighbours. What a polynomial misses of a curved shape grows with the third
// power of the width of the neighbourhood, and the noise does not grow: the
// estimate is where the line through both would be for a width of 0. Fits to too
// few points say nothing; then it is 0.
func extrapolate(a, b float64, dim, k, more int) float64 {
	if k <= terms(dim) || more <= k {
		return 0
	}
	growth := math.Pow(float64(more)/float64(k), 6/float64(dim-1))
	return math.Sqrt(max(0, (a*growth-b)/(growth-1)))
}
