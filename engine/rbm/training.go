package rbm

import (
	"errors"
	"fmt"
	"math"
)

// Training says how a Stepper learns; all of it but Chains may change while it
// does. See the package comment for what the weights multiply.
type Training struct {
	// K is the number of Gibbs steps before samples are used, ≥ 1; default 1.
	K int
	// Persistent chains go on from where the last step left them (PCD) instead
	// of starting at the data (CD); default true.
	Persistent bool
	// Chains is the number of persistent chains, ≥ 1; default 100. Without Persistent
	// each example has its own.
	Chains int
	// VisibleMeans uses the means of the visible units instead of samples in
	// Gibbs steps, which has less noise (Hinton 2010, section 3.2); default false.
	VisibleMeans bool
	// LearningRate is above 0; default 0.1. Gaussian and rectified units want a
	// hundredth or less.
	LearningRate float64
	// Momentum is the share of the last step that is kept, in [0, 1); default 0.
	// Velocity is v ← momentum·v + gradient, and a step is rate·v.
	Momentum float64
	// Lambda and L1 weigh Σ w²/2 and Σ |w| of the weights, ≥ 0; default 0.
	Lambda, L1 float64
	// Beta ≥ 0 weighs the sparsity term; default 0. Hidden units must be binary.
	Beta float64
	// Rho is the wanted mean activation of a hidden unit, 0 < Rho < 1; default 0.1.
	Rho float64
}

// DefaultTraining returns PCD-1 with 100 chains at rate 0.1 and no penalties.
func DefaultTraining() Training {
	return Training{K: 1, Persistent: true, Chains: 100, LearningRate: 0.1, Rho: 0.1}
}

// Validate returns every fault of t for machines like s, joined, or nil.
func (t Training) Validate(s Spec) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("rbm: "+format, args...))
	}
	if t.K < 1 {
		fault("K = %d: want at least 1", t.K)
	}
	if t.Persistent && t.Chains < 1 {
		fault("Chains = %d: want at least 1", t.Chains)
	}
	if !(t.LearningRate > 0) || math.IsInf(t.LearningRate, 0) {
		fault("LearningRate = %g: want LearningRate > 0", t.LearningRate)
	}
	if !(t.Momentum >= 0 && t.Momentum < 1) {
		fault("Momentum = %g: want 0 ≤ Momentum < 1", t.Momentum)
	}
	for _, f := range []struct {
		name  string
		value float64
	}{{"Lambda", t.Lambda}, {"L1", t.L1}, {"Beta", t.Beta}} {
		if !(f.value >= 0) || math.IsInf(f.value, 0) {
			fault("%s = %g: want %s ≥ 0", f.name, f.value, f.name)
		}
	}
	if t.Beta > 0 && !(t.Rho > 0 && t.Rho < 1) {
		fault("Rho = %g: want 0 < Rho < 1", t.Rho)
	}
	if t.Beta > 0 && s.HiddenUnit != Binary {
		fault("Beta = %g: only binary hidden units have a sparsity target; set Beta = 0", t.Beta)
	}
	return errors.Join(faults...)
}
