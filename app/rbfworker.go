package app

import (
	"context"
	"errors"
	"image"
	"sync"
	"time"

	"filterscope/engine/experiment"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
)

// rbfRequest is what the RBF view wants to see, as values that the worker may
// read while the UI goes on. A new request replaces the one before.
type rbfRequest struct {
	key    rbfKey
	recipe recipe.Recipe // whole, with the optimiser
	shown  bool          // the view is to be seen

	run   bool // train, or grow
	steps int  // single steps asked for so far
	turn  int  // grows when what has been trained or grown is to be forgotten
	stop  int  // grows when what is being worked out is to be given up

	number int // of the request; a later one is higher

	size      image.Point // of the picture, device pixels
	reduction image.Point // of the small chart of the right column
	scale     float32
	look      look
	camera    render.Camera
	draft     bool // the camera moves
	mode      fieldMode
	weighted  bool // basis functions times their weights, stacked
	ellipses  bool
	points    bool // on a surface
	selected  int
}

// fieldMode says how a field is shown.
type fieldMode int

const (
	fieldBoth fieldMode = iota
	fieldMap
	fieldRelief
)

// rbfRun says how far training or growing is.
type rbfRun struct {
	running      bool
	begun, ended bool
	taken, steps int
	value        float64 // the objective, or the PSNR
	reason       string  // why it ended
}

// rbfFrame is one finished picture of the RBF view. It is immutable and belongs
// to the UI once handed over.
type rbfFrame struct {
	req      rbfRequest
	solution *rbfSolution // nil while there is none
	fault    error        // why there is none
	busy     bool         // a solution is being worked out
	done     int          // of so many
	total    int
	what     string // is being done
	run      rbfRun

	took time.Duration // to work out and to draw

	image     *image.RGBA
	panels    rbfPanels
	reduction *image.RGBA
}

// solveQuick is how long a frame waits for its solution before it shows the one
// before; solveStale is how long a solution that nobody wants any more may go
// on.
const (
	solveQuick = 40 * time.Millisecond
	solveStale = 300 * time.Millisecond
	stepsFor   = 28 * time.Millisecond // how long steps are taken between two frames
)

// rbfWorker works out and draws the RBF view on a goroutine of its own, as the
// pump does for the others: it takes the newest request, and one frame is in
// flight at a time. What takes long is worked out on another goroutine, while
// frames go on; what is quick may be drawn on the UI's, see live.
type rbfWorker struct {
	do   func(func())
	show func(*rbfFrame) // on the UI goroutine

	mu   sync.Mutex
	req  rbfRequest
	poke chan struct{}

	ended chan struct{} // closed when loop has ended

	working sync.Mutex // held by whoever draws a frame; it guards what follows

	here     bool         // solve on the calling goroutine
	solution *rbfSolution // the newest
	fault    error
	faultFor rbfKey
	job      *rbfJob
	trainer  *experiment.Trainer
	grower   *experiment.Grower
	onto     *rbfSolution // what trainer and grower started from
	turn     int
	stop     int
	stepped  int
	run      rbfRun
	paint    *rbfPainter
}

// rbfJob is a solution being worked out.
type rbfJob struct {
	key    rbfKey
	begun  time.Time
	cancel context.CancelCauseFunc
	ready  chan struct{}

	solution *rbfSolution // once ready is closed
	err      error

	mu          sync.Mutex
	done, total int
	what        string
}

func newRBFWorker(do func(func()), show func(*rbfFrame)) *rbfWorker {
	return &rbfWorker{do: do, show: show, poke: make(chan struct{}, 1), ended: make(chan struct{}), paint: &rbfPainter{}}
}

func (p *rbfWorker) wake() {
	select {
	case p.poke <- struct{}{}:
	default:
	}
}

// ask replaces the request.
func (p *rbfWorker) ask(r rbfRequest) {
	p.mu.Lock()
	p.req = r
	p.mu.Unlock()
	p.wake()
}

