package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ProgressLine is a thin bar filled from the left. It never moves by itself.
type ProgressLine struct {
	widget.BaseWidget
	fraction    float64
	track, fill *canvas.Rectangle
}

// NewProgressLine returns an empty bar.
func NewProgressLine() *ProgressLine {
	p := &ProgressLine{track: &canvas.Rectangle{}, fill: &canvas.Rectangle{}}
	p.ExtendBaseWidget(p)
	return p
}

// SetFraction fills the bar up to f, clamped to [0, 1].
func (p *ProgressLine) SetFraction(f float64) {
	f = min(max(f, 0), 1)
	if f != f { // not a number
		f = 0
	}
	if f != p.fraction {
		p.fraction = f
		p.place(p.Size())
	}
}

// Fraction is how far the bar is filled.
func (p *ProgressLine) Fraction() float64 { return p.fraction }

// CreateRenderer implements fyne.Widget.
func (p *ProgressLine) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	least := func() fyne.Size { return fyne.NewSize(60, 8) }
	dress := func() {
		l := lookOf(p)
		p.track.FillColor, p.track.CornerRadius = l.colour(theme.ColorNameSeparator), 1
		p.fill.FillColor, p.fill.CornerRadius = l.colour(theme.ColorNamePrimary), 1
	}
	return newFace(p, least, p.place, dress, p.track, p.fill)
}

func (p *ProgressLine) place(s fyne.Size) {
	const h = 3
	y := float32(int((s.Height - h) / 2))
	put(p.track, 0, y, s.Width, h)
	put(p.fill, 0, y, float32(int(float64(s.Width)*p.fraction+0.5)), h)
}
