package render

import (
	"image/color"
	"iter"
	"math"
	"slices"
	"sort"
)

// Series is one curve. X does not decrease, and X and Y are as long as each
// other; they may be prefixes of slices that grow. A Y that is not finite, or
// not positive on a logarithmic axis, interrupts the line.
type Series struct {
	Name   string
	Colour color.RGBA
	X, Y   []float64
}

// Event marks a moment: a tweak, a fork, a pause.
type Event struct {
	X      float64
	Mark   string // one or two characters at the top; "" draws a diamond
	Colour color.RGBA
}

// Window is a part of an axis; the zero Window means as much as the data need.
type Window struct{ Lo, Hi float64 }

// Labels says where the names of the series stand.
type Labels uint8

const (
	// LabelEnds writes name and last value beside the end of each line, in
	// the colour of the line. In a narrow chart it becomes LabelNone.
	LabelEnds Labels = iota
	// LabelLegend writes one line of names and last values above the chart.
	LabelLegend
	// LabelNone writes none.
	LabelNone
)

// Curves is what a [Chart] draws.
type Curves struct {
	Series []Series
	Behind []Series // drawn faint below the others, without names: what those were smoothed from
	Events []Event
	X, Y   Window
	LogY   bool
	Labels Labels
	XName  string // under the axis, "iteration"; "" for none
	YName  string // above the axis; "" for none
}

// smallestShare is how far below its top a logarithmic axis reaches by
// itself: a term that vanishes shall not flatten the others.
const smallestShare = 1e-8

// Axes returns the axes that the curves are drawn on: the windows where given,
// else round numbers around the data.
func (c *Curves) Axes() (x, y Axis) {
	xLo, xHi := math.Inf(1), math.Inf(-1)
	for s := range c.all() {
		if n := len(s.X); n > 0 {
			xLo, xHi = min(xLo, s.X[0]), max(xHi, s.X[n-1])
		}
	}
	switch {
	case c.X.Lo < c.X.Hi:
		x = Axis{Lo: c.X.Lo, Hi: c.X.Hi}
	case !(xLo <= xHi):
		x = Axis{Lo: 0, Hi: 10}
	case xLo >= 0 && xLo <= 0.3*xHi || xHi <= 10 && xLo >= 0:
		x = Axis{Lo: 0, Hi: max(10, roomyCeil(xHi))}
	default:
		x = Axis{Lo: xLo, Hi: xLo + roomyCeil(xHi-xLo)}
	}

	y = Axis{Lo: c.Y.Lo, Hi: c.Y.Hi, Log: c.LogY}
	if y.Lo < y.Hi && (!y.Log || y.Lo > 0) {
		return x, y
	}
	lo, hi := c.extent(x)
	if c.LogY {
		if !(lo <= hi) {
			lo, hi = 1, 10
		}
		lo = max(lo, hi*smallestShare)
		y.Lo, y.Hi = niceFloor(lo), NiceCeil(hi)
		if !(y.Lo > 0) || !(y.Lo < y.Hi) {
			y.Lo, y.Hi = hi/2, hi*2
		}
		return x, y
	}
	switch {
	case !(lo <= hi):
		lo, hi = 0, 1
	case lo == hi:
		lo, hi = lo-math.Abs(lo)/2-1e-9, hi+math.Abs(hi)/2+1e-9
	}
	if lo >= 0 && lo < 0.4*hi {
		lo = 0
	}
	step := NiceCeil((hi - lo) / 5)
	if !(step > 0) {
		step = 1
	}
	y.Lo, y.Hi = math.Floor(lo/step)*step, math.Ceil(hi/step)*step
	if !(y.Lo < y.Hi) || !finite(y.Lo) || !finite(y.Hi) {
		y.Lo, y.Hi = 0, 1
	}
	return x, y
}

// all yields every series, those behind first.
func (c *Curves) all() iter.Seq[*Series] {
	return func(yield func(*Series) bool) {
		for _, some := range [][]Series{c.Behind, c.Series} {
			for i := range some {
				if !yield(&some[i]) {
					return
				}
			}
		}
	}
}

