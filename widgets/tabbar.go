package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// TabBar is a row of view names over a hair line; the chosen one is underlined.
type TabBar struct {
	strip
	texts []*canvas.Text
	under *canvas.Rectangle
	line  *canvas.Rectangle
	over  *canvas.Rectangle
	focus *canvas.Rectangle
}

var (
	_ fyne.Tappable     = (*TabBar)(nil)
	_ fyne.Focusable    = (*TabBar)(nil)
	_ desktop.Hoverable = (*TabBar)(nil)
)

// NewTabBar returns a bar with its first tab chosen. onChange gets the index of the tab the user chooses.
func NewTabBar(labels []string, onChange func(i int)) *TabBar {
	t := &TabBar{
		under: &canvas.Rectangle{}, line: &canvas.Rectangle{},
		over: &canvas.Rectangle{}, focus: &canvas.Rectangle{},
	}
	t.setup(labels, onChange, t.tabWidth)
	for range labels {
		t.texts = append(t.texts, &canvas.Text{})
	}
	t.init(t)
	return t
}

func (t *TabBar) tabWidth(i int) float32 {
	l := lookOf(t)
	return widthOf(t.labels[i], l.text(), plain) + 4*l.inner()
}

// CreateRenderer implements fyne.Widget.
func (t *TabBar) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	objects := []fyne.CanvasObject{t.line, t.over}
	for _, x := range t.texts {
		objects = append(objects, x)
	}
	return newFace(t, t.least, t.place, t.dress, append(objects, t.under, t.focus)...)
}

func (t *TabBar) least() fyne.Size {
	l := lookOf(t)
	t.inset = 2 * l.inner()
	return fyne.NewSize(t.length()+t.inset, max(hitHeight, heightOf(l.text(), plain)+4*l.inner()-4))
}

func (t *TabBar) place(s fyne.Size) {
	l := lookOf(t)
	t.inset = 2 * l.inner()
	put(t.line, 0, s.Height-1, s.Width, 1)
	x := t.inset
	show(t.over, t.hover >= 0 && !t.off[t.hover])
	show(t.under, t.selected >= 0)
	for i, text := range t.texts {
		w := t.tabWidth(i)
		putText(text, t.labels[i], x+2*l.inner(), 0, w-2*l.inner(), s.Height-1)
		if i == t.hover {
			put(t.over, x, 0, w, s.Height-1)
		}
		if i == t.selected {
			put(t.under, x, s.Height-2, w, 2)
			put(t.focus, x+2, 3, w-4, s.Height-7)
		}
		x += w
	}
}

func (t *TabBar) dress() {
	l := lookOf(t)
	t.line.FillColor = l.colour(theme.ColorNameSeparator)
	t.under.FillColor = l.colour(theme.ColorNamePrimary)
	t.over.FillColor = l.colour(theme.ColorNameHover)
	dressRing(t.focus, l, t.ring(), theme.ColorNamePrimary)
	for i, text := range t.texts {
		dressText(text, t.itemColour(l, i), l.text(), plain)
	}
}

func (s *strip) itemColour(l look, i int) color.Color {
	switch {
	case s.off[i] || s.Disabled():
		return l.colour(theme.ColorNameDisabled)
	case i == s.selected:
		return l.colour(theme.ColorNameForeground)
	}
	return l.colour(ColorNameMuted)
}
