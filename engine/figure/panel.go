package figure

import (
	"image/color"

	"filterscope/engine/render"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is a plot inside a figure: a rectangle with an axis along each side.
type panel struct {
	draw.Canvas // cropped to the data
	x, y        render.Axis
}

// at returns the place of a point.
func (p panel) at(x, y float64) vg.Point {
	return vg.Point{
		X: p.Min.X + vg.Length(p.x.Fraction(x))*(p.Max.X-p.Min.X),
		Y: p.Min.Y + vg.Length(p.y.Fraction(y))*(p.Max.Y-p.Min.Y),
	}
}

// Counts of ticks.
const (
	xTicks = 7
	yTicks = 5
)

// ticks returns the ticks of an axis that may run downwards.
func ticks(a render.Axis, count int) []render.Tick {
	return render.Axis{Lo: min(a.Lo, a.Hi), Hi: max(a.Lo, a.Hi)}.Ticks(count)
}

// axes draws grid, ticks and labels; the labels of x only where wanted.
func (p panel) axes(gridded, labels bool) {
	soft := draw.LineStyle{Color: grid, Width: gridLine}
	line := draw.LineStyle{Color: faint, Width: gridLine}
	right := style(faint, labelSize)
	right.XAlign = draw.XRight
	for _, t := range ticks(p.y, yTicks) {
		at := p.at(p.x.Lo, t.Value)
		if gridded {
			stroke := soft
			if t.Value == 0 {
				stroke.Color = color.RGBA{0xb4, 0xb7, 0xbc, 255}
			}
			p.StrokeLine2(stroke, at.X, at.Y, p.Max.X, at.Y)
		} else {
			p.StrokeLine2(line, at.X-3, at.Y, at.X, at.Y)
		}
		p.FillText(right, vg.Point{X: at.X - 5, Y: at.Y}, t.Label)
	}
	middle := style(faint, labelSize)
	middle.XAlign, middle.YAlign = draw.XCenter, draw.YTop
	for _, t := range p.x.Ticks(xTicks) {
		at := p.at(t.Value, p.y.Lo)
		if gridded {
			p.StrokeLine2(soft, at.X, p.Min.Y, at.X, p.Max.Y)
		}
		if labels {
			p.StrokeLine2(line, at.X, p.Min.Y-3, at.X, p.Min.Y)
			p.FillText(middle, vg.Point{X: at.X, Y: p.Min.Y - 5}, t.Label)
		}
	}
	p.StrokeLine2(line, p.Min.X, p.Min.Y, p.Max.X, p.Min.Y)
}

// labelWidth returns the width of the widest label of an axis.
func labelWidth(a render.Axis, count int) (w vg.Length) {
	for _, t := range ticks(a, count) {
		w = max(w, style(faint, labelSize).Width(t.Label))
	}
	return w
}

// graph strokes y over x, cut at the edges of the panel.
func (p panel) graph(x, y []float64, c color.Color, width vg.Length) {
	s := render.Series{X: x, Y: y}
	for _, polyline := range s.Polylines(p.x, p.y, columns) {
		var points []vg.Point
		for _, v := range polyline {
			points = append(points, p.at(v[0], v[1]))
		}
		p.StrokeLines(draw.LineStyle{Color: c, Width: width}, p.ClipLinesXY(points)...)
	}
}

// between fills what lies between two graphs over x.
func (p panel) between(x, low, high []float64, c color.Color) {
	var points []vg.Point
	for i := range x {
		points = append(points, p.at(x[i], high[i]))
	}
	for i := len(x) - 1; i >= 0; i-- {
		points = append(points, p.at(x[i], low[i]))
	}
	for _, q := range points {
		if q.X-q.X != 0 || q.Y-q.Y != 0 {
			return
		}
	}
	if points = p.ClipPolygonXY(points); len(points) > 2 {
		p.FillPolygon(c, points)
	}
}

// dots draws points inside the panel.
func (p panel) dots(x, y []float64, c color.Color) {
	r := vg.Length(1.6)
	if len(x) > 150 {
		r = 1
	}
	for i := range x {
		if at := p.at(x[i], y[i]); p.Contains(at) {
			p.DrawGlyph(draw.GlyphStyle{Color: c, Radius: r, Shape: draw.CircleGlyph{}}, at)
		}
	}
}

// entry is a part of the line over a panel.
type entry struct {
	text   string
	colour color.Color // of the sample; nil: text alone
	dot    bool
}

// header writes entries over the panel from left to right.
func (p panel) header(entries ...entry) {
	at := vg.Point{X: p.Min.X, Y: p.Max.Y + 7}
	p.Max.Y += 14 // glyphs are drawn inside only
	for _, e := range entries {
		switch {
		case e.dot:
			p.DrawGlyph(draw.GlyphStyle{Color: e.colour, Radius: 1.6, Shape: draw.CircleGlyph{}}, vg.Point{X: at.X + 3, Y: at.Y})
			at.X += 9
		case e.colour != nil:
			p.StrokeLine2(draw.LineStyle{Color: e.colour, Width: 1.6}, at.X, at.Y, at.X+12, at.Y)
			at.X += 16
		}
		p.FillText(style(faint, labelSize), at, e.text)
		at.X += style(faint, labelSize).Width(e.text) + 12
	}
}

// page fills a figure with white, writes its title and returns what is left of
// it inside the margins.
func page(canvas draw.Canvas, title string) draw.Canvas {
	canvas.SetColor(color.White)
	canvas.Fill(canvas.Path())
	top := vg.Length(margin)
	if title != "" {
		text := style(ink, titleSize)
		text.YAlign = draw.YTop
		canvas.FillText(text, vg.Point{X: margin, Y: canvas.Max.Y - margin}, title)
		top += 2 * titleSize
	}
	return draw.Crop(canvas, margin, -margin, margin, -top)
}

// crop returns the part of a canvas between two points.
func crop(c draw.Canvas, minX, minY, maxX, maxY vg.Length) draw.Canvas {
	c.Rectangle = vg.Rectangle{Min: vg.Point{X: minX, Y: minY}, Max: vg.Point{X: maxX, Y: maxY}}
	return c
}

// quiet writes one sentence in the middle of a canvas.
func quiet(c draw.Canvas, text string) {
	t := style(faint, titleSize)
	t.XAlign = draw.XCenter
	c.FillText(t, vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: (c.Min.Y + c.Max.Y) / 2}, text)
}
