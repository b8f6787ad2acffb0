package app

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"filterscope/engine/train"
)

// frameEvery is the least time between two frames: 30 a second.
const frameEvery = 33 * time.Millisecond

// pump turns snapshots into frames. It runs on a goroutine of its own, always
// takes the newest snapshot and the newest request, draws what the visible
// view shows and hands the finished images to the UI in one call. While
// nothing changes it sleeps. One frame is in flight at a time: if the UI is
// slow, frames are left out, never queued.
type pump struct {
	do    func(func())
	show  func(*frame) // on the UI goroutine
	paint *painter

	mu   sync.Mutex
	req  request
	run  *activeRun
	snap *train.Snapshot
	full *train.Snapshot // the newest that has parameters
	poke chan struct{}

	ended chan struct{} // closed when loop has ended

	dropped atomic.Int64 // frames that came later than a thirtieth of a second
}

func newPump(do func(func()), show func(*frame)) *pump {
	return &pump{do: do, show: show, paint: newPainter(), poke: make(chan struct{}, 1), ended: make(chan struct{})}
}

// wake makes the pump draw a frame soon.
func (p *pump) wake() {
	select {
	case p.poke <- struct{}{}:
	default:
	}
}

// ask replaces the request.
func (p *pump) ask(r request) {
	p.mu.Lock()
	p.req = r
	p.mu.Unlock()
	p.wake()
}

// follow shows run from now on, nil for none, and returns once a goroutine
// waits for its snapshots. The goroutine ends when the run does.
func (p *pump) follow(run *activeRun) {
	p.mu.Lock()
	p.run, p.snap, p.full = run, nil, nil
	p.mu.Unlock()
	p.wake()
	if run == nil {
		return
	}
	go func() {
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			<-run.done
			cancel()
		}()
		for {
			s, err := run.mailbox.Take(ctx)
			if err != nil {
				s = run.mailbox.Newest() // the last one, put before done closed
			}
			p.mu.Lock()
			current := p.run == run
			if current && s != nil {
				p.snap = s
				if s.Parameters != nil { // a frame may come only after the next snapshot, which has none
					p.full = s
				}
			}
			p.mu.Unlock()
			if current {
				p.wake()
			}
			if err != nil || !current {
				return
			}
		}
	}()
}

// loop draws frames until ctx ends.
func (p *pump) loop(ctx context.Context) {
	defer close(p.ended)
	for {
		select {
		case <-p.poke:
		case <-ctx.Done():
			return
		}
		begun := time.Now()
		p.mu.Lock()
		req, run, snap, full := p.req, p.run, p.snap, p.full
		p.mu.Unlock()
		f, err := guarded(func() (*frame, error) { return p.paint.frame(req, run, snap, full), nil })
		if err != nil { // a fault in drawing costs the picture, not the training
			p.paint = newPainter()
			f = &frame{run: run, snap: snap, view: req.view, fault: err}
		}
		shown := make(chan struct{})
		p.do(func() {
			p.show(f)
			close(shown)
		})
		select {
		case <-shown:
		case <-ctx.Done():
			return
		}
		rest := frameEvery - time.Since(begun)
		if rest <= 0 {
			p.dropped.Add(1)
			continue
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return
		}
	}
}
