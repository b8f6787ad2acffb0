package render

import (
	"image"
	"image/color"
	"math"

	"filterscope/engine/linalg"
)

// Field is a function of two variables, sampled on a regular grid, as a heat
// map with contour lines, points, centres and a colour bar.
type Field struct {
	// Values is rows×columns; row 0 lies at Y.Lo, column 0 at X.Lo, the last
	// ones at Hi. Values that are not finite are left in the background colour.
	Values linalg.Matrix[float64]
	X, Y   Window // the zero Window means 0 to columns−1 and rows−1
	// Pixels draws every value as a square of its own, X and Y from edge to
	// edge (zero: 0 to columns and rows), row 0 at the top: for images.
	// Otherwise values are interpolated bilinearly, as contours are.
	Pixels bool
	// Stretch fills the picture; otherwise one unit is as long in x as in y,
	// as long as one axis is not more than four times the other.
	Stretch bool
	Ramp    Ramp
	Limits  Window // of the colours; the zero Window means the range of Values
	// Contours is the number of contour levels aimed at, at round numbers;
	// 0 means about 8, a negative number none.
	Contours int
	// Points is N×2 (x, y) with the measured PointValues, N or empty, which
	// colour them.
	Points      linalg.Matrix[float64]
	PointValues []float64
	// Centres is M×2; circles of radius Widths, M or empty, are drawn around.
	Centres linalg.Matrix[float64]
	Widths  []float64
	// Selected is the emphasised centre, -1 for none.
	Selected int
	Message  string // said when there is nothing to draw; "" means "no points yet"
}

// fieldScratch is what a Painter keeps for pictures of a Field.
type fieldScratch struct {
	column    []int32   // of each pixel column: the column of the grid before it
	part      []float32 // and how far on to the next one it is
	lines     []float32 // one row of levels for each band of pixel rows
	trace     tracer
	labels    []image.Rectangle
	obstacles []image.Point // points that labels keep off
	levels    []float64
	signs     [Levels]color.RGBA // of an outline
}

// Field draws f over the whole of dst and returns the mapping.
func (p *Painter) Field(dst *image.RGBA, f Field, theme Theme) FieldView {
	theme = theme.complete()
	f = f.checked()
	view, ok := f.view()
	if !ok {
		message := f.Message
		if message == "" {
			message = "no points yet"
		}
		p.sentence(dst, theme, message)
		return FieldView{}
	}
	ramp := f.Ramp.resolve(view.Low, view.High)
	if ramp == RampSigned {
		view.High = max(-view.Low, view.High)
		view.Low = -view.High
	}
	mapped := f.Values.Rows > 0
	if !p.layOut(dst, &view, &f, mapped, theme) {
		p.sentence(dst, theme, "too small to draw")
		return FieldView{}
	}
	fill(dst, dst.Rect, theme.Background)
	text := p.typeface.size(theme.px(theme.TextSize))
	ink := inkOn(ramp, mapped, theme)
	if mapped {
		p.heat(dst, &f, view, ramp.table(theme.dark()), theme)
		p.levels(&f, view)
		if !f.Pixels {
			p.contours(dst, &f, view, ramp, theme)
		}
		p.bar(dst, view, ramp, theme, text)
	}
	p.drawCentres(dst, &f, view, ink, theme)
	p.drawPoints(dst, &f, view, ramp, ink, theme)
	p.frame(dst, view.View, !mapped, theme, text)
	return view
}

// checked drops what does not fit.
func (f Field) checked() Field {
	if f.Values.Rows < 1 || f.Values.Cols < 1 || !f.Pixels && min(f.Values.Rows, f.Values.Cols) < 2 {
		f.Values = linalg.Matrix[float64]{}
	}
	if f.Points.Cols != 2 {
		f.Points = linalg.Matrix[float64]{}
	}
	if f.Centres.Cols != 2 {
		f.Centres = linalg.Matrix[float64]{}
	}
	if len(f.PointValues) != f.Points.Rows {
		f.PointValues = nil
	}
	if len(f.Widths) != f.Centres.Rows {
		f.Widths = nil
	}
	if f.Selected >= f.Centres.Rows {
		f.Selected = -1
	}
	if v := f.Values; v.Rows > 0 {
		if f.Pixels {
			f.X, f.Y = f.X.or(0, float64(v.Cols)), f.Y.or(0, float64(v.Rows))
		} else {
			f.X, f.Y = f.X.or(0, float64(v.Cols-1)), f.Y.or(0, float64(v.Rows-1))
		}
	}
	return f
}

