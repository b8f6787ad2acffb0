package app

import (
	"math"
	"sync"

	"filterscope/engine/analysis"
	"filterscope/engine/train"
)

// goodState keeps the state of a run from before it went wrong: that of the
// snapshot with the lowest objective after which it stayed about as low. It is
// safe for several goroutines.
type goodState struct {
	mu      sync.Mutex
	lowest  float64
	pending *train.Snapshot // as low as any, to be confirmed by the next point of the curve
	good    *train.Snapshot
	hyper   train.Hyper
	stage   string

	// The rate and momentum in force, and how many points the curve had when they
	// came: a point that began before tells nothing of them.
	rate, momentum float64
	since          int
}

// keepWithin is how far above the lowest objective a state still counts as good.
const keepWithin = 1.05

// see looks at the next snapshot of the run.
func (g *goodState) see(s *train.Snapshot) {
	total := s.Terms.Total()
	if s.Err != nil || len(s.Terms) == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	h := s.Hyper
	h.LearningRate, h.Momentum = 0, 0
	if g.lowest == 0 || h != g.hyper || s.Stage != g.stage { // another objective from here on
		g.lowest, g.hyper, g.stage, g.pending = math.Inf(1), h, s.Stage, nil
	}
	if s.Hyper.LearningRate != g.rate || s.Hyper.Momentum != g.momentum {
		g.rate, g.momentum, g.since, g.pending = s.Hyper.LearningRate, s.Hyper.Momentum, s.History.Len(), nil
	}
	within := func(v float64) bool {
		return v <= g.lowest+(keepWithin-1)*math.Abs(g.lowest) || math.IsInf(g.lowest, 1)
	}
	if math.IsNaN(total) || math.IsInf(total, 0) {
		g.pending = nil
		return
	}
	if p := g.pending; p != nil && s.History.Len() > p.History.Len() {
		if within(total) {
			g.good = p
		}
		g.pending = nil
	}
	if g.pending == nil && hasState(s) && within(total) && (g.since == 0 || s.History.Len() > g.since+1) {
		g.pending = s
	}
	g.lowest = min(g.lowest, total)
}

// hasState reports whether a run can go on from a snapshot: from its state, or, where
// none are kept, from its parameters.
func hasState(s *train.Snapshot) bool { return s.State != nil || s.Stateless && s.Parameters != nil }

// last returns the last good state, nil when there is none.
func (g *goodState) last() *train.Snapshot {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.good
}

// soundEnd reports whether the parameters that a run ended with are worth going
// on from: they are no worse than what it began with, and the last step that was
// measured did not turn most of the weights around.
func soundEnd(r *train.Result) bool {
	total, h := r.Terms.Total(), r.History
	if math.IsNaN(total) || math.IsInf(total, 0) || h.Len() > 0 && !(total <= keepWithin*h.Total[0]) {
		return false
	}
	ratio, _, ok := updateRatio(&train.Snapshot{History: h})
	return !ok || ratio < analysis.WildUpdate
}
