package app

import (
	"math"
	"slices"

	"filterscope/engine/experiment"
	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
	"filterscope/engine/surface"
)

// rbfState is what the RBF view is about: a recipe, and what was changed by
// hand of what it chooses. A state is never written to; every change makes a
// new one, so that undo keeps the old.
type rbfState struct {
	recipe recipe.Recipe
	edit   *rbfEdit // nil: nothing was changed by hand
}

// rbfEdit is what the user changed. What is empty is as the recipe chooses.
type rbfEdit struct {
	centres linalg.Matrix[float64] // M×d
	widths  []float64              // M
	points  experiment.Points      // in place of the training points
	cloud   surface.Cloud          // in place of the study's
	// fixed is shown as it is, with its weights: a network that was trained or
	// opened. Nil: the weights are fitted.
	fixed *rbf.Network
	// opened is a model that was opened: its study is what the state is about,
	// and what it has worked out holds for its recipe. Nil: it is prepared.
	opened *experiment.Result
}

// edited returns a copy of the edit to be changed.
func (s rbfState) edited() *rbfEdit {
	if s.edit == nil {
		return &rbfEdit{}
	}
	e := *s.edit
	return &e
}

// with returns the state with another recipe. What was changed by hand stays as
// far as it still means something.
func (s rbfState) with(r recipe.Recipe) rbfState {
	old, b := s.recipe.RBF, r.RBF
	next := rbfState{recipe: r, edit: s.edit}
	switch {
	case s.edit == nil:
	case dataOf(old) != dataOf(b) || s.recipe.Seed != r.Seed:
		next.edit = nil
	default:
		e := s.edited()
		was, is := old, b
		was.Resolution, is.Resolution = 0, 0
		if e.fixed != nil && was != is { // its weights no longer follow from the recipe
			e.centres, e.widths, e.fixed = e.fixed.Centres, e.fixed.Widths, nil
		}
		if old.Centres != b.Centres || old.Count != b.Count || old.Interpolates() != b.Interpolates() {
			e.centres, e.widths = linalg.Matrix[float64]{}, nil
		}
		if old.Widths != b.Widths || old.Width != b.Width || old.WidthNeighbours != b.WidthNeighbours {
			e.widths = nil
		}
		next.edit = e
	}
	return next
}

// dataOf keeps of a table what says which data there are.
func dataOf(b recipe.RBF) recipe.RBF {
	d := recipe.RBF{
		Task: b.Task, Function: b.Function, Expression: b.Expression, Path: b.Path,
		From: b.From, To: b.To, Noise: b.Noise, Train: b.Train, Test: b.Test,
	}
	if d.Path != "" {
		d.Function, d.Expression = "", ""
	}
	if b.Task == recipe.TaskImage {
		d.Path, d.Function = b.Path, b.Function
		d.From = float64(b.Resolution) // the picture is scaled to it
	}
	return d
}

// modelOf keeps of a table what the choice of centres and widths, or the fit of
// a surface, depends on.
func modelOf(b recipe.RBF) recipe.RBF {
	b.Readout, b.Cutoff, b.Lambda, b.TrainByGradient = "", 0, 0, false
	if b.Task != recipe.TaskImage {
		b.Resolution = 0
	}
	return b
}

// adopt returns an edit that has the centres and widths of a network, to be
// moved one by one.
func (s rbfState) adopt(n *rbf.Network) *rbfEdit {
	e := s.edited()
	e.centres, e.widths, e.fixed = n.Centres.Clone(), slices.Clone(n.Widths), nil
	return e
}

// withCentre returns the state with centre i moved and of another width.
func (s rbfState) withCentre(n *rbf.Network, i int, at []float64, width float64) rbfState {
	e := s.adopt(n)
	copy(e.centres.Row(i), at)
	e.widths[i] = width
	return rbfState{s.recipe, e}
}

// plusCentre returns the state with a centre added, as wide as the one nearest
// to it.
func (s rbfState) plusCentre(n *rbf.Network, at []float64) rbfState {
	e := s.adopt(n)
	width, nearest := 1.0, math.Inf(1)
	for i := range n.Centres.Rows {
		d := 0.0
		for j, v := range n.Centres.Row(i) {
			d += (v - at[j]) * (v - at[j])
		}
		if d < nearest {
			width, nearest = n.Widths[i], d
		}
	}
	e.centres = withRow(n.Centres, at)
	e.widths = append(e.widths, width)
	return rbfState{s.recipe, e}
}

// minusCentre returns the state without centre i.
func (s rbfState) minusCentre(n *rbf.Network, i int) rbfState {
	e := s.adopt(n)
	e.centres = withoutRow(n.Centres, i)
	e.widths = slices.Delete(e.widths, i, i+1)
	return rbfState{s.recipe, e}
}

// withPoints returns the state with other training points. A network that was
// trained or opened is fitted to them.
func (s rbfState) withPoints(p experiment.Points) rbfState {
	e := s.edited()
	if e.fixed != nil {
		e = s.adopt(e.fixed)
	}
	e.points = p
	return rbfState{s.recipe, e}
}

// withRow returns a copy of m with a row added at its end.
func withRow(m linalg.Matrix[float64], row []float64) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](m.Rows+1, len(row))
	for i := range m.Rows {
		copy(out.Row(i), m.Row(i))
	}
	copy(out.Row(m.Rows), row)
	return out
}

// withoutRow returns a copy of m without row i.
func withoutRow(m linalg.Matrix[float64], i int) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](m.Rows-1, m.Cols)
	for k := range out.Rows {
		from := k
		if k >= i {
			from++
		}
		copy(out.Row(k), m.Row(from))
	}
	return out
}

// points returns the training points of the frame, for a change of them.
func (v *rbfView) points() (experiment.Points, bool) {
	if v.frame == nil || v.frame.solution == nil || v.state.recipe.RBF.Task != recipe.TaskField {
		return experiment.Points{}, false
	}
	if e := v.state.edit; e != nil && e.points.Len() > 0 {
		return e.points, true
	}
	return v.frame.solution.study.Train, true
}

// withPoint returns points with one changed.
func withPoint(p experiment.Points, i int, at []float64, y float64) experiment.Points {
	out := experiment.Points{X: p.X.Clone(), Y: append([]float64(nil), p.Y...)}
	copy(out.X.Row(i), at)
	out.Y[i] = y
	return out
}

// plusPoint returns points with one more.
func plusPoint(p experiment.Points, at []float64, y float64) experiment.Points {
	return experiment.Points{X: withRow(p.X, at), Y: append(append([]float64(nil), p.Y...), y)}
}

// minusPoint returns points without one.
func minusPoint(p experiment.Points, i int) experiment.Points {
	y := append([]float64(nil), p.Y[:i]...)
	return experiment.Points{X: withoutRow(p.X, i), Y: append(y, p.Y[i+1:]...)}
}
