package app

import (
	"errors"
	"fmt"
	"strings"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// remedy is something to do about a finding, with the label of its button.
type remedy struct {
	label, tip string
	do         func()
}

// By what β, the weight of a divergence and a rate that spoilt all are divided,
// and the bound of a gradient that is clipped.
const (
	betaDivisor = 10
	klDivisor   = 4
	rateDivisor = 10
	clipNorm    = 5
)

// remedies returns what can be done about a finding, best first. Those that do
// not apply to the recipe as it is are left out.
func (w *Window) remedies(f analysis.Finding) []remedy {
	kinds := []analysis.Remedy{f.Remedy}
	switch f.Kind {
	case analysis.Collapse:
		if f.Remedy == analysis.ReinitialiseDead {
			kinds = append(kinds, analysis.HalveRate)
		} else {
			kinds = append(kinds, analysis.ReinitialiseDead)
		}
	case analysis.Divergence:
		kinds = []analysis.Remedy{analysis.RestoreGood, analysis.HalveRate}
	case analysis.LargeUpdates:
		if f.Remedy == analysis.ClipGradients {
			kinds = append(kinds, analysis.HalveRate)
		}
	case analysis.NotFinite:
		kinds = append(kinds, analysis.ClipGradients)
	}
	var all []remedy
	for _, k := range kinds {
		r, ok := w.remedy(k, f)
		if k == analysis.ClipGradients && f.Kind == analysis.NotFinite {
			all = w.appendHe(all, ok)
		}
		if ok {
			all = append(all, r)
		}
	}
	if f.Kind == analysis.NotFinite && w.session.recipe.Optimizer.Minibatch() && len(all) == 0 {
		all = append(all, w.slower())
	}
	return all
}

// appendHe appends a start from weights as rectifying units want them, where
// that fits. Clipping alone trains on from weights that are far too large, and
// such weights alone do not tame the rate: both at once come before either.
func (w *Window) appendHe(all []remedy, clip bool) []remedy {
	m := w.session.recipe.Model
	if !m.Has("initialiser") || m.Initialiser == "he" || !rectifies(m.Activation) {
		return all
	}
	r := remedy{label: "He weights, restart", tip: "Weights as large as suits units that rectify: √(2/inputs)"}
	if clip {
		r.label = fmt.Sprintf("He weights, clip at %d", clipNorm)
		r.tip += fmt.Sprintf("; and no gradient longer than %d", clipNorm)
	}
	r.do = func() {
		w.again(func(r *recipe.Recipe) {
			r.Model.Initialiser = "he"
			if clip {
				r.Optimizer.ClipNorm = clipNorm
			}
		})
	}
	return append(all, r)
}

// slower starts anew with a much lower rate, which is what remains when there is
// nothing sound to go back to.
func (w *Window) slower() remedy {
	rate := w.session.recipe.Optimizer.LearningRate / rateDivisor
	return remedy{fmt.Sprintf("Rate %.2g, restart", rate), fmt.Sprintf("Start anew with a learning rate %d times lower", rateDivisor), func() {
		w.again(func(r *recipe.Recipe) { r.Optimizer.LearningRate = rate })
	}}
}

func rectifies(activation string) bool {
	return strings.Contains(activation, "relu") || activation == "elu" || activation == "softplus"
}

// remedy returns what a remedy is in the present session, false when it does not
// apply.
func (w *Window) remedy(k analysis.Remedy, f analysis.Finding) (remedy, bool) {
	s, r := w.session, w.session.recipe
	o := r.Optimizer
	switch k {
	case analysis.HalveRate, analysis.RaiseRate:
		if !o.Minibatch() {
			return remedy{}, false
		}
		label, rate := "Halve the rate", o.LearningRate/2
		if k == analysis.RaiseRate {
			label, rate = "Double the rate", 2*o.LearningRate
		}
		if v := w.diagnosis.verdict; v != nil && v.finding.Sentence == f.Sentence && v.rate > 0 {
			label, rate = fmt.Sprintf("Rate %.2g", v.rate), v.rate
		}
		return remedy{label, fmt.Sprintf("Learning rate %.3g instead of %.3g", rate, o.LearningRate), func() {
			w.live(func(r *recipe.Recipe) { r.Optimizer.LearningRate = rate })
		}}, true
	case analysis.LowerBeta:
		if r.Model.Kind == recipe.KindVariational {
			v := r.Model.KLWeight / klDivisor
			return remedy{fmt.Sprintf("KL weight %.2g", v), fmt.Sprintf("Lower the weight of the divergence from %.3g", r.Model.KLWeight), func() {
				w.live(func(r *recipe.Recipe) { r.Model.KLWeight = v })
			}}, r.Model.KLWeight > 0
		}
		v := r.Model.Beta / betaDivisor
		return remedy{fmt.Sprintf("β = %.3g", v), fmt.Sprintf("Lower the weight of the sparsity term from %.3g", r.Model.Beta), func() {
			w.live(func(r *recipe.Recipe) { r.Model.Beta = v })
		}}, r.Model.Beta > 0
	case analysis.ReinitialiseDead:
		return remedy{"New weights", fmt.Sprintf("Draw new weights for %s and train on", countOf(len(f.Units), "unit")), func() { w.reinitialise(f.Units) }}, s.run != nil
	case analysis.RestoreGood:
		return w.restoring()
	case analysis.NormalisePerExample:
		done := len(r.Preprocess) > 0 && r.Preprocess[len(r.Preprocess)-1].Step == preprocess.StandardiseExample
		return remedy{"Normalise per example", "Give every example the mean 0 and the deviation 1, and start", func() {
			w.again(func(r *recipe.Recipe) { *r = train.PerExample(*r) })
		}}, !done
	case analysis.ClipGradients:
		return remedy{fmt.Sprintf("Clip at %d, restart", clipNorm), "No gradient is longer than that, however steep the objective", func() {
			w.again(func(r *recipe.Recipe) { r.Optimizer.ClipNorm = clipNorm })
		}}, descends(r) && o.ClipNorm == 0
	case analysis.StopTraining:
		return remedy{"Stop", "End the run with what it has learned", w.stopRun}, s.active()
	}
	return remedy{}, false
}

// live changes a value that a run takes up as it goes on; one that has ended
// trains on with it.
func (w *Window) live(change func(*recipe.Recipe)) {
	run := w.session.run
	ended := run != nil && run.ended() // before the change, which may end it
	w.edit(change)
	if ended && w.session.run == run {
		w.session.trainFrom(func(r *train.Result) (train.Options, error) { return train.Options{From: r.Parameters}, nil }, w.couldNot)
	}
}

// again changes a value that makes a new run, and starts it.
func (w *Window) again(change func(*recipe.Recipe)) {
	w.edit(change)
	w.start()
}

func (w *Window) couldNot(err error) { w.failed("That could not be done", err) }

// reinitialise gives units of the layer that is shown new weights.
func (w *Window) reinitialise(units []int) {
	run, layer := w.session.run, w.diagnosis.layer
	if run == nil {
		return
	}
	w.session.trainFrom(func(r *train.Result) (train.Options, error) {
		theta, err := run.problem.Reinitialised(r.Parameters, layer, units)
		return train.Options{From: theta}, err
	}, w.couldNot)
}

// restoring is the way back to the last good state of the run, velocities and all,
// with half the rate that it had there.
func (w *Window) restoring() (remedy, bool) {
	run := w.session.run
	if run == nil || run.exhibit != nil {
		return remedy{}, false
	}
	step, rate, begin := 0, run.hyper.LearningRate, train.Options{}
	if good := run.good.last(); good != nil {
		step, rate, begin.State = good.Step, good.Hyper.LearningRate, good.State
		if begin.State == nil { // of a run that keeps none
			begin.From = linalg.Converted[float64](good.Parameters)
		}
	} else if run.ended() && run.result != nil && soundEnd(run.result) {
		step, begin.From = run.result.Steps, run.result.Parameters
		if run.err != nil && run.result.State != nil {
			step, begin.State = run.result.State.Step(), run.result.State
		}
	} else {
		return remedy{}, false
	}
	label := fmt.Sprintf("Restore step %d", step)
	if run.problem.Recipe.Optimizer.Minibatch() {
		label += ", halve the rate"
	}
	return remedy{label, fmt.Sprintf("Go on from step %d as it was, but at the learning rate %.3g", step, rate/2), func() {
		w.edit(func(r *recipe.Recipe) { r.Optimizer.LearningRate = rate / 2 })
		w.session.trainFrom(func(*train.Result) (train.Options, error) { return begin, nil }, w.couldNot)
	}}, true
}

// trainFrom ends the present run, if it goes on, and trains on from where begin
// says, which is told what the run has learned.
func (s *session) trainFrom(begin func(r *train.Result) (train.Options, error), failed func(error)) {
	run := s.run
	if run == nil || run.exhibit != nil || s.stage != training {
		return
	}
	run.control.Stop()
	next := func() {
		if s.run != run || s.stage != training || run.result == nil {
			return
		}
		from, err := begin(run.result)
		if err != nil {
			failed(err)
			return
		}
		h, of := hyperOf(s.recipe), run.problem.Recipe
		if s.recipe.Model.Kind != of.Model.Kind || s.recipe.Optimizer.Method != of.Optimizer.Method {
			h = run.hyper // another model is being put together
		}
		s.launch(run.problem.With(h), from, false)
	}
	if run.ended() {
		next()
		return
	}
	go func() {
		<-run.done
		s.do(next)
	}()
}

// fail tells how a run came to its bad end, and what to do.
func (w *Window) fail(run *activeRun) {
	text := "Training stopped at " + oneLine(run.err) + "."
	var actions []widgets.Action
	if _, ok := errors.AsType[*train.NotFiniteError](run.err); ok {
		last := &train.Snapshot{History: run.result.History}
		text = "Training stopped at " + oneLine(run.err) + lastStep(last) + "."
		for _, r := range w.remedies(analysis.Finding{Kind: analysis.NotFinite, Remedy: analysis.RestoreGood}) {
			actions = append(actions, widgets.Action{Label: r.label, Do: r.do})
		}
	}
	actions = append(actions, widgets.Action{Label: "Restart", Do: w.start})
	// The best of them: a card has room for two buttons, and the diagnosis has them all.
	actions = append(actions[:1], widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
	w.say(topicOther, widgets.Failure, text, actions...)
}
