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
	gibbs *gibbs[T] // has the parameters

	steps    int
	velocity []T       // of gibbs.up, of the visible and of the hidden bias; nil until there is momentum
	running  []float64 // mean activations, nil until there is a sparsity target
	fresh    bool      // running starts with this step
	slope    []T       // of the sparsity
	kl       []float64 // sparsity of each hidden unit
	active   []T       // minus the mean hidden activations of the data
	visible  []T       // gradient of the visible bias
	hidden   []T       // gradient of the hidden bias
	decays   []float64 // of the weights, by part of the visible units
	terms    nn.Terms

	sumVisible, sumHidden func(first, last int)
	learn                 func(part int)
}

// NewStepper returns a stepper that begins at theta, which it copies. The
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
		spec: s, gibbs: newGibbs(s, theta, seed),
		slope: make([]T, s.Hidden), kl: make([]float64, s.Hidden), active: make([]T, s.Hidden),
		visible: make([]T, s.Visible), hidden: make([]T, s.Hidden),
		terms: nn.Terms{{Name: TermFreeEnergyGap}, {Name: nn.TermWeightDecay}, {Name: nn.TermSparsity}},
	}
	p.decays = make([]float64, len(p.gibbs.down))
	p.sumVisible, p.sumHidden, p.learn = p.visibleGradient, p.hiddenGradient, p.learnPart
	if t.Persistent {
		p.gibbs.resize(0, t.Chains)
		p.gibbs.listSamples()
	}
	p.with = t
	p.SetTraining(t)
	return p
}

// Parameters copies the parameters to dst. It panics on a wrong length.
func (p *Stepper[T]) Parameters(dst []T) {
	if len(dst) != p.spec.size() {
		panic(fmt.Sprintf("rbm: Parameters: %d parameters into %d", p.spec.size(), len(dst)))
	}
	p.gibbs.parameters(dst)
}

// SetParameters goes on from theta, which it copies, with the chains and all else as they are.
// It panics on a wrong length.
func (p *Stepper[T]) SetParameters(theta []T) {
	if len(theta) != p.spec.size() {
		panic(fmt.Sprintf("rbm: SetParameters: %d parameters, want %d", len(theta), p.spec.size()))
	}
	p.gibbs.use(theta)
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
		p.velocity = make([]T, p.velocities())
	}
}

// Step samples, and moves the parameters one step down the gradient over the minibatch x
// (m×visible). It returns the terms that belong to that gradient, at the
// parameters from before the step: the free-energy gap, weight decay (L2 and
// L1) and sparsity. They hold until the next step. When a term is not finite the
// error says which and at which step; the parameters are finite still: go back to some you kept. Step
// panics on another width or no rows.
func (p *Stepper[T]) Step(x linalg.Matrix[T]) (nn.Terms, error) {
	if x.Rows == 0 || x.Cols != p.spec.Visible {
		panic(fmt.Sprintf("rbm: Step: %d×%d examples for %d visible units", x.Rows, x.Cols, p.spec.Visible))
	}
	p.steps++
	if p.fresh = p.with.Beta > 0 && len(p.running) == 0; p.fresh {
		p.running = make([]float64, p.spec.Hidden)
	}
	data, chains := p.sample(x)
	p.terms[0].Value, p.terms[1].Value, p.terms[2].Value = p.gap(data, chains), 0, 0
	if p.with.Beta > 0 {
		for _, v := range p.kl {
			p.terms[2].Value += v
		}
	}
	if p.finite() {
		g := p.gibbs
		g.stage(len(g.down), g.v.Rows*p.spec.size(), p.learn)
		p.move(g.vBias, len(g.up.Data), p.visible)
		p.move(g.hBias, len(g.up.Data)+p.spec.Visible, p.hidden)
		for _, v := range p.decays {
			p.terms[1].Value += v
		}
	}
	for i := range p.terms {
		if v := p.terms[i].Value; math.IsNaN(v) || math.IsInf(v, 0) {
			return p.terms, fmt.Errorf("rbm: step %d: the %s is not finite (%g): lower the learning rate or normalise the data",
				p.steps, p.terms[i].Name, v)
		}
	}
	return p.terms, nil
}

