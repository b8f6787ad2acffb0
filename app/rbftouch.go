package app

import (
	"fmt"
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"

	"filterscope/engine/experiment"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
)

// dragKind is what a drag moves.
type dragKind int

const (
	dragNothing dragKind = iota
	dragCentre
	dragPoint
	dragCamera
)

// rbfDrag is a drag that goes on.
type rbfDrag struct {
	kind   dragKind
	index  int
	from   image.Point
	camera render.Camera // as it was when the drag began
	view   rbfPanels     // as it was then: the axes shall not move under the pointer
	part   string        // names the drag for undo
}

// wheelStep is the factor of a width, and the share of the range of a value, for
// one notch of the wheel.
const wheelStep = 1.1

// local returns a pixel of the picture in the pixels of a part of it.
func local(p image.Point, part image.Rectangle) (px, py float64) {
	return float64(p.X-part.Min.X) + 0.5, float64(p.Y-part.Min.Y) + 0.5
}

// follow keeps what is told of the pointer up to date while the picture changes
// under it: while something moves not more often than can be read, for text takes
// longer to set than the fit.
func (v *rbfView) follow() {
	if v.moving() && time.Since(v.hoverAt) < textEvery {
		v.line()
		v.settleSoon()
		return
	}
	v.hover()
}

// moving reports whether the picture changes too fast for its texts.
func (v *rbfView) moving() bool {
	return v.drag != nil || v.run || v.merging != "" && time.Since(v.mergedAt) < textEvery
}

// settleSoon sees to it that the texts are right once nothing moves any more.
func (v *rbfView) settleSoon() {
	if !v.settling {
		v.settling = true
		time.AfterFunc(textEvery, func() { v.w.do(v.settle) })
	}
}

// settle writes the texts when nothing moves; while something does they come
// with its frames, for a frame of their own would hold up the next one.
func (v *rbfView) settle() {
	v.settling = false
	switch {
	case !v.up():
	case v.live.due, time.Since(v.live.last) < textEvery/2:
		v.settleSoon()
	default:
		v.hover()
		if v.frame != nil && v.textOf != v.frame {
			v.texts(v.frame)
		}
	}
}

// geometry returns the network whose centres and widths are the newest there are:
// several changes may come between two frames. Its weights may be those of the
// frame. It is nil where there are no centres of its own.
func (v *rbfView) geometry() *rbf.Network {
	n, e := networkOf(v.frame), v.state.edit
	if n == nil || e == nil || e.fixed != nil || e.centres.Rows == 0 || v.frame.solution.key.edit == e {
		return n
	}
	c := *n
	c.Centres, c.Widths = e.centres, e.widths
	if len(c.Widths) != c.Centres.Rows {
		c.Widths = experiment.Widths(v.state.recipe.RBF, c.Centres)
	}
	return &c
}

// begin finds out what a drag from p moves.
func (v *rbfView) begin(p image.Point) *rbfDrag {
	d := &rbfDrag{from: p, camera: v.camera}
	f := v.frame
	if f == nil || f.solution == nil {
		return d
	}
	d.view = f.panels
	d.part = fmt.Sprintf("drag %d", len(v.undone))
	switch task := f.solution.key.rbf.Task; {
	case task == recipe.TaskCurve:
		if i := f.panels.basis.Centre(local(p, image.Rectangle{})); i >= 0 {
			d.kind, d.index = dragCentre, i
		}
	case p.In(f.panels.reliefAt):
		d.kind = dragCamera
	case task == recipe.TaskField && p.In(f.panels.fieldAt):
		px, py := local(p, f.panels.fieldAt)
		if i := f.panels.field.Centre(px, py); i >= 0 && f.solution.network != nil {
			d.kind, d.index = dragCentre, i
		} else if i := f.panels.field.Point(px, py); i >= 0 {
			d.kind, d.index = dragPoint, i
		}
	}
	return d
}

// dragged moves what the drag began on.
func (v *rbfView) dragged(from, to image.Point, done bool) {
	if v.drag == nil {
		v.drag = v.begin(from)
		if v.drag.kind == dragCentre {
			v.selected, v.point = v.drag.index, -1
		}
	}
	d := v.drag
	v.pointer = to
	switch d.kind {
	case dragCentre:
		v.dragCentre(d, to)
	case dragPoint:
		v.dragPoint(d, to)
	case dragCamera:
		scale := max(v.request().scale, 0.1)
		v.camera = d.camera.Turned(float64(float32(to.X-d.from.X)/scale), float64(float32(to.Y-d.from.Y)/scale))
		v.turning = !done
		v.ask()
	}
	if done {
		v.drag, v.turning = nil, false
		v.merging = ""
		v.ask()
	}
}

