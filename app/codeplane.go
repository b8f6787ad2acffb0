package app

import (
	"fmt"
	"math"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
)

// planeRequest says which plane of the codes is shown. A unit of -1 is chosen by
// the program: one of the two most active.
type planeRequest struct {
	components bool // the first two principal components, not units
	x, y       int  // units
}

// codePlane is a plane through the space of the codes, and the probe on it.
type codePlane struct {
	origin, u, v []float32 // a place (x, y) of it is the code origin + x·u + y·v
	xName, yName string
	x, y         []float64 // of the probe
	units        [2]int    // -1 for components
	line         bool      // a code of one unit: y means nothing
}

// plane puts the probe on the plane asked for.
func (s *codeSet) plane(q planeRequest, spectrum *analysis.Spectrum) codePlane {
	h := s.units()
	p := codePlane{origin: s.code(-1), u: make([]float32, h), v: make([]float32, h), units: [2]int{-1, -1}}
	if q.components && spectrum != nil && h > 1 {
		for j := range h {
			p.u[j], p.v[j] = float32(spectrum.Directions.At(0, j)), float32(spectrum.Directions.At(1, j))
		}
		share := spectrum.Cumulative()
		p.xName = fmt.Sprintf("component 1 of the codes, %.0f %% of their variance", 100*share[0])
		p.yName = fmt.Sprintf("component 2, %.0f %%", 100*(share[1]-share[0]))
		p.project(s)
		return p
	}
	x, y := s.pair(q)
	p.units, p.u[x], p.origin[x] = [2]int{x, y}, 1, 0
	p.xName = s.unitName(x)
	for i := range s.codes.Rows {
		p.x = append(p.x, float64(s.codes.At(i, x)))
	}
	if h == 1 {
		p.line, p.units[1], p.yName = true, -1, "example"
		for i := range s.codes.Rows {
			p.y = append(p.y, float64(i))
		}
		return p
	}
	p.v[y], p.origin[y] = 1, 0
	p.yName = s.unitName(y)
	for i := range s.codes.Rows {
		p.y = append(p.y, float64(s.codes.At(i, y)))
	}
	return p
}

func (s *codeSet) unitName(j int) string {
	name := fmt.Sprintf("unit %d", j)
	if s.silent[j] {
		name += " (carries nothing)"
	}
	return name
}

// pair returns the units asked for, different ones where there are two.
func (s *codeSet) pair(q planeRequest) (x, y int) {
	x, y = q.x, q.y
	first, second := s.order[0], s.order[min(1, s.units()-1)]
	if s.units() == 2 {
		first, second = 0, 1
	}
	if x < 0 || x >= s.units() {
		x = first
		if x == y {
			x = second
		}
	}
	switch {
	case y >= 0 && y < s.units() && y != x:
	case s.units() > 2 && s.kl == nil:
		y = s.beside(x)
	default:
		y = second
		if x == y {
			y = first
		}
	}
	return x, y
}

// beside returns the unit that varies most where unit x does not: of two units
// that have learnt the same, one axis is enough. It has the largest variance
// that a line through x leaves, Var(y) − Cov(x, y)² / Var(x).
func (s *codeSet) beside(x int) int {
	variance, covariance := make([]float64, s.units()), make([]float64, s.units())
	for i := range s.codes.Rows {
		row := s.codes.Row(i)
		of := float64(row[x]) - s.mean[x]
		for j, a := range row {
			off := float64(a) - s.mean[j]
			variance[j] += off * off
			covariance[j] += off * of
		}
	}
	best, most := s.order[0], -1.0
	if best == x {
		best = s.order[1]
	}
	for _, j := range s.order {
		left := variance[j]
		if variance[x] > 0 {
			left -= covariance[j] * covariance[j] / variance[x]
		}
		if j != x && left > most {
			best, most = j, left
		}
	}
	return best
}

// project writes the places of the probe.
func (p *codePlane) project(s *codeSet) {
	for i := range s.codes.Rows {
		x, y := 0.0, 0.0
		for j, a := range s.codes.Row(i) {
			off := float64(a) - float64(p.origin[j])
			x += off * float64(p.u[j])
			y += off * float64(p.v[j])
		}
		p.x, p.y = append(p.x, x), append(p.y, y)
	}
}

// middle returns the mean place of the probe.
func (p *codePlane) middle() (at [2]float64) {
	for i := range p.x {
		at[0] += p.x[i] / float64(len(p.x))
		at[1] += p.y[i] / float64(len(p.x))
	}
	return at
}

// nearest returns the example nearest to a place, in the axes' own measure.
func (p *codePlane) nearest(at [2]float64) (example int) {
	least := math.Inf(1)
	for i := range p.x {
		if d := math.Hypot(p.x[i]-at[0], p.y[i]-at[1]); d < least {
			example, least = i, d
		}
	}
	return example
}

// code returns the code at a place.
func (p *codePlane) code(x, y float64) []float32 {
	z := make([]float32, len(p.origin))
	for j, o := range p.origin {
		z[j] = o + float32(x)*p.u[j] + float32(y)*p.v[j]
	}
	return z
}

// grid returns the codes of an n×n map of the plane, from the top, and the
// values along its sides, ascending.
func (p *codePlane) grid(s *codeSet, n int) (z linalg.Matrix[float32], xs, ys []float64) {
	xs, ys = p.values(s, p.x, p.units[0], n), p.values(s, p.y, p.units[1], n)
	if p.line {
		ys = []float64{0}
	}
	z = linalg.NewMatrix[float32](len(xs)*len(ys), s.units())
	for i := range ys {
		for j, x := range xs {
			copy(z.Row(i*len(xs)+j), p.code(x, ys[len(ys)-1-i]))
		}
	}
	return z, xs, ys
}

// values returns n values along a side of the plane: quantiles of the prior,
// which a component takes in the width that the codes have there; of codes
// without a prior equal steps over their range.
func (p *codePlane) values(s *codeSet, at []float64, unit, n int) []float64 {
	if !s.probe.prior {
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range at {
			low, high = min(low, v), max(high, v)
		}
		return variational.Steps(low, high, n)
	}
	q := variational.Quantiles(n)
	if unit >= 0 {
		return q
	}
	mean, variance := 0.0, 0.0
	for _, v := range at {
		mean += v / float64(len(at))
	}
	for _, v := range at {
		variance += (v - mean) * (v - mean) / float64(len(at))
	}
	for i := range q {
		q[i] *= math.Sqrt(variance)
	}
	return q
}
