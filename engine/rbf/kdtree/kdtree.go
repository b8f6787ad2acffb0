// Package kdtree finds the nearest of many points, in any number of
// dimensions: a k-d tree after Friedman, Bentley and Finkel, "An algorithm for
// finding best matches in logarithmic expected time", ACM TOMS 3, 1977. Cells are
// split at the median of their widest coordinate.
package kdtree

import (
	"fmt"

	"filterscope/engine/linalg"
)

// leaf is the most points a cell holds that is not split.
const leaf = 8

// Tree is immutable; several goroutines may search it.
type Tree struct {
	dim    int
	points []float64 // n×dim, in the order of the cells
	index  []int32   // row of each point in the matrix the tree was made from
	nodes  []node    // the first is the root; none for no points
}

// node is a cell: the points first to last-1, split at value along axis into
// its successor in nodes and right, or a leaf (right is 0).
type node struct {
	first, last int32
	right       int32
	axis        int32
	value       float64
}

// Neighbour is a point found.
type Neighbour struct {
	Index  int     // row of the matrix the tree was made from
	Square float64 // squared distance
}

// New makes a tree of the rows of points, which it copies. The coordinates
// must be finite.
func New(points linalg.Matrix[float64]) *Tree {
	n, d := points.Rows, points.Cols
	t := &Tree{dim: d, points: make([]float64, n*d), index: make([]int32, n)}
	for i := range n {
		copy(t.points[i*d:], points.Row(i))
		t.index[i] = int32(i)
	}
	if n > 0 && d > 0 {
		t.split(0, n)
	}
	return t
}

// Len returns the number of points.
func (t *Tree) Len() int { return len(t.index) }

// split makes the cell of points first to last-1 and those in it.
func (t *Tree) split(first, last int) {
	at := len(t.nodes)
	t.nodes = append(t.nodes, node{first: int32(first), last: int32(last)})
	if last-first <= leaf {
		return
	}
	axis, widest := 0, -1.0
	for a := range t.dim {
		low, high := t.points[first*t.dim+a], t.points[first*t.dim+a]
		for i := first + 1; i < last; i++ {
			v := t.points[i*t.dim+a]
			low, high = min(low, v), max(high, v)
		}
		if high-low > widest {
			axis, widest = a, high-low
		}
	}
	if widest == 0 {
		return // all equal
	}
	middle := (first + last) / 2
	t.choose(first, last, middle, axis)
	n := &t.nodes[at]
	n.axis, n.value = int32(axis), t.points[middle*t.dim+axis]
	t.split(first, middle)
	t.nodes[at].right = int32(len(t.nodes))
	t.split(middle, last)
}

// choose reorders points first to last-1 so that the one at middle has none
// greater before it and none smaller behind it, along axis (Hoare's FIND).
func (t *Tree) choose(first, last, middle, axis int) {
	at := func(i int) float64 { return t.points[i*t.dim+axis] }
	low, high := first, last-1
	for low < high {
		a, b, c := at(low), at((low+high)/2), at(high)
		pivot := max(min(a, b), min(max(a, b), c)) // median of three
		i, j := low, high
		for i <= j {
			for at(i) < pivot {
				i++
			}
			for pivot < at(j) {
				j--
			}
			if i <= j {
				t.swap(i, j)
				i++
				j--
			}
		}
		switch {
		case middle <= j:
			high = j
		case middle >= i:
			low = i
		default:
			return
		}
	}
}

func (t *Tree) swap(i, j int) {
	t.index[i], t.index[j] = t.index[j], t.index[i]
	p, q := t.points[i*t.dim:(i+1)*t.dim], t.points[j*t.dim:(j+1)*t.dim]
	for a := range p {
		p[a], q[a] = q[a], p[a]
	}
}

// Nearest returns the k points nearest to q, or all when there are fewer,
// nearest first and equally far ones by row. It reuses the memory of dst.
// It panics when q has another number of coordinates than the points.
func (t *Tree) Nearest(dst []Neighbour, q []float64, k int) []Neighbour {
	dst = dst[:0]
	if len(q) != t.dim {
		panic(fmt.Sprintf("kdtree: Nearest: %d coordinates, the points have %d", len(q), t.dim))
	}
	if k = min(k, t.Len()); k <= 0 || len(t.nodes) == 0 {
		return dst
	}
	return t.search(0, q, k, dst)
}

// search adds the points of a cell to those found.
func (t *Tree) search(at int32, q []float64, k int, found []Neighbour) []Neighbour {
	n := &t.nodes[at]
	if n.right == 0 {
		for i := n.first; i < n.last; i++ {
			p := t.points[int(i)*t.dim : (int(i)+1)*t.dim]
			s := 0.0
			for a, v := range p {
				s += (v - q[a]) * (v - q[a])
			}
			found = insert(found, k, Neighbour{int(t.index[i]), s})
		}
		return found
	}
	near, far := at+1, n.right
	gap := q[n.axis] - n.value
	if gap >= 0 {
		near, far = far, near
	}
	found = t.search(near, q, k, found)
	// Points as far as the last one found may have a smaller row.
	if len(found) < k || gap*gap <= found[k-1].Square {
		found = t.search(far, q, k, found)
	}
	return found
}

// insert puts a neighbour where it belongs among the k nearest.
func insert(found []Neighbour, k int, n Neighbour) []Neighbour {
	after := func(m Neighbour) bool {
		return m.Square > n.Square || m.Square == n.Square && m.Index > n.Index
	}
	if len(found) == k {
		if !after(found[k-1]) {
			return found
		}
	} else {
		found = append(found, n)
	}
	i := len(found) - 1
	for ; i > 0 && after(found[i-1]); i-- {
		found[i] = found[i-1]
	}
	found[i] = n
	return found
}
