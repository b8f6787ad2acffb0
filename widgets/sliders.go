package widgets

import (
	"fmt"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// Slider is one row of Sliders.
type Slider struct {
	Name, Note string  // left and right of the track
	Low, High  float64 // Low ≤ High
	Value      float64
	Rest       float64 // where Enter puts it; the track is filled from there
	Muted      bool    // drawn grey: moving it does next to nothing
}

// Sliders is a column of sliders, of which as many are drawn as there is room for; the wheel and the arrow keys bring the
// others. A drag or a click moves a value, the arrow keys left and right by a hundredth of the range; Enter puts it to rest.
type Sliders struct {
	control
	OnChange func(i int, value float64) // the user moved slider i

	rows    []Slider
	first   int // row at the top
	current int // row that has the keyboard, or is dragged
	drag    bool
	wheel   float32
	faces   []*sliderFace
	thumb   *canvas.Rectangle // of the scroll bar
	focus   *canvas.Rectangle
	body    *slidersBody
}

var (
	_ fyne.Focusable    = (*Sliders)(nil)
	_ fyne.Draggable    = (*Sliders)(nil)
	_ fyne.Scrollable   = (*Sliders)(nil)
	_ desktop.Hoverable = (*Sliders)(nil)
	_ desktop.Mouseable = (*Sliders)(nil)
)

// sliderFace is what one row on the screen is drawn with.
type sliderFace struct {
	name, value, note *canvas.Text
	track, fill, knob *canvas.Rectangle
}

func newSliderFace() *sliderFace {
	return &sliderFace{
		name: &canvas.Text{}, value: &canvas.Text{Alignment: fyne.TextAlignTrailing}, note: &canvas.Text{Alignment: fyne.TextAlignTrailing},
		track: &canvas.Rectangle{}, fill: &canvas.Rectangle{}, knob: &canvas.Rectangle{},
	}
}

func (f *sliderFace) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{f.track, f.fill, f.knob, f.name, f.value, f.note}
}

// NewSliders returns an empty column.
func NewSliders(onChange func(i int, value float64)) *Sliders {
	s := &Sliders{OnChange: onChange, thumb: &canvas.Rectangle{}, focus: &canvas.Rectangle{}}
	s.init(s)
	return s
}

// SetRows replaces the sliders; what is scrolled to stays as far as there are as many.
func (s *Sliders) SetRows(rows []Slider) {
	s.rows = append([]Slider(nil), rows...)
	s.current = max(0, min(s.current, len(rows)-1))
	s.scrollTo(s.first)
	s.Refresh()
}

// Rows returns the sliders; the slice must not be changed.
func (s *Sliders) Rows() []Slider { return s.rows }

// SetValue moves slider i, without calling OnChange.
func (s *Sliders) SetValue(i int, value float64) {
	if i >= 0 && i < len(s.rows) && value != s.rows[i].Value {
		s.rows[i].Value = value
		s.Refresh()
	}
}

// visible is how many rows there is room for.
func (s *Sliders) visible() int { return max(1, int(s.Size().Height/rowHeight)) }

func (s *Sliders) scrollTo(first int) {
	s.first = max(0, min(first, len(s.rows)-s.visible()))
}

// columns returns where the track begins and ends, in units.
func (s *Sliders) columns() (left, right float32) {
	l := lookOf(s)
	left = 5 * l.text()
	return left, s.Size().Width - 9*l.text() - 8
}

// set moves the current slider and tells so.
func (s *Sliders) set(value float64) {
	if s.current >= len(s.rows) {
		return
	}
	r := &s.rows[s.current]
	value = min(max(value, r.Low), r.High)
	if value == r.Value {
		return
	}
	r.Value = value
	s.Refresh()
	if s.OnChange != nil {
		s.OnChange(s.current, value)
	}
}

// toward sets the current slider to where x points.
func (s *Sliders) toward(x float32) {
	if s.current >= len(s.rows) {
		return
	}
	left, right := s.columns()
	r := s.rows[s.current]
	s.set(r.Low + float64((x-left)/max(1, right-left))*(r.High-r.Low))
}

// MouseDown implements desktop.Mouseable.
func (s *Sliders) MouseDown(ev *desktop.MouseEvent) {
	s.grab()
	i := s.first + int(ev.Position.Y/rowHeight)
	s.drag = ev.Button == desktop.MouseButtonPrimary && ev.Position.Y >= 0 && i < len(s.rows)
	if s.drag {
		s.current = i
		s.toward(ev.Position.X)
	}
}

// MouseUp implements desktop.Mouseable.
func (s *Sliders) MouseUp(*desktop.MouseEvent) { s.drag = false }

func (s *Sliders) rest() {
	if s.current < len(s.rows) {
		s.set(s.rows[s.current].Rest)
	}
}

// Dragged implements fyne.Draggable.
func (s *Sliders) Dragged(ev *fyne.DragEvent) {
	if s.drag {
		s.toward(ev.Position.X)
	}
}

// DragEnd implements fyne.Draggable.
func (s *Sliders) DragEnd() { s.drag = false }

// Scrolled implements fyne.Scrollable.
func (s *Sliders) Scrolled(ev *fyne.ScrollEvent) {
	s.wheel -= ev.Scrolled.DY
	if steps := int(s.wheel / notch); steps != 0 {
		s.wheel -= float32(steps) * notch
		s.scrollTo(s.first + steps)
		s.Refresh()
	}
}

