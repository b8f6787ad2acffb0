package kdtree_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf/kdtree"

	gocmp "github.com/google/go-cmp/cmp"
)

// brute looks at every point.
func brute(points linalg.Matrix[float64], q []float64, k int) []kdtree.Neighbour {
	all := make([]kdtree.Neighbour, points.Rows)
	for i := range all {
		s := 0.0
		for a, v := range points.Row(i) {
			s += (v - q[a]) * (v - q[a])
		}
		all[i] = kdtree.Neighbour{Index: i, Square: s}
	}
	slices.SortStableFunc(all, func(a, b kdtree.Neighbour) int { return cmp.Compare(a.Square, b.Square) })
	return all[:min(k, len(all))]
}

func TestNearest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, test := range []struct {
		name      string
		n, dim, k int
		levels    int // coordinates are multiples of 1/levels: many ties
	}{
		{"one point", 1, 3, 4, 0},
		{"a leaf", 7, 2, 3, 0},
		{"line", 300, 1, 5, 0},
		{"plane", 500, 2, 10, 0},
		{"space", 500, 3, 1, 0},
		{"eight dimensions", 200, 8, 20, 0},
		{"ties", 600, 2, 9, 5},
		{"all equal", 100, 3, 12, 1},
		{"more than there are", 20, 3, 50, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			draw := func(row []float64) {
				for j := range row {
					if row[j] = rng.Float64(); test.levels > 0 {
						row[j] = float64(int(row[j]*float64(test.levels))) / float64(test.levels)
					}
				}
			}
			points := linalg.NewMatrix[float64](test.n, test.dim)
			for i := range test.n {
				draw(points.Row(i))
			}
			tree := kdtree.New(points)
			var found []kdtree.Neighbour
			q := make([]float64, test.dim)
			for range 50 {
				draw(q)
				found = tree.Nearest(found, q, test.k)
				if diff := gocmp.Diff(brute(points, q, test.k), found); diff != "" {
					t.Fatalf("(-want +got)\n%s", diff)
				}
			}
		})
	}
}

func TestNearestOfNone(t *testing.T) {
	tree := kdtree.New(linalg.NewMatrix[float64](0, 3))
	if got := tree.Nearest(nil, make([]float64, 3), 2); len(got) != 0 {
		t.Errorf("Nearest() = %v, want none", got)
	}
}
