package figure

import (
	"cmp"
	"image/color"
	"io"
	"math"

	"filterscope/engine/render"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// BasisData is a figure of a one-dimensional radial basis network.
type BasisData struct {
	Title string // above the figure; "" for none
	Basis render.Basis
	// Width and Height are in points of 1/72 inch; 0 means 480 and 440. A
	// figure too small for its texts is made as large as they need.
	Width, Height float64
}

// accent is the colour of the fit.
var accent = color.RGBA{0x16, 0x68, 0xd8, 255}

// WriteBasis writes the three panels over one x axis (basis functions, fit,
// residual) in the given format, as [WriteCurves] does. Without data the figure
// says so.
func WriteBasis(w io.Writer, format string, data BasisData) error {
	if data.Width <= 0 || data.Height <= 0 {
		data.Width, data.Height = 480, 440
	}
	title := style(ink, titleSize)
	width := max(vg.Length(data.Width), 260, title.Width(data.Title)+2*margin)
	height := max(vg.Length(data.Height), 260)
	return write(w, format, width, height, func(c draw.Canvas) { drawBasis(page(c, data.Title), data.Basis) })
}

func drawBasis(c draw.Canvas, basis render.Basis) {
	b, m, ok := basis.Measure()
	if !ok {
		quiet(c, cmp.Or(b.Message, "no points yet"))
		return
	}
	const header, marks, footer = 16, 8, 16
	left := c.Min.X + 8
	for _, axis := range []render.Axis{m.Basis, m.Fit, m.Residual} {
		left = max(left, c.Min.X+labelWidth(axis, yTicks)+6)
	}
	room := c.Max.Y - c.Min.Y - 3*header - marks - footer
	top := c.Max.Y
	next := func(share vg.Length, y render.Axis) panel {
		top -= header
		p := panel{crop(c, left, top-share*room, c.Max.X-8, top), m.X, y}
		top -= share * room
		return p
	}
	functions := next(0.36, m.Basis)
	top -= marks
	fit, residual := next(0.39, m.Fit), next(0.25, m.Residual)
	functions.axes(true, false)
	if b.Weighted {
		drawStack(functions, b, m)
	} else {
		drawFunctions(functions, b)
	}
	drawMarks(functions, b)
	fit.axes(true, false)
	drawFit(fit, b)
	residual.axes(true, true)
	drawResidual(residual, b, m)
}

// drawFunctions draws φ_j.
func drawFunctions(p panel, b render.Basis) {
	p.header(entry{text: "basis functions"})
	colours := render.BasisColours(b.Phi.Cols, false)
	y := make([]float64, len(b.X))
	for j, c := range colours {
		width := vg.Length(0.9)
		if j == b.Selected {
			width = 2
		}
		for i := range y {
			y[i] = b.Phi.At(i, j)
		}
		p.graph(b.X, y, c, width)
	}
}

// drawStack draws w_j·φ_j as two stacks and the fit over them.
func drawStack(p panel, b render.Basis, m render.BasisMeasures) {
	n := len(b.X)
	up, down, low, high := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	add := func(term func(i int) float64, c color.Color) {
		for k, stack := range [2][]float64{up, down} {
			copy(low, stack)
			any := false
			for i := range n {
				if t := term(i); k == 0 && t > 0 || k == 1 && t < 0 {
					stack[i] += t
					any = true
				}
			}
			copy(high, stack)
			if any {
				p.between(b.X, low, high, c)
				p.graph(b.X, low, color.White, 0.4)
			}
		}
	}
	if m.Tail != nil {
		add(func(i int) float64 { return m.Tail[i] }, color.RGBA{0xc4, 0xc6, 0xca, 255})
	}
	for j, c := range render.BasisColours(b.Phi.Cols, false) {
		add(func(i int) float64 { return b.Weights[j] * b.Phi.At(i, j) }, c)
	}
	entries := []entry{{text: "weighted functions, stacked"}}
	if b.Fit != nil {
		p.graph(b.X, b.Fit, color.White, 2.6)
		p.graph(b.X, b.Fit, accent, 1.2)
		entries = append(entries, entry{text: "sum = fit", colour: accent})
		if m.Cancellation >= 10 {
			entries = append(entries, entry{text: "cancelling " + render.Number(m.Cancellation) + " : 1"})
		}
	}
	p.header(entries...)
}

// drawMarks draws a mark under the axis at each centre.
func drawMarks(p panel, b render.Basis) {
	const half, height = 2.4, 5
	for j, c := range render.BasisColours(len(b.Centres), false) {
		if f := p.x.Fraction(b.Centres[j]); !(f >= -1e-9 && f <= 1+1e-9) {
			continue
		}
		at := p.at(b.Centres[j], p.y.Lo)
		p.FillPolygon(c, []vg.Point{{X: at.X, Y: at.Y - 1}, {X: at.X - half, Y: at.Y - 1 - height}, {X: at.X + half, Y: at.Y - 1 - height}})
	}
}

// drawFit draws target, points and fit.
func drawFit(p panel, b render.Basis) {
	target, dot := color.RGBA{0xb0, 0xb3, 0xb8, 255}, color.RGBA{0x55, 0x59, 0x61, 255}
	var entries []entry
	if b.Fit != nil {
		entries = append(entries, entry{text: "fit", colour: accent})
	}
	if b.Target != nil {
		p.graph(b.X, b.Target, target, 2.4)
		entries = append(entries, entry{text: "target", colour: target})
	}
	if len(b.PointX) > 0 {
		p.dots(b.PointX, b.PointY, dot)
		entries = append(entries, entry{text: "points", colour: dot, dot: true})
	}
	if b.Fit != nil {
		p.graph(b.X, b.Fit, accent, curveLine)
	} else {
		entries = append(entries, entry{text: "not fitted yet"})
	}
	p.header(entries...)
}

// drawResidual draws fit − target, or the residuals of the points as stems.
func drawResidual(p panel, b render.Basis, m render.BasisMeasures) {
	largest := func(r []float64) string {
		most := 0.0
		for _, v := range r {
			if a := math.Abs(v); a > most && !math.IsInf(a, 1) {
				most = a
			}
		}
		return "largest " + render.Number(most)
	}
	switch {
	case len(m.Residuals) > 0:
		zero := make([]float64, len(b.X))
		p.between(b.X, zero, m.Residuals, color.RGBA{0xd4, 0xe3, 0xf8, 255})
		p.graph(b.X, m.Residuals, accent, curveLine)
		p.header(entry{text: "residual: fit − target"}, entry{text: largest(m.Residuals)})
	case len(m.PointResiduals) > 0:
		for i, r := range m.PointResiduals {
			from, to := p.at(b.PointX[i], 0), p.at(b.PointX[i], r)
			if p.Contains(from) && p.Contains(to) {
				p.StrokeLine2(draw.LineStyle{Color: color.RGBA{0x9c, 0xbf, 0xef, 255}, Width: 0.7}, from.X, from.Y, to.X, to.Y)
			}
		}
		p.dots(b.PointX, m.PointResiduals, accent)
		p.header(entry{text: "residual: fit − points"}, entry{text: largest(m.PointResiduals)})
	default:
		p.header(entry{text: "residual"})
		quiet(p.Canvas, "nothing to compare yet")
	}
}
