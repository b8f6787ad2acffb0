package app

import (
	"image"
	"image/color"
	"slices"

	"filterscope/engine/render"
	"filterscope/engine/train"
)

// look is the colours that charts are drawn in, as values that may leave the
// UI goroutine.
type look struct {
	dark   bool
	theme  render.Theme // of the big chart
	panel  color.RGBA   // ground of the side columns and bars
	stage  color.RGBA   // ground of the centre, behind tools and captions
	mat    color.RGBA   // ground of pictures
	accent color.RGBA
	warn   color.RGBA
	font   []byte // TrueType
}

// charts draws the small and the large charts of the window. It belongs to the
// pump's goroutine.
type charts struct {
	chart    *render.Chart
	typeface *render.Typeface
	ttf      []byte          // that they are made of
	small    []*render.Chart // of the measures
}

// fonts makes the chart and the typeface at first use. Fyne's own font is one
// that opentype reads; if not, Go Regular is used.
func (c *charts) fonts(l look) {
	if c.chart != nil {
		return
	}
	for _, ttf := range [][]byte{l.font, nil} {
		chart, err := render.NewChart(ttf)
		if err != nil {
			continue
		}
		typeface, err := render.NewTypeface(ttf)
		if err != nil {
			continue
		}
		c.chart, c.typeface, c.ttf = chart, typeface, ttf
		return
	}
}

// curvesOf returns the curves of a run's history.
func curvesOf(h train.History, events []train.Event, dark, seconds, log bool) render.Curves {
	colours := render.SeriesColours(dark)
	x, name := h.Steps, "step"
	if seconds {
		x, name = h.Seconds, "seconds of training"
	}
	out := render.Curves{XName: name, YName: "objective and its terms", LogY: log}
	add := func(name string, y []float64) {
		out.Series = append(out.Series, render.Series{Name: name, Colour: colours[len(out.Series)%len(colours)], X: x, Y: y})
	}
	if n := len(x); seconds && n > 0 {
		out.X = render.Window{Lo: 0, Hi: render.NiceCeil(x[n-1])}
	}
	if n := len(h.Total); !log && n > 20 { // the first steps would flatten the rest
		out.Y = render.Window{Lo: 0, Hi: render.NiceCeil(1.3 * h.Total[n/20])}
	}
	if s, ok := h.Measure(train.MeasureReconstruction); ok && len(s.Values) > 0 { // of a machine, which has no objective to draw
		out.YName, out.Y = s.Name, render.Window{}
		out.Series = []render.Series{{Name: "reconstruction error", Colour: colours[0], X: measureX(h, s.Steps, seconds), Y: s.Values}}
		out.Events = eventsOf(h, events, dark, seconds, true)
		return out
	}
	on := func(k int) bool { return slices.ContainsFunc(h.Terms[k], func(v float64) bool { return v != 0 }) }
	drawn := 0
	for k := range h.Names {
		if on(k) {
			drawn++
		}
	}
	add("objective", h.Total)
	for k, name := range h.Names {
		if drawn > 1 && on(k) {
			add(name, h.Terms[k])
			out.Series[len(out.Series)-1].Colour = colours[(k+1)%len(colours)]
		}
	}
	if s, ok := h.Measure(train.MeasureValidation); ok && len(s.Values) > 0 {
		out.Series = append(out.Series, render.Series{Name: "validation", Colour: colours[(len(h.Names)+1)%len(colours)], X: measureX(h, s.Steps, seconds), Y: s.Values})
	}
	out.Events = eventsOf(h, events, dark, seconds, true)
	return out
}

// secondsAt returns the time of a step.
func secondsAt(h train.History, step float64) float64 {
	for i, s := range h.Steps {
		if s >= step {
			return h.Seconds[i]
		}
	}
	return 0
}

func (c *charts) curves(req request, snap *train.Snapshot) *curvesFrame {
	q := req.curves
	if q.size.X < 40 || q.size.Y < 40 {
		return nil
	}
	c.fonts(req.look)
	img := image.NewRGBA(image.Rectangle{Max: q.size})
	theme := req.look.theme
	theme.Scale = float64(req.scale)
	render.Fill(img, theme.Background)
	parts, left := c.measures(img, measureCharts(snap.History, snap.Events, req.look.dark, q.seconds), theme)
	series := curvesOf(snap.History, snap.Events, req.look.dark, q.seconds, q.log).Smooth(q.smooth)
	upper := image.NewRGBA(image.Rect(0, 0, q.size.X, left))
	view := c.chart.Draw(upper, series, theme)
	copy(img.Pix, upper.Pix) // as wide, and at the top
	return &curvesFrame{image: img, chart: view, series: series, parts: parts}
}

// sparkline draws the objective's course in the transport row.
func (c *charts) sparkline(req request, snap *train.Snapshot) *image.RGBA {
	img := image.NewRGBA(image.Rectangle{Max: req.spark})
	render.Sparkline(img, snap.History.Total, req.look.accent, req.look.panel, float64(req.scale))
	return img
}

// legend draws the scale bar of the mosaic.
func (c *charts) legend(req request, contrast render.Contrast) *image.RGBA {
	c.fonts(req.look)
	theme := req.look.theme
	theme.Background, theme.Scale = req.look.stage, float64(req.scale)
	return render.LegendOf(contrast, req.filters.options, req.filters.legend).Draw(c.typeface, theme)
}

// activations draws the histogram of the selected unit with the target and the
// mean activation.
func (c *charts) activations(req request, f *unitFrame) *image.RGBA {
	c.fonts(req.look)
	img := image.NewRGBA(image.Rectangle{Max: req.inspector.bars})
	counts := make([]float64, len(f.unit.Histogram))
	for i, n := range f.unit.Histogram {
		counts[i] = float64(n)
	}
	theme := req.look.theme
	theme.Background, theme.Scale = req.look.panel, float64(req.scale)
	marks := []render.Marker{{X: f.rhoHat, Label: "mean", Colour: req.look.theme.Text}}
	if f.target > 0 {
		marks = []render.Marker{
			{X: f.target, Label: "ρ", Colour: req.look.warn, Dashed: true},
			{X: f.rhoHat, Label: "ρ̂", Colour: req.look.theme.Text},
		}
	}
	render.Bars{
		Counts: counts, Lo: f.unit.Low, Hi: f.unit.High, LogY: true, Colour: req.look.accent, Ticks: true, Markers: marks,
	}.Draw(img, c.typeface, theme)
	return img
}
