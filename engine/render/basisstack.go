package render

import (
	"image"
	"image/color"
	"math"
)

// basisAxis is the y axis of the first panel: of the functions, or of the two
// stacks.
func (p *Painter) basisAxis(b *Basis) Axis {
	lo, hi := 0.0, 0.0
	if !b.Weighted {
		for i := range b.Phi.Rows {
			lo, hi = extent(lo, hi, b.Phi.Row(i))
		}
		return headroom(lo, hi)
	}
	p.weightedTail(b)
	for i := range b.X {
		up, down := 0.0, 0.0
		for j, phi := range b.Phi.Row(i) {
			if v := b.Weights[j] * phi; v > 0 {
				up += v
			} else {
				down += v
			}
		}
		if p.basis.tail != nil {
			up, down = up+max(p.basis.tail[i], 0), down+min(p.basis.tail[i], 0)
		}
		if finite(up) && finite(down) {
			lo, hi = min(lo, down), max(hi, up)
		}
	}
	return headroom(lo, hi)
}

// headroom is the axis from lo to hi with a little room at the ends that are
// not zero, so that no curve is drawn on the edge.
func headroom(lo, hi float64) Axis {
	if !(lo < hi) || !finite(hi-lo) {
		return Axis{Lo: 0, Hi: 1}
	}
	room := 0.05 * (hi - lo)
	if lo < 0 {
		lo -= room
	}
	if hi > 0 {
		hi += room
	}
	return Axis{Lo: lo, Hi: hi}
}

// weightedTail fills tail with what the fit has beside the weighted functions,
// nil when that is no more than rounding.
func (p *Painter) weightedTail(b *Basis) {
	s := &p.basis
	tail, most, size := s.tail[:0], 0.0, 0.0
	for i, fit := range b.Fit {
		rest := fit
		for j, phi := range b.Phi.Row(i) {
			rest -= b.Weights[j] * phi
			if a := math.Abs(b.Weights[j] * phi); finite(a) {
				size = max(size, a)
			}
		}
		tail = append(tail, rest)
		if finite(rest) {
			most = max(most, math.Abs(rest))
		}
	}
	s.tail = tail
	if len(b.Fit) == 0 || !(most > 1e-9*size) {
		s.tail = nil
	}
}

// drawStack draws the weighted functions as two stacks, and their difference,
// the fit.
func (p *Painter) drawStack(dst *image.RGBA, b *Basis, v View, theme Theme, text *face) {
	m, dark := b.Phi.Cols, theme.dark()
	colours := p.basis.colours[:0]
	for j := range m {
		c := basisColour(j, m, dark)
		if b.Selected >= 0 && j != b.Selected {
			c = mix(theme.Background, c, 0.35)
		}
		colours = append(colours, c)
	}
	p.basis.colours = colours
	grey := mix(theme.Background, theme.Text, 0.35)

	s := &p.basis.stack
	s.reset(v.Area, theme.px(0.7))
	s.columns(b.X, v, func(column, i int, f float64) {
		row, next := b.Phi.Row(i), b.Phi.Row(i+1)
		up, down := 0.0, 0.0
		upY, downY := v.PixelY(0), v.PixelY(0)
		add := func(t float64, c color.RGBA) {
			switch {
			case t > 0:
				up += t
				y := v.PixelY(up)
				s.span(column, y, upY, c)
				upY = y
			case t < 0:
				down += t
				y := v.PixelY(down)
				s.span(column, downY, y, c)
				downY = y
			}
		}
		if tail := p.basis.tail; tail != nil {
			add(tail[i]+f*(tail[i+1]-tail[i]), grey)
		}
		for j := range m {
			add(b.Weights[j]*(row[j]+f*(next[j]-row[j])), colours[j])
		}
	})
	s.paint(dst, 0.85)
	entries := []entry{{text: "weighted functions, stacked"}}
	if b.Fit != nil {
		value := func(i int) float64 { return b.Fit[i] }
		p.graph(dst, v, b.X, value, math.NaN(), 4.6, theme.Background, theme)
		p.graph(dst, v, b.X, value, math.NaN(), 2, theme.accent(), theme)
		entries = append(entries, entry{text: "sum = fit", colour: theme.accent()})
		if k := b.cancellation(v.Y); k >= 10 {
			entries = append(entries, entry{text: "cancelling " + Number(k) + " : 1"})
		}
	}
	p.header(dst, v.Area, theme, text, entries...)
}

// cancellation is how many times the stacks are higher than the fit, with two
// significant digits.
func (b *Basis) cancellation(stacks Axis) float64 {
	lo, hi := extent(0, 0, b.Fit)
	k := max(-stacks.Lo, stacks.Hi) / max(-lo, hi)
	if !finite(k) || k < 1 {
		return 1
	}
	step := math.Pow(10, math.Floor(math.Log10(k))-1)
	return math.Round(k/step) * step
}
