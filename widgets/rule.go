package widgets

import "fyne.io/fyne/v2/theme"

// NewRule returns a horizontal line one unit high.
func NewRule() *Panel {
	p := NewPanel(theme.ColorNameSeparator)
	p.least.Height = 1
	return p
}
