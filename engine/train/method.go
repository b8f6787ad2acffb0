package train

import (
	"fmt"
	"math"
	"slices"

	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/optim"
	"filterscope/engine/recipe"
)

// Streams of random numbers, one for each purpose, so that a change in one
// place does not move the others.
const (
	streamInit = iota + 1
	streamShuffle
	streamChains
	streamMeasure
	streamData
	streamRenew
	streamSamples
)

// progress is what one advance of a method brought.
type progress struct {
	started bool   // the starting point was evaluated; this is no step
	stepped bool   // a step is complete
	epoch   bool   // with it a pass over the data, or as much as is worth measuring
	note    string // not empty: what begins, for the marks on the curves
	ended   string // not empty: nothing more to do, and why
}

// method advances the parameters by at most one evaluation of the objective.
type method interface {
	advance() (progress, error)
	// terms and activity are those of the last step (before the first one, of the
	// starting point; nil before that). The terms hold until the next advance;
	// activity is nil when no penalty is on the activity of units.
	terms() nn.Terms
	activity() []float64
	// averaged reports whether the terms are of a minibatch, so that their mean over
	// some is what should be shown, and conclusive whether they are what the run has
	// to say, even at its end.
	averaged() bool
	conclusive() bool
	// parameters copies the last good parameters into dst.
	parameters(dst []float64)
	parameters32(dst []float32)
	// revert gives up the last step when what it led to proves not finite.
	revert()
	// state returns a copy of where the method stands, which shares no memory that
	// will be written to, and how many steps that is behind what it has reported: 1
	// when the last had to be given up. resume goes on from it.
	state() (s any, behind int)
	resume(s any) error
	tweak(Hyper)
	// steps is how many steps there are at most.
	steps() int
	// observe is told the loss of an epoch, for a schedule that follows it, and rate
	// is the learning rate of the next step, 0 when there is none.
	observe(loss float64)
	rate() float64
	// restore puts parameters in the place of those that were learnt, at the end.
	restore(theta []float64)
}

// newMethod binds the network of a problem to its data and optimiser; theta
// holds the initial parameters, which with fresh have learnt nothing yet.
func newMethod[T linalg.Float](p *Problem, s *sets[T], theta []float64, fresh bool) (method, error) {
	switch spec := p.spec.(type) {
	case network.RBM:
		return newMachine(p.Recipe, spec, s.training.x, theta)
	case network.Stacked:
		return newStages(p.Recipe, spec, s, theta), nil
	case network.Deep:
		if p.Recipe.Model.Pretrain > 0 && fresh {
			return newGreedy(p.Recipe, spec, s.training, theta), nil
		}
	}
	return follow(p.Recipe, network.NewObjective[T](p.spec), s.training, theta, p.Recipe.Optimizer.Iterations)
}

// follow returns the method of a recipe on one objective.
func follow[T linalg.Float](r recipe.Recipe, o network.Objective[T], in inputs[T], theta []float64, iterations int) (method, error) {
	o.SetHyper(HyperOf(r))
	if r.Optimizer.Minibatch() {
		return newMinibatch(r, o, in, theta)
	}
	o.Hold(in.x) // products skip its zeros, if it has many
	return &fullBatch[T]{
		objective: o, in: in, most: iterations, search: newSearch(r, theta), grad: make([]float64, len(theta)),
	}, nil
}

// newSearch returns the line-search method of a recipe.
func newSearch(r recipe.Recipe, theta []float64) optim.Search {
	single := r.Precision == "float32"
	if r.Optimizer.Method == recipe.MethodCG {
		settings := optim.DefaultCG()
		if single {
			settings.Noise = optim.NoiseFloat32
		}
		return optim.NewCG(settings, theta)
	}
	settings := optim.DefaultLBFGS()
	settings.Memory = r.Optimizer.Memory
	if single {
		settings.Noise, settings.SingleHistory = optim.NoiseFloat32, true
	}
	return optim.NewLBFGS(settings, theta)
}

// fullBatch is a line-search method on the whole data set. Its state is float64
// whatever the precision of the objective.
type fullBatch[T linalg.Float] struct {
	objective network.Objective[T]
	in        inputs[T]
	search    optim.Search
	grad      []float64
	most      int       // iterations
	best      []float64 // restored, nil before the end

	trials     []trial // evaluations since the last step
	at         trial   // the last step
	iterations int     // steps that search had accepted then
	anchor     bool    // the next evaluation is at the last step, under new hyper-parameters
}

// trial is one evaluation of a line search.
type trial struct {
	total    float64
	terms    nn.Terms
	activity []float64
}

// measureEvery is how many steps of a full-batch method are worth measuring
// the examples that are held back.
const measureEvery = 10

