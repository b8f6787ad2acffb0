package train

import (
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/optim"
	"filterscope/engine/recipe"
)

// minibatch is stochastic training on shuffled minibatches. A sparsity term
// sees a running average of the mean activations; see autoencoder.Objective.
type minibatch[T linalg.Float] struct {
	objective network.Objective[T]
	batches   *batches[T]
	stepper   optim.Stepper[T]
	optimizer recipe.Optimizer
	pace      pace
	clipper   *optim.Clipper[T] // nil for none
	theta     []T
	grad      []T
	good      []T // the last parameters whose objective was finite
	step, all int
	last      nn.Terms // of the last minibatch
}

func newMinibatch[T linalg.Float](r recipe.Recipe, o network.Objective[T], in inputs[T], start []float64) (*minibatch[T], error) {
	n := len(start)
	m := &minibatch[T]{
		objective: o, batches: newBatches(in, r.Optimizer.Batch, r.Seed),
		optimizer: r.Optimizer, theta: make([]T, n), grad: make([]T, n), good: make([]T, n),
	}
	m.all = r.Optimizer.Epochs * m.batches.perEpoch()
	linalg.ConvertVector(m.theta, start)
	copy(m.good, m.theta)
	var err error
	if m.pace, err = newPace(r.Optimizer, m.batches.batch.x.Rows, m.batches.perEpoch()); err != nil {
		return nil, err
	}
	if clip := (optim.Clip{Value: r.Optimizer.ClipValue, Norm: r.Optimizer.ClipNorm}); clip.On() {
		if m.clipper, err = optim.NewClipper[T](clip, n); err != nil {
			return nil, err
		}
	}
	m.stepper, err = newStepper[T](r.Optimizer, n)
	return m, err
}

// newStepper returns the update rule of a recipe for n parameters.
func newStepper[T linalg.Float](o recipe.Optimizer, n int) (optim.Stepper[T], error) {
	rule, err := o.Rule()
	if err != nil {
		return nil, err
	}
	return optim.NewStepper[T](rule, n)
}

func (m *minibatch[T]) advance() (progress, error) {
	last := m.batches.draw()
	terms := m.objective.Batch(m.theta, m.batches.batch.x, m.batches.batch.y, m.step, m.grad)
	if !finite(terms.Total()) {
		m.revert()
		return progress{}, notFinite(terms)
	}
	m.last = append(m.last[:0], terms...)
	if m.clipper != nil {
		m.clipper.Apply(m.grad)
	}
	m.stepper.SetMomentum(m.pace.momentum(m.step))
	m.stepper.StepKeeping(m.good, m.theta, m.grad, m.pace.rate(m.step))
	m.objective.Constrain(m.theta)
	m.step++
	p := progress{stepped: true, epoch: last}
	if m.step >= m.all {
		p.ended = "all epochs done"
	}
	return p, nil
}

func (m *minibatch[T]) terms() nn.Terms { return m.last }

func (m *minibatch[T]) activity() []float64 {
	if m.last == nil {
		return nil
	}
	return m.objective.Activity()
}

func (m *minibatch[T]) averaged() bool             { return true }
func (m *minibatch[T]) conclusive() bool           { return false }
func (m *minibatch[T]) steps() int                 { return m.all }
func (m *minibatch[T]) revert()                    { copy(m.theta, m.good) }
func (m *minibatch[T]) parameters(dst []float64)   { linalg.ConvertVector(dst, m.theta) }
func (m *minibatch[T]) parameters32(dst []float32) { linalg.ConvertVector(dst, m.theta) }

func (m *minibatch[T]) tweak(h Hyper) {
	m.objective.SetHyper(h)
	m.pace.tweak(h)
	if m.optimizer.Momentum == 0 && h.Momentum > 0 { // a rule that had none
		m.optimizer.Momentum = h.Momentum
		if s, err := newStepper[T](m.optimizer, len(m.theta)); err == nil {
			m.stepper = s
		}
	}
}

func (m *minibatch[T]) observe(loss float64) { m.pace.scheduler.Observe(loss) }
func (m *minibatch[T]) rate() float64        { return m.pace.rate(m.step) }

func (m *minibatch[T]) restore(theta []float64) { linalg.ConvertVector(m.theta, theta) }
