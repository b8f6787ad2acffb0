package optim_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/optimize/functions"
	"pgregory.net/rapid"

	"filterscope/engine/optim"
)

// objective is what gonum's test functions offer.
type objective interface {
	Func(x []float64) float64
	Grad(grad, x []float64)
}

// minimise runs until the end or until limit evaluations.
func minimise(l optim.Search, o objective, limit int) optim.Status {
	g := make([]float64, len(l.X()))
	for range limit {
		o.Grad(g, l.X())
		switch s := l.Tell(o.Func(l.X()), g); s {
		case optim.Converged, optim.Failed:
			return s
		}
	}
	return optim.Searching
}

// gonumTests are gonum's own test functions from its own starts
// (gonum optimize/unconstrained_test.go).
var gonumTests = []struct {
	name    string
	f       objective
	x0      []float64
	gradTol float64
}{
	{"Beale", functions.Beale{}, []float64{1, 1}, 1e-8},
	{"BiggsEXP2", functions.BiggsEXP2{}, []float64{1, 2}, 1e-8},
	{"BiggsEXP3", functions.BiggsEXP3{}, []float64{1, 2, 1}, 1e-8},
	{"BiggsEXP4", functions.BiggsEXP4{}, []float64{1, 2, 1, 1}, 1e-8},
	{"BiggsEXP6", functions.BiggsEXP6{}, []float64{1, 2, 1, 1, 1, 1}, 1e-8},
	{"Box3D", functions.Box3D{}, []float64{0, 10, 20}, 1e-8},
	{"BrownBadlyScaled", functions.BrownBadlyScaled{}, []float64{1, 1}, 1e-5},
	{"BrownAndDennis", functions.BrownAndDennis{}, []float64{25, 5, -5, -1}, 1e-3},
	{"ExtendedRosenbrock 2", functions.ExtendedRosenbrock{}, []float64{-1.2, 1}, 1e-8},
	{"ExtendedRosenbrock far", functions.ExtendedRosenbrock{}, []float64{-120, 100}, 1e-6},
	{"ExtendedRosenbrock 10", functions.ExtendedRosenbrock{}, []float64{-120, 100, 50, -80, 11, -9, 3, 7, -1, 2}, 1e-6},
	{"ExtendedPowellSingular", functions.ExtendedPowellSingular{}, []float64{3, -1, 0, 3}, 1e-8},
	{"Gaussian", functions.Gaussian{}, []float64{0.4, 1, 0}, 1e-10},
	{"HelicalValley", functions.HelicalValley{}, []float64{-1, 0, 0}, 1e-8},
	{"PenaltyI", functions.PenaltyI{}, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 1e-8},
	{"PenaltyII", functions.PenaltyII{}, []float64{0.5, 0.5, 0.5, 0.5}, 1e-8},
	{"PowellBadlyScaled", functions.PowellBadlyScaled{}, []float64{0, 1}, 1e-5},
	{"Trigonometric", functions.Trigonometric{}, []float64{0.5, 0.5, 0.5, 0.5, 0.5}, 1e-8},
	{"VariablyDimensioned", functions.VariablyDimensioned{}, []float64{0.5, 0}, 1e-8},
	{"Watson", functions.Watson{}, []float64{0, 0, 0, 0, 0, 0}, 1e-6},
	{"Wood", functions.Wood{}, []float64{-3, -1, -3, -1}, 1e-6},
}

// TestLBFGSAgainstGonum has gonum's L-BFGS as the oracle.
func TestLBFGSAgainstGonum(t *testing.T) {
	for _, tt := range gonumTests {
		t.Run(tt.name, func(t *testing.T) {
			s := optim.DefaultLBFGS()
			s.GradTol, s.FuncTol = tt.gradTol, -1
			l := optim.NewLBFGS(s, tt.x0)
			status := minimise(l, tt.f, 2000)
			if status != optim.Converged || l.Reason() != optim.SmallGradient {
				t.Errorf("ended %v after %d evaluations: %v", status, l.Evaluations(), l.Reason())
			}
			want, err := optimize.Minimize(optimize.Problem{Func: tt.f.Func, Grad: tt.f.Grad}, tt.x0,
				&optimize.Settings{GradientThreshold: tt.gradTol}, &optimize.LBFGS{Store: 10})
			if err != nil {
				t.Logf("gonum: %v", err)
			}
			_, f, _ := l.Iterate()
			t.Logf("f = %.6g in %d iterations, %d evaluations; gonum %.6g in %d, %d", f, l.Iterations(),
				l.Evaluations(), want.F, want.MajorIterations, want.GradEvaluations)
			if f > want.F+1e-8*math.Max(1, math.Abs(want.F)) {
				t.Errorf("f = %.12g, gonum found %.12g", f, want.F)
			}
			if l.Evaluations() > 3*want.GradEvaluations+10 {
				t.Errorf("%d evaluations, gonum needs %d", l.Evaluations(), want.GradEvaluations)
			}
		})
	}
}