func (m *fullBatch[T]) advance() (progress, error) {
	terms := m.objective.Evaluate(m.search.X(), m.in.x, m.in.y, m.grad)
	t := trial{terms.Total(), append(nn.Terms(nil), terms...), m.objective.Activity()}
	status := m.search.Tell(t.total, m.grad)
	failed := status == optim.Failed && m.search.Reason() == optim.NotFinite
	if start := m.at.terms == nil; start || m.anchor {
		if failed {
			return progress{}, notFinite(t.terms)
		}
		m.at, m.anchor = t, false
		return progress{started: start, epoch: start, ended: m.ending(status)}, nil
	}
	m.trials = append(m.trials, t)
	p := progress{ended: m.ending(status)}
	if n := m.search.Iterations(); n != m.iterations {
		m.iterations = n
		_, f, _ := m.search.Iterate()
		for _, seen := range m.trials {
			if seen.total == f {
				m.at = seen
			}
		}
		m.trials = m.trials[:0]
		p.stepped, p.epoch = true, n%measureEvery == 0
	}
	if failed {
		return progress{}, notFinite(t.terms)
	}
	if p.ended == "" && m.iterations >= m.most {
		p.ended = fmt.Sprintf("all %d iterations done", m.most)
	}
	return p, nil
}

// ending says why the search is over, "" when it is not.
func (m *fullBatch[T]) ending(status optim.Status) string {
	switch status {
	case optim.Converged:
		return "converged: " + m.search.Reason().String()
	case optim.Failed:
		return "ended: " + m.search.Reason().String()
	}
	return ""
}

func (m *fullBatch[T]) terms() nn.Terms     { return m.at.terms }
func (m *fullBatch[T]) activity() []float64 { return m.at.activity }
func (m *fullBatch[T]) averaged() bool      { return false }
func (m *fullBatch[T]) conclusive() bool    { return m.at.terms != nil && m.best == nil }
func (m *fullBatch[T]) steps() int          { return m.most }

// revert has nothing to do: the search takes no step that is not finite.
func (m *fullBatch[T]) revert() {}

// searchState is where a full-batch method stands.
type searchState struct {
	search     any // optim.LBFGSState or optim.CGState
	at         trial
	trials     []trial
	iterations int
	anchor     bool
}

func (m *fullBatch[T]) state() (s any, behind int) {
	state := searchState{at: m.at, trials: slices.Clone(m.trials), iterations: m.iterations, anchor: m.anchor}
	switch search := m.search.(type) {
	case *optim.LBFGS:
		state.search = search.State()
	case *optim.CG:
		state.search = search.State()
	}
	return state, 0
}

func (m *fullBatch[T]) resume(s any) (err error) {
	state, ok := s.(searchState)
	if !ok {
		return otherState(s)
	}
	var search optim.Search
	switch from := state.search.(type) {
	case optim.LBFGSState:
		search, err = optim.RestoreLBFGS(from)
	case optim.CGState:
		search, err = optim.RestoreCG(from)
	}
	if err != nil {
		return err
	}
	if len(search.X()) != len(m.grad) {
		return fmt.Errorf("%d parameters to go on from, the network has %d", len(search.X()), len(m.grad))
	}
	m.search = search
	m.at, m.trials, m.iterations, m.anchor = state.at, slices.Clone(state.trials), state.iterations, state.anchor
	return nil
}

func (m *fullBatch[T]) observe(float64)         {}
func (m *fullBatch[T]) rate() float64           { return 0 }
func (m *fullBatch[T]) restore(theta []float64) { m.best = theta }

// learnt returns the parameters that count.
func (m *fullBatch[T]) learnt() []float64 {
	if m.best != nil {
		return m.best
	}
	x, _, _ := m.search.Iterate()
	return x
}

func (m *fullBatch[T]) parameters(dst []float64)   { copy(dst, m.learnt()) }
func (m *fullBatch[T]) parameters32(dst []float32) { linalg.ConvertVector(dst, m.learnt()) }

func (m *fullBatch[T]) tweak(h Hyper) {
	m.objective.SetHyper(h)
	if m.at.terms == nil {
		return // nothing evaluated yet: the starting point will see the new values
	}
	m.search.Reanchor()
	m.anchor, m.trials = true, m.trials[:0]
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// NotFiniteError says what of an objective is not a finite number.
type NotFiniteError struct{ What string }

// Error implements error.
func (e *NotFiniteError) Error() string { return e.What }

// notFinite names the term that is not a finite number, or blames the gradient.
func notFinite(terms nn.Terms) error {
	for _, t := range terms {
		if !finite(t.Value) {
			return &NotFiniteError{fmt.Sprintf("the %s term is %v", t.Name, t.Value)}
		}
	}
	if v := terms.Total(); !finite(v) {
		return &NotFiniteError{fmt.Sprintf("the objective is %v", v)}
	}
	return &NotFiniteError{"the gradient is not finite"}
}
