package optim

import "filterscope/engine/linalg"

// history is the store of (s, y) pairs, s = x' - x and y = g' - g, of an
// L-BFGS. It has one slot more than pairs are kept, so that a new pair can be
// looked at before the oldest is given up. Its methods work on one chunk.
type history interface {
	// add stores the pair of the step from (x, g) to (xNew, gNew) in a slot,
	// moves x and g there, and returns the pair's own products.
	add(slot, from, to int, x, g, xNew, gNew []float64) (sy, ss, yy float64)
	// dots returns v·g and v·y of slot's vectors v = s and v = y, where g is a
	// gradient and y the y of another slot.
	dots(slot, with, from, to int, g []float64) (sg, sy, yg, yy float64)
	// combine adds cs·s + cy·y of slot to dst.
	combine(dst []float64, slot, from, to int, cs, cy float64)
	// pair copies a slot's vectors out; setPair puts them back, exactly.
	pair(slot int) (s, y []float64)
	setPair(slot int, s, y []float64)
}

// pairs stores the history in T; float32 halves the memory and, at 300,000
// parameters, the time. All products are of the stored (rounded) numbers, so
// that the recursion sees one consistent set of pairs.
type pairs[T linalg.Float] struct{ s, y [][]T }

func newPairs[T linalg.Float](slots, n int) *pairs[T] {
	p := &pairs[T]{s: make([][]T, slots), y: make([][]T, slots)}
	for i := range slots {
		p.s[i], p.y[i] = make([]T, n), make([]T, n)
	}
	return p
}

func (p *pairs[T]) add(slot, from, to int, x, g, xNew, gNew []float64) (sy, ss, yy float64) {
	s, y := p.s[slot][from:to], p.y[slot][from:to]
	x, g, xNew, gNew = x[from:to], g[from:to], xNew[from:to], gNew[from:to]
	for i := range s {
		a, b := T(xNew[i]-x[i]), T(gNew[i]-g[i])
		s[i], y[i] = a, b
		x[i], g[i] = xNew[i], gNew[i]
		sy += float64(a) * float64(b)
		ss += float64(a) * float64(a)
		yy += float64(b) * float64(b)
	}
	return sy, ss, yy
}

func (p *pairs[T]) dots(slot, with, from, to int, g []float64) (sg, sy, yg, yy float64) {
	y := p.y[with][from:to]
	g = g[from:to]
	sg, sy = dotTwo(p.s[slot][from:to], g, y)
	yg, yy = dotTwo(p.y[slot][from:to], g, y)
	return sg, sy, yg, yy
}

// dotTwo returns v·g and v·y, each as the sum of four interleaved partial sums.
func dotTwo[T linalg.Float](v []T, g []float64, y []T) (vg, vy float64) {
	var g0, g1, g2, g3, y0, y1, y2, y3 float64
	n := len(v) &^ 3
	for i := 0; i < n; i += 4 {
		a, b, c := v[i:i+4:i+4], g[i:i+4:i+4], y[i:i+4:i+4]
		v0, v1, v2, v3 := float64(a[0]), float64(a[1]), float64(a[2]), float64(a[3])
		g0 += v0 * b[0]
		g1 += v1 * b[1]
		g2 += v2 * b[2]
		g3 += v3 * b[3]
		y0 += v0 * float64(c[0])
		y1 += v1 * float64(c[1])
		y2 += v2 * float64(c[2])
		y3 += v3 * float64(c[3])
	}
	for i := n; i < len(v); i++ {
		g0 += float64(v[i]) * g[i]
		y0 += float64(v[i]) * float64(y[i])
	}
	return (g0 + g1) + (g2 + g3), (y0 + y1) + (y2 + y3)
}

func (p *pairs[T]) combine(dst []float64, slot, from, to int, cs, cy float64) {
	s, y := p.s[slot][from:to], p.y[slot][from:to]
	dst = dst[from:to]
	for i := range dst {
		dst[i] += cs*float64(s[i]) + cy*float64(y[i])
	}
}

func (p *pairs[T]) pair(slot int) (s, y []float64) {
	return widen(p.s[slot]), widen(p.y[slot])
}

func (p *pairs[T]) setPair(slot int, s, y []float64) {
	for i := range s {
		p.s[slot][i], p.y[slot][i] = T(s[i]), T(y[i])
	}
}

func widen[T linalg.Float](v []T) []float64 {
	w := make([]float64, len(v))
	for i, x := range v {
		w[i] = float64(x)
	}
	return w
}
