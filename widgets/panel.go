package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Panel is a ground of one of the theme's colours; it follows the theme. Stack
// content on it.
type Panel struct {
	widget.BaseWidget
	colour fyne.ThemeColorName
	ground *canvas.Rectangle
	least  fyne.Size
}

// NewPanel returns a ground of the named colour.
func NewPanel(colour fyne.ThemeColorName) *Panel {
	p := &Panel{colour: colour, ground: &canvas.Rectangle{FillColor: color.Transparent}}
	p.ExtendBaseWidget(p)
	return p
}

// NewSpace returns an invisible panel of a least size, to hold a place open.
func NewSpace(width, height float32) *Panel {
	p := NewPanel("")
	p.least = fyne.NewSize(width, height)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	dress := func() {
		if p.colour != "" {
			p.ground.FillColor = lookOf(p).colour(p.colour)
		}
	}
	return newFace(p, func() fyne.Size { return p.least }, func(s fyne.Size) { p.ground.Resize(s) }, dress, p.ground)
}
