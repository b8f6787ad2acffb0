package render

import (
	"image"
	"image/color"
	"math"
)

// stacker fills areas over x. Coverage is added up, not blended one after the
// other, so that no seam shows where one area ends and the next begins.
type stacker struct {
	area  image.Rectangle
	ink   []uint64 // of each pixel, column by column: sums of r, g, b and coverage in 64ths, 16 bits each
	reach []span   // of each column: the rows drawn to
	gap   float64  // left free at the bottom of each span
}

// span is a range of rows, empty when lo >= hi.
type span struct{ lo, hi int }

// subColumns is the number of places across a pixel that are looked at.
const subColumns = 4

// reset empties the stacker and gives it a panel; gap keeps areas that follow
// each other apart.
func (s *stacker) reset(area image.Rectangle, gap float64) {
	n := area.Dx() * area.Dy()
	if cap(s.ink) < n {
		s.ink = make([]uint64, n)
	}
	if cap(s.reach) < area.Dx() {
		s.reach = make([]span, area.Dx())
	}
	s.area, s.gap, s.ink, s.reach = area, gap, s.ink[:n], s.reach[:area.Dx()]
	for i := range s.reach {
		s.reach[i] = span{area.Dy(), 0}
	}
	clear(s.ink)
}

// columns calls f for every place across the panel that lies on x, left to
// right, with the sample i before it and how far on to the next it is.
func (s *stacker) columns(x []float64, v View, f func(column, i int, part float64)) {
	if len(x) < 2 {
		return
	}
	i := 0
	for k := range subColumns * s.area.Dx() {
		column := k / subColumns
		at := v.ValueX(float64(s.area.Min.X) + (float64(k)+0.5)/subColumns)
		if !(at >= x[0] && at <= x[len(x)-1]) {
			continue
		}
		for i < len(x)-2 && at > x[i+1] {
			i++
		}
		part := 0.0
		if step := x[i+1] - x[i]; step > 0 {
			part = min(max((at-x[i])/step, 0), 1)
		}
		f(column, i, part)
	}
}

// span fills from y0 to y1, in pixels of the picture and in either order, at
// one of the places of a column.
func (s *stacker) span(column int, y0, y1 float64, c color.RGBA) {
	height := s.area.Dy()
	y0 = min(max(y0-float64(s.area.Min.Y), 0), float64(height))
	y1 = min(max(y1-float64(s.area.Min.Y), 0), float64(height))
	if y0 > y1 {
		y0, y1 = y1, y0
	}
	y1 -= min(s.gap, (y1-y0)/4)
	if !(y1-y0 > 0) {
		return
	}
	first, last := int(y0), min(int(math.Ceil(y1)), height)
	r := &s.reach[column]
	r.lo, r.hi = min(r.lo, first), max(r.hi, last)
	const whole = 64 / subColumns
	ink := s.ink[column*height+first : column*height+last]
	unit := uint64(c.R) | uint64(c.G)<<16 | uint64(c.B)<<32 | 1<<48
	n := len(ink) - 1
	if n == 0 {
		ink[0] += uint64(whole*(y1-y0)+0.5) * unit
		return
	}
	ink[0] += uint64(whole*(float64(first+1)-y0)+0.5) * unit
	for i := range ink[1:n] {
		ink[1+i] += whole * unit
	}
	ink[n] += uint64(whole*(y1-float64(last-1))+0.5) * unit
}

// paint blends what was filled over dst.
func (s *stacker) paint(dst *image.RGBA, share float64) {
	height, weight := s.area.Dy(), uint32(256*share)
	for column, r := range s.reach {
		x := s.area.Min.X + column
		for y := r.lo; y < r.hi; y++ {
			ink := s.ink[column*height+y]
			sum := uint32(ink >> 48)
			if sum == 0 || !image.Pt(x, s.area.Min.Y+y).In(dst.Rect) {
				continue
			}
			p := dst.Pix[dst.PixOffset(x, s.area.Min.Y+y):][:3]
			cover := min(sum, 64)
			for k := range p {
				under := uint32(p[k])
				colour := uint32(ink>>(16*k)&0xffff) / sum
				a := cover * weight // of 64·256
				p[k] = uint8((under*(64*256-a) + colour*a + 8192) >> 14)
			}
		}
	}
}
