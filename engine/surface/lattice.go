package surface

import (
	"context"
	"math"

	"filterscope/engine/linalg"
)

// field is a function whose zeros are looked for: its values at the rows of q.
type field func(ctx context.Context, q linalg.Matrix[float64]) ([]float64, error)

// lattice is a regular grid of nodes, step apart, in the plane (size[2] is 1) or
// in space.
type lattice struct {
	dim  int
	low  [3]float64
	step float64
	size [3]int // nodes along each axis
}

// newLattice covers a box with so many cells along its longest side.
func newLattice(low, high []float64, resolution int) lattice {
	l := lattice{dim: len(low), size: [3]int{1, 1, 1}}
	side := 0.0
	for a := range low {
		side = max(side, high[a]-low[a])
	}
	l.step = side / float64(resolution)
	for a := range low {
		cells := max(1, int(math.Ceil((high[a]-low[a])/l.step-1e-9)))
		l.size[a] = cells + 1
		l.low[a] = low[a] - (float64(cells)*l.step-(high[a]-low[a]))/2
	}
	return l
}

// node returns the number of a node.
func (l *lattice) node(x, y, z int) int { return x + l.size[0]*(y+l.size[1]*z) }

// at returns the grid coordinates of a node.
func (l *lattice) at(node int) [3]int {
	return [3]int{node % l.size[0], node / l.size[0] % l.size[1], node / (l.size[0] * l.size[1])}
}

// place sets p, of dim coordinates, to the point of a node.
func (l *lattice) place(p []float64, node int) {
	g := l.at(node)
	for a := range p {
		p[a] = l.low[a] + float64(g[a])*l.step
	}
}

// neighbour returns how far the next node along an axis is in numbers.
func (l *lattice) neighbour(axis int) int {
	switch axis {
	case 0:
		return 1
	case 1:
		return l.size[0]
	}
	return l.size[0] * l.size[1]
}

// crossing is an edge of the lattice with f < 0 at one end only: from a node
// along an axis.
type crossing struct {
	node, axis int
	a, b       float64 // f at the node and at the other end
}

// roots returns where f is 0 along the edges: by linear interpolation, and once
// more between the point that gives and the end on its other side. Results keep a
// thousandth of the edge away from its ends, so that triangles have an area.
func (l *lattice) roots(ctx context.Context, f field, edges []crossing) (linalg.Matrix[float64], error) {
	const margin = 1e-3
	points := linalg.NewMatrix[float64](len(edges), l.dim)
	t := make([]float64, len(edges))
	for i, e := range edges {
		t[i] = min(max(e.a/(e.a-e.b), margin), 1-margin)
		l.place(points.Row(i), e.node)
		points.Row(i)[e.axis] += t[i] * l.step
	}
	values, err := f(ctx, points)
	if err != nil {
		return points, err
	}
	for i, e := range edges {
		v, s := values[i], t[i]
		switch {
		case v == 0 || v-v != 0:
		case v < 0 == (e.a < 0):
			s += (1 - s) * v / (v - e.b)
		default:
			s *= e.a / (e.a - v)
		}
		points.Row(i)[e.axis] += (min(max(s, margin), 1-margin) - t[i]) * l.step
	}
	return points, nil
}
