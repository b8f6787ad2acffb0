package app

import (
	"fmt"
	"image"
	"math"

	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// Pictures in a row of the traversals, at the most and at the least.
const mostInRow, leastInRow = 11, 3

// codesTraverse decodes the code that the sliders stand for, the whole way of the
// one moved last, and the ways from one example to another.
func (p *painter) codesTraverse(f *codesFrame, req request) {
	c, q := &p.codeset, req.codes
	s, g, theme := c.set, c.probe.tile, codesTheme(req)
	f.slide = slide{code: s.code(-1), unit: s.order[0]}
	if q.slide != nil && len(q.slide.code) == s.units() {
		if f.slide.unit = q.slide.unit; !q.slide.resting {
			f.slide = *q.slide
		}
	}
	f.ends = s.ends(q.chosen)
	width := q.size.X - int(16*req.scale)
	n := min(mostInRow, max(leastInRow, width/(g.Width+2)))
	zoom := max(1, (width/n-2)/g.Width)
	for zoom > 1 && theme.ImageRowsHeight(g.Height, zoom, zoom, zoom, 2*zoom) > q.size.Y {
		zoom--
	}
	large := zoom
	for theme.ImageRowsHeight(g.Height, zoom, zoom, zoom, large+1) <= q.size.Y && (large+1)*g.Width <= width {
		large++
	}

	low, high := s.reach(f.slide.unit)
	steps := variational.Steps(low, high, n)
	row := func(title string, z linalg.Matrix[float32], zoom, marked int) render.ImageRow {
		return render.ImageRow{Title: title, Images: p.decode(s, z, q.chosen[0]), Zoom: zoom, Marked: marked}
	}
	a, b := s.code(f.ends[0]), s.code(f.ends[1])
	f.rows = []render.ImageRow{
		row("the code of the sliders, decoded", linalg.MatrixOf(1, s.units(), f.slide.code), large, -1),
		row(fmt.Sprintf("unit %d from %s to %s, the others as they are", f.slide.unit, short(low), short(high)),
			variational.Traverse(f.slide.code, f.slide.unit, steps), zoom, nearestTo(steps, float64(f.slide.code[f.slide.unit]))),
		row(fmt.Sprintf("from A%s straight to B%s", s.classOf(f.ends[0]), s.classOf(f.ends[1])), variational.Interpolate(a, b, n), zoom, -1),
		row("and by the arc, which keeps the length of the code", variational.InterpolateArc(a, b, n), zoom, -1),
	}
	f.decoded = f.rows[0].Images
	f.image, f.content = image.NewRGBA(image.Rectangle{Max: q.size}), q.size
	f.rowViews = c.paint.ImageRows(f.image, f.rows, g, c.probe.span, theme)
}

// classOf writes the class of an example in brackets, "" without classes.
func (s *codeSet) classOf(example int) string {
	if label := s.probe.label(example); label != "" {
		return " (" + label + ")"
	}
	return ""
}

// nearestTo returns the index of the value nearest to x.
func nearestTo(values []float64, x float64) int {
	best := 0
	for i, v := range values {
		if math.Abs(v-x) < math.Abs(values[best]-x) {
			best = i
		}
	}
	return best
}

// ends returns the two examples chosen; in the place of one that is missing the
// first one, and the first one of another class.
func (s *codeSet) ends(chosen [2]int) [2]int {
	n := s.codes.Rows
	a, b := chosen[0], chosen[1]
	if a < 0 || a >= n {
		a = 0
		if b == 0 {
			a = n - 1
		}
	}
	if b < 0 || b >= n {
		b = min(1, n-1)
		if a == b {
			b = 0
		}
		for i := range n {
			if s.probe.label(i) != s.probe.label(a) {
				b = i
				break
			}
		}
	}
	return [2]int{a, b}
}