// finite says whether there is a gradient to go down.
func (p *Stepper[T]) finite() bool {
	check := p.terms.Total() * 0 // or not a number
	for _, v := range p.hidden {
		check += float64(v - v)
	}
	return check == 0
}

// sample fills gibbs.v with x and then the chains and gibbs.z with the factors of the gradient, and returns the mean
// Σ f(b + W v) over each.
func (p *Stepper[T]) sample(x linalg.Matrix[T]) (data, chains float64) {
	g, m, chain := p.gibbs, x.Rows, p.with.Chains
	if !p.with.Persistent { // each example begins a chain
		chain = m
	}
	g.resize(m, chain)
	all := g.v.Rows
	again := sweep[T]{fall: true, draw: !p.with.VisibleMeans, rise: true, first: m, last: all, chain: m, sample: true}
	last := again
	last.columns, last.measure, last.seen, last.then = true, true, p.sumVisible, p.sumHidden
	if p.with.Persistent {
		last.first, last.data = 0, x
	} else {
		_, data = g.sweep(sweep[T]{data: x, rise: true, last: m, sample: true, measure: true})
		last.sample = false
	}
	for range p.with.K - 1 {
		g.sweep(again)
	}
	if p.with.Persistent { // the data and the chains in one pass over the weights
		data, chains = g.sweep(last)
	} else {
		_, chains = g.sweep(last)
	}
	return data / float64(m), chains / float64(g.h.Rows)
}

// gap returns mean F(data) - mean F(chains) from the means of the hidden
// parts. The visible bias acts through the column sums that are its gradient.
func (p *Stepper[T]) gap(data, chains float64) float64 {
	g, m := p.gibbs, p.gibbs.examples
	gap := chains - data
	for i, v := range g.vBias {
		gap += float64(v) * float64(p.visible[i])
	}
	if p.spec.VisibleUnit != Binary {
		own := linalg.Squares(g.v.Slice(0, m).Data)/float64(m) - linalg.Squares(g.v.Slice(m, g.v.Rows).Data)/float64(g.h.Rows)
		gap += own / 2
	}
	return gap
}

// NegativeSamples returns a copy of the visible values of the chains at the
// last step: the fantasy particles, chains×visible.
func (p *Stepper[T]) NegativeSamples() linalg.Matrix[T] {
	return p.gibbs.v.Slice(p.gibbs.examples, p.gibbs.v.Rows).Clone()
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
	Chains        []T       // hidden samples, chains × hidden, of PCD
	Velocity      []T       // in an order of its own; empty without momentum
	Running       []float64 // running mean activations, empty without a sparsity target
}

// Save makes s a deep copy of what p remembers, in the memory that it has.
func (p *Stepper[T]) Save(s *State[T]) {
	s.Steps, s.Stages = p.steps, int(p.gibbs.stages)
	s.Running, s.Velocity = append(s.Running[:0], p.running...), append(s.Velocity[:0], p.velocity...)
	s.Chains = s.Chains[:0]
	if p.with.Persistent {
		s.Chains = append(s.Chains, p.gibbs.h.Data...)
	}
}

// SetState puts a state back, of which it copies; the following steps have the
// bits of an unbroken run. It returns an error when the state is of another
// machine or training.
func (p *Stepper[T]) SetState(s State[T]) error {
	chains := 0
	if p.with.Persistent {
		chains = len(p.gibbs.h.Data)
	}
	if len(s.Chains) != chains || (len(s.Velocity) > 0 && len(s.Velocity) != p.velocities()) || (len(s.Running) > 0 && len(s.Running) != p.spec.Hidden) {
		return fmt.Errorf("rbm: state of another machine: %d hidden samples, want %d; %d velocities, want %d",
			len(s.Chains), chains, len(s.Velocity), p.velocities())
	}
	p.steps, p.gibbs.stages = s.Steps, uint64(s.Stages)
	if chains > 0 {
		copy(p.gibbs.h.Data, s.Chains)
		p.gibbs.listSamples()
	}
	if len(s.Velocity) > 0 {
		p.velocity = append(p.velocity[:0], s.Velocity...)
	} else {
		clear(p.velocity)
	}
	p.running = append([]float64(nil), s.Running...)
	return nil
}
