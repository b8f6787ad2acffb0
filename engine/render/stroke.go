package render

import (
	"image"
	"image/color"
	"math"
)

// stroker draws antialiased lines into a plane of coverage, where a pixel that
// two segments touch takes the larger coverage, not the sum: joints and
// crossings of one curve do not show. paint then colours what was drawn.
//
// Coordinates are pixels; the centre of pixel (0, 0) is (0.5, 0.5).
type stroker struct {
	width, height int
	cover         []uint8
	top, bottom   int // rows drawn to, top > bottom for none
	left, right   int // and columns
}

// reset empties the plane and gives it a size.
func (s *stroker) reset(width, height int) {
	switch n := width * height; {
	case cap(s.cover) < n:
		s.cover = make([]uint8, n)
	case width == s.width && height == s.height:
		for y := s.top; y <= s.bottom; y++ {
			clear(s.cover[y*width+s.left : y*width+s.right+1])
		}
	default:
		s.cover = s.cover[:n]
		clear(s.cover)
	}
	s.width, s.height = width, height
	s.top, s.bottom, s.left, s.right = height, -1, width, -1
}

// line draws a segment of half-width r with round ends: the coverage of a
// pixel is r + ½ − (its distance from the segment), clamped to [0, 1].
func (s *stroker) line(x0, y0, x1, y1, r float64) {
	reach := r + 1
	x0, y0, x1, y1, ok := s.clip(x0, y0, x1, y1, reach)
	if !ok {
		return
	}
	dx, dy := x1-x0, y1-y0
	length := math.Hypot(dx, dy)
	ux, uy := 1.0, 0.0
	if length > 0 {
		ux, uy = dx/length, dy/length
	}
	row0, row1 := clampInt(min(y0, y1)-reach, s.height), clampInt(max(y0, y1)+reach, s.height)
	first, last := clampInt(min(x0, x1)-reach, s.width), clampInt(max(x0, x1)+reach, s.width)
	s.top, s.bottom = min(s.top, row0), max(s.bottom, row1)
	s.left, s.right = min(s.left, first), max(s.right, last)
	// Walk along the longer side; across it only the pixels near the line.
	if math.Abs(dx) >= math.Abs(dy) {
		slope := 0.0
		if dx != 0 {
			slope = dy / dx
		}
		across := reach * math.Sqrt(1+slope*slope)
		for px := first; px <= last; px++ {
			cx := float64(px) + 0.5
			cy := y0 + (min(max(cx, min(x0, x1)), max(x0, x1))-x0)*slope
			for py := clampInt(cy-across, s.height); py <= clampInt(cy+across, s.height); py++ {
				s.touch(px, py, x0, y0, ux, uy, length, r)
			}
		}
		return
	}
	slope := dx / dy
	across := reach * math.Sqrt(1+slope*slope)
	for py := row0; py <= row1; py++ {
		cy := float64(py) + 0.5
		cx := x0 + (min(max(cy, min(y0, y1)), max(y0, y1))-y0)*slope
		for px := clampInt(cx-across, s.width); px <= clampInt(cx+across, s.width); px++ {
			s.touch(px, py, x0, y0, ux, uy, length, r)
		}
	}
}

// touch raises the coverage of one pixel to what the segment gives it.
func (s *stroker) touch(px, py int, x0, y0, ux, uy, length, r float64) {
	dx, dy := float64(px)+0.5-x0, float64(py)+0.5-y0
	along := dx*ux + dy*uy
	var d float64
	switch {
	case along < 0:
		d = math.Sqrt(dx*dx + dy*dy)
	case along > length:
		dx, dy = dx-length*ux, dy-length*uy
		d = math.Sqrt(dx*dx + dy*dy)
	default:
		d = math.Abs(dx*uy - dy*ux)
	}
	c := r + 0.5 - d
	if c <= 0 {
		return
	}
	v := uint8(255*min(c, 1) + 0.5)
	if p := &s.cover[py*s.width+px]; v > *p {
		*p = v
	}
}

// clip cuts a segment to the plane and a margin (Liang and Barsky), so that
// points far outside cost nothing.
func (s *stroker) clip(x0, y0, x1, y1, margin float64) (a, b, c, d float64, ok bool) {
	if s.width == 0 || s.height == 0 || !finite(x0+y0+x1+y1) {
		return 0, 0, 0, 0, false
	}
	dx, dy := x1-x0, y1-y0
	from, to := 0.0, 1.0
	for _, edge := range [4][2]float64{
		{-dx, x0 + margin},
		{dx, float64(s.width) + margin - x0},
		{-dy, y0 + margin},
		{dy, float64(s.height) + margin - y0},
	} {
		p, q := edge[0], edge[1]
		switch {
		case p == 0 && q < 0:
			return 0, 0, 0, 0, false
		case p < 0:
			from = max(from, q/p)
		case p > 0:
			to = min(to, q/p)
		}
	}
	if from > to {
		return 0, 0, 0, 0, false
	}
	return x0 + from*dx, y0 + from*dy, x0 + to*dx, y0 + to*dy, true
}

// clampInt returns the pixel that v lies in, inside [0, n).
func clampInt(v float64, n int) int {
	return int(min(max(math.Floor(v), 0), float64(n-1)))
}

// paint colours what was drawn, the plane's corner at at in dst.
func (s *stroker) paint(dst *image.RGBA, at image.Point, c color.RGBA) {
	if s.top > s.bottom {
		return
	}
	mask := &image.Alpha{
		Pix:    s.cover[s.top*s.width+s.left : s.bottom*s.width+s.right+1],
		Stride: s.width,
		Rect:   image.Rect(0, 0, s.right+1-s.left, s.bottom+1-s.top),
	}
	blendMask(dst, at.Add(image.Pt(s.left, s.top)), mask, c)
}
