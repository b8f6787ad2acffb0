package digits

import "math"

const (
	// soft is the width of the edge, in pixels, over which coverage falls
	// from full to none. A hard edge would give 1; MNIST's scans were scaled
	// down with a filter a little wider than that.
	soft = 1.1
	edge = soft / 2
)

// ink draws the path into h.depth: how deep each pixel's centre lies inside
// the ink, in pixels, negative outside and never below -edge.
func (h *hand) ink() {
	for i := range h.depth {
		h.depth[i] = -edge
	}
	for i := 1; i < len(h.path); i++ {
		if !h.path[i].lift {
			h.segment(&h.path[i-1], &h.path[i])
		}
	}
}

// segment deepens the pixels near the straight piece from a to b. The pen's
// radius runs linearly between the two ends.
func (h *hand) segment(a, b *node) {
	reach := max(a.radius, b.radius) + edge
	x0, x1 := span(min(a.x, b.x)-reach, max(a.x, b.x)+reach)
	y0, y1 := span(min(a.y, b.y)-reach, max(a.y, b.y)+reach)
	dx, dy := b.x-a.x, b.y-a.y
	perLength := 0.0
	if l2 := dx*dx + dy*dy; l2 > 0 {
		perLength = 1 / l2
	}
	for y := y0; y < y1; y++ {
		py := float64(y) + 0.5 - a.y
		row := h.depth[y*frame : (y+1)*frame]
		for x := x0; x < x1; x++ {
			px := float64(x) + 0.5 - a.x
			t := min(max((px*dx+py*dy)*perLength, 0), 1)
			ex, ey := px-t*dx, py-t*dy
			r := a.radius + t*(b.radius-a.radius)
			near := r + float64(edge)
			d2 := ex*ex + ey*ey
			if d2 >= near*near {
				continue
			}
			if depth := float32(r - math.Sqrt(d2)); depth > row[x] {
				row[x] = depth
			}
		}
	}
}

// span returns the half-open range of the pixels of the frame whose centres
// lie in [low, high].
func span(low, high float64) (first, last int) {
	return max(int(math.Ceil(low-0.5)), 0), min(int(math.Floor(high-0.5))+1, frame)
}

// centre turns depth into grey levels and copies them into dst, Size×Size, so
// that the centre of mass falls on the middle, to the nearest whole pixel.
func (h *hand) centre(dst []uint8) {
	var grey [frame * frame]uint8
	var mass, mx, my float64
	for i, depth := range h.depth {
		v := math.Round(255 * min((float64(depth)+edge)/soft, 1))
		grey[i] = uint8(v)
		mass += v
		mx += v * float64(i%frame)
		my += v * float64(i/frame)
	}
	clear(dst)
	// Pixel i's centre lies at i+½; MNIST's middle is 14 on the scale of the
	// indices, half a pixel to the right of and below the true middle.
	left := min(max(int(math.Round(Size/2-mx/mass)), 0), Size-frame)
	top := min(max(int(math.Round(Size/2-my/mass)), 0), Size-frame)
	for y := range frame {
		copy(dst[(top+y)*Size+left:], grey[y*frame:(y+1)*frame])
	}
}
