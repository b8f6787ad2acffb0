package render

import (
	"image"
	"math"
	"slices"
)

// axesBox draws the three far sides of the box around a height field with
// their grid, and labels outside its silhouette.
func (p *Painter) axesBox(dst *image.RGBA, view SurfaceView, half, low, high [3]float64, theme Theme, text *face) {
	b := boxPainter{p: p, dst: dst, view: view, half: half, low: low, high: high, theme: theme, text: text}
	// Towards the camera, in the box.
	to := view.projection.turnBack([3]float64{0, 0, 1})
	for k := range b.back {
		b.back[k] = half[k]
		if to[k] > 0 {
			b.back[k] = -half[k]
		}
	}
	b.marks = [3][]Tick{b.ticks(0), b.ticks(1), b.ticks(2)}
	p.stroke.reset(dst.Rect.Dx(), dst.Rect.Dy())
	for k := range 3 { // the side where coordinate k is constant
		u, v := (k+1)%3, (k+2)%3
		b.grid(k, u, v)
		b.grid(k, v, u)
	}
	p.stroke.paint(dst, dst.Rect.Min, theme.Grid)
	p.surface.boxes = p.surface.boxes[:0]
	b.labels(2)
	b.labels(0)
	b.labels(1)
}

// boxPainter draws the parts of the box.
type boxPainter struct {
	p         *Painter
	dst       *image.RGBA
	view      SurfaceView
	half      [3]float64
	low, high [3]float64
	back      [3]float64 // the far end of each axis, in the unit box
	marks     [3][]Tick
	theme     Theme
	text      *face
}

func (b *boxPainter) axis(k int) Axis { return Axis{Lo: b.low[k], Hi: b.high[k]} }

// at moves a value of axis k into the unit box.
func (b *boxPainter) at(k int, value float64) float64 {
	return (2*b.axis(k).Fraction(value) - 1) * b.half[k]
}

// pixel projects a point of the unit box into dst's own pixels.
func (b *boxPainter) pixel(v [3]float64) (x, y float64) {
	x, y, _, _ = b.view.projection.pixel(v)
	return x - float64(b.dst.Rect.Min.X), y - float64(b.dst.Rect.Min.Y)
}

// ticks returns the ticks that an axis has room for as it is turned now.
func (b *boxPainter) ticks(k int) []Tick {
	from, to := b.edge(k)
	x0, y0 := b.pixel(from)
	x1, y1 := b.pixel(to)
	return roomyTicks(b.axis(k), min(math.Hypot(x1-x0, y1-y0), b.theme.px(400)), b.theme.px(46))
}

// edge returns the edge of the box that carries the labels of axis k: one of
// its silhouette, below for x and y, at the left for z.
func (b *boxPainter) edge(k int) (from, to [3]float64) {
	var v [3]float64
	side := -1.0 // the near one
	if b.view.projection.sinPitch < 0 {
		side = 1 // seen from below, the far edge is the lower one
	}
	switch k {
	case 0:
		v = [3]float64{0, side * b.back[1], -b.half[2]}
	case 1:
		v = [3]float64{side * b.back[0], 0, -b.half[2]}
	default:
		v = [3]float64{b.back[0], -b.back[1], 0}
		other := [3]float64{-b.back[0], b.back[1], 0}
		x0, _ := b.pixel(v)
		if x1, _ := b.pixel(other); x1 < x0 {
			v = other
		}
	}
	from, to = v, v
	from[k], to[k] = -b.half[k], b.half[k]
	return from, to
}

// grid strokes the lines at the ticks of axis u, on the side where k is
// constant, along v, and the border of the side.
func (b *boxPainter) grid(k, u, v int) {
	stroke := func(at, width float64) {
		var from, to [3]float64
		from[k], to[k] = b.back[k], b.back[k]
		from[u], to[u] = at, at
		from[v], to[v] = -b.half[v], b.half[v]
		x0, y0 := b.pixel(from)
		x1, y1 := b.pixel(to)
		b.p.stroke.line(x0, y0, x1, y1, b.theme.px(width)/2)
	}
	for _, t := range b.marks[u] {
		stroke(b.at(u, t.Value), 0.9)
	}
	stroke(-b.half[u], 1.2)
	stroke(b.half[u], 1.2)
}

// labels writes the ticks of an axis outside its edge, without those that
// would cover others.
func (b *boxPainter) labels(k int) {
	from, to := b.edge(k)
	x0, y0 := b.pixel(from)
	x1, y1 := b.pixel(to)
	length := math.Hypot(x1-x0, y1-y0)
	if length < b.theme.px(24) {
		return
	}
	// Outwards: square to the edge, away from the middle of the box.
	cx, cy := b.pixel([3]float64{})
	nx, ny := (y1-y0)/length, (x0-x1)/length
	if nx*((x0+x1)/2-cx)+ny*((y0+y1)/2-cy) < 0 {
		nx, ny = -nx, -ny
	}
	gap := b.theme.px(5)
	b.p.stroke.reset(b.dst.Rect.Dx(), b.dst.Rect.Dy())
	b.p.stroke.line(x0, y0, x1, y1, b.theme.px(0.6))
	for _, t := range b.marks[k] {
		v := from
		v[k] = b.at(k, t.Value)
		x, y := b.pixel(v)
		b.p.stroke.line(x, y, x+nx*gap*0.8, y+ny*gap*0.8, b.theme.px(0.5))
		w, h := b.text.width(t.Label), float64(b.text.ascent)
		reach := gap*1.4 + math.Abs(nx)*w/2 + math.Abs(ny)*h/2
		mx, my := x+nx*reach, y+ny*reach
		box := image.Rect(int(mx-w/2), int(my-h/2), int(mx+w/2)+1, int(my+h/2)+1)
		if !box.In(image.Rectangle{Max: b.dst.Rect.Size()}) || b.taken(box.Inset(-int(b.theme.px(3)))) {
			continue
		}
		b.p.surface.boxes = append(b.p.surface.boxes, box)
		corner := b.dst.Rect.Min
		b.text.draw(b.dst, float64(corner.X)+mx-w/2, corner.Y+int(math.Round(my+h/2)), t.Label, b.theme.Text)
	}
	b.p.stroke.paint(b.dst, b.dst.Rect.Min, mix(b.theme.Grid, b.theme.Text, 0.35))
}

func (b *boxPainter) taken(r image.Rectangle) bool {
	return slices.ContainsFunc(b.p.surface.boxes, r.Overlaps)
}
