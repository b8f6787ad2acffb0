package optim

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// Stepper changes parameters in place, one minibatch gradient at a time.
type Stepper[T linalg.Float] interface {
	// Step updates theta from the gradient of the minibatch objective. It panics
	// when a length is not the one the stepper was made for.
	Step(theta, grad []T, learningRate float64)
	// SetMomentum changes the momentum of the steps to come (see Ramp); rules
	// without one do nothing. It panics when mu is not in [0, 1). The state does
	// not hold it.
	SetMomentum(mu float64)
	// Save makes state a deep copy of what the stepper remembers, in the memory
	// that it has.
	Save(state *StepperState[T])
	// SetState puts a state back, of which it copies; the following steps have the
	// bits of an unbroken run. It returns an error when the state is of another
	// kind of stepper or another number of parameters.
	SetState(s StepperState[T]) error
}

// StepperState is what a stepper remembers between steps.
type StepperState[T linalg.Float] struct {
	Rule   string // the Rule's name
	Steps  int    // taken so far
	Slots  [][]T  // running sums, one number a parameter each
	Length int    // number of parameters
}

// Rule names an update rule with its constants. Only the fields of the named
// rule count.
type Rule struct {
	// Name is one of RuleNames.
	Name string
	// Momentum is the share of the last step that is kept, in [0, 1): "momentum"
	// and "nesterov"; 0.9 by default.
	Momentum float64
	// Decay is the memory of the running mean of squared gradients, in [0, 1):
	// "rmsprop" (0.99 by default) and "adadelta" (0.9).
	Decay float64
	// Beta1 and Beta2 are Adam's memories of the mean and of the mean square, in
	// [0, 1); 0.9 and 0.999 by default.
	Beta1, Beta2 float64
	// Epsilon, above 0, keeps a division finite: "adagrad" (1e-10 by default),
	// "rmsprop" and "adam" (1e-8), "adadelta" (1e-6).
	Epsilon float64
}

// RuleNames lists the update rules.
func RuleNames() []string {
	return []string{"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam"}
}

// DefaultRule returns the named rule with PyTorch's constants.
func DefaultRule(name string) (Rule, error) {
	r := Rule{Name: name}
	switch name {
	case "sgd":
	case "momentum", "nesterov":
		r.Momentum = 0.9
	case "adagrad":
		r.Epsilon = 1e-10
	case "rmsprop":
		r.Decay, r.Epsilon = 0.99, 1e-8
	case "adadelta":
		r.Decay, r.Epsilon = 0.9, 1e-6
	case "adam":
		r.Beta1, r.Beta2, r.Epsilon = 0.9, 0.999, 1e-8
	default:
		return r, fmt.Errorf("unknown update rule %q: want one of %q", name, RuleNames())
	}
	return r, nil
}

// stepper applies one rule to n parameters.
type stepper[T linalg.Float] struct {
	rule  Rule
	steps int
	slots [][]T
	n     int

	// The step in progress. It is cut into parts that share the cores.
	theta, grad []T
	rate        T
	apply       func(from, to int)
	part        func(i int) // made once, so that a step does not allocate
}

// stepSpan is how many parameters a part of a step updates.
const stepSpan = 8192

// NewStepper returns a stepper for n parameters, or an error that names the
// constant out of its limits.
func NewStepper[T linalg.Float](r Rule, n int) (Stepper[T], error) {
	if _, err := DefaultRule(r.Name); err != nil {
		return nil, err
	}
	for _, c := range []struct {
		name  string
		value float64
	}{{"momentum", r.Momentum}, {"decay", r.Decay}, {"beta1", r.Beta1}, {"beta2", r.Beta2}} {
		if !(c.value >= 0 && c.value < 1) {
			return nil, fmt.Errorf("%s: %s = %v: want 0 or more, below 1", r.Name, c.name, c.value)
		}
	}
	s := &stepper[T]{rule: r, n: n}
	s.part = s.update
	slots, divides := 0, true
	switch r.Name {
	case "sgd":
		s.apply, divides = s.sgd, false
	case "momentum":
		s.apply, slots, divides = s.momentum, 1, false
	case "nesterov":
		s.apply, slots, divides = s.nesterov, 1, false
	case "adagrad":
		s.apply, slots = s.adagrad, 1
	case "rmsprop":
		s.apply, slots = s.rmsprop, 1
	case "adadelta":
		s.apply, slots = s.adadelta, 2
	case "adam":
		s.apply, slots = s.adam, 2
	}
	if divides && !(r.Epsilon > 0 && r.Epsilon < 1) {
		return nil, fmt.Errorf("%s: epsilon = %v: want above 0, below 1", r.Name, r.Epsilon)
	}
	for range slots {
		s.slots = append(s.slots, make([]T, n))
	}
	return s, nil
}

// Step implements Stepper.
func (s *stepper[T]) Step(theta, grad []T, learningRate float64) {
	if len(theta) != s.n || len(grad) != s.n {
		panic(fmt.Sprintf("optim: Step: %d parameters and %d gradient elements for a stepper of %d", len(theta), len(grad), s.n))
	}
	s.steps++
	s.theta, s.grad, s.rate = theta, grad, T(learningRate)
	linalg.Parallel((s.n+stepSpan-1)/stepSpan, s.part)
	s.theta, s.grad = nil, nil
}

