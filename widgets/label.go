package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// SectionLabel is a small muted header in capitals.
type SectionLabel struct {
	widget.BaseWidget
	text  string
	label *canvas.Text
}

// NewSectionLabel returns a header; text is shown in capitals.
func NewSectionLabel(text string) *SectionLabel {
	s := &SectionLabel{text: text, label: &canvas.Text{}}
	s.ExtendBaseWidget(s)
	return s
}

// SetText changes the header.
func (s *SectionLabel) SetText(text string) {
	if text != s.text {
		s.text = text
		s.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (s *SectionLabel) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	least := func() fyne.Size {
		return fyne.NewSize(2*hitHeight, 26)
	}
	place := func(size fyne.Size) { // a little more air above than below
		putText(s.label, capitals(s.text), 0, 4, size.Width, size.Height-4)
	}
	dress := func() {
		l := lookOf(s)
		dressText(s.label, l.colour(ColorNameMuted), l.caption(), bold)
	}
	return newFace(s, least, place, dress, s.label)
}

// capitals puts s in capitals but leaves Greek letters, which are symbols here.
func capitals(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x370 && r <= 0x3ff {
			return r
		}
		return []rune(strings.ToUpper(string(r)))[0]
	}, s)
}

// Readout is a line of monospaced text with a fixed least width: text that is too long is shortened, and no text ever
// changes the layout.
type Readout struct {
	widget.BaseWidget
	text  string
	chars int
	muted bool
	right bool
	label *canvas.Text
}

// NewReadout returns an empty line with room for chars characters.
func NewReadout(chars int) *Readout {
	r := &Readout{chars: chars, label: &canvas.Text{}}
	r.ExtendBaseWidget(r)
	return r
}

// NewMutedReadout is NewReadout in the colour of secondary text.
func NewMutedReadout(chars int) *Readout {
	r := NewReadout(chars)
	r.muted = true
	return r
}

// AlignRight puts the text at the right end of its room, and returns r.
func (r *Readout) AlignRight() *Readout {
	r.right = true
	return r
}

// SetText shows text. The same text again costs nothing.
func (r *Readout) SetText(text string) {
	if text == r.text {
		return
	}
	r.text = text
	r.place(r.Size())
	canvas.Refresh(r.label)
}

// Text is the text shown, before shortening.
func (r *Readout) Text() string { return r.text }

// CreateRenderer implements fyne.Widget.
func (r *Readout) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	return newFace(r, r.least, r.place, r.dress, r.label)
}

func (r *Readout) least() fyne.Size {
	size := lookOf(r).mono()
	return fyne.NewSize(widthOf(strings.Repeat("0", r.chars), size, mono), heightOf(size, mono)+4)
}

func (r *Readout) place(s fyne.Size) {
	x := float32(0)
	if w := widthOf(r.text, r.label.TextSize, mono); r.right && w < s.Width {
		x = s.Width - w
	}
	putText(r.label, r.text, x, 0, s.Width-x, s.Height)
}

func (r *Readout) dress() {
	l := lookOf(r)
	name := foreground
	if r.muted {
		name = ColorNameMuted
	}
	dressText(r.label, l.colour(name), l.mono(), mono)
}

// ValueRow is a name on the left and a monospaced value on the right.
type ValueRow struct {
	hoverable
	name, value string
	left, right *canvas.Text
	colour      fyne.ThemeColorName
}

// NewValueRow returns a row without a value.
func NewValueRow(name string) *ValueRow {
	v := &ValueRow{name: name, left: &canvas.Text{}, right: &canvas.Text{}, colour: foreground}
	v.init(v)
	return v
}

// SetName changes the name.
func (v *ValueRow) SetName(name string) {
	if name != v.name {
		v.name = name
		v.place(v.Size())
		canvas.Refresh(v.left)
	}
}

// SetValue shows value. The same value again costs nothing.
func (v *ValueRow) SetValue(value string) {
	if value != v.value {
		v.value = value
		v.place(v.Size())
		canvas.Refresh(v.right)
		canvas.Refresh(v.left)
	}
}

// Value is the value shown.
func (v *ValueRow) Value() string { return v.value }

// SetColour gives the value a colour of the theme, such as ColorNameWarn; "" is the normal one.
func (v *ValueRow) SetColour(name fyne.ThemeColorName) {
	if name == "" {
		name = foreground
	}
	if name != v.colour {
		v.colour = name
		v.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (v *ValueRow) CreateRenderer() fyne.WidgetRenderer {
	v.ExtendBaseWidget(v)
	least := func() fyne.Size {
		l := lookOf(v)
		return fyne.NewSize(widthOf("000000000000000000", l.mono(), mono), heightOf(l.text(), plain)+4)
	}
	return newFace(v, least, v.place, v.dress, v.left, v.right)
}

// place gives the value the room it needs and the name what is left.
func (v *ValueRow) place(s fyne.Size) {
	w := min(widthOf(v.value, v.right.TextSize, mono), s.Width)
	putText(v.right, v.value, s.Width-w, 0, w, s.Height)
	putText(v.left, v.name, 0, 0, max(s.Width-w-8, 0), s.Height)
}

func (v *ValueRow) dress() {
	l := lookOf(v)
	dressText(v.left, l.colour(ColorNameMuted), l.text(), plain)
	dressText(v.right, l.colour(v.colour), l.mono(), mono)
}
