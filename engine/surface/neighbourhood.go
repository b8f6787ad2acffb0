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

// neighbourhoods holds for some points of a cloud the k points nearest to each,
// without itself, nearest first: those of point rows[i] are index[i*k : (i+1)*k].
type neighbourhoods struct {
	rows    []int32
	k       int
	index   []int32
	square  []float64 // squared distances
	spacing float64   // median over the points of the mean distance to the nearest 2 in the plane, 4 in space
}

// newNeighbourhoods looks for k neighbours of the points named.
func newNeighbourhoods(tree *rbf.Tree, points linalg.Matrix[float64], rows []int32, k int) neighbourhoods {
	n := len(rows)
	k = min(k, points.Rows-1)
	h := neighbourhoods{rows: rows, k: k, index: make([]int32, n*k), square: make([]float64, n*k)}
	near := min(2*(points.Cols-1), k)
	mean := make([]float64, n)
	parallel(n, func(first, last int) {
		var found []rbf.Neighbour
		for i := first; i < last; i++ {
			found = tree.Nearest(found, points.Row(int(rows[i])), k+1)
			at := i * k
			for _, f := range found {
				if f.Row == int(rows[i]) || at == (i+1)*k {
					continue
				}
				h.index[at], h.square[at] = int32(f.Row), f.Distance
				at++
			}
			for _, s := range h.square[i*k : i*k+near] {
				mean[i] += math.Sqrt(s) / float64(near)
			}
		}
	})
	h.spacing = median(mean)
	return h
}

// someRows returns numbers from 0 to n-1, evenly spread: all, or most of them.
func someRows(n, most int) []int32 {
	rows := make([]int32, min(n, most))
	for i := range rows {
		rows[i] = int32(i * n / len(rows))
	}
	return rows
}

// nearest returns the neighbourhoods of k of the points, in memory of their own.
func (h *neighbourhoods) nearest(k int) neighbourhoods {
	k = min(k, h.k)
	out := neighbourhoods{rows: h.rows, k: k, spacing: h.spacing}
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

// of returns the neighbours of point rows[i].
func (h *neighbourhoods) of(i int) []int32 { return h.index[i*h.k : (i+1)*h.k] }

// median returns the middle value of v, which it reorders; 0 of none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}
