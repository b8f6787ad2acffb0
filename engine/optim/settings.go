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
	faults := s.limits().faults("l-bfgs", 1)
	if s.Memory < 1 || s.Memory > 1000 {
		faults = append(faults, fmt.Errorf("l-bfgs: memory = %d: want 1 to 1000", s.Memory))
	}
	return errors.Join(faults...)
}

func (s LBFGSSettings) limits() limits {
	return limits{s.C1, s.C2, s.GradTol, s.FuncTol, s.MaxLineSearch, s.Noise}
}

// CGSettings holds what CG can be told; the fields mean what those of
// LBFGSSettings do. Start from DefaultCG.
type CGSettings struct {
	// C1 and C2, 0 < C1 < C2 < 1/2, are 1e-4 and 0.1 by default: conjugate
	// directions want a line search that comes close to the minimum along the
	// line (Nocedal & Wright, section 5.2).
	C1, C2        float64
	GradTol       float64 // 1e-5 by default, 0 for never
	FuncTol       float64 // 1e-9 by default, negative for never
	MaxLineSearch int     // 25 by default, at least 2
	Noise         float64 // 1e-13 by default; NoiseFloat32 for float32 objectives
}

// DefaultCG returns the defaults, for a float64 objective.
func DefaultCG() CGSettings {
	return CGSettings{C1: 1e-4, C2: 0.1, GradTol: 1e-5, FuncTol: 1e-9, MaxLineSearch: 25, Noise: 1e-13}
}

// Validate names every setting that is out of its limits.
func (s CGSettings) Validate() error {
	return errors.Join(limits(s).faults("conjugate gradient", 0.5)...)
}

// limits are the settings of a descent and its line searches.
type limits struct {
	C1, C2        float64
	GradTol       float64
	FuncTol       float64
	MaxLineSearch int
	Noise         float64
}

// faults names every setting of a method that is out of its limits; c2 must be
// below top.
func (l limits) faults(method string, top float64) (faults []error) {
	want := func(ok bool, name string, value any, limits string) {
		if !ok {
			faults = append(faults, fmt.Errorf("%s: %s = %v: want %s", method, name, value, limits))
		}
	}
	want(l.C1 > 0 && l.C1 < top, "c1", l.C1, "0 < c1 < c2")
	want(l.C2 > l.C1 && l.C2 < top, "c2", l.C2, fmt.Sprintf("c1 < c2 < %v", top))
	want(l.GradTol >= 0, "gradient tolerance", l.GradTol, "0 or more")
	want(!math.IsNaN(l.FuncTol), "objective tolerance", l.FuncTol, "a number")
	want(l.MaxLineSearch >= 2, "line search evaluations", l.MaxLineSearch, "2 or more")
	want(l.Noise >= 0 && l.Noise < 1, "noise", l.Noise, "0 or more, below 1")
	return faults
}
