package train

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/optim"
	"filterscope/engine/recipe"
)

// Streams of random numbers, one for each purpose, so that a change in one
// place does not move the others.
const (
	streamInit = iota + 1
	streamShuffle
)

// progress is what one advance of a method brought.
type progress struct {
	started bool   // the starting point was evaluated; this is no step
	stepped bool   // a step is complete
	ended   string // not empty: nothing more to do, and why
}

// method advances the parameters by at most one evaluation of the objective.
type method interface {
	advance() (progress, error)
	// terms and rhoHat are those of the last step (before the first one, of the
	// starting point; nil before that). The terms hold until the next advance.
	terms() nn.Terms
	rhoHat() []float64
	// parameters copies the last good parameters into dst.
	parameters(dst []float64)
	parameters32(dst []float32)
	// revert gives up the last step when what it led to proves not finite.
	revert()
	tweak(Hyper)
}

// newMethod binds the objective of a recipe to its data and optimiser.
// x is n×d, rows are examples; theta holds the initial parameters.
func newMethod[T linalg.Float](r recipe.Recipe, spec autoencoder.Sparse, x linalg.Matrix[T], theta []float64) method {
	objective := autoencoder.NewObjective[T](spec)
	if r.Optimizer.Minibatch() {
		return newMinibatch(r, objective, x, theta)
	}
	settings := optim.DefaultLBFGS()
	settings.Memory = r.Optimizer.Memory
	if r.Precision == "float32" {
		settings.Noise, settings.SingleHistory = optim.NoiseFloat32, true
	}
	objective.Hold(x) // products skip its zeros, if it has many
	return &fullBatch[T]{
		objective: objective, x: x,
		search: optim.NewLBFGS(settings, theta),
		grad:   make([]float64, len(theta)),
	}
}

// fullBatch is L-BFGS on the whole data set. Its state is float64 whatever the
// precision of the objective.
type fullBatch[T linalg.Float] struct {
	objective *autoencoder.Objective[T]
	x         linalg.Matrix[T]
	search    *optim.LBFGS
	grad      []float64

	trials     []trial // evaluations since the last step
	at         trial   // the last step
	iterations int     // steps that search had accepted then
	anchor     bool    // the next evaluation is at the last step, under new hyper-parameters
}

// trial is one evaluation of a line search.
type trial struct {
	total  float64
	terms  nn.Terms
	rhoHat []float64
}

