package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// Segmented is a row of exclusive choices in one rounded box; the chosen one is raised.
type Segmented struct {
	strip
	texts []*canvas.Text
	box   *canvas.Rectangle
	knob  *canvas.Rectangle
	over  *canvas.Rectangle
	focus *canvas.Rectangle
}

var (
	_ fyne.Tappable     = (*Segmented)(nil)
	_ fyne.Focusable    = (*Segmented)(nil)
	_ desktop.Hoverable = (*Segmented)(nil)
)

// NewSegmented returns a row with its first item chosen. onChange gets the index of the item the user chooses.
func NewSegmented(labels []string, onChange func(i int)) *Segmented {
	g := &Segmented{
		box: &canvas.Rectangle{}, knob: &canvas.Rectangle{},
		over: &canvas.Rectangle{}, focus: &canvas.Rectangle{},
	}
	g.setup(labels, onChange, g.itemWidth)
	for range labels {
		g.texts = append(g.texts, &canvas.Text{})
	}
	g.init(g)
	return g
}

func (g *Segmented) itemWidth(i int) float32 {
	l := lookOf(g)
	return max(hitHeight, widthOf(g.labels[i], l.text(), plain)+3*l.inner())
}

// CreateRenderer implements fyne.Widget.
func (g *Segmented) CreateRenderer() fyne.WidgetRenderer {
	g.ExtendBaseWidget(g)
	objects := []fyne.CanvasObject{g.box, g.knob, g.over}
	for _, x := range g.texts {
		objects = append(objects, x)
	}
	return newFace(g, g.least, g.place, g.dress, append(objects, g.focus)...)
}

func (g *Segmented) least() fyne.Size { return fyne.NewSize(g.length(), hitHeight) }

func (g *Segmented) place(s fyne.Size) {
	l := lookOf(g)
	y := float32(int((s.Height - hitHeight) / 2))
	put(g.box, 0, y+1, g.length(), hitHeight-2)
	show(g.knob, g.selected >= 0)
	show(g.over, g.hover >= 0 && g.hover != g.selected && !g.off[g.hover])
	x := float32(0)
	for i, text := range g.texts {
		w := g.itemWidth(i)
		tw := widthOf(g.labels[i], l.text(), plain)
		putText(text, g.labels[i], x+(w-tw)/2, y, tw, hitHeight)
		if i == g.selected {
			put(g.knob, x+1, y+2, w-2, hitHeight-4)
			put(g.focus, x, y+1, w, hitHeight-2)
		}
		if i == g.hover {
			put(g.over, x+1, y+2, w-2, hitHeight-4)
		}
		x += w
	}
}

func (g *Segmented) dress() {
	l := lookOf(g)
	g.box.FillColor, g.box.CornerRadius = l.colour(theme.ColorNameInputBackground), l.radius()
	g.knob.FillColor, g.knob.CornerRadius = l.colour(ColorNameRaised), l.radius()-1
	g.over.FillColor, g.over.CornerRadius = l.colour(theme.ColorNameHover), l.radius()-1
	dressRing(g.focus, l, g.ring(), theme.ColorNamePrimary)
	for i, text := range g.texts {
		dressText(text, g.itemColour(l, i), l.text(), plain)
	}
}
