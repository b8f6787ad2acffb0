package figure

import (
	"cmp"
	"image/color"
	"io"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/render"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// FieldData is a figure of a function of two variables.
type FieldData struct {
	Title string // above the figure; "" for none
	Field render.Field
	// Width and Height are in points of 1/72 inch; 0 means 440 and 380. A
	// figure too small for its texts is made as large as they need.
	Width, Height float64
}

// rasterSize is how many pixels the longer side of a heat map has at least: it
// is enlarged by a whole number, since viewers smooth what they enlarge.
const rasterSize = 900

// WriteField writes the heat map with its contours, points, centres and colour
// bar in the given format, as [WriteCurves] does. Lines, points and texts are
// vectors in SVG and PDF; the map itself is an image. Without values or points
// the figure says so.
func WriteField(w io.Writer, format string, data FieldData) error {
	if data.Width <= 0 || data.Height <= 0 {
		data.Width, data.Height = 440, 380
	}
	title := style(ink, titleSize)
	width := max(vg.Length(data.Width), 200, title.Width(data.Title)+2*margin)
	height := max(vg.Length(data.Height), 160)
	return write(w, format, width, height, func(c draw.Canvas) { drawField(page(c, data.Title), data.Field) })
}

func drawField(c draw.Canvas, f render.Field) {
	x, y, ok := f.Axes()
	if !ok {
		quiet(c, cmp.Or(f.Message, "no points yet"))
		return
	}
	longest := max(f.Values.Rows, f.Values.Cols, 1)
	img, limits, ramp, mapped := render.FieldImage(f, (rasterSize+longest-1)/longest, render.LightTheme())
	scale := render.Axis{Lo: limits.Lo, Hi: limits.Hi}
	const barWidth, barGap, footer = 10, 12, 16
	left, right := c.Min.X+labelWidth(y, yTicks)+6, c.Max.X-8
	if mapped {
		right = c.Max.X - labelWidth(scale, yTicks) - 6 - barWidth - barGap
	}
	bottom, top := c.Min.Y+footer, c.Max.Y-4
	if ratio := vg.Length((x.Hi - x.Lo) / math.Abs(y.Hi-y.Lo)); !f.Stretch && ratio <= 4 && ratio >= 0.25 {
		width, height := right-left, top-bottom
		w, h := min(width, height*ratio), min(height, width/ratio)
		left, right = left+(width-w)/2, left+(width+w)/2
		bottom, top = bottom+(height-h)/2, bottom+(height+h)/2
	}
	p := panel{crop(c, left, bottom, right, top), x, y}
	if mapped {
		p.DrawImage(p.Rectangle, img)
		drawContours(p, f, limits, ramp)
		bar := panel{crop(c, right+barGap, bottom, right+barGap+barWidth, top), render.Axis{Lo: 0, Hi: 1}, scale}
		drawBar(bar, f, limits, ramp)
	}
	drawCentres(p, f, ramp, mapped)
	drawPoints(p, f, limits, ramp, mapped)
	p.axes(false, true)
	outline(p)
}

// drawContours strokes the level lines.
func drawContours(p panel, f render.Field, limits render.Window, ramp render.Ramp) {
	x, y := fieldWindows(f)
	for _, level := range levels(f, limits) {
		stroke := levelStyle(level, limits, ramp)
		for _, line := range render.Contours(f.Values, x, y, level) {
			var points []vg.Point
			for _, q := range line {
				points = append(points, p.at(q[0], q[1]))
			}
			p.StrokeLines(stroke, p.ClipLinesXY(points)...)
		}
	}
}

// levels returns the contour levels, none where the field has no contours.
func levels(f render.Field, limits render.Window) []float64 {
	switch {
	case f.Pixels || f.Contours < 0:
		return nil
	case f.Contours == 0:
		f.Contours = 8
	}
	return render.ContourLevels(limits.Lo, limits.Hi, f.Contours)
}

// levelStyle is how the line of a level is drawn: what it lies on decides its
// colour; the line of zero between two signs is stronger.
func levelStyle(level float64, limits render.Window, ramp render.Ramp) draw.LineStyle {
	colours := ramp.Colours(false)
	under := colours[min(int((level-limits.Lo)/(limits.Hi-limits.Lo)*float64(len(colours))), len(colours)-1)]
	stroke := draw.LineStyle{Color: over(under, 0.55), Width: 0.6}
	if level == 0 && ramp == render.RampSigned {
		stroke.Width = 1
	}
	return stroke
}

// fieldWindows returns where the grid lies.
func fieldWindows(f render.Field) (x, y render.Window) {
	x, y = f.X, f.Y
	if !(x.Lo < x.Hi) {
		x = render.Window{Lo: 0, Hi: float64(f.Values.Cols - 1)}
	}
	if !(y.Lo < y.Hi) {
		y = render.Window{Lo: 0, Hi: float64(f.Values.Rows - 1)}
	}
	return x, y
}

// over returns a colour that stands out on c by a share: c mixed with black
// where it is light, with white where it is dark.
func over(c color.RGBA, share float64) color.RGBA {
	to := 255.0
	if 2126*int(c.R)+7152*int(c.G)+722*int(c.B) > 1150000 {
		to = 16
	}
	mixed := func(v uint8) uint8 { return uint8(float64(v) + share*(to-float64(v))) }
	return color.RGBA{mixed(c.R), mixed(c.G), mixed(c.B), 255}
}

// drawBar draws the colour bar with its labels and its levels: strips that reach to the top,
// each over the one before, so that no seam shows. (An image would be a second
// one, and the PDF writer orders images at random.)
func drawBar(p panel, f render.Field, limits render.Window, ramp render.Ramp) {
	colours := ramp.Colours(false)
	height := p.Max.Y - p.Min.Y
	for i, c := range colours {
		strip := p.Rectangle
		strip.Min.Y += height * vg.Length(i) / vg.Length(len(colours))
		p.SetColor(c)
		p.Fill(strip.Path())
	}
	for _, level := range levels(f, limits) { // where the lines of the map are
		at := p.at(0, level)
		p.StrokeLine2(levelStyle(level, limits, ramp), at.X, at.Y, p.Max.X, at.Y)
	}
	for _, t := range ticks(p.y, yTicks) {
		at := p.at(1, t.Value)
		p.StrokeLine2(draw.LineStyle{Color: faint, Width: gridLine}, at.X, at.Y, at.X+3, at.Y)
		p.FillText(style(faint, labelSize), vg.Point{X: at.X + 5, Y: at.Y}, t.Label)
	}
	outline(p)
}

// outline strokes the border of a panel.
func outline(p panel) {
	r := p.Rectangle
	p.StrokeLines(draw.LineStyle{Color: faint, Width: gridLine}, []vg.Point{
		r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min,
	})
}

// drawCentres draws a cross and a circle of its width at each centre.
func drawCentres(p panel, f render.Field, ramp render.Ramp, mapped bool) {
	if f.Centres.Cols != 2 {
		return
	}
	stroke := draw.LineStyle{Color: color.White, Width: 0.7}
	if !mapped || ramp == render.RampSigned {
		stroke.Color = ink
	}
	for j := range f.Centres.Rows {
		x, y := f.Centres.At(j, 0), f.Centres.At(j, 1)
		if at := p.at(x, y); p.Contains(at) {
			p.StrokeLine2(stroke, at.X-2.5, at.Y, at.X+2.5, at.Y)
			p.StrokeLine2(stroke, at.X, at.Y-2.5, at.X, at.Y+2.5)
		}
		if len(f.Widths) != f.Centres.Rows {
			continue
		}
		var circle []vg.Point
		for k := range 73 {
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / 72)
			circle = append(circle, p.at(x+f.Widths[j]*cos, y+f.Widths[j]*sin))
		}
		if sum := circle[0].X + circle[0].Y; sum-sum == 0 {
			p.StrokeLines(stroke, p.ClipLinesXY(circle)...)
		}
	}
}

// drawPoints draws the samples in the colours of their values, with a rim.
func drawPoints(p panel, f render.Field, limits render.Window, ramp render.Ramp, mapped bool) {
	m := f.Points
	if m.Cols != 2 {
		m = linalg.Matrix[float64]{}
	}
	colours := ramp.Colours(false)
	for i := range m.Rows {
		at := p.at(m.At(i, 0), m.At(i, 1))
		if !p.Contains(at) {
			continue
		}
		var inner, rim color.Color = color.White, ink
		if !mapped {
			inner, rim = ink, color.White
		}
		if mapped && len(f.PointValues) == m.Rows {
			level := (f.PointValues[i] - limits.Lo) / (limits.Hi - limits.Lo) * float64(len(colours)-1)
			if level-level == 0 {
				inner, rim = colours[int(min(max(level+0.5, 0), float64(len(colours)-1)))], color.White
				if ramp == render.RampSigned {
					rim = ink
				}
			}
		}
		p.DrawGlyph(draw.GlyphStyle{Color: rim, Radius: 2.2, Shape: draw.CircleGlyph{}}, at)
		p.DrawGlyph(draw.GlyphStyle{Color: inner, Radius: 1.5, Shape: draw.CircleGlyph{}}, at)
	}
}
