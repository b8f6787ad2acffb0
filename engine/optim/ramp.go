package optim

import (
	"fmt"
	"math"
)

// Ramp is H2O's momentum: it goes from Start to Stable in a straight line over
// the first Samples examples (momentum_start, momentum_stable, momentum_ramp).
// Without Samples it stays at Start, as in H2O.
type Ramp struct {
	Start, Stable float64 // in [0, 1)
	Samples       float64 // 0 or more; 1e6 in H2O
}

// Validate names the first value that is out of its limits.
func (r Ramp) Validate() error {
	for _, c := range []struct {
		name   string
		value  float64
		ok     bool
		limits string
	}{
		{"start", r.Start, r.Start >= 0 && r.Start < 1, "0 or more, below 1"},
		{"stable", r.Stable, r.Stable >= 0 && r.Stable < 1, "0 or more, below 1"},
		{"samples", r.Samples, r.Samples >= 0 && !math.IsInf(r.Samples, 1), "0 or more"},
	} {
		if !c.ok {
			return fmt.Errorf("momentum ramp: %s = %v: want %s", c.name, c.value, c.limits)
		}
	}
	return nil
}

// Momentum returns the momentum after so many examples; see
// Stepper.SetMomentum.
func (r Ramp) Momentum(samples int) float64 {
	switch n := float64(samples); {
	case r.Samples == 0:
		return r.Start
	case n >= r.Samples:
		return r.Stable
	default:
		return r.Start + (r.Stable-r.Start)*n/r.Samples
	}
}