// Smooth returns the curves smoothed by weight, in [0, 1), with what they were behind
// them; by 0 they stay as they are. Each value becomes the mean of it and those before
// it, which count less by the factor weight for each step that they lie back: an exponential moving
// average, without the bias to 0 of its beginning. A step is the mean distance of the points of the densest
// series, so that one with few points stays nearly as it is. Values that are not finite are left out.
func (c Curves) Smooth(weight float64) Curves {
	if !(weight > 0) {
		return c
	}
	step := math.Inf(1)
	for s := range c.all() {
		if n := min(len(s.X), len(s.Y)); n > 1 && s.X[n-1] > s.X[0] {
			step = min(step, (s.X[n-1]-s.X[0])/float64(n-1))
		}
	}
	c.Behind = c.Series
	c.Series = make([]Series, len(c.Behind))
	for i, s := range c.Behind {
		s.Y = s.smooth(weight, step)
		c.Series[i] = s
	}
	return c
}

func (s *Series) smooth(weight, step float64) []float64 {
	y := slices.Clone(s.Y)
	sum, total, at := 0.0, 0.0, math.Inf(-1) // nothing was before the first
	for k := range min(len(s.X), len(s.Y)) {
		if !finite(y[k]) {
			continue
		}
		keep := math.Pow(weight, (s.X[k]-at)/step)
		sum, total, at = keep*sum+y[k], keep*total+1, s.X[k]
		y[k] = sum / total
	}
	return y
}

// extent returns the range of what can be drawn inside the x axis.
func (c *Curves) extent(x Axis) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for s := range c.all() {
		first, last := s.visible(x)
		for _, v := range s.Y[first:last] {
			if finite(v) && (v > 0 || !c.LogY) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return lo, hi
}

// visible returns the points on the axis, and one more at either side, so that
// lines reach the edges.
func (s *Series) visible(x Axis) (first, last int) {
	n := min(len(s.X), len(s.Y))
	first = sort.SearchFloat64s(s.X[:n], x.Lo)
	last = sort.Search(n, func(i int) bool { return s.X[i] > x.Hi })
	first = max(0, first-1)
	return first, max(first, min(n, last+1))
}

// decimate calls line for the segments of the polyline through the points
// first to last-1 in pixels, keeping at most four points of each pixel column:
// the first, the smallest, the largest and the last. What it draws differs
// from the whole polyline by nothing that a pixel can show.
func (s *Series) decimate(first, last int, x, y func(float64) float64, drawable func(float64) bool, dot func(x, y float64), line func(x0, y0, x1, y1 float64)) {
	var (
		penX, penY float64
		down, used bool // the pen is on paper; it has drawn since
	)
	visit := func(i int) {
		px, py := x(s.X[i]), y(s.Y[i])
		if down {
			line(penX, penY, px, py)
			used = true
		}
		penX, penY, down = px, py, true
	}
	lift := func() {
		if down && !used {
			dot(penX, penY)
		}
		down, used = false, false
	}
	for i := first; i < last; {
		if !drawable(s.Y[i]) {
			lift()
			i++
			continue
		}
		column := math.Floor(x(s.X[i]))
		start, low, high, end := i, i, i, i
		for i++; i < last && math.Floor(x(s.X[i])) == column && drawable(s.Y[i]); i++ {
			if s.Y[i] < s.Y[low] {
				low = i
			}
			if s.Y[i] > s.Y[high] {
				high = i
			}
			end = i
		}
		visit(start)
		for _, k := range [2]int{min(low, high), max(low, high)} {
			if k != start && k != end {
				visit(k)
			}
		}
		if end != start {
			visit(end)
		}
	}
	lift()
}

// Polylines returns what to draw of a series on these axes as unbroken lines
// of data points, thinned to at most four points in each of the given number of
// columns, which changes nothing that can be seen at that width.
func (s *Series) Polylines(x, y Axis, columns int) (lines [][][2]float64) {
	first, last := s.visible(x)
	column := func(v float64) float64 { return x.Fraction(v) * float64(columns) }
	value := func(px float64) float64 { return x.Value(px / float64(columns)) }
	same := func(v float64) float64 { return v }
	drawable := func(v float64) bool { return finite(v) && (v > 0 || !y.Log) }
	var penX, penY float64
	s.decimate(first, last, column, same, drawable,
		func(px, py float64) { lines = append(lines, [][2]float64{{value(px), py}}) },
		func(x0, y0, x1, y1 float64) {
			if n := len(lines); n == 0 || x0 != penX || y0 != penY {
				lines = append(lines, [][2]float64{{value(x0), y0}})
			}
			lines[len(lines)-1] = append(lines[len(lines)-1], [2]float64{value(x1), y1})
			penX, penY = x1, y1
		})
	return lines
}
