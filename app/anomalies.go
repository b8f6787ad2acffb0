package app

import (
	"fmt"
	"image"
	"image/draw"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// anomalyBins is the number of bins of the histogram of scores.
const anomalyBins = 60

// anomalies draws the distribution of anomaly scores with the threshold, and the
// examples with the highest: what they are, what the network makes of them, and
// the squared error of each feature.
func (p *painter) anomalies(f *panelFrame, req request, theme render.Theme) {
	scores := make([]float64, p.probe.Rows)
	autoencoder.Anomalies(p.probe, p.reconstruct(p.probe), scores)
	d := analysis.Distribute(scores)
	if d.Len() == 0 {
		return
	}
	h := d.Histogram(anomalyBins)
	limit, how, q := req.sheet.panel.threshold, "set by hand", req.sheet.panel
	if f.byHand = limit > 0; !f.byHand {
		limit, how = q.rule.Of(d, q.rule.Factor()), ruleText(q.rule)
	}
	f.threshold, f.rule, f.key = limit, q.rule, "rows: input, output, squared error"
	size, edge := f.image.Rect.Size(), int(12*theme.Scale)
	top := image.Rect(edge, edge+int(18*theme.Scale), size.X-edge, edge+min(size.Y/3, int(190*theme.Scale)))
	render.Write(f.image, image.Pt(edge, edge/2), p.charts.typeface, theme,
		fmt.Sprintf("Anomaly scores (mean squared error) of %s examples, counts on a logarithmic scale", thousands(len(scores))))
	counts := make([]float64, len(h.Counts))
	for i, n := range h.Counts {
		counts[i] = float64(n)
	}
	bars := image.NewRGBA(image.Rectangle{Max: top.Size()})
	view := render.Bars{
		Counts: counts, Lo: h.Edges[0], Hi: h.Edges[len(h.Edges)-1], LogY: true, Colour: req.look.accent, Ticks: true,
		Markers: []render.Marker{{X: limit, Label: "threshold", Colour: req.look.warn}},
	}.Draw(bars, p.charts.typeface, theme)
	draw.Draw(f.image, top, bars, image.Point{}, draw.Src)

	g := sheetTile(p.run.problem)
	space := image.Pt(size.X-2*edge, size.Y-top.Max.Y-edge)
	rank := analysis.Rank(scores)
	layout := sheetFor(g, space, len(rank), 3, int(labelHeight*req.scale))
	worst := rank[:min(layout.N, len(rank))]
	x := linalg.NewMatrix[float32](len(worst), p.probe.Cols)
	for k, i := range worst {
		copy(x.Row(k), p.probe.Row(i))
	}
	out := p.reconstruct(x)
	squares := linalg.NewMatrix[float32](x.Rows, x.Cols)
	autoencoder.FeatureAnomalies(x, out, squares)
	in, r := p.sheetInputs(x, worst)
	made, err := p.sheetPicture(out, worst)
	if err != nil {
		return
	}
	each := squares
	if p.pictured != picturedSeen { // of the numbers as the network sees them, in the tile's own units
		each = linalg.NewMatrix[float32](in.Rows, in.Cols)
		for i, v := range in.Data {
			each.Data[i] = (made.Data[i] - v) * (made.Data[i] - v)
		}
	}
	rows := []render.SheetRow[float32]{{X: in, Range: r}, {X: made, Range: r}, {X: each, Range: render.Range{Lo: 0, Hi: (r.Hi - r.Lo) * (r.Hi - r.Lo)}}}
	corner := image.Pt(edge, top.Max.Y+edge/2)
	visible := layout.Bounds().Intersect(image.Rectangle{Max: space})
	sheet := image.NewRGBA(visible)
	render.DrawSheet(sheet, visible, layout, rows, render.Options{})
	if layout.Foot > 0 {
		mat := render.DarkTheme()
		mat.Scale = theme.Scale
		render.DrawSheetLabels(sheet, visible, layout, func(k int) string { return shortNumber(scores[worst[k]]) }, p.charts.typeface, mat)
	}
	draw.Draw(f.image, visible.Add(corner), sheet, image.Point{}, draw.Src)

	f.hover = func(q image.Point) string {
		if q.In(top) {
			if bin, lo, hi, ok := view.At(q.X - top.Min.X); ok {
				return fmt.Sprintf("scores %.4g to %.4g: %d examples", lo, hi, h.Counts[bin])
			}
			return ""
		}
		k, row, px, py, ok := layout.At(q.Sub(corner))
		if !ok || k >= len(worst) {
			return ""
		}
		j := (py*g.Width + px) * g.Channels
		return fmt.Sprintf("example %s · %s · score %.4g · input %.3f, output %.3f, squared error of the feature %.4g", thousands(worst[k]),
			[...]string{"input", "reconstruction", "squared error"}[row], scores[worst[k]], in.At(k, j), made.At(k, j), each.At(k, j))
	}
	f.drag = func(q image.Point) (float64, bool) {
		if !q.In(top) || view.Area.Empty() {
			return 0, false
		}
		t := float64(q.X-top.Min.X-view.Area.Min.X) / float64(view.Area.Dx())
		return max(h.Edges[0]+t*(h.Edges[len(h.Edges)-1]-h.Edges[0]), 1e-300), true
	}
	f.caption = fmt.Sprintf("%d of %s examples above %.4g, %s · below: the %d worst · %s %d",
		d.Above(limit), thousands(len(scores)), limit, how, len(worst), stepWord(p.run.problem.Recipe), p.step)
}