// quadratic is ½ Σ a_i (x_i − c_i)².
type quadratic struct{ a, c []float64 }

func (q quadratic) Func(x []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += 0.5 * q.a[i] * (x[i] - q.c[i]) * (x[i] - q.c[i])
	}
	return sum
}

func (q quadratic) Grad(grad, x []float64) {
	for i := range x {
		grad[i] = q.a[i] * (x[i] - q.c[i])
	}
}

func randomQuadratic(seed uint64, n int, condition float64) (quadratic, []float64) {
	r := rand.New(rand.NewPCG(seed, 0))
	q := quadratic{make([]float64, n), make([]float64, n)}
	x0 := make([]float64, n)
	for i := range n {
		q.a[i] = math.Pow(condition, r.Float64())
		q.c[i] = r.NormFloat64()
		x0[i] = r.NormFloat64()
	}
	return q, x0
}

func TestLBFGSQuadratic(t *testing.T) {
	for _, single := range []bool{false, true} {
		q, x0 := randomQuadratic(1, 10000, 1000)
		s := optim.DefaultLBFGS()
		s.GradTol, s.FuncTol, s.SingleHistory = 1e-8, -1, single
		l := optim.NewLBFGS(s, x0)
		if got := minimise(l, q, 500); got != optim.Converged {
			t.Fatalf("single = %v: %v, %v", single, got, l.Reason())
		}
		x, f, g := l.Iterate()
		t.Logf("single = %v: %d iterations, f = %g", single, l.Iterations(), f)
		for i := range x {
			if math.Abs(x[i]-q.c[i]) > 1e-8 || math.Abs(g[i]) > 1e-8 {
				t.Fatalf("x[%d] = %v, want %v; gradient %v", i, x[i], q.c[i], g[i])
			}
		}
	}
}

// TestLBFGSStrongWolfe checks both conditions at every accepted step.
func TestLBFGSStrongWolfe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x0 := rapid.SliceOfN(rapid.Float64Range(-20, 20), 2, 8).Draw(t, "x0")
		if len(x0)%2 == 1 {
			x0 = x0[1:]
		}
		f := functions.ExtendedRosenbrock{}
		s := optim.DefaultLBFGS()
		s.Noise = 0
		s.C2 = rapid.Float64Range(0.1, 0.9).Draw(t, "c2")
		l := optim.NewLBFGS(s, x0)
		g := make([]float64, len(x0))
		for range 300 {
			x, fx, gx := l.Iterate()
			was, wasF, wasG := append([]float64(nil), x...), fx, append([]float64(nil), gx...)
			f.Grad(g, l.X())
			before := l.Iterations()
			status := l.Tell(f.Func(l.X()), g)
			if l.Iterations() > before {
				x, fx, gx = l.Iterate()
				slope, slopeNew := 0.0, 0.0 // times the step length
				for i := range x {
					slope += wasG[i] * (x[i] - was[i])
					slopeNew += gx[i] * (x[i] - was[i])
				}
				if fx > wasF+s.C1*slope+1e-12*math.Abs(wasF) {
					t.Fatalf("f went from %v to %v with slope %v", wasF, fx, slope)
				}
				if math.Abs(slopeNew) > s.C2*math.Abs(slope)*(1+1e-6) {
					t.Fatalf("slope went from %v to %v", slope, slopeNew)
				}
			}
			if status == optim.Converged {
				return
			}
			if status == optim.Failed {
				t.Fatalf("failed: %v", l.Reason())
			}
		}
	})
}

// TestLBFGSResume breaks a run after every evaluation in turn and continues
// from the state, once through JSON, at either number of processors.
func TestLBFGSResume(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, single := range []bool{false, true} {
		f := functions.ExtendedRosenbrock{}
		x0 := make([]float64, 20000) // enough to go parallel
		for i := range x0 {
			x0[i] = float64(i%7) - 2.5
		}
		s := optim.DefaultLBFGS()
		s.Memory, s.SingleHistory = 4, single
		whole, broken := optim.NewLBFGS(s, x0), optim.NewLBFGS(s, x0)
		g := make([]float64, len(x0))
		for k := range 40 {
			runtime.GOMAXPROCS(1)
			f.Grad(g, whole.X())
			want := whole.Tell(f.Func(whole.X()), g)

			runtime.GOMAXPROCS(2 + k%3)
			f.Grad(g, broken.X())
			got := broken.Tell(f.Func(broken.X()), g)
			state := broken.State()
			if k == 3 { // in the first line searches
				text, err := json.Marshal(state)
				if err != nil {
					t.Fatal(err)
				}
				state = optim.LBFGSState{}
				if err := json.Unmarshal(text, &state); err != nil {
					t.Fatal(err)
				}
			}
			var err error
			if broken, err = optim.RestoreLBFGS(state); err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Fatalf("evaluation %d: status %v, want %v", k, got, want)
			}
			if !slices.Equal(whole.X(), broken.X()) {
				t.Fatalf("evaluation %d: points differ", k)
			}
		}
		if whole.Iterations() < 20 {
			t.Fatalf("only %d iterations tested", whole.Iterations())
		}
	}
}

