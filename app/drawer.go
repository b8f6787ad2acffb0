package app

import (
	"context"
	"sync"
)

// drawer answers the newest of requests on a goroutine of its own and hands
// each answer to the UI in one call. While nothing is asked it sleeps. One
// answer is in flight at a time: if the UI is slow, requests are left out,
// never queued.
type drawer[R, F any] struct {
	do   func(func())                     // runs a function on the UI goroutine
	draw func(ctx context.Context, r R) F // on the drawer's goroutine; recovers from its own faults
	show func(f F)                        // on the UI goroutine

	mu    sync.Mutex
	req   R
	asked bool
	poke  chan struct{}

	ended chan struct{} // closed when loop has ended
}

func newDrawer[R, F any](do func(func()), draw func(context.Context, R) F, show func(F)) *drawer[R, F] {
	return &drawer[R, F]{do: do, draw: draw, show: show, poke: make(chan struct{}, 1), ended: make(chan struct{})}
}

// ask replaces the request.
func (d *drawer[R, F]) ask(r R) {
	d.mu.Lock()
	d.req, d.asked = r, true
	d.mu.Unlock()
	d.wake()
}

// wake answers the newest request once more.
func (d *drawer[R, F]) wake() {
	select {
	case d.poke <- struct{}{}:
	default:
	}
}

// loop answers requests until ctx ends.
func (d *drawer[R, F]) loop(ctx context.Context) {
	defer close(d.ended)
	for {
		select {
		case <-d.poke:
		case <-ctx.Done():
			return
		}
		d.mu.Lock()
		req, asked := d.req, d.asked
		d.mu.Unlock()
		if !asked {
			continue
		}
		f := d.draw(ctx, req)
		if !handOver(ctx, d.do, func() { d.show(f) }) {
			return
		}
	}
}

// handOver runs show on the UI goroutine and waits until it has; it reports
// false when ctx has ended before.
func handOver(ctx context.Context, do func(func()), show func()) bool {
	shown := make(chan struct{})
	do(func() {
		show()
		close(shown)
	})
	select {
	case <-shown:
		return true
	case <-ctx.Done():
		return false
	}
}
