package render

import (
	"image"
	"math"

	"filterscope/engine/linalg"
)

// Outline is a curve found in points of the plane: the points with their
// normals, and the extracted curves over the sign of the implicit function.
type Outline struct {
	// Values is the implicit function as in [Field], negative inside; empty
	// for none. Its inside is tinted, and faint lines show how it rises.
	Values  linalg.Matrix[float64]
	X, Y    Window // of Values and of the picture; zero: as much as the points need
	Curves  []Polyline
	Points  linalg.Matrix[float64] // N×2
	Normals linalg.Matrix[float64] // N×2, of any length; or empty
	Message string                 // said when there is nothing to draw; "" means "no points yet"
}

// Outline draws o over the whole of dst and returns the mapping.
func (p *Painter) Outline(dst *image.RGBA, o Outline, theme Theme) FieldView {
	theme = theme.complete()
	f := Field{Values: o.Values, X: o.X, Y: o.Y, Points: o.Points, Selected: -1}.checked()
	if o.Normals.Cols != 2 || o.Normals.Rows != f.Points.Rows {
		o.Normals = linalg.Matrix[float64]{}
	}
	if f.Values.Rows == 0 {
		f.Centres = curvePoints(o.Curves) // not drawn, but counted
	}
	view, ok := f.view()
	view.field.Centres = linalg.Matrix[float64]{}
	if !ok {
		message := o.Message
		if message == "" {
			message = "no points yet"
		}
		p.sentence(dst, theme, message)
		return FieldView{}
	}
	if !p.layOut(dst, &view, &f, false, theme) {
		p.sentence(dst, theme, "too small to draw")
		return FieldView{}
	}
	fill(dst, dst.Rect, theme.Background)
	text := p.typeface.size(theme.px(theme.TextSize))
	if f.Values.Rows > 0 {
		p.inside(dst, &f, view, theme)
	}
	p.normals(dst, &f, view, o.Normals, theme)
	p.drawPoints(dst, &f, view, RampSequential, mix(theme.Background, theme.Text, 0.9), theme)
	p.curves(dst, view, o.Curves, theme)
	p.frame(dst, view.View, true, theme, text)
	return view
}

// curvePoints lists the points of curves as a matrix.
func curvePoints(curves []Polyline) linalg.Matrix[float64] {
	var all []float64
	for _, c := range curves {
		for _, q := range c {
			all = append(all, q[0], q[1])
		}
	}
	return linalg.MatrixOf(len(all)/2, 2, all)
}

// inside tints where the function is negative, and draws its level lines.
func (p *Painter) inside(dst *image.RGBA, f *Field, view FieldView, theme Theme) {
	most := max(math.Abs(view.Low), math.Abs(view.High))
	signs := view
	signs.Low, signs.High = -most*1e-9, most*1e-9
	tint := mix(theme.Background, theme.accent(), 0.16)
	for l := range p.field.signs {
		p.field.signs[l] = theme.Background
		if l < Zero {
			p.field.signs[l] = tint
		}
	}
	p.heat(dst, f, signs, &p.field.signs, theme)
	p.stroke.reset(view.Area.Dx(), view.Area.Dy())
	for _, level := range ContourLevels(view.Low, view.High, 10) {
		if level == 0 {
			continue // that is the curve
		}
		p.traceInPixels(f, view, level)
		for i := range p.field.trace.lines() {
			p.strokeAround(p.field.trace.line(i), image.Rectangle{}, theme.px(0.35))
		}
	}
	p.stroke.paint(dst, view.Area.Min, mix(theme.Background, theme.Text, 0.22))
}

// normals draws a whisker at each point.
func (p *Painter) normals(dst *image.RGBA, f *Field, v FieldView, normals linalg.Matrix[float64], theme Theme) {
	if normals.Rows == 0 {
		return
	}
	at, length := v.Area.Min, theme.px(13)
	p.stroke.reset(v.Area.Dx(), v.Area.Dy())
	for i := range normals.Rows {
		// In pixels, so that whiskers are as long as each other.
		nx := normals.At(i, 0) / (v.X.Hi - v.X.Lo) * float64(v.Area.Dx())
		ny := normals.At(i, 1) / (v.Y.Hi - v.Y.Lo) * float64(v.Area.Dy())
		k := length / math.Hypot(nx, ny)
		x, y := v.PixelX(f.Points.At(i, 0))-float64(at.X), v.PixelY(f.Points.At(i, 1))-float64(at.Y)
		p.stroke.line(x, y, x+k*nx, y-k*ny, theme.px(0.5))
	}
	p.stroke.paint(dst, at, mix(theme.Background, theme.Text, 0.55))
}

// curves strokes the outlines.
func (p *Painter) curves(dst *image.RGBA, v FieldView, curves []Polyline, theme Theme) {
	at := v.Area.Min
	p.stroke.reset(v.Area.Dx(), v.Area.Dy())
	for _, c := range curves {
		for i := 1; i < len(c); i++ {
			p.stroke.line(v.PixelX(c[i-1][0])-float64(at.X), v.PixelY(c[i-1][1])-float64(at.Y),
				v.PixelX(c[i][0])-float64(at.X), v.PixelY(c[i][1])-float64(at.Y), theme.px(1.1))
		}
	}
	p.stroke.paint(dst, at, opaqueColour(theme.accent()))
}
