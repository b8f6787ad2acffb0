package main

import (
	"math"
	"slices"
)

// median returns the median of v, NaN when there is nothing.
func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(v))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// paired returns the median of a[i]/b[i]: of each round its own ratio. Rounds
// that only one of the two has do not count.
func paired(a, b []float64) float64 {
	var v []float64
	for i := range min(len(a), len(b)) {
		v = append(v, a[i]/b[i])
	}
	return median(v)
}

// spread returns by how much the largest of v exceeds the least, as a share.
func spread(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	return slices.Max(v)/slices.Min(v) - 1
}
