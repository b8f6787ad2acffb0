package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// stage is where the session stands between choosing a recipe and having a
// trained model.
type stage int

const (
	choosing stage = iota // no run yet: the gallery shows
	loading               // the data are being loaded or drawn
	training              // a run exists; its phase is in the snapshots
)

// activeRun is one run and everything that belongs to it. Its fields are set
// before its goroutine starts, but for the result, which is valid once done
// is closed.
type activeRun struct {
	problem *train.Problem
	control *train.Control
	mailbox *train.Mailbox[train.Snapshot]
	wishes  *train.Wishes
	cancel  context.CancelFunc
	done    chan struct{}
	result  *train.Result
	err     error
}

// ended reports whether the run's goroutine has finished.
func (r *activeRun) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// session is the one experiment in the window: a recipe that the form edits
// and, once started, a run of it. All methods are called on the UI goroutine;
// work goes on elsewhere and comes back through do.
type session struct {
	do     func(func()) // runs a function on the UI goroutine
	logger *slog.Logger

	recipe recipe.Recipe // as the form shows it
	run    *activeRun    // nil before the first start
	stage  stage

	startHeld  bool // the next run starts held, after one step
	loadCancel context.CancelCauseFunc
	loadSeq    int

	// Called on the UI goroutine.
	changed  func()                             // recipe or stage changed
	loadedAs func(done, total int, what string) // progress of loading
	began    func(r *activeRun)                 // a run has started
	failed   func(title string, err error)      // loading failed
	warned   func(problem *train.Problem)       // some files could not be used
	finished func(r *activeRun)                 // a run's goroutine has ended
}

// errCancelled is the cause of a load that the user gave up.
var errCancelled = errors.New("cancelled")

// choose makes r the recipe of the session; a run that goes on is stopped.
func (s *session) choose(r recipe.Recipe) {
	s.abandon()
	s.recipe, s.run, s.stage = r, nil, choosing
	s.changed()
}

// edit changes the recipe; live fields reach a run at its next step, the
// others wait for the next start.
func (s *session) edit(change func(r *recipe.Recipe)) {
	change(&s.recipe)
	if s.run != nil && !s.run.ended() {
		m := s.recipe.Model
		s.run.control.Tweak(train.Hyper{Lambda: m.Lambda, Beta: m.Beta, Rho: m.Rho, LearningRate: s.recipe.Optimizer.LearningRate})
	}
	s.changed()
}

// stale reports whether the form asks for something that the present run was
// not started with and cannot change while it goes on.
func (s *session) stale() bool {
	if s.run == nil {
		return false
	}
	a, b := s.recipe, s.run.problem.Recipe
	for _, r := range []*recipe.Recipe{&a, &b} {
		r.Model.Lambda, r.Model.Beta, r.Model.Rho = 0, 0, 0.5
		r.Optimizer.LearningRate = 0
	}
	return string(a.Encode()) != string(b.Encode())
}

// start loads the recipe's data and trains on them. What went on before is
// stopped.
func (s *session) start() {
	s.abandon()
	ctx, cancel := context.WithCancelCause(context.Background())
	s.loadSeq++
	seq, r := s.loadSeq, s.recipe
	s.loadCancel, s.stage = cancel, loading
	s.changed()
	progress := throttle(100*time.Millisecond, func(done, total int, what string) {
		s.do(func() {
			if s.loadSeq == seq && s.stage == loading {
				s.loadedAs(done, total, what)
			}
		})
	})
	go func() {
		problem, err := train.Prepare(ctx, r, progress)
		s.do(func() { s.loaded(seq, problem, err) })
	}()
}

// loaded goes on from a finished load on the UI goroutine.
func (s *session) loaded(seq int, problem *train.Problem, err error) {
	if !s.arrived(seq, "The data could not be used", err) {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	run := &activeRun{
		problem: problem, control: train.NewControl(), mailbox: train.NewMailbox[train.Snapshot](),
		wishes: &train.Wishes{}, cancel: cancel, done: make(chan struct{}),
	}
	if s.startHeld {
		s.startHeld = false
		run.control.Step(1)
	}
	s.run, s.stage = run, training
	s.began(run)
	s.changed()
	if len(problem.Warnings) > 0 {
		s.warned(problem)
	}
	go func() {
		run.result, run.err = train.Run(ctx, problem, train.Options{
			Mailbox: run.mailbox, Control: run.control, Wishes: run.wishes, Logger: s.logger,
		})
		cancel()
		close(run.done)
		s.do(func() {
			if s.run == run {
				s.finished(run)
			}
		})
	}()
}

// arrived ends the loading stage, and reports whether there is something to go
// on with.
func (s *session) arrived(seq int, title string, err error) bool {
	if s.loadSeq != seq || s.stage != loading {
		return false // given up meanwhile
	}
	s.loadCancel = nil
	if err == nil {
		return true
	}
	s.stage, s.startHeld = choosing, false
	if s.run != nil {
		s.stage = training
	}
	s.changed()
	if !errors.Is(err, errCancelled) {
		s.failed(title, err)
	}
	return false
}

// opened shows a model that was loaded as a run that has ended.
func (s *session) opened(seq int, problem *train.Problem, parameters []float64, err error) {
	if !s.arrived(seq, "The model could not be opened", err) {
		return
	}
	run := &activeRun{
		problem: problem, control: train.NewControl(), mailbox: train.NewMailbox[train.Snapshot](),
		wishes: &train.Wishes{}, cancel: func() {}, done: make(chan struct{}),
	}
	var last *train.Snapshot
	run.result, last = train.Finished(problem, parameters)
	run.mailbox.Put(last)
	close(run.done)
	s.recipe, s.run, s.stage = problem.Recipe, run, training
	s.began(run)
	s.changed()
}

// cancelLoad gives up loading.
func (s *session) cancelLoad() {
	if s.loadCancel != nil {
		s.loadCancel(errCancelled)
	}
}

// abandon stops whatever goes on, without waiting.
func (s *session) abandon() {
	s.cancelLoad()
	s.loadSeq++
	s.loadCancel = nil
	if s.run != nil {
		s.run.cancel()
	}
}

// active reports whether a run exists that has not ended.
func (s *session) active() bool { return s.stage == training && s.run != nil && !s.run.ended() }

// shutdown stops the run and waits for it, at most for the given time.
func (s *session) shutdown(limit time.Duration) {
	run := s.run
	s.abandon()
	if run == nil {
		return
	}
	select {
	case <-run.done:
	case <-time.After(limit):
	}
}

// throttle passes on at most one call in every interval, and the last one of
// all (done == total).
func throttle(every time.Duration, f func(done, total int, what string)) train.Progress {
	calls := make(chan time.Time, 1)
	calls <- time.Time{}
	return func(done, total int, what string) {
		last := <-calls
		if now := time.Now(); done >= total || now.Sub(last) >= every {
			last = now
			f(done, total, what)
		}
		calls <- last
	}
}
