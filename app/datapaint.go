package app

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// dataDetail says what the Data view shows of the selected stage.
type dataDetail int

const (
	detailExamples dataDetail = iota
	detailMoments
	detailSpectrum
	detailSource
)

// dataRequest is what the Data view wants to see, as values that its drawer may
// read while the UI goes on.
type dataRequest struct {
	recipe recipe.Recipe
	shown  bool
	scale  float32
	look   look

	card    image.Point // size of the picture of a stage's card, device pixels
	stage   int
	detail  dataDetail
	size    image.Point     // of the detail
	visible image.Rectangle // of its content
	turn    int             // grows when loading is to be tried again
	halted  bool            // the user gave loading up
	source  int             // which of the images that patches were cut from
	example int             // the one to point out in it, -1 for none
}

// dataFrame is one finished answer to a dataRequest.
type dataFrame struct {
	req         dataRequest
	busy        bool
	loading     bool // busy with the data, not with the detail
	done, total int
	what        string // is being done
	fault       error
	preview     *train.Preview
	warnings    []dataset.Warning

	cards   []*image.RGBA // one a stage: examples, and the histogram of all values below them
	detail  *image.RGBA
	at      image.Point // of the detail in its content
	content image.Point
	grid    render.Grid // of the examples, or of mean and deviation
	strips  int         // examples drawn as strips, of data that are no images
	chart   render.View // of the spectrum, or of the moments of a table
	series  render.Curves
	about   string // about the detail
}

// dataPainter loads, prepares and draws what the Data view shows. It belongs to
// the drawer's goroutine; what takes long goes on in a job.
type dataPainter struct {
	cache *dataCache
	wake  func()

	job      *dataJob
	key      string // of preview or fault
	preview  *train.Preview
	warnings []dataset.Warning
	fault    error

	spectra map[int]*preprocess.Spectrum // of the preview's stages
	source  *dataset.Dataset             // the image asked for last
	sourceN int                          // its number

	sourceFault error     // why it is not there
	small       []float64 // the image, reduced
	smallBy     int       // how many times; 0 for not yet
	charts      charts

	cards    []*image.RGBA
	cardsFor cardsKey
}

// cardsKey is what the pictures of the cards depend on.
type cardsKey struct {
	preview *train.Preview
	size    image.Point
	dark    bool
	scale   float32
}

// dataJob is work on a goroutine of its own: a preview, or a spectrum for one.
type dataJob struct {
	key    string
	cancel context.CancelCauseFunc
	ready  chan struct{}

	preview  *train.Preview
	warnings []dataset.Warning
	kind     dataDetail // of work for a preview that is there
	stage    int
	spectrum *preprocess.Spectrum
	image    *dataset.Dataset
	err      error

	mu          sync.Mutex
	done, total int
	what        string
}

// frame answers a request.
func (p *dataPainter) frame(ctx context.Context, req dataRequest) *dataFrame {
	f, err := guarded(func() (*dataFrame, error) { return p.answer(ctx, req), nil })
	if err != nil {
		p.key, p.preview, p.fault = previewKey(req), nil, err
		p.cards, p.cardsFor = nil, cardsKey{}
		f = &dataFrame{req: req, fault: err}
	}
	return f
}

// previewKey tells apart the requests whose previews differ.
func previewKey(req dataRequest) string {
	r := recipe.Recipe{Preprocess: req.recipe.Preprocess, Model: req.recipe.Model}
	return fmt.Sprintf("%d %s %s", req.turn, dataKey(req.recipe), r.Encode())
}

func (p *dataPainter) answer(ctx context.Context, req dataRequest) *dataFrame {
	f := &dataFrame{req: req}
	if !req.shown || req.recipe.IsRBF() {
		p.drop()
		p.key, p.preview = "", nil
		return f
	}
	key := previewKey(req)
	p.collect()
	if p.key != key && req.halted {
		p.drop()
		f.fault = errCancelled
		return f
	}
	if p.key != key && (p.job == nil || p.job.key != key) {
		p.drop()
		p.begin(ctx, key, func(ctx context.Context, job *dataJob) {
			job.preview, job.warnings, job.err = p.load(ctx, req.recipe, job)
		})
	}
	if p.key != key { // the preview there is belongs to other steps: it stays until the new one comes
		f.busy, f.loading = true, true
		p.job.mu.Lock()
		f.done, f.total, f.what = p.job.done, p.job.total, p.job.what
		p.job.mu.Unlock()
	} else {
		f.fault = p.fault
	}
	f.preview, f.warnings = p.preview, p.warnings
	if p.preview == nil {
		return f
	}
	p.charts.fonts(req.look)
	f.cards = p.stageCards(req)
	p.detail(ctx, f)
	return f
}

// drop gives up the job there is.
func (p *dataPainter) drop() {
	if p.job != nil {
		p.job.cancel(errCancelled)
		p.job = nil
	}
}

// begin starts a job.
func (p *dataPainter) begin(ctx context.Context, key string, work func(ctx context.Context, job *dataJob)) {
	job := &dataJob{key: key, ready: make(chan struct{}), what: "starting"}
	ctx, job.cancel = context.WithCancelCause(ctx)
	p.job = job
	go func() {
		runtime.LockOSThread() // the thread ends with the goroutine, and its priority with it
		yieldToWindow()
		_, err := guarded(func() (struct{}, error) { work(ctx, job); return struct{}{}, nil })
		if err != nil {
			job.err = err
		}
		job.cancel(nil)
		close(job.ready)
		p.wake()
	}()
}

