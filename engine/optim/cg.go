package optim

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// powell is the largest |g'·g| / g'·g' of two gradients in succession that
// still count as orthogonal, as they are on a quadratic (Nocedal & Wright,
// equation 5.52).
const powell = 0.1

// CG minimises a function of n variables from its values and gradients by the
// nonlinear conjugate gradient method of Polak and Ribière (PR+):
//
//	d' = −g' + β·d,   β = max(0, g'·(g' − g) / g·g)
//
// (Nocedal & Wright, algorithm 5.4 with equations 5.44 and 5.45). It remembers
// one direction where LBFGS remembers many. It restarts with d' = −g' after n
// steps, when successive gradients are far from orthogonal, and when d' would
// not descend. The first trial step promises the change to first order of the
// last step (equation 3.60).
//
// Make one with NewCG, then repeat: evaluate the objective at X, and Tell.
// After Reanchor the direction is that of steepest descent.
type CG struct {
	descent
	since int  // steps since the last restart
	fresh bool // the trial point was just made the iterate: aim may use what follows
	aimed bool // the direction of the line search comes from aim
	gg    float64
	beta  float64
	along float64 // g·d of the new gradient and the last direction
	reach float64 // step length times slope at the start, of the last step
	own   struct{ adopt, look, turn func(chunk, from, to int) }
}

// Places in a chunk's sums.
const (
	atGG   = atOwn + iota // of the told gradient
	atGOld                // told gradient times the iterate's
	atCG
)

// NewCG returns a minimiser that starts at x0, which it copies. It panics when
// the settings are not valid: call Validate first on settings from outside.
func NewCG(s CGSettings, x0 []float64) *CG {
	if err := s.Validate(); err != nil {
		panic(fmt.Sprintf("optim: NewCG: %v", err))
	}
	c := &CG{}
	c.init(c, limits(s), x0, atCG)
	c.own.adopt, c.own.look, c.own.turn = c.adoptChunk, c.lookChunk, c.turnChunk
	return c
}

// adopt implements course.
func (c *CG) adopt() {
	c.chunks.run(c.own.adopt)
	c.gg = c.total(atGG)
	c.fresh = false
}

func (c *CG) adoptChunk(chunk, from, to int) {
	copy(c.g[from:to], c.told[from:to])
	c.sums(chunk)[atGG] = linalg.Squares(c.told[from:to])
}

// look implements course.
func (c *CG) look() (slope float64) {
	c.chunks.run(c.own.look)
	return c.total(atSlope)
}

func (c *CG) lookChunk(chunk, from, to int) {
	sums, told := c.sums(chunk), c.told[from:to]
	copy(c.next[from:to], told)
	gradNorms(sums, told)
	sums[atSlope] = linalg.Dot(told, c.d[from:to])
	sums[atGG] = linalg.Squares(told)
	sums[atGOld] = linalg.Dot(told, c.g[from:to])
}

// arrive implements course.
func (c *CG) arrive() {
	c.swap()
	c.reach = c.step * c.search.Start.D
	c.along = c.total(atSlope)
	gg, old := c.total(atGG), c.total(atGOld)
	c.beta = (gg - old) / c.gg
	c.since++
	if c.since >= len(c.x) || math.Abs(old) >= powell*gg {
		c.beta = 0
	}
	c.gg, c.fresh = gg, true
}

// aim implements course.
func (c *CG) aim() (slope float64, ok bool) {
	c.aimed = c.fresh
	if !c.fresh {
		c.since = 0
		return 0, false
	}
	c.fresh = false
	slope = c.beta*c.along - c.gg
	if !(c.beta > 0 && slope < 0) {
		c.beta, c.since, slope = 0, 0, -c.gg
	}
	c.step = c.reach / slope
	if !(c.step > 0) || math.IsInf(slope, 0) || math.IsInf(c.step, 0) {
		c.aimed, c.since = false, 0
		return 0, false
	}
	c.chunks.run(c.own.turn)
	return c.total(0), true
}

func (c *CG) turnChunk(chunk, from, to int) {
	linalg.Blend(c.beta, -1, c.g[from:to], c.d[from:to])
	c.moveChunk(chunk, from, to)
}

// forget implements course.
func (c *CG) forget() bool { return c.aimed }

// CGState is everything a CG knows between two calls of Tell.
type CGState struct {
	Settings CGSettings
	SearchState
	Since  int     // steps since the last restart
	Aimed  bool    // Direction is not plain steepest descent
	Square float64 // G·G
}

// State returns a deep copy of the state; RestoreCG continues from it with the
// bits of an unbroken run, also from within a line search.
func (c *CG) State() CGState {
	return CGState{CGSettings(c.limits), c.state(), c.since, c.aimed, c.gg}
}

// RestoreCG returns a minimiser in state s, which it copies. It returns an
// error when the parts of s do not fit together.
func RestoreCG(s CGState) (*CG, error) {
	err := s.Settings.Validate()
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return nil, fmt.Errorf("restore conjugate gradient: %w", err)
	}
	c := NewCG(s.Settings, s.X)
	c.setState(s.SearchState)
	c.since, c.aimed, c.gg = s.Since, s.Aimed, s.Square
	return c, nil
}
