package rbf

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/linalg"
)

func TestGrid(t *testing.T) {
	for _, c := range []struct {
		name   string
		lo, hi []float64
		count  int
		want   []float64
	}{
		{"line", []float64{-5}, []float64{10}, 4, []float64{-5, 0, 5, 10}},
		{"one", []float64{0}, []float64{2}, 1, []float64{1}},
		{"none", []float64{0}, []float64{2}, 0, nil},
		{"a point", []float64{3}, []float64{3}, 5, []float64{3}},
		{"wide", []float64{0, 0}, []float64{4, 1}, 5, []float64{0, 0.5, 1, 0.5, 2, 0.5, 3, 0.5, 4, 0.5}},
		{"square", []float64{0, 0}, []float64{1, 1}, 4, []float64{0, 0, 0, 1, 1, 0, 1, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Grid(c.lo, c.hi, c.count); !slices.Equal(got.Data, c.want) {
				t.Errorf("got %v, want %v", got.Data, c.want)
			}
		})
	}
	if g := Grid([]float64{0, 0}, []float64{1, 1}, 20); g.Rows != 20 {
		t.Errorf("20 centres in a square: got %d", g.Rows)
	}
}

func TestSubset(t *testing.T) {
	x := randomPoints(rand.New(rand.NewPCG(1, 1)), 50, 2)
	a, b, other := Subset(x, 20, 7), Subset(x, 20, 7), Subset(x, 20, 8)
	if !slices.Equal(a.Data, b.Data) || slices.Equal(a.Data, other.Data) {
		t.Error("the seed does not decide")
	}
	if len(Duplicates(a)) > 0 || a.Rows != 20 {
		t.Errorf("%d rows, duplicates %v", a.Rows, Duplicates(a))
	}
	if all := Subset(x, 500, 1); !slices.Equal(all.Data, x.Data) {
		t.Error("more than all are not all, in order")
	}
}

// TestKMeans finds three tight clusters, whatever the seed.
func TestKMeans(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	truth := []float64{0, 0, 10, 0, 0, 10}
	x := linalg.NewMatrix[float64](300, 2)
	for i := range x.Rows {
		for j := range 2 {
			x.Set(i, j, truth[i%3*2+j]+0.1*rng.NormFloat64())
		}
	}
	for seed := range uint64(20) {
		c := KMeans(x, 3, seed)
		for k := range 3 {
			found := false
			for j := range c.Rows {
				found = found || squaredDistance(c.Row(j), truth[2*k:2*k+2]) < 0.01
			}
			if !found {
				t.Errorf("seed %d: nothing near cluster %d: %v", seed, k, c.Data)
			}
		}
		if again := KMeans(x, 3, seed); !slices.Equal(c.Data, again.Data) {
			t.Errorf("seed %d gives two answers", seed)
		}
	}
	few := linalg.MatrixOf(4, 1, []float64{1, 1, 2, 2})
	if c := KMeans(few, 3, 1); c.Rows != 2 {
		t.Errorf("two different points in %d clusters", c.Rows)
	}
	if c := KMeans(linalg.NewMatrix[float64](0, 2), 3, 1); c.Rows != 0 {
		t.Errorf("no points in %d clusters", c.Rows)
	}
}

func TestWidths(t *testing.T) {
	c := column([]float64{0, 1, 3, 7})
	if got, want := MaxDistance(c)[0], 7/math.Sqrt(8); math.Abs(got-want) > 1e-15 {
		t.Errorf("MaxDistance = %v, want %v", got, want)
	}
	if got := PerCentre(c, 2); maxDiff(got, []float64{2, 1.5, 2.5, 5}) > 1e-15 {
		t.Errorf("PerCentre = %v", got)
	}
	if got := Nearest(c, 2); maxDiff(got, Given(4, 2.75)) > 1e-15 {
		t.Errorf("Nearest = %v", got)
	}
	for _, same := range []linalg.Matrix[float64]{column([]float64{4}), column([]float64{4, 4})} {
		for _, w := range [][]float64{MaxDistance(same), Nearest(same, 2), PerCentre(same, 2)} {
			if w[0] != 1 || len(w) != same.Rows {
				t.Errorf("widths of centres in one place: %v", w)
			}
		}
	}
}

// TestForwardSelection compares each error-reduction ratio with what a fit with
// the centres so far says, and the choice with trying every candidate.
func TestForwardSelection(t *testing.T) {
	x := Grid([]float64{-5}, []float64{10}, 60)
	y := make([]float64, x.Rows)
	for i := range y {
		y[i] = seedFunction(x.At(i, 0))
	}
	s, err := ForwardSelection(x, y, Gaussian, 1, 12)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Index) != 12 || len(Duplicates(s.Centres)) > 0 {
		t.Fatalf("chose %v", s.Index)
	}
	unexplained := func(index []int) float64 {
		n := &Network{Kernel: Gaussian, Centres: rows(x, index), Widths: Given(len(index), 1), Degree: -1}
		r, err := n.Fit(x, y, DefaultReadout())
		if err != nil {
			t.Fatal(err)
		}
		return r.RMSE * r.RMSE * float64(len(y)) / dot(y, y)
	}
	left := 1.0
	for k, r := range s.Reduction {
		left -= r
		if got := unexplained(s.Index[:k+1]); math.Abs(got-left) > 1e-9 {
			t.Errorf("after %d centres %.12f is unexplained, the ratios say %.12f", k+1, got, left)
		}
		if k < 4 {
			for i := range x.Rows {
				if slices.Contains(s.Index[:k], i) {
					continue
				}
				if u := unexplained(append(slices.Clone(s.Index[:k]), i)); u < left-1e-12 {
					t.Errorf("centre %d: point %d would leave %g, %d leaves %g", k, i, u, s.Index[k], left)
				}
			}
		}
	}
}

func TestForwardSelectionStops(t *testing.T) {
	x := column([]float64{0, 0, 1, 1, 2, 2})
	s, err := ForwardSelection(x, []float64{1, 1, 2, 2, 1, 1}, Gaussian, 1, 6)
	if err != nil || len(s.Index) != 3 {
		t.Errorf("three different points: chose %v, %v", s.Index, err)
	}
	if s, err = ForwardSelection(x, make([]float64, 6), Gaussian, 1, 6); err != nil || len(s.Index) != 0 {
		t.Errorf("nothing to explain: chose %v, %v", s.Index, err)
	}
	if _, err = ForwardSelection(x, []float64{1, 2, math.NaN(), 4, 5, 6}, Gaussian, 1, 2); err == nil || !strings.Contains(err.Error(), "point 3 of 6") {
		t.Errorf("NaN: %v", err)
	}
}
