package optim

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// minCosine is the smallest s·y / (‖s‖‖y‖) of a pair worth keeping: below it
// the curvature is rounding error.
const minCosine = 1e-10

// LBFGS minimises a function of n variables from its values and gradients.
// Make one with NewLBFGS, then repeat: evaluate the objective at X, and Tell.
// Reanchor keeps the pairs, as their curvature was positive and mostly still
// describes the new objective.
type LBFGS struct {
	descent
	set LBFGSSettings

	pairs  history
	order  []int // slots in use, oldest first
	free   int   // the slot for the next pair
	sy, yy []float64
	// sy[i*slots+j] = s_i·y_j for i not newer than j; yy[i*slots+j] = y_i·y_j

	sg, yg []float64 // s·g and y·g of each slot
	alpha  []float64 // of the two-loop recursion
	cs, cy []float64 // coefficients of the direction
	cg     float64
	looked []linalg.PairSums // of each chunk
	own    struct{ adopt, look, combine func(chunk, from, to int) }
}

// NewLBFGS returns a minimiser that starts at x0, which it copies. It panics
// when the settings are not valid: call Validate first on settings from outside.
func NewLBFGS(s LBFGSSettings, x0 []float64) *LBFGS {
	if err := s.Validate(); err != nil {
		panic(fmt.Sprintf("optim: NewLBFGS: %v", err))
	}
	n, slots := len(x0), s.Memory+1
	l := &LBFGS{
		set:   s,
		order: make([]int, 0, slots),
		sy:    make([]float64, slots*slots), yy: make([]float64, slots*slots),
		sg: make([]float64, slots), yg: make([]float64, slots),
		alpha: make([]float64, slots), cs: make([]float64, slots), cy: make([]float64, slots),
	}
	if s.SingleHistory {
		l.pairs = newPairs[float32](slots, n)
	} else {
		l.pairs = newPairs[float64](slots, n)
	}
	l.init(l, s.limits(), x0, 2*slots+atPairs)
	l.looked = make([]linalg.PairSums, l.chunks.count)
	l.own.adopt, l.own.look, l.own.combine = l.adoptChunk, l.lookChunk, l.combineChunk
	return l
}

// aim implements course.
func (l *LBFGS) aim() (slope float64, ok bool) {
	if len(l.order) == 0 {
		return 0, false
	}
	l.step = 1
	l.twoLoop()
	if slope := l.combinePass(); slope < 0 && !math.IsInf(slope, 0) {
		return slope, true
	}
	l.order = l.order[:0] // not a descent direction: the pairs are spoilt
	return 0, false
}

// forget implements course.
func (l *LBFGS) forget() bool {
	had := len(l.order) > 0
	l.order = l.order[:0]
	return had
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
