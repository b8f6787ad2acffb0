package widgets

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// geometry is where a widget lies on the device: its scale in device pixels a unit, and the whole device pixels inside it.
type geometry struct {
	scale  float32
	corner fyne.Position // the widget's own top left in device pixels, not whole in general
	origin image.Point   // the first whole device pixel inside it
	size   image.Point   // the number of whole device pixels inside it
}

// scaleOf is the number of device pixels a unit takes where o is shown; 1 when it is not shown yet.
func scaleOf(o fyne.CanvasObject) float32 {
	c := canvasOf(o)
	if c == nil {
		return 1
	}
	const far = 10000 // the longer, the more digits: the answer is in whole pixels
	x, _ := c.PixelCoordinateForPosition(fyne.NewPos(far, 0))
	if x <= 0 {
		return 1
	}
	return float32(x) / far
}

// eps is how near, in device pixels, a float32 position must be to a whole pixel to be taken for it.
const eps = 1.0 / 64

func (p *Picture) measure() geometry {
	g := geometry{scale: scaleOf(p)}
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(p)
	g.corner = fyne.NewPos(pos.X*g.scale, pos.Y*g.scale)
	axis := func(corner, length float32) (origin, size int) {
		a, b := float64(corner), float64(corner)+float64(length*g.scale)
		origin = int(math.Ceil(a - eps))
		return origin, max(int(math.Floor(b+eps))-origin, 0)
	}
	s := p.Size()
	g.origin.X, g.size.X = axis(g.corner.X, s.Width)
	g.origin.Y, g.size.Y = axis(g.corner.Y, s.Height)
	return g
}

// units turns a point of the view, in device pixels from its first whole one, into a position inside the widget.
func (g geometry) units(x, y int) fyne.Position {
	return fyne.NewPos(
		(float32(g.origin.X+x)-g.corner.X)/g.scale,
		(float32(g.origin.Y+y)-g.corner.Y)/g.scale,
	)
}

// pixel is the device pixel of the view under a position inside the widget.
func (g geometry) pixel(pos fyne.Position) image.Point {
	return image.Pt(
		int(math.Floor(float64(g.corner.X+pos.X*g.scale)+eps))-g.origin.X,
		int(math.Floor(float64(g.corner.Y+pos.Y*g.scale)+eps))-g.origin.Y,
	)
}

// place moves and resizes o onto the rectangle r of the view's device pixels.
func (g geometry) place(o fyne.CanvasObject, r image.Rectangle) {
	if g.scale <= 0 {
		return
	}
	o.Move(g.units(r.Min.X, r.Min.Y))
	o.Resize(fyne.NewSize(float32(r.Dx())/g.scale, float32(r.Dy())/g.scale))
}

// clampOffset keeps the visible part inside the content, and centres content smaller than the view. off is negative then.
func (p *Picture) clampOffset() { p.off = p.clamp(p.off, p.geo.size) }

func (p *Picture) clamp(off, view image.Point) image.Point {
	axis := func(off, content, view int) int {
		if content <= view {
			return -((view - content) / 2)
		}
		return min(max(off, 0), content-view)
	}
	return image.Pt(axis(off.X, p.content.X, view.X), axis(off.Y, p.content.Y, view.Y))
}

func (p *Picture) visible() image.Rectangle { return p.part(p.off, p.geo.size) }

// part is the rectangle of the content that a view of that size shows from off on.
func (p *Picture) part(off, view image.Point) image.Rectangle {
	return image.Rectangle{Min: off, Max: off.Add(view)}.Intersect(image.Rectangle{Max: p.content})
}

// exceeds tells whether there is more content than the view shows.
func (p *Picture) exceeds() bool {
	return p.content.X > p.geo.size.X || p.content.Y > p.geo.size.Y
}

func (p *Picture) placeImage() {
	if p.frame != nil {
		p.geo.place(p.img, p.frame.Rect.Add(p.at).Sub(p.off))
	}
	p.placeMat()
}

// placeMat lays the mat around the image, not under it: painting in software
// takes as long for what is covered as for what is seen.
func (p *Picture) placeMat() {
	size := p.Size()
	from, to := fyne.NewPos(0, size.Height), fyne.NewPos(0, size.Height) // no image: the first part is all
	if p.img.Visible() {
		from = p.img.Position()
		to = from.Add(p.img.Size())
		from, to = within(from, size), within(to, size)
	}
	put(p.mat[0], 0, 0, size.Width, from.Y)
	put(p.mat[1], 0, to.Y, size.Width, size.Height-to.Y)
	put(p.mat[2], 0, from.Y, from.X, to.Y-from.Y)
	put(p.mat[3], to.X, from.Y, size.Width-to.X, to.Y-from.Y)
}

// within brings a position inside a widget of that size.
func within(p fyne.Position, size fyne.Size) fyne.Position {
	return fyne.NewPos(min(max(p.X, 0), size.Width), min(max(p.Y, 0), size.Height))
}

func (p *Picture) placeCross() {
	v := p.visible().Sub(p.off)
	x, y := p.cross.X-p.off.X, p.cross.Y-p.off.Y
	p.geo.place(p.crossV, image.Rect(x, v.Min.Y, x+1, v.Max.Y))
	p.geo.place(p.crossH, image.Rect(v.Min.X, y, v.Max.X, y+1))
	show(p.crossV, p.onV && x >= v.Min.X && x < v.Max.X)
	show(p.crossH, p.onH && y >= v.Min.Y && y < v.Max.Y)
}

func show(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}

// placeMarks lays out the frames: one hollow rectangle a line, the outermost first.
func (p *Picture) placeMarks() {
	l := lookOf(p)
	n := 0
	frame := func(r image.Rectangle, out, width int, c color.Color) {
		if n == len(p.lines) {
			p.lines = append(p.lines, &canvas.Rectangle{FillColor: color.Transparent})
		}
		o := p.lines[n]
		o.StrokeWidth, o.StrokeColor = float32(width)/max(p.geo.scale, 0.1), c
		p.geo.place(o, r.Sub(p.off).Inset(-out))
		o.Hidden = false
		n++
	}
	for _, m := range p.marks {
		switch m.Kind {
		case Hovered:
			frame(m.Rect, 2, 1, color.NRGBA{A: 0x90})
			frame(m.Rect, 1, 1, color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xb0})
		case Selected:
			frame(m.Rect, 3, 1, color.NRGBA{A: 0xc0})
			frame(m.Rect, 2, 2, l.colour(theme.ColorNamePrimary))
		case Focused:
			frame(m.Rect, 5, 1, color.NRGBA{A: 0xc0})
			frame(m.Rect, 4, 1, color.White)
		}
	}
	for _, o := range p.lines[n:] {
		o.Hidden = true
	}
	if p.body != nil && len(p.body.objects) != p.objectCount() {
		p.body.list()
	}
}

func sameMarks(a, b []Mark) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// shift is how far the window [lo, hi) must move to contain [a, b), or its beginning if it does not fit.
func shift(lo, hi, a, b int) int {
	switch {
	case a < lo || b-a > hi-lo:
		return a - lo
	case b > hi:
		return b - hi
	}
	return 0
}
