package surface

import (
	"context"

	"filterscope/engine/linalg"
)

// Polyline is a piece of a curve. A closed one does not repeat its first point.
// What is inside lies to the left, so outer curves run counter-clockwise.
type Polyline struct {
	Points [][2]float64
	Closed bool
}

// Grid holds f at the nodes of a regular grid in the plane: row i of Values is
// y = Low[1] + i·Step, column j is x = Low[0] + j·Step.
type Grid struct {
	Low    [2]float64
	Step   float64
	Values linalg.Matrix[float64]
}

// contour follows f = 0 on a grid of its values, by marching squares: each run
// of inside corners of a cell is cut off by a segment.
func contour(ctx context.Context, f field, l *lattice, values []float64) ([]Polyline, error) {
	var edges []crossing
	number := make(map[[2]int]int) // of a node and an axis -> index into edges
	edgeOf := func(x, y, axis int) int {
		node := l.node(x, y, 0)
		i, ok := number[[2]int{node, axis}]
		if !ok {
			i = len(edges)
			number[[2]int{node, axis}] = i
			edges = append(edges, crossing{node, axis, values[node], values[node+l.neighbour(axis)]})
		}
		return i
	}
	next := make(map[int]int) // edge -> the one the segment from it leads to
	for y := range l.size[1] - 1 {
		for x := range l.size[0] - 1 {
			corners := [4][2]int{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}}
			var inside [4]bool
			for i, c := range corners {
				inside[i] = values[l.node(c[0], c[1], 0)] < 0
			}
			// side returns the edge from corner i to the next.
			side := func(i int) int {
				switch i {
				case 0:
					return edgeOf(x, y, 0)
				case 1:
					return edgeOf(x+1, y, 1)
				case 2:
					return edgeOf(x, y+1, 0)
				}
				return edgeOf(x, y, 1)
			}
			for i := range corners {
				if inside[i] || !inside[(i+1)%4] {
					continue
				}
				j := i + 1
				for inside[(j+1)%4] {
					j++
				}
				next[side(j%4)] = side(i)
			}
		}
	}
	points, err := l.roots(ctx, f, edges)
	if err != nil {
		return nil, err
	}
	return chains(points, next), nil
}

// chains joins segments to polylines, in the order in which their first points
// were found: open ones from the point nothing leads to.
func chains(points linalg.Matrix[float64], next map[int]int) []Polyline {
	entered := make([]bool, points.Rows)
	for _, to := range next {
		entered[to] = true
	}
	var lines []Polyline
	follow := func(from int) {
		var line Polyline
		at := from
		for {
			line.Points = append(line.Points, [2]float64(points.Row(at)))
			to, ok := next[at]
			delete(next, at)
			if !ok || to == from {
				line.Closed = ok
				break
			}
			at = to
		}
		lines = append(lines, line)
	}
	for i, e := range entered {
		if _, ok := next[i]; ok && !e {
			follow(i)
		}
	}
	for i := range entered {
		if _, ok := next[i]; ok {
			follow(i)
		}
	}
	return lines
}
