package app

import (
	"context"
	"fmt"
	"time"

	"filterscope/engine/train"
)

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
	s.launch(problem, train.Options{}, s.startHeld)
	if len(problem.Warnings) > 0 {
		s.warned(problem)
	}
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
	s.tried = s.recipe
	s.fallBack()
	s.changed()
	s.failed(title, err)
	return false
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
		s.remember(s.recipe)
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
