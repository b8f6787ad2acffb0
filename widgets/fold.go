package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// Fold is the header of fields that are seldom needed: a line with an arrow that
// opens and closes them. It does not hold the fields; whoever made it shows and
// hides them.
type Fold struct {
	control
	OnToggled func(open bool)

	text, note string
	open       bool
	over       *canvas.Rectangle
	focus      *canvas.Rectangle
	arrow      *canvas.Image
	label      *canvas.Text
	aside      *canvas.Text
}

var (
	_ fyne.Tappable     = (*Fold)(nil)
	_ fyne.Focusable    = (*Fold)(nil)
	_ desktop.Hoverable = (*Fold)(nil)
)

// NewFold returns a closed header. onToggled gets the new state when the user
// changes it.
func NewFold(text string, onToggled func(open bool)) *Fold {
	f := &Fold{
		OnToggled: onToggled, text: text, over: &canvas.Rectangle{}, focus: &canvas.Rectangle{},
		arrow: newIcon(nil), label: &canvas.Text{}, aside: &canvas.Text{},
	}
	f.init(f)
	return f
}

// Open reports whether the fields are to be seen.
func (f *Fold) Open() bool { return f.open }

// SetNote shows a few words at the right end, about what is inside.
func (f *Fold) SetNote(text string) {
	if text != f.note {
		f.note = text
		f.Refresh()
	}
}

// Note is the words at the right end.
func (f *Fold) Note() string { return f.note }

func (f *Fold) toggle() {
	if f.Disabled() {
		return
	}
	f.open = !f.open
	f.Refresh()
	if f.OnToggled != nil {
		f.OnToggled(f.open)
	}
}

// Tapped implements fyne.Tappable.
func (f *Fold) Tapped(*fyne.PointEvent) {
	f.clicked()
	f.toggle()
}

// TypedKey implements fyne.Focusable: Space and Enter open and close.
func (f *Fold) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		f.usedKey()
		f.toggle()
	default:
		f.pass(ev)
	}
}

// TypedRune implements fyne.Focusable. Space arrives as a key too, and is used there.
func (f *Fold) TypedRune(r rune) {
	if r != ' ' {
		f.control.TypedRune(r)
	}
}

// CreateRenderer implements fyne.Widget.
func (f *Fold) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	least := func() fyne.Size { return fyne.NewSize(3*hitHeight, hitHeight) }
	return newFace(f, least, f.place, f.dress, f.over, f.arrow, f.label, f.aside, f.focus)
}

func (f *Fold) place(s fyne.Size) {
	l := lookOf(f)
	put(f.over, 0, 0, s.Width, s.Height)
	put(f.focus, 0, 0, s.Width, s.Height)
	put(f.arrow, 0, (s.Height-arrowSize)/2, arrowSize, arrowSize)
	x := arrowSize + l.pad()
	putText(f.label, f.text, x, 0, s.Width-x, s.Height)
	w := widthOf(f.note, l.caption(), plain)
	putText(f.aside, f.note, s.Width-w-l.pad(), 0, w+1, s.Height)
}

func (f *Fold) dress() {
	l := lookOf(f)
	f.over.FillColor, f.over.CornerRadius = hoverFill(l, f.hovered && !f.Disabled()), l.radius()
	dressRing(f.focus, l, f.ring(), theme.ColorNamePrimary)
	dressText(f.label, l.colour(ColorNameMuted), l.text(), plain)
	dressText(f.aside, l.colour(ColorNameMuted), l.caption(), plain)
	icon := theme.IconNameMenuExpand
	if f.open {
		icon = theme.IconNameArrowDropDown
	}
	f.arrow.Resource = theme.NewColoredResource(l.th.Icon(icon), ColorNameMuted)
}
