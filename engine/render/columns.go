package render

import (
	"image"
	"math"
)

// Columns is a bar for each of n things in a row, such as the units of a code or
// the components of their covariance, up from zero or down.
type Columns struct {
	Values   []float64 // a bar each; what is not finite is left out
	Muted    []bool    // n or empty: bars drawn quietly
	Selected int       // the emphasised bar, -1 for none
	// Line is n or empty: shares from 0 to 1, drawn as a line over an axis of its
	// own at the right, 0 to 100 %.
	Line []float64
	// Marks are dashed lines at places counted in bars; 0 is the left edge of the
	// first one.
	Marks   []Marker
	Title   string // over the bars
	XName   string // under them
	Message string // said when there is nothing to draw; "" means "nothing yet"
}

// ColumnsView is the mapping of drawn [Columns].
type ColumnsView struct {
	View
	n int
}

// At returns the bar at a pixel column, -1 beside the bars.
func (v ColumnsView) At(px float64) int {
	if v.n == 0 || px < float64(v.Area.Min.X) || px >= float64(v.Area.Max.X) {
		return -1
	}
	return min(int((px-float64(v.Area.Min.X))/float64(v.Area.Dx())*float64(v.n)), v.n-1)
}

// Columns draws c over the whole of dst and returns the mapping.
func (p *Painter) Columns(dst *image.RGBA, c Columns, theme Theme) ColumnsView {
	theme = theme.complete()
	lo, hi := extent(math.Inf(1), math.Inf(-1), c.Values)
	message := c.Message
	if message == "" {
		message = "nothing yet"
	}
	if !(lo <= hi) {
		p.sentence(dst, theme, message)
		return ColumnsView{}
	}
	text := p.typeface.size(theme.px(theme.TextSize))
	edge, gap := int(theme.px(chartEdge)), int(theme.px(tickGap))
	top, bottom := edge+2*(text.ascent+gap), edge+2*(text.ascent+gap)+theme.line()
	lo, hi = min(lo, 0), max(hi, 0)
	y := niceAxis(lo, hi, max(6, int(2*float64(dst.Rect.Dy()-top-bottom)/theme.px(tickPitchY))))
	if lo == hi {
		y = Axis{Lo: 0, Hi: 1}
	}
	view := ColumnsView{View: View{X: Axis{Lo: 0, Hi: float64(len(c.Values))}, Y: y}, n: len(c.Values)}
	yTicks := roomyTicks(y, float64(dst.Rect.Dy()-top-bottom), theme.px(tickPitchY))
	left, right := edge+int(math.Ceil(labelWidth(text, yTicks)))+gap, edge+int(text.width("00"))
	if len(c.Line) > 0 {
		right = edge + gap + int(math.Ceil(text.width("100 %")))
	}
	view.Area = image.Rect(dst.Rect.Min.X+left, dst.Rect.Min.Y+top, dst.Rect.Max.X-right, dst.Rect.Max.Y-bottom)
	if view.Area.Dx() < int(theme.px(60)) || view.Area.Dy() < int(theme.px(24)) {
		p.sentence(dst, theme, "too small to draw")
		return ColumnsView{}
	}
	fill(dst, dst.Rect, theme.Background)
	gridLines(dst, view.View, nil, yTicks, false, theme, text)
	faint := mix(theme.Background, theme.Text, 0.8)
	text.draw(dst, float64(dst.Rect.Min.X+edge), dst.Rect.Min.Y+edge+text.ascent, c.Title, faint)
	text.drawMiddle(dst, float64(view.Area.Min.X+view.Area.Max.X)/2, dst.Rect.Max.Y-edge, c.XName, faint,
		float64(dst.Rect.Min.X), float64(dst.Rect.Max.X))
	p.drawColumns(dst, &c, view, theme)
	if len(c.Line) == len(c.Values) {
		p.drawSums(dst, &c, view, theme, text)
	}
	c.drawPlaces(dst, view, theme, text)
	return view
}

// drawColumns draws the bars. Where several lie on one column of pixels the
// longest is seen.
func (p *Painter) drawColumns(dst *image.RGBA, c *Columns, v ColumnsView, theme Theme) {
	area, line := v.Area, theme.line()
	gap := 0
	if area.Dx()/len(c.Values) >= 4*line {
		gap = line
	}
	zero := int(math.Round(v.PixelY(0)))
	for i, value := range c.Values {
		if !finite(value) {
			continue
		}
		x0 := area.Min.X + i*area.Dx()/len(c.Values)
		x1 := max(x0+1, area.Min.X+(i+1)*area.Dx()/len(c.Values)-gap)
		at := int(math.Round(v.PixelY(value)))
		r := image.Rect(x0, min(at, zero), x1, max(at, zero))
		if r.Dy() < line && value != 0 {
			r.Min.Y = r.Max.Y - line
		}
		colour := mix(theme.Background, theme.accent(), 0.8)
		switch {
		case i == c.Selected:
			colour = SeriesColours(theme.dark())[0]
			fill(dst, image.Rect(x0, area.Min.Y, x1, area.Max.Y), mix(theme.Background, colour, 0.18))
		case i < len(c.Muted) && c.Muted[i]:
			colour = mix(theme.Background, theme.Text, 0.4)
		}
		fill(dst, r.Intersect(area), colour)
	}
	axis := mix(theme.Grid, theme.Text, 0.35)
	fill(dst, image.Rect(area.Min.X, zero, area.Max.X, zero+line), axis)
}

// drawSums draws the line with its axis.
func (p *Painter) drawSums(dst *image.RGBA, c *Columns, v ColumnsView, theme Theme, text *face) {
	shares := View{Area: v.Area, X: v.X, Y: Axis{Lo: 0, Hi: 1}}
	for _, t := range []Tick{{0, "0"}, {0.5, "50 %"}, {1, "100 %"}} {
		text.draw(dst, float64(v.Area.Max.X)+theme.px(tickGap), int(shares.PixelY(t.Value))+text.ascent/2, t.Label, theme.Text)
	}
	p.stroke.reset(v.Area.Dx(), v.Area.Dy())
	x0, y0 := math.NaN(), math.NaN()
	for i, share := range c.Line {
		x, y := shares.PixelX(float64(i)+0.5)-float64(v.Area.Min.X), shares.PixelY(share)-float64(v.Area.Min.Y)
		if i == 0 {
			x0, y0 = x, y
		}
		p.stroke.line(x0, y0, x, y, theme.px(lineWidth)/2)
		x0, y0 = x, y
	}
	p.stroke.paint(dst, v.Area.Min, SeriesColours(theme.dark())[0])
}

// drawPlaces draws the marks with their labels over the bars.
func (c *Columns) drawPlaces(dst *image.RGBA, v ColumnsView, theme Theme, text *face) {
	line, dash := theme.line(), max(2, int(theme.px(3)))
	for _, m := range c.Marks {
		if f := v.X.Fraction(m.X); !(f >= 0 && f <= 1) {
			continue
		}
		at := int(math.Floor(v.PixelX(m.X)))
		for y := v.Area.Min.Y; y < v.Area.Max.Y; y += 2 * dash {
			fill(dst, image.Rect(at, y, at+line, min(y+dash, v.Area.Max.Y)), opaqueColour(m.Colour))
		}
		text.drawMiddle(dst, float64(at), v.Area.Min.Y-int(theme.px(tickGap)), m.Label, opaqueColour(m.Colour),
			float64(v.Area.Min.X), float64(dst.Rect.Max.X))
	}
}
