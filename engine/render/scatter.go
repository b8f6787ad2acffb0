package render

import (
	"image"
	"image/color"
	"math"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// Scatter is points in a plane, told apart by the colours and shapes of their
// classes, or drawn as small images.
type Scatter struct {
	X, Y []float64 // as long as each other; points that are not finite are left out
	// Class has one entry a point, an index into Names; others belong to no class.
	// nil means no classes.
	Class []int
	Names []string
	// WindowX and WindowY are what is seen; zero means as much as the points need.
	WindowX, WindowY Window
	XName, YName     string
	// Images are those of the points, one a row, n×Geometry.Features(). With Zoom
	// above 0 they are drawn at the places of their points, so many pixels a pixel,
	// the first ones first and as many as do not overlap; the others stay dots.
	Images   linalg.Matrix[float32]
	Geometry dataset.Geometry
	Range    Range
	Zoom     int
	Message  string // said when there is nothing to draw; "" means "no points yet"
}

// ScatterView is the mapping of a drawn [Scatter].
type ScatterView struct {
	View
	// Reach is how far from a point, in pixels, the pointer still touches it.
	Reach float64
	// Tiles are the images drawn, in the order of their points.
	Tiles []ScatterTile
	px    [][2]float64
}

// ScatterTile is an image in a [Scatter].
type ScatterTile struct {
	Point int // its index
	Rect  image.Rectangle
}

// Point returns the point that a pixel belongs to: of the image there, else the
// nearest within reach, -1 for none.
func (v ScatterView) Point(px, py float64) int {
	at := image.Pt(int(math.Floor(px)), int(math.Floor(py)))
	for _, t := range v.Tiles {
		if at.In(t.Rect) {
			return t.Point
		}
	}
	best, nearest := -1, v.Reach*v.Reach
	for i, q := range v.px {
		dx, dy := q[0]-px, q[1]-py
		if d := dx*dx + dy*dy; d <= nearest { // false for NaN
			best, nearest = i, d
		}
	}
	return best
}

// Place returns where a point lies in pixels; ok is false outside the picture.
func (v ScatterView) Place(point int) (at image.Point, ok bool) {
	if point < 0 || point >= len(v.px) {
		return at, false
	}
	q := v.px[point]
	if !finite(q[0] + q[1]) {
		return at, false
	}
	at = image.Pt(int(q[0]), int(q[1]))
	return at, at.In(v.Area)
}

// Follow returns the window for values from lo to hi when the one before was w:
// it grows at once, to round numbers, and becomes smaller only when the values
// fill less than half of it, so that a picture that changes does not breathe.
func (w Window) Follow(lo, hi float64) Window {
	if !(lo <= hi) || !finite(hi-lo) {
		return w
	}
	if w.Lo < w.Hi && w.Lo <= lo && hi <= w.Hi && hi-lo >= (w.Hi-w.Lo)/2 {
		return w
	}
	margin := 0.04 * (hi - lo)
	if margin == 0 {
		margin = max(1e-6, 0.1*math.Abs(lo))
	}
	a := niceAxis(lo-margin, hi+margin, 24)
	return Window{a.Lo, a.Hi}
}

// ClassMark returns the colour and the number of the shape of class k; with eight
// colours and seven shapes, 56 classes differ.
func ClassMark(k int, dark bool) (c color.RGBA, shape int) {
	colours := SeriesColours(dark)
	return colours[k%len(colours)], k % shapes
}

// Scatter draws s over the whole of dst and returns the mapping.
func (p *Painter) Scatter(dst *image.RGBA, s Scatter, theme Theme) ScatterView {
	theme = theme.complete()
	n := min(len(s.X), len(s.Y))
	s.X, s.Y = s.X[:n], s.Y[:n]
	x, y, ok := s.axes()
	text := p.typeface.size(theme.px(theme.TextSize))
	edge, gap := int(theme.px(chartEdge)), int(theme.px(tickGap))
	header := text.ascent + 2*gap
	top, bottom := edge+header, edge+2*(text.ascent+gap)+theme.line()
	yTicks := roomyTicks(y, float64(dst.Rect.Dy()-top-bottom), theme.px(mapPitchY))
	left := edge + int(math.Ceil(labelWidth(text, yTicks))) + gap
	view := ScatterView{View: View{X: x, Y: y}, Reach: theme.px(10)}
	view.Area = image.Rect(dst.Rect.Min.X+left, dst.Rect.Min.Y+top, dst.Rect.Max.X-edge-int(text.width("00")), dst.Rect.Max.Y-bottom)
	switch {
	case !ok && s.Message == "":
		p.sentence(dst, theme, "no points yet")
		return ScatterView{}
	case !ok:
		p.sentence(dst, theme, s.Message)
		return ScatterView{}
	case view.Area.Dx() < int(theme.px(60)) || view.Area.Dy() < int(theme.px(40)):
		p.sentence(dst, theme, "too small to draw")
		return ScatterView{}
	}
	fill(dst, dst.Rect, theme.Background)
	gridLines(dst, view.View, roomyTicks(x, float64(view.Area.Dx()), theme.px(tickPitchX)), yTicks, true, theme, text)
	faint := mix(theme.Background, theme.Text, 0.8)
	middle := float64(view.Area.Min.X+view.Area.Max.X) / 2
	text.drawMiddle(dst, middle, dst.Rect.Max.Y-edge, s.XName, faint, float64(dst.Rect.Min.X), float64(dst.Rect.Max.X))
	text.draw(dst, float64(dst.Rect.Min.X+edge), dst.Rect.Min.Y+edge+text.ascent, s.YName, faint)
	p.classLegend(dst, &s, view, text.width(s.YName), theme, text)

	for i := range n {
		view.px = append(view.px, [2]float64{view.PixelX(s.X[i]), view.PixelY(s.Y[i])})
	}
	inside := dst.SubImage(view.Area).(*image.RGBA)
	p.drawDots(inside, &s, view, theme)
	if s.Zoom > 0 && s.Images.Rows >= n && drawableTiles(s.Images.Cols, s.Geometry) {
		view.Tiles = s.place(view)
		s.drawTiles(inside, view.Tiles, theme)
	}
	return view
}

// axes returns the axes; ok is false when there is no point.
func (s *Scatter) axes() (x, y Axis, ok bool) {
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for i, a := range s.X {
		if b := s.Y[i]; finite(a + b) {
			lo, hi = [2]float64{min(lo[0], a), min(lo[1], b)}, [2]float64{max(hi[0], a), max(hi[1], b)}
			ok = true
		}
	}
	if !ok {
		return x, y, false
	}
	wx, wy := s.WindowX, s.WindowY
	if !(wx.Lo < wx.Hi) {
		wx = Window{}.Follow(lo[0], hi[0])
	}
	if !(wy.Lo < wy.Hi) {
		wy = Window{}.Follow(lo[1], hi[1])
	}
	return Axis{Lo: wx.Lo, Hi: wx.Hi}, Axis{Lo: wy.Lo, Hi: wy.Hi}, true
}

// class returns the class of point i, -1 for none.
func (s *Scatter) class(i int) int {
	if i >= len(s.Class) || s.Class[i] < 0 || s.Class[i] >= len(s.Names) {
		return -1
	}
	return s.Class[i]
}

// classLegend writes the names of the classes over the picture, right of the
// name of the y axis, as far as there is room.
func (p *Painter) classLegend(dst *image.RGBA, s *Scatter, v ScatterView, taken float64, theme Theme, text *face) {
	base := dst.Rect.Min.Y + int(theme.px(chartEdge)) + text.ascent
	end := float64(v.Area.Max.X)
	x := max(float64(dst.Rect.Min.X)+theme.px(chartEdge+18)+taken, float64(v.Area.Min.X))
	for k, name := range s.Names {
		w := theme.px(13) + text.width(name)
		if x+w > end {
			text.draw(dst, x, base, "…", theme.Text)
			return
		}
		c, shape := ClassMark(k, theme.dark())
		m := p.mark(shape, theme.px(4))
		at := image.Pt(int(x+theme.px(4)), base-text.ascent/2)
		blendMask(dst, at.Sub(image.Pt(m.Rect.Dx()/2, m.Rect.Dy()/2)), m, c)
		text.draw(dst, x+theme.px(11), base, name, theme.Text)
		x += w + theme.px(9)
	}
}

// drawableTiles reports whether rows of so many features are images of g.
func drawableTiles(cols int, g dataset.Geometry) bool {
	return g.IsImage() && (g.Channels == 1 || g.Channels == 3) && cols == g.Features()
}
