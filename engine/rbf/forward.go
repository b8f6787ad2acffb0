package rbf

import (
	"errors"

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

// ForwardSelection chooses at most count rows of x, N×d, as centres of basis
// functions of one kernel and width: each time the one that explains most of
// what is left of the N values y, by orthogonal least squares (Chen, Cowan &
// Grant 1991). It stops early when what is left of every candidate is rounding
// error.
func ForwardSelection(x linalg.Matrix[float64], y []float64, kernel Kernel, width float64, count int) (Selection, error) {
	return Selection{}, errors.New("forward selection is being written")
}
