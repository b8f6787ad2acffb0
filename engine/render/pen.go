package render

import "math"

// penTolerance is how far, in pixels, a stroked graph may leave its points.
const penTolerance = 0.06

// pen strokes the graph of a function, left to right, with few segments:
// points are passed over while a straight line stays within the tolerance of
// all of them.
type pen struct {
	stroke *stroker
	half   float64 // of the line's width

	down      bool // there is a start
	used      bool // something was drawn since the pen came down
	x0, y0    float64
	x1, y1    float64 // the last point, not drawn to yet
	open      bool    // there is such a point
	low, high float64 // slopes from the start that pass all points so far
}

// to continues the graph; a point that is not finite interrupts it.
func (p *pen) to(x, y float64) {
	switch {
	case !finite(x + y):
		p.lift()
		return
	case !p.down:
		p.x0, p.y0, p.down, p.used, p.open = x, y, true, false, false
		return
	}
	if p.open {
		dx := x - p.x0
		slope := (y - p.y0) / dx
		if !(dx > 0) || slope < p.low || slope > p.high {
			p.segment()
		}
	}
	p.x1, p.y1 = x, y
	dx := x - p.x0
	low, high := (y-p.y0-penTolerance)/dx, (y-p.y0+penTolerance)/dx
	if !p.open {
		p.low, p.high, p.open = math.Inf(-1), math.Inf(1), true
	}
	if dx > 0 {
		p.low, p.high = max(p.low, low), min(p.high, high)
	}
}

// segment draws what is open and starts anew at its end.
func (p *pen) segment() {
	p.stroke.line(p.x0, p.y0, p.x1, p.y1, p.half)
	p.x0, p.y0, p.open, p.used = p.x1, p.y1, false, true
}

// lift ends the graph; one point alone is a dot.
func (p *pen) lift() {
	switch {
	case p.open:
		p.segment()
	case p.down && !p.used:
		p.stroke.line(p.x0, p.y0, p.x0, p.y0, 2*p.half)
	}
	p.down = false
}