func (v *rbfView) dragCentre(d *rbfDrag, to image.Point) {
	n := v.geometry()
	if n == nil || d.index >= n.Centres.Rows {
		return
	}
	var at []float64
	if v.state.recipe.RBF.Task == recipe.TaskCurve {
		b := d.view.basis.Basis
		x := min(max(float64(to.X)+0.5, float64(b.Area.Min.X)), float64(b.Area.Max.X))
		at = []float64{b.ValueX(x)}
	} else {
		at = inMap(d, to)
	}
	v.run = false
	v.set(v.state.withCentre(n, d.index, at, n.Widths[d.index]), d.part)
}

// inMap returns the place of a pixel on the map, brought inside it.
func inMap(d *rbfDrag, p image.Point) []float64 {
	px, py := local(p, d.view.fieldAt)
	view := d.view.field
	px = min(max(px, float64(view.Area.Min.X)+0.5), float64(view.Area.Max.X)-0.5)
	py = min(max(py, float64(view.Area.Min.Y)+0.5), float64(view.Area.Max.Y)-0.5)
	return []float64{view.ValueX(px), view.ValueY(py)}
}

func (v *rbfView) dragPoint(d *rbfDrag, to image.Point) {
	points, ok := v.points()
	if !ok || d.index >= points.Len() {
		return
	}
	v.run = false
	v.point = d.index
	v.set(v.state.withPoints(withPoint(points, d.index, inMap(d, to), points.Y[d.index])), d.part)
}

// wheel changes the width of the centre under the pointer, or of the selected
// one; on the map the value of a point; elsewhere it comes nearer.
func (v *rbfView) wheel(steps int, p image.Point) {
	f := v.frame
	if f == nil || f.solution == nil || f.image == nil {
		return
	}
	n := v.geometry()
	centre := -1
	switch task := f.solution.key.rbf.Task; {
	case task == recipe.TaskCurve:
		centre = f.panels.basis.Centre(local(p, image.Rectangle{}))
		if centre < 0 && p.In(f.panels.basis.Basis.Area) {
			centre = v.selected
		}
	case p.In(f.panels.reliefAt):
		v.camera = v.camera.Zoomed(float64(steps))
		v.ask()
		return
	case task == recipe.TaskField && p.In(f.panels.fieldAt):
		px, py := local(p, f.panels.fieldAt)
		centre = f.panels.field.Centre(px, py)
		if i := f.panels.field.Point(px, py); centre < 0 && i >= 0 {
			v.raise(i, steps)
			return
		}
	}
	if n == nil || centre < 0 || centre >= n.Centres.Rows {
		return
	}
	v.selected, v.point, v.run = centre, -1, false
	width := n.Widths[centre] * math.Pow(wheelStep, float64(steps))
	v.set(v.state.withCentre(n, centre, n.Centres.Row(centre), width), fmt.Sprintf("width %d", centre))
}

// raise changes the value of a point.
func (v *rbfView) raise(i, steps int) {
	points, ok := v.points()
	if !ok || i >= points.Len() {
		return
	}
	lo, hi := points.Y[0], points.Y[0]
	for _, y := range points.Y {
		lo, hi = min(lo, y), max(hi, y)
	}
	step := render.NiceCeil(max(hi-lo, 1e-9) / 40)
	v.point, v.selected = i, -1
	v.set(v.state.withPoints(withPoint(points, i, points.X.Row(i), points.Y[i]+float64(steps)*step)), fmt.Sprintf("value %d", i))
}

// pick selects what was clicked; on the map a click beside everything adds a
// point.
func (v *rbfView) pick(p image.Point) {
	f := v.frame
	if f == nil || f.solution == nil {
		return
	}
	switch f.solution.key.rbf.Task {
	case recipe.TaskCurve:
		v.selected = f.panels.basis.Centre(local(p, image.Rectangle{}))
		v.ask()
	case recipe.TaskField:
		if !p.In(f.panels.fieldAt) {
			return
		}
		px, py := local(p, f.panels.fieldAt)
		v.selected, v.point = f.panels.field.Centre(px, py), f.panels.field.Point(px, py)
		if v.selected >= 0 {
			v.point = -1
		}
		x, y, _, ok := f.panels.field.At(px, py)
		if v.selected < 0 && v.point < 0 && ok {
			if points, have := v.points(); have {
				v.point = points.Len()
				v.set(v.state.withPoints(plusPoint(points, []float64{x, y}, v.value.Value())), "")
			}
		}
		v.ask()
	}
}

