package render

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
)

// Chart draws live curves. Axes, grid and labels are kept between frames and
// made again only when the size, the range or the colours change.
type Chart struct {
	typeface *Typeface
	static   *image.RGBA
	key      chartKey
	stroke   stroker
}

// chartKey is everything that the static layer depends on.
type chartKey struct {
	size         image.Point
	area         image.Rectangle
	x, y         Axis
	theme        Theme
	xName, yName string
}

// NewChart returns a chart that writes with the given TrueType or OpenType
// font; nil means Go Regular.
func NewChart(ttf []byte) (*Chart, error) {
	typeface, err := NewTypeface(ttf)
	if err != nil {
		return nil, err
	}
	return &Chart{typeface: typeface}, nil
}

// Lengths in units.
const (
	lineWidth  = 1.6
	tickGap    = 5  // between a label and what it labels
	chartEdge  = 6  // around everything
	endGap     = 10 // between the plot and the labels at the line ends
	tickPitchX = 75 // wanted distance of two ticks
	tickPitchY = 28
)

// Draw draws the curves over the whole of dst, which it fills, and returns the
// mapping between its pixels and the data. dst may be of any size; one too
// small for axes is left in the background colour.
func (c *Chart) Draw(dst *image.RGBA, curves Curves, theme Theme) View {
	theme = theme.complete()
	text := c.typeface.size(theme.px(theme.TextSize))
	x, y := curves.Axes()
	layout := newChartLayout(dst.Rect.Size(), &curves, x, y, theme, text)
	key := chartKey{dst.Rect.Size(), layout.area, x, y, theme, curves.XName, curves.YName}
	if c.static == nil || c.key != key {
		c.drawStatic(key, layout, text)
	}
	for line := range dst.Rect.Dy() {
		copy(dst.Pix[line*dst.Stride:line*dst.Stride+4*dst.Rect.Dx()], c.static.Pix[line*c.static.Stride:])
	}
	view := View{Area: layout.area, X: x, Y: y, series: curves.Series}
	if layout.area.Empty() {
		return view
	}
	c.drawEvents(dst, &curves, view, theme, text)
	c.drawSeries(dst, &curves, view, theme)
	switch layout.labels {
	case LabelEnds:
		c.drawEnds(dst, &curves, view, theme, text, layout)
	case LabelLegend:
		c.drawLegend(dst, &curves, view, theme, text)
	}
	return view
}

// chartLayout is where the parts of a chart go.
type chartLayout struct {
	area   image.Rectangle // of the data
	labels Labels          // that there is room for
	values bool            // labels say the last value too
	xTicks []Tick
	yTicks []Tick
}

func newChartLayout(size image.Point, curves *Curves, x, y Axis, theme Theme, text *face) chartLayout {
	edge, gap := int(theme.px(chartEdge)), int(theme.px(tickGap))
	l := chartLayout{labels: curves.Labels, values: true}
	top, bottom := edge+text.ascent/2, edge+text.ascent+gap+theme.line()
	if curves.XName != "" {
		bottom += text.ascent + gap
	}
	if curves.YName != "" || curves.Labels == LabelLegend {
		top += text.ascent + gap
	}
	l.yTicks = y.Ticks(int(float64(size.Y-top-bottom) / theme.px(tickPitchY)))
	left := 0.0
	for _, t := range l.yTicks {
		left = max(left, text.width(t.Label))
	}
	right := text.width("00") // half a label of the x axis
	if l.labels == LabelEnds {
		name := 0.0
		for _, s := range curves.Series {
			name = max(name, text.width(s.Name))
		}
		full := name + text.width(endValue(curves)) + theme.px(endGap)
		switch width := float64(size.X); {
		case full < 0.4*width:
			right = max(right, full)
		case name+theme.px(endGap) < 0.35*width:
			right, l.values = max(right, name+theme.px(endGap)), false
		default:
			l.labels = LabelNone
		}
	}
	area := image.Rectangle{
		image.Pt(edge+int(math.Ceil(left))+gap, top),
		image.Pt(size.X-edge-int(math.Ceil(right)), size.Y-bottom),
	}
	if area.Dx() >= 16 && area.Dy() >= 16 {
		l.area = area
	}
	l.xTicks = x.Ticks(int(float64(l.area.Dx()) / theme.px(tickPitchX)))
	return l
}

// endValue is a text as wide as the values at the ends of the lines. It is made of
// noughts: the width may change with the number of characters, but not with every
// value.
func endValue(curves *Curves) string {
	const usual = " 0.00000"
	longest := len(usual)
	for i := range curves.Series {
		s := &curves.Series[i]
		longest = max(longest, len([]rune(s.label(true)))-len([]rune(s.Name)))
	}
	return usual + strings.Repeat("0", longest-len(usual))
}

