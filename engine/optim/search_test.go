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

// searches are the methods with a line search.
var searches = []struct {
	name   string
	start  func(x0 []float64) optim.Search                  // as set by default
	exact  func(gradTol float64, x0 []float64) optim.Search // that a small gradient alone ends
	oracle func() optimize.Method                           // gonum's
	limit  int                                              // on evaluations
	factor int                                              // on gonum's evaluations, for a few more than which there is room
	room   int
}{
	{
		"lbfgs",
		func(x0 []float64) optim.Search { return optim.NewLBFGS(optim.DefaultLBFGS(), x0) },
		func(gradTol float64, x0 []float64) optim.Search {
			s := optim.DefaultLBFGS()
			s.GradTol, s.FuncTol = gradTol, -1
			return optim.NewLBFGS(s, x0)
		},
		func() optimize.Method { return &optimize.LBFGS{Store: 10} }, 2000, 3, 10,
	},
	{
		"cg",
		func(x0 []float64) optim.Search { return optim.NewCG(optim.DefaultCG(), x0) },
		func(gradTol float64, x0 []float64) optim.Search {
			s := optim.DefaultCG()
			s.GradTol, s.FuncTol = gradTol, -1
			return optim.NewCG(s, x0)
		},
		func() optimize.Method { return &optimize.CG{Variant: &optimize.PolakRibierePolyak{}} }, 20000, 4, 20,
	},
}

// TestSearchAgainstGonum has gonum's methods as the oracles. They get the limit,
// too: its Polak-Ribière does not end by itself on PowellBadlyScaled.
func TestSearchAgainstGonum(t *testing.T) {
	for _, m := range searches {
		for _, tt := range gonumTests {
			t.Run(m.name+"/"+tt.name, func(t *testing.T) {
				s := m.exact(tt.gradTol, tt.x0)
				status := minimise(s, tt.f, m.limit)
				if status != optim.Converged || s.Reason() != optim.SmallGradient {
					t.Errorf("ended %v after %d evaluations: %v", status, s.Evaluations(), s.Reason())
				}
				want, err := optimize.Minimize(optimize.Problem{Func: tt.f.Func, Grad: tt.f.Grad}, tt.x0,
					&optimize.Settings{GradientThreshold: tt.gradTol, FuncEvaluations: m.limit}, m.oracle())
				if err != nil {
					t.Logf("gonum: %v", err)
				}
				_, f, _ := s.Iterate()
				t.Logf("f = %.6g in %d iterations, %d evaluations; gonum %.6g in %d, %d", f, s.Iterations(),
					s.Evaluations(), want.F, want.MajorIterations, want.GradEvaluations)
				if f > want.F+1e-8*math.Max(1, math.Abs(want.F)) {
					t.Errorf("f = %.12g, gonum found %.12g", f, want.F)
				}
				if s.Evaluations() > m.factor*want.GradEvaluations+m.room {
					t.Errorf("%d evaluations, gonum needs %d", s.Evaluations(), want.GradEvaluations)
				}
			})
		}
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

func TestSearchBacktracksFromNaN(t *testing.T) {
	for _, m := range searches {
		s := m.start([]float64{-30, 4})
		if status := minimise(s, walled{0.5}, 200); status != optim.Converged {
			t.Errorf("%s: %v: %v", m.name, status, s.Reason())
		}
		if x, _, _ := s.Iterate(); math.Abs(x[0]+0.5) > 1e-4 {
			t.Errorf("%s: x = %v, want -0.5", m.name, x[0])
		}
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

type uphill struct{}

func (uphill) Func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] }

func (uphill) Grad(g, x []float64) { g[0], g[1] = -2*x[0], -2*x[1] }

func TestSearchFailsWhereNothingHelps(t *testing.T) {
	for _, tt := range []struct {
		name string
		f    func() objective
		x0   []float64
		want optim.Reason
	}{
		{"NaN at the start", func() objective { return &nan{0} }, []float64{3}, optim.NotFinite},
		{"NaN for ever", func() objective { return &nan{1} }, []float64{3}, optim.NotFinite},
		{"wrong sign of the gradient", func() objective { return uphill{} }, []float64{1, 2}, optim.NoDecrease},
	} {
		for _, m := range searches {
			t.Run(m.name+"/"+tt.name, func(t *testing.T) {
				s := m.start(tt.x0)
				if got := minimise(s, tt.f(), 200); got != optim.Failed || s.Reason() != tt.want {
					t.Errorf("%v: %v", got, s.Reason())
				}
				if d := cmp.Diff(s.X(), tt.x0); d != "" {
					t.Errorf("the good point is lost: %v", d)
				}
			})
		}
	}
}

// TestSearchReanchor changes the objective in the middle of a run.
func TestSearchReanchor(t *testing.T) {
	for _, m := range searches {
		t.Run(m.name, func(t *testing.T) {
			q, x0 := randomQuadratic(7, 50, 100)
			s := m.exact(1e-5, x0)
			minimise(s, q, 15)
			x, _, _ := s.Iterate()
			at := slices.Clone(x)
			for i := range q.c {
				q.a[i] *= 1.5
				q.c[i]++
			}
			s.Reanchor()
			if d := cmp.Diff(s.X(), at); d != "" {
				t.Fatalf("next point is not the iterate: %v", d)
			}
			before := s.Iterations()
			if got := minimise(s, q, 200); got != optim.Converged || s.Iterations() == before {
				t.Fatalf("%v after %d steps: %v", got, s.Iterations()-before, s.Reason())
			}
			x, _, _ = s.Iterate()
			for i := range x {
				if math.Abs(x[i]-q.c[i]) > 1e-4 {
					t.Fatalf("x[%d] = %v, want %v", i, x[i], q.c[i])
				}
			}
			// Converged is not the end: the next Tell starts anew.
			if got := minimise(s, q, 1); got != optim.Converged {
				t.Errorf("told again at the minimiser: %v", got)
			}
		})
	}
}

// TestSearchAllocatesNothing counts by hand: testing.AllocsPerRun would run on
// one processor, where no chunk leaves the goroutine. On a busy machine linalg
// makes jobs until its queue has been full once, so the best of some rounds counts.
func TestSearchAllocatesNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, m := range searches {
		q, x0 := randomQuadratic(3, 40000, 1e6)
		s := m.start(x0)
		minimise(s, q, 15)
		g := make([]float64, len(x0))
		const evaluations = 50
		least := uint64(math.MaxUint64)
		for range 5 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range evaluations {
				q.Grad(g, s.X())
				s.Tell(q.Func(s.X()), g)
			}
			runtime.ReadMemStats(&after)
			least = min(least, after.Mallocs-before.Mallocs)
		}
		// The runtime itself makes an object now and then.
		if least > evaluations/2 {
			t.Errorf("%s: %d allocations in %d evaluations, want 0", m.name, least, evaluations)
		}
	}
}

