package rbm

import (
	"errors"
	"fmt"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// TermFreeEnergyGap names mean F(data) - mean F(samples): the part of the terms
// that stands for the likelihood. It is not an objective: it hovers about 0
// when the samples are like the data.
const TermFreeEnergyGap = "free-energy gap"

// Stepper trains a machine, one minibatch at a time.
type Stepper[T linalg.Float] struct {
	spec  Spec
	with  Training
	theta []T
	gibbs *gibbs[T]

	steps    int
	velocity []T       // of the update, nil until there is momentum
	running  []float64 // mean activations, nil until there is a sparsity target
	fresh    bool      // running starts with this step
	slope    []T       // of the sparsity
	active   []T       // minus the mean hidden activations of the data
	visible  []T       // gradient of the visible bias
	biases   []T       // gradient of the hidden bias
	parts    []terms   // by part of the hidden units
	rows     int       // of the data in gibbs.v and .z; the chains follow
	terms    nn.Terms
	learn    func(part, first, last int)
}

// NewStepper returns a stepper that keeps theta and changes it in place. The
// persistent chains start with all hidden units 0, as in scikit-learn and Theano.
// s and t are valid; it panics when they are not or theta has not the length of s.Layout().
func NewStepper[T linalg.Float](s Spec, t Training, theta []T, seed uint64) *Stepper[T] {
	if err := errors.Join(s.Validate(), t.Validate(s)); err != nil {
		panic(err)
	}
	if len(theta) != s.size() {
		panic(fmt.Sprintf("rbm: NewStepper: %d parameters, want %d", len(theta), s.size()))
	}
	p := &Stepper[T]{
		spec: s, theta: theta, gibbs: newGibbs(s, theta, seed),
		slope: make([]T, s.Hidden), active: make([]T, s.Hidden), biases: make([]T, s.Hidden), visible: make([]T, s.Visible),
		parts: make([]terms, parts(s.Hidden)),
		terms: nn.Terms{{Name: TermFreeEnergyGap}, {Name: nn.TermWeightDecay}, {Name: nn.TermSparsity}},
	}
	p.learn = p.learnPart
	if t.Persistent {
		p.gibbs.resizeChains(t.Chains)
	}
	p.with = t
	p.SetTraining(t)
	return p
}

// SetTraining changes how the next steps learn. It panics when t is not valid
// or asks for another number of chains, or for persistent chains where there were none.
func (p *Stepper[T]) SetTraining(t Training) {
	if err := t.Validate(p.spec); err != nil {
		panic(err)
	}
	if t.Persistent != p.with.Persistent || (t.Persistent && t.Chains != p.with.Chains) {
		panic("rbm: SetTraining: other chains: want a new stepper")
	}
	p.with = t
	if t.Momentum > 0 && p.velocity == nil {
		p.velocity = make([]T, len(p.theta))
	}
}

// Step samples, and moves the parameters one step down the gradient over the minibatch x
// (m×visible). It returns the terms that belong to that gradient, at the
// parameters from before the step: the free-energy gap, weight decay (L2 and
// L1) and sparsity. They hold until the next step. When a term is not finite the
// error says which and at which step; the parameters are finite still, but some
// hidden units may have learnt from the step: go back to parameters you kept. Step
// panics on another width or no rows.
func (p *Stepper[T]) Step(x linalg.Matrix[T]) (nn.Terms, error) {
	check("Step", p.spec, p.theta, x)
	if x.Rows == 0 {
		panic("rbm: Step: no examples")
	}
	p.steps++
	if p.fresh = p.with.Beta > 0 && len(p.running) == 0; p.fresh {
		p.running = make([]float64, p.spec.Hidden)
	}
	data, chains := p.sample(x)
	p.visibleGradient()
	p.terms[0].Value, p.terms[1].Value, p.terms[2].Value = p.gap(data, chains), 0, 0
	for _, t := range p.parts {
		p.terms[1].Value += t.decay
		p.terms[2].Value += t.sparsity
	}
	for i := range p.terms {
		if v := p.terms[i].Value; math.IsNaN(v) || math.IsInf(v, 0) {
			return p.terms, fmt.Errorf("rbm: step %d: the %s is not finite (%g): lower the learning rate or normalise the data",
				p.steps, p.terms[i].Name, v)
		}
	}
	weights := p.spec.Hidden * p.spec.Visible
	p.move(weights, weights+p.spec.Visible, p.visible)
	return p.terms, nil
}

// sample fills gibbs.v with x and then the chains, lets every part of the hidden
// units learn as soon as it has its means of both, and returns the mean
// Σ f(b + W v) over each.
func (p *Stepper[T]) sample(x linalg.Matrix[T]) (data, chains float64) {
	g, m := p.gibbs, x.Rows
	p.rows = m
	if !p.with.Persistent {
		g.resizeChains(m)
	}
	all := m + g.hT.Cols
	g.resize(all)
	draw, none := !p.with.VisibleMeans, linalg.Matrix[T]{}
	if !p.with.Persistent {
		_, data = g.hidden(way[T]{last: m, data: x, draw: true, measure: true}) // each example begins a chain
	}
	for range p.with.K - 1 {
		g.visible(m, draw, none)
		g.hidden(way[T]{first: m, last: all, chain: m, draw: true})
	}
	g.visible(m, draw, none)
	if p.with.Persistent { // the data and the chains in one pass over the weights
		data, chains = g.hidden(way[T]{last: all, data: x, chain: m, draw: true, measure: true, then: p.learn})
	} else {
		_, chains = g.hidden(way[T]{first: m, last: all, chain: m, measure: true, then: p.learn})
	}
	return data / float64(m), chains / float64(g.hT.Cols)
}

// gap returns mean F(data) - mean F(chains) from the means of the hidden
// parts. The visible bias acts through the column sums that are its gradient.
func (p *Stepper[T]) gap(data, chains float64) float64 {
	g, m := p.gibbs, p.rows
	_, a, _ := split(p.spec, p.theta)
	gap := chains - data
	for i, v := range a {
		gap += float64(v) * float64(p.visible[i])
	}
	if p.spec.VisibleUnit != Binary {
		own := linalg.Squares(g.v.Slice(0, m).Data)/float64(m) - linalg.Squares(g.v.Slice(m, g.v.Rows).Data)/float64(g.hT.Cols)
		gap += own / 2
	}
	return gap
}

// NegativeSamples returns a copy of the visible values of the chains at the
// last step: the fantasy particles, chains×visible.
func (p *Stepper[T]) NegativeSamples() linalg.Matrix[T] {
	return p.gibbs.v.Slice(p.rows, p.gibbs.v.Rows).Clone()
}

// Activity sets dst to the mean of each hidden unit over the last minibatch,
// or its running mean when there is a sparsity target. dst has hidden elements.
func (p *Stepper[T]) Activity(dst []float64) {
	if len(dst) != p.spec.Hidden {
		panic(fmt.Sprintf("rbm: Activity: %d elements for %d hidden units", len(dst), p.spec.Hidden))
	}
	if p.running != nil && p.with.Beta > 0 {
		copy(dst, p.running)
		return
	}
	for j, v := range p.active {
		dst[j] = -float64(v)
		if p.spec.HiddenUnit == Binary {
			dst[j] = min(dst[j], 1) // where rounding leaves the mean of ones above it
		}
	}
}

// State is what a stepper remembers between steps besides the parameters.
type State[T linalg.Float] struct {
	Steps, Stages int
	Chains        []T       // hidden samples, hidden × chains, of PCD
	Velocity      []T       // empty without momentum
	Running       []float64 // running mean activations, empty without a sparsity target
}

// Save makes s a deep copy of what p remembers, in the memory that it has.
func (p *Stepper[T]) Save(s *State[T]) {
	s.Steps, s.Stages = p.steps, int(p.gibbs.stages)
	s.Running, s.Velocity = append(s.Running[:0], p.running...), append(s.Velocity[:0], p.velocity...)
	s.Chains = s.Chains[:0]
	if p.with.Persistent {
		s.Chains = append(s.Chains, p.gibbs.hT.Data...)
	}
}

// SetState puts a state back, of which it copies; the following steps have the
// bits of an unbroken run. It returns an error when the state is of another
// machine or training.
func (p *Stepper[T]) SetState(s State[T]) error {
	chains := 0
	if p.with.Persistent {
		chains = len(p.gibbs.hT.Data)
	}
	if len(s.Chains) != chains || (len(s.Velocity) > 0 && len(s.Velocity) != len(p.theta)) || (len(s.Running) > 0 && len(s.Running) != p.spec.Hidden) {
		return fmt.Errorf("rbm: state of another machine: %d hidden samples, want %d; %d velocities, want %d",
			len(s.Chains), chains, len(s.Velocity), len(p.theta))
	}
	p.steps, p.gibbs.stages = s.Steps, uint64(s.Stages)
	copy(p.gibbs.hT.Data, s.Chains)
	if len(s.Velocity) > 0 {
		p.velocity = append(p.velocity[:0], s.Velocity...)
	} else {
		clear(p.velocity)
	}
	p.running = append([]float64(nil), s.Running...)
	return nil
}
