package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// Action is a button offered by a Banner or a toast.
type Action struct {
	Label string
	Do    func()
}

// BannerKind says how serious a Banner is.
type BannerKind int

// The kinds of banners; each has its colour and its glyph.
const (
	Notice  BannerKind = iota // accent: something to know
	Warning                   // amber: something to look at
	Failure                   // red: something went wrong
)

func (k BannerKind) colour() fyne.ThemeColorName {
	switch k {
	case Warning:
		return ColorNameWarn
	case Failure:
		return ColorNameFault
	}
	return theme.ColorNamePrimary
}

func (k BannerKind) icon() fyne.ThemeIconName {
	switch k {
	case Warning:
		return theme.IconNameWarning
	case Failure:
		return theme.IconNameError
	}
	return theme.IconNameInfo
}

// Banner is a coloured band with a glyph, one line of text and up to two buttons. It is hidden while it has nothing to
// say, and takes no room then.
type Banner struct {
	hoverable
	// OnToggled is called after the banner appeared or went, so that its container can be laid out again.
	OnToggled func()

	kind    BannerKind
	text    string
	actions []Action
	ground  *canvas.Rectangle
	edge    *canvas.Rectangle
	glyph   *canvas.Image
	label   *canvas.Text
	buttons [2]*ActionButton
}

var _ desktop.Hoverable = (*Banner)(nil)

// NewBanner returns a hidden banner.
func NewBanner() *Banner {
	b := &Banner{ground: &canvas.Rectangle{}, edge: &canvas.Rectangle{}, glyph: newIcon(nil), label: &canvas.Text{}}
	for i := range b.buttons {
		b.buttons[i] = NewActionButton("", nil, nil)
		b.buttons[i].Hide()
	}
	b.tip = func() string { return b.text }
	b.init(b)
	b.Hidden = true
	return b
}

// Set shows the banner; a third action and further ones are left out. The same again costs nothing, if it has no
// actions.
func (b *Banner) Set(kind BannerKind, text string, actions ...Action) {
	if !b.Hidden && kind == b.kind && text == b.text && len(actions) == 0 && len(b.actions) == 0 {
		return
	}
	b.kind, b.text, b.actions = kind, text, actions
	for i, button := range b.buttons {
		button.Hidden = i >= len(actions)
		if i < len(actions) {
			button.OnTapped = actions[i].Do
			button.SetText(actions[i].Label)
		}
	}
	appeared := b.Hidden
	b.Hidden = false
	b.Refresh()
	if appeared && b.OnToggled != nil {
		b.OnToggled()
	}
}

// Clear hides the banner.
func (b *Banner) Clear() {
	if b.Hidden {
		return
	}
	b.text, b.actions = "", nil
	b.Hide()
	b.stopTip()
	if b.OnToggled != nil {
		b.OnToggled()
	}
}

// Text is what the banner says, "" while it is hidden.
func (b *Banner) Text() string { return b.text }

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	return newFace(b, b.least, b.place, b.dress, b.ground, b.edge, b.glyph, b.label, b.buttons[0], b.buttons[1])
}

func (b *Banner) least() fyne.Size {
	l := lookOf(b)
	w := 10 * l.text()
	for _, button := range b.buttons {
		if button.Visible() {
			w += button.MinSize().Width + l.pad()
		}
	}
	return fyne.NewSize(w, hitHeight+8)
}

func (b *Banner) place(s fyne.Size) {
	l := lookOf(b)
	put(b.ground, 0, 0, s.Width, s.Height)
	put(b.edge, 0, 0, 3, s.Height)
	put(b.glyph, 12, (s.Height-buttonIcon)/2, buttonIcon, buttonIcon)
	right := s.Width - 2*l.pad()
	for i := len(b.buttons) - 1; i >= 0; i-- {
		if !b.buttons[i].Visible() {
			continue
		}
		m := b.buttons[i].MinSize()
		right -= m.Width
		put(b.buttons[i], right, (s.Height-m.Height)/2, m.Width, m.Height)
		right -= l.pad()
	}
	x := 12 + buttonIcon + 2*l.pad()
	putText(b.label, b.text, x, 0, right-x, s.Height)
}

func (b *Banner) dress() {
	l := lookOf(b)
	b.ground.FillColor = l.faded(b.kind.colour(), 0.16)
	b.edge.FillColor = l.colour(b.kind.colour())
	dressText(b.label, l.colour(foreground), l.text(), plain)
	b.glyph.Resource = theme.NewColoredResource(l.th.Icon(b.kind.icon()), b.kind.colour())
}