// loop draws frames until ctx ends.
func (p *rbfWorker) loop(ctx context.Context) {
	defer close(p.ended)
	defer func() {
		if p.job != nil {
			p.job.cancel(errCancelled)
		}
	}()
	going := false // steps are due: do not wait
	for {
		if !going {
			select {
			case <-p.poke:
			case <-ctx.Done():
				return
			}
		}
		p.mu.Lock()
		req := p.req
		p.mu.Unlock()
		if req.key.rbf.Task == "" {
			going = false
			continue
		}
		p.working.Lock()
		f := p.safely(ctx, req)
		p.working.Unlock()
		going = f.run.running
		if !req.shown {
			if going {
				continue
			}
			p.hand(ctx, f) // how the run ended
			continue
		}
		if !p.hand(ctx, f) {
			return
		}
	}
}

// safely draws a frame; a fault in computing or drawing costs the picture, not
// the window.
func (p *rbfWorker) safely(ctx context.Context, req rbfRequest) *rbfFrame {
	begun := time.Now()
	f, err := guarded(func() (*rbfFrame, error) { return p.frame(ctx, req), nil })
	if err != nil {
		p.paint, p.solution, p.job, p.trainer, p.grower, p.run = &rbfPainter{}, nil, nil, nil, nil, rbfRun{}
		p.fault, p.faultFor = err, req.key
		f = &rbfFrame{req: req, fault: err}
	}
	f.took = time.Since(begun)
	return f
}

// hand gives a frame to the UI and waits until it is shown.
func (p *rbfWorker) hand(ctx context.Context, f *rbfFrame) bool {
	return handOver(ctx, p.do, func() { p.show(f) })
}

// frame solves, steps and draws what a request asks for.
func (p *rbfWorker) frame(ctx context.Context, req rbfRequest) *rbfFrame {
	p.follow(ctx, req)
	p.advance(req)
	f := &rbfFrame{req: req, run: p.run, busy: p.job != nil}
	if p.faultFor == req.key {
		f.fault = p.fault
	}
	if p.job != nil {
		p.job.mu.Lock()
		f.done, f.total, f.what = p.job.done, p.job.total, p.job.what
		p.job.mu.Unlock()
	}
	if s := p.solution; f.fault == nil && s != nil && s.key.rbf.Task == req.key.rbf.Task {
		f.solution = s
	}
	if req.shown {
		p.paint.draw(f)
	}
	return f
}

// follow brings the solution up to the request, as far as that is quick.
func (p *rbfWorker) follow(ctx context.Context, req rbfRequest) {
	if p.turn != req.turn {
		p.fault, p.faultFor = nil, rbfKey{}
	}
	stop := p.stop != req.stop
	p.stop = req.stop
	for ctx.Err() == nil {
		if j := p.job; j != nil {
			if stop || j.key != req.key && time.Since(j.begun) > solveStale {
				j.cancel(errCancelled)
			}
			if !j.readyWithin(solveQuick - time.Since(j.begun)) {
				return // its end wakes the loop
			}
			p.job = nil
			j.cancel(nil)
			p.take(j, req)
		}
		if p.solution != nil && p.solution.key == req.key || p.faultFor == req.key && p.fault != nil {
			return
		}
		if p.here {
			j := &rbfJob{key: req.key, begun: time.Now()}
			j.solve(ctx, req, p.solution, nil)
			p.take(j, req)
			return
		}
		p.job = p.start(ctx, req)
	}
}

// take takes what a job has come to.
func (p *rbfWorker) take(j *rbfJob, req rbfRequest) {
	switch {
	case j.err == nil:
		p.solution, p.fault, p.faultFor = j.solution, nil, rbfKey{}
	case !errors.Is(j.err, errCancelled) && !errors.Is(j.err, context.Canceled):
		p.fault, p.faultFor = j.err, j.key
	case j.key == req.key: // cancelled by the user
		p.fault, p.faultFor = errCancelled, j.key
	}
}

// solve works out the solution of a request.
func (j *rbfJob) solve(ctx context.Context, req rbfRequest, prev *rbfSolution, progress experiment.Progress) {
	j.solution, j.err = guarded(func() (*rbfSolution, error) {
		return solve(ctx, req.key, req.recipe, prev, progress)
	})
	if j.solution != nil {
		j.solution.seconds = time.Since(j.begun).Seconds()
	}
}

