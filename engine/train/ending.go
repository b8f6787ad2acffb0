package train

import (
	"fmt"
	"time"
)

// takeBest puts the parameters of the best epoch in the place of the last ones,
// if the recipe says so.
func (r *run) takeBest() {
	if r.best == nil || !r.problem.Recipe.Optimizer.RestoreBest || r.bestAt == r.step || r.failure != nil {
		return
	}
	r.method.restore(r.best)
	r.events = append(r.events, Event{r.step, fmt.Sprintf("weights of step %d restored", r.bestAt)})
}

// finish makes the result and the final snapshot.
func (r *run) finish() (*Result, error) {
	r.elapsed, r.since = r.trained(), time.Time{}
	res := &Result{Problem: r.problem, Recipe: r.problem.Recipe, Layout: r.problem.Spec().Layout()}
	res.Recipe = r.hyper.In(res.Recipe)
	res.Parameters = make([]float64, res.Layout.Size())
	if r.method != nil { // nil after a panic before the first step
		if r.phase == Stopped {
			res.State = r.state()
		}
		r.takeBest()
		r.conclude()
		r.method.parameters(res.Parameters)
		if r.phase == Failed {
			res.State = r.state()
		}
	}
	if r.failure != nil {
		r.reason = r.failure.Error()
	}
	res.Phase, res.Reason, res.Steps, res.Evaluations = r.phase, r.reason, r.step, r.evaluations
	res.Terms, res.RhoHat = r.terms, r.rhoHat
	res.Events, res.Seconds = r.events, r.elapsed.Seconds()
	if len(r.terms) > 0 && finite(r.terms.Total()) {
		r.rec.add(r.step, res.Seconds, r.terms)
	}
	res.History = r.rec.snapshot()
	r.publish(true)
	r.opts.Logger.Info("run ended", "phase", r.phase.String(), "reason", res.Reason,
		"steps", r.step, "objective", res.Terms.Total(), "seconds", res.Seconds)
	return res, r.failure
}

// conclude settles terms and mean activations of the result. Those of the last
// minibatch are not the objective, and a run that was stopped at once has none
// yet: the whole data set is evaluated then. A last minibatch step that led out
// of the finite numbers is taken back.
func (r *run) conclude() {
	defer func() { // the panic that ended the run may come again
		if caught := recover(); caught != nil && r.failure == nil {
			r.phase, r.failure = Failed, fmt.Errorf("internal error after step %d: %v", r.step, caught)
		}
	}()
	if r.method.conclusive() && r.evaluations > 0 && r.terms != nil {
		if err := r.spoilt(); err != nil {
			r.phase, r.failure = Failed, r.lost(r.step, err)
			r.method.revert()
		}
		r.rhoHat = r.method.activity()
		return
	}
	r.evaluate()
	if r.failure == nil && !finite(r.terms.Total()) {
		r.phase, r.failure = Failed, r.lost(r.step, notFinite(r.terms))
		r.method.revert()
		r.evaluate()
	}
}

// spoilt returns an error when what is measured of the last minibatch step of a
// method that nothing else judges, such as a machine's, is not finite.
func (r *run) spoilt() error {
	if r.failure != nil || !r.method.averaged() || r.step == r.from {
		return nil
	}
	theta := make([]float64, r.problem.Spec().Layout().Size())
	r.method.parameters(theta)
	for _, m := range r.problem.Measures(r.hyper, theta) {
		if !finite(m.Value) {
			return &NotFiniteError{fmt.Sprintf("the %s is %v", m.Name, m.Value)}
		}
	}
	return nil
}

// lost is the error of a run whose objective is no longer finite.
func (r *run) lost(step int, err error) error {
	return fmt.Errorf("step %d: %w; the last good parameters are kept", step, err)
}
