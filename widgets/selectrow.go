package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// SelectRow is a labelled drop-down list, in line with NumberEntry.
type SelectRow struct {
	hoverable
	label  rowLabel
	choice *Choice
}

// NewSelectRow returns a row with its first option chosen. onChange gets the option the user chooses.
func NewSelectRow(label string, options []string, onChange func(option string)) *SelectRow {
	r := &SelectRow{label: rowLabel{text: label, obj: &canvas.Text{}}, choice: NewChoice(options, onChange)}
	r.choice.narrow = true
	r.init(r)
	return r
}

// Choice is the list itself.
func (r *SelectRow) Choice() *Choice { return r.choice }

// SetSelected shows option as chosen, without calling the callback.
func (r *SelectRow) SetSelected(option string) { r.choice.SetSelected(option) }

// Selected is the chosen option.
func (r *SelectRow) Selected() string { return r.choice.Selected() }

// SetOptions replaces the options.
func (r *SelectRow) SetOptions(options []string) { r.choice.SetOptions(options) }

// SetBadge shows a word, as a NumberEntry does, where the chosen option leaves room for it.
func (r *SelectRow) SetBadge(word string) {
	r.choice.badge.Set(word, "")
	r.choice.Refresh()
}

// SetTip sets the tooltip of label and list.
func (r *SelectRow) SetTip(text string) {
	r.hoverable.SetTip(text)
	r.choice.SetTip(text)
}

// Enable implements fyne.Disableable.
func (r *SelectRow) Enable() {
	r.choice.Enable()
	r.hoverable.Enable()
}

// Disable implements fyne.Disableable.
func (r *SelectRow) Disable() {
	r.choice.Disable()
	r.hoverable.Disable()
}

// CreateRenderer implements fyne.Widget.
func (r *SelectRow) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	least := func() fyne.Size { return r.label.least(lookOf(r), r.choice.MinSize().Width) }
	place := func(s fyne.Size) {
		x := r.label.place(lookOf(r), s.Height)
		put(r.choice, x, 0, s.Width-x, s.Height)
	}
	dress := func() { r.label.dress(lookOf(r), r.Disabled()) }
	return newFace(r, least, place, dress, r.label.obj, r.choice)
}
