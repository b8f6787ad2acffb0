package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// rowHeight is the height of a labelled row: 26 for the field and one unit of air above and below.
const rowHeight = hitHeight

// rowLabel is the label column of every labelled row, so that fields stand in line.
type rowLabel struct {
	text string
	obj  *canvas.Text
}

// RowLabelWidth is the width of the label column of NumberEntry and SelectRow at a text size in units.
func RowLabelWidth(textSize float32) float32 { return float32(int(6 * textSize)) }

// place puts the label at the left end of a row; without a text the field has
// the whole row.
func (r *rowLabel) place(l look, height float32) (fieldLeft float32) {
	if r.text == "" {
		return 0
	}
	w := RowLabelWidth(l.text())
	putText(r.obj, r.text, 0, 0, w-l.pad(), height)
	return w
}

func (r *rowLabel) dress(l look, disabled bool) {
	name := ColorNameMuted
	if disabled {
		name = theme.ColorNameDisabled
	}
	dressText(r.obj, l.colour(name), l.text(), plain)
}

// least is the least size of a row whose field needs width units.
func (r *rowLabel) least(l look, width float32) fyne.Size {
	if r.text == "" {
		return fyne.NewSize(width, rowHeight)
	}
	return fyne.NewSize(RowLabelWidth(l.text())+width, rowHeight)
}
