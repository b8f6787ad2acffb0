package train

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/nn"
	"filterscope/engine/optim"
	"filterscope/engine/recipe"
)

// Snapshots are published at most this often, and parameters are copied into
// them at most that often, unless the run changes its phase. Whole states are
// several times as large, and rarer: to take one may need a hundredth of the time.
const (
	snapshotEvery   = 30 * time.Millisecond
	parametersEvery = 60 * time.Millisecond
	statesEvery     = 500 * time.Millisecond
	statesShare     = 100
)

// StatesUpTo is how many parameters a network may have at the most for snapshots to
// hold whole states: several of them, of three numbers a parameter with Adam, may be
// alive at once.
const StatesUpTo = 1 << 24

// Options are the connections of a run to the outside; each may be nil.
type Options struct {
	Mailbox *Mailbox[Snapshot] // receives snapshots
	Control *Control           // commands
	Wishes  *Wishes            // heavy parts wanted in the snapshots
	// From holds the parameters to start from, nil for the recipe's initial
	// ones. It is copied; a wrong length is an error. Nothing else is taken over:
	// the optimiser starts anew.
	From []float64
	// State is where another run of the problem stood, to go on from there; From is
	// not looked at then. Steps are counted on.
	State  *State
	Logger *slog.Logger
}

// fresh reports whether the run begins, or began, with the recipe's initial parameters.
func (o Options) fresh() bool {
	if o.State != nil {
		return o.State.fresh
	}
	return o.From == nil
}

// Result is what a run has learned and how it went.
type Result struct {
	Problem     *Problem
	Recipe      recipe.Recipe // with the hyper-parameters as they were at the end
	Layout      nn.Layout
	Parameters  []float64
	Phase       Phase
	Reason      string
	Steps       int
	Evaluations int
	Terms       nn.Terms // at Parameters, over the whole data set
	RhoHat      []float64
	History     History
	Events      []Event
	Seconds     float64 // training alone
	// State is where a run that was stopped or that failed can go on: from its last
	// good step. It is nil of others.
	State *State
}

// run is the state of one training, owned by the goroutine that calls Run.
type run struct {
	problem *Problem
	opts    Options
	method  method
	hyper   Hyper
	rec     *recorder
	events  []Event

	step, steps, evaluations int
	from                     int // the step that this run began at

	seq       uint64
	phase     Phase
	reason    string
	stage     string
	failure   error
	elapsed   time.Duration // up to the start of the present stretch
	since     time.Time     // start of the present stretch
	published time.Time
	copied    time.Time // the last copy of the parameters
	nextState time.Time // when the next copy of the whole state is due
	rate      float64   // evaluations a second
	rateAt    time.Time // start of the stretch that rate is measured over
	rateFrom  int       // evaluations done then
	termSums  nn.Terms  // of the minibatches since the last point of the history
	summed    int

	tally
	previous tally     // from before the last step
	before   []float64 // parameters before the first step of the epoch, nil once its size is recorded

	// Terms and mean activations to show: never written to once set.
	terms  nn.Terms
	rhoHat []float64
}

