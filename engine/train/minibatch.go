package train

import (
	"errors"
	"fmt"

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
	clipper   *optim.Clipper[T] // nil for none
	stepper   optim.Stepper[T]
	inForce   inForce
	theta     []T
	grad      []T
	step, all int
	behind    int      // steps given up
	last      nn.Terms // of the last minibatch
	memory    memory[minibatchState[T]]
}

// inForce is what decides the steps to come and may be changed from outside.
type inForce struct {
	hyper     Hyper
	optimizer recipe.Optimizer
	pace      pace
}

// minibatchState is where a minibatch method stands.
type minibatchState[T linalg.Float] struct {
	step    int
	theta   []T
	stepper optim.StepperState[T]
	running []float64
	inForce inForce
}

func newMinibatch[T linalg.Float](r recipe.Recipe, o network.Objective[T], in inputs[T], start []float64) (*minibatch[T], error) {
	n := len(start)
	m := &minibatch[T]{
		objective: o, batches: newBatches(in, r.Optimizer.Batch, r.Seed), theta: make([]T, n), grad: make([]T, n),
	}
	m.all = r.Optimizer.Epochs * m.batches.perEpoch()
	linalg.ConvertVector(m.theta, start)
	pace, err := newPace(r.Optimizer, m.batches.batch.x.Rows, m.batches.perEpoch())
	if err != nil {
		return nil, err
	}
	m.inForce = inForce{hyper: HyperOf(r), optimizer: r.Optimizer, pace: pace}
	if clip := (optim.Clip{Value: r.Optimizer.ClipValue, Norm: r.Optimizer.ClipNorm}); clip.On() {
		if m.clipper, err = optim.NewClipper[T](clip, n); err != nil {
			return nil, err
		}
	}
	if m.stepper, err = newStepper[T](r.Optimizer, n); err != nil {
		return nil, err
	}
	m.save(&m.memory.good)
	return m, nil
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
	last, terms := m.move(m.memory.due(m.step))
	if !finite(terms.Total()) {
		err := notFinite(terms) // which hold until the next evaluation
		m.revert()
		return progress{}, err
	}
	p := progress{stepped: true, epoch: last}
	if m.step >= m.all {
		p.ended = "all epochs done"
	}
	return p, nil
}

// move takes a step if the objective is finite where it starts, and reports
// whether it was the last of a pass; with keep it keeps the state it starts from.
func (m *minibatch[T]) move(keep bool) (last bool, terms nn.Terms) {
	var running []float64
	if keep {
		running = m.objective.Running() // which the evaluation moves
	}
	last = m.batches.draw()
	terms = m.objective.Batch(m.theta, m.batches.batch.x, m.batches.batch.y, m.step, m.grad)
	if !finite(terms.Total()) {
		return last, terms
	}
	m.last = append(m.last[:0], terms...)
	if keep {
		m.save(&m.memory.good)
		m.memory.good.running = running
		m.memory.kept(m.step)
	}
	if m.clipper != nil {
		m.clipper.Apply(m.grad)
	}
	pace := &m.inForce.pace
	m.stepper.SetMomentum(pace.momentum(m.step))
	m.stepper.Step(m.theta, m.grad, pace.rate(m.step))
	m.objective.Constrain(m.theta)
	m.step++
	return last, terms
}

func (m *minibatch[T]) save(s *minibatchState[T]) {
	s.step, s.theta, s.inForce = m.step, append(s.theta[:0], m.theta...), m.inForce
	s.running = m.objective.Running()
	m.stepper.Save(&s.stepper)
}

func (m *minibatch[T]) load(s *minibatchState[T]) error {
	if len(s.theta) != len(m.theta) {
		return fmt.Errorf("%d parameters to go on from, the network has %d", len(s.theta), len(m.theta))
	}
	if err := m.stepper.SetState(s.stepper); err != nil {
		return err
	}
	copy(m.theta, s.theta)
	m.objective.SetRunning(s.running)
	m.step = s.step
	m.batches.seek(m.step)
	return nil
}

// revert goes back to before the last step.
func (m *minibatch[T]) revert() {
	good := &m.memory.good
	target := max(m.step-1, good.step)
	m.behind = m.step - target
	m.use(good.inForce)
	if err := m.load(good); err != nil {
		panic(err) // it is its own
	}
	m.memory.replay(target, func() int { return m.step }, func() { m.move(false) })
}

// use puts values in force.
func (m *minibatch[T]) use(now inForce) {
	m.objective.SetHyper(now.hyper)
	was, _ := m.inForce.optimizer.Rule()
	m.inForce = now
	if rule, err := now.optimizer.Rule(); err == nil && rule.Name != was.Name { // with or without momentum
		if s, err := newStepper[T](now.optimizer, len(m.theta)); err == nil {
			m.stepper = s
		}
	}
}

func (m *minibatch[T]) state() (s any, behind int) {
	state := &minibatchState[T]{}
	m.save(state)
	return state, m.behind
}

func (m *minibatch[T]) resume(s any) error {
	state, ok := s.(*minibatchState[T])
	if !ok {
		return otherState(s)
	}
	wanted := m.inForce
	if as := wanted; as.optimizer.Method == state.inForce.optimizer.Method {
		as.optimizer = state.inForce.optimizer // with or without momentum, as it was
		m.use(as)
	}
	if err := errors.Join(m.load(state), m.inForce.pace.resume(state.inForce.pace)); err != nil {
		return err
	}
	if m.inForce.optimizer.Momentum == 0 && wanted.optimizer.Momentum > 0 {
		wanted.pace = m.inForce.pace
		m.use(wanted)
	}
	m.save(&m.memory.good)
	m.memory.kept(m.step)
	return nil
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
func (m *minibatch[T]) parameters(dst []float64)   { linalg.ConvertVector(dst, m.theta) }
func (m *minibatch[T]) parameters32(dst []float32) { linalg.ConvertVector(dst, m.theta) }

func (m *minibatch[T]) tweak(h Hyper) {
	m.memory.change(m.step, func() {
		now := m.inForce
		now.hyper = h
		now.pace.tweak(h)
		if now.optimizer.Momentum == 0 && h.Momentum > 0 { // a rule that had none
			now.optimizer.Momentum = h.Momentum
		}
		m.use(now)
	})
}

func (m *minibatch[T]) observe(loss float64) {
	m.memory.change(m.step, func() { m.inForce.pace.scheduler.Observe(loss) })
}

func (m *minibatch[T]) rate() float64 { return m.inForce.pace.rate(m.step) }

func (m *minibatch[T]) restore(theta []float64) { linalg.ConvertVector(m.theta, theta) }
