package render

import (
	"image"
	"image/color"
	"math"
)

// Sparkline draws a small curve without axes over the whole of dst: y against
// its index, from edge to edge, its own range from bottom to top, on a
// logarithmic scale when all of it is positive and spans more than a factor of
// twenty. Values that are not finite interrupt it.
func Sparkline(dst *image.RGBA, y []float64, c, background color.RGBA, scale float64) {
	if !(scale > 0) {
		scale = 1
	}
	fill(dst, dst.Rect, opaqueColour(background))
	curves := Curves{Series: []Series{{Y: y, X: make([]float64, len(y))}}}
	for i := range y {
		curves.Series[0].X[i] = float64(i)
	}
	x := Axis{Lo: 0, Hi: float64(max(1, len(y)-1))}
	lo, hi := curves.extent(x)
	if !(lo <= hi) {
		return
	}
	axis := Axis{Lo: lo, Hi: hi, Log: lo > 0 && hi > 20*lo}
	if lo == hi {
		axis = Axis{Lo: lo - 1 - math.Abs(lo), Hi: hi + 1 + math.Abs(hi)}
	}
	var s stroker
	s.reset(dst.Rect.Dx(), dst.Rect.Dy())
	edge, half := 2*scale, lineWidth*scale/2
	px := func(v float64) float64 { return edge + x.Fraction(v)*(float64(s.width)-2*edge) }
	py := func(v float64) float64 { return float64(s.height) - edge - axis.Fraction(v)*(float64(s.height)-2*edge) }
	curves.Series[0].decimate(0, len(y), px, py, finite,
		func(x, y float64) { s.line(x, y, x, y, 2*half) },
		func(x0, y0, x1, y1 float64) { s.line(x0, y0, x1, y1, half) })
	s.paint(dst, dst.Rect.Min, opaqueColour(c))
}
