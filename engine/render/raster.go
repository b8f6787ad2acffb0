package render

import (
	"image"
	"math"
	"sync"

	"filterscope/engine/linalg"
)

// raster draws a body in two passes over horizontal bands: which triangle is
// nearest at every sample, by depth buffer, then the colour of each pixel from
// the triangles its samples show. So every triangle costs little, and only what
// is seen is shaded.
type raster struct {
	samples int // a pixel has samples×samples of them
	blow    int // output pixels of a side of a drawn pixel

	count []int32 // triangles of each band
	order []int32 // triangles sorted by band
	bands sync.Mutex
	free  []*band
}

// band is the buffers for one stripe of the picture.
type band struct {
	depth []float32
	id    []int32 // triangle, or −2−i of dot i, or none
}

const (
	bandRows = 32    // drawn pixels
	none     = -1    // no triangle
	far      = -1e30 // depth where there is nothing
)

// draw draws the body over dst, and the depth of every pixel. pixelDepth is
// what one sample is worth in units of depth.
func (r *raster) draw(dst *image.RGBA, b *body, depth []float32, pixelDepth float32) {
	width := (dst.Rect.Dx() + r.blow - 1) / r.blow
	height := (dst.Rect.Dy() + r.blow - 1) / r.blow
	bands := (height + bandRows - 1) / bandRows
	r.sort(b, bands)
	linalg.Parallel(bands, func(i int) {
		buffer := r.take(width * bandRows * r.samples * r.samples)
		s := stripe{
			raster: r, body: b, band: buffer, width: width * r.samples,
			top: i * bandRows * r.samples, rows: min(bandRows, height-i*bandRows) * r.samples,
			pixelDepth: pixelDepth,
		}
		s.clear()
		from := int32(0)
		if i > 0 {
			from = r.count[i-1]
		}
		for _, t := range r.order[from:r.count[i]] {
			s.triangle(t)
		}
		for k := range b.dots {
			s.dot(k)
		}
		s.resolve(dst, depth)
		r.give(buffer)
	})
}

// sort lists the triangles that each band has to look at.
func (r *raster) sort(b *body, bands int) {
	if cap(r.count) < bands+1 {
		r.count = make([]int32, bands+1)
	}
	r.count = r.count[:bands+1]
	clear(r.count)
	height := int32(bandRows * r.samples * 16)
	reach := func(t [3]int32) (first, last int32, ok bool) {
		if !inRange(t, len(b.vertices)) {
			return 0, 0, false
		}
		a, c, d := &b.vertices[t[0]], &b.vertices[t[1]], &b.vertices[t[2]]
		if a.fx == hidden || c.fx == hidden || d.fx == hidden {
			return 0, 0, false
		}
		low, high := min(a.fy, c.fy, d.fy), max(a.fy, c.fy, d.fy)
		// A sample lies between them, or there is nothing to draw.
		if (low+7)>>4 > (high-8)>>4 || high < 0 || low >= height*int32(bands) {
			return 0, 0, false
		}
		return max(low, 0) / height, min(high/height, int32(bands-1)), true
	}
	for _, t := range b.triangles {
		if first, last, ok := reach(t); ok {
			for k := first; k <= last; k++ {
				r.count[k+1]++
			}
		}
	}
	for k := range bands {
		r.count[k+1] += r.count[k]
	}
	if n := int(r.count[bands]); cap(r.order) < n {
		r.order = make([]int32, n+n/4)
	}
	r.order = r.order[:r.count[bands]]
	for i, t := range b.triangles {
		if first, last, ok := reach(t); ok {
			for k := first; k <= last; k++ {
				r.order[r.count[k]] = int32(i)
				r.count[k]++
			}
		}
	}
	// count[k] is now the end of band k.
}

// take returns buffers for n samples.
func (r *raster) take(n int) *band {
	r.bands.Lock()
	defer r.bands.Unlock()
	var b *band
	if k := len(r.free); k > 0 {
		b, r.free = r.free[k-1], r.free[:k-1]
	} else {
		b = &band{}
	}
	if cap(b.depth) < n {
		b.depth, b.id = make([]float32, n), make([]int32, n)
	}
	b.depth, b.id = b.depth[:n], b.id[:n]
	return b
}

