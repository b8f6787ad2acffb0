package optim

import (
	"fmt"
	"math"
)

// flatSteps is the number of steps running whose change must be below FuncTol:
// one may be small by chance when the objective is noisy.
const flatSteps = 2

// Search is a minimiser that never calls the objective. Repeat: evaluate it at
// X, and Tell. *LBFGS and *CG are Searches.
type Search interface {
	// X returns the point to evaluate next: read only, and only until Tell.
	X() []float64
	// Tell reports the objective and its gradient at X.
	Tell(f float64, g []float64) Status
	// Iterate returns the last accepted point, with the objective (NaN before
	// the first Tell) and the gradient there; valid until the next Tell.
	Iterate() (x []float64, f float64, gradient []float64)
	// Iterations and Evaluations count accepted steps and calls of Tell.
	Iterations() int
	Evaluations() int
	// Reanchor says that the objective has changed.
	Reanchor()
	// Reason says why the last Tell returned Converged or Failed.
	Reason() Reason
	// GradMax returns the largest |element| of the gradient at the iterate.
	GradMax() float64
}

var (
	_ Search = (*LBFGS)(nil)
	_ Search = (*CG)(nil)
)

// course is how a minimiser of the line-search kind chooses its directions. Its
// methods see the descent they belong to.
type course interface {
	// adopt takes the told gradient as the iterate's, whose norms are known, in
	// an objective that may be new.
	adopt()
	// look copies the told gradient to next, sums up what arrive will need,
	// the gradient's norms among it, and returns told·d.
	look() (slope float64)
	// arrive makes the trial point the iterate, after look.
	arrive()
	// aim sets the direction and moves the trial point along it. It returns
	// false, having forgotten all, when it knows no direction that descends.
	aim() (slope float64, ok bool)
	// forget gives up what led to the last direction; false when that was
	// steepest descent already.
	forget() bool
}

// descent is what LBFGS and CG share: the iterate, the line search from it, and
// when to stop.
type descent struct {
	limits limits
	course course

	x, g    []float64 // the iterate and its gradient
	f       float64
	trial   []float64 // the point to evaluate next
	d       []float64 // the search direction
	gMax    float64   // max |g|
	gSum    float64   // Σ |g|
	search  lineSearch
	anchor  bool // the next Tell is for the iterate itself
	revisit bool // the next Tell is for a point to take as it is
	anyF    bool // f and g are known

	step        float64 // step length for the trial point
	told        []float64
	next        []float64 // copy of told, the gradient if the trial is accepted
	iterations  int
	evaluations int
	flat        int
	reason      Reason

	chunks  *chunks
	partial []float64 // sums of each chunk, width numbers a chunk
	width   int
	passes  struct{ norms, descend, move func(chunk, from, to int) }
}

// init starts at x0, which it copies; each chunk has width sums.
func (m *descent) init(c course, l limits, x0 []float64, width int) {
	n := len(x0)
	m.course, m.limits, m.anchor = c, l, true
	m.x, m.trial = append([]float64(nil), x0...), append([]float64(nil), x0...)
	m.g, m.d, m.next = make([]float64, n), make([]float64, n), make([]float64, n)
	m.chunks, m.width = newChunks(n), width
	m.partial = make([]float64, m.chunks.count*width)
	m.passes.norms, m.passes.descend, m.passes.move = m.normsChunk, m.descendChunk, m.moveChunk
}

// X returns the point to evaluate next. It is the minimiser's own memory: read
// it only, and only until Tell.
func (m *descent) X() []float64 { return m.trial }

// Iterate returns the last accepted point, the objective and the gradient
// there; before the first Tell f is NaN. The slices are the minimiser's own
// memory, valid until the next Tell.
func (m *descent) Iterate() (x []float64, f float64, gradient []float64) {
	if !m.anyF {
		return m.x, math.NaN(), m.g
	}
	return m.x, m.f, m.g
}

// Iterations returns the number of accepted steps.
func (m *descent) Iterations() int { return m.iterations }

