package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// Stepper is a value between a minus and a plus, such as a zoom: − [Fit 2×] +. A click on the value resets it.
type Stepper struct {
	control
	OnStep  func(delta int) // −1 or +1
	OnReset func()          // the value itself was clicked; may be nil

	text       string
	down, up   bool
	hover      int // 0 minus, 1 value, 2 plus, −1 none
	reserve    string
	box, knob  *canvas.Rectangle
	over       *canvas.Rectangle
	focus      *canvas.Rectangle
	label      *canvas.Text
	minus, add *canvas.Text
}

var (
	_ fyne.Tappable     = (*Stepper)(nil)
	_ fyne.Focusable    = (*Stepper)(nil)
	_ desktop.Hoverable = (*Stepper)(nil)
)

// NewStepper returns a stepper that shows text. reserve is the longest text it will ever show: its width is kept free.
func NewStepper(text, reserve string, onStep func(delta int), onReset func()) *Stepper {
	s := &Stepper{
		OnStep: onStep, OnReset: onReset, text: text, reserve: reserve, down: true, up: true, hover: -1,
		box: &canvas.Rectangle{}, knob: &canvas.Rectangle{}, over: &canvas.Rectangle{}, focus: &canvas.Rectangle{},
		label: &canvas.Text{}, minus: &canvas.Text{}, add: &canvas.Text{},
	}
	s.init(s)
	return s
}

// SetText shows a value.
func (s *Stepper) SetText(text string) {
	if text != s.text {
		s.text = text
		s.Refresh()
	}
}

// Text is the value shown.
func (s *Stepper) Text() string { return s.text }

// SetRange says whether there is anything left to step down or up to.
func (s *Stepper) SetRange(down, up bool) {
	if down != s.down || up != s.up {
		s.down, s.up = down, up
		s.Refresh()
	}
}

func (s *Stepper) zones() (side, middle float32) {
	l := lookOf(s)
	return hitHeight, widest([]string{s.text, s.reserve}, l.text(), plain) + 3*l.inner()
}

func (s *Stepper) zoneAt(x float32) int {
	side, middle := s.zones()
	switch {
	case x < side:
		return 0
	case x < side+middle:
		return 1
	}
	return 2
}

func (s *Stepper) allowed(zone int) bool {
	switch {
	case s.Disabled():
		return false
	case zone == 0:
		return s.down
	case zone == 1:
		return s.OnReset != nil
	}
	return s.up
}

func (s *Stepper) act(zone int) {
	if !s.allowed(zone) {
		return
	}
	if zone == 1 {
		s.OnReset()
	} else if s.OnStep != nil {
		s.OnStep(zone - 1)
	}
}

// Tapped implements fyne.Tappable.
func (s *Stepper) Tapped(ev *fyne.PointEvent) {
	s.clicked()
	s.act(s.zoneAt(ev.Position.X))
}

// MouseIn implements desktop.Hoverable.
func (s *Stepper) MouseIn(ev *desktop.MouseEvent) {
	s.hover = s.zoneAt(ev.Position.X)
	s.control.MouseIn(ev)
}

// MouseMoved implements desktop.Hoverable.
func (s *Stepper) MouseMoved(ev *desktop.MouseEvent) {
	s.control.MouseMoved(ev)
	if z := s.zoneAt(ev.Position.X); z != s.hover {
		s.hover = z
		s.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (s *Stepper) MouseOut() {
	s.hover = -1
	s.control.MouseOut()
}

// TypedKey implements fyne.Focusable: the arrows step, Enter resets.
func (s *Stepper) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft, fyne.KeyDown:
		s.act(0)
	case fyne.KeyRight, fyne.KeyUp:
		s.act(2)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyHome:
		s.act(1)
	default:
		s.pass(ev)
		return
	}
	s.usedKey()
}

// CreateRenderer implements fyne.Widget.
func (s *Stepper) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	return newFace(s, s.least, s.place, s.dress, s.box, s.knob, s.over, s.minus, s.label, s.add, s.focus)
}

func (s *Stepper) least() fyne.Size {
	side, middle := s.zones()
	return fyne.NewSize(2*side+middle, hitHeight)
}

func (s *Stepper) place(size fyne.Size) {
	l := lookOf(s)
	side, middle := s.zones()
	y := float32(int((size.Height - hitHeight) / 2))
	put(s.box, 0, y+1, 2*side+middle, hitHeight-2)
	put(s.knob, side, y+2, middle, hitHeight-4)
	put(s.focus, 0, y+1, 2*side+middle, hitHeight-2)
	centre := func(t *canvas.Text, text string, x, w float32) {
		tw := widthOf(text, l.text(), t.TextStyle)
		putText(t, text, x+(w-tw)/2, y, tw, hitHeight)
	}
	centre(s.minus, "−", 0, side)
	centre(s.label, s.text, side, middle)
	centre(s.add, "+", side+middle, side)
	show(s.over, s.hover >= 0 && s.allowed(s.hover))
	switch s.hover {
	case 0:
		put(s.over, 1, y+2, side-2, hitHeight-4)
	case 1:
		put(s.over, side, y+2, middle, hitHeight-4)
	case 2:
		put(s.over, side+middle+1, y+2, side-2, hitHeight-4)
	}
}

func (s *Stepper) dress() {
	l := lookOf(s)
	s.box.FillColor, s.box.CornerRadius = l.colour(theme.ColorNameInputBackground), l.radius()
	s.knob.FillColor, s.knob.CornerRadius = l.colour(ColorNameRaised), l.radius()-1
	s.over.FillColor, s.over.CornerRadius = l.colour(theme.ColorNameHover), l.radius()-1
	dressRing(s.focus, l, s.ring(), theme.ColorNamePrimary)
	mark := func(t *canvas.Text, on bool, name fyne.ThemeColorName, style fyne.TextStyle) {
		if !on {
			name = theme.ColorNameDisabled
		}
		dressText(t, l.colour(name), l.text(), style)
	}
	mark(s.minus, s.down && !s.Disabled(), ColorNameMuted, mono) // of one width, and Fyne's other fonts have no minus
	mark(s.label, !s.Disabled(), theme.ColorNameForeground, plain)
	mark(s.add, s.up && !s.Disabled(), ColorNameMuted, mono)
}