// view returns the axes and the limits of the colours; ok is false when there
// is nothing to draw.
func (f *Field) view() (v FieldView, ok bool) {
	v = FieldView{field: *f}
	lo, hi := math.Inf(1), math.Inf(-1)
	for i := range f.Values.Rows {
		lo, hi = extent(lo, hi, f.Values.Row(i))
	}
	if f.Values.Rows == 0 {
		lo, hi = extent(lo, hi, f.PointValues)
	}
	window, any := f.X, lo <= hi
	if !(f.X.Lo < f.X.Hi && f.Y.Lo < f.Y.Hi) {
		boxX, boxY := spread2(f.Points, f.Centres)
		if !(boxX.Lo < boxX.Hi) {
			return v, false
		}
		window, f.Y, any = boxX, boxY, true
	}
	for i := range f.Points.Rows {
		any = any || finite(f.Points.At(i, 0)+f.Points.At(i, 1))
	}
	if !any && f.Centres.Rows == 0 {
		return v, false
	}
	if f.Limits.Lo < f.Limits.Hi && finite(f.Limits.Hi-f.Limits.Lo) {
		lo, hi = f.Limits.Lo, f.Limits.Hi
	}
	switch {
	case !(lo <= hi):
		lo, hi = 0, 1
	case !finite(hi - lo):
		lo, hi = lo/4, hi/4
	case hi-lo <= 1e-12*max(math.Abs(lo), math.Abs(hi)):
		lo, hi = lo-max(math.Abs(lo)/2, 1e-9), hi+max(math.Abs(hi)/2, 1e-9)
	}
	v.Low, v.High = lo, hi
	v.X, v.Y = Axis{Lo: window.Lo, Hi: window.Hi}, Axis{Lo: f.Y.Lo, Hi: f.Y.Hi}
	if f.Pixels {
		v.Y.Lo, v.Y.Hi = v.Y.Hi, v.Y.Lo
	}
	return v, true
}

// spread2 returns the ranges of two sets of points in the plane with a margin
// around, empty when they hold no finite point.
func spread2(sets ...linalg.Matrix[float64]) (x, y Window) {
	x, y = Window{math.Inf(1), math.Inf(-1)}, Window{math.Inf(1), math.Inf(-1)}
	for _, s := range sets {
		for i := range s.Rows {
			if px, py := s.At(i, 0), s.At(i, 1); finite(px + py) {
				x, y = Window{min(x.Lo, px), max(x.Hi, px)}, Window{min(y.Lo, py), max(y.Hi, py)}
			}
		}
	}
	if !(x.Lo <= x.Hi) {
		return Window{}, Window{}
	}
	margin := 0.08 * max(x.Hi-x.Lo, y.Hi-y.Lo)
	if !(margin > 0) {
		margin = max(1, math.Abs(x.Lo)/10, math.Abs(y.Lo)/10)
	}
	x, y = Window{x.Lo - margin, x.Hi + margin}, Window{y.Lo - margin, y.Hi + margin}
	if !finite(x.Hi-x.Lo) || !finite(y.Hi-y.Lo) {
		return Window{}, Window{}
	}
	return x, y
}

// Lengths in units.
const (
	barWidth  = 12
	barGap    = 14
	mapPitchY = 44 // wanted distance of two ticks
)

// layOut places the map, with the colour bar right of it when there is one.
func (p *Painter) layOut(dst *image.RGBA, v *FieldView, f *Field, bar bool, theme Theme) bool {
	text := p.typeface.size(theme.px(theme.TextSize))
	edge, gap := theme.px(chartEdge), theme.px(tickGap)
	size := dst.Rect.Size()
	top, bottom := edge+float64(text.ascent)/2, edge+float64(text.ascent)+gap+float64(theme.line())
	height := float64(size.Y) - top - bottom
	left := edge + labelWidth(text, roomyTicks(v.Y, height, theme.px(mapPitchY))) + gap
	right := edge + text.width("00")
	if bar {
		ticks := roomyTicks(Axis{Lo: v.Low, Hi: v.High}, height, theme.px(mapPitchY))
		right = edge + labelWidth(text, ticks) + gap + theme.px(barGap+barWidth)
	}
	width := float64(size.X) - left - right
	if !(min(width, height) >= 24) {
		return false
	}
	w, h := width, height
	if ratio := (v.X.Hi - v.X.Lo) / math.Abs(v.Y.Hi-v.Y.Lo); !f.Stretch && ratio <= 4 && ratio >= 0.25 {
		w, h = min(width, height*ratio), min(height, width/ratio)
	}
	if zoom := int(w) / max(1, f.Values.Cols); f.Pixels && !f.Stretch && zoom >= 1 && int(h)/zoom >= f.Values.Rows {
		w, h = float64(zoom*f.Values.Cols), float64(zoom*f.Values.Rows)
	}
	x := dst.Rect.Min.X + int(left+(width-w)/2)
	y := dst.Rect.Min.Y + int(top+(height-h)/2)
	v.Area = image.Rect(x, y, x+int(w), y+int(h))
	v.Reach = theme.px(9)
	return true
}