// readyWithin waits a while for the end of a job, and reports whether it has come.
func (j *rbfJob) readyWithin(d time.Duration) bool {
	select {
	case <-j.ready:
		return true
	default:
	}
	if d <= 0 {
		return false
	}
	quick := time.NewTimer(d)
	defer quick.Stop()
	select {
	case <-j.ready:
		return true
	case <-quick.C:
		return false
	}
}

// start begins to work out the solution of a request.
func (p *rbfWorker) start(ctx context.Context, req rbfRequest) *rbfJob {
	j := &rbfJob{key: req.key, begun: time.Now(), ready: make(chan struct{})}
	var inner context.Context
	inner, j.cancel = context.WithCancelCause(ctx)
	prev := p.solution
	tell := throttle(100*time.Millisecond, func(done, total int, what string) {
		j.mu.Lock()
		j.done, j.total, j.what = done, total, what
		j.mu.Unlock()
		p.wake()
	})
	go func() {
		defer p.wake()
		defer close(j.ready)
		j.solve(inner, req, prev, experiment.Progress(tell))
		if cause := context.Cause(inner); cause != nil {
			j.err = cause
		}
	}()
	return j
}

// advance trains or grows for a while, if that is asked for.
func (p *rbfWorker) advance(req rbfRequest) {
	if p.turn != req.turn || p.onto != nil && p.onto.key != req.key && !sameButDraft(p.onto.key, req.key) {
		p.turn, p.stepped = req.turn, req.steps
		if p.onto != nil {
			if p.solution != nil && p.solution.key == p.onto.key {
				p.solution = p.onto
			}
			p.trainer, p.grower, p.onto, p.run = nil, nil, nil, rbfRun{}
		}
	}
	single := req.steps - p.stepped
	p.stepped = req.steps
	wanted := req.run || single > 0
	p.run.running = false
	if !wanted || p.run.ended || p.solution == nil || p.solution.key != req.key {
		return
	}
	if p.onto == nil {
		if err := p.begin(req.recipe); err != nil {
			p.run = rbfRun{ended: true, reason: err.Error()}
			return
		}
	}
	for end := time.Now().Add(stepsFor); ; single-- {
		if !req.run && single <= 0 {
			break
		}
		p.step()
		if p.run.ended || req.run && time.Now().After(end) {
			break
		}
	}
	if p.trainer != nil {
		p.solution = p.onto.withNetwork(p.trainer.Network())
		p.solution.objectives = p.trainer.Objectives()
	} else {
		p.solution = p.onto.grown(p.grower)
	}
	p.run.running = req.run && !p.run.ended
}

// sameButDraft reports whether two keys differ at most in how coarse the picture
// is.
func sameButDraft(a, b rbfKey) bool {
	a.draft = b.draft
	return a == b
}

// begin starts training, or growing, from the present solution.
func (p *rbfWorker) begin(r recipe.Recipe) (err error) {
	s := p.solution
	study := *s.study
	study.Recipe = r // the optimiser may have changed since
	if s.key.rbf.Task == recipe.TaskImage {
		p.grower, err = study.Grower()
	} else if s.network != nil {
		p.trainer, err = study.Trainer(s.network)
	} else {
		err = errors.New("there are no centres of its own to train: choose fewer centres than points")
	}
	if err == nil {
		p.onto = s
		p.run.begun = true
	}
	return err
}

func (p *rbfWorker) step() {
	if p.trainer != nil {
		p.run.value, p.run.ended = p.trainer.Step()
		p.run.taken, p.run.steps, p.run.reason = p.trainer.Taken(), p.trainer.Steps(), p.trainer.Reason()
		return
	}
	_, p.run.ended = p.grower.Step()
	p.run.taken, p.run.steps = p.grower.Count(), p.grower.Limit()
	if psnr := p.grower.PSNR(); len(psnr) > 0 {
		p.run.value = psnr[len(psnr)-1]
	}
}
