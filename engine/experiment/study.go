package experiment

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

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
	Notes  []string // what is worth knowing about the data, such as duplicates

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
	if err := r.WantRBF(); err != nil {
		return nil, err
	}
	if err := r.Validate(); err != nil {
		return nil, err
	}
	s := &Study{Recipe: r, Name: filepath.Base(r.RBF.Path)}
	if r.RBF.Path == "" {
		s.Name = r.RBF.Function
		if r.RBF.Task == recipe.TaskCurve && r.RBF.Function == recipe.FunctionExpression {
			s.Name = r.RBF.Expression
		}
	}
	var err error
	switch r.RBF.Task {
	case recipe.TaskImage:
		err = s.prepareImage(ctx, progress)
	case recipe.TaskSurface:
		err = s.prepareCloud(ctx)
	default:
		err = s.preparePoints(ctx, progress)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// dimensions returns the number of coordinates of the recipe's points.
func (s *Study) dimensions() int {
	if s.Recipe.RBF.Task == recipe.TaskField {
		return 2
	}
	return 1
}

func (s *Study) preparePoints(ctx context.Context, progress Progress) error {
	b, d := s.Recipe.RBF, s.dimensions()
	if b.Path != "" {
		p, err := readPoints(ctx, b.Path, d, progress)
		if err != nil {
			return err
		}
		return s.take(p)
	}
	for range d {
		s.Low, s.High = append(s.Low, b.From), append(s.High, b.To)
	}
	var err error
	if d == 1 {
		s.Truth, err = curve(b)
	} else {
		s.Truth = field(b.Function)
	}
	if err != nil {
		return fmt.Errorf("rbf.expression: %w", err)
	}
	s.Train = drawn(s.Truth, s.Low, s.High, 0, b.Train, s.Recipe.Seed)
	s.Test = drawn(s.Truth, s.Low, s.High, b.Train, b.Test, s.Recipe.Seed)
	for _, p := range []Points{s.Train, s.Test} {
		for i, y := range p.Y {
			if y-y != 0 { // only NaN and infinities differ from 0 here
				return fmt.Errorf("%s is %v at x = %.6g: choose another rbf.from or rbf.to", s.Name, y, p.X.At(i, 0))
			}
		}
	}
	s.Train.addNoise(b.Noise, s.Recipe.Seed)
	return nil
}

// take makes p the training points.
func (s *Study) take(p Points) error {
	if p.Len() == 0 {
		return errors.New("there are no points")
	}
	if err := p.check(); err != nil {
		return err
	}
	s.Train = p
	s.Low, s.High = p.bounds()
	if p.Len() == 1 {
		return errors.New("there is one point: a fit needs points in different places")
	}
	if slices.Equal(s.Low, s.High) {
		return fmt.Errorf("all %d points lie in one place: a fit needs points in different places", p.Len())
	}
	if n, first := p.duplicates(); n > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d of the %d points lie where another one does, the first are rows %d and %d",
			n, p.Len(), first[0], first[1]))
	}
	return nil
}

// WithPoints returns a study of the same settings on other points: those that
// were clicked, for example. The truth is not known for them. The points are
// kept, not copied. It panics when they have another number of coordinates.
func (s *Study) WithPoints(p Points) (*Study, error) {
	if d := s.dimensions(); p.X.Cols != d || len(p.Y) != p.Len() {
		panic(fmt.Sprintf("experiment: WithPoints: %d×%d places and %d values for %d coordinates", p.X.Rows, p.X.Cols, len(p.Y), d))
	}
	other := &Study{Recipe: s.Recipe, Name: fmt.Sprintf("%d points", p.Len())}
	if err := other.take(p); err != nil {
		return nil, err
	}
	return other, nil
}

func (s *Study) prepareCloud(ctx context.Context) error {
	b := s.Recipe.RBF
	var err error
	if b.Path != "" {
		s.Cloud, err = surface.LoadCloud(ctx, b.Path)
	} else {
		s.Cloud, err = surface.Example(b.Function, b.Train, b.Noise, s.Recipe.Seed)
	}
	if err != nil {
		return err
	}
	if err := s.Cloud.Check(); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if pairs := s.Cloud.FindDuplicates(); len(pairs) > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d of the %d points repeat another one and are left out, the first are %d and %d",
			len(pairs), s.Cloud.Points.Rows, pairs[0][0]+1, pairs[0][1]+1))
	}
	return nil
}

// Lattice returns side×side places of the rectangle from low to high, row by
// row from the lowest second coordinate; for one dimension side places.
func Lattice(low, high []float64, side int) linalg.Matrix[float64] {
	xs := linspace(low[0], high[0], side)
	if len(low) == 1 {
		return linalg.MatrixOf(side, 1, xs)
	}
	ys := linspace(low[1], high[1], side)
	m := linalg.NewMatrix[float64](side*side, 2)
	for i, y := range ys {
		for j, x := range xs {
			m.Data[2*(i*side+j)], m.Data[2*(i*side+j)+1] = x, y
		}
	}
	return m
}
