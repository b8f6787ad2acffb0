package app

import (
	"image"
	"slices"

	"fyne.io/fyne/v2"

	"filterscope/widgets"
)

// unitMarks are units that are marked together, in ascending order, for an
// export of them alone.
type unitMarks []int

// units returns the marked units among the first n: none when there are fewer
// than two, which is no more than the selected one.
func (m unitMarks) units(n int) []int {
	var in []int
	for _, u := range m {
		if u < n {
			in = append(in, u)
		}
	}
	if len(in) < 2 {
		return nil
	}
	return in
}

// toggled returns the marks with a unit added, or taken away.
func (m unitMarks) toggled(unit int) unitMarks {
	at, has := slices.BinarySearch(m, unit)
	if has {
		return slices.Delete(slices.Clone(m), at, at+1)
	}
	return slices.Insert(slices.Clone(m), at, unit)
}

// span returns the marks from one unit to another.
func span(from, to int) (m unitMarks) {
	for u := min(from, to); u <= max(from, to); u++ {
		m = append(m, u)
	}
	return m
}

// pick selects the filter at a point: alone, with Ctrl beside those that are
// marked already, with Shift all from the selected one to it.
func (v *filtersView) pick(p image.Point, modifiers fyne.KeyModifier) {
	unit, _, _, ok := v.grid.At(p)
	if !ok {
		return
	}
	switch {
	case modifiers&fyne.KeyModifierShortcutDefault != 0:
		if len(v.marked) == 0 && v.unit >= 0 && v.unit != unit {
			v.marked = unitMarks{v.unit}
		}
		v.marked = v.marked.toggled(unit)
	case modifiers&fyne.KeyModifierShift != 0 && v.unit >= 0:
		v.marked = span(v.unit, unit)
		unit = v.unit // the end that stays
	default:
		v.choose(unit)
		return
	}
	v.unit = unit
	v.mark()
	v.selected(unit)
	v.redescribe()
}

// choose selects a unit, -1 for none, and marks no others.
func (v *filtersView) choose(unit int) {
	several := len(v.marked) > 0
	v.unit, v.marked = unit, nil
	v.mark()
	v.selected(unit)
	if several {
		v.redescribe()
	}
}

// redescribe writes the line below the picture for what is marked now.
func (v *filtersView) redescribe() {
	if v.frame != nil {
		v.describe(v.frame)
	}
}

// mark frames the selected unit and those that are marked beside it.
func (v *filtersView) mark() {
	var marks []widgets.Mark
	if v.grid.N > 0 {
		for _, u := range v.marked {
			if u != v.unit && u < v.n {
				marks = append(marks, widgets.Mark{Rect: v.grid.Cell(u), Kind: widgets.Selected})
			}
		}
		if v.unit >= 0 && v.unit < v.n {
			marks = append(marks, widgets.Mark{Rect: v.grid.Cell(v.unit), Kind: widgets.Selected})
		}
		if len(v.marked) > 0 && v.unit >= 0 && v.unit < v.n {
			marks = append(marks, widgets.Mark{Rect: v.grid.Cell(v.unit), Kind: widgets.Focused})
		}
	}
	v.picture.SetMarks(marks)
}
