package figure

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"regexp"
	"slices"
	"strings"

	"filterscope/engine/render"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// CurvesData is a figure of training curves.
type CurvesData struct {
	Title string // above the figure; "" for none
	// Curves holds the series, events, windows and axis names, as on the
	// screen; Labels is not used, the names stand to the right. Series without
	// a colour get the light list of render.SeriesColours.
	Curves render.Curves
	// Width and Height are in points of 1/72 inch; 0 means 480 and 300. A
	// figure too small for its texts is made as large as they need.
	Width, Height float64
}

// Formats lists the formats that figures are written in.
func Formats() []string { return []string{"png", "svg", "pdf"} }

// pngDPI makes a PNG twice as fine as a usual screen.
const pngDPI = 192

// WriteCurves writes the figure in the given format: "png", "svg" or "pdf", or
// a file name extension such as ".PNG". Everything is laid out inside the
// figure; nothing is cut off. It fails on another format and when w does.
func WriteCurves(w io.Writer, format string, data CurvesData) error {
	if data.Width <= 0 || data.Height <= 0 {
		data.Width, data.Height = 480, 300
	}
	names := legendSize(data.Curves.Series)
	title := style(ink, titleSize)
	width := max(vg.Length(data.Width), names.X+2*margin+120, title.Width(data.Title)+2*margin)
	height := max(vg.Length(data.Height), names.Y+2*margin+40, 140)
	return write(w, format, width, height, func(c draw.Canvas) { drawCurves(c, data) })
}

// write makes a figure of the given size in memory and writes it to w.
func write(w io.Writer, format string, width, height vg.Length, paint func(draw.Canvas)) error {
	format = strings.ToLower(strings.TrimPrefix(format, "."))
	if !slices.Contains(Formats(), format) {
		return fmt.Errorf("figure format %q: want one of %s", format, strings.Join(Formats(), ", "))
	}
	var file bytes.Buffer
	var canvas interface {
		vg.CanvasSizer
		io.WriterTo
	}
	switch format {
	case "png":
		canvas = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(pngDPI))}
	case "svg":
		canvas = vgsvg.NewWith(vgsvg.UseWH(width, height), vgsvg.EmbedFonts(true))
	case "pdf":
		canvas = outlined{vgpdf.New(width, height)}
	}
	paint(draw.New(canvas))
	if _, err := canvas.WriteTo(&file); err != nil {
		return fmt.Errorf("write figure: %w", err)
	}
	b := file.Bytes()
	if format == "pdf" {
		b = pdfDates.ReplaceAll(b, []byte("(D:20000101000000)"))
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write figure: %w", err)
	}
	return nil
}

// pdfDates matches the dates that the PDF writer puts into every file. Setting
// them to a constant of the same length keeps the offsets in the file right.
var pdfDates = regexp.MustCompile(`\(D:[0-9]{14}\)`)

var (
	ink   = color.RGBA{0x22, 0x25, 0x2a, 255}
	faint = color.RGBA{0x6a, 0x6e, 0x76, 255}
	grid  = color.RGBA{0xe2, 0xe3, 0xe6, 255}
)

// Lengths in points.
const (
	margin    = 10
	labelSize = 9
	titleSize = 11
	curveLine = 1.2
	gridLine  = 0.5
)

// drawCurves lays the figure out: the plot, and the names right of it.
func drawCurves(canvas draw.Canvas, data CurvesData) {
	curves := data.Curves
	curves.Series = slices.Clone(curves.Series)
	colours := render.SeriesColours(false)
	for i := range curves.Series {
		if curves.Series[i].Colour == (color.RGBA{}) {
			curves.Series[i].Colour = colours[i%len(colours)]
		}
	}
	x, y := curves.Axes()

	p := plot.New()
	p.BackgroundColor = nil
	p.X.Label.Text, p.Y.Label.Text = curves.XName, curves.YName
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font, axis.Label.TextStyle.Color = sans(labelSize), faint
		axis.Tick.Label.Font, axis.Tick.Label.Color = sans(labelSize), faint
		axis.LineStyle.Color, axis.LineStyle.Width = faint, gridLine
		axis.Tick.LineStyle = axis.LineStyle
		axis.Tick.Length = 3
		axis.Label.Padding, axis.Padding = 4, 0
	}
	p.Y.LineStyle.Width, p.Y.Tick.Length = 0, 0
	p.Y.Tick.Label.XAlign = draw.XRight
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.Lo, x.Hi, y.Lo, y.Hi
	if y.Log {
		p.Y.Scale = plot.LogScale{}
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = ticker{x, 7}, ticker{y, 9}

	whole := canvas.Rectangle
	canvas.SetColor(color.White)
	canvas.Fill(whole.Path())
	top := vg.Length(margin)
	if data.Title != "" {
		title := style(ink, titleSize)
		title.YAlign = draw.YTop
		canvas.FillText(title, vg.Point{X: margin, Y: whole.Max.Y - margin}, data.Title)
		top += 2 * titleSize
	}
	inner := draw.Crop(canvas, margin, -margin-legendSize(curves.Series).X, margin, -top)
	p.Add(lines{curves, x, y})
	p.Draw(inner)
	area := p.DataCanvas(inner)
	drawNames(canvas, curves.Series, area.Max.X+10, area.Max.Y)
}

