package optim

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// flatSteps is the number of steps running whose change must be below FuncTol:
// one may be small by chance when the objective is noisy.
const flatSteps = 2

// minCosine is the smallest s·y / (‖s‖‖y‖) of a pair worth keeping: below it
// the curvature is rounding error.
const minCosine = 1e-10

// LBFGS minimises a function of n variables from its values and gradients.
// Make one with NewLBFGS, then repeat: evaluate the objective at X, and Tell.
type LBFGS struct {
	set LBFGSSettings

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

	pairs  history
	order  []int // slots in use, oldest first
	free   int   // the slot for the next pair
	sy, yy []float64
	// sy[i*slots+j] = s_i·y_j for i not newer than j; yy[i*slots+j] = y_i·y_j

	sg, yg      []float64 // s·g and y·g of each slot
	alpha       []float64 // of the two-loop recursion
	cs, cy      []float64 // coefficients of the direction
	cg          float64
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
	looked  []linalg.PairSums // of each chunk
	passes  struct{ norms, anchor, look, combine, descend, move func(chunk, from, to int) }
}

// NewLBFGS returns a minimiser that starts at x0, which it copies. It panics
// when the settings are not valid: call Validate first on settings from outside.
func NewLBFGS(s LBFGSSettings, x0 []float64) *LBFGS {
	if err := s.Validate(); err != nil {
		panic(fmt.Sprintf("optim: NewLBFGS: %v", err))
	}
	n, slots := len(x0), s.Memory+1
	l := &LBFGS{
		set: s, anchor: true,
		x: append([]float64(nil), x0...), trial: append([]float64(nil), x0...),
		g: make([]float64, n), d: make([]float64, n), next: make([]float64, n),
		order: make([]int, 0, slots),
		sy:    make([]float64, slots*slots), yy: make([]float64, slots*slots),
		sg: make([]float64, slots), yg: make([]float64, slots),
		alpha: make([]float64, slots), cs: make([]float64, slots), cy: make([]float64, slots),
		chunks: newChunks(n), width: 2*slots + atPairs,
	}
	if s.SingleHistory {
		l.pairs = newPairs[float32](slots, n)
	} else {
		l.pairs = newPairs[float64](slots, n)
	}
	l.partial = make([]float64, l.chunks.count*l.width)
	l.looked = make([]linalg.PairSums, l.chunks.count)
	l.bindPasses()
	return l
}

// X returns the point to evaluate next. It is l's own memory: read it only, and
// only until Tell.
func (l *LBFGS) X() []float64 { return l.trial }

// Iterate returns the last accepted point, the objective and the gradient
// there; before the first Tell f is NaN. The slices are l's own memory, valid
// until the next Tell.
func (l *LBFGS) Iterate() (x []float64, f float64, gradient []float64) {
	if !l.anyF {
		return l.x, math.NaN(), l.g
	}
	return l.x, l.f, l.g
}

// Iterations returns the number of accepted steps.
func (l *LBFGS) Iterations() int { return l.iterations }

// Evaluations returns the number of calls of Tell.
func (l *LBFGS) Evaluations() int { return l.evaluations }

// GradMax returns the largest |element| of the gradient at the iterate.
func (l *LBFGS) GradMax() float64 { return l.gMax }

// Reason says why the last Tell returned Converged or Failed.
func (l *LBFGS) Reason() Reason { return l.reason }

// Reanchor says that the objective has changed: the line search is given up,
// and the next point to evaluate is the iterate. The pairs are kept, as their
// curvature was positive and mostly still describes the new objective.
func (l *LBFGS) Reanchor() {
	l.anchor, l.revisit = true, false
	l.flat = 0
	copy(l.trial, l.x)
}

// Tell reports the objective f and gradient g at X, which may hold NaN or Inf;
// g is read but not kept. After Converged or Failed, X is the iterate, and a
// further Tell starts anew from there. It panics when g has another length
// than the parameters.
func (l *LBFGS) Tell(f float64, g []float64) Status {
	if len(g) != len(l.x) {
		panic(fmt.Sprintf("optim: Tell: %d gradient elements for %d parameters", len(g), len(l.x)))
	}
	l.evaluations++
	l.reason = Running
	l.told = g
	status := l.tell(f)
	l.told = nil
	return status
}

