package render

import (
	"image"
	"image/color"
	"math"
)

// Lengths in units.
const (
	markSize  = 4.5 // half the height of a centre's mark
	pointSize = 2.3 // radius of a point
)

// plane prepares the stroker for a panel and returns its corner in dst; lines
// may reach a little beyond the panel.
func (p *Painter) plane(dst *image.RGBA, v View, theme Theme) image.Point {
	r := v.Area.Inset(-int(math.Ceil(theme.px(2)))).Intersect(dst.Rect)
	p.stroke.reset(r.Dx(), r.Dy())
	return r.Min
}

// graph strokes y over x in a panel. Stretches that lie on the line y = skip
// are left out: where a basis function has died away there is only the axis.
func (p *Painter) graph(dst *image.RGBA, v View, x []float64, y func(i int) float64, skip, width float64, c color.RGBA, theme Theme) {
	at := p.plane(dst, v, theme)
	line := pen{stroke: &p.stroke, half: theme.px(width) / 2}
	base := v.PixelY(skip) - float64(at.Y)
	before := true // the point before lay on the line
	var px0, py0 float64
	for i, xi := range x {
		px, py := v.PixelX(xi)-float64(at.X), v.PixelY(y(i))-float64(at.Y)
		near := math.Abs(py-base) < 0.2
		if near && before {
			line.lift()
			px0, py0 = px, py
			continue
		}
		if before && i > 0 && finite(base) {
			line.to(px0, py0)
		}
		line.to(px, py)
		before, px0, py0 = near, px, py
	}
	line.lift()
	p.stroke.paint(dst, at, c)
}

// drawFunctions draws φ_j as lines; with one selected the others step back.
func (p *Painter) drawFunctions(dst *image.RGBA, b *Basis, v View, theme Theme, text *face) {
	m := b.Phi.Cols
	p.header(dst, v.Area, theme, text, entry{text: "basis functions"})
	if m == 0 {
		p.say(dst, v.Area, theme, "no basis functions yet")
		return
	}
	dark := theme.dark()
	width := lineWidth
	if m > 60 {
		width = 1
	}
	draw := func(j int, c color.RGBA, width float64) {
		p.graph(dst, v, b.X, func(i int) float64 { return b.Phi.At(i, j) }, 0, width, c, theme)
	}
	for j := range m {
		c := basisColour(j, m, dark)
		if b.Selected >= 0 {
			c = mix(theme.Background, c, 0.4)
		}
		if j != b.Selected {
			draw(j, c, width)
		}
	}
	if j := b.Selected; j >= 0 && j < m {
		c := basisColour(j, m, dark)
		p.area(dst, v, b, func(i int) float64 { return b.Phi.At(i, j) }, c, 0.22)
		draw(j, c, 2.6)
	}
}

// area fills between zero and a curve over X with a share of a colour.
func (p *Painter) area(dst *image.RGBA, v View, b *Basis, y func(i int) float64, c color.RGBA, share float64) {
	s := &p.basis.stack
	s.reset(v.Area, 0)
	s.columns(b.X, v, func(column, i int, f float64) {
		a := y(i)
		if f > 0 {
			a += f * (y(i+1) - a)
		}
		s.span(column, v.PixelY(0), v.PixelY(a), c)
	})
	s.paint(dst, share)
}

// drawMarks draws a mark under the axis at each centre, and the width of the
// selected one.
func (p *Painter) drawMarks(dst *image.RGBA, b *Basis, v BasisView, theme Theme) {
	dark, m := theme.dark(), len(b.Centres)
	r := theme.px(markSize - 0.5)
	if m > 1 { // many marks are thin ones
		r = max(theme.px(1.2), min(r, 0.55*float64(v.Basis.Area.Dx())/float64(m)))
	}
	top := float64(v.Basis.Area.Max.Y) + theme.px(0.5)
	triangle := func(j int, c color.RGBA, grow float64) {
		if f := v.Basis.X.Fraction(b.Centres[j]); !(f >= -1e-9 && f <= 1+1e-9) {
			return
		}
		drawTriangle(dst, v.Basis.PixelX(b.Centres[j]), top, r*grow, theme.px(2*markSize-1.5), c)
	}
	for j := range m {
		if j != b.Selected {
			c := basisColour(j, m, dark)
			if b.Selected >= 0 {
				c = mix(theme.Background, c, 0.6)
			}
			triangle(j, c, 1)
		}
	}
	j := b.Selected
	if j < 0 || j >= m {
		return
	}
	c := basisColour(j, m, dark)
	if b.Widths != nil && finite(b.Widths[j]) && finite(b.Centres[j]) {
		at := p.plane(dst, v.Basis, theme)
		lo := v.Basis.PixelX(b.Centres[j]-b.Widths[j]) - float64(at.X)
		hi := v.Basis.PixelX(b.Centres[j]+b.Widths[j]) - float64(at.X)
		y := float64(v.Basis.Area.Max.Y-at.Y) - float64(theme.line())/2
		p.stroke.line(lo, y, hi, y, theme.px(1.3))
		for _, x := range [2]float64{lo, hi} {
			p.stroke.line(x, y-theme.px(3), x, y, theme.px(0.8))
		}
		p.stroke.paint(dst, at, c)
	}
	triangle(j, c, 1.35)
}

