package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// numberField is the text field inside a NumberEntry.
type numberField struct {
	widget.Entry
	row     *NumberEntry
	focused bool
}

func newNumberField(row *NumberEntry) *numberField {
	f := &numberField{row: row}
	f.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	f.Icon = blank
	f.OnChanged = row.check
	f.OnSubmitted = func(string) { row.commit() }
	f.ExtendBaseWidget(f)
	return f
}

// FocusGained implements fyne.Focusable.
func (f *numberField) FocusGained() {
	f.focused = true
	f.Entry.FocusGained()
	f.row.showRim()
}

// MouseDown implements desktop.Mouseable. A tooltip would lie over the fields below.
func (f *numberField) MouseDown(ev *desktop.MouseEvent) {
	f.row.stopTip()
	f.Entry.MouseDown(ev)
}

// FocusLost implements fyne.Focusable: it commits.
func (f *numberField) FocusLost() {
	f.focused = false
	f.Entry.FocusLost()
	f.row.commit()
	f.row.showRim()
}

// TypedRune implements fyne.Focusable: only what can stand in a number is taken.
func (f *numberField) TypedRune(r rune) {
	f.row.stopTip()
	if strings.ContainsRune("0123456789+-−.,eE", r) {
		f.Entry.TypedRune(r)
	}
}

// TypedKey implements fyne.Focusable: Escape puts the last value back, and leaves the field if it was there already.
func (f *numberField) TypedKey(ev *fyne.KeyEvent) {
	f.row.stopTip()
	if ev.Name != fyne.KeyEscape {
		f.Entry.TypedKey(ev)
		return
	}
	if f.Text != FormatNumber(f.row.value) {
		f.row.restore()
		return
	}
	if c := canvasOf(f); c != nil {
		c.Unfocus()
	}
}

// tightTheme is the current theme with less padding inside text fields, which makes them 26 units high at text size 13,
// and without their ground, which the row draws itself. The field's empty icon moves the text away from the edge.
type tightTheme struct{}

func (tightTheme) current() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (t tightTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case theme.ColorNameInputBackground, theme.ColorNameInputBorder, theme.ColorNameScrollBar, theme.ColorNameShadow:
		return color.Transparent // a text that is wider than the field scrolls without a bar, which would lie over it
	}
	return t.current().Color(n, v)
}

func (t tightTheme) Font(s fyne.TextStyle) fyne.Resource     { return t.current().Font(s) }
func (t tightTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return t.current().Icon(n) }

func (t tightTheme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameInnerPadding:
		return 4
	case theme.SizeNameInlineIcon:
		return 1
	}
	return t.current().Size(n)
}

// blank is an empty picture.
var blank = fyne.NewStaticResource("blank.svg",
	[]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>`))