// load makes the preview of a recipe.
func (p *dataPainter) load(ctx context.Context, r recipe.Recipe, job *dataJob) (*train.Preview, []dataset.Warning, error) {
	progress := throttle(100*time.Millisecond, func(done, total int, what string) {
		job.mu.Lock()
		job.done, job.total, job.what = done, total, what
		job.mu.Unlock()
		p.wake()
	})
	data, warnings, err := p.cache.load(ctx, r, progress)
	if err != nil {
		return nil, nil, err
	}
	progress(0, 0, "preprocessing")
	preview, err := train.NewPreview(ctx, r, data)
	return preview, warnings, err
}

// collect takes over what the job has made, if it has ended.
func (p *dataPainter) collect() {
	if p.job == nil {
		return
	}
	select {
	case <-p.job.ready:
	default:
		return
	}
	job := p.job
	p.job = nil
	switch {
	case job.key != p.key:
		p.key, p.fault = job.key, job.err
		p.preview, p.warnings = job.preview, job.warnings
		p.spectra, p.source, p.sourceFault = map[int]*preprocess.Spectrum{}, nil, nil
	case job.kind == detailSource:
		p.source, p.sourceN, p.sourceFault, p.smallBy = job.image, job.stage, job.err, 0
	default:
		p.spectra[job.stage] = job.spectrum // nil: it cannot be had
	}
}

// rangeOf returns the range in which a stage's values are shown: intensities
// as they are, other values within three deviations of their mean.
func rangeOf(s *train.Stage, first bool, full float64) render.Range {
	switch {
	case first && full > 0:
		return render.Range{Lo: 0, Hi: full}
	case s.Low >= 0 && s.High <= 1:
		return render.UnitRange()
	case s.Deviation > 0:
		return render.Range{Lo: s.Mean - 3*s.Deviation, Hi: s.Mean + 3*s.Deviation}
	}
	return render.Range{Lo: s.Low - 1, Hi: s.High + 1}
}

// stageCards draws the pictures of all stages.
func (p *dataPainter) stageCards(req dataRequest) []*image.RGBA {
	key := cardsKey{p.preview, req.card, req.look.dark, req.scale}
	if key == p.cardsFor {
		return p.cards
	}
	cards := make([]*image.RGBA, len(p.preview.Stages))
	split := req.card.Y * 3 / 5
	for k := range cards {
		s := &p.preview.Stages[k]
		cards[k] = image.NewRGBA(image.Rectangle{Max: req.card})
		draw.Draw(cards[k], cards[k].Rect, image.NewUniform(req.look.panel), image.Point{}, draw.Src)
		top := image.Rect(0, 0, req.card.X, split)
		p.examplesOn(cards[k].SubImage(top).(*image.RGBA), s, rangeOf(s, k == 0, p.preview.Data.FullScale), req)
		p.histogramOn(cards[k].SubImage(image.Rect(0, split, req.card.X, req.card.Y)).(*image.RGBA), s, req)
	}
	p.cards, p.cardsFor = cards, key
	return cards
}

// examplesOn fills a small picture with the first examples of a stage.
func (p *dataPainter) examplesOn(dst *image.RGBA, s *train.Stage, r render.Range, req dataRequest) {
	const gap = 2
	size := dst.Rect.Size()
	g := s.Geometry
	if !drawable(g) || g.Width+2*gap > size.X || g.Height+2*gap > size.Y {
		render.Strip(dst, min(s.Rows.Rows, 40), s.Rows.Cols, s.Rows.At, r)
		return
	}
	across := func(zoom int) image.Point {
		return image.Pt((size.X-gap)/(g.Width*zoom+gap), (size.Y-gap)/(g.Height*zoom+gap))
	}
	zoom := 1
	for n := across(zoom + 1); n.X >= 3 && n.Y >= 3; n = across(zoom + 1) {
		zoom++
	}
	n := across(zoom)
	grid := render.NewGrid(min(n.X*n.Y, s.Rows.Rows), g, n.X, zoom, gap)
	render.DrawImages(dst, image.Rectangle{Max: size}, s.Rows, grid, r, render.Options{Mat: req.look.panel})
}

// drawable reports whether the examples of that geometry can be drawn as tiles.
func drawable(g dataset.Geometry) bool {
	return g.IsImage() && (g.Channels == 1 || g.Channels == 3)
}

// histogramOn draws the values of a stage.
func (p *dataPainter) histogramOn(dst *image.RGBA, s *train.Stage, req dataRequest) {
	counts := make([]float64, len(s.Histogram))
	for i, n := range s.Histogram {
		counts[i] = float64(n)
	}
	lo, hi := s.Low, s.High
	if lo == hi {
		lo, hi = lo-0.5, hi+0.5
	}
	theme := req.look.theme
	theme.Background, theme.Scale = req.look.panel, float64(req.scale)
	render.Bars{Counts: counts, Lo: lo, Hi: hi, LogY: true, Colour: req.look.accent, Ticks: true}.Draw(dst, p.charts.typeface, theme)
}

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