// Evaluations returns the number of calls of Tell.
func (m *descent) Evaluations() int { return m.evaluations }

// GradMax returns the largest |element| of the gradient at the iterate.
func (m *descent) GradMax() float64 { return m.gMax }

// Reason says why the last Tell returned Converged or Failed.
func (m *descent) Reason() Reason { return m.reason }

// Reanchor says that the objective has changed: the line search is given up,
// and the next point to evaluate is the iterate.
func (m *descent) Reanchor() {
	m.anchor, m.revisit = true, false
	m.flat = 0
	copy(m.trial, m.x)
}

// Tell reports the objective f and gradient g at X, which may hold NaN or Inf;
// g is read but not kept. After Converged or Failed, X is the iterate, and a
// further Tell starts anew from there. It panics when g has another length
// than the parameters.
func (m *descent) Tell(f float64, g []float64) Status {
	if len(g) != len(m.x) {
		panic(fmt.Sprintf("optim: Tell: %d gradient elements for %d parameters", len(g), len(m.x)))
	}
	m.evaluations++
	m.reason = Running
	m.told = g
	status := m.tell(f)
	m.told = nil
	return status
}

func (m *descent) tell(f float64) Status {
	if m.anchor {
		return m.start(f)
	}
	slope := m.course.look()
	if m.revisit {
		m.revisit = false
		if math.IsNaN(f-f) || math.IsNaN(slope-slope) {
			return m.restart()
		}
		return m.take(f)
	}
	switch m.search.tell(f, slope, &m.limits) {
	case accept:
		return m.take(f)
	case useBest:
		m.revisit = true
	case giveUp:
		return m.restart()
	}
	m.moveTo(m.search.T)
	return Searching
}

// start handles the evaluation of the iterate itself.
func (m *descent) start(f float64) Status {
	if math.IsNaN(f-f) || !m.normsPass() {
		return m.end(Failed, NotFinite)
	}
	m.course.adopt()
	m.f, m.anyF = f, true
	if m.gMax <= m.limits.GradTol {
		return m.end(Converged, SmallGradient)
	}
	m.anchor = false
	return m.direct()
}

// take makes the point just evaluated the iterate.
func (m *descent) take(f float64) Status {
	change := math.Abs(f - m.f)
	m.course.arrive()
	scale := max(math.Abs(f), math.Abs(m.f), 1)
	m.f = f
	m.iterations++
	if change <= m.limits.FuncTol*scale {
		m.flat++
	} else {
		m.flat = 0
	}
	switch {
	case m.gMax <= m.limits.GradTol:
		return m.end(Converged, SmallGradient)
	case m.flat >= flatSteps:
		return m.end(Converged, SmallChange)
	}
	if status := m.direct(); status != Searching {
		return status
	}
	return Stepped
}

// restart tries steepest descent after a line search that led nowhere, or ends.
func (m *descent) restart() Status {
	if m.course.forget() {
		return m.direct()
	}
	switch {
	case !m.search.Finite:
		return m.end(Failed, NotFinite)
	case m.search.Gain <= m.search.Noise:
		return m.end(Converged, BelowNoise)
	}
	return m.end(Failed, NoDecrease)
}

func (m *descent) end(s Status, r Reason) Status {
	m.Reanchor()
	m.reason = r
	return s
}

// direct finds the direction from the iterate and sets the first trial point.
func (m *descent) direct() Status {
	if slope, ok := m.course.aim(); ok {
		m.begin(slope)
		return Searching
	}
	m.step = min(1, 1/m.gSum)
	slope := m.descendPass()
	if math.IsInf(slope, 0) {
		return m.end(Failed, NotFinite)
	}
	m.begin(slope)
	return Searching
}

// begin starts a line search from the iterate. Two values of the objective may
// both be off by its noise, in opposite directions.
func (m *descent) begin(slope float64) {
	m.search.begin(m.f, slope, m.step, 2*m.limits.Noise*math.Abs(m.f))
}
