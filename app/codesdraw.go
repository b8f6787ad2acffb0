package app

import (
	"image"
	"math"
	"math/rand/v2"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// tileImage draws one picture as large as fits into a square of that side.
func tileImage(row []float32, g dataset.Geometry, r render.Range, side int) *image.RGBA {
	zoom := max(1, side/max(g.Width, g.Height))
	return render.Images(linalg.MatrixOf(1, len(row), row), r, render.MosaicOptions{Geometry: g, Columns: 1, Zoom: zoom})
}

// arrangeTiles lays n pictures out in that many columns, as large as fits.
func arrangeTiles(n int, g dataset.Geometry, columns, gap int, view image.Point) render.Grid {
	return render.NewGrid(n, g, columns, render.FitZoom(n, g, columns, gap, view.X, view.Y), gap)
}

// drawTiles draws the visible part of the frame's pictures.
func (f *codesFrame) drawTiles(req request, r render.Range) {
	f.content = f.grid.Size()
	visible := f.grid.Bounds()
	if v := f.req.visible; !v.Intersect(visible).Empty() {
		visible = v.Intersect(visible)
	}
	f.image, f.at = image.NewRGBA(image.Rectangle{Max: visible.Size()}), visible.Min
	render.DrawImages(f.image, visible, f.tiles, f.grid, r, render.Options{})
}

// codesGrid draws the plane decoded at n×n places.
func (p *painter) codesGrid(f *codesFrame, req request, snap *train.Snapshot) {
	c, q := &p.codeset, req.codes
	if c.same(q, req.look) {
		l := c.last
		f.plane, f.image, f.at, f.content, f.grid, f.tiles, f.xs, f.ys = l.plane, l.image, l.at, l.content, l.grid, l.tiles, l.xs, l.ys
		return
	}
	if q.plane.components {
		f.plane = c.set.plane(q.plane, c.componentsOf(snap.Phase))
	} else {
		f.plane = c.set.plane(q.plane, nil)
	}
	z, xs, ys := f.plane.grid(c.set, q.grid)
	f.tiles, f.xs, f.ys = p.decode(c.set, z, q.chosen[0]), xs, ys
	f.grid = arrangeTiles(z.Rows, c.probe.tile, len(xs), 0, q.size)
	f.drawTiles(req, c.probe.span)
}

// sampleTile is the side of a sample in units.
const sampleTile = 50

// codesSamples decodes codes drawn from the prior or, where there is none, from
// the normal distribution with the mean and the covariance of the codes.
func (p *painter) codesSamples(f *codesFrame, req request, snap *train.Snapshot) {
	c, q := &p.codeset, req.codes
	if c.same(q, req.look) {
		l := c.last
		f.image, f.at, f.content, f.grid, f.tiles = l.image, l.at, l.content, l.grid, l.tiles
		return
	}
	g := c.probe.tile
	zoom := max(1, int(math.Round(sampleTile*float64(req.scale)/float64(max(g.Width, g.Height)))))
	const gap = 2
	columns := max(1, (q.size.X-gap)/(g.Width*zoom+gap))
	rows := max(1, (q.size.Y-gap)/(g.Height*zoom+gap))
	n := min(columns*rows, 2000)
	if c.samples.Rows != n || c.samples.Cols != c.set.units() || c.turn != q.turn {
		rng := rand.New(rand.NewPCG(p.run.problem.Recipe.Seed, uint64(q.turn)+1))
		c.samples, c.turn = linalg.NewMatrix[float32](n, c.set.units()), q.turn
		for i := range c.samples.Data {
			c.samples.Data[i] = float32(rng.NormFloat64())
		}
	}
	f.grid = render.NewGrid(n, g, columns, zoom, gap)
	f.tiles = p.decode(c.set, c.drawn(snap.Phase), q.chosen[0])
	f.drawTiles(req, c.probe.span)
}

// drawn returns the codes that the normal numbers of the samples stand for.
func (c *codesPainter) drawn(phase train.Phase) linalg.Matrix[float32] {
	s := c.set
	if s.probe.prior {
		return c.samples
	}
	least, most := s.bounds.Range()
	z := linalg.NewMatrix[float32](c.samples.Rows, s.units())
	spectrum := c.componentsOf(phase)
	for i := range z.Rows {
		row := z.Row(i)
		copy(row, s.code(-1))
		for k, e := range c.samples.Row(i) {
			if spectrum == nil {
				row[k] += e * float32(s.deviation[k])
				continue
			}
			step := float64(e) * math.Sqrt(spectrum.Variances[k])
			if step == 0 {
				continue
			}
			for j, d := range spectrum.Directions.Row(k) {
				row[j] += float32(step * d)
			}
		}
		for j, v := range row {
			row[j] = float32(min(max(float64(v), least), most))
		}
	}
	return z
}
