package digits

import (
	"math"
	"math/rand/v2"
)

// hand writes one digit after another. It keeps its scratch space between
// them; one goroutine uses it at a time.
type hand struct {
	points []point // the distorted points of one stroke
	path   []node  // the strokes threaded by splines, all of one digit
	depth  [frame * frame]float32
}

// node is a point of the flattened path. A node with lift starts a new stroke.
type node struct {
	point
	radius float64
	lift   bool
}

// spread says how much one writer differs from the next. Lengths are in
// hundredths of the digit's height.
const (
	pointJitter  = 2.0  // standard deviation of a point's own displacement
	warpAmount   = 3.2  // standard deviation of each wave of the smooth warp
	bulgeAmount  = 5.0  // moves the middle of the digit up or down
	taperAmount  = 0.12 // widens the head and narrows the foot, or the reverse
	turnSpread   = 0.07 // radians
	aspectSpread = 0.17 // of the logarithm of width over height
	penMedian    = 1.27 // pixels: the pen's radius
	penSpread    = 0.26 // of its logarithm
	penWander    = 0.10 // how far the radius wanders along a stroke, relative
	tremble      = 0.09 // pixels: a scan's ragged edge
	pieces       = 5    // straight pieces between two points of a spline
)

// habit says how people write one digit on average, beyond its skeletons.
// The numbers were set by comparing the widths and the slants (from second
// moments) of the drawings with those of the MNIST training images.
type habit struct {
	widen         float64 // mean logarithm of width over height
	slant, spread float64 // mean and standard deviation of the slant
}

var habits = [10]habit{
	{0.13, 0.17, 0.20},
	{0.00, 0.16, 0.20},
	{0.12, 0.06, 0.24},
	{0.05, 0.06, 0.22},
	{0.12, 0.17, 0.28},
	{0.13, 0.12, 0.28},
	{0.08, 0.08, 0.18},
	{0.13, 0.03, 0.22},
	{0.06, 0.13, 0.23},
	{0.08, 0.11, 0.21},
}

// draw writes the digit label into dst, Size×Size pixels.
func (h *hand) draw(dst []uint8, label int, rng *rand.Rand) {
	style := choose(skeletons[label], rng)
	bend := newBend(habits[label], rng)
	h.path = h.path[:0]
	for _, stroke := range style.strokes {
		h.points = h.points[:0]
		for i, p := range stroke {
			if i > 0 && p == stroke[i-1] { // a corner stays one
				h.points = append(h.points, h.points[len(h.points)-1])
				continue
			}
			p.x += pointJitter * rng.NormFloat64()
			p.y += pointJitter * rng.NormFloat64()
			h.points = append(h.points, bend.apply(p))
		}
		h.thread(rng)
	}
	radius := penMedian * math.Exp(penSpread*rng.NormFloat64())
	h.fit(min(max(radius, 0.55), 2.6), rng)
	h.ink()
	h.centre(dst)
}

// choose picks a style by weight.
func choose(styles []style, rng *rand.Rand) *style {
	total := 0.0
	for i := range styles {
		total += styles[i].weight
	}
	at := total * rng.Float64()
	for i := range styles {
		if at -= styles[i].weight; at < 0 {
			return &styles[i]
		}
	}
	return &styles[len(styles)-1]
}

// thread appends the Catmull-Rom spline through h.points to the path. A point
// given twice is a corner: the curve passes it without a common tangent.
func (h *hand) thread(rng *rand.Rand) {
	p := h.points
	phase, rate := 2*math.Pi*rng.Float64(), 0.5+rng.Float64()
	put := func(q point) {
		phase += rate / pieces
		h.path = append(h.path, node{point: q, radius: 1 + penWander*math.Sin(phase)})
	}
	start := len(h.path)
	put(p[0])
	h.path[start].lift = true
	for i := range len(p) - 1 {
		a, b, c, d := p[max(i-1, 0)], p[i], p[i+1], p[min(i+2, len(p)-1)]
		if b == c {
			continue
		}
		for k := 1; k <= pieces; k++ {
			t := float64(k) / pieces
			put(point{spline(a.x, b.x, c.x, d.x, t), spline(a.y, b.y, c.y, d.y, t)})
		}
	}
}

// spline is the Catmull-Rom cubic: b at t = 0 with slope (c-a)/2, c at t = 1
// with slope (d-b)/2.
func spline(a, b, c, d, t float64) float64 {
	return b + 0.5*t*(c-a+t*(2*a-5*b+4*c-d+t*(3*(b-c)+d-a)))
}

// fit scales the path, its aspect ratio kept, so that a pen of that radius (in
// pixels) fills the frame in one direction, and centres it in the other. Then
// it lets the path tremble a little, as scanned ink does.
func (h *hand) fit(radius float64, rng *rand.Rand) {
	low, high := h.path[0].point, h.path[0].point
	for _, n := range h.path {
		low = point{min(low.x, n.x), min(low.y, n.y)}
		high = point{max(high.x, n.x), max(high.y, n.y)}
	}
	w, ht := high.x-low.x, high.y-low.y
	if narrow := min(w, ht) / max(w, ht); narrow > 0.3 {
		// A thick pen would close the holes of a narrow digit.
		radius = min(radius, 3.4*narrow)
	}
	room := frame - 2*radius
	scale := room / max(w, ht)
	left := frame/2 - scale*(low.x+w/2)
	top := frame/2 - scale*(low.y+ht/2)
	for i := range h.path {
		n := &h.path[i]
		n.x, n.y = scale*n.x+left, scale*n.y+top
		n.x += tremble * rng.NormFloat64()
		n.y += tremble * rng.NormFloat64()
		n.radius = max(n.radius*radius+tremble*rng.NormFloat64(), 0.4)
	}
}
