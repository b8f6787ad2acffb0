package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// hitHeight is the least height, in units, of anything that can be clicked.
const hitHeight float32 = 28

// hoverable is the base of every widget here that shows a tooltip: it knows whether the pointer is over it.
type hoverable struct {
	widget.DisableableWidget
	self    fyne.Widget
	hovered bool
	tip     func() string
}

func (h *hoverable) init(self fyne.Widget) {
	h.self = self
	h.ExtendBaseWidget(self)
}

// SetTip sets the text shown when the pointer rests on the widget; "" shows none.
func (h *hoverable) SetTip(text string) { h.tip = func() string { return text } }

// SetTipFunc sets a function asked for the tooltip's text each time one is about to be shown.
func (h *hoverable) SetTipFunc(text func() string) { h.tip = text }

// MouseIn implements desktop.Hoverable.
func (h *hoverable) MouseIn(ev *desktop.MouseEvent) {
	h.hovered = true
	h.startTip(ev)
}

// MouseMoved implements desktop.Hoverable.
func (h *hoverable) MouseMoved(ev *desktop.MouseEvent) {
	if o := overlayOf(h.self); o != nil {
		o.moveTip(h.self, ev.AbsolutePosition)
	}
}

// MouseOut implements desktop.Hoverable.
func (h *hoverable) MouseOut() {
	h.hovered = false
	h.stopTip()
}

func (h *hoverable) startTip(ev *desktop.MouseEvent) {
	if h.tip == nil {
		return
	}
	if o := overlayOf(h.self); o != nil {
		o.armTip(h.self, h.tip, ev.AbsolutePosition)
	}
}

func (h *hoverable) stopTip() {
	if o := overlayOf(h.self); o != nil {
		o.dropTip(h.self)
	}
}

// control is the base of every widget that takes the keyboard focus. The ring is drawn when the focus came by the
// keyboard or a key was used since; a click alone shows none.
type control struct {
	hoverable
	focused, byPointer bool
}

// MouseIn implements desktop.Hoverable.
func (c *control) MouseIn(ev *desktop.MouseEvent) {
	c.hoverable.MouseIn(ev)
	c.Refresh()
}

// MouseOut implements desktop.Hoverable.
func (c *control) MouseOut() {
	c.hoverable.MouseOut()
	c.Refresh()
}

// FocusGained implements fyne.Focusable.
func (c *control) FocusGained() {
	c.focused = true
	c.Refresh()
}

// FocusLost implements fyne.Focusable.
func (c *control) FocusLost() {
	c.focused, c.byPointer = false, false
	c.Refresh()
}

// TypedRune implements fyne.Focusable by passing the rune on to the window.
func (c *control) TypedRune(r rune) { forwardRune(c.self, r) }

// TypedKey implements fyne.Focusable by passing the key on to the window.
func (c *control) TypedKey(ev *fyne.KeyEvent) { c.pass(ev) }

func (c *control) pass(ev *fyne.KeyEvent) { forwardKey(c.self, ev) }

func (c *control) ring() bool { return c.focused && !c.byPointer && !c.Disabled() }

// usedKey shows the ring after a key was used in a widget focused by a click.
func (c *control) usedKey() {
	if c.byPointer {
		c.byPointer = false
		c.Refresh()
	}
}

// clicked takes the focus from whatever had it, so that a field being edited commits before the click takes effect.
func (c *control) clicked() {
	c.stopTip()
	if cv := canvasOf(c.self); cv != nil && cv.Focused() != nil {
		cv.Unfocus()
	}
}

// grab takes the focus because of a click.
func (c *control) grab() {
	c.stopTip()
	if cv := canvasOf(c.self); cv != nil && !c.focused {
		c.byPointer = true
		cv.Focus(c.self.(fyne.Focusable))
	}
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

func forwardKey(o fyne.CanvasObject, ev *fyne.KeyEvent) {
	if c := canvasOf(o); c != nil {
		if f := c.OnTypedKey(); f != nil {
			f(ev)
		}
	}
}

func forwardRune(o fyne.CanvasObject, r rune) {
	if c := canvasOf(o); c != nil {
		if f := c.OnTypedRune(); f != nil {
			f(r)
		}
	}
}

// face is the renderer of most widgets here: a list of objects, and functions of the widget that place and colour them.
type face struct {
	objects []fyne.CanvasObject
	place   func(fyne.Size)
	least   func() fyne.Size
	dress   func()
	size    fyne.Size
	self    fyne.Widget
}

func (f *face) Destroy()                     {}
func (f *face) Objects() []fyne.CanvasObject { return f.objects }
func (f *face) MinSize() fyne.Size           { return f.least() }
func (f *face) Layout(s fyne.Size)           { f.size = s; f.place(s) }

func (f *face) Refresh() {
	f.dress()
	f.place(f.size)
	for _, o := range f.objects {
		o.Refresh()
	}
	canvas.Refresh(f.self)
}

func newFace(self fyne.Widget, least func() fyne.Size, place func(fyne.Size), dress func(), objects ...fyne.CanvasObject) *face {
	dress()
	return &face{self: self, objects: objects, least: least, place: place, dress: dress}
}

// dressRing makes r the focus ring of a widget: one stroke, nothing inside.
func dressRing(r *canvas.Rectangle, l look, on bool, name fyne.ThemeColorName) {
	outline(r, l.colour(name), 2, l.radius())
	if !on {
		r.FillColor, r.StrokeColor = color.Transparent, color.Transparent
	}
}

// outline makes r a frame of a colour with nothing inside. The GL painter blends the inner edge of a rounded stroke with
// the fill, and takes a fully transparent fill for black, which leaves a dark fringe; so the fill is the stroke's own
// colour, all but transparent.
func outline(r *canvas.Rectangle, c color.Color, width, radius float32) {
	fill := color.NRGBAModel.Convert(c).(color.NRGBA)
	fill.A = 1
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = fill, c, width, radius
}

// hoverFill is the colour laid over a widget under the pointer.
func hoverFill(l look, on bool) color.Color {
	if on {
		return l.colour(theme.ColorNameHover)
	}
	return color.Transparent
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}