func TestRestoreLBFGSRefusesNonsense(t *testing.T) {
	tests := map[string]func(*optim.LBFGSState){
		"short gradient":  func(s *optim.LBFGSState) { s.G = s.G[1:] },
		"short direction": func(s *optim.LBFGSState) { s.Direction = nil },
		"bad settings":    func(s *optim.LBFGSState) { s.Settings.C2 = 2 },
		"too many pairs":  func(s *optim.LBFGSState) { s.Settings.Memory = 1 },
		"short pair":      func(s *optim.LBFGSState) { s.Pairs[1].Y = nil },
		"short products":  func(s *optim.LBFGSState) { s.SY = s.SY[1:] },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			l := optim.NewLBFGS(optim.DefaultLBFGS(), []float64{-1.2, 1})
			minimise(l, functions.ExtendedRosenbrock{}, 12)
			s := l.State()
			spoil(&s)
			if _, err := optim.RestoreLBFGS(s); err == nil {
				t.Error("no error")
			}
		})
	}
}

// single rounds the point, the objective and the gradient of another objective
// to float32, and adds noise of up to a relative 1e-7 that depends on the point.
type single struct{ objective }

func (s single) round(x []float64) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = float64(float32(x[i]))
	}
	return y
}

func (s single) Func(x []float64) float64 {
	f := s.objective.Func(s.round(x))
	bits := uint64(0)
	for _, v := range x {
		bits = bits*31 + math.Float64bits(v)
	}
	return float64(float32(f)) * (1 + 1e-7*(2*rand.New(rand.NewPCG(bits, 1)).Float64()-1))
}

func (s single) Grad(g, x []float64) {
	s.objective.Grad(g, s.round(x))
	for i := range g {
		g[i] = float64(float32(g[i]))
	}
}

// offset adds a constant, which makes relative noise matter.
type offset struct{ objective }

func (o offset) Func(x []float64) float64 { return 1 + o.objective.Func(x) }

func TestLBFGSWithSinglePrecisionNoise(t *testing.T) {
	for seed := range uint64(20) {
		q, x0 := randomQuadratic(seed, 200, 1000)
		o := single{offset{q}}
		s := optim.DefaultLBFGS()
		s.Noise, s.SingleHistory, s.FuncTol = optim.NoiseFloat32, true, -1
		s.GradTol = 1e-4 // float32 of x leaves a·6e-8
		l := optim.NewLBFGS(s, x0)
		status := minimise(l, o, 400)
		if status != optim.Converged {
			t.Errorf("seed %d: %v after %d evaluations: %v", seed, status, l.Evaluations(), l.Reason())
		}
		if _, f, _ := l.Iterate(); f > 1+1e-6 {
			t.Errorf("seed %d: f − 1 = %g", seed, f-1)
		}
		if l.Evaluations() > l.Iterations()*3/2+5 {
			t.Errorf("seed %d: %d evaluations for %d iterations: the line search thrashes", seed, l.Evaluations(), l.Iterations())
		}
		if testing.Verbose() {
			t.Logf("seed %d: %d iterations, %d evaluations, %v", seed, l.Iterations(), l.Evaluations(), l.Reason())
		}
	}
}

// walled is a quadratic that is NaN beyond a wall.
type walled struct{ wall float64 }

func (w walled) Func(x []float64) float64 {
	if x[0] > w.wall {
		return math.NaN()
	}
	return -math.Log(w.wall-x[0]) - x[0] + x[1]*x[1]
}

func (w walled) Grad(g, x []float64) {
	g[0], g[1] = 1/(w.wall-x[0])-1, 2*x[1]
	if x[0] > w.wall {
		g[0] = math.Inf(1)
	}
}

func TestLBFGSBacktracksFromNaN(t *testing.T) {
	w := walled{0.5}
	l := optim.NewLBFGS(optim.DefaultLBFGS(), []float64{-30, 4})
	if status := minimise(l, w, 200); status != optim.Converged {
		t.Fatalf("%v: %v", status, l.Reason())
	}
	if x, _, _ := l.Iterate(); math.Abs(x[0]+0.5) > 1e-4 {
		t.Errorf("x = %v, want -0.5", x[0])
	}
}

