package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Heading is one line of larger bold text, less large where it would not fit.
type Heading struct {
	widget.BaseWidget
	text  string
	label *canvas.Text
}

// NewHeading returns a heading.
func NewHeading(text string) *Heading {
	h := &Heading{text: text, label: &canvas.Text{}}
	h.ExtendBaseWidget(h)
	return h
}

// SetText changes the heading.
func (h *Heading) SetText(text string) {
	if text != h.text {
		h.text = text
		h.Refresh()
	}
}

// Text is the heading.
func (h *Heading) Text() string { return h.text }

// CreateRenderer implements fyne.Widget.
func (h *Heading) CreateRenderer() fyne.WidgetRenderer {
	h.ExtendBaseWidget(h)
	size := func() float32 { return lookOf(h).text() * 1.7 }
	least := func() fyne.Size { return fyne.NewSize(2*hitHeight, heightOf(size(), bold)) }
	place := func(s fyne.Size) {
		h.label.TextSize = size()
		if w := widthOf(h.text, size(), bold); w > s.Width {
			h.label.TextSize = max(size()*(s.Width-2)/w, lookOf(h).text()) // widths are rounded up
		}
		putText(h.label, h.text, 0, 0, s.Width, s.Height)
	}
	dress := func() { dressText(h.label, lookOf(h).colour(foreground), size(), bold) }
	return newFace(h, least, place, dress, h.label)
}
