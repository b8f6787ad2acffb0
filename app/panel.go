package app

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/rbm"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// panelRequest is what the panel beside the reconstructions is asked for.
type panelRequest struct {
	on        bool
	threshold float64            // of anomalies, set by hand; 0 follows the rule
	rule      analysis.Threshold // of anomalies
	restart   int                // of the chains: grows with every press
	noise     bool               // the chains start at noise, not at examples
	held      bool               // the chains stand still
}

// panelFrame is the panel: a picture of the size of the view, and what it says.
type panelFrame struct {
	image   *image.RGBA
	caption string
	key     string // of what is drawn, beside the tools
	hover   func(p image.Point) string
	drag    func(p image.Point) (threshold float64, ok bool) // nil when nothing can be dragged
	saved   picture                                          // what is exported

	threshold float64 // of anomalies, and how it came about
	rule      analysis.Threshold
	byHand    bool
}

// panelName names what a kind of model has to show besides its reconstructions.
func panelName(kind string) string {
	switch kind {
	case recipe.KindRBM:
		return "Dreaming"
	case recipe.KindLinear:
		return "Matrix"
	case recipe.KindStacked:
		return "Classes"
	}
	return "Anomalies"
}

// panelState is what one panel needs of the frame before.
type panelState struct {
	chain   *rbm.Chain[float32]
	steps   int // that they have taken
	restart int
	noise   bool
	running bool                   // it was when the chains were drawn last
	due     time.Time              // of the next picture of the chains
	held    linalg.Matrix[float32] // examples held back
}

// dreamEvery is the time between two pictures of the chains when no training
// brings them; dreamSteps are the Gibbs steps between two, dreamAnew those after
// which chains start at the examples again while the weights change.
const (
	dreamEvery = 150 * time.Millisecond
	dreamSteps = 2
	dreamAnew  = 50
	dreamSide  = 8 // chains a side
)

// panel draws the panel of the run's kind of model.
func (p *painter) panel(req request, snap *train.Snapshot) *panelFrame {
	size := req.sheet.view
	if size.X < 200 || size.Y < 150 {
		return nil
	}
	p.charts.fonts(req.look)
	img := image.NewRGBA(image.Rectangle{Max: size})
	theme := req.look.theme
	theme.Scale = float64(req.scale)
	render.Fill(img, theme.Background)
	f := &panelFrame{image: img, hover: func(image.Point) string { return "" }, saved: onScreen(img)}
	switch spec := p.run.problem.Spec().(type) {
	case network.RBM:
		p.dream(f, spec, req, snap.Phase == train.Running, theme)
		if now := time.Now(); !req.sheet.panel.held && p.again != nil && !now.Before(p.panels.due) {
			p.panels.due = now.Add(dreamEvery)
			time.AfterFunc(dreamEvery, p.again)
		}
	case network.Linear:
		p.identity(f, snap, theme)
	case network.Stacked:
		p.confusion(f, spec, req, theme)
	default:
		p.anomalies(f, req, theme)
	}
	return f
}

// begin starts chains: at the examples of the probe, or at noise.
func (s *panelState) begin(p *painter, spec network.RBM, q panelRequest) {
	const n = dreamSide * dreamSide
	seed := p.run.problem.Recipe.Seed + uint64(q.restart)
	rng := rand.New(rand.NewPCG(seed, 'd'))
	start := linalg.NewMatrix[float32](n, spec.Visible())
	if q.noise {
		start = rbm.Noise(spec.Model, p.theta, n, rng)
	} else {
		order := rng.Perm(p.probe.Rows)
		for i := range n {
			copy(start.Row(i), p.probe.Row(order[i%len(order)]))
		}
	}
	s.chain, s.steps, s.restart, s.noise = rbm.NewChain(spec.Model, p.theta, start, seed), 0, q.restart, q.noise
}

