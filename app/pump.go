package app

import (
	"context"
	"runtime"
	"sync"
	"time"

	"filterscope/engine/train"
)

// pump turns snapshots into frames. It runs on a goroutine of its own, always
// takes the newest snapshot and the newest request, draws what the visible
// view shows and hands the finished images to the UI in one call. While
// nothing changes it sleeps. One frame is in flight at a time: if the UI is
// slow, frames are left out, never queued. While a run goes on frames keep to
// the budget; another request, and a run that is held or has ended, are drawn
// at once.
type pump struct {
	do    func(func())
	show  func(*frame) // on the UI goroutine
	paint *painter

	mu   sync.Mutex
	req  request
	asks int // how often something was asked for
	run  *activeRun
	snap *train.Snapshot
	full *train.Snapshot // the newest that has parameters
	rush bool            // the next frame does not wait for the budget
	poke chan struct{}

	ended chan struct{} // closed when loop has ended

	cores    int
	spent    func(painting time.Duration) time.Duration // processor time that drawing has taken
	painting time.Duration                              // that frames took to be painted and handed over
}

func newPump(do func(func()), show func(*frame)) *pump {
	p := &pump{
		do: do, show: show, paint: newPainter(), poke: make(chan struct{}, 1), ended: make(chan struct{}),
		cores: runtime.GOMAXPROCS(0), spent: drawingTime,
	}
	p.paint.again = p.wake
	return p
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
	p.req, p.rush = r, true
	p.asks++
	p.mu.Unlock()
	p.wake()
}

// follow shows run from now on, nil for none, and returns once a goroutine
// waits for its snapshots. The goroutine ends when the run does.
func (p *pump) follow(run *activeRun) {
	p.mu.Lock()
	p.run, p.snap, p.full, p.rush = run, nil, nil, true
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
			if s != nil {
				run.good.see(s)
			}
			if current && s != nil {
				p.rush = p.rush || p.snap == nil || s.Phase != train.Running || err != nil
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
	account := newBudget(drawingShare*float64(p.cores), time.Now(), p.spent(p.painting))
	var last time.Time
	for {
		select {
		case <-p.poke:
		case <-ctx.Done():
			return
		}
		if !p.await(ctx, &account, last) {
			return
		}
		last = time.Now()
		if !p.draw(ctx) {
			return
		}
		p.painting += time.Since(last)
	}
}

// await returns when the next frame is due, true, or when ctx has ended.
func (p *pump) await(ctx context.Context, account *budget, last time.Time) bool {
	for {
		p.mu.Lock()
		rush := p.rush
		p.mu.Unlock()
		now := time.Now()
		account.settle(now, p.spent(p.painting))
		rest := account.rest(now.Sub(last), rush)
		if rest == 0 {
			return true
		}
		timer := time.NewTimer(rest)
		select {
		case <-timer.C:
		case <-p.poke: // perhaps a reason to hurry
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return false
		}
	}
}

// draw paints one frame of what is newest and waits until the UI has taken it;
// false when ctx has ended.
func (p *pump) draw(ctx context.Context) bool {
	p.mu.Lock()
	req, asks, run, snap, full := p.req, p.asks, p.run, p.snap, p.full
	p.rush = false
	p.mu.Unlock()
	f, err := guarded(func() (*frame, error) { return p.paint.frame(req, run, snap, full), nil })
	if err != nil { // a fault in drawing costs the picture, not the training
		p.paint = newPainter()
		p.paint.again = p.wake
		f = &frame{run: run, snap: snap, view: req.view, fault: err}
	}
	f.answers = asks
	return handOver(ctx, p.do, func() { p.show(f) })
}
