package render

import (
	"image"
	"image/color"
	"math"

	"filterscope/engine/linalg"
)

// vertex is a corner in the picture. Positions are in samples, fixed-point
// ones in sixteenths, so that neighbouring triangles share exact edges.
type vertex struct {
	x, y   float32
	fx, fy int32
	depth  float32 // linear across the picture, larger is nearer
	q      float32 // 1/w
	normal [3]float32
	level  float32 // of the colour
	u, v   float32 // grid lines run where these are whole numbers
}

// hidden marks a vertex that is not finite or far outside.
const hidden = math.MinInt32

// body is what a raster draws.
type body struct {
	vertices  []vertex
	triangles [][3]int32
	dots      []dot
	radius    float32             // of the dots, in samples
	table     *[Levels]color.RGBA // nil: plain
	plain     color.RGBA
	back      color.RGBA // of the inside
	ink       color.RGBA // of the grid lines
	line      float32    // half the width of grid lines, in samples
	dot       color.RGBA
}

// dot is the centre of a small sphere, in samples.
type dot struct{ x, y, depth float32 }

// place sets the position of a vertex from a point of the unit box.
func (v *vertex) place(p *projection, point [3]float64, corner image.Point, toSamples float64) {
	px, py, depth, q := p.pixel(point)
	x, y := (px-float64(corner.X))*toSamples, (py-float64(corner.Y))*toSamples
	if !(math.Abs(x) < 1e6 && math.Abs(y) < 1e6) {
		v.fx = hidden
		return
	}
	v.fx, v.fy = int32(math.Floor(x*16+0.5)), int32(math.Floor(y*16+0.5))
	v.x, v.y = float32(v.fx)/16, float32(v.fy)/16
	v.depth, v.q = float32(depth), float32(q)
}

// setNormal turns a normal of the unit box into camera space.
func (v *vertex) setNormal(p *projection, n [3]float64) {
	c := p.turn(n)
	k := 1 / math.Sqrt(c[0]*c[0]+c[1]*c[1]+c[2]*c[2])
	if !finite(k) {
		c, k = [3]float64{0, 0, 1}, 1
	}
	v.normal = [3]float32{float32(c[0] * k), float32(c[1] * k), float32(c[2] * k)}
}

// grow gives the body n vertices.
func (b *body) grow(n int) {
	if cap(b.vertices) < n {
		b.vertices = make([]vertex, n)
	}
	b.vertices = b.vertices[:n]
}

// vertexPart is the number of vertices that one goroutine places at a time.
const vertexPart = 4096

// mesh places the vertices of a mesh.
func (b *body) mesh(vertices, normals [][3]float64, p *projection, corner image.Point, toSamples float64) {
	b.grow(len(vertices))
	linalg.Parallel((len(vertices)+vertexPart-1)/vertexPart, func(part int) {
		for i := part * vertexPart; i < min((part+1)*vertexPart, len(vertices)); i++ {
			v := &b.vertices[i]
			v.place(p, p.box(vertices[i]), corner, toSamples)
			v.setNormal(p, normals[i])
		}
	})
}

// heights places the nodes of a height field and returns its triangles.
// Normals come from central differences.
func (b *body) heights(s *Surface, view *SurfaceView, triangles [][3]int32, low, high, toSamples float64) [][3]int32 {
	h, p := s.Heights, &view.projection
	b.grow(h.Rows * h.Cols)
	dx, dy := (s.X.Hi-s.X.Lo)/float64(h.Cols-1), (s.Y.Hi-s.Y.Lo)/float64(h.Rows-1)
	stepX, stepY := meshStep(s.X), meshStep(s.Y)
	linalg.Parallel(h.Rows, func(r int) {
		row := h.Row(r)
		below, above := h.Row(max(r-1, 0)), h.Row(min(r+1, h.Rows-1))
		rows := float64(min(r+1, h.Rows-1) - max(r-1, 0))
		for c, z := range row {
			v := &b.vertices[r*h.Cols+c]
			x, y := s.X.Lo+float64(c)*dx, s.Y.Lo+float64(r)*dy
			v.place(p, p.box([3]float64{x, y, z}), view.Area.Min, toSamples)
			left, right := max(c-1, 0), min(c+1, h.Cols-1)
			zx := slope(row[left], z, row[right], float64(right-left)) * p.scale[2] / (dx * p.scale[0])
			zy := slope(below[c], z, above[c], rows) * p.scale[2] / (dy * p.scale[1])
			v.setNormal(p, [3]float64{-zx, -zy, 1})
			v.level = float32((z - low) / (high - low) * (Levels - 1))
			v.u, v.v = float32(x/stepX), float32(y/stepY)
		}
	})
	triangles = triangles[:0]
	for r := range h.Rows - 1 {
		for c := range h.Cols - 1 {
			a := int32(r*h.Cols + c)
			d, e, f := a+1, a+int32(h.Cols), a+int32(h.Cols)+1
			// Along the diagonal that bends less.
			if math.Abs(h.At(r, c)-h.At(r+1, c+1)) <= math.Abs(h.At(r, c+1)-h.At(r+1, c)) {
				triangles = append(triangles, [3]int32{a, d, f}, [3]int32{a, f, e})
			} else {
				triangles = append(triangles, [3]int32{a, d, e}, [3]int32{d, f, e})
			}
		}
	}
	return triangles
}

// slope is the difference quotient at b over the neighbours that are finite.
func slope(a, b, c, steps float64) float64 {
	switch {
	case finite(c - a):
		return (c - a) / max(steps, 1)
	case finite(c - b):
		return c - b
	case finite(b - a):
		return b - a
	}
	return 0
}

// meshStep is the distance of the grid lines on a height field.
func meshStep(w Window) float64 { return NiceCeil((w.Hi - w.Lo) / 16) }

// points places the spheres.
func (b *body) points(m linalg.Matrix[float64], view *SurfaceView, radius, toSamples float64) {
	b.dots = b.dots[:0]
	if n := float64(m.Rows); n > 400 {
		radius = max(1.2*toSamples, radius*math.Pow(400/n, 0.3))
	}
	b.radius = float32(radius)
	p := &view.projection
	for i := range m.Rows {
		px, py, depth, _ := p.pixel(p.box([3]float64{m.At(i, 0), m.At(i, 1), m.At(i, 2)}))
		x, y := (px-float64(view.Area.Min.X))*toSamples, (py-float64(view.Area.Min.Y))*toSamples
		if math.Abs(x) < 1e6 && math.Abs(y) < 1e6 {
			b.dots = append(b.dots, dot{float32(x), float32(y), float32(depth)})
		}
	}
}