// dream draws Gibbs chains and the hidden probabilities of the examples.
func (p *painter) dream(f *panelFrame, spec network.RBM, req request, running bool, theme render.Theme) {
	s, q := &p.panels, req.sheet.panel
	problem := p.run.problem
	// Chains that start at examples wander off for good with weights that know nothing yet: while these change they
	// start again and again, and once more when they have their last values.
	stale := !q.noise && !q.held && (running && s.steps >= dreamAnew || !running && s.running)
	if s.chain == nil || s.restart != q.restart || s.noise != q.noise || stale {
		s.begin(p, spec, q)
	}
	s.running = running
	s.chain.SetParameters(p.theta)
	if !q.held {
		s.chain.Step(dreamSteps)
		s.steps += dreamSteps
	}
	size, line := f.image.Rect.Size(), int(24*theme.Scale)
	edge := int(12 * theme.Scale)
	render.Write(f.image, image.Pt(edge, edge/2), p.charts.typeface, theme, dreamTitle(s.noise, s.steps))
	g := problem.Data.Geometry
	width := 0
	x := s.chain.Means().Clone()
	if drawable(problem.Geometry()) {
		grid := render.Fit(dreamSide*dreamSide, g, 1, size.X*7/10-edge, size.Y-line-edge)
		sheet := image.NewRGBA(grid.Bounds())
		render.DrawImages(sheet, sheet.Rect, x, grid, render.UnitRange(), render.Options{})
		draw.Draw(f.image, sheet.Rect.Add(image.Pt(edge, line)), sheet, image.Point{}, draw.Src)
		width = grid.Size().X
	}
	examples := p.probe.Slice(0, min(64, p.probe.Rows))
	codes := linalg.NewMatrix[float32](examples.Rows, spec.Model.Hidden)
	p.net.Encode(p.theta, 0, examples, codes)
	right := image.Rect(2*edge+width, line, size.X-edge, size.Y-edge)
	if right.Dx() < 40 {
		return
	}
	render.Write(f.image, image.Pt(right.Min.X, edge/2), p.charts.typeface, theme, fmt.Sprintf("hidden means: %d examples × %d units", codes.Rows, codes.Cols))
	value := func(i, j int) float64 { return float64(codes.At(i, j)) }
	strip := image.NewRGBA(image.Rectangle{Max: right.Size()})
	render.Strip(strip, codes.Rows, codes.Cols, value, render.UnitRange())
	draw.Draw(f.image, right, strip, image.Point{}, draw.Src)
	f.hover = func(at image.Point) string {
		if !at.In(right) {
			return ""
		}
		i, j := (at.Y-right.Min.Y)*codes.Rows/right.Dy(), (at.X-right.Min.X)*codes.Cols/right.Dx()
		return fmt.Sprintf("example %d · unit %d · hidden mean %.4f", i, j, codes.At(i, j))
	}
	if width > 0 {
		f.saved = dreamPicture(x, g, codes)
	}
	f.caption = fmt.Sprintf("reconstruction error %.4g an example: not the objective · %s %d", rbm.ReconstructionError(spec.Model, p.theta, examples), stepWord(problem.Recipe), p.step)
}

// dreamPicture is the chains beside the hidden means of the examples, both
// drawn with whole numbers of pixels: what the panel shows, as it is saved.
func dreamPicture(x linalg.Matrix[float32], g dataset.Geometry, codes linalg.Matrix[float32]) picture {
	const apart = 4
	means := dataset.Geometry{Width: codes.Cols, Height: codes.Rows, Channels: 1}
	grids := func(zoom int) (chains, strip render.Grid) {
		return render.NewGrid(x.Rows, g, dreamSide, zoom, zoom), render.NewGrid(1, means, 1, zoom, 0)
	}
	size := func(zoom int) image.Point {
		a, b := grids(zoom)
		return image.Pt(a.Size().X+apart*zoom+b.Size().X, max(a.Size().Y, b.Size().Y))
	}
	return picture{zooms: true, size: size, draw: func(zoom int) image.Image {
		img := image.NewRGBA(image.Rectangle{Max: size(zoom)})
		render.Fill(img, color.RGBA{A: 255})
		chains, strip := grids(zoom)
		part := image.NewRGBA(chains.Bounds())
		render.DrawImages(part, part.Rect, x, chains, render.UnitRange(), render.Options{})
		draw.Draw(img, part.Rect, part, image.Point{}, draw.Src)
		part = image.NewRGBA(strip.Bounds())
		render.DrawImages(part, part.Rect, linalg.MatrixOf(1, len(codes.Data), codes.Data), strip, render.UnitRange(), render.Options{})
		draw.Draw(img, part.Rect.Add(image.Pt(chains.Size().X+apart*zoom, 0)), part, image.Point{}, draw.Src)
		return img
	}}
}

// dreamTitle says where chains come from.
func dreamTitle(noise bool, steps int) string {
	from := "examples"
	if noise {
		from = "noise"
	}
	return fmt.Sprintf("%d Gibbs chains, %s steps from %s", dreamSide*dreamSide, thousands(steps), from)
}

