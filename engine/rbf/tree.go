package rbf

import (
	"fmt"
	"slices"

	"filterscope/engine/linalg"
)

// Tree finds the nearest of a fixed set of points: a k-d tree (Bentley 1975) that
// halves the points along the longest side of their box until few are left.
// It is safe for concurrent use.
type Tree struct {
	points linalg.Matrix[float64]
	index  []int32 // rows of points, those of a node next to each other
	nodes  []node
}

// node is an inner node with children at left and left+1, or, with left = 0, a
// leaf that holds index[first:last].
type node struct {
	left        int32
	axis        int32
	cut         float64
	first, last int32
}

// leafPoints is the most points of a leaf.
const leafPoints = 12

// NewTree returns the tree of the rows of points, n×d, all finite, which it keeps.
func NewTree(points linalg.Matrix[float64]) *Tree {
	t := &Tree{points: points, index: make([]int32, points.Rows)}
	for i := range t.index {
		t.index[i] = int32(i)
	}
	t.nodes = append(t.nodes, node{last: int32(points.Rows)})
	for i := 0; i < len(t.nodes); i++ {
		t.split(i)
	}
	return t
}

// split turns a leaf with many points into an inner node, unless they are all
// equal.
func (t *Tree) split(at int) {
	n := t.nodes[at]
	part := t.index[n.first:n.last]
	if len(part) <= leafPoints {
		return
	}
	extent := 0.0
	for j := range t.points.Cols {
		low, high := t.points.At(int(part[0]), j), t.points.At(int(part[0]), j)
		for _, i := range part {
			v := t.points.At(int(i), j)
			low, high = min(low, v), max(high, v)
		}
		if high-low > extent {
			extent, n.axis = high-low, int32(j)
		}
	}
	if extent == 0 {
		return
	}
	half := len(part) / 2
	t.order(part, half, int(n.axis))
	n.cut = t.points.At(int(part[half]), int(n.axis))
	n.left = int32(len(t.nodes))
	middle := n.first + int32(half)
	t.nodes[at] = n
	t.nodes = append(t.nodes, node{first: n.first, last: middle}, node{first: middle, last: n.last})
}

// order rearranges rows so that none before position half lies above, and none
// after it below, the one that is there, along one axis.
func (t *Tree) order(part []int32, half, axis int) {
	at := func(i int) float64 { return t.points.At(int(part[i]), axis) }
	low, high := 0, len(part)-1
	for high-low > 16 {
		pivot := median(at(low), at((low+high)/2), at(high))
		i, j := low, high
		for i <= j {
			for at(i) < pivot {
				i++
			}
			for at(j) > pivot {
				j--
			}
			if i <= j {
				part[i], part[j] = part[j], part[i]
				i++
				j--
			}
		}
		switch {
		case half <= j:
			high = j
		case half >= i:
			low = i
		default:
			return
		}
	}
	slices.SortFunc(part[low:high+1], func(a, b int32) int {
		switch x, y := t.points.At(int(a), axis), t.points.At(int(b), axis); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return int(a) - int(b)
	})
}

func median(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// Neighbour is a row of the points and its squared distance from a query.
type Neighbour struct {
	Row      int
	Distance float64 // squared
}

// before orders by distance and then by row, so that draws do not depend on the
// shape of the tree.
func (a Neighbour) before(b Neighbour) bool {
	return a.Distance < b.Distance || (a.Distance == b.Distance && a.Row < b.Row)
}

// Nearest returns the k points nearest to the query, or all when there are not
// more, the nearest first; of points equally far the first rows. It appends
// to dst[:0].
// It panics when the query has another number of coordinates.
func (t *Tree) Nearest(dst []Neighbour, query []float64, k int) []Neighbour {
	if len(query) != t.points.Cols {
		panic(fmt.Sprintf("rbf: Nearest: a query with %d coordinates, points with %d", len(query), t.points.Cols))
	}
	s := search{tree: t, query: query, k: min(k, t.points.Rows), found: dst[:0]}
	if s.k > 0 {
		s.visit(0)
	}
	slices.SortFunc(s.found, func(a, b Neighbour) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return s.found
}

// search keeps the best so far in a heap, the worst of them first.
type search struct {
	tree  *Tree
	query []float64
	k     int
	found []Neighbour
}

func (s *search) visit(at int32) {
	n := &s.tree.nodes[at]
	if n.left == 0 {
		for _, i := range s.tree.index[n.first:n.last] {
			s.offer(Neighbour{int(i), squaredDistance(s.query, s.tree.points.Row(int(i)))})
		}
		return
	}
	gap := s.query[n.axis] - n.cut
	near, far := n.left, n.left+1
	if gap > 0 {
		near, far = far, near
	}
	s.visit(near)
	if len(s.found) < s.k || gap*gap <= s.found[0].Distance {
		s.visit(far)
	}
}

// offer takes a point in if it is among the best k so far.
func (s *search) offer(p Neighbour) {
	h := s.found
	if len(h) < s.k {
		h = append(h, p)
		for i := len(h) - 1; i > 0 && h[(i-1)/2].before(h[i]); i = (i - 1) / 2 {
			h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
		}
		s.found = h
		return
	}
	if !p.before(h[0]) {
		return
	}
	h[0] = p
	for i := 0; ; {
		worst := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h); c++ {
			if h[worst].before(h[c]) {
				worst = c
			}
		}
		if worst == i {
			return
		}
		h[i], h[worst] = h[worst], h[i]
		i = worst
	}
}
