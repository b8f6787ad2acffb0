package render

import (
	"image"
	"image/color"
	"math"

	"filterscope/engine/linalg"
)

// Surface is a shaded body in three dimensions: a triangle mesh, or a height
// field with an axes box, and points.
type Surface struct {
	// Vertices, Normals and Triangles are a mesh. Normals are one a vertex,
	// not necessarily of length 1; empty means averaged from the triangles.
	// Triangles that name no vertex, or one that is not finite, are left out.
	Vertices, Normals [][3]float64
	Triangles         [][3]int32
	// Heights is a height field over X and Y, as the Values of [Field], used
	// when there are no Vertices. It is coloured by height and stands in a box
	// with axes, its height scaled to suit its base. Values that are not
	// finite leave holes.
	Heights linalg.Matrix[float64]
	X, Y    Window
	Ramp    Ramp // of Heights; RampAuto is RampSequential, the height itself shows the sign
	// Points is N×3, drawn as small spheres.
	Points linalg.Matrix[float64]
	Camera Camera
	// Draft draws one sample a pixel, and one for four pixels of a large
	// picture: for frames while the camera moves. Without it the picture is
	// antialiased by four samples a pixel.
	Draft   bool
	Message string // said when there is nothing to draw; "" means "no points yet"
}

// SurfaceView is the mapping of a drawn [Surface].
type SurfaceView struct {
	Area       image.Rectangle // empty when nothing was drawn
	Z          Axis            // heights of the box and of the colours, of a height field
	projection projection
	depth      []float32
}

// Project returns the pixel of a point and its depth: larger is nearer.
func (v SurfaceView) Project(x, y, z float64) (px, py, depth float64) {
	px, py, depth, _ = v.projection.pixel(v.projection.box([3]float64{x, y, z}))
	return px, py, depth
}

// At returns the point of the surface that a pixel shows. It reads a buffer of
// the painter and is valid until its next Surface call.
func (v SurfaceView) At(px, py float64) (x, y, z float64, ok bool) {
	column, row := int(math.Floor(px))-v.Area.Min.X, int(math.Floor(py))-v.Area.Min.Y
	if column < 0 || row < 0 || column >= v.Area.Dx() || row >= v.Area.Dy() {
		return 0, 0, 0, false
	}
	d := v.depth[row*v.Area.Dx()+column]
	if d == far {
		return 0, 0, 0, false
	}
	p := v.projection.point(px, py, float64(d))
	return p[0], p[1], p[2], true
}

// surfaceScratch is what a Painter keeps for pictures of a Surface.
type surfaceScratch struct {
	body      body
	normals   [][3]float64 // averaged, when none are given
	triangles [][3]int32   // of a height field
	depth     []float32    // of each pixel of the last picture
	raster    raster
	boxes     []image.Rectangle // of axis labels
}

