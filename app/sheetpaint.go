package app

import (
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// choose picks the examples of the sheet: anew when a button was pressed,
// otherwise they stay.
func (p *painter) choose(q sheetRequest, n int) {
	if q.choose == theseExamples {
		n = min(n, len(q.these))
	}
	if p.examples != nil && p.chosen.turn == q.turn && p.chosen.choose == q.choose && len(p.examples) == n {
		return
	}
	total := p.run.problem.Data.N
	n = min(n, total)
	switch q.choose {
	case shuffledExamples:
		p.examples = rand.New(rand.NewPCG(q.seed, uint64(q.turn))).Perm(total)[:n]
	case theseExamples:
		p.examples = q.these[:n]
	case worstExamples:
		order := analysis.Rank(analysis.SquaredErrors(p.probe, p.reconstruct(p.probe)))
		p.examples = order[:min(n, len(order))]
	default:
		p.examples = make([]int, n)
		for i := range p.examples {
			p.examples[i] = i
		}
	}
	p.chosen = q
	p.inputs = p.run.problem.Examples(p.examples)
}

func (p *painter) reconstruct(x linalg.Matrix[float32]) linalg.Matrix[float32] {
	out := linalg.NewMatrix[float32](x.Rows, x.Cols)
	p.net.Reconstruct(p.theta, x, out)
	return out
}

// sheetFor returns the layout of as many examples as fill a view at a
// comfortable size, at most total; foot is the room for a number below each, for
// tiles that are wide enough.
func sheetFor(g dataset.Geometry, view image.Point, total, rows, foot int) render.Sheet {
	const gap, comfortable = 2, 56
	zoom := max(1, comfortable/max(g.Width, g.Height))
	columns := max(1, (view.X-gap)/(g.Width*zoom+gap))
	if g.Width*zoom < 2*foot {
		foot = 0
	}
	sheet := func(n int) render.Sheet {
		s := render.NewSheet(n, rows, g, columns, zoom, gap)
		s.Foot = foot
		return s
	}
	n := columns
	for sheet(n+columns).Size().Y <= view.Y {
		n += columns
	}
	return sheet(min(n, total))
}

// labelHeight is the room for a number below an example, in units.
const labelHeight = 15

func (p *painter) sheet(req request, snap *train.Snapshot) *sheetFrame {
	g, q := sheetTile(p.run.problem), req.sheet
	kind := p.sheetKind(snap)
	if q.view.X < 40 || q.view.Y < kind.rows*g.Height {
		return nil
	}
	layout := sheetFor(g, q.view, p.run.problem.Data.N, kind.rows, int(labelHeight*req.scale))
	p.choose(q, layout.N)
	layout.N = len(p.examples)
	m := render.BlueWhiteOrange
	if req.look.dark {
		m = render.BlueBlackOrange
	}
	f := &sheetFrame{layout: layout, examples: p.examples, step: p.step}
	if err := p.fillSheet(f, kind, m); err != nil {
		return nil // the data are not what they were; loading them said so
	}
	visible := layout.Bounds()
	if !q.visible.Empty() {
		visible = q.visible.Intersect(visible)
	}
	f.image, f.at = image.NewRGBA(image.Rectangle{Max: visible.Size()}), visible.Min
	render.DrawSheet(f.image, visible, layout, f.matrices(), render.Options{})
	if layout.Foot > 0 {
		p.charts.fonts(req.look)
		theme := render.DarkTheme() // the mat is dark in either
		theme.Scale = float64(req.scale)
		render.DrawSheetLabels(f.image, visible, layout, func(i int) string { return shortNumber(f.errors[i]) }, p.charts.typeface, theme)
	}
	if p.measuredAt != p.step || p.measured.IsZero() {
		if snap.Phase != train.Running || time.Since(p.measured) > describeEvery {
			p.probeError, p.measured, p.measuredAt = 0, time.Now(), p.step
			for _, e := range analysis.SquaredErrors(p.probe, p.reconstruct(p.probe)) {
				p.probeError += e / float64(p.probe.Rows)
			}
		}
	}
	f.mean, f.probe = p.probeError, p.probe.Rows
	return f
}

// shortNumber writes a number in three digits.
func shortNumber(v float64) string {
	s := fmt.Sprintf("%.3g", v)
	if v >= 0.01 && v < 1 {
		s = fmt.Sprintf("%.3f", v)
	}
	return s
}

// stripHeight is how many pixels high a row of numbers is drawn that is no
// image.
const stripHeight = 8

// sheetTile returns the tile of a reconstruction: an image, or the numbers side
// by side.
func sheetTile(p *train.Problem) dataset.Geometry {
	if drawable(p.Data.Geometry) {
		return p.Data.Geometry
	}
	return dataset.Geometry{Width: p.Visible(), Height: stripHeight, Channels: 1}
}

// pictured says how values as the network sees them become tiles.
type pictured int

const (
	picturedSeen   pictured = iota // as they are: images between 0 and 1
	picturedStrips                 // numbers side by side
	picturedUnits                  // back in the units of the data: what was centred or whitened is no picture
)

// picturedAs returns how examples such as x become tiles.
func picturedAs(problem *train.Problem, x linalg.Matrix[float32]) pictured {
	const beyond = 0.01 // of rounding
	seen := drawable(problem.Geometry())
	switch {
	case !drawable(problem.Data.Geometry):
		return picturedStrips
	case seen && len(x.Data) > 0 && slices.Min(x.Data) >= -beyond && slices.Max(x.Data) <= 1+beyond:
		return picturedSeen
	}
	return picturedUnits
}

// sheetPicture returns values as the network sees them of the given examples as
// tiles: as they are, or in the units of the data where those are no picture.
func (p *painter) sheetPicture(x linalg.Matrix[float32], examples []int) (linalg.Matrix[float32], error) {
	problem := p.run.problem
	data := problem.Data
	switch p.pictured {
	case picturedSeen:
		return x, nil
	case picturedStrips:
		return strips(x), nil
	}
	made := linalg.NewMatrix[float32](x.Rows, data.D)
	codes := linalg.NewMatrix[float64](1, x.Cols)
	for k := range x.Rows {
		linalg.Convert(codes, x.Slice(k, k+1))
		back, err := problem.Pipeline.Invert(data, examples[k], codes)
		if err != nil {
			return made, err
		}
		linalg.Convert(made.Slice(k, k+1), back)
	}
	return made, nil
}

// sheetInputs returns examples as tiles, and the values that are black and white.
func (p *painter) sheetInputs(x linalg.Matrix[float32], examples []int) (linalg.Matrix[float32], render.Range) {
	data := p.run.problem.Data
	switch p.pictured {
	case picturedSeen:
		return x, render.UnitRange()
	case picturedStrips:
		return strips(x), spread(x)
	}
	in := linalg.NewMatrix[float32](x.Rows, data.D)
	row := linalg.NewMatrix[float64](1, data.D)
	for k, i := range examples {
		data.Read(row.Row(0), i)
		linalg.Convert(in.Slice(k, k+1), row)
	}
	if data.FullScale > 0 {
		return in, render.Range{Lo: 0, Hi: data.FullScale}
	}
	return in, spread(in)
}

// strips returns every row as often below itself as a strip is high.
func strips(x linalg.Matrix[float32]) linalg.Matrix[float32] {
	tall := linalg.NewMatrix[float32](x.Rows, x.Cols*stripHeight)
	for i := range x.Rows {
		for k := range stripHeight {
			copy(tall.Row(i)[k*x.Cols:], x.Row(i))
		}
	}
	return tall
}

// spread returns the range of the values.
func spread(x linalg.Matrix[float32]) render.Range {
	if len(x.Data) == 0 {
		return render.UnitRange()
	}
	r := render.Range{Lo: float64(slices.Min(x.Data)), Hi: float64(slices.Max(x.Data))}
	if r.Lo == r.Hi {
		r.Hi++
	}
	return r
}
