package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// NumberEntry is a labelled numeric field: label, field, and a badge at the field's right end.
//
// What is typed is checked at each key. Enter, or losing the focus, commits a valid number that differs from the last
// one; Escape puts the last one back. An invalid text stays, framed in red, and its reason goes to OnMessage and into
// the tooltip; nothing moves.
type NumberEntry struct {
	hoverable
	OnCommit  func(v float64)
	OnMessage func(text string) // at a key: why the text is invalid; "" when it is valid again
	OnRefused func(text string) // the field is left, or Enter pressed, with an invalid text

	spec    NumberSpec
	value   float64
	message string
	label   rowLabel
	field   *numberField
	tight   *container.ThemeOverride
	badge   *Badge
	unit    *canvas.Text
	still   *canvas.Text // stands for the field while it is disabled, which Fyne frames
	box     *canvas.Rectangle
	rim     *canvas.Rectangle
}

var (
	_ fyne.Widget       = (*NumberEntry)(nil)
	_ fyne.Disableable  = (*NumberEntry)(nil)
	_ fyne.Tappable     = (*NumberEntry)(nil)
	_ desktop.Hoverable = (*NumberEntry)(nil)
)

// NewNumberEntry returns a field showing the smallest allowed value, or 0 if Min is excluded or infinite; set the true
// one with SetValue.
func NewNumberEntry(spec NumberSpec) *NumberEntry {
	e := &NumberEntry{
		spec: spec, label: rowLabel{text: spec.Label, obj: &canvas.Text{}},
		badge: NewBadge(spec.Badge, ""), unit: &canvas.Text{},
		still: &canvas.Text{}, box: &canvas.Rectangle{}, rim: &canvas.Rectangle{},
	}
	if spec.Check(spec.Min) == nil {
		e.value = spec.Min
	}
	e.field = newNumberField(e)
	e.field.Text = FormatNumber(e.value)
	e.tight = container.NewThemeOverride(e.field, tightTheme{})
	e.tip = e.explain
	e.init(e)
	return e
}

// Spec returns the field's description.
func (e *NumberEntry) Spec() NumberSpec { return e.spec }

// SetBounds replaces the limits and checks the text shown against them.
func (e *NumberEntry) SetBounds(low, high float64) {
	e.spec.Min, e.spec.Max = low, high
	e.check(e.field.Text)
}

// SetBadge changes the badge's word.
func (e *NumberEntry) SetBadge(word string) {
	if word != e.spec.Badge {
		e.spec.Badge = word
		e.badge.Set(word, "")
		e.Refresh()
	}
}

// Value is the last committed or set value.
func (e *NumberEntry) Value() float64 { return e.value }

// SetValue shows v without calling OnCommit. A text that the user is in the middle of typing is left alone: v is then
// what Escape puts back.
func (e *NumberEntry) SetValue(v float64) {
	typing := e.field.focused && e.field.Text != FormatNumber(e.value)
	e.value = v
	if !typing {
		e.write(FormatNumber(v))
	}
}

// Message says why the text is invalid, "" if it is not.
func (e *NumberEntry) Message() string { return e.message }

// Field is the part that takes the keyboard focus.
func (e *NumberEntry) Field() fyne.Focusable { return e.field }

// Enable implements fyne.Disableable.
func (e *NumberEntry) Enable() {
	e.field.Enable()
	e.hoverable.Enable()
}

// Disable implements fyne.Disableable.
func (e *NumberEntry) Disable() {
	e.field.Disable()
	e.hoverable.Disable()
}

// Tapped implements fyne.Tappable: a click on the label is one on the field.
func (e *NumberEntry) Tapped(*fyne.PointEvent) {
	if c := canvasOf(e); c != nil && !e.Disabled() {
		c.Focus(e.field)
	}
}

func (e *NumberEntry) explain() string {
	if e.message != "" {
		return e.message
	}
	return e.spec.Hint
}

func (e *NumberEntry) write(text string) {
	if e.field.Text != text {
		e.field.SetText(text) // calls check through OnChanged
		e.still.Text = text
		e.still.Refresh()
	}
	e.check(text)
}

func (e *NumberEntry) check(text string) {
	if e.badge.Visible() != e.badgeFits(e.Size()) {
		e.Refresh()
	}
	message := ""
	if _, err := e.spec.Parse(text); err != nil {
		message = err.Error()
	}
	if message == e.message {
		return
	}
	e.message = message
	e.showRim()
	if e.OnMessage != nil {
		e.OnMessage(message)
	}
}

