package app

import (
	"image"
	"image/draw"
	"slices"
	"strings"

	"filterscope/engine/render"
	"filterscope/engine/train"
)

// measureGroups are the measures with a chart of their own, below that of the
// objective; those of one group share a chart.
var measureGroups = []struct {
	title    string
	measures []string
	names    []string // in the chart
	varies   bool     // drawn only once its values differ
}{
	{"pseudo-likelihood (nats)", []string{train.MeasurePseudo}, []string{"pseudo"}, false},
	{"free energy: the gap is overfitting", []string{train.MeasureFreeTraining, train.MeasureFreeHeld}, []string{"training", "held back"}, false},
	{"accuracy", []string{train.MeasureAccuracy, train.MeasureAccuracyHeld}, []string{"training", "held back"}, false},
	{"R²: variance explained", []string{train.MeasureR2}, []string{"R²"}, false},
	{"squared error ÷ PCA’s: 1 is the least", []string{train.MeasurePCA}, []string{"error ÷ PCA"}, false},
	{"degrees to the space of PCA", []string{train.MeasurePCAAngle}, []string{"angle"}, false},
	{"update ratio, log₁₀: about −3 is healthy", []string{train.MeasureUpdate}, []string{"updates"}, false},
	{"learning rate", []string{train.MeasureRate}, []string{"rate"}, true},
}

// measureCharts returns the charts of what is measured besides the objective.
func measureCharts(h train.History, events []train.Event, dark, seconds bool) []render.Curves {
	colours := render.SeriesColours(dark)
	main := curvesOf(h, nil, dark, seconds, false)
	x, _ := main.Axes()
	var all []render.Curves
	for _, g := range measureGroups {
		c := render.Curves{YName: g.title, Labels: render.LabelLegend, Events: eventsOf(h, events, dark, seconds, false)}
		if len(g.measures) == 1 {
			c.Labels = render.LabelNone
		}
		for k, name := range g.measures {
			s, ok := h.Measure(name)
			if !ok || len(s.Values) == 0 || g.varies && slices.Min(s.Values) == slices.Max(s.Values) {
				continue
			}
			c.Series = append(c.Series, render.Series{Name: g.names[k], Colour: colours[k], X: measureX(h, s.Steps, seconds), Y: s.Values})
		}
		if c.Labels == render.LabelLegend { // which has to fit beside the name
			c.YName, _, _ = strings.Cut(g.title, ":")
		}
		if len(c.Series) > 0 {
			c.X = render.Window{Lo: x.Lo, Hi: x.Hi}
			all = append(all, c)
		}
	}
	return all
}

// measureX returns the places of steps on the x axis.
func measureX(h train.History, steps []float64, seconds bool) []float64 {
	if !seconds {
		return steps
	}
	x, i := make([]float64, len(steps)), 0
	for k, s := range steps {
		for i < h.Len()-1 && h.Steps[i] < s {
			i++
		}
		if i < h.Len() {
			x[k] = h.Seconds[i]
		}
	}
	return x
}

// eventsOf returns the marks on the curves; stages of a training are named.
func eventsOf(h train.History, events []train.Event, dark, seconds, named bool) []render.Event {
	colour := render.SeriesColours(dark)[7]
	var all []render.Event
	for _, e := range events {
		at := float64(e.Step)
		if seconds {
			at = secondsAt(h, at)
		}
		mark := render.Event{X: at, Colour: colour}
		if stage := !strings.Contains(e.Text, "→") && len(e.Text) <= 20; named && stage {
			mark.Mark = e.Text
		}
		all = append(all, mark)
	}
	return all
}

// curvesPart is one of the charts of the Curves view.
type curvesPart struct {
	at     image.Rectangle // in the picture
	chart  render.View     // in its own pixels
	series render.Curves
}

// Sizes of the charts of measures in units.
const (
	measureHeight = 168
	measureWidth  = 215 // at the least
)

// measures draws the charts of measures along the bottom of img and returns them
// and how many pixels are left above.
func (c *charts) measures(img *image.RGBA, all []render.Curves, theme render.Theme) (parts []curvesPart, left int) {
	size := img.Rect.Size()
	height := int(measureHeight * theme.Scale)
	columns := min(len(all), max(1, int(float64(size.X)/(measureWidth*theme.Scale))))
	if columns == 0 {
		return nil, size.Y
	}
	rows := (len(all) + columns - 1) / columns
	columns = (len(all) + rows - 1) / rows
	height = min(height, size.Y/2/rows) // the objective keeps half of the room
	left = size.Y - rows*height
	if left < height {
		return nil, size.Y
	}
	for i, series := range all {
		if i >= len(c.small) {
			chart, err := render.NewChart(c.ttf)
			if err != nil {
				return parts, left
			}
			c.small = append(c.small, chart)
		}
		column := i % columns
		at := image.Rect(column*size.X/columns, left+i/columns*height, (column+1)*size.X/columns, left+(i/columns+1)*height)
		part := image.NewRGBA(image.Rectangle{Max: at.Size()})
		view := c.small[i].Draw(part, series, theme)
		draw.Draw(img, at, part, image.Point{}, draw.Src)
		parts = append(parts, curvesPart{at: at, chart: view, series: series})
	}
	return parts, left
}

// part returns the chart at a point of the picture, the first when there is none.
func (f *curvesFrame) part(p image.Point) curvesPart {
	for _, q := range f.parts {
		if p.In(q.at) {
			return q
		}
	}
	return curvesPart{at: f.image.Rect, chart: f.chart, series: f.series}
}
