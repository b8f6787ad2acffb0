package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Badge is a word in a thin rounded frame: when a change takes effect, or what something is.
type Badge struct {
	widget.BaseWidget
	text   string
	colour fyne.ThemeColorName
	frame  *canvas.Rectangle
	label  *canvas.Text
}

const badgeHeight float32 = 17

// NewBadge returns a badge. colour is a theme colour's name; "" chooses green for "live" and muted for anything else.
func NewBadge(text string, colour fyne.ThemeColorName) *Badge {
	b := &Badge{frame: &canvas.Rectangle{}, label: &canvas.Text{}}
	b.text, b.colour = text, badgeColour(text, colour)
	b.ExtendBaseWidget(b)
	return b
}

func badgeColour(text string, colour fyne.ThemeColorName) fyne.ThemeColorName {
	if colour != "" {
		return colour
	}
	if text == "live" {
		return ColorNameLive
	}
	return ColorNameMuted
}

// Set changes the word and its colour, as NewBadge takes them. An empty word shows nothing.
func (b *Badge) Set(text string, colour fyne.ThemeColorName) {
	if c := badgeColour(text, colour); text != b.text || c != b.colour {
		b.text, b.colour = text, c
		b.Refresh()
	}
}

// Text is the badge's word.
func (b *Badge) Text() string { return b.text }

// CreateRenderer implements fyne.Widget.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	return newFace(b, b.least, b.place, b.dress, b.frame, b.label)
}

func (b *Badge) width() float32 {
	if b.text == "" {
		return 0
	}
	return widthOf(b.text, lookOf(b).caption()-1, plain) + 9
}

func (b *Badge) least() fyne.Size { return fyne.NewSize(b.width(), badgeHeight) }

func (b *Badge) place(s fyne.Size) {
	y := float32(int((s.Height - badgeHeight) / 2))
	w := b.width()
	put(b.frame, 0, y, w, badgeHeight)
	putText(b.label, b.text, 4.5, y, w, badgeHeight)
	show(b.frame, w > 0)
}

func (b *Badge) dress() {
	l := lookOf(b)
	outline(b.frame, l.faded(b.colour, 0.8), 1, 3)
	dressText(b.label, l.colour(b.colour), l.caption()-1, plain)
}