// openAt adds a centre to a curve where it was clicked twice.
func (v *rbfView) openAt(p image.Point) {
	f := v.frame
	if f == nil || f.solution == nil || f.solution.key.rbf.Task != recipe.TaskCurve || f.solution.network == nil {
		return
	}
	span := f.panels.basis.Span()
	if !p.In(span) {
		return
	}
	v.addCentre([]float64{f.panels.basis.Basis.ValueX(float64(p.X) + 0.5)})
}

// addCentre adds a centre and selects it.
func (v *rbfView) addCentre(at []float64) {
	n := v.geometry()
	if n == nil {
		return
	}
	v.run = false
	v.selected, v.point = n.Centres.Rows, -1
	v.set(v.state.plusCentre(n, at), "")
}

// addHere adds a centre under the pointer, or in the middle.
func (v *rbfView) addHere() {
	f := v.frame
	n := networkOf(f)
	if n == nil || f.solution.key.rbf.Task == recipe.TaskImage {
		return
	}
	low, high := f.solution.study.Low, f.solution.study.High
	at := make([]float64, len(low))
	for i := range at {
		at[i] = (low[i] + high[i]) / 2
	}
	switch {
	case !v.inside:
	case f.solution.key.rbf.Task == recipe.TaskCurve:
		if v.pointer.In(f.panels.basis.Span()) {
			at[0] = f.panels.basis.Basis.ValueX(float64(v.pointer.X) + 0.5)
		}
	case v.pointer.In(f.panels.fieldAt):
		px, py := local(v.pointer, f.panels.fieldAt)
		if x, y, _, ok := f.panels.field.At(px, py); ok {
			at[0], at[1] = x, y
		}
	}
	v.addCentre(at)
}

// removeSelected takes the selected centre or point away; the last one stays.
func (v *rbfView) removeSelected() {
	n := v.geometry()
	switch {
	case v.state.recipe.RBF.Task == recipe.TaskImage:
	case v.selected >= 0 && n != nil && v.selected < n.Centres.Rows && n.Centres.Rows > 1:
		i := v.selected
		v.selected, v.run = -1, false
		v.set(v.state.minusCentre(n, i), "")
	case v.point >= 0:
		if points, ok := v.points(); ok && v.point < points.Len() && points.Len() > 1 {
			i := v.point
			v.point = -1
			v.set(v.state.withPoints(minusPoint(points, i)), "")
		}
	}
}

// keyed moves the selected centre by the arrow keys, and turns a surface.
func (v *rbfView) keyed(ev *fyne.KeyEvent) bool {
	dx := map[fyne.KeyName]float64{fyne.KeyLeft: -1, fyne.KeyRight: 1}[ev.Name]
	dy := map[fyne.KeyName]float64{fyne.KeyUp: 1, fyne.KeyDown: -1}[ev.Name]
	f := v.frame
	if dx == 0 && dy == 0 || f == nil || f.solution == nil {
		return false
	}
	n := v.geometry()
	if n == nil || v.selected < 0 || v.selected >= n.Centres.Rows || f.solution.key.rbf.Task == recipe.TaskImage {
		if f.panels.reliefAt.Empty() {
			return false
		}
		v.camera = v.camera.Turned(16*dx, -16*dy)
		v.ask()
		return true
	}
	at := append([]float64(nil), n.Centres.Row(v.selected)...)
	for i, d := range []float64{dx, dy}[:len(at)] {
		at[i] += d * (f.solution.study.High[i] - f.solution.study.Low[i]) / 200
	}
	v.run = false
	v.set(v.state.withCentre(n, v.selected, at, n.Widths[v.selected]), fmt.Sprintf("keys %d", v.selected))
	return true
}

// selectNext selects the centre after the selected one, or before it.
func (v *rbfView) selectNext(delta int) {
	n := networkOf(v.frame)
	if n == nil || v.state.recipe.RBF.Task == recipe.TaskImage {
		return
	}
	m := n.Centres.Rows
	if v.selected < 0 && delta < 0 {
		v.selected = 0
	}
	v.selected, v.point = (v.selected+delta+m)%m, -1
	v.ask()
}
