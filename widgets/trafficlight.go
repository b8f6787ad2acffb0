package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Light is what a TrafficLight shows.
type Light int

// The lights. Each has a colour, a glyph and a word of its own, so that none is told by its colour alone.
const (
	LightOff   Light = iota // nothing is known yet
	LightGreen              // all is well: a tick
	LightAmber              // look at it: a triangle
	LightRed                // wrong: a cross
)

func (l Light) colour() fyne.ThemeColorName {
	switch l {
	case LightGreen:
		return ColorNameLive
	case LightAmber:
		return ColorNameWarn
	case LightRed:
		return ColorNameFault
	}
	return ColorNameMuted
}

func (l Light) icon() fyne.ThemeIconName {
	switch l {
	case LightGreen:
		return theme.IconNameConfirm
	case LightAmber:
		return theme.IconNameWarning
	case LightRed:
		return theme.IconNameError
	}
	return theme.IconNameMoreHorizontal
}

// TrafficLight is a coloured tag with a glyph and a word, for a judgement of three grades.
type TrafficLight struct {
	hoverable
	light  Light
	text   string
	ground *canvas.Rectangle
	glyph  *canvas.Image
	label  *canvas.Text
}

// NewTrafficLight returns a light that is off.
func NewTrafficLight() *TrafficLight {
	t := &TrafficLight{ground: &canvas.Rectangle{}, glyph: newIcon(nil), label: &canvas.Text{}}
	t.init(t)
	return t
}

// Set shows a grade with its word. The same again costs nothing.
func (t *TrafficLight) Set(light Light, text string) {
	if light != t.light || text != t.text {
		t.light, t.text = light, text
		t.Refresh()
	}
}

// State is the grade shown, with its word.
func (t *TrafficLight) State() (Light, string) { return t.light, t.text }

// CreateRenderer implements fyne.Widget.
func (t *TrafficLight) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	least := func() fyne.Size {
		l := lookOf(t)
		return fyne.NewSize(12*l.text(), hitHeight)
	}
	place := func(s fyne.Size) {
		l := lookOf(t)
		put(t.ground, 0, 1, s.Width, s.Height-2)
		put(t.glyph, 2*l.pad(), float32(int((s.Height-buttonIcon)/2)), buttonIcon, buttonIcon)
		x := 3*l.pad() + buttonIcon
		putText(t.label, t.text, x, 0, s.Width-x-l.pad(), s.Height)
	}
	dress := func() {
		l := lookOf(t)
		t.ground.FillColor, t.ground.CornerRadius = l.faded(t.light.colour(), 0.16), l.radius()
		t.glyph.Resource = theme.NewColoredResource(l.th.Icon(t.light.icon()), t.light.colour())
		dressText(t.label, l.colour(t.light.colour()), l.text(), bold)
	}
	return newFace(t, least, place, dress, t.ground, t.glyph, t.label)
}
