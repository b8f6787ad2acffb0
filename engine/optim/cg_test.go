package optim_test

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/optimize/functions"
	"pgregory.net/rapid"

	"filterscope/engine/optim"
)

// TestCGQuadratic: with k different curvatures the exact method ends after k
// steps (Nocedal & Wright, theorem 5.4); the inexact line search and restarts
// may cost some more.
func TestCGQuadratic(t *testing.T) {
	q, x0 := randomQuadratic(1, 10000, 10)
	for i := range q.a {
		q.a[i] = float64(1 + i%5)
	}
	s := optim.DefaultCG()
	s.GradTol, s.FuncTol, s.C2 = 1e-8, -1, 1e-3
	c := optim.NewCG(s, x0)
	if got := minimise(c, q, 500); got != optim.Converged {
		t.Fatalf("%v, %v", got, c.Reason())
	}
	if c.Iterations() > 10 {
		t.Errorf("%d iterations for 5 curvatures", c.Iterations())
	}
	x, _, _ := c.Iterate()
	for i := range x {
		if math.Abs(x[i]-q.c[i]) > 1e-8 {
			t.Fatalf("x[%d] = %v, want %v", i, x[i], q.c[i])
		}
	}
}

// TestCGDirections compares each direction and step with algorithm 5.4 written
// down plainly, and checks the strong Wolfe conditions.
func TestCGDirections(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x0 := rapid.SliceOfN(rapid.Float64Range(-20, 20), 6, 6).Draw(t, "x0")
		f := functions.ExtendedRosenbrock{}
		s := optim.DefaultCG()
		s.Noise = 0
		s.C2 = rapid.Float64Range(0.01, 0.45).Draw(t, "c2")
		c := optim.NewCG(s, x0)
		n := len(x0)
		g, d, gOld := make([]float64, n), make([]float64, n), make([]float64, n)
		since := 0
		for range 300 {
			old := c.State()
			f.Grad(g, c.X())
			status := c.Tell(f.Func(c.X()), g)
			if status == optim.Failed {
				t.Fatalf("failed: %v", c.Reason())
			}
			if status == optim.Converged {
				return
			}
			state := c.State()
			switch {
			case c.Evaluations() == 1:
				for i := range d {
					d[i] = -g[i]
				}
			case c.Iterations() > old.Iterations:
				copy(gOld, old.G)
				slope, slopeNew := dot(gOld, d), dot(g, d)
				if state.F > old.F+s.C1*old.Step*slope+1e-12*math.Abs(old.F) || math.Abs(slopeNew) > s.C2*math.Abs(slope)*(1+1e-6) {
					t.Fatalf("f went from %v to %v, slope from %v to %v", old.F, state.F, slope, slopeNew)
				}
				since++
				beta := (dot(g, g) - dot(g, gOld)) / dot(gOld, gOld)
				if beta <= 0 || math.Abs(dot(g, gOld)) >= 0.1*dot(g, g) || since >= n || beta*slopeNew >= dot(g, g) {
					beta, since = 0, 0
				}
				for i := range d {
					d[i] = beta*d[i] - g[i]
				}
			}
			if !slices.EqualFunc(state.Direction, d, func(a, b float64) bool {
				return math.Abs(a-b) <= 1e-9*math.Sqrt(dot(d, d))
			}) {
				t.Fatalf("iteration %d: direction %v, want %v", c.Iterations(), state.Direction, d)
			}
			copy(d, state.Direction) // no drift
		}
	})
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}

func TestCGResume(t *testing.T) {
	checkResume(t, func(x0 []float64) *optim.CG { return optim.NewCG(optim.DefaultCG(), x0) }, optim.RestoreCG, 60, 15)
}

func TestRestoreCGRefusesNonsense(t *testing.T) {
	tests := map[string]func(*optim.CGState){
		"short gradient":  func(s *optim.CGState) { s.G = s.G[1:] },
		"short direction": func(s *optim.CGState) { s.Direction = nil },
		"bad settings":    func(s *optim.CGState) { s.Settings.C2 = 0.5 },
	}
	for name, spoil := range tests {
		c := optim.NewCG(optim.DefaultCG(), []float64{-1.2, 1})
		minimise(c, functions.ExtendedRosenbrock{}, 12)
		s := c.State()
		spoil(&s)
		if _, err := optim.RestoreCG(s); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestCGWithSinglePrecisionNoise: the lowest objective within its noise. There
// is no gradient tolerance to ask for: conjugacy is lost in the noise.
func TestCGWithSinglePrecisionNoise(t *testing.T) {
	for seed := range uint64(20) {
		q, x0 := randomQuadratic(seed, 200, 1000)
		s := optim.DefaultCG()
		s.Noise, s.FuncTol, s.GradTol = optim.NoiseFloat32, -1, 1e-4
		c := optim.NewCG(s, x0)
		status := minimise(c, single{offset{q}}, 1000)
		if _, f, _ := c.Iterate(); status == optim.Failed || f > 1+1e-6 {
			t.Errorf("seed %d: %v after %d evaluations: %v, f − 1 = %g", seed, status, c.Evaluations(), c.Reason(), f-1)
		}
	}
}

func TestCGSettingsValidate(t *testing.T) {
	if err := optim.DefaultCG().Validate(); err != nil {
		t.Errorf("defaults: %v", err)
	}
	bad := optim.CGSettings{C1: 0.5, C2: 0.9, GradTol: -1, FuncTol: math.NaN(), MaxLineSearch: 1, Noise: 2}
	if err := bad.Validate(); err == nil {
		t.Error("nonsense passes")
	}
}
