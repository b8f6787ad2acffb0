package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is text wrapped to a fixed width, in the colour of secondary text
// unless it has another one.
type Paragraph struct {
	widget.BaseWidget
	text   string
	width  float32
	colour fyne.ThemeColorName
	lines  []*canvas.Text
	shown  []string
}

// maxLines bounds a paragraph; what is beyond ends in an ellipsis.
const maxLines = 12

// NewParagraph returns a paragraph of the given width in units.
func NewParagraph(text string, width float32) *Paragraph {
	p := &Paragraph{text: text, width: width, colour: ColorNameMuted}
	for range maxLines {
		p.lines = append(p.lines, &canvas.Text{})
	}
	p.ExtendBaseWidget(p)
	p.breakLines()
	return p
}

// SetText changes the text; the height follows.
func (p *Paragraph) SetText(text string) {
	if text != p.text {
		p.text = text
		p.breakLines()
		p.Refresh()
	}
}

// SetColour gives the text another of the theme's colours.
func (p *Paragraph) SetColour(name fyne.ThemeColorName) {
	p.colour = name
	p.Refresh()
}

// Text is the whole text.
func (p *Paragraph) Text() string { return p.text }

func (p *Paragraph) breakLines() {
	p.shown = wrap(p.text, p.width, lookOf(p).text(), plain, maxLines)
}

func (p *Paragraph) lineHeight() float32 { return heightOf(lookOf(p).text(), plain) + 2 }

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	objects := make([]fyne.CanvasObject, len(p.lines))
	for i, l := range p.lines {
		objects[i] = l
	}
	least := func() fyne.Size { return fyne.NewSize(p.width, p.lineHeight()*float32(len(p.shown))) }
	place := func(s fyne.Size) {
		for i, l := range p.lines {
			text := ""
			if i < len(p.shown) {
				text = p.shown[i]
			}
			putText(l, text, 0, float32(i)*p.lineHeight(), s.Width, p.lineHeight())
		}
	}
	dress := func() {
		l := lookOf(p)
		for _, t := range p.lines {
			dressText(t, l.colour(p.colour), l.text(), plain)
		}
		p.breakLines()
	}
	return newFace(p, least, place, dress, objects...)
}
