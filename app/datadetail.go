package app

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strconv"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/preprocess"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// detail draws the lower part: the selected stage.
func (p *dataPainter) detail(ctx context.Context, f *dataFrame) {
	req := f.req
	k := min(max(req.stage, 0), len(p.preview.Stages)-1)
	s := &p.preview.Stages[k]
	if req.size.X < 40 || req.size.Y < 40 {
		return
	}
	switch req.detail {
	case detailSpectrum:
		p.spectrum(ctx, f, s, k)
	case detailMoments:
		p.moments(f, s)
	case detailSource:
		p.sourceImage(ctx, f)
	default:
		p.sheet(f, s, rangeOf(s, k == 0, p.preview.Data.FullScale))
	}
}

// stripLeast is the least height of a row of numbers, in device pixels.
const stripLeast = 4

// sheet draws the visible part of all examples looked at, with their labels.
func (p *dataPainter) sheet(f *dataFrame, s *train.Stage, r render.Range) {
	req := f.req
	if !drawable(s.Geometry) {
		f.detail = image.NewRGBA(image.Rectangle{Max: req.size})
		f.content = req.size
		f.strips = min(s.Rows.Rows, req.size.Y/stripLeast)
		render.Strip(f.detail, f.strips, s.Rows.Cols, s.Rows.At, r)
		return
	}
	labels := p.preview.Data.Labels
	gap := int(2 * req.scale)
	if labels != nil {
		gap = int(15 * req.scale)
	}
	side := int(56 * req.scale)
	zoom := max(1, side/max(s.Geometry.Width, s.Geometry.Height))
	columns := max(1, (req.size.X-gap)/(s.Geometry.Width*zoom+gap))
	f.grid = render.NewGrid(s.Rows.Rows, s.Geometry, columns, zoom, gap)
	f.content = f.grid.Size()
	visible := req.visible.Intersect(f.grid.Bounds())
	if visible.Empty() {
		visible = image.Rectangle{Max: req.size}.Intersect(f.grid.Bounds())
	}
	f.detail, f.at = image.NewRGBA(image.Rectangle{Max: visible.Size()}), visible.Min
	render.DrawImages(f.detail, visible, s.Rows, f.grid, r, render.Options{Mat: req.look.mat})
	if labels == nil {
		return
	}
	theme := req.look.theme
	theme.Scale = float64(req.scale)
	render.DrawLabels(f.detail, visible, f.grid, func(i int) string {
		return labelText(p.preview.Data, p.preview.Examples[i])
	}, p.charts.typeface, theme)
}

// labelText names the class of example i, "" when there is none.
func labelText(d *dataset.Dataset, i int) string {
	if d.Labels == nil {
		return ""
	}
	label := d.Labels[i]
	if label >= 0 && label < len(d.LabelNames) {
		return d.LabelNames[label]
	}
	return strconv.Itoa(label)
}

// moments draws the mean and the deviation of each feature: two images, or two
// curves when the features form none.
func (p *dataPainter) moments(f *dataFrame, s *train.Stage) {
	req := f.req
	if !drawable(s.Geometry) {
		x := make([]float64, len(s.FeatureMean))
		for j := range x {
			x[j] = float64(j + 1)
		}
		colours := render.SeriesColours(req.look.dark)
		p.curves(f, render.Curves{XName: "feature", YName: "over the examples", Labels: render.LabelLegend, Series: []render.Series{
			{Name: "mean", Colour: colours[0], X: x, Y: s.FeatureMean},
			{Name: "standard deviation", Colour: colours[1], X: x, Y: s.FeatureDeviation},
		}})
		return
	}
	two := linalg.NewMatrix[float64](2, len(s.FeatureMean))
	for k, v := range [][]float64{s.FeatureMean, s.FeatureDeviation} {
		low, high := v[0], v[0]
		for _, x := range v {
			low, high = min(low, x), max(high, x)
		}
		for j, x := range v {
			if high > low {
				two.Set(k, j, (x-low)/(high-low))
			}
		}
	}
	gap := int(24 * req.scale)
	zoom := render.FitZoom(2, s.Geometry, 2, gap, req.size.X, req.size.Y)
	f.grid = render.NewGrid(2, s.Geometry, 2, zoom, gap)
	f.content = f.grid.Size()
	visible := image.Rectangle{Max: f.content}
	if !req.visible.Empty() {
		visible = req.visible.Intersect(visible)
	}
	f.detail, f.at = image.NewRGBA(image.Rectangle{Max: visible.Size()}), visible.Min
	render.DrawImages(f.detail, visible, two, f.grid, render.UnitRange(), render.Options{Mat: req.look.mat})
	theme := req.look.theme
	theme.Scale = float64(req.scale)
	render.DrawLabels(f.detail, visible, f.grid, func(i int) string {
		return [...]string{"mean", "standard deviation"}[i]
	}, p.charts.typeface, theme)
}

