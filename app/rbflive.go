package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"filterscope/engine/recipe"
)

const (
	// liveWithin is the longest that fitting and drawing may have taken for the
	// next picture to be made on the UI goroutine.
	liveWithin = 30 * time.Millisecond
	// liveFor is how long the clock of the frames is listened to after a change.
	liveFor = time.Second
)

// live makes pictures within the frame that shows them. Fyne handles the events
// that have come, ticks the animations and paints, 60 times a second: what a tick
// puts into the window is in the very frame that follows, while what another
// goroutine hands over waits for the next one, after one painted for nothing. All
// that the events of one frame change is worked out once, in its tick.
//
// It belongs to the UI goroutine.
type live struct {
	clock *fyne.Animation
	on    bool
	due   bool // something has changed that no picture shows
	last  time.Time

	ticking bool // a picture handed over now is in the frame that follows
}

func newLive(tick func()) live {
	return live{clock: &fyne.Animation{
		Duration: time.Hour, RepeatCount: fyne.AnimationRepeatForever, Tick: func(float32) { tick() },
	}}
}

// want asks for a picture in the next tick.
func (l *live) want() {
	if !l.on {
		l.on = true
		l.clock.Start()
	}
	l.due, l.last = true, time.Now()
}

// stop ends listening to the clock.
func (l *live) stop() {
	if l.on {
		l.on = false
		l.clock.Stop()
	}
}

// quick reports whether the next picture can be expected as soon as the last one
// came: nothing but places and widths has changed since, and nothing goes on.
func (v *rbfView) quick() bool {
	f := v.frame
	if f == nil || f.solution == nil || f.fault != nil || f.image == nil || f.busy || !v.up() ||
		v.run || f.run.running || v.steps != f.req.steps || v.turn != f.req.turn || v.stop != f.req.stop {
		return false
	}
	s, next := f.solution, v.key()
	if s.key.rbf != next.rbf || s.key.seed != next.seed {
		return false
	}
	if next.rbf.Task != recipe.TaskCurve && (f.req.key.draft && !next.draft || f.req.draft && !v.turning) {
		return false // the last one was coarser
	}
	cost := f.took
	if !sameButDraft(s.key, next) {
		cost = max(cost, time.Duration(s.seconds*float64(time.Second)))
	}
	return cost < liveWithin
}

// tick makes the picture that is due.
func (v *rbfView) tick() {
	if !v.live.due {
		if time.Since(v.live.last) > liveFor {
			v.live.stop()
		}
		return
	}
	v.live.due, v.live.ticking = false, true
	defer func() { v.live.ticking = false }()
	req := v.request()
	if v.quick() {
		if f := v.worker.now(req); f != nil {
			v.show(f)
			return
		}
	}
	v.worker.ask(req)
}

// now draws a frame of a request on the calling goroutine. It returns nil when
// the worker is at work.
func (p *rbfWorker) now(req rbfRequest) *rbfFrame {
	if !p.working.TryLock() {
		return nil
	}
	defer p.working.Unlock()
	if p.job != nil {
		return nil
	}
	p.mu.Lock()
	p.req = req
	p.mu.Unlock()
	p.here = true
	defer func() { p.here = false }()
	return p.safely(context.Background(), req)
}