func (l *LBFGS) tell(f float64) Status {
	if l.anchor {
		return l.start(f)
	}
	slope := l.lookPass()
	if l.revisit {
		l.revisit = false
		if math.IsNaN(f-f) || math.IsNaN(slope-slope) {
			return l.restart()
		}
		return l.take(f)
	}
	switch l.search.tell(f, slope, &l.set) {
	case accept:
		return l.take(f)
	case useBest:
		l.revisit = true
	case giveUp:
		return l.restart()
	}
	l.moveTo(l.search.T)
	return Searching
}

// start handles the evaluation of the iterate itself.
func (l *LBFGS) start(f float64) Status {
	if math.IsNaN(f-f) || !l.anchorPass() {
		return l.end(Failed, NotFinite)
	}
	l.f, l.anyF = f, true
	if l.gMax <= l.set.GradTol {
		return l.end(Converged, SmallGradient)
	}
	l.anchor = false
	return l.direct()
}

// take makes the point just evaluated the iterate.
func (l *LBFGS) take(f float64) Status {
	change := math.Abs(f - l.f)
	l.stepPass()
	scale := max(math.Abs(f), math.Abs(l.f), 1)
	l.f = f
	l.iterations++
	if change <= l.set.FuncTol*scale {
		l.flat++
	} else {
		l.flat = 0
	}
	switch {
	case l.gMax <= l.set.GradTol:
		return l.end(Converged, SmallGradient)
	case l.flat >= flatSteps:
		return l.end(Converged, SmallChange)
	}
	if status := l.direct(); status != Searching {
		return status
	}
	return Stepped
}

// restart tries steepest descent after a line search that led nowhere, or ends.
func (l *LBFGS) restart() Status {
	if len(l.order) > 0 {
		l.order = l.order[:0]
		return l.direct()
	}
	switch {
	case !l.search.Finite:
		return l.end(Failed, NotFinite)
	case l.search.Gain <= l.search.Noise:
		return l.end(Converged, BelowNoise)
	}
	return l.end(Failed, NoDecrease)
}

func (l *LBFGS) end(s Status, r Reason) Status {
	l.Reanchor()
	l.reason = r
	return s
}

// direct finds the direction from the iterate and sets the first trial point.
func (l *LBFGS) direct() Status {
	l.step = 1
	if len(l.order) > 0 {
		l.twoLoop()
		if slope := l.combinePass(); slope < 0 && !math.IsInf(slope, 0) {
			l.begin(slope)
			return Searching
		}
		l.order = l.order[:0] // not a descent direction: the pairs are spoilt
	}
	l.step = min(1, 1/l.gSum)
	slope := l.descendPass()
	if math.IsInf(slope, 0) {
		return l.end(Failed, NotFinite)
	}
	l.begin(slope)
	return Searching
}

// begin starts a line search from the iterate. Two values of the objective may
// both be off by its noise, in opposite directions.
func (l *LBFGS) begin(slope float64) {
	l.search.begin(l.f, slope, l.step, 2*l.set.Noise*math.Abs(l.f))
}

// twoLoop runs Nocedal & Wright's algorithm 7.4 on the coefficients of
//
//	d = cg·g + Σ cs_i·s_i + cy_i·y_i
//
// instead of on vectors: every inner product it needs is in sy, yy, sg and yg.
func (l *LBFGS) twoLoop() {
	slots := l.set.Memory + 1
	for at := len(l.order) - 1; at >= 0; at-- {
		i := l.order[at]
		sq := l.sg[i]
		for _, j := range l.order[at+1:] {
			sq -= l.alpha[j] * l.sy[i*slots+j]
		}
		l.alpha[i] = sq / l.sy[i*slots+i]
	}
	last := l.order[len(l.order)-1]
	gamma := l.sy[last*slots+last] / l.yy[last*slots+last] // equation 7.20
	l.cg = -gamma
	for at, i := range l.order {
		yq := l.yg[i]
		for _, j := range l.order {
			yq -= l.alpha[j] * l.yy[i*slots+j]
		}
		yr := gamma * yq
		for _, j := range l.order[:at] {
			yr -= l.cs[j] * l.sy[j*slots+i]
		}
		l.cs[i] = yr/l.sy[i*slots+i] - l.alpha[i]
		l.cy[i] = gamma * l.alpha[i]
	}
}
