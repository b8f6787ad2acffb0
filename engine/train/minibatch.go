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
	rate      float64
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
		rate:  r.Optimizer.LearningRate,
		theta: make([]T, n), grad: make([]T, n), good: make([]T, n),
	}
	m.all = r.Optimizer.Epochs * m.batches.perEpoch()
	for i, v := range start {
		m.theta[i] = T(v)
	}
	copy(m.good, m.theta)
	var err error
	m.stepper, err = newStepper[T](r.Optimizer, n)
	return m, err
}

// newStepper returns the update rule of a recipe for n parameters.
func newStepper[T linalg.Float](o recipe.Optimizer, n int) (optim.Stepper[T], error) {
	name := o.Method
	if name == recipe.MethodSGD {
		switch {
		case o.Momentum > 0 && o.Nesterov:
			name = "nesterov"
		case o.Momentum > 0:
			name = "momentum"
		}
	}
	rule, err := optim.DefaultRule(name)
	if err != nil {
		return nil, err
	}
	for _, set := range []struct {
		to   *float64
		from float64
	}{{&rule.Decay, o.Decay}, {&rule.Beta1, o.Beta1}, {&rule.Beta2, o.Beta2}, {&rule.Epsilon, o.Epsilon}} {
		if set.from != 0 {
			*set.to = set.from
		}
	}
	if name == "momentum" || name == "nesterov" {
		rule.Momentum = o.Momentum
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
	m.stepper.StepKeeping(m.good, m.theta, m.grad, m.rate)
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
func (m *minibatch[T]) parameters(dst []float64)   { widen(dst, m.theta) }
func (m *minibatch[T]) parameters32(dst []float32) { narrow(dst, m.theta) }

func (m *minibatch[T]) tweak(h Hyper) {
	m.objective.SetHyper(h)
	m.rate = h.LearningRate
}
