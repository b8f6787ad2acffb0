package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// TextField is a field for a text that has to make sense, such as an expression, over the whole width, with a line
// below it that says what is wrong, and a mark under the character that it is wrong at.
//
// What is typed is checked at each key. Enter, or losing the focus, commits a valid text that differs from the last
// one; Escape puts the last one back.
type TextField struct {
	hoverable
	// Check judges a text: column is the character it is wrong at, counted from 1, 0 when no single one is to blame;
	// message is "" when the text is good.
	Check     func(text string) (column int, message string)
	OnCommit  func(text string)
	OnMessage func(text string) // at a key: what is wrong with the text; "" when it is good again
	OnRefused func(text string) // the field is left, or Enter pressed, with a text that is not good

	label rowLabel

	value   string
	column  int
	message string
	hint    string
	field   *textField
	tight   *container.ThemeOverride
	box     *canvas.Rectangle
	rim     *canvas.Rectangle
	mark    *canvas.Rectangle
	note    *canvas.Text
}

var (
	_ fyne.Widget       = (*TextField)(nil)
	_ desktop.Hoverable = (*TextField)(nil)
)

// NewTextField returns an empty field. The hint stands below it while the text is good.
func NewTextField(hint string) *TextField {
	e := &TextField{
		hint: hint, label: rowLabel{obj: &canvas.Text{}}, box: &canvas.Rectangle{}, rim: &canvas.Rectangle{}, mark: &canvas.Rectangle{}, note: &canvas.Text{},
	}
	e.field = &textField{row: e}
	e.field.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.field.Icon = blank
	e.field.TextStyle = mono
	e.field.OnChanged = e.check
	e.field.OnSubmitted = func(string) { e.commit() }
	e.field.ExtendBaseWidget(e.field)
	e.tight = container.NewThemeOverride(e.field, tightTheme{})
	e.init(e)
	return e
}

// NewTextRow returns an empty field in line with NumberEntry and SelectRow. What is wrong stands below it; there is no
// line while nothing is.
func NewTextRow(label string) *TextField {
	e := NewTextField("")
	e.label.text = label
	e.field.TextStyle = plain
	return e
}

// Label is the text on the left, "" without one.
func (e *TextField) Label() string { return e.label.text }

// Value is the last committed or set text.
func (e *TextField) Value() string { return e.value }

// SetValue shows a text without calling OnCommit. A text that the user is in the middle of typing is left alone.
func (e *TextField) SetValue(text string) {
	typing := e.field.focused && e.field.Text != e.value
	e.value = text
	if !typing {
		e.write(text)
	}
}

// Fault is what is wrong with the text shown, and where; "" when nothing is.
func (e *TextField) Fault() (column int, message string) { return e.column, e.message }

// Field is the part that takes the keyboard focus.
func (e *TextField) Field() fyne.Focusable { return e.field }

func (e *TextField) write(text string) {
	if e.field.Text != text {
		e.field.SetText(text) // calls check through OnChanged
		return
	}
	e.check(text)
}

func (e *TextField) check(text string) {
	column, message := 0, ""
	if e.Check != nil {
		column, message = e.Check(text)
	}
	if column != e.column || message != e.message {
		changed := message != e.message
		e.column, e.message = column, message
		e.Refresh()
		if changed && e.OnMessage != nil {
			e.OnMessage(message)
		}
	}
}

func (e *TextField) commit() {
	if e.message != "" {
		if e.OnRefused != nil {
			e.OnRefused(e.message)
		}
		return
	}
	if e.field.Text == e.value {
		return
	}
	e.value = e.field.Text
	if e.OnCommit != nil {
		e.OnCommit(e.value)
	}
}

const noteHeight float32 = 16

// CreateRenderer implements fyne.Widget.
func (e *TextField) CreateRenderer() fyne.WidgetRenderer {
	e.ExtendBaseWidget(e)
	f := newFace(e, e.least, e.place, e.dress, e.label.obj, e.box, e.tight, e.mark, e.rim, e.note)
	return entryFace{f, e, e.tight, e.field}
}

func (e *TextField) least() fyne.Size {
	l := lookOf(e)
	if e.label.text == "" {
		return fyne.NewSize(8*l.text(), rowHeight+noteHeight)
	}
	least := e.label.least(l, 4*l.text())
	if e.message != "" {
		least.Height += noteHeight
	}
	return least
}

func (e *TextField) place(s fyne.Size) {
	l := lookOf(e)
	h := rowHeight - 2
	left := float32(0)
	if e.label.text != "" {
		left = e.label.place(l, rowHeight)
	}
	for _, o := range []fyne.CanvasObject{e.box, e.tight, e.rim} {
		put(o, left, 1, s.Width-left, h)
	}
	text := e.hint
	if e.message != "" {
		text = e.message
	}
	putText(e.note, text, 2, h+1, s.Width-2, noteHeight)
	runes := []rune(e.field.Text)
	size := l.text()
	style := e.field.TextStyle
	fits := widthOf(e.field.Text, size, style)+2*choiceInset < s.Width-left // else the field has scrolled
	on := e.column > 0 && e.message != "" && fits
	show(e.mark, on)
	if on {
		at := min(e.column-1, len(runes))
		x := left + choiceInset + widthOf(string(runes[:at]), size, style)
		put(e.mark, x, h-4, max(widthOf("0", size, style), 6), 2)
	}
}

func (e *TextField) dress() {
	l := lookOf(e)
	e.label.dress(l, false)
	e.box.FillColor, e.box.CornerRadius = l.colour(theme.ColorNameInputBackground), l.radius()
	e.mark.FillColor = l.colour(ColorNameFault)
	dressRim(e.rim, l, e.message != "", e.field.focused)
	name := ColorNameMuted
	if e.message != "" {
		name = ColorNameFault
	}
	dressText(e.note, l.colour(name), l.caption(), plain)
}

// textField is the text field inside a TextField.
type textField struct {
	widget.Entry
	row     *TextField
	focused bool
}

// FocusGained implements fyne.Focusable.
func (f *textField) FocusGained() {
	f.focused = true
	f.Entry.FocusGained()
	f.row.Refresh()
}

// MouseDown implements desktop.Mouseable. A tooltip would lie over the fields below.
func (f *textField) MouseDown(ev *desktop.MouseEvent) {
	f.row.stopTip()
	f.Entry.MouseDown(ev)
}

// TypedRune implements fyne.Focusable.
func (f *textField) TypedRune(r rune) {
	f.row.stopTip()
	f.Entry.TypedRune(r)
}

// FocusLost implements fyne.Focusable: it commits.
func (f *textField) FocusLost() {
	f.focused = false
	f.Entry.FocusLost()
	f.row.commit()
	f.row.Refresh()
}

// TypedKey implements fyne.Focusable: Escape puts the last text back, and leaves the field if it was there already.
func (f *textField) TypedKey(ev *fyne.KeyEvent) {
	f.row.stopTip()
	if ev.Name != fyne.KeyEscape {
		f.Entry.TypedKey(ev)
		return
	}
	if f.Text != f.row.value {
		f.row.write(f.row.value)
		return
	}
	if c := canvasOf(f); c != nil {
		c.Unfocus()
	}
}
