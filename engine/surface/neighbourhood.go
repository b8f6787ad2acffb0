package surface

import (
	"math"
	"slices"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// chunk is how many points one part of a parallel loop takes.
const chunk = 64

// parallel calls f for the ranges of 0 to n-1, with first ≤ i < last.
func parallel(n int, f func(first, last int)) {
	linalg.Parallel((n+chunk-1)/chunk, func(part int) { f(part*chunk, min((part+1)*chunk, n)) })
}

// neighbourhoods holds for every point of a cloud the k points nearest to it,
// without itself, nearest first: row i is index[i*k : (i+1)*k].
type neighbourhoods struct {
	k       int
	index   []int32
	square  []float64 // squared distances
	spacing float64   // median distance to the nearest neighbours: see newNeighbourhoods
}

// newNeighbourhoods looks for k neighbours of each point. The spacing is the
// distance at which points lie that cover the curve or surface evenly: half
// the median distance to the second neighbour's and the nearest's sum in the
// plane, and the mean of the nearest four in space.
func newNeighbourhoods(tree *rbf.Tree, points linalg.Matrix[float64], k int) neighbourhoods {
	n := points.Rows
	k = min(k, n-1)
	h := neighbourhoods{k: k, index: make([]int32, n*k), square: make([]float64, n*k)}
	near := 2 * (points.Cols - 1)
	mean := make([]float64, n)
	parallel(n, func(first, last int) {
		var found []rbf.Neighbour
		for i := first; i < last; i++ {
			found = tree.Nearest(found, points.Row(i), k+1)
			at := i * k
			for _, f := range found {
				if f.Row == i || at == (i+1)*k {
					continue
				}
				h.index[at], h.square[at] = int32(f.Row), f.Distance
				at++
			}
			row := h.square[i*k : i*k+min(near, k)]
			for _, s := range row {
				mean[i] += math.Sqrt(s) / float64(len(row))
			}
		}
	})
	h.spacing = median(mean)
	return h
}

// nearest returns the neighbourhoods of k of the points, in memory of their own.
func (h *neighbourhoods) nearest(k int) neighbourhoods {
	k = min(k, h.k)
	out := neighbourhoods{k: k, spacing: h.spacing}
	for at := 0; at < len(h.index); at += h.k {
		out.index = append(out.index, h.index[at:at+k]...)
		out.square = append(out.square, h.square[at:at+k]...)
	}
	return out
}

// radius returns the median distance of the farthest neighbour.
func (h *neighbourhoods) radius() float64 {
	var far []float64
	for at := h.k - 1; at >= 0 && at < len(h.square); at += h.k {
		far = append(far, h.square[at])
	}
	return math.Sqrt(median(far))
}

// of returns the neighbours of point i.
func (h *neighbourhoods) of(i int) []int32 { return h.index[i*h.k : (i+1)*h.k] }

// median returns the middle value of v, which it reorders; 0 of none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}
