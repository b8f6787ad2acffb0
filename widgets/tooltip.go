package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A tooltip shows after the pointer has rested tipDelay on a widget, after tipQuick if another one was shown less than
// tipRecent ago.
const (
	tipDelay  = 700 * time.Millisecond
	tipQuick  = 250 * time.Millisecond
	tipRecent = 1500 * time.Millisecond
	tipWidth  = 320 // units, the widest line
	tipLines  = 6
)

// tipState is the tooltip of an Overlay: at most one is armed or shown.
type tipState struct {
	owner  fyne.CanvasObject
	text   func() string
	at     fyne.Position // of the pointer, on the canvas
	shown  bool
	hidden time.Time
	stop   func()
	box    *canvas.Rectangle
	lines  [tipLines]*canvas.Text
	say    string
}

func (t *tipState) setup() {
	t.box = &canvas.Rectangle{}
	t.box.Hide()
	for i := range t.lines {
		t.lines[i] = &canvas.Text{}
		t.lines[i].Hide()
	}
	t.stop = func() {}
}

func (t *tipState) objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{t.box}
	for _, l := range t.lines {
		out = append(out, l)
	}
	return out
}

func (t *tipState) dress(l look) {
	t.box.FillColor, t.box.CornerRadius = l.colour(theme.ColorNameMenuBackground), 3
	t.box.StrokeColor, t.box.StrokeWidth = l.faded(ColorNameMuted, 0.6), 1
	for _, x := range t.lines {
		dressText(x, l.colour(foreground), l.text()-1, plain)
	}
}

// Tip is what the overlay's tooltip says, "" if none is shown.
func (o *Overlay) Tip() string {
	if o.tip.shown {
		return o.tip.say
	}
	return ""
}

func (o *Overlay) armTip(owner fyne.CanvasObject, text func() string, at fyne.Position) {
	o.hideTip()
	t := &o.tip
	t.owner, t.text, t.at = owner, text, at
	delay := tipDelay
	if time.Since(t.hidden) < tipRecent {
		delay = tipQuick
	}
	t.stop = o.after(delay, func() {
		if t.owner == owner && !t.shown {
			o.showTip()
		}
	})
}

func (o *Overlay) moveTip(owner fyne.CanvasObject, at fyne.Position) {
	if o.tip.owner == owner && !o.tip.shown {
		o.tip.at = at
	}
}

func (o *Overlay) dropTip(owner fyne.CanvasObject) {
	if o.tip.owner == owner {
		o.hideTip()
	}
}

func (o *Overlay) hideTip() {
	t := &o.tip
	t.stop()
	t.stop = func() {}
	t.owner = nil
	if !t.shown {
		return
	}
	t.shown, t.hidden = false, time.Now()
	for _, x := range t.objects() {
		x.Hide()
	}
	canvas.Refresh(o)
}

func (o *Overlay) showTip() {
	t := &o.tip
	t.say = t.text()
	if t.say == "" {
		return
	}
	t.shown = true
	size := lookOf(o).text() - 1
	lines := wrap(t.say, tipWidth, size, plain, tipLines)
	h := heightOf(size, plain)
	const padX, padY = 7, 4
	box := fyne.NewSize(widest(lines, size, plain)+2*padX, h*float32(len(lines))+2*padY)
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	at := tipPosition(t.at.Subtract(origin), box, o.Size())
	put(t.box, at.X, at.Y, box.Width, box.Height)
	t.box.Show()
	for i, x := range t.lines {
		show(x, i < len(lines))
		if i < len(lines) {
			x.Text = lines[i]
			put(x, at.X+padX, at.Y+padY+float32(i)*h, box.Width-2*padX, h)
		}
	}
	for _, x := range t.objects() {
		x.Refresh()
	}
	canvas.Refresh(o)
}

// tipPosition is below and right of the pointer, flipped where there is no room.
func tipPosition(pointer fyne.Position, box, room fyne.Size) fyne.Position {
	const below, beside = 18, 8
	at := fyne.NewPos(pointer.X+beside, pointer.Y+below)
	if at.X+box.Width > room.Width {
		at.X = room.Width - box.Width - 2
	}
	if at.Y+box.Height > room.Height {
		at.Y = pointer.Y - box.Height - beside
	}
	return fyne.NewPos(float32(int(max(at.X, 0))), float32(int(max(at.Y, 0))))
}

// overlayOf finds the overlay above which obj is shown: in the topmost dialog if there is one, else in the window.
func overlayOf(obj fyne.CanvasObject) *Overlay {
	c := canvasOf(obj)
	if c == nil {
		return nil
	}
	if top := c.Overlays().Top(); top != nil {
		return findOverlay(top)
	}
	return findOverlay(c.Content())
}

func findOverlay(obj fyne.CanvasObject) *Overlay {
	switch o := obj.(type) {
	case *Overlay:
		return o
	case *widget.PopUp:
		return findOverlay(o.Content)
	case *fyne.Container:
		for _, child := range o.Objects {
			if found := findOverlay(child); found != nil {
				return found
			}
		}
	}
	return nil
}

// tipped gives a tooltip to an object that has none of its own.
type tipped struct {
	hoverable
	obj fyne.CanvasObject
}

var _ desktop.Hoverable = (*tipped)(nil)

// Tip wraps obj so that text is asked for a tooltip when the pointer rests on it. The widgets of this package have
// SetTip instead. A widget that follows the pointer itself, such as Fyne's own button, keeps it from the wrapper.
func Tip(obj fyne.CanvasObject, text func() string) fyne.CanvasObject {
	t := &tipped{obj: obj}
	t.tip = text
	t.init(t)
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *tipped) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	return widget.NewSimpleRenderer(t.obj)
}