// drawStatic draws background, grid, tick labels and names.
func (c *Chart) drawStatic(key chartKey, layout chartLayout, text *face) {
	img := image.NewRGBA(image.Rectangle{Max: key.size})
	fill(img, img.Rect, key.theme.Background)
	c.static, c.key = img, key
	area := layout.area
	if area.Empty() {
		return
	}
	v := View{Area: area, X: key.x, Y: key.y}
	gap, line := int(key.theme.px(tickGap)), key.theme.line()
	for _, t := range layout.yTicks {
		at := int(math.Floor(v.PixelY(t.Value)))
		fill(img, image.Rect(area.Min.X, at, area.Max.X, at+line), key.theme.Grid)
		text.drawEnd(img, float64(area.Min.X-gap), at+(text.ascent+line)/2, t.Label, key.theme.Text)
	}
	axis := mix(key.theme.Grid, key.theme.Text, 0.35)
	fill(img, image.Rect(area.Min.X, area.Max.Y-line, area.Max.X, area.Max.Y), axis)
	base := area.Max.Y + gap + text.ascent + line
	for _, t := range layout.xTicks {
		at := int(math.Floor(v.PixelX(t.Value)))
		fill(img, image.Rect(at, area.Max.Y, at+line, area.Max.Y+max(1, gap-2*line)), axis)
		text.drawMiddle(img, float64(at), base, t.Label, key.theme.Text, 0, float64(key.size.X))
	}
	faint := mix(key.theme.Background, key.theme.Text, 0.75)
	if key.xName != "" {
		middle := float64(area.Min.X+area.Max.X) / 2
		text.drawMiddle(img, middle, base+gap+text.ascent, key.xName, faint, 0, float64(key.size.X))
	}
	if key.yName != "" {
		text.draw(img, key.theme.px(chartEdge), int(key.theme.px(chartEdge))+text.ascent, key.yName, faint)
	}
}

// drawSeries draws the curves, the first on top.
func (c *Chart) drawSeries(dst *image.RGBA, curves *Curves, v View, theme Theme) {
	// The plane reaches a little beyond the axes, for lines that run on them.
	margin := int(math.Ceil(theme.px(2)))
	plane := v.Area.Inset(-margin).Intersect(dst.Rect)
	at := plane.Min
	half := theme.px(lineWidth) / 2
	x := func(d float64) float64 { return v.PixelX(d) - float64(at.X) }
	y := func(d float64) float64 { return v.PixelY(d) - float64(at.Y) }
	drawable := func(d float64) bool { return finite(d) && (d > 0 || !v.Y.Log) }
	lines := func(s *Series) (last int) {
		c.stroke.reset(plane.Dx(), plane.Dy())
		first, last := s.visible(v.X)
		s.decimate(first, last, x, y, drawable,
			func(px, py float64) { c.stroke.line(px, py, px, py, 2*half) },
			func(x0, y0, x1, y1 float64) { c.stroke.line(x0, y0, x1, y1, half) })
		return last
	}
	for i := len(curves.Behind) - 1; i >= 0; i-- {
		s := &curves.Behind[i]
		lines(s)
		c.stroke.paint(dst, at, mix(theme.Background, opaqueColour(s.Colour), 0.3))
	}
	for i := len(curves.Series) - 1; i >= 0; i-- {
		s := &curves.Series[i]
		if last, n := lines(s), len(s.X); n > 0 && last == n && n <= len(s.Y) && drawable(s.Y[n-1]) && v.X.Fraction(s.X[n-1]) <= 1 {
			px, py := x(s.X[n-1]), y(s.Y[n-1])
			c.stroke.line(px, py, px, py, theme.px(2.4)) // where training is now
		}
		c.stroke.paint(dst, at, opaqueColour(s.Colour))
	}
}

// drawEvents draws dashed lines with a mark at the top.
func (c *Chart) drawEvents(dst *image.RGBA, curves *Curves, v View, theme Theme, text *face) {
	line, dash := theme.line(), max(2, int(theme.px(3)))
	for _, e := range curves.Events {
		if f := v.X.Fraction(e.X); !(f >= 0 && f <= 1) {
			continue
		}
		colour := mix(theme.Background, e.Colour, 0.7)
		at := int(math.Floor(v.PixelX(e.X)))
		top := v.Area.Min.Y
		if e.Mark != "" {
			text.drawMiddle(dst, float64(at), top+text.ascent, e.Mark, opaqueColour(e.Colour), float64(v.Area.Min.X), float64(dst.Rect.Dx()))
			top += text.ascent + dash
		} else {
			r := theme.px(3.5)
			drawDiamond(dst, float64(at)+float64(line)/2, float64(top)+r, r, opaqueColour(e.Colour))
			top += int(2*r) + dash/2
		}
		for y := top; y < v.Area.Max.Y; y += 2 * dash {
			fill(dst, image.Rect(at, y, at+line, min(y+dash, v.Area.Max.Y)), colour)
		}
	}
}