// sorted returns the axis with Lo below Hi.
func (a Axis) sorted() Axis {
	a.Lo, a.Hi = min(a.Lo, a.Hi), max(a.Lo, a.Hi)
	return a
}

// inkOn returns the colour of circles over a map.
func inkOn(ramp Ramp, mapped bool, theme Theme) color.RGBA {
	switch {
	case !mapped:
		return mix(theme.Background, theme.Text, 0.8)
	case ramp == RampSigned && !theme.dark():
		return color.RGBA{0x16, 0x18, 0x1c, 255}
	}
	return color.RGBA{255, 255, 255, 255}
}

// frame draws the outline of the map and its axes; a map without values has a
// grid.
func (p *Painter) frame(dst *image.RGBA, v View, grid bool, theme Theme, text *face) {
	area, line, gap := v.Area, theme.line(), int(theme.px(tickGap))
	axis := mix(theme.Grid, theme.Text, 0.35)
	mark := max(1, gap-2*line)
	base := area.Max.Y + gap + text.ascent + line
	for _, t := range roomyTicks(v.X, float64(area.Dx()), theme.px(tickPitchX)) {
		at := int(math.Floor(v.PixelX(t.Value)))
		fill(dst, image.Rect(at, area.Max.Y, at+line, area.Max.Y+mark), axis)
		text.drawMiddle(dst, float64(at)+float64(line)/2, base, t.Label, theme.Text, float64(dst.Rect.Min.X), float64(dst.Rect.Max.X))
	}
	for _, t := range roomyTicks(v.Y, float64(area.Dy()), theme.px(mapPitchY)) {
		at := int(math.Floor(v.PixelY(t.Value)))
		fill(dst, image.Rect(area.Min.X-mark, at, area.Min.X, at+line), axis)
		text.drawEnd(dst, float64(area.Min.X-gap), at+(text.ascent+line)/2, t.Label, theme.Text)
	}
	if !grid {
		axis = mix(theme.Background, axis, 0.8)
	}
	for _, r := range [4]image.Rectangle{
		image.Rect(area.Min.X-line, area.Min.Y-line, area.Max.X+line, area.Min.Y),
		image.Rect(area.Min.X-line, area.Max.Y, area.Max.X+line, area.Max.Y+line),
		image.Rect(area.Min.X-line, area.Min.Y, area.Min.X, area.Max.Y),
		image.Rect(area.Max.X, area.Min.Y, area.Max.X+line, area.Max.Y),
	} {
		fill(dst, r, axis)
	}
}

// bar draws the colour bar with its labels right of the map.
func (p *Painter) bar(dst *image.RGBA, v FieldView, ramp Ramp, theme Theme, text *face) {
	line, gap := theme.line(), int(theme.px(tickGap))
	x := v.Area.Max.X + int(theme.px(barGap))
	r := image.Rect(x, v.Area.Min.Y, x+int(theme.px(barWidth)), v.Area.Max.Y)
	axis := mix(theme.Grid, theme.Text, 0.35)
	fill(dst, r.Inset(-line), mix(theme.Background, axis, 0.8))
	table := ramp.table(theme.dark())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		level := math.Round((Levels - 1) * (1 - float64(y-r.Min.Y)/float64(max(1, r.Dy()-1))))
		fill(dst, image.Rect(r.Min.X, y, r.Max.X, y+1), table[int(level)])
	}
	scale := View{Area: r, X: Axis{Lo: 0, Hi: 1}, Y: Axis{Lo: v.Low, Hi: v.High}}
	for _, t := range roomyTicks(scale.Y, float64(r.Dy()), theme.px(mapPitchY)) {
		at := int(math.Floor(scale.PixelY(t.Value)))
		fill(dst, image.Rect(r.Max.X, at, r.Max.X+max(1, gap-2*line), at+line), axis)
		text.draw(dst, float64(r.Max.X+gap), at+(text.ascent+line)/2, t.Label, theme.Text)
	}
}
