package surface

import (
	"container/heap"
	"math"

	"filterscope/engine/linalg"
)

// orient flips normals so that they agree along the minimum spanning trees of
// the graph that joins each point with its neighbours, and then each connected
// part as a whole so that it encloses a positive volume: Σ (p − mean)·n > 0, the
// divergence theorem for evenly spread points. It returns the number of parts.
//
// Edges weigh 1 − |n·n′| (Hoppe et al. 1992), and more the steeper the line from
// one point to the other leaves both tangents: it then leads through the body,
// or across a gap, to a sheet that faces the other way. Where nothing better
// joins the two, n is reflected before it is compared (S. König and S. Gumhold,
// "Consistent propagation of normal orientations in point clouds", 2009).
func orient(points, normals linalg.Matrix[float64], h *neighbourhoods, noise float64) (parts int) {
	graph := mutual(h, points.Rows)
	done := make([]bool, points.Rows)
	var queue edgeHeap
	var part []int
	for root := range done {
		if done[root] {
			continue
		}
		parts++
		part = part[:0]
		queue = append(queue[:0], edge{from: root, to: root})
		for len(queue) > 0 { // Prim's algorithm
			e := heap.Pop(&queue).(edge)
			if done[e.to] {
				continue
			}
			done[e.to] = true
			part = append(part, e.to)
			if e.flip {
				linalg.Scale(-1, normals.Row(e.to))
			}
			for _, j := range graph[e.to] {
				if !done[j] {
					heap.Push(&queue, newEdge(points, normals, e.to, int(j), noise))
				}
			}
		}
		if enclosed(points, normals, part) < 0 {
			for _, i := range part {
				linalg.Scale(-1, normals.Row(i))
			}
		}
	}
	return parts
}

// mutual returns the graph of the nearest neighbours, each edge known at both
// ends. Wide neighbourhoods serve the estimate of a normal; to carry signs the
// nearest of them are enough.
func mutual(h *neighbourhoods, n int) [][]int32 {
	const most = 16
	graph := make([][]int32, n)
	for i := range n {
		for _, j := range h.of(i)[:min(h.k, most)] {
			graph[i] = append(graph[i], j)
			graph[j] = append(graph[j], int32(i))
		}
	}
	return graph
}

// enclosed returns Σ (p − mean)·n over the points named.
func enclosed(points, normals linalg.Matrix[float64], part []int) float64 {
	var mean [3]float64
	for _, i := range part {
		for a, v := range points.Row(i) {
			mean[a] += v / float64(len(part))
		}
	}
	sum := 0.0
	for _, i := range part {
		n := normals.Row(i)
		for a, v := range points.Row(i) {
			sum += (v - mean[a]) * n[a]
		}
	}
	return sum
}

// edge leads from a point whose normal is oriented.
type edge struct {
	weight   float64
	from, to int
	flip     bool // the normal at to has to be turned round
}

// newEdge weighs the edge between two points.
func newEdge(points, normals linalg.Matrix[float64], from, to int, noise float64) edge {
	const (
		thick = 4   // standard deviations of the noise: nearer points lie anyhow
		steep = 0.5 // sine of the angle from which on normals are reflected
	)
	p, q, n, m := points.Row(from), points.Row(to), normals.Row(from), normals.Row(to)
	var square, alongN, alongM float64
	for a := range p {
		u := q[a] - p[a]
		square, alongN, alongM = square+u*u, alongN+u*n[a], alongM+u*m[a]
	}
	agree := dot(n, m)
	e := edge{1 - math.Abs(agree), from, to, agree < 0}
	if square > thick*thick*noise*noise {
		sine := min(math.Abs(alongN), math.Abs(alongM)) / math.Sqrt(square)
		e.weight += sine
		if sine > steep {
			e.flip = agree < 2*alongN*alongM/square
		}
	}
	return e
}

// edgeHeap has the lightest edge on top, of equally light ones the one between
// the first points.
type edgeHeap []edge

func (q edgeHeap) Len() int { return len(q) }

func (q edgeHeap) Less(i, j int) bool {
	a, b := q[i], q[j]
	switch {
	case a.weight != b.weight:
		return a.weight < b.weight
	case a.to != b.to:
		return a.to < b.to
	}
	return a.from < b.from
}

func (q edgeHeap) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push adds an edge; it is for package heap.
func (q *edgeHeap) Push(e any) { *q = append(*q, e.(edge)) }

// Pop takes the last edge; it is for package heap.
func (q *edgeHeap) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}
