package optim

import "filterscope/engine/linalg"

// history is the store of (s, y) pairs, s = x' - x and y = g' - g, of an
// L-BFGS. It has one slot more than pairs are kept, so that a new pair can be
// looked at before the oldest is given up. Its methods work on one chunk.
type history interface {
	// add stores the pair of the step from (x, g) to (xNew, gNew) in a slot,
	// moves x and g there, and returns the pair's own products.
	add(slot, from, to int, x, g, xNew, gNew []float64) (sy, ss, yy float64)
	// dots returns s·g and y·g of a slot.
	dots(slot, from, to int, g []float64) (sg, yg float64)
	// combine adds a·s + b·y of slot i and c·s + d·y of slot j to dst.
	combine(dst []float64, from, to, i, j int, a, b, c, d float64)
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
	x, g = x[from:to][:len(s)], g[from:to][:len(s)]
	xNew, gNew = xNew[from:to][:len(s)], gNew[from:to][:len(s)]
	y = y[:len(s)]
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

// dots keeps two partial sums of each product: a single one would wait for the
// addition before. (The form of the loop is what the compiler needs to drop the
// bounds checks.)
func (p *pairs[T]) dots(slot, from, to int, g []float64) (sg, yg float64) {
	var s0, s1, y0, y1 float64
	s := p.s[slot][from:to]
	y, g := p.y[slot][from:to][:len(s)], g[from:to][:len(s)]
	for i := 1; i < len(s); i += 2 {
		g0, g1 := g[i-1], g[i]
		s0 += float64(s[i-1]) * g0
		s1 += float64(s[i]) * g1
		y0 += float64(y[i-1]) * g0
		y1 += float64(y[i]) * g1
	}
	if last := len(s) - 1; last&1 == 0 {
		s0 += float64(s[last]) * g[last]
		y0 += float64(y[last]) * g[last]
	}
	return s0 + s1, y0 + y1
}

func (p *pairs[T]) combine(dst []float64, from, to, i, j int, a, b, c, d float64) {
	dst = dst[from:to]
	s, y := p.s[i][from:to][:len(dst)], p.y[i][from:to][:len(dst)]
	u, v := p.s[j][from:to][:len(dst)], p.y[j][from:to][:len(dst)]
	for i := 1; i < len(dst); i += 2 {
		p := (a*float64(s[i-1]) + b*float64(y[i-1])) + (c*float64(u[i-1]) + d*float64(v[i-1]))
		q := (a*float64(s[i]) + b*float64(y[i])) + (c*float64(u[i]) + d*float64(v[i]))
		dst[i-1] += p
		dst[i] += q
	}
	if i := len(dst) - 1; i&1 == 0 {
		dst[i] += (a*float64(s[i]) + b*float64(y[i])) + (c*float64(u[i]) + d*float64(v[i]))
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