// update does one part of a step.
func (s *stepper[T]) update(part int) {
	s.apply(part*stepSpan, min((part+1)*stepSpan, s.n))
}

// sgd: θ −= η·g.
func (s *stepper[T]) sgd(from, to int) {
	linalg.Blend(1, -s.rate, s.grad[from:to], s.theta[from:to])
}

// momentum: v = μ·v + g, θ −= η·v.
func (s *stepper[T]) momentum(from, to int) {
	linalg.StepMomentum(s.theta[from:to], s.slots[0][from:to], s.grad[from:to], T(s.rule.Momentum), s.rate)
}

// nesterov: v = μ·v + g, θ −= η·(g + μ·v).
func (s *stepper[T]) nesterov(from, to int) {
	mu, v, theta := T(s.rule.Momentum), s.slots[0][from:to], s.theta[from:to]
	for i, g := range s.grad[from:to] {
		v[i] = mu*v[i] + g
		theta[i] -= s.rate * (g + mu*v[i])
	}
}

// adagrad: a += g², θ −= η·g/(√a + ε) (Duchi, Hazan & Singer 2011).
func (s *stepper[T]) adagrad(from, to int) {
	epsilon, a, theta := T(s.rule.Epsilon), s.slots[0][from:to], s.theta[from:to]
	for i, g := range s.grad[from:to] {
		a[i] += g * g
		theta[i] -= s.rate * g / (root(a[i]) + epsilon)
	}
}

// rmsprop: a = α·a + (1−α)·g², θ −= η·g/(√a + ε) (Tieleman & Hinton 2012).
func (s *stepper[T]) rmsprop(from, to int) {
	epsilon, a, theta := T(s.rule.Epsilon), s.slots[0][from:to], s.theta[from:to]
	keep, take := T(s.rule.Decay), T(1-s.rule.Decay)
	for i, g := range s.grad[from:to] {
		a[i] = keep*a[i] + take*g*g
		theta[i] -= s.rate * g / (root(a[i]) + epsilon)
	}
}

// adadelta: a = ρ·a + (1−ρ)·g², Δ = g·√(u+ε)/√(a+ε), u = ρ·u + (1−ρ)·Δ²,
// θ −= η·Δ (Zeiler 2012, algorithm 1; η is 1 there).
func (s *stepper[T]) adadelta(from, to int) {
	epsilon, a, u, theta := T(s.rule.Epsilon), s.slots[0][from:to], s.slots[1][from:to], s.theta[from:to]
	keep, take := T(s.rule.Decay), T(1-s.rule.Decay)
	for i, g := range s.grad[from:to] {
		a[i] = keep*a[i] + take*g*g
		delta := g * root(u[i]+epsilon) / root(a[i]+epsilon)
		u[i] = keep*u[i] + take*delta*delta
		theta[i] -= s.rate * delta
	}
}

// adam: m and v are running means of g and g², freed of their bias towards the
// zero they start from; θ −= η·m̂/(√v̂ + ε) (Kingma & Ba 2015, algorithm 1).
func (s *stepper[T]) adam(from, to int) {
	t := float64(s.steps)
	linalg.StepAdam(s.theta[from:to], s.slots[0][from:to], s.slots[1][from:to], s.grad[from:to], linalg.AdamStep[T]{
		Keep1: T(s.rule.Beta1), Take1: T(1 - s.rule.Beta1),
		Keep2: T(s.rule.Beta2), Take2: T(1 - s.rule.Beta2),
		Rate:    T(float64(s.rate) / (1 - math.Pow(s.rule.Beta1, t))),
		Scale:   T(1 / math.Sqrt(1-math.Pow(s.rule.Beta2, t))),
		Epsilon: T(s.rule.Epsilon),
	})
}

func root[T linalg.Float](x T) T { return T(math.Sqrt(float64(x))) }

// SetMomentum implements Stepper.
func (s *stepper[T]) SetMomentum(mu float64) {
	if !(mu >= 0 && mu < 1) {
		panic(fmt.Sprintf("optim: SetMomentum: %v: want 0 or more, below 1", mu))
	}
	s.rule.Momentum = mu
}

// Save implements Stepper.
func (s *stepper[T]) Save(state *StepperState[T]) {
	state.Rule, state.Steps, state.Length = s.rule.Name, s.steps, s.n
	if len(state.Slots) != len(s.slots) {
		state.Slots = make([][]T, len(s.slots))
	}
	for k, slot := range s.slots {
		state.Slots[k] = append(state.Slots[k][:0], slot...)
	}
}

// SetState implements Stepper.
func (s *stepper[T]) SetState(state StepperState[T]) error {
	if state.Rule != s.rule.Name || state.Length != s.n || len(state.Slots) != len(s.slots) || state.Steps < 0 {
		return fmt.Errorf("restore %s of %d parameters: the state is of %q with %d parameters",
			s.rule.Name, s.n, state.Rule, state.Length)
	}
	for _, slot := range state.Slots {
		if len(slot) != s.n {
			return fmt.Errorf("restore %s: %d numbers for %d parameters", s.rule.Name, len(slot), s.n)
		}
	}
	for k, slot := range state.Slots {
		copy(s.slots[k], slot)
	}
	s.steps = state.Steps
	return nil
}
