package optim_test

import (
	"encoding/json"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/optimize/functions"
	"pgregory.net/rapid"

	"filterscope/engine/optim"
)

// TestCGAgainstGonum has gonum's Polak-Ribière as the oracle; it gets a limit,
// because it does not end by itself on PowellBadlyScaled.
func TestCGAgainstGonum(t *testing.T) {
	for _, tt := range gonumTests {
		t.Run(tt.name, func(t *testing.T) {
			s := optim.DefaultCG()
			s.GradTol, s.FuncTol = tt.gradTol, -1
			c := optim.NewCG(s, tt.x0)
			status := minimise(c, tt.f, 20000)
			if status != optim.Converged || c.Reason() != optim.SmallGradient {
				t.Errorf("ended %v after %d evaluations: %v", status, c.Evaluations(), c.Reason())
			}
			want, err := optimize.Minimize(optimize.Problem{Func: tt.f.Func, Grad: tt.f.Grad}, tt.x0,
				&optimize.Settings{GradientThreshold: tt.gradTol, FuncEvaluations: 20000}, &optimize.CG{Variant: &optimize.PolakRibierePolyak{}})
			if err != nil {
				t.Logf("gonum: %v", err)
			}
			_, f, _ := c.Iterate()
			t.Logf("f = %.6g in %d iterations, %d evaluations; gonum %.6g in %d, %d", f, c.Iterations(),
				c.Evaluations(), want.F, want.MajorIterations, want.GradEvaluations)
			if f > want.F+1e-8*math.Max(1, math.Abs(want.F)) {
				t.Errorf("f = %.12g, gonum found %.12g", f, want.F)
			}
			if c.Evaluations() > 4*want.GradEvaluations+20 {
				t.Errorf("%d evaluations, gonum needs %d", c.Evaluations(), want.GradEvaluations)
			}
		})
	}
}

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

// TestCGResume breaks a run after every evaluation in turn and continues from
// the state, at either number of processors, once through JSON.
func TestCGResume(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	f := functions.ExtendedRosenbrock{}
	x0 := make([]float64, 20000) // enough to go parallel
	for i := range x0 {
		x0[i] = float64(i%7) - 2.5
	}
	whole, broken := optim.NewCG(optim.DefaultCG(), x0), optim.NewCG(optim.DefaultCG(), x0)
	g := make([]float64, len(x0))
	for k := range 60 {
		runtime.GOMAXPROCS(1)
		f.Grad(g, whole.X())
		want := whole.Tell(f.Func(whole.X()), g)

		runtime.GOMAXPROCS(2 + k%3)
		f.Grad(g, broken.X())
		got := broken.Tell(f.Func(broken.X()), g)
		state := broken.State()
		if k == 5 {
			text, err := json.Marshal(state)
			if err != nil {
				t.Fatal(err)
			}
			state = optim.CGState{}
			if err := json.Unmarshal(text, &state); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if broken, err = optim.RestoreCG(state); err != nil {
			t.Fatal(err)
		}
		if got != want || !slices.Equal(whole.X(), broken.X()) {
			t.Fatalf("evaluation %d: status %v, want %v; or other points", k, got, want)
		}
	}
	if whole.Iterations() < 15 {
		t.Fatalf("only %d iterations tested", whole.Iterations())
	}
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

func TestCGBacktracksFromNaN(t *testing.T) {
	c := optim.NewCG(optim.DefaultCG(), []float64{-30, 4})
	if status := minimise(c, walled{0.5}, 200); status != optim.Converged {
		t.Fatalf("%v: %v", status, c.Reason())
	}
	if x, _, _ := c.Iterate(); math.Abs(x[0]+0.5) > 1e-4 {
		t.Errorf("x = %v, want -0.5", x[0])
	}
}

func TestCGFailsWhereNothingHelps(t *testing.T) {
	tests := []struct {
		name string
		f    objective
		x0   []float64
		want optim.Reason
	}{
		{"NaN at the start", &nan{0}, []float64{3}, optim.NotFinite},
		{"NaN for ever", &nan{1}, []float64{3}, optim.NotFinite},
		{"wrong sign of the gradient", uphill{}, []float64{1, 2}, optim.NoDecrease},
	}
	for _, tt := range tests {
		c := optim.NewCG(optim.DefaultCG(), tt.x0)
		if got := minimise(c, tt.f, 200); got != optim.Failed || c.Reason() != tt.want {
			t.Errorf("%s: %v: %v", tt.name, got, c.Reason())
		}
		if d := cmp.Diff(c.X(), tt.x0); d != "" {
			t.Errorf("%s: the good point is lost: %v", tt.name, d)
		}
	}
}

// TestCGReanchor changes the objective in the middle of a run.
func TestCGReanchor(t *testing.T) {
	q, x0 := randomQuadratic(7, 50, 100)
	s := optim.DefaultCG()
	s.FuncTol = -1
	c := optim.NewCG(s, x0)
	minimise(c, q, 15)
	x, _, _ := c.Iterate()
	at := append([]float64(nil), x...)
	for i := range q.c {
		q.a[i] *= 1.5
		q.c[i]++
	}
	c.Reanchor()
	if d := cmp.Diff(c.X(), at); d != "" {
		t.Fatalf("next point is not the iterate: %v", d)
	}
	before := c.Iterations()
	if got := minimise(c, q, 500); got != optim.Converged || c.Iterations() == before {
		t.Fatalf("%v after %d steps: %v", got, c.Iterations()-before, c.Reason())
	}
	x, _, _ = c.Iterate()
	for i := range x {
		if math.Abs(x[i]-q.c[i]) > 1e-4 {
			t.Fatalf("x[%d] = %v, want %v", i, x[i], q.c[i])
		}
	}
}

// TestCGAllocatesNothing: see TestLBFGSAllocatesNothing. On a busy machine linalg
// makes jobs until its queue has been full once, so the best of some rounds counts.
func TestCGAllocatesNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	q, x0 := randomQuadratic(3, 40000, 1e6)
	c := optim.NewCG(optim.DefaultCG(), x0)
	minimise(c, q, 15)
	g := make([]float64, len(x0))
	const evaluations = 50
	least := uint64(math.MaxUint64)
	for range 5 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range evaluations {
			q.Grad(g, c.X())
			c.Tell(q.Func(c.X()), g)
		}
		runtime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	if least > evaluations/2 {
		t.Errorf("%d allocations in %d evaluations, want 0", least, evaluations)
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
