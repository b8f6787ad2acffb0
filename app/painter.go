package app

import (
	"image"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// probeSize is how many examples the inspector and the search for the worst
// reconstructions look at.
const probeSize = 2000

// describeEvery is the least time between two descriptions of a unit that go
// over the whole probe.
const describeEvery = 250 * time.Millisecond

// painter draws frames. It belongs to the pump's goroutine and keeps what one
// frame needs of the one before.
type painter struct {
	run   *activeRun
	probe linalg.Matrix[float32] // the first examples, as the network sees them

	pictured pictured // how such examples become tiles

	full  *train.Snapshot // the one that weights come from
	theta []float32       // newest parameters
	step  int             // their step
	layer int             // that the views are about
	net   network.Network[float32]

	weights   *analysis.Weights // what the units of a layer look for
	weightsOf *train.Snapshot   // the one they are of
	weightsAt int               // the layer they are of

	codes   linalg.Matrix[float32] // activations of the layer on the probe, of codesOf
	codesOf *train.Snapshot

	contrast   render.Contrast
	contrastAt time.Time
	decoder    linalg.Matrix[float32] // decoder weights, one unit a row
	pixels     linalg.Matrix[float32] // encoder filters in pixel space

	chosen    sheetRequest // what the examples were chosen for
	examples  []int
	inputs    linalg.Matrix[float32]
	described *analysis.Unit
	of        *train.Snapshot // the one described
	at        time.Time       // of the description

	probeError float64   // mean squared error over the probe
	measured   time.Time // when
	measuredAt int       // at which step
	panels     panelState

	diagnosis   *diagnosisFrame
	diagnosedAt time.Time
	diagnosedOf *train.Snapshot // the one whose weights it is about
	diagnosedAs uint64          // the number of the snapshot whose curve it is about

	hard    []float64       // what a selection by arg-max gives, which does not learn
	shares  *render.Painter // of selections
	charts  charts
	codeset codesPainter
	again   func() // asks for another frame soon
}

func newPainter() *painter { return &painter{} }

// frame draws what the request asks for of the run's newest snapshot and of
// full, the newest that has parameters.
func (p *painter) frame(req request, run *activeRun, snap, full *train.Snapshot) *frame {
	f := &frame{run: run, snap: snap, view: req.view}
	if run != p.run {
		*p = painter{run: run, charts: p.charts, again: p.again, codeset: codesPainter{paint: p.codeset.paint}}
		if run != nil {
			data := run.problem.Data
			rows := make([]int, min(probeSize, data.N))
			for i := range rows {
				rows[i] = i
			}
			p.probe = run.problem.Examples(rows)
			p.pictured = picturedAs(run.problem, p.probe)
			p.net = network.NewNetwork[float32](run.problem.Spec())
		}
	}
	if run == nil || snap == nil {
		return f
	}
	if full != nil {
		p.take(full, req)
	}
	f.theta, f.weights, f.weightsStep = p.theta, p.weights, p.step
	if req.spark.X > 0 {
		f.spark = p.charts.sparkline(req, snap)
	}
	if req.view == viewCurves {
		f.curves = p.charts.curves(req, snap)
	}
	if req.diagnose {
		f.diagnosed, f.diagnosis = true, p.diagnose(snap)
	}
	if p.theta == nil {
		return f
	}
	switch req.view {
	case viewFilters:
		if f.selection = p.selection(req); f.selection == nil {
			f.filters = p.mosaic(req, snap)
		}
	case viewReconstruct:
		if _, ok := selects(run.problem); ok || run.exhibit != nil {
			break // without examples
		}
		if req.sheet.panel.on {
			f.panel = p.panel(req, snap)
		} else {
			f.sheet = p.sheet(req, snap)
		}
	case viewCodes:
		if run.exhibit == nil {
			f.codes = p.codesFrame(req, snap)
		}
	}
	f.contrast = p.contrast
	if u := req.inspector.unit; u >= 0 && u < p.weights.Encoder.Rows { // which are there: it wants them
		f.unit = p.inspect(req, snap)
	}
	return f
}

// take takes the parameters of a snapshot, and the weights of the layer that is
// wanted if somebody looks at them: of a deep one they take long.
func (p *painter) take(full *train.Snapshot, req request) {
	layer := min(req.filters.layer, len(p.run.problem.Spec().Layers())-1) // the request may be of another run
	if layer != p.layer {
		p.described, p.codesOf = nil, nil
	}
	p.full, p.theta, p.step, p.layer = full, full.Parameters, full.Step, layer
	wanted := layer == 0 || req.view == viewFilters || req.inspector.unit >= 0
	if !wanted || p.weights != nil && p.weightsOf == full && p.weightsAt == layer {
		return
	}
	p.weights, p.weightsOf, p.weightsAt = weightsOf(p.run.problem.Spec(), p.theta, layer), full, layer
	p.decoder, p.pixels = linalg.Matrix[float32]{}, linalg.Matrix[float32]{}
}

// weightsOf returns what the units of a layer look for. What they put into the
// output is left for whoever wants it: of a deep network it takes long.
func weightsOf(spec network.Spec, theta []float32, layer int) *analysis.Weights {
	y := spec.Layers()[layer]
	return &analysis.Weights{
		Encoder: network.Filters(spec, theta, layer), Bias: network.Biases(spec, theta, layer), Low: y.Low, High: y.High,
	}
}

// outgoing returns what the units put into the output, one unit a row.
func (p *painter) outgoing() linalg.Matrix[float32] {
	if p.weights.Decoder.Data == nil {
		p.weights.Decoder = network.Outgoing(p.run.problem.Spec(), p.theta, p.layer)
	}
	return p.weights.Decoder
}

// probeCodes returns the activations of the layer on the probe examples.
func (p *painter) probeCodes() linalg.Matrix[float32] {
	if p.codesOf != p.full {
		p.codes = linalg.NewMatrix[float32](p.probe.Rows, p.run.problem.Spec().Layers()[p.layer].Units)
		p.net.Encode(p.theta, p.layer, p.probe, p.codes)
		p.codesOf = p.full
	}
	return p.codes
}

// activations returns those of a unit on the probe examples.
func (p *painter) activations(unit int) []float64 {
	codes := p.probeCodes()
	all := make([]float64, codes.Rows)
	for i := range all {
		all[i] = float64(codes.At(i, unit))
	}
	return all
}

// filtersToShow returns the weights that the request wants, one unit a row; in
// the space of the data where what the network sees has other features.
func (p *painter) filtersToShow(decoder, pixels bool) linalg.Matrix[float32] {
	problem := p.run.problem
	switch {
	case decoder:
		if p.decoder.Data == nil {
			p.decoder = p.outgoing()
			if problem.Reduces() {
				p.decoder = eachRow(p.decoder, problem.Data.D, problem.Pipeline.OutputToPixels)
			}
		}
		return p.decoder
	case pixels && problem.Whitens() || problem.Reduces():
		if p.pixels.Data == nil {
			p.pixels = eachRow(p.weights.Encoder, problem.Data.D, problem.Pipeline.FilterToPixels)
		}
		return p.pixels
	}
	return p.weights.Encoder
}

// eachRow returns f of every row of w.
func eachRow(w linalg.Matrix[float32], columns int, f func([]float64) []float64) linalg.Matrix[float32] {
	out := linalg.NewMatrix[float32](w.Rows, columns)
	row := make([]float64, w.Cols)
	for i := range w.Rows {
		linalg.ConvertVector(row, w.Row(i))
		for j, v := range f(row) {
			out.Set(i, j, float32(v))
		}
	}
	return out
}

// tileOf returns the tile that shows a filter of the problem: an image, or bars.
func tileOf(p *train.Problem) (g dataset.Geometry, bars bool) {
	if drawable(p.Data.Geometry) {
		return p.Data.Geometry, false
	}
	return render.BarGeometry(p.Data.D), true
}

func (p *painter) mosaic(req request, snap *train.Snapshot) *filterFrame {
	q := req.filters
	visible := q.visible.Intersect(q.grid.Bounds())
	w := p.filtersToShow(q.decoder, q.pixels)
	g, bars := tileOf(p.run.problem)
	if visible.Empty() || q.grid.N != w.Rows || q.grid.Geometry != g {
		return nil
	}
	now := time.Now()
	if !q.lock || !p.contrast.Fits(w.Rows) {
		fresh := render.Measure(w, q.scaling)
		if p.contrast.Fits(w.Rows) && p.contrast.Scaling == q.scaling && snap.Phase == train.Running {
			fresh = fresh.Follow(p.contrast, now.Sub(p.contrastAt).Seconds())
		}
		p.contrast, p.contrastAt = fresh, now
	}
	f := &filterFrame{image: image.NewRGBA(image.Rectangle{Max: visible.Size()}), at: visible.Min, shown: w, bars: bars, req: q}
	drawn, options := w, q.options
	if bars {
		drawn, options.Transpose = render.BarTiles(w, p.contrast), false
	}
	render.Draw(f.image, visible, drawn, q.grid, p.contrast, options)
	f.clipped = render.Clipped(w, p.contrast)
	f.legend = p.charts.legend(req, p.contrast)
	if target := p.target(snap); target > 0 {
		for _, r := range snap.RhoHat {
			if r < analysis.DeadShare*target {
				f.dead++
			}
		}
	}
	return f
}

// inspect draws the pane about the selected unit. Its description over the
// probe is renewed a few times a second while the run goes on, its tiles with
// every frame.
func (p *painter) inspect(req request, snap *train.Snapshot) *unitFrame {
	q := req.inspector
	due := p.of != p.full && (snap.Phase != train.Running || time.Since(p.at) > describeEvery)
	if p.described == nil || p.described.Index != q.unit || due {
		p.outgoing()
		unit := analysis.Describe(*p.weights, q.unit, p.activations(q.unit), p.target(snap), 32)
		p.described, p.of, p.at = &unit, p.full, time.Now()
	}
	f := &unitFrame{unit: *p.described, bare: p.run.exhibit != nil, target: p.target(snap), rhoHat: p.described.Mean}
	if f.target > 0 && q.unit < len(snap.RhoHat) {
		f.rhoHat = snap.RhoHat[q.unit]
	}
	if p.run.exhibit == nil {
		f.bars = p.charts.activations(req, f)
	}
	g := p.run.problem.Data.Geometry
	if !drawable(g) || q.tile < g.Width {
		return f
	}
	zoom := max(1, min(q.tile/g.Width, q.tile/g.Height))
	options := req.filters.options
	if p.run.exhibit != nil {
		f.encoder = render.Tile(p.weights.Encoder.Row(q.unit), g, zoom, 0, 0, options)
		return f
	}
	encoder := p.filtersToShow(false, req.filters.pixels).Row(q.unit)
	f.encoder = render.Tile(encoder, g, zoom, 0, 0, options)
	f.decoder = render.Tile(p.filtersToShow(true, false).Row(q.unit), g, zoom, 0, 0, options)
	f.best = render.Tile(render.BestInput(p.filtersToShow(false, false).Row(q.unit)), g, zoom, 0, 0, options)
	if !p.run.problem.Reduces() {
		f.strongest = p.strongest(req, p.described.Top)
	}
	return f
}

// target returns the mean activation that is wanted of the units shown, 0 when
// nothing asks for one. The layers of a stacked autoencoder have one in turn, and
// none when they are fine-tuned.
func (p *painter) target(snap *train.Snapshot) float64 {
	r := p.run.problem.Recipe
	if snap.RhoHat == nil || p.layer != p.run.problem.Spec().Code() || snap.Hyper.Beta == 0 || !wantsTarget(r) || r.Model.Kind == recipe.KindStacked {
		return 0
	}
	return snap.Hyper.Rho
}

// strongestRows is how many rows of strongest examples the inspector shows.
const strongestRows = 2

// strongest draws the probe examples that activate the unit most.
func (p *painter) strongest(req request, top []int) *image.RGBA {
	g := p.run.problem.Data.Geometry
	const gap = 2
	width := int(sheetWidth * req.scale)
	zoom := max(1, int(38*req.scale)/g.Width)
	columns := max(1, (width-gap)/(g.Width*zoom+gap))
	top = top[:min(len(top), strongestRows*columns)]
	x := linalg.NewMatrix[float32](len(top), p.probe.Cols)
	for k, n := range top {
		copy(x.Row(k), p.probe.Row(n))
	}
	grid := render.NewGrid(len(top), g, columns, zoom, gap)
	img := image.NewRGBA(image.Rect(0, 0, max(width, grid.Size().X), grid.Size().Y)) // at the left of the column
	render.DrawImages(img, img.Rect, x, grid, render.UnitRange(), render.Options{Mat: req.look.panel})
	return img
}
