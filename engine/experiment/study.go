package experiment

import (
	"context"
	"errors"

	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
	"filterscope/engine/surface"
)

// Progress is told how far a lengthy piece of work is: done of total, and of
// what. It may be nil, and may be called from any goroutine.
type Progress func(done, total int, what string)

func (p Progress) tell(done, total int, what string) {
	if p != nil {
		p(done, total, what)
	}
}

// Points are places and the values there.
type Points struct {
	X linalg.Matrix[float64] // n×d
	Y []float64              // n
}

// Len returns the number of points.
func (p Points) Len() int { return p.X.Rows }

// Study is a recipe with its data. To see other settings on the same data,
// change the Recipe of a copy: keys that say what the data are (task, function,
// expression, path, from, to, noise, train, test, seed) take effect in Prepare
// alone.
type Study struct {
	Recipe recipe.Recipe
	Name   string   // of the data, for people: "seed function", "points.csv"
	Notes  []string // what is worth knowing about the data: duplicates, rows left out

	// Of a curve (d = 1) and a field (d = 2).
	Train, Test Points                    // Test is empty when nothing is known beside the points
	Low, High   []float64                 // the domain, d numbers each
	Truth       func(x []float64) float64 // the function without noise, nil when unknown

	Image Image         // of an image
	Cloud surface.Cloud // of a surface, with the noise in it
}

// Prepare draws or reads the data of r, which must be valid and of kind rbf.
// It ends early with the cause of ctx when that ends.
func Prepare(ctx context.Context, r recipe.Recipe, progress Progress) (*Study, error) {
	return nil, errors.New("experiment.Prepare is being written")
}

// WithPoints returns a study of the same settings on other points: those that
// were clicked, for example. The truth is not known for them. The points are
// kept, not copied.
func (s *Study) WithPoints(p Points) (*Study, error) {
	return nil, errors.New("experiment.WithPoints is being written")
}

// Lattice returns side×side places of the rectangle from low to high, row by
// row from the lowest second coordinate; for one dimension side places.
func Lattice(low, high []float64, side int) linalg.Matrix[float64] {
	return linalg.NewMatrix[float64](0, len(low))
}
