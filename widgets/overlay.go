package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Overlay lies over a window's content and shows toasts and tooltips there. It is to be the window's content itself, or
// somewhere in it; a dialog that wants tooltips needs one of its own inside the dialog.
type Overlay struct {
	widget.BaseWidget
	content fyne.CanvasObject
	// Foot is the height at the bottom that toasts keep free, for a status line.
	Foot   float32
	toasts []*toast
	tip    tipState
	body   *overlayFace
	after  func(d time.Duration, f func()) (stop func())
}

// maxToasts is how many toasts are shown at a time; the oldest goes first.
const maxToasts = 3

// NewOverlay lays an overlay over content. Until SetDispatcher is called nothing appears or goes with time: tooltips do
// not show, toasts stay.
func NewOverlay(content fyne.CanvasObject) *Overlay {
	o := &Overlay{content: content}
	o.tip.setup()
	o.SetDispatcher(nil)
	o.ExtendBaseWidget(o)
	return o
}

// SetDispatcher gives the overlay its clock: do must run a function on Fyne's goroutine, as fyne.Do does. nil takes the
// clock away.
func (o *Overlay) SetDispatcher(do func(func())) {
	if do == nil {
		o.after = func(time.Duration, func()) func() { return func() {} }
		return
	}
	o.after = func(d time.Duration, f func()) func() {
		t := time.AfterFunc(d, func() { do(f) })
		return func() { t.Stop() }
	}
}

// Content is what lies below.
func (o *Overlay) Content() fyne.CanvasObject { return o.content }

// Toast shows text at the bottom right for a few seconds, longer if it offers actions. Taking an action hides it.
func (o *Overlay) Toast(text string, actions ...Action) {
	t := newToast(text, actions)
	t.close = func() { o.drop(t) }
	t.ExtendBaseWidget(t)
	o.toasts = append(o.toasts, t)
	if len(o.toasts) > maxToasts {
		o.drop(o.toasts[0])
	}
	stay := 4 * time.Second
	if len(actions) > 0 {
		stay = 10 * time.Second
	}
	t.stop = o.after(stay, func() { o.drop(t) })
	o.changed()
}

// HideTip takes the tooltip away, or the one about to come, until the pointer
// comes upon another widget.
func (o *Overlay) HideTip() { o.hideTip() }

// Toasts returns the texts shown now, the oldest first.
func (o *Overlay) Toasts() []string {
	texts := make([]string, len(o.toasts))
	for i, t := range o.toasts {
		texts[i] = t.text
	}
	return texts
}

func (o *Overlay) drop(t *toast) {
	for i := range o.toasts {
		if o.toasts[i] == t {
			t.stop()
			o.toasts = append(o.toasts[:i:i], o.toasts[i+1:]...)
			o.changed()
			return
		}
	}
}

func (o *Overlay) changed() {
	if o.body != nil {
		o.body.list()
		o.body.placeToasts()
		canvas.Refresh(o)
	}
}

// CreateRenderer implements fyne.Widget.
func (o *Overlay) CreateRenderer() fyne.WidgetRenderer {
	o.ExtendBaseWidget(o)
	o.body = &overlayFace{o: o}
	o.body.list()
	o.tip.dress(lookOf(o))
	return o.body
}

// overlayFace is the renderer: the content, then toasts, then the tooltip.
type overlayFace struct {
	o       *Overlay
	objects []fyne.CanvasObject
}

func (f *overlayFace) Destroy()                     {}
func (f *overlayFace) Objects() []fyne.CanvasObject { return f.objects }
func (f *overlayFace) MinSize() fyne.Size           { return f.o.content.MinSize() }

func (f *overlayFace) list() {
	f.objects = append(f.objects[:0:0], f.o.content)
	for _, t := range f.o.toasts {
		f.objects = append(f.objects, t)
	}
	f.objects = append(f.objects, f.o.tip.objects()...)
}

func (f *overlayFace) Layout(s fyne.Size) {
	f.o.content.Move(fyne.NewPos(0, 0))
	f.o.content.Resize(s)
	f.placeToasts()
}

func (f *overlayFace) placeToasts() {
	s := f.o.Size()
	const margin = 12
	y := s.Height - margin - f.o.Foot
	for i := len(f.o.toasts) - 1; i >= 0; i-- {
		t := f.o.toasts[i]
		m := t.MinSize()
		w := min(m.Width, s.Width-2*margin)
		y -= m.Height
		put(t, s.Width-margin-w, y, w, m.Height)
		y -= margin / 2
	}
}

func (f *overlayFace) Refresh() {
	f.o.tip.dress(lookOf(f.o))
	for _, t := range f.o.toasts {
		t.Refresh()
	}
	canvas.Refresh(f.o)
}

// toast is one message with its buttons.
type toast struct {
	widget.BaseWidget
	text    string
	box     *canvas.Rectangle
	label   *canvas.Text
	buttons []*ActionButton
	close   func()
	stop    func()
}

func newToast(text string, actions []Action) *toast {
	t := &toast{text: text, box: &canvas.Rectangle{}, label: &canvas.Text{}, stop: func() {}}
	for _, a := range actions {
		t.buttons = append(t.buttons, NewFlatButton(a.Label, nil, func() {
			t.close()
			if a.Do != nil {
				a.Do()
			}
		}))
	}
	dismiss := NewFlatButton("", theme.CancelIcon(), func() { t.close() })
	dismiss.SetTip("Dismiss")
	t.buttons = append(t.buttons, dismiss)
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *toast) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	objects := []fyne.CanvasObject{t.box, t.label}
	for _, b := range t.buttons {
		objects = append(objects, b)
	}
	return newFace(t, t.least, t.place, t.dress, objects...)
}

func (t *toast) least() fyne.Size {
	l := lookOf(t)
	w := min(widthOf(t.text, l.text(), plain), 480) + 2*cardPad
	for _, b := range t.buttons {
		w += b.MinSize().Width + l.pad()
	}
	return fyne.NewSize(w, hitHeight+8)
}

func (t *toast) place(s fyne.Size) {
	l := lookOf(t)
	put(t.box, 0, 0, s.Width, s.Height)
	right := s.Width - l.pad()
	for i := len(t.buttons) - 1; i >= 0; i-- {
		m := t.buttons[i].MinSize()
		right -= m.Width
		put(t.buttons[i], right, (s.Height-m.Height)/2, m.Width, m.Height)
		right -= l.pad()
	}
	putText(t.label, t.text, cardPad, 0, right-cardPad, s.Height)
}

func (t *toast) dress() {
	l := lookOf(t)
	t.box.FillColor, t.box.CornerRadius = l.colour(theme.ColorNameMenuBackground), l.radius()+2
	t.box.StrokeColor, t.box.StrokeWidth = l.faded(ColorNameMuted, 0.5), 1
	dressText(t.label, l.colour(foreground), l.text(), plain)
}
