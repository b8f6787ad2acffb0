package app

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"filterscope/engine/experiment"
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

// session is the one experiment in the window: a recipe that the form edits
// and, once started, a run of it. All methods are called on the UI goroutine;
// work goes on elsewhere and comes back through do.
type session struct {
	do     func(func()) // runs a function on the UI goroutine
	logger *slog.Logger

	cache  *dataCache
	recipe recipe.Recipe // as the form shows it
	run    *activeRun    // nil before the first start

	// previous is the run before this one, kept so that a hasty Restart loses
	// nothing; nil when there is none.
	previous *activeRun
	stage    stage
	known    map[string]recipe.Recipe // opened ones, by what they are called

	startHeld  bool           // the run being loaded starts held, after one step
	tried      recipe.Recipe  // what the last load that failed was for
	before     *recipe.Recipe // what the form goes back to when loading fails, nil: it stays
	loadCancel context.CancelCauseFunc
	loadSeq    int

	// Called on the UI goroutine.
	changed  func()                             // recipe or stage changed
	loadedAs func(done, total int, what string) // progress of loading
	began    func(r *activeRun)                 // a run has started
	failed   func(title string, err error)      // loading failed
	warned   func(problem *train.Problem)       // some files could not be used
	finished func(r *activeRun)                 // a run's goroutine has ended

	openedRBF func(r *experiment.Result) // a model was opened that is the RBF view's
}

// errCancelled is the cause of a load that the user gave up.
var errCancelled = errors.New("cancelled")

// choose makes r the recipe of the session; a run that goes on is stopped.
func (s *session) choose(r recipe.Recipe) {
	s.abandon()
	s.keep()
	s.met(r)
	s.recipe, s.run, s.stage = r, nil, choosing
	s.changed()
}

// keep makes the present run the previous one. Weights from a file are none.
func (s *session) keep() {
	if s.run != nil && s.run.exhibit == nil {
		s.previous = s.run
	}
}

// edit changes the recipe; live fields reach a run at its next step, the
// others wait for the next start.
func (s *session) edit(change func(r *recipe.Recipe)) {
	change(&s.recipe)
	s.tweak()
	s.changed()
}

// tweak sends the live values to the run that goes on. Those of another kind of
// model, or the learning rate of another method than the run's, mean nothing to
// it.
func (s *session) tweak() {
	if !s.active() {
		return
	}
	h, of := hyperOf(s.recipe), s.run.problem.Recipe
	if s.recipe.Model.Kind != of.Model.Kind {
		return
	}
	if s.recipe.Optimizer.Method != of.Optimizer.Method {
		h.LearningRate, h.Momentum = s.run.hyper.LearningRate, s.run.hyper.Momentum
	}
	if h != s.run.hyper {
		s.run.hyper = h
		s.run.control.Tweak(h)
	}
}

// undo puts the values of the present run back into the recipe.
func (s *session) undo() {
	if s.run == nil || s.run.exhibit != nil {
		return
	}
	s.edit(func(r *recipe.Recipe) { *r = s.run.recipe() })
}

// start loads the recipe's data and trains on them; held says to hold the run
// after its first step. A run that goes on is held while the data are loaded,
// ends when the new one begins, and goes on when there will be none.
func (s *session) start(held bool) {
	ctx, seq := s.load()
	s.startHeld = held
	r := s.recipe
	s.changed()
	progress := throttle(100*time.Millisecond, func(done, total int, what string) {
		s.do(func() {
			if s.loadSeq == seq && s.stage == loading {
				s.loadedAs(done, total, what)
			}
		})
	})
	go func() {
		problem, err := guarded(func() (*train.Problem, error) { return s.cache.prepare(ctx, r, progress) })
		s.do(func() { s.loaded(seq, problem, err) })
	}()
}

// startWith is start with another recipe, which counts only once its data are
// there.
func (s *session) startWith(r recipe.Recipe) {
	old := s.recipe
	s.met(r)
	s.recipe = r
	s.start(false)
	if s.before == nil {
		s.before = &old
	}
}

// trainOn starts a run from the weights that the present one ended with, on
// the data that are there; held says to hold it after its first step.
func (s *session) trainOn(held bool) {
	run := s.run
	if run == nil || !run.ended() || run.result == nil {
		return
	}
	s.launch(run.problem.With(hyperOf(s.recipe)), train.Options{From: run.result.Parameters}, held)
}

// canTrainOn reports whether there is a network to go on from, and the form asks
// for no other one.
func (s *session) canTrainOn() bool {
	if s.stage != training || s.run == nil || s.run.exhibit != nil || !s.run.ended() || s.run.result == nil || s.run.err != nil {
		return false
	}
	a, b := s.recipe, s.run.problem.Recipe
	for _, r := range []*recipe.Recipe{&a, &b} {
		forgetLive(r)
	}
	return string(a.Encode()) == string(b.Encode())
}

// mostChanges is how many differences are named.
const mostChanges = 5

// launch replaces the present run by a new one, from the parameters or the state
// in begin, or else from the recipe's own parameters.
func (s *session) launch(problem *train.Problem, begin train.Options, held bool) {
	ctx, cancel := context.WithCancel(context.Background())
	run := newActiveRun(problem, cancel)
	if held {
		run.step(1)
	}
	s.replace(run)
	s.tweak() // what was edited while the data were loaded
	s.began(run)
	s.changed()
	go func() {
		runtime.LockOSThread() // the thread ends with the goroutine, and its priority with it
		yieldToWindow()
		run.result, run.err = train.Run(ctx, problem, train.Options{
			Mailbox: run.mailbox, Control: run.control, Wishes: run.wishes, Logger: s.logger,
			From: begin.From, State: begin.State,
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

// replace ends the run there is and makes run the present one.
func (s *session) replace(run *activeRun) {
	if s.run != nil {
		s.run.cancel()
	}
	s.keep()
	if s.previous == run {
		s.previous = nil
	}
	s.run, s.stage, s.before, s.startHeld = run, training, nil, false
}

// goBack makes the run before the present one again; the two change places.
func (s *session) goBack() {
	run := s.previous
	if run == nil || !run.ended() || s.stage == loading {
		return
	}
	s.replace(run)
	s.recipe = run.recipe()
	s.began(run)
	s.changed()
}

// active reports whether a run exists that has not ended.
func (s *session) active() bool { return s.stage == training && s.run != nil && !s.run.ended() }

// quit stops whatever goes on and returns a channel that is closed once the
// run has ended.
func (s *session) quit() (ended <-chan struct{}) {
	s.abandon()
	if s.run == nil {
		none := make(chan struct{})
		close(none)
		return none
	}
	return s.run.done
}
