package surface

import (
	"context"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// layout is how the points of a cloud lie.
type layout struct {
	near    neighbourhoods
	normals linalg.Matrix[float64] // of length 1, oriented only when they were given
	noise   float64                // see measureNoise
	smooth  linalg.Matrix[float64] // the points on polynomials fitted to their neighbourhoods
}

// newLayout looks at neighbourhoods of k points. For k = 0 it takes as many as
// make a neighbourhood several times as wide as the noise across it, so that its
// flattest direction is that of the curve or surface. Normals are those
// given, if any, else the flattest directions.
func newLayout(ctx context.Context, points, given linalg.Matrix[float64], k int) (layout, error) {
	tree := rbf.NewTree(points)
	k, noise, err := measureNoise(ctx, tree, points, given, k)
	if err != nil {
		return layout{}, err
	}
	n := points.Rows
	l := layout{noise: noise, normals: given, smooth: points.Clone()}
	l.near = newNeighbourhoods(tree, points, someRows(n, n), k)
	if given.Rows == 0 {
		l.normals = flattest(points, &l.near)
	}
	heights, _ := localFits(points, l.normals, &l.near)
	for i, h := range heights {
		for a, v := range l.normals.Row(i) {
			l.smooth.Row(i)[a] += h * v
		}
	}
	return l, ctx.Err()
}

// measureNoise returns the number of neighbours that newLayout takes, and the
// standard deviation of the points across the curve or surface (see
// extrapolate), from some of the points.
func measureNoise(ctx context.Context, tree *rbf.Tree, points, given linalg.Matrix[float64], k int) (int, float64, error) {
	const (
		wide, enough = 6, 3 // radii of neighbourhoods, in standard deviations of the noise
		most         = 80   // neighbours
		looked       = 2000 // points
	)
	rows := someRows(points.Rows, looked)
	next := k
	if k == 0 {
		next = 12
		if points.Cols == 2 {
			next = 8
		}
	}
	var lastK int
	var lastNoise, lastRadius float64
	for {
		large := newNeighbourhoods(tree, points, rows, 2*next)
		near := large.nearest(next)
		var normals linalg.Matrix[float64]
		if given.Rows == 0 {
			normals = flattest(points, &near)
		} else {
			normals = linalg.NewMatrix[float64](len(rows), points.Cols)
			for i, r := range rows {
				copy(normals.Row(i), given.Row(int(r)))
			}
		}
		_, a := localFits(points, normals, &near)
		_, b := localFits(points, normals, &large)
		noise, radius := extrapolate(a, b, points.Cols, near.k, large.k), near.radius()
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		if k > 0 || noise*wide <= radius || next >= most || large.k < 2*next {
			return near.k, noise, nil
		}
		// A wide neighbourhood over which the noise seems to grow is too wide for
		// the shape.
		if lastNoise > 0 && lastRadius > enough*lastNoise && noise > 1.3*lastNoise {
			return lastK, lastNoise, nil
		}
		lastK, lastNoise, lastRadius = near.k, noise, radius
		next = min(next+next/2, most)
	}
}