// TypedKey implements fyne.Focusable.
func (s *Sliders) TypedKey(ev *fyne.KeyEvent) {
	if len(s.rows) == 0 {
		s.pass(ev)
		return
	}
	step := (s.rows[s.current].High - s.rows[s.current].Low) / 100
	switch ev.Name {
	case fyne.KeyUp:
		s.current = max(0, s.current-1)
	case fyne.KeyDown:
		s.current = min(len(s.rows)-1, s.current+1)
	case fyne.KeyLeft:
		s.set(s.rows[s.current].Value - step)
	case fyne.KeyRight:
		s.set(s.rows[s.current].Value + step)
	case fyne.KeyHome, fyne.KeyReturn, fyne.KeyEnter:
		s.rest()
	default:
		s.pass(ev)
		return
	}
	if s.current < s.first {
		s.scrollTo(s.current)
	} else if s.current >= s.first+s.visible() {
		s.scrollTo(s.current - s.visible() + 1)
	}
	s.usedKey()
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Sliders) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	s.body = &slidersBody{s: s}
	s.body.Layout(s.Size())
	return s.body
}

// slidersBody draws as many rows as there is room for.
type slidersBody struct {
	s       *Sliders
	objects []fyne.CanvasObject
}

// IsClip is what Fyne looks for in a renderer that clips.
func (*slidersBody) IsClip() {}

func (b *slidersBody) Destroy()                     {}
func (b *slidersBody) Objects() []fyne.CanvasObject { return b.objects }
func (b *slidersBody) MinSize() fyne.Size {
	rows := float32(3)
	if len(b.s.rows) == 1 {
		rows = 1
	}
	return fyne.NewSize(22*lookOf(b.s).text(), rows*rowHeight)
}

// Layout makes the rows that there is room for.
func (b *slidersBody) Layout(fyne.Size) {
	s := b.s
	for n := s.visible(); len(s.faces) < n; {
		s.faces = append(s.faces, newSliderFace())
	}
	s.faces = s.faces[:min(len(s.faces), max(1, s.visible()))]
	b.objects = b.objects[:0]
	for _, f := range s.faces {
		b.objects = append(b.objects, f.objects()...)
	}
	b.objects = append(b.objects, s.thumb, s.focus)
	s.scrollTo(s.first)
	b.place()
}

// Refresh implements fyne.WidgetRenderer.
func (b *slidersBody) Refresh() {
	b.place()
	for _, o := range b.objects {
		o.Refresh()
	}
	canvas.Refresh(b.s)
}

func (b *slidersBody) place() {
	s, l := b.s, lookOf(b.s)
	left, right := s.columns()
	for k, f := range s.faces {
		i := s.first + k
		there := i < len(s.rows)
		for _, o := range f.objects() {
			show(o, there)
		}
		if there {
			f.place(l, s.rows[i], float32(k)*rowHeight, left, right, s.Size().Width)
		}
	}
	n, seen := len(s.rows), s.visible()
	show(s.thumb, n > seen)
	if n > seen {
		h := s.Size().Height
		put(s.thumb, s.Size().Width-4, h*float32(s.first)/float32(n), 3, h*float32(seen)/float32(n))
		s.thumb.FillColor, s.thumb.CornerRadius = l.faded(ColorNameMuted, 0.6), 1.5
	}
	dressRing(s.focus, l, s.ring() && n > 0, theme.ColorNamePrimary)
	put(s.focus, 0, float32(s.current-s.first)*rowHeight+1, s.Size().Width-6, rowHeight-2)
}

// place draws one row.
func (f *sliderFace) place(l look, r Slider, y, left, right, width float32) {
	text, accent := foreground, theme.ColorNamePrimary
	if r.Muted {
		text, accent = theme.ColorNameDisabled, theme.ColorNameDisabled
	}
	dressText(f.name, l.colour(text), l.text(), plain)
	dressText(f.value, l.colour(text), l.mono(), mono)
	dressText(f.note, l.colour(ColorNameMuted), l.caption(), plain)
	putText(f.name, r.Name, 2, y, left-6, rowHeight)
	putText(f.value, sliderText(r.Value), right+4, y, 4*l.text(), rowHeight)
	putText(f.note, r.Note, right+4+4*l.text(), y, width-8-(right+4+4*l.text()), rowHeight)
	at := func(v float64) float32 {
		if !(r.High > r.Low) {
			return (left + right) / 2
		}
		return left + float32(min(max((v-r.Low)/(r.High-r.Low), 0), 1))*(right-left)
	}
	middle := y + rowHeight/2
	f.track.FillColor, f.track.CornerRadius = l.colour(theme.ColorNameInputBackground), 2
	put(f.track, left, middle-2, right-left, 4)
	f.fill.FillColor = l.colour(accent)
	from, to := at(r.Rest), at(r.Value)
	put(f.fill, min(from, to), middle-2, max(from, to)-min(from, to), 4)
	f.knob.FillColor, f.knob.CornerRadius = l.colour(accent), 6
	put(f.knob, to-6, middle-6, 12, 12)
}

// sliderText writes a value in the width that a slider has for it.
func sliderText(v float64) string {
	format := "%.2f"
	if a := math.Abs(v); a >= 1000 || a != 0 && a < 0.005 {
		format = "%.1g"
	}
	return strings.Replace(fmt.Sprintf(format, v), "-", "−", 1)
}
