package app

import (
	"fmt"
	"image"
	"math"
	"slices"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// importanceProbe is how many examples the importance is measured over.
const importanceProbe = 500

// importanceTime is how long a frame measures at the most, and importanceEvery
// how old a measurement is before the next one begins while a run goes on.
const (
	importanceTime  = 60 * time.Millisecond
	importanceEvery = 3 * time.Second
)

// codeImportance tells by how much the squared error rises without each unit. It
// is immutable.
type codeImportance struct {
	of       *codeSet
	error    float64   // with all units
	increase []float64 // NaN: not measured yet
	done     int       // units measured
	examples int
}

// importanceWork measures the importance a few units a frame.
type importanceWork struct {
	whole *codeImportance // the last one that is complete
	part  *codeImportance // the one in the making
	begun time.Time
	pace  time.Duration // of a unit
}

// importanceOf goes on measuring and returns what is known; again asks for
// another frame.
func (p *painter) importanceOf(phase train.Phase) *codeImportance {
	c, w := &p.codeset, &p.codeset.importance
	newest := w.part
	if newest == nil {
		newest = w.whole
	}
	if newest == nil || newest.of != c.set && (phase != train.Running || w.part == nil && time.Since(w.begun) > importanceEvery) {
		w.begun = time.Now()
		w.part = &codeImportance{of: c.set, increase: make([]float64, c.set.units()), examples: min(importanceProbe, c.set.codes.Rows)}
		for j := range w.part.increase {
			w.part.increase[j] = math.NaN()
		}
	}
	if w.part != nil {
		next := p.measureUnits(w.part)
		w.part = next
		if next.done == len(next.increase) {
			w.whole, w.part = next, nil
		} else if p.again != nil {
			p.again()
		}
	}
	if w.whole != nil {
		return w.whole
	}
	return w.part
}

// measureUnits returns the importance with more units in it.
func (p *painter) measureUnits(old *codeImportance) *codeImportance {
	w, s, n := &p.codeset.importance, old.of, old.examples
	next := *old
	next.increase = slices.Clone(old.increase)
	codes, x := s.codes.Slice(0, n), s.probe.x.Slice(0, n)
	out := linalg.NewMatrix[float32](n, x.Cols)
	decode := func(z linalg.Matrix[float32]) linalg.Matrix[float32] {
		p.net.Decode(s.theta, z, out)
		return out
	}
	start, mean := time.Now(), s.mean
	for next.done < len(next.increase) && time.Since(start) < importanceTime {
		few := 1
		if w.pace > 0 {
			few = max(1, int(importanceTime/w.pace)/2)
		}
		units := make([]int, min(few, len(next.increase)-next.done))
		for k := range units {
			units[k] = next.done + k
		}
		began := time.Now()
		a := analysis.Ablate(codes, x, decode, mean, units, analysis.Classes{})
		w.pace = max(time.Microsecond, time.Since(began)/time.Duration(len(units)+1))
		for k, j := range units {
			next.increase[j] = a.Increase[k]
		}
		next.error = a.Error
		next.done += len(units)
	}
	return &next
}

// codesImportance draws the importance of the units above the spectrum of the
// codes.
func (p *painter) codesImportance(f *codesFrame, req request, snap *train.Snapshot) {
	c, q := &p.codeset, req.codes
	f.importance, f.spectrum = p.importanceOf(snap.Phase), c.componentsOf(snap.Phase)
	h := c.set.units()
	f.unitOrder = make([]int, h)
	for j := range f.unitOrder {
		f.unitOrder[j] = j
	}
	increase := f.importance.increase
	if q.sorted {
		slices.SortStableFunc(f.unitOrder, func(a, b int) int {
			switch x, y := increase[a], increase[b]; {
			case x > y || y != y && x == x:
				return -1
			case x < y || x != x && y == y:
				return 1
			}
			return 0
		})
	}
	bars := render.Columns{Selected: -1, XName: "unit of the code, in the order of its index", Title: "rise of the squared error without the unit"}
	if q.sorted {
		bars.XName = "units of the code, the most important first"
	}
	for i, j := range f.unitOrder {
		bars.Values, bars.Muted = append(bars.Values, increase[j]), append(bars.Muted, c.set.silent[j])
		if j == q.unit {
			bars.Selected = i
		}
	}
	if d := f.importance.done; d == h {
		bars.Title += fmt.Sprintf(": each at its mean; with all it is %s an example", render.Number(f.importance.error))
	} else {
		bars.Title += fmt.Sprintf(" (%d of %d units measured)", d, h)
	}
	theme := codesTheme(req)
	f.image, f.content = image.NewRGBA(image.Rectangle{Max: q.size}), q.size
	upper := image.Rect(0, 0, q.size.X, q.size.Y/2)
	f.lower = image.Rect(0, q.size.Y/2, q.size.X, q.size.Y)
	f.bars = c.paint.Columns(f.image.SubImage(upper).(*image.RGBA), bars, theme)
	f.components = c.paint.Columns(f.image.SubImage(f.lower).(*image.RGBA), spectrumColumns(f.spectrum, req.look.dark), theme)
}

// mostComponents is how many components of the spectrum are drawn: behind them
// there is next to nothing to see.
const mostComponents = 400

// spectrumColumns is the picture of the spectrum of the codes.
func spectrumColumns(s *analysis.Spectrum, dark bool) render.Columns {
	c := render.Columns{
		Selected: -1, XName: "component of the codes; the line adds up their shares", Title: "variance along each principal component",
		Message: "the principal components of these codes could not be computed",
	}
	if s == nil {
		return c
	}
	n := min(len(s.Variances), mostComponents)
	c.Values, c.Line = s.Variances[:n], s.Cumulative()[:n]
	d := s.ParticipationRatio()
	c.Marks = []render.Marker{{X: d, Label: fmt.Sprintf("effective dimension %.1f", d), Colour: render.SeriesColours(dark)[2]}}
	return c
}
