package rbf

import (
	"errors"
	"fmt"
	"slices"

	"filterscope/engine/linalg"
)

// Selection is what ForwardSelection chose, the most useful centre first.
type Selection struct {
	Centres linalg.Matrix[float64] // M×d
	Index   []int                  // the row of x each centre is
	// Reduction is each centre's error-reduction ratio: the share of ‖y‖² that it
	// explains and those before it do not.
	Reduction []float64
}

// maxCandidates bounds the points ForwardSelection looks at: it keeps N² numbers.
const maxCandidates = 4000

// ForwardSelection chooses at most count rows of x, N×d, as centres of basis
// functions of one kernel and width: each time the one that explains most of
// what is left of the N values y, by orthogonal least squares (Chen, Cowan &
// Grant 1991). It stops early when what is left of every candidate, or of y, is
// rounding error. It fails when Fit would, and for more than 4,000 points.
func ForwardSelection(x linalg.Matrix[float64], y []float64, kernel Kernel, width float64, count int) (Selection, error) {
	if err := checkData(x, y); err != nil {
		return Selection{}, err
	}
	if x.Rows > maxCandidates {
		return Selection{}, fmt.Errorf("forward selection compares every point with every other and takes at most %d, not %d: use k-means, or fewer points",
			maxCandidates, x.Rows)
	}
	if count < 1 {
		return Selection{}, errors.New("forward selection is asked for no centres: ask for at least one")
	}
	n := &Network{Kernel: kernel, Centres: x, Widths: Given(x.Rows, width), Degree: -1}
	if err := n.Check(); err != nil {
		return Selection{}, err
	}
	// The kernel is symmetric, so row k of the basis is also candidate k's column.
	columns := n.Basis(x)
	before := make([]float64, x.Rows) // squared norms of the candidates
	norms := make([]float64, x.Rows)  // and of what is left of them
	along := make([]float64, x.Rows)  // products of what is left of them and of y
	left := slices.Clone(y)
	for k := range before {
		row := columns.Row(k)
		before[k] = linalg.Dot(row, row)
		if !finite(before[k]) {
			return Selection{}, fmt.Errorf("the basis functions overflow at point %d: use wider ones, or scale the coordinates", k+1)
		}
		norms[k], along[k] = before[k], linalg.Dot(row, left)
	}
	energy := linalg.Dot(y, y)
	var s Selection
	for len(s.Index) < min(count, x.Rows) && energy > 0 {
		best, gain := -1, 1e-16
		for k, norm := range norms {
			if norm <= 1e-12*before[k] { // it lies in what is chosen
				continue
			}
			if g := along[k] * along[k] / (norm * energy); g > gain {
				best, gain = k, g
			}
		}
		if best < 0 {
			break
		}
		s.Index = append(s.Index, best)
		s.Reduction = append(s.Reduction, gain)
		q := slices.Clone(columns.Row(best))
		linalg.Scale(1/linalg.Norm(q), q)
		linalg.Axpy(-linalg.Dot(q, left), q, left)
		inBlocks(x.Rows, func(first, last int) {
			for k := first; k < last; k++ {
				row := columns.Row(k)
				along[k] = linalg.AxpyDot(-linalg.Dot(q, row), q, row, left)
				norms[k] = linalg.Dot(row, row)
			}
		})
	}
	s.Centres = rows(x, s.Index)
	return s, nil
}