func (m *fullBatch[T]) advance() (progress, error) {
	terms := m.objective.Evaluate(m.search.X(), m.x, m.grad)
	t := trial{terms.Total(), append(nn.Terms(nil), terms...), m.objective.RhoHat(nil)}
	status := m.search.Tell(t.total, m.grad)
	failed := status == optim.Failed && m.search.Reason() == optim.NotFinite
	if start := m.at.terms == nil; start || m.anchor {
		if failed {
			return progress{}, notFinite(t.terms)
		}
		m.at, m.anchor = t, false
		return progress{started: start, ended: m.ending(status)}, nil
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
		p.stepped = true
	}
	if failed {
		return progress{}, notFinite(t.terms)
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

func (m *fullBatch[T]) terms() nn.Terms   { return m.at.terms }
func (m *fullBatch[T]) rhoHat() []float64 { return m.at.rhoHat }

// revert has nothing to do: the search takes no step that is not finite.
func (m *fullBatch[T]) revert() {}

func (m *fullBatch[T]) parameters(dst []float64) {
	x, _, _ := m.search.Iterate()
	copy(dst, x)
}

func (m *fullBatch[T]) parameters32(dst []float32) {
	x, _, _ := m.search.Iterate()
	for i, v := range x {
		dst[i] = float32(v)
	}
}

func (m *fullBatch[T]) tweak(h Hyper) {
	m.objective.SetHyper(h.Lambda, h.Beta, h.Rho)
	if m.at.terms == nil {
		return // nothing evaluated yet: the starting point will see the new values
	}
	m.search.Reanchor()
	m.anchor, m.trials = true, m.trials[:0]
}

// minibatch is stochastic training on shuffled minibatches. The sparsity term
// sees a running average of the mean activations; see autoencoder.Objective.
type minibatch[T linalg.Float] struct {
	objective *autoencoder.Objective[T]
	x, batch  linalg.Matrix[T]
	stepper   optim.Stepper[T]
	rate      float64
	theta     []T
	grad      []T
	good      []T // the last parameters whose objective was finite
	order     []int
	next      int
	rng       *rand.Rand
	step, all int
	last      nn.Terms // of the last minibatch
	gather    func(part int)
}

// gatherRows is how many examples a part of gathering a minibatch copies: they
// lie all over the data, so that each has to be waited for.
const gatherRows = 32

// gatherPart copies some examples of the next minibatch.
func (m *minibatch[T]) gatherPart(part int) {
	for i := part * gatherRows; i < min((part+1)*gatherRows, m.batch.Rows); i++ {
		copy(m.batch.Row(i), m.x.Row(m.order[m.next+i]))
	}
}

func newMinibatch[T linalg.Float](r recipe.Recipe, objective *autoencoder.Objective[T], x linalg.Matrix[T], start []float64) *minibatch[T] {
	size := min(r.Optimizer.Batch, x.Rows)
	m := &minibatch[T]{
		objective: objective, x: x,
		batch: linalg.NewMatrix[T](size, x.Cols),
		rate:  r.Optimizer.LearningRate,
		theta: make([]T, len(start)), grad: make([]T, len(start)), good: make([]T, len(start)),
		order: make([]int, x.Rows), next: x.Rows,
		rng: rand.New(rand.NewPCG(r.Seed, streamShuffle)),
		all: r.Optimizer.Epochs * (x.Rows / size),
	}
	for i, v := range start {
		m.theta[i] = T(v)
	}
	copy(m.good, m.theta)
	m.gather = m.gatherPart
	for i := range m.order {
		m.order[i] = i
	}
	if r.Optimizer.Method == recipe.MethodAdam {
		m.stepper = optim.NewAdam[T](len(start))
	} else {
		m.stepper = optim.NewSGD[T](len(start), r.Optimizer.Momentum, false)
	}
	return m
}

func (m *minibatch[T]) advance() (progress, error) {
	if m.next+m.batch.Rows > m.x.Rows { // rows that do not fill a batch wait for the next shuffle
		m.rng.Shuffle(len(m.order), func(i, j int) { m.order[i], m.order[j] = m.order[j], m.order[i] })
		m.next = 0
	}
	linalg.Parallel((m.batch.Rows+gatherRows-1)/gatherRows, m.gather)
	m.next += m.batch.Rows
	terms := m.objective.Batch(m.theta, m.batch, m.grad)
	if !finite(terms.Total()) {
		m.revert()
		return progress{}, notFinite(terms)
	}
	m.last = append(m.last[:0], terms...)
	m.stepper.StepKeeping(m.good, m.theta, m.grad, m.rate)
	m.step++
	p := progress{stepped: true}
	if m.step >= m.all {
		p.ended = "all epochs done"
	}
	return p, nil
}

func (m *minibatch[T]) terms() nn.Terms { return m.last }

func (m *minibatch[T]) rhoHat() []float64 {
	if m.last == nil {
		return nil
	}
	return m.objective.RhoHat(nil)
}

func (m *minibatch[T]) revert() { copy(m.theta, m.good) }

func (m *minibatch[T]) parameters(dst []float64) {
	for i, v := range m.theta {
		dst[i] = float64(v)
	}
}

func (m *minibatch[T]) parameters32(dst []float32) {
	for i, v := range m.theta {
		dst[i] = float32(v)
	}
}

func (m *minibatch[T]) tweak(h Hyper) {
	m.objective.SetHyper(h.Lambda, h.Beta, h.Rho)
	m.rate = h.LearningRate
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// notFinite names the term that is not a finite number, or blames the gradient.
func notFinite(terms nn.Terms) error {
	for _, t := range terms {
		if !finite(t.Value) {
			return fmt.Errorf("the %s term is %v", t.Name, t.Value)
		}
	}
	if v := terms.Total(); !finite(v) {
		return fmt.Errorf("the objective is %v", v)
	}
	return errors.New("the gradient is not finite")
}
