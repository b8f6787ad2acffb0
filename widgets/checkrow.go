package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// CheckRow is a box that is ticked or not, with its label on the right.
type CheckRow struct {
	control
	OnChange func(on bool)

	text  string
	on    bool
	box   *canvas.Rectangle
	over  *canvas.Rectangle
	focus *canvas.Rectangle
	tick  *canvas.Image
	label *canvas.Text
}

var (
	_ fyne.Tappable     = (*CheckRow)(nil)
	_ fyne.Focusable    = (*CheckRow)(nil)
	_ desktop.Hoverable = (*CheckRow)(nil)
)

// NewCheckRow returns an unticked box. onChange gets the new state when the user changes it.
func NewCheckRow(label string, onChange func(on bool)) *CheckRow {
	c := &CheckRow{
		OnChange: onChange, text: label, box: &canvas.Rectangle{}, over: &canvas.Rectangle{}, focus: &canvas.Rectangle{},
		tick: newIcon(nil), label: &canvas.Text{},
	}
	c.init(c)
	return c
}

// SetChecked shows the state, without calling OnChange.
func (c *CheckRow) SetChecked(on bool) {
	if on != c.on {
		c.on = on
		c.Refresh()
	}
}

// Checked is the state.
func (c *CheckRow) Checked() bool { return c.on }

func (c *CheckRow) toggle() {
	if c.Disabled() {
		return
	}
	c.SetChecked(!c.on)
	if c.OnChange != nil {
		c.OnChange(c.on)
	}
}

// Tapped implements fyne.Tappable.
func (c *CheckRow) Tapped(*fyne.PointEvent) {
	c.clicked()
	c.toggle()
}

// TypedKey implements fyne.Focusable: Enter toggles.
func (c *CheckRow) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		c.toggle()
	default:
		c.pass(ev)
	}
}

// TypedRune implements fyne.Focusable.
func (c *CheckRow) TypedRune(r rune) {
	if r != ' ' {
		c.control.TypedRune(r)
	}
}

// CreateRenderer implements fyne.Widget.
func (c *CheckRow) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	return newFace(c, c.least, c.place, c.dress, c.box, c.over, c.tick, c.label, c.focus)
}

const boxSize float32 = 16

func (c *CheckRow) least() fyne.Size {
	l := lookOf(c)
	return fyne.NewSize(boxSize+2*l.inner()+widthOf(c.text, l.text(), plain)+l.pad(), hitHeight)
}

func (c *CheckRow) place(s fyne.Size) {
	l := lookOf(c)
	y := float32(int((s.Height - boxSize) / 2))
	put(c.box, 1, y, boxSize, boxSize)
	put(c.over, 1, y, boxSize, boxSize)
	put(c.tick, 2, y+1, boxSize-2, boxSize-2)
	put(c.focus, 0, y-1, boxSize+2, boxSize+2)
	x := boxSize + 1 + l.inner()
	putText(c.label, c.text, x, 0, s.Width-x, s.Height)
	show(c.tick, c.on)
}

func (c *CheckRow) dress() {
	l := lookOf(c)
	c.box.CornerRadius, c.over.CornerRadius = 3, 3
	c.box.FillColor, c.box.StrokeColor, c.box.StrokeWidth = l.colour(theme.ColorNameInputBackground), l.faded(ColorNameMuted, 0.7), 1
	if c.on && !c.Disabled() {
		c.box.FillColor, c.box.StrokeColor = l.colour(theme.ColorNamePrimary), color.Transparent
	}
	c.over.FillColor = hoverFill(l, c.hovered && !c.Disabled())
	dressRing(c.focus, l, c.ring(), theme.ColorNameForeground)
	name, on := theme.ColorNameForeground, theme.ColorNameForegroundOnPrimary
	if c.Disabled() {
		name, on = theme.ColorNameDisabled, theme.ColorNameDisabled
	}
	dressText(c.label, l.colour(name), l.text(), plain)
	c.tick.Resource = theme.NewColoredResource(l.th.Icon(theme.IconNameConfirm), on)
}
