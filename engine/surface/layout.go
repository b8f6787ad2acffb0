package surface

import (
	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// layout is how the points of a cloud lie.
type layout struct {
	near    neighbourhoods
	normals linalg.Matrix[float64] // of length 1, oriented only when they were given
	noise   float64                // see extrapolate
	smooth  linalg.Matrix[float64] // the points on polynomials fitted to their neighbourhoods
}

// newLayout looks at neighbourhoods of k points. For k = 0 it takes as many as
// make a neighbourhood several times as wide as the noise across it, so that its
// flattest direction is that of the curve or surface. Normals are those
// given, if any, else the flattest directions.
func newLayout(points, given linalg.Matrix[float64], k int) layout {
	const (
		wide, enough = 6, 3 // radii of neighbourhoods, in standard deviations of the noise
		most         = 80
	)
	next := k
	if k == 0 {
		next = 12
		if points.Cols == 2 {
			next = 8
		}
	}
	tree := rbf.NewTree(points)
	var last layout
	for {
		large := newNeighbourhoods(tree, points, 2*next)
		l := layout{near: large.nearest(next), normals: given}
		if given.Rows == 0 {
			l.normals = flattest(points, &l.near)
		}
		var a, b float64
		l.smooth, a = localFits(points, l.normals, &l.near)
		_, b = localFits(points, l.normals, &large)
		l.noise = extrapolate(a, b, points.Cols, l.near.k, large.k)
		if k > 0 || l.noise*wide <= l.near.radius() || next >= most || large.k < 2*next {
			return l
		}
		// A wide neighbourhood over which the noise seems to grow is too wide for
		// the shape.
		if last.noise > 0 && last.near.radius() > enough*last.noise && l.noise > 1.3*last.noise {
			return last
		}
		next, last = min(next+next/2, most), l
	}
}