// spectrum draws the variances along the principal components.
func (p *dataPainter) spectrum(ctx context.Context, f *dataFrame, s *train.Stage, stage int) {
	spectrum, have := p.spectra[stage]
	if !have {
		if p.job == nil {
			p.begin(ctx, p.key, func(ctx context.Context, job *dataJob) {
				job.kind, job.stage = detailSpectrum, stage
				job.spectrum, job.err = preprocess.Components(ctx, s.Rows)
			})
		}
		f.busy, f.what = true, "principal components"
		return
	}
	if spectrum == nil {
		f.about = fmt.Sprintf("the principal components of %d features cannot be had: cut smaller patches", s.Rows.Cols)
		return
	}
	n := len(spectrum.Variances)
	x := make([]float64, n)
	for k := range x {
		x[k] = float64(k + 1)
	}
	colours := render.SeriesColours(f.req.look.dark)
	p.curves(f, render.Curves{
		XName: "principal component", YName: "variance along it", LogY: true, Labels: render.LabelNone,
		Series: []render.Series{
			{Name: "variance", Colour: colours[1], X: x, Y: spectrum.Variances},
		},
	})
	f.about = fmt.Sprintf("90 %% of the variance in %d components, 99 %% in %d", spectrum.Components(0.9), spectrum.Components(0.99))
}

// curves draws a chart over the whole detail.
func (p *dataPainter) curves(f *dataFrame, c render.Curves) {
	f.detail, f.content = image.NewRGBA(image.Rectangle{Max: f.req.size}), f.req.size
	theme := f.req.look.theme
	theme.Scale = float64(f.req.scale)
	f.chart, f.series = p.charts.chart.Draw(f.detail, c, theme), c
}

// sourceImage draws an image that patches were cut from, with a box around each
// patch.
func (p *dataPainter) sourceImage(ctx context.Context, f *dataFrame) {
	data, req := p.preview.Data, f.req
	if data.SourceImage == nil || len(data.Sources) == 0 {
		f.about = "these examples were not cut from larger images"
		return
	}
	n := min(max(req.source, 0), len(data.Sources)-1)
	if (p.source == nil && p.sourceFault == nil) || p.sourceN != n {
		if p.job == nil {
			p.begin(ctx, p.key, func(ctx context.Context, job *dataJob) {
				job.kind, job.stage = detailSource, n
				job.image, job.err = data.SourceImage(ctx, n)
			})
		}
		f.busy, f.what = true, "opening "+data.Sources[n]
		return
	}
	if p.sourceFault != nil {
		f.about = oneLine(p.sourceFault)
		return
	}
	img, g := p.source, p.source.Geometry
	by := reduction(image.Pt(g.Width, g.Height), req.size)
	if p.smallBy != by {
		p.small, p.smallBy = make([]float64, img.D), by
		img.Read(p.small, 0)
		p.small, _, _ = shrunk(p.small, g.Width, g.Height, g.Channels, by)
	}
	g.Width, g.Height = (g.Width+by-1)/by, (g.Height+by-1)/by
	zoom := render.FitZoom(1, g, 1, 0, req.size.X, req.size.Y)
	grid := render.NewGrid(1, g, 1, zoom, 0)
	f.content = grid.Size()
	visible := req.visible.Intersect(grid.Bounds())
	if visible.Empty() {
		visible = image.Rectangle{Max: req.size}.Intersect(grid.Bounds())
	}
	f.detail, f.at = image.NewRGBA(image.Rectangle{Max: visible.Size()}), visible.Min
	x := linalg.MatrixOf(1, len(p.small), p.small)
	r := render.Range{Lo: 0, Hi: img.FullScale}
	if img.FullScale == 0 {
		r = render.Range{Lo: slices.Min(x.Data), Hi: slices.Max(x.Data) + 1e-300}
	}
	render.DrawImages(f.detail, visible, x, grid, r, render.Options{Mat: req.look.mat})
	count := 0
	box := func(i int, c color.RGBA) {
		at, g := data.Origins[i], data.Geometry
		box := image.Rect(at.X/by, at.Y/by, (at.X+g.Width+by-1)/by, (at.Y+g.Height+by-1)/by)
		outline(f.detail, box, zoom, visible.Min, c)
	}
	for i, at := range data.Origins {
		if at.Source != n {
			continue
		}
		if count++; count <= maxBoxes {
			box(i, req.look.accent)
		}
	}
	if i := req.example; i >= 0 && i < data.N && data.Origins[i].Source == n {
		box(i, req.look.warn)
	}
	f.about = fmt.Sprintf("%s (%d of %d), %d×%d px · %s patches cut from it", data.Sources[n], n+1, len(data.Sources),
		img.Geometry.Width, img.Geometry.Height, thousands(count))
	if by > 1 {
		f.about += fmt.Sprintf(" · 1:%d", by)
	}
	if count > maxBoxes {
		f.about += fmt.Sprintf(", %d shown", maxBoxes)
	}
}

// maxBoxes is how many patches are framed in an image: more would cover it.
const maxBoxes = 300

// outline draws the sides of a rectangle of image pixels.
func outline(dst *image.RGBA, r image.Rectangle, zoom int, at image.Point, c color.RGBA) {
	r = image.Rectangle{Min: r.Min.Mul(zoom), Max: r.Max.Mul(zoom)}.Sub(at)
	ink := image.NewUniform(c)
	for _, side := range []image.Rectangle{
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+1), image.Rect(r.Min.X, r.Max.Y-1, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, r.Min.Y, r.Min.X+1, r.Max.Y), image.Rect(r.Max.X-1, r.Min.Y, r.Max.X, r.Max.Y),
	} {
		draw.Draw(dst, side, ink, image.Point{}, draw.Src)
	}
}
