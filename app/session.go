package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"time"

	"filterscope/engine/experiment"
	"filterscope/engine/preprocess"
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
	exhibit *exhibit // not nil: weights of another program, which cannot be trained on
	control *train.Control
	mailbox *train.Mailbox[train.Snapshot]
	wishes  *train.Wishes
	cancel  context.CancelFunc
	done    chan struct{}
	result  *train.Result
	err     error

	// Of the UI goroutine.
	hyper    train.Hyper // as sent last
	held     bool        // the user wants it held
	stepping bool        // held, but for the steps asked for
	good     goodState   // safe for other goroutines
	span     spanOf      // of what the network sees, when somebody wanted to know
}

func newActiveRun(p *train.Problem, cancel context.CancelFunc) *activeRun {
	return &activeRun{
		problem: p, control: train.NewControl(), mailbox: train.NewMailbox[train.Snapshot](),
		wishes: &train.Wishes{}, cancel: cancel, done: make(chan struct{}), hyper: hyperOf(p.Recipe),
	}
}

// hyperOf returns the live values of a recipe.
func hyperOf(r recipe.Recipe) train.Hyper { return train.HyperOf(r) }

// pause, resume and step do what the user asks for.
func (r *activeRun) pause()  { r.held, r.stepping = true, false; r.control.Pause() }
func (r *activeRun) resume() { r.held, r.stepping = false, false; r.control.Resume() }
func (r *activeRun) step(n int) {
	r.held, r.stepping = true, true
	r.control.Step(n)
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

	cache  *dataCache
	recipe recipe.Recipe // as the form shows it
	run    *activeRun    // nil before the first start

	// previous is the run before this one, kept so that a hasty Restart loses
	// nothing; nil when there is none.
	previous *activeRun
	stage    stage

	startHeld  bool           // the run being loaded starts held, after one step
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

// recipe returns the recipe of the run with its values as they are now.
func (r *activeRun) recipe() recipe.Recipe {
	return r.hyper.In(r.problem.Recipe)
}

// stale reports whether the form asks for something that the present run was
// not started with and cannot change any more.
func (s *session) stale() bool {
	if s.run == nil || s.run.exhibit != nil {
		return false
	}
	a, b := s.recipe, s.run.recipe()
	if s.active() || s.canTrainOn() { // the live ones reach the run that goes on
		forgetLive(&a)
		forgetLive(&b)
	}
	return string(a.Encode()) != string(b.Encode())
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
	s.recipe = r
	s.start(false)
	if s.before == nil {
		s.before = &old
	}
}

// open shows the model that load returns as a run that has ended; title says
// what did not work if that fails.
func (s *session) open(title string, load func(ctx context.Context) (*finishedRun, error)) {
	ctx, seq := s.load()
	s.changed()
	go func() {
		done, err := guarded(func() (*finishedRun, error) { return load(ctx) })
		s.do(func() { s.opened(seq, title, done, err) })
	}()
}

// load begins the loading stage, in place of another load if there is one.
func (s *session) load() (ctx context.Context, seq int) {
	if s.stage == loading {
		s.loadCancel(errCancelled)
	} else if s.active() {
		s.run.control.Pause()
	}
	ctx, s.loadCancel = context.WithCancelCause(context.Background())
	s.loadSeq++
	s.stage, s.startHeld = loading, false
	return ctx, s.loadSeq
}

// guarded turns a panic of f into an error.
func guarded[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("internal error: %v", caught)
		}
	}()
	return f()
}

// loaded goes on from a finished load on the UI goroutine.
func (s *session) loaded(seq int, problem *train.Problem, err error) {
	if !s.arrived(seq, "The data could not be used", err) {
		return
	}
	s.launch(problem, nil, s.startHeld)
	if len(problem.Warnings) > 0 {
		s.warned(problem)
	}
}