// Run trains p's model from its recipe's seed until the recipe's stop rule,
// ctx or a command ends it, and returns what it has learned. When the
// objective stops being finite, or a panic is caught, it returns an error
// besides a Result with the last good parameters. The final snapshot is
// always put into the mailbox.
func Run(ctx context.Context, p *Problem, opts Options) (res *Result, err error) {
	if opts.Control == nil {
		opts.Control = NewControl()
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	r := &run{
		problem: p, opts: opts, rec: newRecorder(),
		hyper: HyperOf(p.Recipe),
	}
	defer func() {
		if caught := recover(); caught != nil {
			opts.Logger.Error("run panicked", "panic", caught, "stack", string(debug.Stack()))
			r.phase, r.failure = Failed, fmt.Errorf("internal error at step %d: %v", r.step, caught)
		}
		res, err = r.finish()
	}()
	opts.Logger.Info("run", "recipe", p.Recipe.Name, "seed", p.Recipe.Seed, "precision", p.Recipe.Precision)

	theta := p.InitialParameters()
	if opts.From != nil && opts.State == nil {
		if len(opts.From) != len(theta) {
			r.phase, r.failure = Failed, fmt.Errorf("%d parameters to start from, the network has %d", len(opts.From), len(theta))
			return res, err
		}
		copy(theta, opts.From)
	}
	if p.double != nil {
		r.method, err = newMethod(p, p.double, theta, opts.fresh())
	} else {
		r.method, err = newMethod(p, p.single, theta, opts.fresh())
	}
	if err != nil {
		r.method, r.phase, r.failure = nil, Failed, err
		return res, err
	}
	o := p.Recipe.Optimizer
	stopper, err := optim.NewStopper(optim.Patience{Epochs: o.Patience, MinDelta: o.MinDelta, Restore: o.RestoreBest})
	if err != nil {
		r.phase, r.failure = Failed, err
		return res, err
	}
	r.stopper = *stopper
	if opts.State != nil {
		if err = r.goOn(opts.State); err != nil {
			r.phase, r.failure = Failed, err
			return res, err
		}
		r.method.parameters(theta)
	}
	r.steps, r.before = r.method.steps(), theta
	r.since = time.Now()
	r.rateAt = r.since
	r.loop(ctx)
	return res, err
}

// loop advances the method until something ends the run.
func (r *run) loop(ctx context.Context) {
	for {
		if !r.gate(ctx) {
			return
		}
		before := r.tally
		p, err := r.method.advance()
		r.evaluations++
		if err != nil {
			r.phase, r.failure = Failed, r.lost(r.step+1, err)
			return
		}
		if p.note != "" {
			r.stage = p.note
			r.events = append(r.events, Event{r.step, p.note})
			r.epochSum, r.epochSteps = 0, 0 // what is minimised is another thing
		}
		if !r.method.averaged() {
			r.terms = slices.Clone(r.method.terms())
		}
		switch {
		case p.started:
			r.rec.add(0, 0, r.terms)
			r.publish(true)
		case p.stepped:
			r.step++
			r.previous = before
			r.opts.Control.stepped()
			r.record(r.method.terms())
			r.sizeUp()
		}
		if p.epoch {
			if why := r.measure(); p.ended == "" {
				p.ended = why
			}
		}
		if p.ended != "" {
			r.phase, r.reason = Done, p.ended
			return
		}
		r.publish(false)
	}
}

// measure records what there is to measure at the end of an epoch, tells the
// schedule of the learning rate, and says why the run should end now, "" when it
// should go on. It does not count as training.
func (r *run) measure() (ended string) {
	began := time.Now()
	defer func() { r.since = r.since.Add(time.Since(began)) }()
	theta := make([]float64, r.problem.Spec().Layout().Size())
	r.method.parameters(theta)
	all := r.problem.Measures(r.hyper, theta)
	loss, known := r.epochLoss()
	for _, m := range all {
		if m.Name == MeasureValidation || m.Name == MeasureReconstruction {
			loss, known = m.Value, true
		}
	}
	r.before = theta
	if rate := r.method.rate(); rate > 0 && r.problem.Recipe.Optimizer.Schedule.Name != "" {
		all = append(all, Measure{MeasureRate, rate})
	}
	r.rec.measure(r.step, all)
	if !known {
		return ""
	}
	r.method.observe(loss)
	if r.problem.Recipe.Optimizer.Patience == 0 || r.step == 0 {
		return ""
	}
	best, gain, stop := r.stopper.Observe(loss)
	if best {
		r.best, r.bestAt = theta, r.step
	}
	if gain {
		r.gainAt = r.step
	}
	if !stop {
		return ""
	}
	least, _ := r.stopper.Best()
	if delta := r.problem.Recipe.Optimizer.MinDelta; delta > 0 {
		return fmt.Sprintf("no gain of more than %.4g since step %d; the least loss was %.4g, at step %d", delta, r.gainAt, least, r.bestAt)
	}
	return fmt.Sprintf("no gain since step %d, where the loss was %.4g", r.bestAt, least)
}

// sizeUp records the size of the step just done, relative to the weights, if it
// is the first since the last measurement.
func (r *run) sizeUp() {
	if r.before == nil {
		return
	}
	began := time.Now()
	theta := make([]float64, len(r.before))
	r.method.parameters(theta)
	if ratio := analysis.UpdateRatio(r.before, theta, 1); !math.IsNaN(ratio) && !math.IsInf(ratio, 0) {
		r.rec.measure(r.step, []Measure{{MeasureUpdate, ratio}})
	}
	r.before = nil
	r.since = r.since.Add(time.Since(began))
}

// epochLoss returns the mean objective of the minibatches since it was last
// asked, or that of the last step of a full-batch method.
func (r *run) epochLoss() (loss float64, known bool) {
	if !r.method.averaged() {
		return r.method.terms().Total(), r.method.terms() != nil
	}
	if r.epochSteps == 0 {
		return 0, false
	}
	loss = r.epochSum / float64(r.epochSteps)
	r.epochSum, r.epochSteps = 0, 0
	return loss, true
}

// points is how many points of a minibatch run's curve are wanted; it gets at
// most twice as many.
const points = 2000

// record adds the step to the history. The terms of a single minibatch are
// noisy: their mean since the last point is what is recorded and shown.
func (r *run) record(terms nn.Terms) {
	r.epochSum += terms.Total()
	r.epochSteps++
	if !r.method.averaged() {
		if r.rec.due(r.step) {
			r.rec.add(r.step, r.trained().Seconds(), terms)
		}
		return
	}
	if r.summed == 0 {
		r.termSums = append(r.termSums, terms...)
	} else {
		for k := range terms {
			r.termSums[k].Value += terms[k].Value
		}
	}
	r.summed++
	every := max(1, r.steps/points)
	due := r.step%every == 0 && r.rec.due(r.step/every)
	if !due && len(r.rec.h.Steps) > 0 {
		return
	}
	r.terms = append(nn.Terms(nil), r.termSums...)
	for k := range r.terms {
		r.terms[k].Value /= float64(r.summed)
	}
	if due {
		r.rec.add(r.step, r.trained().Seconds(), r.terms)
		r.termSums, r.summed = r.termSums[:0], 0
	}
}

// gate carries out waiting commands and holds the run while it is paused. It
// reports whether to go on.
func (r *run) gate(ctx context.Context) bool {
	for {
		o := r.opts.Control.look()
		if o.hyper != nil {
			r.tweak(*o.hyper)
		}
		switch {
		case o.stop || ctx.Err() != nil:
			r.phase, r.reason = Stopped, fmt.Sprintf("stopped at step %d of %d", r.step, r.steps)
			return false
		case !o.held:
			if r.phase == Paused {
				r.phase = Running
				r.since = time.Now()
				r.rateAt, r.rateFrom = r.since, r.evaluations
				r.publish(true)
			}
			return true
		}
		if r.phase != Paused {
			r.elapsed, r.since = r.trained(), time.Time{}
			r.phase = Paused
		}
		if r.terms == nil { // held before the first evaluation: show where it will start
			r.evaluate()
		}
		r.publish(true)
		r.opts.Control.wait(ctx)
	}
}

// evaluate measures the terms to show on the whole data set at the present
// parameters, without counting it as work of the run.
func (r *run) evaluate() {
	theta := make([]float64, r.problem.Spec().Layout().Size())
	r.method.parameters(theta)
	r.terms, r.rhoHat = r.problem.Evaluate(r.hyper, theta, nil)
}

// tweak changes the hyper-parameters and notes every one that differs. Values
// that no recipe may have would spoil the run: they are left out.
func (r *run) tweak(h Hyper) {
	if err := h.Validate(); err != nil {
		r.opts.Logger.Warn("tweak refused", "reason", err)
		return
	}
	was := r.hyper.Numbers()
	for i, n := range h.Numbers() {
		if n.Value != was[i].Value {
			r.events = append(r.events, Event{r.step, fmt.Sprintf("%s %.4g → %.4g", n.Symbol, was[i].Value, n.Value)})
		}
	}
	if h != r.hyper {
		r.hyper = h
		r.method.tweak(h)
	}
}

// trained returns the training time so far, pauses left out.
func (r *run) trained() time.Duration {
	if r.since.IsZero() {
		return r.elapsed
	}
	return r.elapsed + time.Since(r.since)
}

// publish puts a snapshot into the mailbox: always when forced, otherwise
// when the last one is old enough.
func (r *run) publish(force bool) {
	now := time.Now()
	if r.opts.Mailbox == nil || !force && now.Sub(r.published) < snapshotEvery {
		return
	}
	r.published = now
	r.seq++
	if d := now.Sub(r.rateAt); d > time.Second && r.phase == Running {
		r.rate = float64(r.evaluations-r.rateFrom) / d.Seconds()
		r.rateAt, r.rateFrom = now, r.evaluations
	}
	s := &Snapshot{
		Seq: r.seq, Phase: r.phase, Step: r.step, Steps: r.steps, Evaluations: r.evaluations,
		Hyper: r.hyper, History: r.rec.snapshot(), Events: r.events[:len(r.events):len(r.events)],
		Elapsed: r.trained(), PerSecond: r.rate, Reason: r.reason, Err: r.failure, Stage: r.stage,
	}
	if s.PerSecond == 0 && s.Elapsed > 0 {
		s.PerSecond = float64(r.evaluations) / s.Elapsed.Seconds()
	}
	if r.problem.Recipe.Optimizer.Minibatch() && r.steps > 0 {
		s.Epoch = float64(r.step) / float64(r.steps) * float64(r.problem.Recipe.Optimizer.Epochs)
	}
	if r.step > r.from && !r.phase.Ended() {
		s.Left = time.Duration(float64(s.Elapsed) / float64(r.step-r.from) * float64(r.steps-r.step))
	}
	if r.method != nil {
		s.Stateless = !r.method.averaged() || r.problem.Spec().Layout().Size() > StatesUpTo
		s.Terms, s.RhoHat = r.terms, r.rhoHat
		if !r.phase.Ended() && r.evaluations > 0 {
			s.RhoHat = r.method.activity()
		}
		wanted := r.opts.Wishes != nil && r.opts.Wishes.parameters.Load()
		if force || wanted && now.Sub(r.copied) >= parametersEvery {
			s.Parameters = make([]float32, r.problem.Spec().Layout().Size())
			r.method.parameters32(s.Parameters)
			r.copied = now
			due := r.phase == Paused || !s.Stateless && now.After(r.nextState)
			if wanted && due && !r.phase.Ended() && len(s.Parameters) <= StatesUpTo {
				s.State = r.state()
				r.nextState = now.Add(max(statesEvery, statesShare*time.Since(now)))
			}
		}
	}
	r.opts.Mailbox.Put(s)
}
