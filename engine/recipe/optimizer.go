package recipe

import "filterscope/engine/optim"

// Methods of optimisation.
const (
	MethodLBFGS    = "lbfgs"
	MethodCG       = "cg" // nonlinear conjugate gradient
	MethodSGD      = "sgd"
	MethodAdagrad  = "adagrad"
	MethodRMSprop  = "rmsprop"
	MethodAdadelta = "adadelta"
	MethodAdam     = "adam"
)

// Methods lists the valid values of optimizer.method.
func Methods() []string {
	return []string{MethodLBFGS, MethodCG, MethodSGD, MethodAdagrad, MethodRMSprop, MethodAdadelta, MethodAdam}
}

// Optimizer says how the objective is minimised. L-BFGS and the conjugate
// gradient take the whole data set at every evaluation and use Iterations (and
// L-BFGS Memory); the others take minibatches, or the whole set when Batch is as
// large.
type Optimizer struct {
	Method       string  `toml:"method"`
	Iterations   int     `toml:"iterations"`
	Memory       int     `toml:"memory"`
	Epochs       int     `toml:"epochs"`
	Batch        int     `toml:"batch"`
	LearningRate float64 `toml:"learning_rate"`

	// Momentum of sgd, grows to its value from MomentumStart over the first
	// MomentumRamp examples (H2O); 0 examples for none.
	Momentum      float64 `toml:"momentum"`
	MomentumStart float64 `toml:"momentum_start,omitzero"`
	MomentumRamp  float64 `toml:"momentum_ramp,omitzero"`
	Nesterov      bool    `toml:"nesterov,omitempty"`

	// Decay is the memory of the squared gradients of rmsprop and adadelta, Beta1
	// and Beta2 those of adam, Epsilon keeps divisions finite. 0 means PyTorch's
	// default of the method.
	Decay   float64 `toml:"decay,omitzero"`
	Beta1   float64 `toml:"beta1,omitzero"`
	Beta2   float64 `toml:"beta2,omitzero"`
	Epsilon float64 `toml:"epsilon,omitzero"`

	Schedule Schedule `toml:"schedule,omitempty"` // of the learning rate; empty for a constant one

	ClipValue float64 `toml:"clip_value,omitzero"` // largest element of a gradient; 0 for any
	ClipNorm  float64 `toml:"clip_norm,omitzero"`  // largest norm of a gradient; 0 for any

	// Patience ends a run after so many epochs (of ten iterations with a full-batch
	// method) without a gain of more than MinDelta in the loss over the examples held back,
	// or over those trained on when none are; 0 never. RestoreBest takes the
	// parameters of the epoch with the lowest loss then, whatever MinDelta.
	Patience    int     `toml:"patience,omitzero"`
	MinDelta    float64 `toml:"min_delta,omitzero"`
	RestoreBest bool    `toml:"restore_best,omitempty"`
}

// Schedule is how the learning rate changes; see optim.Schedule for the
// formulas.
type Schedule struct {
	Name     string  `toml:"name,omitempty"`    // constant, step, exponential, cosine, h2o or plateau
	Factor   float64 `toml:"factor,omitzero"`   // of step, exponential and plateau
	Every    float64 `toml:"every,omitzero"`    // epochs between the steps of step
	Floor    float64 `toml:"floor,omitzero"`    // the smallest rate of cosine and plateau
	WarmUp   int     `toml:"warm_up,omitzero"`  // steps over which cosine grows to the full rate
	Anneal   float64 `toml:"anneal,omitzero"`   // of h2o, an example
	Patience int     `toml:"patience,omitzero"` // epochs of plateau
	Cooldown int     `toml:"cooldown,omitzero"` // epochs of plateau
}

// Minibatch reports whether the method takes minibatches.
func (o Optimizer) Minibatch() bool { return o.Method != MethodLBFGS && o.Method != MethodCG }

// Rule returns the update rule of a minibatch method.
func (o Optimizer) Rule() (optim.Rule, error) {
	name := o.Method
	if name == MethodSGD && (o.Momentum > 0 || o.MomentumRamp > 0) {
		name = "momentum"
		if o.Nesterov {
			name = "nesterov"
		}
	}
	rule, err := optim.DefaultRule(name)
	if err != nil {
		return rule, err
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
	return rule, nil
}

// Ramp returns how the momentum of sgd grows.
func (o Optimizer) Ramp() optim.Ramp {
	if o.MomentumRamp == 0 {
		return optim.Ramp{Start: o.Momentum, Stable: o.Momentum}
	}
	return optim.Ramp{Start: o.MomentumStart, Stable: o.Momentum, Samples: o.MomentumRamp}
}

// Optim returns the schedule, with the defaults of its kind for what is 0.
func (s Schedule) Optim() (optim.Schedule, error) {
	if s.Name == "" {
		return optim.Schedule{}, nil
	}
	d, err := optim.DefaultSchedule(s.Name)
	if err != nil {
		return d, err
	}
	if s.Factor != 0 {
		d.Factor = s.Factor
	}
	if s.Every != 0 {
		d.Every = s.Every
	}
	if s.Anneal != 0 {
		d.Annealing = s.Anneal
	}
	if s.Patience != 0 {
		d.Patience = s.Patience
	}
	d.Floor, d.WarmUp, d.Cooldown = s.Floor, s.WarmUp, s.Cooldown
	return d, d.Validate()
}

// DefaultOptimizer returns how models of a kind are trained unless a recipe says
// otherwise.
func DefaultOptimizer(kind string) Optimizer {
	o := Optimizer{
		Method: MethodLBFGS, Iterations: 400, Memory: 10,
		Epochs: 20, Batch: 100, LearningRate: 0.01, Momentum: 0.9,
	}
	switch kind {
	case KindDeep, KindVariational, KindSelection:
		o.Method, o.Batch, o.LearningRate = MethodAdam, 128, 1e-3
	case KindDenoising:
		o.Method, o.Batch, o.LearningRate, o.Momentum = MethodSGD, 20, 0.1, 0
	case KindRBM:
		o.Method, o.Batch, o.LearningRate, o.Momentum = MethodSGD, 10, 0.1, 0
	case KindLinear:
		o.Method, o.Batch, o.LearningRate, o.Momentum = MethodSGD, 32, 0.01, 0
	}
	return o
}