// trainOn starts a run from the weights that the present one ended with, on
// the data that are there; held says to hold it after its first step.
func (s *session) trainOn(held bool) {
	run := s.run
	if run == nil || !run.ended() || run.result == nil {
		return
	}
	s.launch(run.problem.With(hyperOf(s.recipe)), run.result.Parameters, held)
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

// forgetLive takes the live values out of a recipe.
func forgetLive(r *recipe.Recipe) {
	dropout := r.Model.InputDropout // live only in a run that began with one
	*r = train.Hyper{Rho: 0.5}.In(*r)
	r.Model.InputDropout = dropout
}

// differences names the keys of two recipes that differ, "hidden 196 → 64";
// the live ones only when live is false.
func differences(from, to recipe.Recipe, live bool) string {
	if live {
		forgetLive(&from)
		forgetLive(&to)
	}
	var changes []string
	if from.Model.Kind != to.Model.Kind { // whose keys are others
		changes = append(changes, kindName(from.Model.Kind)+" → "+kindName(to.Model.Kind))
		from.Model, from.Optimizer = to.Model, to.Optimizer
	}
	same := func(x, y preprocess.Spec) bool { return x.Step == y.Step }
	if !slices.EqualFunc(from.Preprocess, to.Preprocess, same) { // whose keys are others then
		changes = append(changes, "the steps of the preprocessing changed")
		from.Preprocess, to.Preprocess = nil, nil
	}
	a, before := valuesOf(from)
	b, now := valuesOf(to)
	name := func(key string) string {
		return strings.ReplaceAll(key[strings.LastIndex(key, "]")+1:], "_", " ")
	}
	for _, key := range b {
		old, had := before[key]
		switch value := now[key]; {
		case had && old != value:
			changes = append(changes, fmt.Sprintf("%s %s → %s", name(key), old, value))
		case !had && value == "true":
			changes = append(changes, name(key)+" on")
		case !had:
			changes = append(changes, name(key)+" "+value)
		}
	}
	for _, key := range a {
		if _, has := now[key]; !has {
			changes = append(changes, "no "+name(key))
		}
	}
	if n := len(changes); n > mostChanges+1 {
		changes = append(changes[:mostChanges], fmt.Sprintf("and %d more", n-mostChanges))
	}
	return strings.Join(changes, ", ")
}

// mostChanges is how many differences are named.
const mostChanges = 5

// valuesOf returns the keys of a recipe in the order of its file, and their
// values.
func valuesOf(r recipe.Recipe) (keys []string, values map[string]string) {
	values = map[string]string{}
	section, sections := "", 0
	for line := range strings.Lines(string(r.Encode())) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			sections++
			section = line
			if strings.HasPrefix(line, "[[") { // there may be several
				section = fmt.Sprintf("%d%s", sections, line)
			}
		}
		if key, value, ok := strings.Cut(line, " = "); ok {
			keys = append(keys, section+key)
			values[section+key] = strings.Trim(value, `"`)
		}
	}
	return keys, values
}

// launch replaces the present run by a new one, from the given parameters or
// from the recipe's own.
func (s *session) launch(problem *train.Problem, from []float64, held bool) {
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
			Mailbox: run.mailbox, Control: run.control, Wishes: run.wishes, Logger: s.logger, From: from,
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
	s.fallBack()
	s.changed()
	s.failed(title, err)
	return false
}

// finishedRun is a saved model with its data, and what a run that ended with it
// would have said last.
type finishedRun struct {
	problem *train.Problem
	result  *train.Result
	last    *train.Snapshot
	exhibit *exhibit           // not nil: it is weights of another program
	rbf     *experiment.Result // instead of the others: it is for the RBF view
}

// opened shows a model that was loaded as a run that has ended.
func (s *session) opened(seq int, title string, f *finishedRun, err error) {
	if !s.arrived(seq, title, err) {
		return
	}
	if f.rbf != nil {
		s.fallBack()
		s.changed()
		s.openedRBF(f.rbf)
		return
	}
	run := newActiveRun(f.problem, func() {})
	run.result, run.exhibit = f.result, f.exhibit
	run.mailbox.Put(f.last)
	close(run.done)
	s.replace(run)
	if f.exhibit == nil { // which has no recipe
		s.recipe = f.problem.Recipe
	}
	s.began(run)
	s.changed()
	if len(f.problem.Warnings) > 0 {
		s.warned(f.problem)
	}
}

// cancelLoad gives up loading at once, whenever the loader notices.
func (s *session) cancelLoad() {
	if s.stage != loading {
		return
	}
	s.loadCancel(errCancelled)
	s.loadCancel = nil
	s.loadSeq++
	s.fallBack()
	s.changed()
}

// fallBack goes back to what was before loading.
func (s *session) fallBack() {
	if s.before != nil {
		s.recipe = *s.before
	}
	s.stage, s.before, s.startHeld = choosing, nil, false
	if s.run != nil {
		s.stage = training
		s.tweak()
		if !s.run.held {
			s.run.control.Resume()
		}
	}
}

// abandon stops whatever goes on, without waiting.
func (s *session) abandon() {
	if s.loadCancel != nil {
		s.loadCancel(errCancelled)
	}
	s.loadSeq++
	s.loadCancel, s.before, s.startHeld = nil, nil, false
	if s.run != nil {
		s.run.cancel()
	}
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

// throttle passes on at most one call in every interval, and the last one of
// all (done == total, if total is known).
func throttle(every time.Duration, f func(done, total int, what string)) train.Progress {
	calls := make(chan time.Time, 1)
	calls <- time.Time{}
	return func(done, total int, what string) {
		last := <-calls
		if now := time.Now(); total > 0 && done >= total || now.Sub(last) >= every {
			last = now
			f(done, total, what)
		}
		calls <- last
	}
}
