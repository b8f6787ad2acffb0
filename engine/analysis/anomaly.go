package analysis

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// Distribution holds the anomaly scores of examples, sorted once for all that is
// asked of them. Scores that are not finite are counted apart.
type Distribution struct {
	sorted    []float64
	NotFinite int // NaN and infinite scores
}

// Distribute sorts a copy of scores.
func Distribute(scores []float64) *Distribution {
	d := &Distribution{sorted: make([]float64, 0, len(scores))}
	for _, s := range scores {
		if math.IsNaN(s) || math.IsInf(s, 0) {
			d.NotFinite++
		} else {
			d.sorted = append(d.sorted, s)
		}
	}
	slices.Sort(d.sorted)
	return d
}

// Len returns the number of finite scores.
func (d *Distribution) Len() int { return len(d.sorted) }

// Quantile returns the q-quantile, 0 ≤ q ≤ 1, interpolated linearly between
// scores (Hyndman & Fan's type 7, NumPy's default); NaN without scores.
func (d *Distribution) Quantile(q float64) float64 {
	n := len(d.sorted)
	if n == 0 || math.IsNaN(q) {
		return math.NaN()
	}
	at := min(max(q, 0), 1) * float64(n-1)
	k := int(at)
	t := at - float64(k)
	return d.sorted[k]*(1-t) + d.sorted[min(k+1, n-1)]*t // the difference could overflow
}

// Deviation returns the median of the distances from the median, NaN without
// scores. Of normal scores it is 0.6745 standard deviations.
func (d *Distribution) Deviation() float64 {
	if len(d.sorted) == 0 {
		return math.NaN()
	}
	off, middle := make([]float64, len(d.sorted)), d.Quantile(0.5)
	for i, v := range d.sorted {
		off[i] = math.Abs(v - middle)
	}
	return median(off)
}

// Range returns the smallest and the largest score, NaN without scores.
func (d *Distribution) Range() (low, high float64) { return d.Quantile(0), d.Quantile(1) }

// Above returns how many scores exceed limit, infinite and NaN ones left out.
func (d *Distribution) Above(limit float64) int {
	n := len(d.sorted)
	return n - sort.Search(n, func(i int) bool { return d.sorted[i] > limit })
}

// Threshold says from which score on an example counts as an anomaly, given the
// scores of normal ones.
type Threshold uint8

// The thresholds. Each has a factor, for which Factor is the usual one.
const (
	QuantileTimes   Threshold = iota // factor times the 0.95-quantile; 10: H2O's test of an electrocardiogram
	HighQuantile                     // factor is the quantile itself; 0.99
	MedianDeviation                  // the median plus factor times Deviation; 6, some 4 standard deviations
)

// Factor returns the usual factor of a threshold.
func (t Threshold) Factor() float64 {
	switch t {
	case HighQuantile:
		return 0.99
	case MedianDeviation:
		return 6
	}
	return 10
}

// Of returns the limit that t sets for normal scores of that distribution; NaN
// without scores.
func (t Threshold) Of(d *Distribution, factor float64) float64 {
	switch t {
	case HighQuantile:
		return d.Quantile(factor)
	case MedianDeviation:
		return d.Quantile(0.5) + factor*d.Deviation()
	}
	return factor * d.Quantile(0.95)
}

// Histogram is how many scores lie between edges.
type Histogram struct {
	Edges  []float64 // n+1, ascending
	Counts []int     // n; bin i holds Edges[i] ≤ score < Edges[i+1], the last its upper edge too
}

// Histogram counts the scores in n bins of equal width from the smallest to the
// largest; scores that are all the same get bins about them. It is empty without
// scores or with n < 1.
func (d *Distribution) Histogram(n int) Histogram {
	if len(d.sorted) == 0 || n < 1 {
		return Histogram{}
	}
	low, high := d.Range()
	if low == high {
		width := max(math.Abs(low), 1) / 2
		low, high = low-width, high+width
	}
	h := Histogram{Edges: make([]float64, n+1), Counts: make([]int, n)}
	h.Edges[0], h.Edges[n] = low, high
	for i := 1; i < n; i++ {
		t := float64(i) / float64(n)
		h.Edges[i] = min(max(low*(1-t)+high*t, h.Edges[i-1]), high) // low + t·(high-low) could overflow
	}
	from := 0
	for i := range n {
		to := len(d.sorted)
		if i < n-1 {
			to, _ = slices.BinarySearch(d.sorted, h.Edges[i+1])
		}
		h.Counts[i] = to - from
		from = to
	}
	return h
}

// Rank returns the indices of scores, the highest first and equal ones in their
// order; NaN is higher than all, as the score of an example that the network
// cannot take.
func Rank(scores []float64) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := scores[a], scores[b]
		if math.IsNaN(x) || math.IsNaN(y) {
			return cmp.Compare(x, y) // NaN is below all for cmp, and goes first here
		}
		return cmp.Compare(y, x)
	})
	return order
}
