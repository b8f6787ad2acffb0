package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Caption is one short muted line below a picture, centred.
type Caption struct {
	hoverable
	text  string
	label *canvas.Text
}

// NewCaption returns a caption.
func NewCaption(text string) *Caption {
	c := &Caption{text: text, label: &canvas.Text{}}
	c.init(c)
	return c
}

// SetText changes the caption.
func (c *Caption) SetText(text string) {
	if text != c.text {
		c.text = text
		c.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Caption) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	least := func() fyne.Size {
		size := lookOf(c).caption()
		return fyne.NewSize(widthOf(c.text, size, plain), heightOf(size, plain)+2)
	}
	place := func(s fyne.Size) {
		w := min(widthOf(c.text, c.label.TextSize, plain), s.Width)
		putText(c.label, c.text, (s.Width-w)/2, 0, w+1, s.Height)
	}
	dress := func() {
		l := lookOf(c)
		dressText(c.label, l.colour(ColorNameMuted), l.caption(), plain)
	}
	return newFace(c, least, place, dress, c.label)
}
