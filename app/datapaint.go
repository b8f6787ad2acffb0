package app

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"runtime"
	"sync"
	"time"

	"filterscope/engine/dataset"
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
