package widgets

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// Card is an item of a gallery: a picture, a title, a text and a tag line. The text has two lines in the card's least
// size; HeightAt tells what it takes to read it to the end.
type Card struct {
	control
	OnTapped    func() // a click, or Space
	OnActivated func() // a double click, or Enter

	title, text, tag string
	selected         bool
	pressed          time.Time
	picture          *Thumbnail
	box, over, rim   *canvas.Rectangle
	head             *canvas.Text
	lines            [mostCardLines]*canvas.Text
	foot             *canvas.Text
}

const (
	cardLines     = 2 // in the least size
	mostCardLines = 8
	cardWidth     = 176
	cardPicked    = 112 // height of the picture, units
	cardPad       = 10
)

var (
	_ fyne.Tappable     = (*Card)(nil)
	_ fyne.Focusable    = (*Card)(nil)
	_ desktop.Hoverable = (*Card)(nil)
)

// NewCard returns a card without a picture.
func NewCard(title, text, tag string) *Card {
	c := &Card{
		title: title, text: text, tag: tag, picture: NewThumbnail(cardWidth-2*cardPad, cardPicked),
		box: &canvas.Rectangle{}, over: &canvas.Rectangle{}, rim: &canvas.Rectangle{},
		head: &canvas.Text{}, foot: &canvas.Text{},
	}
	for i := range c.lines {
		c.lines[i] = &canvas.Text{}
	}
	c.init(c)
	return c
}

// SetImage shows img at the largest whole zoom that fits; it must not be written to while it is shown.
func (c *Card) SetImage(img *image.RGBA) { c.picture.SetImage(img) }

// SetTexts changes title, text and tag.
func (c *Card) SetTexts(title, text, tag string) {
	c.title, c.text, c.tag = title, text, tag
	c.Refresh()
}

// Title is the card's title.
func (c *Card) Title() string { return c.title }

// SetSelected frames the card in the accent colour.
func (c *Card) SetSelected(on bool) {
	if on != c.selected {
		c.selected = on
		c.Refresh()
	}
}

// Selected tells whether the card is framed.
func (c *Card) Selected() bool { return c.selected }

// Tapped implements fyne.Tappable. A second click within the double-click time activates; the first is not delayed.
func (c *Card) Tapped(*fyne.PointEvent) {
	if c.Disabled() {
		return
	}
	c.grab()
	now := time.Now()
	double := now.Sub(c.pressed) < DoubleClick
	c.pressed = now
	if double {
		c.pressed = time.Time{}
		c.activate()
		return
	}
	if c.OnTapped != nil {
		c.OnTapped()
	}
}

func (c *Card) activate() {
	if c.OnActivated != nil && !c.Disabled() {
		c.OnActivated()
	}
}

// TypedKey implements fyne.Focusable.
func (c *Card) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		c.activate()
	case fyne.KeySpace:
		if c.OnTapped != nil && !c.Disabled() {
			c.OnTapped()
		}
	default:
		c.pass(ev)
	}
	c.usedKey()
}

// TypedRune implements fyne.Focusable.
func (c *Card) TypedRune(r rune) {
	if r != ' ' {
		c.control.TypedRune(r)
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	objects := []fyne.CanvasObject{c.box, c.over, c.picture, c.head}
	for _, t := range c.lines {
		objects = append(objects, t)
	}
	return newFace(c, c.least, c.place, c.dress, append(objects, c.foot, c.rim)...)
}

func (c *Card) least() fyne.Size { return fyne.NewSize(cardWidth, c.heightOf(cardLines)) }

// heightOf is the height of a card with so many lines of text.
func (c *Card) heightOf(lines int) float32 {
	l := lookOf(c)
	h := heightOf(l.text(), bold) + float32(lines)*heightOf(l.text()-1, plain) + heightOf(l.caption(), plain)
	return 2*cardPad + cardPicked + 2*l.inner() + h + l.pad()
}

// HeightAt is the height at which a card of that width shows its whole text.
func (c *Card) HeightAt(width float32) float32 {
	lines := wrap(c.text, width-2*cardPad, lookOf(c).text()-1, plain, mostCardLines)
	return c.heightOf(max(cardLines, len(lines)))
}

func (c *Card) place(s fyne.Size) {
	l := lookOf(c)
	for _, r := range []*canvas.Rectangle{c.box, c.over, c.rim} {
		put(r, 0, 0, s.Width, s.Height)
	}
	w := s.Width - 2*cardPad
	put(c.picture, cardPad, cardPad, w, cardPicked)
	y := float32(cardPad + cardPicked + l.inner())
	row := func(t *canvas.Text, text string) {
		h := heightOf(t.TextSize, t.TextStyle)
		putText(t, text, cardPad, y, w, h)
		y += h
	}
	row(c.head, c.title)
	fit := cardLines
	for fit < mostCardLines && c.heightOf(fit+1) <= s.Height+0.5 {
		fit++
	}
	broken := wrap(c.text, w, l.text()-1, plain, fit)
	for i, t := range c.lines {
		if i < len(broken) {
			row(t, broken[i])
		} else {
			row(t, "")
		}
	}
	y = s.Height - cardPad - heightOf(l.caption(), plain)
	row(c.foot, c.tag)
}

func (c *Card) dress() {
	l := lookOf(c)
	for _, r := range []*canvas.Rectangle{c.box, c.over, c.rim} {
		r.CornerRadius = l.radius() + 2
	}
	c.box.FillColor, c.box.StrokeColor, c.box.StrokeWidth = l.colour(ColorNamePanel), l.colour(theme.ColorNameSeparator), 1
	c.over.FillColor = hoverFill(l, c.hovered && !c.Disabled())
	dressRing(c.rim, l, c.selected || c.ring(), theme.ColorNamePrimary)
	c.rim.CornerRadius = l.radius() + 2
	if c.ring() {
		c.rim.StrokeWidth = 3
	}
	name := foreground
	if c.Disabled() {
		name = theme.ColorNameDisabled
	}
	dressText(c.head, l.colour(name), l.text(), bold)
	for _, t := range c.lines {
		dressText(t, l.colour(ColorNameMuted), l.text()-1, plain)
	}
	dressText(c.foot, l.colour(ColorNameMuted), l.caption(), plain)
}