func (r *raster) give(b *band) {
	r.bands.Lock()
	r.free = append(r.free, b)
	r.bands.Unlock()
}

// stripe is a band while it is drawn.
type stripe struct {
	*raster
	body       *body
	band       *band
	width      int // samples
	top, rows  int // samples
	pixelDepth float32
	last       facet // that was shaded
}

func (s *stripe) clear() {
	n := s.width * s.rows
	for i := range s.band.depth[:n] {
		s.band.depth[i] = far
	}
	for i := range s.band.id[:n] {
		s.band.id[i] = none
	}
}

// triangle draws triangle t where it is the nearest so far. Samples on an edge
// belong to exactly one of the two triangles that share it.
func (s *stripe) triangle(t int32) {
	tri := s.body.triangles[t]
	a, b, c := &s.body.vertices[tri[0]], &s.body.vertices[tri[1]], &s.body.vertices[tri[2]]
	area := int64(b.fx-a.fx)*int64(c.fy-a.fy) - int64(c.fx-a.fx)*int64(b.fy-a.fy)
	if area == 0 {
		return
	}
	if area < 0 {
		b, c, area = c, b, -area
	}
	x0, x1 := max(int(min(a.fx, b.fx, c.fx)+7)>>4, 0), min(int(max(a.fx, b.fx, c.fx)-8)>>4, s.width-1)
	y0, y1 := max(int(min(a.fy, b.fy, c.fy)+7)>>4, s.top), min(int(max(a.fy, b.fy, c.fy)-8)>>4, s.top+s.rows-1)
	if x0 > x1 || y0 > y1 {
		return
	}
	px, py := int64(x0)*16+8, int64(y0)*16+8
	edge := func(p, q *vertex) (at, dx, dy int64) {
		dx, dy = int64(q.fx-p.fx), int64(q.fy-p.fy)
		at = dx*(py-int64(p.fy)) - dy*(px-int64(p.fx))
		if dy > 0 || dy == 0 && dx < 0 {
			at-- // the edge belongs to the other triangle
		}
		return at, 16 * dx, 16 * dy
	}
	e0, dx0, dy0 := edge(a, b)
	e1, dx1, dy1 := edge(b, c)
	e2, dx2, dy2 := edge(c, a)

	k := 256 / float32(area)
	db, dc := b.depth-a.depth, c.depth-a.depth
	slopeX := (db*(c.y-a.y) - dc*(b.y-a.y)) * k
	slopeY := (dc*(b.x-a.x) - db*(c.x-a.x)) * k
	depth := a.depth + slopeX*(float32(x0)+0.5-a.x) + slopeY*(float32(y0)+0.5-a.y)

	for y := y0; y <= y1; y++ {
		at := (y-s.top)*s.width + x0
		depths, ids := s.band.depth[at:at+x1-x0+1], s.band.id[at:at+x1-x0+1]
		f0, f1, f2, d := e0, e1, e2, depth
		for i := range depths {
			if f0|f1|f2 >= 0 && d > depths[i] {
				depths[i], ids[i] = d, t
			}
			f0, f1, f2, d = f0-dy0, f1-dy1, f2-dy2, d+slopeX
		}
		e0, e1, e2, depth = e0+dx0, e1+dx1, e2+dx2, depth+slopeY
	}
}

// dot draws a sphere.
func (s *stripe) dot(k int) {
	p, r := s.body.dots[k], s.body.radius
	y0, y1 := max(int(p.y-r), s.top), min(int(p.y+r)+1, s.top+s.rows-1)
	x0, x1 := max(int(p.x-r), 0), min(int(p.x+r)+1, s.width-1)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			dx, dy := float32(x)+0.5-p.x, float32(y)+0.5-p.y
			high := r*r - dx*dx - dy*dy
			if high <= 0 {
				continue
			}
			d := p.depth + float32(math.Sqrt(float64(high)))*s.pixelDepth
			if at := (y-s.top)*s.width + x; d > s.band.depth[at] {
				s.band.depth[at], s.band.id[at] = d, int32(-2-k)
			}
		}
	}
}