// drawDiamond draws a square on its corner, r from centre to corner.
func drawDiamond(dst *image.RGBA, cx, cy, r float64, c color.RGBA) {
	box := image.Rect(int(cx-r-1), int(cy-r-1), int(cx+r+2), int(cy+r+2)).Intersect(dst.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			d := math.Abs(float64(x)+0.5-cx) + math.Abs(float64(y)+0.5-cy)
			if cover := (r-d)/math.Sqrt2 + 0.5; cover > 0 {
				blend(dst.Pix[dst.PixOffset(x, y):], c, uint32(255*min(cover, 1)))
			}
		}
	}
}

func opaqueColour(c color.RGBA) color.RGBA { return color.RGBA{c.R, c.G, c.B, 255} }

// label returns the text of a series.
func (s *Series) label(value bool) string {
	if n := min(len(s.X), len(s.Y)); n > 0 && value {
		return s.Name + " " + Number(s.Y[n-1])
	}
	return s.Name
}

// drawEnds writes the labels right of the plot, each as near to the height of
// its line's end as the others let it.
func (c *Chart) drawEnds(dst *image.RGBA, curves *Curves, v View, theme Theme, text *face, layout chartLayout) {
	type end struct {
		y float64
		s *Series
	}
	var ends []end
	for i := range curves.Series {
		s := &curves.Series[i]
		y := float64(v.Area.Max.Y)
		if n := min(len(s.X), len(s.Y)); n > 0 {
			if p := v.PixelY(s.Y[n-1]); finite(p) {
				y = p
			}
		}
		ends = append(ends, end{min(max(y, float64(v.Area.Min.Y)), float64(v.Area.Max.Y)), s})
	}
	slices.SortStableFunc(ends, func(a, b end) int {
		switch {
		case a.y < b.y:
			return -1
		case a.y > b.y:
			return 1
		}
		return 0
	})
	pitch := float64(text.ascent) + theme.px(5)
	places := make([]float64, len(ends))
	for i, e := range ends {
		places[i] = e.y
	}
	spread(places, pitch, float64(v.Area.Min.Y), float64(v.Area.Max.Y))
	left := float64(v.Area.Max.X) + theme.px(endGap)
	for i, e := range ends {
		base := int(math.Round(places[i])) + text.ascent/2
		if base-text.ascent < 0 || base > dst.Rect.Dy() {
			continue // more series than the height takes
		}
		text.draw(dst, left, base, e.s.label(layout.values), opaqueColour(e.s.Colour))
	}
}

// spread moves sorted places apart to at least pitch, as little as it takes,
// and keeps them between lo and hi while there is room.
func spread(places []float64, pitch, lo, hi float64) {
	for i := range places {
		if i == 0 {
			places[0] = max(places[0], lo)
		} else {
			places[i] = max(places[i], places[i-1]+pitch)
		}
	}
	limit := hi
	for i := len(places) - 1; i >= 0; i-- {
		places[i] = max(min(places[i], limit), lo)
		limit = places[i] - pitch
	}
	for i := 1; i < len(places); i++ {
		places[i] = max(places[i], places[i-1]+pitch)
	}
}

// drawLegend writes the labels in a line above the plot, without those that no
// longer fit.
func (c *Chart) drawLegend(dst *image.RGBA, curves *Curves, v View, theme Theme, text *face) {
	base := int(theme.px(chartEdge)) + text.ascent
	x := float64(v.Area.Min.X)
	if curves.YName != "" {
		x = max(x, theme.px(chartEdge)+text.width(curves.YName)+theme.px(16))
	}
	total := 0.0
	for i := range curves.Series {
		total += text.width(curves.Series[i].label(true)) + theme.px(30)
	}
	values := x+total <= float64(dst.Rect.Dx())
	for i := range curves.Series {
		s := &curves.Series[i]
		label := s.label(values)
		if x+theme.px(16)+text.width(label) > float64(dst.Rect.Dx()) {
			return
		}
		middle := base - text.ascent/2
		half := max(1, int(theme.px(1)))
		fill(dst, image.Rect(int(x), middle-half, int(x+theme.px(11)), middle+half), opaqueColour(s.Colour))
		text.draw(dst, x+theme.px(16), base, label, opaqueColour(s.Colour))
		x += theme.px(30) + text.width(label)
	}
}
