package train

import (
	"errors"
	"fmt"

	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/rbm"
	"filterscope/engine/recipe"
)

// machine is contrastive divergence on shuffled minibatches.
type machine[T linalg.Float] struct {
	stepper   *rbm.Stepper[T]
	training  rbm.Training
	batches   *batches[T]
	theta     []T // room for the stepper's parameters
	hidden    int
	step, all int
	behind    int // steps given up
	pace      pace
	last      nn.Terms
	memory    memory[machineState[T]]
	spare     machineState[T] // room for the next of the memory, until the step from it proves good
}

// machineState is where a machine stands.
type machineState[T linalg.Float] struct {
	step     int
	theta    []T
	stepper  rbm.State[T]
	training rbm.Training
	pace     pace
}

func newMachine[T linalg.Float](r recipe.Recipe, spec network.RBM, x linalg.Matrix[T], start []float64) (*machine[T], error) {
	m := &machine[T]{
		batches: newBatches(inputs[T]{x, x}, r.Optimizer.Batch, r.Seed), training: network.TrainingOf(r),
		theta: make([]T, len(start)), hidden: spec.Model.Hidden,
	}
	linalg.ConvertVector(m.theta, start)
	m.stepper = rbm.NewStepper(spec.Model, m.training, m.theta, r.Seed^streamChains)
	m.all = r.Optimizer.Epochs * m.batches.perEpoch()
	var err error
	m.pace, err = newPace(r.Optimizer, m.batches.batch.x.Rows, m.batches.perEpoch())
	m.save(&m.memory.good)
	return m, err
}

func (m *machine[T]) advance() (progress, error) {
	due := m.memory.due(m.step)
	if due {
		m.save(&m.spare)
	}
	last, terms, err := m.move()
	if err != nil {
		err = notFinite(terms) // which hold until the next step
		m.revert()
		return progress{}, err
	}
	if due {
		m.memory.good, m.spare = m.spare, m.memory.good
		m.memory.kept(m.step - 1)
	}
	p := progress{stepped: true, epoch: last}
	if m.step >= m.all {
		p.ended = "all epochs done"
	}
	return p, nil
}

// move takes a step, and reports whether it was the last of a pass.
func (m *machine[T]) move() (last bool, terms nn.Terms, err error) {
	last = m.batches.draw()
	if rate, momentum := m.pace.rate(m.step), m.pace.momentum(m.step); rate != m.training.LearningRate || momentum != m.training.Momentum {
		m.training.LearningRate, m.training.Momentum = rate, momentum
		m.stepper.SetTraining(m.training)
	}
	if terms, err = m.stepper.Step(m.batches.batch.x); err == nil {
		m.last = append(m.last[:0], terms...)
		m.step++
	}
	return last, terms, err
}

func (m *machine[T]) save(s *machineState[T]) {
	s.step, s.theta, s.training, s.pace = m.step, append(s.theta[:0], m.now()...), m.training, m.pace
	m.stepper.Save(&s.stepper)
}

func (m *machine[T]) load(s *machineState[T]) error {
	if len(s.theta) != len(m.theta) {
		return fmt.Errorf("%d parameters to go on from, the network has %d", len(s.theta), len(m.theta))
	}
	if err := m.stepper.SetState(s.stepper); err != nil {
		return err
	}
	m.stepper.SetParameters(s.theta)
	m.step = s.step
	m.batches.seek(m.step)
	return nil
}

// revert goes back to before the last step.
func (m *machine[T]) revert() {
	good := &m.memory.good
	target := max(m.step-1, good.step)
	m.behind = m.step - target
	m.training, m.pace = good.training, good.pace
	m.stepper.SetTraining(m.training)
	if err := m.load(good); err != nil {
		panic(err) // it is its own
	}
	m.memory.replay(target, func() int { return m.step }, func() { _, _, _ = m.move() })
}

func (m *machine[T]) state() (s any, behind int) {
	state := &machineState[T]{}
	m.save(state)
	return state, m.behind
}

func (m *machine[T]) resume(s any) error {
	state, ok := s.(*machineState[T])
	if !ok {
		return otherState(s)
	}
	if err := errors.Join(m.load(state), m.pace.resume(state.pace)); err != nil {
		return err
	}
	m.save(&m.memory.good)
	m.memory.kept(m.step)
	return nil
}

func (m *machine[T]) terms() nn.Terms { return m.last }

func (m *machine[T]) activity() []float64 {
	if m.last == nil {
		return nil
	}
	mean := make([]float64, m.hidden)
	m.stepper.Activity(mean)
	return mean
}

func (m *machine[T]) averaged() bool             { return true }
func (m *machine[T]) conclusive() bool           { return m.last != nil } // no evaluation of the whole set has its terms
func (m *machine[T]) steps() int                 { return m.all }
func (m *machine[T]) parameters(dst []float64)   { linalg.ConvertVector(dst, m.now()) }
func (m *machine[T]) parameters32(dst []float32) { linalg.ConvertVector(dst, m.now()) }

// now returns the parameters as they are, until it is called again.
func (m *machine[T]) now() []T {
	m.stepper.Parameters(m.theta)
	return m.theta
}

func (m *machine[T]) tweak(h Hyper) { m.memory.change(m.step, func() { m.take(h) }) }

func (m *machine[T]) take(h Hyper) {
	t := m.training
	t.Lambda, t.L1, t.Beta, t.LearningRate, t.Momentum = h.Lambda, h.L1, h.Beta, h.LearningRate, h.Momentum
	if h.Rho > 0 {
		t.Rho = h.Rho
	}
	m.training = t
	m.pace.tweak(h)
	m.stepper.SetTraining(t)
}

func (m *machine[T]) observe(loss float64) {
	m.memory.change(m.step, func() { m.pace.scheduler.Observe(loss) })
}
func (m *machine[T]) rate() float64 { return m.pace.rate(m.step) }

func (m *machine[T]) restore(theta []float64) {
	linalg.ConvertVector(m.theta, theta)
	m.stepper.SetParameters(m.theta)
}