// drawTriangle draws a triangle that stands on its tip: no, points up to
// (x, top), with the given half width and height.
func drawTriangle(dst *image.RGBA, x, top, half, height float64, c color.RGBA) {
	box := image.Rect(int(x-half-1), int(top-1), int(x+half+2), int(top+height+2)).Intersect(dst.Rect)
	slant := math.Hypot(half, height)
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			dx, dy := math.Abs(float64(px)+0.5-x), float64(py)+0.5-top
			side := (half*dy - height*dx) / slant
			cover := min(side+0.5, top+height-float64(py)-0.5+0.5, 2*half)
			if cover > 0 {
				blend(dst.Pix[dst.PixOffset(px, py):], c, uint32(255*min(cover, 1)))
			}
		}
	}
}

// drawFit draws target, points and fit.
func (p *Painter) drawFit(dst *image.RGBA, b *Basis, v View, theme Theme, text *face) {
	target := mix(theme.Background, theme.Text, 0.5)
	dot := mix(theme.Background, theme.Text, 0.85)
	entries := make([]entry, 0, 3)
	if b.Fit != nil {
		entries = append(entries, entry{text: "fit", colour: theme.accent()})
	}
	if b.Target != nil {
		entries = append(entries, entry{text: "target", colour: target})
		p.graph(dst, v, b.X, func(i int) float64 { return b.Target[i] }, math.NaN(), 3.4, target, theme)
	}
	if len(b.PointX) > 0 {
		entries = append(entries, entry{text: "points", colour: dot, dot: true})
		p.dots(dst, v, b.PointX, b.PointY, dot, theme)
	}
	if b.Fit != nil {
		p.graph(dst, v, b.X, func(i int) float64 { return b.Fit[i] }, math.NaN(), 1.8, theme.accent(), theme)
	} else {
		entries = append(entries, entry{text: "not fitted yet"})
	}
	p.header(dst, v.Area, theme, text, entries...)
}

// dots draws points inside a panel; many points are small ones.
func (p *Painter) dots(dst *image.RGBA, v View, x, y []float64, c color.RGBA, theme Theme) {
	r := theme.px(pointSize)
	if n := float64(len(x)) * theme.px(3); n > float64(v.Area.Dx()) {
		r = max(theme.px(1), r*math.Sqrt(float64(v.Area.Dx())/n))
	}
	at := p.plane(dst, v, theme)
	for i := range x {
		if f := v.X.Fraction(x[i]); f >= 0 && f <= 1 {
			px, py := v.PixelX(x[i])-float64(at.X), v.PixelY(y[i])-float64(at.Y)
			p.stroke.line(px, py, px, py, r)
		}
	}
	p.stroke.paint(dst, at, c)
}

// drawResidual draws fit − target, or where the target is unknown the
// residuals of the points as stems.
func (p *Painter) drawResidual(dst *image.RGBA, b *Basis, v View, theme Theme, text *face) {
	s := &p.basis
	if len(s.residual) == 0 && len(s.points) == 0 {
		p.header(dst, v.Area, theme, text, entry{text: "residual"})
		p.say(dst, v.Area, theme, "nothing to compare yet")
		return
	}
	name, most := "fit − target", 0.0
	if len(s.residual) == 0 {
		name = "fit − points"
		lo, hi := extent(0, 0, s.points)
		most = max(-lo, hi)
		zero := v.PixelY(0)
		at := p.plane(dst, v, theme)
		for i, r := range s.points {
			px := v.PixelX(b.PointX[i]) - float64(at.X)
			p.stroke.line(px, zero-float64(at.Y), px, v.PixelY(r)-float64(at.Y), theme.px(0.5))
		}
		p.stroke.paint(dst, at, mix(theme.Background, theme.accent(), 0.6))
		p.dots(dst, v, b.PointX, s.points, theme.accent(), theme)
	} else {
		lo, hi := extent(0, 0, s.residual)
		most = max(-lo, hi)
		p.area(dst, v, b, func(i int) float64 { return s.residual[i] }, theme.accent(), 0.2)
		p.dots(dst, v, b.PointX, s.points, mix(theme.Background, theme.Text, 0.6), theme)
		p.graph(dst, v, b.X, func(i int) float64 { return s.residual[i] }, math.NaN(), lineWidth, theme.accent(), theme)
	}
	p.header(dst, v.Area, theme, text, entry{text: "residual: " + name}, entry{text: "largest " + Number(most)})
}