// Surface draws s over the whole of dst and returns the mapping.
func (p *Painter) Surface(dst *image.RGBA, s Surface, theme Theme) SurfaceView {
	theme = theme.complete()
	if s.Points.Cols != 3 {
		s.Points = linalg.Matrix[float64]{}
	}
	heights := len(s.Vertices) == 0 && min(s.Heights.Rows, s.Heights.Cols) >= 2
	low, high, ok := s.bounds(heights)
	if !ok {
		message := s.Message
		if message == "" {
			message = "no points yet"
		}
		p.sentence(dst, theme, message)
		return SurfaceView{}
	}
	size := dst.Rect.Size()
	if min(size.X, size.Y) < 24 {
		p.sentence(dst, theme, "too small to draw")
		return SurfaceView{}
	}
	view := SurfaceView{Area: dst.Rect}
	if heights {
		s.X, s.Y = s.X.or(0, float64(s.Heights.Cols-1)), s.Y.or(0, float64(s.Heights.Rows-1))
		view.Z = niceAxis(low[2], high[2], 8)
		low = [3]float64{s.X.Lo, s.Y.Lo, view.Z.Lo}
		high = [3]float64{s.X.Hi, s.Y.Hi, view.Z.Hi}
	}
	text := p.typeface.size(theme.px(theme.TextSize))
	half := view.projection.fit(low, high, heights)
	width, height := 0.94*float64(size.X), 0.94*float64(size.Y)
	if heights {
		label := 0.0
		for k := range low {
			label = max(label, labelWidth(text, Axis{Lo: low[k], Hi: high[k]}.Ticks(6)))
		}
		width = max(width/2, float64(size.X)-2*(label+theme.px(10)))
		height = max(height/2, float64(size.Y)-2*float64(text.ascent)-theme.px(26))
	}
	camera := s.Camera.complete()
	view.projection.look(camera, math.Sqrt(half[0]*half[0]+half[1]*half[1]+half[2]*half[2]))
	wide, tall := 1e-3, 1e-3
	s.corners(&view.projection, half, heights, func(r, z float64) {
		w, t := view.projection.reach(r, z)
		wide, tall = max(wide, w), max(tall, t)
	})
	view.projection.k = camera.Zoom * min(width/wide, height/tall) / 2
	view.projection.x = float64(dst.Rect.Min.X) + float64(size.X)/2
	view.projection.y = float64(dst.Rect.Min.Y) + float64(size.Y)/2

	fill(dst, dst.Rect, theme.Background)
	if heights {
		p.axesBox(dst, view, half, low, high, theme, text)
	}
	p.drawBody(dst, &s, &view, heights, theme)
	return view
}

// bounds returns the box around everything finite.
func (s *Surface) bounds(heights bool) (low, high [3]float64, ok bool) {
	inf := math.Inf(1)
	low, high = [3]float64{inf, inf, inf}, [3]float64{-inf, -inf, -inf}
	add := func(x, y, z float64) {
		if !finite(x + y + z) {
			return
		}
		for k, v := range [3]float64{x, y, z} {
			low[k], high[k] = min(low[k], v), max(high[k], v)
		}
		ok = true
	}
	for _, v := range s.Vertices {
		add(v[0], v[1], v[2])
	}
	if heights {
		for r := range s.Heights.Rows {
			for _, z := range s.Heights.Row(r) {
				add(0, 0, z)
			}
		}
	}
	for i := range s.Points.Rows {
		add(s.Points.At(i, 0), s.Points.At(i, 1), s.Points.At(i, 2))
	}
	for k := range low {
		ok = ok && finite(high[k]-low[k])
	}
	return low, high, ok
}

// corners calls f with what decides how large the picture may be: the corners
// of the box of a height field, or every point; as distance from the vertical
// axis and height in the unit box.
func (s *Surface) corners(p *projection, half [3]float64, heights bool, f func(r, z float64)) {
	if heights {
		f(math.Hypot(half[0], half[1]), half[2])
		f(math.Hypot(half[0], half[1]), -half[2])
		return
	}
	add := func(v [3]float64) {
		if v = p.box(v); finite(v[0] + v[1] + v[2]) {
			f(math.Sqrt(v[0]*v[0]+v[1]*v[1]), v[2])
		}
	}
	for _, v := range s.Vertices {
		add(v)
	}
	for i := range s.Points.Rows {
		add([3]float64{s.Points.At(i, 0), s.Points.At(i, 1), s.Points.At(i, 2)})
	}
}

// fit chooses centre and scale of the projection and returns the half sizes of
// the unit box. A mesh keeps its shape; a height field gets a base of at most
// 1:3 and a height that suits it.
func (p *projection) fit(low, high [3]float64, heights bool) (half [3]float64) {
	var size [3]float64
	for k := range size {
		p.centre[k] = low[k] + (high[k]-low[k])/2
		size[k] = (high[k] - low[k]) / 2
	}
	most := max(size[0], size[1], size[2])
	if !heights {
		if !(most > 0) {
			most = 1
		}
		for k := range half {
			p.scale[k], half[k] = 1/most, max(size[k]/most, 0.05)
		}
		return half
	}
	base := max(size[0], size[1])
	half = [3]float64{max(size[0]/base, 1./3), max(size[1]/base, 1./3), 0}
	half[2] = 0.5 * math.Sqrt(half[0]*half[1])
	for k := range half {
		p.scale[k] = half[k] / size[k]
	}
	return half
}

