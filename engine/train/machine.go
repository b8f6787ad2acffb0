package train

import (
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
	theta     []T // the stepper's own
	good      []T // from before the last step
	hidden    int
	step, all int
	pace      pace
	last      nn.Terms
}

func newMachine[T linalg.Float](r recipe.Recipe, spec network.RBM, x linalg.Matrix[T], start []float64) (*machine[T], error) {
	m := &machine[T]{
		batches: newBatches(inputs[T]{x, x}, r.Optimizer.Batch, r.Seed), training: network.TrainingOf(r),
		theta: make([]T, len(start)), good: make([]T, len(start)), hidden: spec.Model.Hidden,
	}
	linalg.ConvertVector(m.theta, start)
	copy(m.good, m.theta)
	m.stepper = rbm.NewStepper(spec.Model, m.training, m.theta, r.Seed^streamChains)
	m.all = r.Optimizer.Epochs * m.batches.perEpoch()
	var err error
	m.pace, err = newPace(r.Optimizer, m.batches.batch.x.Rows, m.batches.perEpoch())
	return m, err
}

func (m *machine[T]) advance() (progress, error) {
	last := m.batches.draw()
	if m.step%goodEvery == 0 {
		copy(m.good, m.theta)
	}
	if rate, momentum := m.pace.rate(m.step), m.pace.momentum(m.step); rate != m.training.LearningRate || momentum != m.training.Momentum {
		m.training.LearningRate, m.training.Momentum = rate, momentum
		m.stepper.SetTraining(m.training)
	}
	terms, err := m.stepper.Step(m.batches.batch.x)
	if err != nil {
		m.revert()
		return progress{}, notFinite(terms)
	}
	m.last = append(m.last[:0], terms...)
	m.step++
	p := progress{stepped: true, epoch: last}
	if m.step >= m.all {
		p.ended = "all epochs done"
	}
	return p, nil
}

// goodEvery is how often the parameters of a machine are kept: its minibatches
// are so small that a copy at every step would cost as much as the step.
const goodEvery = 50

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
func (m *machine[T]) revert()                    { copy(m.theta, m.good) }
func (m *machine[T]) parameters(dst []float64)   { linalg.ConvertVector(dst, m.theta) }
func (m *machine[T]) parameters32(dst []float32) { linalg.ConvertVector(dst, m.theta) }

func (m *machine[T]) tweak(h Hyper) {
	t := m.training
	t.Lambda, t.L1, t.Beta, t.LearningRate, t.Momentum = h.Lambda, h.L1, h.Beta, h.LearningRate, h.Momentum
	if h.Rho > 0 {
		t.Rho = h.Rho
	}
	m.training = t
	m.pace.tweak(h)
	m.stepper.SetTraining(t)
}

func (m *machine[T]) observe(loss float64) { m.pace.scheduler.Observe(loss) }
func (m *machine[T]) rate() float64        { return m.pace.rate(m.step) }

func (m *machine[T]) restore(theta []float64) { linalg.ConvertVector(m.theta, theta) }
