package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// ActionButton is a compact button: an icon, a text, or both.
type ActionButton struct {
	control
	OnTapped func()

	text    string
	icon    fyne.Resource
	primary bool
	flat    bool
	reserve []string
	box     *canvas.Rectangle
	over    *canvas.Rectangle
	focus   *canvas.Rectangle
	image   *canvas.Image
	label   *canvas.Text
}

var (
	_ fyne.Tappable     = (*ActionButton)(nil)
	_ fyne.Focusable    = (*ActionButton)(nil)
	_ desktop.Hoverable = (*ActionButton)(nil)
)

// NewActionButton returns a button. text may be empty, icon nil; a button without a text wants a tooltip.
func NewActionButton(text string, icon fyne.Resource, onTapped func()) *ActionButton {
	b := &ActionButton{
		OnTapped: onTapped, text: text, icon: icon, box: &canvas.Rectangle{}, over: &canvas.Rectangle{},
		focus: &canvas.Rectangle{}, image: newIcon(icon), label: &canvas.Text{},
	}
	b.init(b)
	return b
}

// NewPrimaryButton returns a button in the accent colour; one a screen is enough.
func NewPrimaryButton(text string, icon fyne.Resource, onTapped func()) *ActionButton {
	b := NewActionButton(text, icon, onTapped)
	b.primary = true
	return b
}

// NewFlatButton returns a button without a ground, for rows of small icons and links.
func NewFlatButton(text string, icon fyne.Resource, onTapped func()) *ActionButton {
	b := NewActionButton(text, icon, onTapped)
	b.flat = true
	return b
}

// Reserve keeps room for every one of texts, so that SetText among them does not change the layout. It returns b.
func (b *ActionButton) Reserve(texts ...string) *ActionButton {
	b.reserve = texts
	b.Refresh()
	return b
}

// SetText changes the text.
func (b *ActionButton) SetText(text string) { b.Set(text, b.icon) }

// SetIcon changes the icon.
func (b *ActionButton) SetIcon(icon fyne.Resource) { b.Set(b.text, icon) }

// Set changes text and icon at once.
func (b *ActionButton) Set(text string, icon fyne.Resource) {
	if text != b.text || icon != b.icon {
		b.text, b.icon = text, icon
		b.Refresh()
	}
}

// Text is the text shown.
func (b *ActionButton) Text() string { return b.text }

// SetPrimary puts the button in the accent colour, or takes it back.
func (b *ActionButton) SetPrimary(on bool) {
	if on != b.primary {
		b.primary = on
		b.Refresh()
	}
}

// SetEnabled enables or disables the button.
func (b *ActionButton) SetEnabled(on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// Tapped implements fyne.Tappable.
func (b *ActionButton) Tapped(*fyne.PointEvent) {
	if b.Disabled() {
		return
	}
	b.clicked()
	if b.OnTapped != nil {
		b.OnTapped()
	}
}

// TypedKey implements fyne.Focusable: Space and Enter press the button.
func (b *ActionButton) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.usedKey()
		if !b.Disabled() && b.OnTapped != nil {
			b.OnTapped()
		}
	default:
		b.pass(ev)
	}
}

// TypedRune implements fyne.Focusable.
func (b *ActionButton) TypedRune(r rune) {
	if r != ' ' {
		b.control.TypedRune(r)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *ActionButton) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	return newFace(b, b.least, b.place, b.dress, b.box, b.over, b.image, b.label, b.focus)
}

const buttonIcon float32 = 16

// width of icon and text with the gap between them; text may be another than the one shown.
func (b *ActionButton) width(l look, text string) float32 {
	w := widthOf(text, l.text(), b.style())
	if b.icon == nil {
		return w
	}
	if text == "" {
		return buttonIcon
	}
	return buttonIcon + l.pad() + w
}

func (b *ActionButton) style() fyne.TextStyle {
	if b.primary {
		return bold
	}
	return plain
}

func (b *ActionButton) least() fyne.Size {
	l := lookOf(b)
	w := b.width(l, b.text)
	for _, t := range b.reserve {
		w = max(w, b.width(l, t))
	}
	h := heightOf(l.text(), plain) + 2*l.inner()
	side := 2 * l.inner() * 1.6
	if b.text == "" || b.flat {
		h, side = hitHeight, 2*l.inner()
	}
	return fyne.NewSize(max(w+side, hitHeight), max(h, hitHeight))
}

func (b *ActionButton) place(s fyne.Size) {
	l := lookOf(b)
	y := float32(1)
	put(b.box, 0, y, s.Width, s.Height-2*y)
	put(b.over, 0, y, s.Width, s.Height-2*y)
	put(b.focus, 0, y, s.Width, s.Height-2*y)
	w := min(b.width(l, b.text), s.Width)
	x := float32(int((s.Width - w) / 2))
	show(b.image, b.icon != nil)
	if b.icon != nil {
		put(b.image, x, float32(int((s.Height-buttonIcon)/2)), buttonIcon, buttonIcon)
		x += buttonIcon + l.pad()
	}
	putText(b.label, b.text, x, 0, s.Width-x, s.Height)
}

func (b *ActionButton) dress() {
	l := lookOf(b)
	fill, ink, ring := theme.ColorNameButton, foreground, theme.ColorNamePrimary
	switch {
	case b.Disabled():
		fill, ink = theme.ColorNameDisabledButton, theme.ColorNameDisabled
	case b.primary:
		fill, ink, ring = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary, foreground
	}
	b.box.FillColor, b.box.CornerRadius = l.colour(fill), l.radius()
	if b.flat && !b.primary {
		b.box.FillColor = hoverFill(l, false)
	}
	b.over.FillColor, b.over.CornerRadius = hoverFill(l, b.hovered && !b.Disabled()), l.radius()
	dressRing(b.focus, l, b.ring(), ring)
	dressText(b.label, l.colour(ink), l.text(), b.style())
	if b.icon != nil {
		b.image.Resource = theme.NewColoredResource(b.icon, ink)
	}
}