// checkResume breaks a run after every evaluation in turn and continues from
// the state, twice through JSON, at either number of processors. The run has to
// take so many steps at least.
func checkResume[State any, S interface {
	optim.Search
	State() State
}](t *testing.T, start func(x0 []float64) S, restore func(State) (S, error), evaluations, steps int) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	f := functions.ExtendedRosenbrock{}
	x0 := make([]float64, 20000) // enough to go parallel
	for i := range x0 {
		x0[i] = float64(i%7) - 2.5
	}
	whole, broken := start(x0), start(x0)
	g := make([]float64, len(x0))
	for k := range evaluations {
		runtime.GOMAXPROCS(1)
		f.Grad(g, whole.X())
		want := whole.Tell(f.Func(whole.X()), g)

		runtime.GOMAXPROCS(2 + k%3)
		f.Grad(g, broken.X())
		got := broken.Tell(f.Func(broken.X()), g)
		state := broken.State()
		if k == 3 || k == 5 { // in the first line searches
			text, err := json.Marshal(state)
			if err != nil {
				t.Fatal(err)
			}
			var read State
			if err := json.Unmarshal(text, &read); err != nil {
				t.Fatal(err)
			}
			state = read
		}
		var err error
		if broken, err = restore(state); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Fatalf("evaluation %d: status %v, want %v", k, got, want)
		}
		if !slices.Equal(whole.X(), broken.X()) {
			t.Fatalf("evaluation %d: points differ", k)
		}
	}
	if whole.Iterations() < steps {
		t.Fatalf("only %d iterations tested", whole.Iterations())
	}
}
