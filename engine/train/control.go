package train

import (
	"context"
	"sync"

	"filterscope/engine/network"
	"filterscope/engine/recipe"
)

// Hyper holds the numbers that may change while a run goes on; a change is
// recorded as an event.
type Hyper = network.Hyper

// HyperOf returns those of a recipe.
func HyperOf(r recipe.Recipe) Hyper { return network.HyperOf(r) }

// Control carries commands to a run. Its methods never block and may be
// called from any goroutine, before the run starts or after it has ended. The
// run looks at it between two evaluations of the objective; commands that
// arrive faster than that are merged, so a slider cannot flood it.
type Control struct {
	mu     sync.Mutex
	paused bool
	steps  int // steps still to do before the gate closes, when paused
	stop   bool
	hyper  *Hyper
	wake   chan struct{}
}

// NewControl returns a control of a run that starts at once.
func NewControl() *Control { return &Control{wake: make(chan struct{}, 1)} }

func (c *Control) change(f func()) {
	c.mu.Lock()
	f()
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Pause holds the run before its next evaluation, be it in the middle of a line
// search; what comes after has the bits of a run that was never held.
func (c *Control) Pause() { c.change(func() { c.paused, c.steps = true, 0 }) }

// Resume lets a held run go on.
func (c *Control) Resume() { c.change(func() { c.paused, c.steps = false, 0 }) }

// Step lets a held run do n more steps (iterations of L-BFGS, minibatches of
// the other methods) and holds it again. A run that was not held is held
// after n steps. n below 1 does nothing.
func (c *Control) Step(n int) {
	if n > 0 {
		c.change(func() { c.paused, c.steps = true, c.steps+n })
	}
}

// Stop ends the run with what it has learned so far.
func (c *Control) Stop() { c.change(func() { c.stop = true }) }

// Tweak changes the hyper-parameters at the next step. Values outside the
// limits of Hyper.Validate change nothing.
func (c *Control) Tweak(h Hyper) { c.change(func() { c.hyper = &h }) }

// stepped counts one step done of those that a held run may do.
func (c *Control) stepped() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.paused && c.steps > 0 {
		c.steps--
	}
}

// orders are the commands waiting at one look.
type orders struct {
	held  bool
	stop  bool
	hyper *Hyper
}

// look takes the waiting commands.
func (c *Control) look() orders {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := orders{held: c.paused && c.steps == 0, stop: c.stop, hyper: c.hyper}
	c.hyper = nil
	return o
}

// wait blocks until a command arrives or ctx ends.
func (c *Control) wait(ctx context.Context) {
	select {
	case <-c.wake:
	case <-ctx.Done():
	}
}
