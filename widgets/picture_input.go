package widgets

import (
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// slop is how far, in units, the pointer may wander between press and release of a click.
const slop float32 = 4

// DoubleClick is the longest time between the clicks of a double click, as in Fyne's own driver. It is a variable for
// tests, which cannot click faster than the machine is.
var DoubleClick = 300 * time.Millisecond

// notch is the scroll distance Fyne reports for one notch of a wheel.
const notch float32 = 25

// gesture follows one press of the primary button.
type gesture struct {
	pressed, dragging bool
	start             fyne.Position // where the button went down
	off               image.Point   // the offset then
	from              image.Point   // the content pixel then
}

// click remembers the last click, to tell a double one.
type click struct {
	at   image.Point
	when time.Time
}

// MouseIn implements desktop.Hoverable.
func (p *Picture) MouseIn(ev *desktop.MouseEvent) {
	p.hovered, p.pointer = true, ev.Position
	p.startTip(ev)
	p.sendHover()
}

// MouseMoved implements desktop.Hoverable.
func (p *Picture) MouseMoved(ev *desktop.MouseEvent) {
	p.control.MouseMoved(ev)
	p.pointer = ev.Position
	p.sendHover()
}

// MouseOut implements desktop.Hoverable.
func (p *Picture) MouseOut() {
	p.hovered = false
	p.stopTip()
	if p.OnHover != nil {
		p.OnHover(p.contentAt(p.pointer), false)
	}
}

func (p *Picture) sendHover() {
	if p.OnHover != nil {
		at := p.contentAt(p.pointer)
		p.OnHover(at, at.In(p.visible()))
	}
}

// contentAt is the content pixel under a position inside the widget; it may lie off the content.
func (p *Picture) contentAt(pos fyne.Position) image.Point {
	return p.geo.pixel(pos).Add(p.off)
}

// MouseDown implements desktop.Mouseable: it takes the focus and begins a click or a drag.
func (p *Picture) MouseDown(ev *desktop.MouseEvent) {
	p.grab()
	if ev.Button == desktop.MouseButtonPrimary || ev.Button == desktop.MouseButtonTertiary {
		p.gesture = gesture{pressed: true, start: ev.Position, off: p.off, from: p.contentAt(ev.Position)}
	}
}

// MouseUp implements desktop.Mouseable: it ends a click.
func (p *Picture) MouseUp(ev *desktop.MouseEvent) {
	g := p.gesture
	if !g.dragging {
		p.gesture = gesture{}
	}
	if !g.pressed || g.dragging || ev.Button != desktop.MouseButtonPrimary || !near(g.start, ev.Position) {
		return
	}
	at := g.from
	if !at.In(p.visible()) {
		return
	}
	now := time.Now()
	double := p.lastClick.at == at && now.Sub(p.lastClick.when) < DoubleClick
	p.lastClick = click{at: at, when: now}
	if p.OnPick != nil {
		p.OnPick(at, ev.Modifier)
	}
	if double && p.OnOpen != nil {
		p.lastClick = click{}
		p.OnOpen(at)
	}
}

// Dragged implements fyne.Draggable: beyond the slop it pans, or reports to OnDrag.
func (p *Picture) Dragged(ev *fyne.DragEvent) {
	g := &p.gesture
	if !g.pressed || (!g.dragging && near(g.start, ev.Position)) {
		return
	}
	g.dragging = true
	p.pointer = ev.Position
	if p.OnDrag != nil {
		p.OnDrag(g.from, p.contentAt(ev.Position), false)
		return
	}
	if p.exceeds() {
		moved := p.geo.pixel(ev.Position).Sub(p.geo.pixel(g.start))
		p.ScrollTo(g.off.Sub(moved))
	}
}

// DragEnd implements fyne.Draggable.
func (p *Picture) DragEnd() {
	g := p.gesture
	p.gesture = gesture{}
	if g.dragging && p.OnDrag != nil {
		p.OnDrag(g.from, p.contentAt(p.pointer), true)
	}
}

// Scrolled implements fyne.Scrollable: it zooms if OnZoom is set, else it pans; sideways it pans always.
func (p *Picture) Scrolled(ev *fyne.ScrollEvent) {
	pan := ev.Scrolled
	if p.OnZoom != nil {
		pan.DY = 0
		if (p.wheel > 0) != (ev.Scrolled.DY > 0) {
			p.wheel = 0 // a change of direction starts anew
		}
		p.wheel += ev.Scrolled.DY
		if steps := int(p.wheel / notch); steps != 0 {
			p.wheel -= float32(steps) * notch
			p.OnZoom(steps, p.contentAt(ev.Position))
		}
	}
	if pan.DX != 0 || pan.DY != 0 {
		d := image.Pt(int(pan.DX*p.geo.scale), int(pan.DY*p.geo.scale))
		p.ScrollTo(p.off.Sub(d))
	}
}

// TypedKey implements fyne.Focusable: OnKey first, then panning by the arrows, then the window.
func (p *Picture) TypedKey(ev *fyne.KeyEvent) {
	if p.OnKey != nil && p.OnKey(ev) {
		p.usedKey()
		return
	}
	const step = 48 // device pixels, about one tile
	by, ok := map[fyne.KeyName]image.Point{
		fyne.KeyLeft: {X: -step}, fyne.KeyRight: {X: step}, fyne.KeyUp: {Y: -step}, fyne.KeyDown: {Y: step},
	}[ev.Name]
	if ok && p.exceeds() {
		p.usedKey()
		p.ScrollTo(p.off.Add(by))
		return
	}
	p.pass(ev)
}

// TypedRune implements fyne.Focusable.
func (p *Picture) TypedRune(r rune) {
	if p.OnRune == nil || !p.OnRune(r) {
		p.control.TypedRune(r)
	}
}

// Cursor implements desktop.Cursorable.
func (p *Picture) Cursor() desktop.Cursor { return p.cursorKind }

func near(a, b fyne.Position) bool {
	return math.Abs(float64(a.X-b.X)) <= float64(slop) && math.Abs(float64(a.Y-b.Y)) <= float64(slop)
}
