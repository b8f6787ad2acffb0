package rbf

import (
	"math"

	"filterscope/engine/linalg"
)

// Given returns m times the width sigma.
func Given(m int, sigma float64) []float64 {
	w := make([]float64, m)
	for i := range w {
		w[i] = sigma
	}
	return w
}

// MaxDistance returns one width for all centres, d_max/√(2M), with d_max the
// largest distance between two of the M centres (Haykin); 1 when that is 0.
func MaxDistance(centres linalg.Matrix[float64]) []float64 {
	m := centres.Rows
	largest := 0.0
	for i := range m {
		for j := range i {
			largest = max(largest, squaredDistance(centres.Row(i), centres.Row(j)))
		}
	}
	return Given(m, positive(math.Sqrt(largest/float64(2*max(m, 1)))))
}

// Nearest returns one width for all centres: the mean distance of a centre from
// its p nearest other centres (Moody & Darken 1989); 1 when that is 0.
func Nearest(centres linalg.Matrix[float64], p int) []float64 {
	each := nearest(centres, p)
	sum := 0.0
	for _, v := range each {
		sum += v
	}
	return Given(len(each), positive(sum/float64(max(len(each), 1))))
}

// PerCentre returns for every centre the mean distance from its p nearest other
// centres. A centre with p others in its very place gets the Nearest width.
func PerCentre(centres linalg.Matrix[float64], p int) []float64 {
	each := nearest(centres, p)
	common := Nearest(centres, p)
	for i, v := range each {
		if v == 0 {
			each[i] = common[i]
		}
	}
	return each
}

// nearest returns each centre's mean distance from the p nearest others.
func nearest(centres linalg.Matrix[float64], p int) []float64 {
	out := make([]float64, centres.Rows)
	tree := NewTree(centres)
	inBlocks(centres.Rows, func(first, last int) {
		var found []Neighbour
		for i := first; i < last; i++ {
			// The nearest is the centre itself, or one in the same place.
			found = tree.Nearest(found, centres.Row(i), max(p, 1)+1)
			for _, f := range found[1:] {
				out[i] += math.Sqrt(f.Distance) / float64(len(found)-1)
			}
		}
	})
	return out
}

// positive returns v, or 1 when v is not a usable width.
func positive(v float64) float64 {
	if v > 0 && !math.IsInf(v, 1) {
		return v
	}
	return 1
}