type nan struct{ after int }

func (n *nan) Func(x []float64) float64 {
	if n.after--; n.after < 0 {
		return math.NaN()
	}
	return x[0] * x[0]
}
func (n *nan) Grad(g, x []float64) { g[0] = 2 * x[0] }

func TestLBFGSFailsWhereNothingHelps(t *testing.T) {
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
		t.Run(tt.name, func(t *testing.T) {
			l := optim.NewLBFGS(optim.DefaultLBFGS(), tt.x0)
			if got := minimise(l, tt.f, 200); got != optim.Failed || l.Reason() != tt.want {
				t.Errorf("%v: %v", got, l.Reason())
			}
			if d := cmp.Diff(l.X(), tt.x0); d != "" {
				t.Errorf("the good point is lost: %v", d)
			}
		})
	}
}

type uphill struct{}

func (uphill) Func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] }
func (uphill) Grad(g, x []float64)      { g[0], g[1] = -2*x[0], -2*x[1] }

// TestLBFGSReanchor changes the objective in the middle of a run.
func TestLBFGSReanchor(t *testing.T) {
	q, x0 := randomQuadratic(7, 50, 100)
	s := optim.DefaultLBFGS()
	s.FuncTol = -1
	l := optim.NewLBFGS(s, x0)
	minimise(l, q, 15)
	x, _, _ := l.Iterate()
	at := append([]float64(nil), x...)
	for i := range q.c {
		q.a[i] *= 1.5
		q.c[i]++
	}
	l.Reanchor()
	if d := cmp.Diff(l.X(), at); d != "" {
		t.Fatalf("next point is not the iterate: %v", d)
	}
	before := l.Iterations()
	if got := minimise(l, q, 200); got != optim.Converged {
		t.Fatalf("%v: %v", got, l.Reason())
	}
	if l.Iterations() == before {
		t.Error("no step after the change")
	}
	x, _, _ = l.Iterate()
	for i := range x {
		if math.Abs(x[i]-q.c[i]) > 1e-4 {
			t.Fatalf("x[%d] = %v, want %v", i, x[i], q.c[i])
		}
	}
	// Converged is not the end: the next Tell starts anew.
	if got := minimise(l, q, 1); got != optim.Converged {
		t.Errorf("told again at the minimiser: %v", got)
	}
}

// TestLBFGSAllocatesNothing counts by hand: testing.AllocsPerRun would run on
// one processor, where no chunk leaves the goroutine.
func TestLBFGSAllocatesNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	q, x0 := randomQuadratic(3, 40000, 1e6)
	l := optim.NewLBFGS(optim.DefaultLBFGS(), x0)
	minimise(l, q, 15)
	g := make([]float64, len(x0))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const evaluations = 100
	for range evaluations {
		q.Grad(g, l.X())
		l.Tell(q.Func(l.X()), g)
	}
	runtime.ReadMemStats(&after)
	// The runtime itself makes an object now and then.
	if n := after.Mallocs - before.Mallocs; n > evaluations/2 {
		t.Errorf("%d allocations in %d evaluations, want 0", n, evaluations)
	}
}

func TestLBFGSSettingsValidate(t *testing.T) {
	if err := optim.DefaultLBFGS().Validate(); err != nil {
		t.Errorf("defaults: %v", err)
	}
	bad := optim.LBFGSSettings{C1: 0.5, C2: 0.1, GradTol: -1, FuncTol: math.NaN(), MaxLineSearch: 1, Noise: 2}
	if err := bad.Validate(); err == nil {
		t.Error("nonsense passes")
	} else {
		t.Log(err)
	}
}

// BenchmarkLBFGS measures the overhead of an iteration at the size of a
// 784-196-784 autoencoder; the objective itself is a cheap quadratic whose
// time is reported apart.
func BenchmarkLBFGS(b *testing.B) {
	for _, single := range []bool{false, true} {
		name := "float64"
		if single {
			name = "float32"
		}
		b.Run(name, func(b *testing.B) {
			q, x0 := randomQuadratic(3, 308308, 1e9)
			s := optim.DefaultLBFGS()
			s.SingleHistory, s.FuncTol, s.GradTol = single, -1, 0
			l := optim.NewLBFGS(s, x0)
			minimise(l, q, 15)
			g := make([]float64, len(x0))
			for b.Loop() {
				b.StopTimer()
				q.Grad(g, l.X())
				f := q.Func(l.X())
				b.StartTimer()
				l.Tell(f, g)
			}
		})
	}
}
