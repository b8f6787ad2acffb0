package optim

import (
	"errors"
	"fmt"
	"math"
)

// NoiseFloat32 is the relative noise of an objective that is evaluated in
// float32 arithmetic: the value for LBFGSSettings.Noise then.
const NoiseFloat32 = 1e-7

// LBFGSSettings holds what LBFGS can be told. Start from DefaultLBFGS.
type LBFGSSettings struct {
	// Memory is the number of (s, y) pairs kept, at least 1; 10 by default.
	// More pairs save a few iterations and cost time and memory.
	Memory int
	// C1 and C2 are the sufficient-decrease and curvature constants of the
	// strong Wolfe conditions, 0 < C1 < C2 < 1; 1e-4 and 0.9 by default
	// (Nocedal & Wright, section 3.1).
	C1, C2 float64
	// GradTol ends the run when no gradient element is larger; 1e-5 by default,
	// 0 for never.
	GradTol float64
	// FuncTol ends the run when two steps running changed the objective by no
	// more, relative to max(|f|, 1); 1e-9 by default, negative for never.
	FuncTol float64
	// MaxLineSearch bounds the evaluations of one line search, at least 2; 25 by
	// default.
	MaxLineSearch int
	// Noise is the relative rounding noise of the objective: a line search does
	// not trust smaller differences. 1e-13 by default, for float64 objectives;
	// NoiseFloat32 for float32 ones; 0 for exact Wolfe conditions.
	Noise float64
	// SingleHistory stores the pairs in float32: half the memory and, with many
	// parameters, up to half the time; right for float32 objectives, whose
	// gradients carry no more digits. Off by default.
	SingleHistory bool
}

// DefaultLBFGS returns the defaults, for a float64 objective.
func DefaultLBFGS() LBFGSSettings {
	return LBFGSSettings{
		Memory: 10, C1: 1e-4, C2: 0.9, GradTol: 1e-5, FuncTol: 1e-9,
		MaxLineSearch: 25, Noise: 1e-13,
	}
}

// Validate names every setting that is out of its limits.
func (s LBFGSSettings) Validate() error {
	var faults []error
	want := func(ok bool, name string, value any, limits string) {
		if !ok {
			faults = append(faults, fmt.Errorf("l-bfgs: %s = %v: want %s", name, value, limits))
		}
	}
	want(s.Memory >= 1 && s.Memory <= 1000, "memory", s.Memory, "1 to 1000")
	want(s.C1 > 0 && s.C1 < 1, "c1", s.C1, "0 < c1 < c2")
	want(s.C2 > s.C1 && s.C2 < 1, "c2", s.C2, "c1 < c2 < 1")
	want(s.GradTol >= 0, "gradient tolerance", s.GradTol, "0 or more")
	want(!math.IsNaN(s.FuncTol), "objective tolerance", s.FuncTol, "a number")
	want(s.MaxLineSearch >= 2, "line search evaluations", s.MaxLineSearch, "2 or more")
	want(s.Noise >= 0 && s.Noise < 1, "noise", s.Noise, "0 or more, below 1")
	return errors.Join(faults...)
}
