package analysis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder"
)

func TestDistribution(t *testing.T) {
	scores := drawn(61, 1, 1001, (*rand.Rand).ExpFloat64).Data
	d := analysis.Distribute(append(slices.Clone(scores), math.NaN(), math.Inf(1)))
	if d.NotFinite != 2 || d.Len() != 1001 {
		t.Fatalf("%d scores and %d not finite", d.Len(), d.NotFinite)
	}
	for _, q := range []float64{-1, 0, 0.1, 0.5, 0.951, 1, 2} {
		near(t, fmt.Sprintf("quantile %v", q), d.Quantile(q), autoencoder.Threshold(scores, q, 1), 1e-12)
	}
	off := make([]float64, len(scores))
	for i, s := range scores {
		off[i] = math.Abs(s - autoencoder.Threshold(scores, 0.5, 1))
	}
	near(t, "deviation", d.Deviation(), autoencoder.Threshold(off, 0.5, 1), 1e-12)
	near(t, "H2O's limit", analysis.QuantileTimes.Of(d, analysis.QuantileTimes.Factor()), autoencoder.Threshold(scores, 0.95, 10), 1e-12)
	near(t, "0.99-quantile", analysis.HighQuantile.Of(d, 0.99), autoencoder.Threshold(scores, 0.99, 1), 1e-12)
	near(t, "median and deviations", analysis.MedianDeviation.Of(d, 3), d.Quantile(0.5)+3*d.Deviation(), 0)
	if got := d.Above(analysis.HighQuantile.Of(d, 0.99)); got != 10 {
		t.Errorf("%d above the 0.99-quantile of 1001, want 10", got)
	}
	for _, n := range []int{1, 7, 64, 5000} {
		h := d.Histogram(n)
		counts := make([]int, n)
		for _, s := range scores {
			i := 0
			for i < n-1 && s >= h.Edges[i+1] {
				i++
			}
			counts[i]++
		}
		if !slices.Equal(h.Counts, counts) || len(h.Edges) != n+1 || !slices.IsSorted(h.Edges) {
			t.Errorf("histogram of %d bins: %v, want %v", n, h.Counts, counts)
		}
	}
}

func TestDistributionEdges(t *testing.T) {
	none := analysis.Distribute([]float64{math.NaN()})
	if !math.IsNaN(none.Quantile(0.5)) || !math.IsNaN(none.Deviation()) || none.Above(0) != 0 || none.Histogram(4).Counts != nil {
		t.Error("without scores there is something")
	}
	same := analysis.Distribute([]float64{2, 2, 2})
	if h := same.Histogram(3); !slices.Equal(h.Counts, []int{0, 3, 0}) || h.Edges[0] != 1 || h.Edges[3] != 3 {
		t.Errorf("equal scores: %+v", h)
	}
	if same.Above(2) != 0 || same.Above(1.9) != 3 || same.Above(math.NaN()) != 0 {
		t.Error("Above of equal scores")
	}
	wide := analysis.Distribute([]float64{-math.MaxFloat64, math.MaxFloat64})
	if h := wide.Histogram(2); !slices.Equal(h.Counts, []int{1, 1}) || h.Edges[1] != 0 {
		t.Errorf("widest scores: %+v", h)
	}
	next := analysis.Distribute([]float64{1, math.Nextafter(1, 2)})
	if h := next.Histogram(9); h.Counts[8]+h.Counts[0]+h.Counts[4] > 2 || !slices.IsSorted(h.Edges) {
		t.Errorf("neighbouring scores: %+v", h)
	}
	got := analysis.Rank([]float64{1, 5, math.NaN(), 5, -2})
	if !slices.Equal(got, []int{2, 1, 3, 0, 4}) {
		t.Errorf("Rank() = %v, want [2 1 3 0 4]", got)
	}
}

func ExampleThreshold() {
	normal := analysis.Distribute([]float64{0.1, 0.2, 0.2, 0.3, 0.2})
	limit := analysis.QuantileTimes.Of(normal, 10)
	tested := []float64{0.2, 7, 0.1, 4}
	fmt.Printf("above %.1f: %d, first rows %v\n", limit, analysis.Distribute(tested).Above(limit), analysis.Rank(tested)[:2])
	// Output: above 2.8: 2, first rows [1 3]
}