func (e *NumberEntry) showRim() {
	dressRim(e.rim, lookOf(e), e.message != "", e.field.focused)
	e.rim.Refresh()
}

func (e *NumberEntry) commit() {
	v, err := e.spec.Parse(e.field.Text)
	if e.Disabled() {
		return
	}
	if err != nil {
		if e.OnRefused != nil {
			e.OnRefused(err.Error())
		}
		return
	}
	changed := v != e.value
	e.value = v
	e.write(FormatNumber(v))
	if changed && e.OnCommit != nil {
		e.OnCommit(v)
	}
}

func (e *NumberEntry) restore() { e.write(FormatNumber(e.value)) }

// CreateRenderer implements fyne.Widget.
func (e *NumberEntry) CreateRenderer() fyne.WidgetRenderer {
	e.ExtendBaseWidget(e)
	f := newFace(e, e.least, e.place, e.dress, e.label.obj, e.box, e.tight, e.still, e.unit, e.badge, e.rim)
	return entryFace{f, e, e.tight, e.field}
}

// entryFace refreshes the field itself and not the theme around it: refreshing
// a theme override forgets the size of every text of the program.
type entryFace struct {
	*face
	row          fyne.Widget
	tight, field fyne.CanvasObject
}

func (f entryFace) Refresh() {
	f.dress()
	f.place(f.size)
	for _, o := range f.objects {
		if o == f.tight {
			o = f.field
		}
		o.Refresh()
	}
	canvas.Refresh(f.row)
}

func (e *NumberEntry) least() fyne.Size {
	l := lookOf(e)
	return e.label.least(l, widthOf("0000000", l.text(), plain)+e.badge.MinSize().Width+e.unitWidth(l)+3*l.inner())
}

func (e *NumberEntry) unitWidth(l look) float32 {
	if e.spec.Unit == "" {
		return 0
	}
	return widthOf(e.spec.Unit, l.caption(), plain) + l.pad()
}

// badgeFits reports whether the number leaves room for the badge in a row of that size.
func (e *NumberEntry) badgeFits(s fyne.Size) bool {
	l, bw := lookOf(e), e.badge.MinSize().Width
	text := RowLabelWidth(l.text()) + choiceInset + widthOf(e.field.Text, l.text(), plain) + e.unitWidth(l)
	return bw > 0 && text+l.pad() <= s.Width-l.inner()-bw
}

func (e *NumberEntry) place(s fyne.Size) {
	l := lookOf(e)
	x := e.label.place(l, s.Height)
	h := rowHeight - 2
	y := float32(int((s.Height - h) / 2))
	put(e.tight, x, y, s.Width-x, h)
	put(e.box, x, y, s.Width-x, h)
	put(e.rim, x, y, s.Width-x, h)
	putText(e.still, e.field.Text, x+choiceInset, y, s.Width-x-choiceInset, h)
	show(e.still, e.Disabled())
	show(e.tight, !e.Disabled())
	right := s.Width - l.inner()
	if bw := e.badge.MinSize().Width; e.badgeFits(s) {
		right -= bw
		put(e.badge, right, y, bw, h)
		right -= l.pad()
	}
	show(e.badge, e.badgeFits(s))
	if e.spec.Unit != "" {
		w := widthOf(e.spec.Unit, l.caption(), plain)
		putText(e.unit, e.spec.Unit, right-w, y, w, h)
	}
}

func (e *NumberEntry) dress() {
	l := lookOf(e)
	e.label.dress(l, e.Disabled())
	dressText(e.unit, l.colour(ColorNameMuted), l.caption(), plain)
	dressText(e.still, l.colour(theme.ColorNameDisabled), l.text(), plain)
	e.box.FillColor, e.box.CornerRadius = l.colour(theme.ColorNameInputBackground), l.radius()
	dressRim(e.rim, l, e.message != "", e.field.focused)
}

// dressRim colours the frame of a field: red while its text is invalid, else the accent colour while it has the focus.
func dressRim(rim *canvas.Rectangle, l look, invalid, focused bool) {
	switch {
	case invalid:
		outline(rim, l.colour(ColorNameFault), 1.5, l.radius())
	case focused:
		outline(rim, l.colour(theme.ColorNamePrimary), 1.5, l.radius())
	default:
		rim.FillColor, rim.StrokeColor = color.Transparent, color.Transparent
	}
}