// sans is the one font of the figures; one font also keeps PDF files the same
// from run to run, since their writer orders fonts at random.
func sans(size font.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// style is the style of a text.
func style(c color.Color, size font.Length) draw.TextStyle {
	return draw.TextStyle{Color: c, Font: sans(size), Handler: plot.DefaultTextHandler, YAlign: draw.YCenter}
}

// label is the name of a series with its last value.
func label(s render.Series) string {
	if n := min(len(s.X), len(s.Y)); n > 0 {
		return s.Name + "  " + render.Number(s.Y[n-1])
	}
	return s.Name
}

// legendSize is the room that the names take.
func legendSize(series []render.Series) (size vg.Point) {
	for _, s := range series {
		size.X = max(size.X, 10+24+style(ink, labelSize).Width(label(s)))
		size.Y += 1.5 * labelSize
	}
	return size
}

// drawNames writes the legend, top down from (x, y).
func drawNames(c draw.Canvas, series []render.Series, x, y vg.Length) {
	y -= labelSize / 2
	for _, s := range series {
		c.StrokeLine2(draw.LineStyle{Color: s.Colour, Width: 2}, x, y, x+14, y)
		c.FillText(style(ink, labelSize), vg.Point{X: x + 20, Y: y}, label(s))
		y -= 1.5 * labelSize
	}
}

// ticker marks the round numbers that the live chart marks.
type ticker struct {
	axis  render.Axis
	count int
}

// Ticks implements plot.Ticker.
func (t ticker) Ticks(_, _ float64) (ticks []plot.Tick) {
	for _, tick := range t.axis.Ticks(t.count) {
		ticks = append(ticks, plot.Tick{Value: tick.Value, Label: tick.Label})
	}
	return ticks
}

// lines draws grid, events and curves inside the axes.
type lines struct {
	curves render.Curves
	x, y   render.Axis
}

// columns is how finely long curves are kept: more than any printer shows.
const columns = 3000

// Plot implements plot.Plotter.
func (l lines) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	for _, t := range l.y.Ticks(9) {
		y := toY(t.Value)
		c.StrokeLine2(draw.LineStyle{Color: grid, Width: gridLine}, c.Min.X, y, c.Max.X, y)
	}
	for _, e := range l.curves.Events {
		if f := l.x.Fraction(e.X); !(f >= 0 && f <= 1) {
			continue
		}
		colour := e.Colour
		if colour == (color.RGBA{}) {
			colour = faint
		}
		x := toX(e.X)
		dashed := draw.LineStyle{Color: colour, Width: gridLine * 1.5, Dashes: []vg.Length{2, 2}}
		c.StrokeLine2(dashed, x, c.Min.Y, x, c.Max.Y-labelSize-2)
		mark := style(colour, labelSize)
		mark.YAlign = draw.YTop
		width := mark.Width(e.Mark)
		left := max(c.Min.X, min(x-width/2, c.Max.X-width))
		c.FillText(mark, vg.Point{X: left, Y: c.Max.Y}, e.Mark)
	}
	for i := range slices.Backward(l.curves.Series) {
		s := &l.curves.Series[i]
		stroke := draw.LineStyle{Color: s.Colour, Width: curveLine}
		for _, polyline := range s.Polylines(l.x, l.y, columns) {
			var points []vg.Point
			for _, v := range polyline {
				points = append(points, vg.Point{X: toX(v[0]), Y: toY(v[1])})
			}
			c.StrokeLines(stroke, c.ClipLinesXY(points)...)
		}
	}
}
