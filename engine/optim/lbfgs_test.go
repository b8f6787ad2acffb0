package optim_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/optimize/functions"
	"pgregory.net/rapid"

	"filterscope/engine/optim"
)

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

func TestLBFGSResume(t *testing.T) {
	for _, single := range []bool{false, true} {
		s := optim.DefaultLBFGS()
		s.Memory, s.SingleHistory = 4, single
		checkResume(t, func(x0 []float64) *optim.LBFGS { return optim.NewLBFGS(s, x0) }, optim.RestoreLBFGS, 40, 20)
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
