package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is muted text that wraps at the width it is given. Its height is
// that of the last width, so it belongs into columns of a fixed width.
type Paragraph struct{ widget.Label }

// NewParagraph returns a paragraph.
func NewParagraph(text string) *Paragraph {
	p := &Paragraph{}
	p.Text = text
	p.Wrapping = fyne.TextWrapWord
	p.Importance = widget.LowImportance
	p.SizeName = theme.SizeNameText
	p.ExtendBaseWidget(p)
	return p
}
