package widgets

import (
	"strings"

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

// bannerLines is how many lines of text a Banner shows at the most; the whole text is in its tooltip.
const bannerLines = 2

// Banner is a coloured band with a glyph, a sentence and up to two buttons, as high as its buttons whatever it says. It
// is hidden while it has nothing to say.
type Banner struct {
	hoverable
	// OnChanged is called after the banner appeared, went, or says something else, so that its container can give it
	// the width it needs.
	OnChanged func()

	kind    BannerKind
	text    string
	actions []Action
	ground  *canvas.Rectangle
	edge    *canvas.Rectangle
	glyph   *canvas.Image
	lines   [bannerLines]*canvas.Text
	buttons [2]*ActionButton
}

var _ desktop.Hoverable = (*Banner)(nil)

// NewBanner returns a hidden banner.
func NewBanner() *Banner {
	b := &Banner{ground: &canvas.Rectangle{}, edge: &canvas.Rectangle{}, glyph: newIcon(nil)}
	for i := range b.lines {
		b.lines[i] = &canvas.Text{}
	}
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
	b.Hidden = false
	if b.OnChanged != nil {
		b.OnChanged()
	}
	b.Refresh()
}

// Clear hides the banner.
func (b *Banner) Clear() {
	if b.Hidden {
		return
	}
	b.text, b.actions = "", nil
	b.Hide()
	b.stopTip()
	if b.OnChanged != nil {
		b.OnChanged()
	}
}

// Text is what the banner says, "" while it is hidden.
func (b *Banner) Text() string { return b.text }

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	objects := []fyne.CanvasObject{b.ground, b.edge, b.glyph, b.buttons[0], b.buttons[1]}
	for _, line := range b.lines {
		objects = append(objects, line)
	}
	return newFace(b, b.least, b.place, b.dress, objects...)
}

func (b *Banner) least() fyne.Size {
	l := lookOf(b)
	w := 10 * l.text()
	for _, button := range b.buttons {
		if button.Visible() {
			w += button.MinSize().Width + l.pad()
		}
	}
	return fyne.NewSize(w, hitHeight+6)
}

func (b *Banner) lineHeight() float32 { return heightOf(b.textSize(), plain) }

func (b *Banner) textSize() float32 { return lookOf(b).text() - 1 }

// room returns where the text begins in a banner of some width, and how wide it may be.
func (b *Banner) room(whole float32) (x, width float32) {
	l := lookOf(b)
	x = 12 + buttonIcon + 2*l.pad()
	width = whole - 2*l.pad() - x
	for _, button := range b.buttons {
		if button.Visible() {
			width -= button.MinSize().Width + l.pad()
		}
	}
	return x, width
}

// Fits reports whether a banner of that width shows its whole text.
func (b *Banner) Fits(width float32) bool {
	_, room := b.room(width)
	lines := wrap(b.text, room, b.textSize(), plain, bannerLines)
	return strings.Join(lines, " ") == strings.Join(strings.Fields(b.text), " ")
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
	x, width := b.room(s.Width)
	broken := wrap(b.text, max(width, 0), b.textSize(), plain, bannerLines)
	y := (s.Height - float32(len(broken))*b.lineHeight()) / 2
	for i, line := range b.lines {
		text := ""
		if i < len(broken) {
			text = broken[i]
		}
		putText(line, text, x, y+float32(i)*b.lineHeight(), max(width, 0), b.lineHeight())
	}
}

func (b *Banner) dress() {
	l := lookOf(b)
	b.ground.FillColor = l.faded(b.kind.colour(), 0.16)
	b.edge.FillColor = l.colour(b.kind.colour())
	for _, line := range b.lines {
		dressText(line, l.colour(foreground), b.textSize(), plain)
	}
	b.glyph.Resource = theme.NewColoredResource(l.th.Icon(b.kind.icon()), b.kind.colour())
}