// drawBody shades mesh and points into dst.
func (p *Painter) drawBody(dst *image.RGBA, s *Surface, view *SurfaceView, heights bool, theme Theme) {
	scratch := &p.surface
	size := dst.Rect.Size()
	r := &scratch.raster
	r.samples, r.blow = 2, 1
	if s.Draft {
		r.samples = 1
		if size.X*size.Y > 1_400_000 {
			r.blow = 2
		}
	}
	b := &scratch.body
	toSamples := float64(r.samples) / float64(r.blow)
	if heights {
		ramp := s.Ramp
		low, high := view.Z.Lo, view.Z.Hi
		if ramp == RampSigned {
			high = max(-low, high)
			low = -high
		}
		b.table = ramp.table(theme.dark())
		scratch.triangles = b.heights(s, view, scratch.triangles, low, high, toSamples)
		b.triangles = scratch.triangles
	} else {
		normals := s.Normals
		if len(normals) != len(s.Vertices) {
			scratch.normals = averageNormals(scratch.normals, s.Vertices, s.Triangles)
			normals = scratch.normals
		}
		b.table = nil
		b.mesh(s.Vertices, normals, &view.projection, dst.Rect.Min, toSamples)
		b.triangles = s.Triangles
	}
	b.points(s.Points, view, theme.px(3)*toSamples, toSamples)
	b.light(theme)
	b.line = float32(max(0.6, 0.4*theme.Scale) * toSamples)

	if n := size.X * size.Y; cap(scratch.depth) < n {
		scratch.depth = make([]float32, n)
	}
	view.depth = scratch.depth[:size.X*size.Y]
	r.draw(dst, b, view.depth, float32(1/(view.projection.k*toSamples)))
}

// averageNormals returns, for each vertex, the sum of the normals of its
// triangles, weighted by their areas.
func averageNormals(normals [][3]float64, vertices [][3]float64, triangles [][3]int32) [][3]float64 {
	if cap(normals) < len(vertices) {
		normals = make([][3]float64, len(vertices))
	}
	normals = normals[:len(vertices)]
	clear(normals)
	for _, t := range triangles {
		if !inRange(t, len(vertices)) {
			continue
		}
		a, b, c := vertices[t[0]], vertices[t[1]], vertices[t[2]]
		u := [3]float64{b[0] - a[0], b[1] - a[1], b[2] - a[2]}
		v := [3]float64{c[0] - a[0], c[1] - a[1], c[2] - a[2]}
		n := [3]float64{u[1]*v[2] - u[2]*v[1], u[2]*v[0] - u[0]*v[2], u[0]*v[1] - u[1]*v[0]}
		for _, i := range t {
			for k := range n {
				normals[i][k] += n[k]
			}
		}
	}
	return normals
}

// inRange reports whether a triangle names vertices that exist.
func inRange(t [3]int32, n int) bool {
	return t[0] >= 0 && t[1] >= 0 && t[2] >= 0 && int(max(t[0], t[1], t[2])) < n
}

// light chooses the colours of a picture.
func (b *body) light(theme Theme) {
	b.plain = oklch{0.78, 0.035, 250}.srgb()
	if !theme.dark() {
		b.plain = oklch{0.76, 0.05, 250}.srgb()
	}
	b.back = mix(b.plain, oklch{0.62, 0.07, 60}.srgb(), 0.6)
	b.dot = theme.accent()
	b.ink = color.RGBA{255, 255, 255, 255}
	if b.table == nil {
		return
	}
	b.dot = color.RGBA{0xf6, 0xf7, 0xf9, 255}
	if b.table == whiteTable() || b.table == greyTable() {
		b.ink, b.dot = color.RGBA{0x10, 0x12, 0x16, 255}, color.RGBA{0x44, 0x48, 0x50, 255}
	}
}