// identity draws the matrix of a linear network and what is known of it.
func (p *painter) identity(f *panelFrame, snap *train.Snapshot, theme render.Theme) {
	w := network.Filters(p.run.problem.Spec(), p.theta, 0)
	n := w.Cols
	size, edge := f.image.Rect.Size(), int(12*theme.Scale)
	zoom := max(1, min((size.X*3/5)/n, (size.Y-2*edge)/n))
	flat := make([]float32, 0, w.Rows*n)
	for i := range w.Rows {
		flat = append(flat, w.Row(i)...)
	}
	square := dataset.Geometry{Width: n, Height: w.Rows, Channels: 1}
	tile := render.Tile(flat, square, zoom, 0, 1, render.Options{})
	at := tile.Rect.Add(image.Pt(edge, edge))
	draw.Draw(f.image, at, tile, image.Point{}, draw.Src)
	d := analysis.FromIdentity(w)
	lines := []string{
		"W: black −1, grey 0, white 1", "",
		fmt.Sprintf("distance ‖W − I‖  %.4g", d.Frobenius), fmt.Sprintf("mean of the diagonal  %.4f", d.MeanDiagonal),
		fmt.Sprintf("largest beside it  %.4f", d.OffDiagonal),
	}
	lines = append(lines, "R²  "+strings.ReplaceAll(fmt.Sprintf("%.5f", analysis.R2(p.probe, p.reconstruct(p.probe)).Total), "-", "−"))
	render.Write(f.image, image.Pt(at.Max.X+2*edge, edge), p.charts.typeface, theme, lines...)
	f.hover = func(q image.Point) string {
		if !q.In(at) {
			return ""
		}
		i, j := (q.Y-at.Min.Y)/zoom, (q.X-at.Min.X)/zoom
		return fmt.Sprintf("W(%d, %d) = %s", i, j, signed(float64(w.At(i, j))))
	}
	one := render.Contrast{Scales: []float64{1}, Centres: []float64{0}}
	grid := func(zoom int) render.Grid { return render.NewGrid(1, square, 1, zoom, 0) }
	f.saved = picture{
		zooms: true, what: "the matrix alone", meta: map[string]string{"Matrix": strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "; ")},
		size: func(zoom int) image.Point { return grid(zoom).Size() },
		draw: func(zoom int) image.Image {
			return render.Indexed(linalg.MatrixOf(1, len(flat), flat), grid(zoom), one, render.Options{})
		},
	}
	f.caption = fmt.Sprintf("what one layer has learnt of the identity · %s %d", stepWord(p.run.problem.Recipe), snap.Step)
}

// confusion draws which classes the read-out takes for which.
func (p *painter) confusion(f *panelFrame, spec network.Stacked, req request, theme render.Theme) {
	problem := p.run.problem
	x, labels, of := p.probe, problem.Data.Labels, "training examples"
	held := problem.Held != nil && problem.Held.Labels != nil
	if held {
		if p.panels.held.Data == nil {
			rows := make([]int, min(problem.Held.N, probeSize))
			for i := range rows {
				rows[i] = i
			}
			p.panels.held = problem.HeldExamples(rows)
		}
		x, labels, of = p.panels.held, problem.Held.Labels, "examples held back"
	}
	accuracy := func(x linalg.Matrix[float32], labels []int) (linalg.Matrix[float32], float64) {
		out := linalg.NewMatrix[float32](x.Rows, spec.Top.Classes)
		autoencoder.NewNetwork[float32](spec.Top).Reconstruct(network.TopOf(spec, p.theta), x, out)
		return out, autoencoder.Accuracy(out, labels[:x.Rows])
	}
	out, share := accuracy(x, labels)
	_, training := accuracy(p.probe, problem.Data.Labels)
	counts, names := make([][]int, spec.Top.Classes), make([]string, spec.Top.Classes)
	for i := range counts {
		counts[i], names[i] = make([]int, spec.Top.Classes), fmt.Sprint(i)
		if i < len(problem.Data.LabelNames) {
			names[i] = problem.Data.LabelNames[i]
		}
	}
	for i := range out.Rows {
		best := 0
		for j, v := range out.Row(i) {
			if v > out.At(i, best) {
				best = j
			}
		}
		counts[labels[i]][best]++
	}
	size, edge := f.image.Rect.Size(), int(16*theme.Scale)
	at := image.Pt(edge, edge)
	of = fmt.Sprintf("Accuracy %.2f %% of %s %s", 100*share, thousands(x.Rows), of)
	if held {
		of += fmt.Sprintf(", %.2f %% of %s training examples", 100*training, thousands(p.probe.Rows))
	} else {
		of += "; none are held back"
	}
	at.Y += render.Write(f.image, at, p.charts.typeface, theme, of,
		"true class down, class by the read-out across; shades are shares of a row") + edge/2
	side := min((size.Y-at.Y-2*edge)/len(counts), (size.X-4*edge)/len(counts), int(44*theme.Scale))
	if side < 4 {
		return
	}
	cells := render.DrawCounts(f.image, at, side, counts, names, p.charts.typeface, theme, req.look.accent)
	f.hover = func(q image.Point) string {
		if !q.In(cells) {
			return ""
		}
		i, j := (q.Y-cells.Min.Y)/side, (q.X-cells.Min.X)/side
		return fmt.Sprintf("class %s taken for %s: %d times", names[i], names[j], counts[i][j])
	}
	f.caption = fmt.Sprintf("the softmax read-out on the codes · %s %d", stepWord(problem.Recipe), p.step)
}
