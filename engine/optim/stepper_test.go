package optim_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/linalg"
	"filterscope/engine/optim"
	"filterscope/internal/fixture"
)

// TestStepperPaths follows PyTorch's 60-step paths on
// ½ x'Ax − b'x + 0.1 Σ cos 3x (testdata/optimisers.json).
func TestStepperPaths(t *testing.T) {
	var info struct {
		Settings map[string]struct{ LR float64 }
	}
	fix := fixture.Values(t, "optimisers", &info)
	a, b, x0 := fix["A"], fix["b"], fix["x0"]
	n := len(x0)
	for _, name := range optim.RuleNames() {
		t.Run(name, func(t *testing.T) {
			path := fix["path."+name]
			rule, err := optim.DefaultRule(name)
			if err != nil {
				t.Fatal(err)
			}
			s, err := optim.NewStepper[float64](rule, n)
			if err != nil {
				t.Fatal(err)
			}
			x, g := append([]float64(nil), x0...), make([]float64, n)
			for k := range len(path) / n {
				if k > 0 || len(path) == 60*n {
					for i := range g {
						g[i] = -b[i] - 0.3*math.Sin(3*x[i])
						for j := range x {
							g[i] += a[i*n+j] * x[j]
						}
					}
					s.Step(x, g, info.Settings[name].LR)
				}
				for i, want := range path[k*n : (k+1)*n] {
					if math.Abs(x[i]-want) > 1e-10*math.Max(1, math.Abs(want)) {
						t.Fatalf("step %d: x[%d] = %v, want %v", k, i, x[i], want)
					}
				}
				if k == 20 { // a break changes nothing
					var state optim.StepperState[float64]
					s.Save(&state)
					if s, err = optim.NewStepper[float64](rule, n); err != nil {
						t.Fatal(err)
					}
					if err := s.SetState(state); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

func TestStepperSinglePrecision(t *testing.T) {
	for _, name := range optim.RuleNames() {
		rule, _ := optim.DefaultRule(name)
		s32, _ := optim.NewStepper[float32](rule, 2)
		s64, _ := optim.NewStepper[float64](rule, 2)
		x32, x64 := []float32{1, -2}, []float64{1, -2}
		for range 30 {
			s32.Step(x32, []float32{x32[0], 3 * x32[1]}, 0.01)
			s64.Step(x64, []float64{x64[0], 3 * x64[1]}, 0.01)
		}
		for i := range x64 {
			if math.Abs(float64(x32[i])-x64[i]) > 1e-5 {
				t.Errorf("%s: x[%d] = %v in float32, %v in float64", name, i, x32[i], x64[i])
			}
		}
		grad := []float32{1, 2}
		if a := steady(func() { s32.Step(x32, grad, 0.01) }); a > 0 {
			t.Errorf("%s: %v allocations a step", name, a)
		}
		var saved, again optim.StepperState[float32]
		s32.Save(&saved)
		s32.Step(x32, grad, 0.01)
		if err := s32.SetState(saved); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s32.Save(&again)
		if d := cmp.Diff(again, saved); d != "" {
			t.Errorf("%s: state does not survive: %s", name, d)
		}
	}
}

func TestNewStepperRefuses(t *testing.T) {
	tests := map[string]optim.Rule{
		"unknown":         {Name: "rprop"},
		"momentum of one": {Name: "momentum", Momentum: 1},
		"no epsilon":      {Name: "adam", Beta1: 0.9, Beta2: 0.999},
		"NaN decay":       {Name: "rmsprop", Decay: math.NaN(), Epsilon: 1e-8},
	}
	for name, rule := range tests {
		if _, err := optim.NewStepper[float32](rule, 3); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			t.Log(err)
		}
	}
	rule, _ := optim.DefaultRule("adam")
	s, _ := optim.NewStepper[float32](rule, 3)
	other, _ := optim.NewStepper[float32](rule, 4)
	var state optim.StepperState[float32]
	other.Save(&state)
	if err := s.SetState(state); err == nil {
		t.Error("state of another length: no error")
	}
}

// TestStepperAllocatesNothing: a step on several goroutines has the bits of one
// on a single goroutine, and neither it nor saving the state in used memory allocates.
func TestStepperAllocatesNothing(t *testing.T) {
	defer linalg.SetWorkers(0)
	const n = 20001
	for _, name := range optim.RuleNames() {
		rule, err := optim.DefaultRule(name)
		if err != nil {
			t.Fatal(err)
		}
		var results [2][]float32
		for k := range results {
			linalg.SetWorkers(1 + k)
			s, err := optim.NewStepper[float32](rule, n)
			if err != nil {
				t.Fatal(err)
			}
			theta, grad := make([]float32, n), make([]float32, n)
			for i := range theta {
				theta[i], grad[i] = float32(i%13), float32(i%7)-3
			}
			s.Step(theta, grad, 0.1)
			results[k] = append([]float32(nil), theta...)
			if a := steady(func() { s.Step(theta, grad, 0.1) }); a > 0 {
				t.Errorf("%s: %v allocations a step", name, a)
			}
			var state optim.StepperState[float32]
			if a := steady(func() { s.Save(&state) }); a > 0 {
				t.Errorf("%s: %v allocations to save the state again", name, a)
			}
		}
		if !slices.Equal(results[0], results[1]) {
			t.Errorf("%s: one and two workers differ", name)
		}
	}
}

// BenchmarkStep times the update of a 784-196 network.
func BenchmarkStep(b *testing.B) {
	const n = 308_308
	for _, name := range []string{"sgd", "momentum", "adam"} {
		b.Run(name, func(b *testing.B) {
			rule, _ := optim.DefaultRule(name)
			s, err := optim.NewStepper[float32](rule, n)
			if err != nil {
				b.Fatal(err)
			}
			theta, grad := make([]float32, n), make([]float32, n)
			b.ReportAllocs()
			for b.Loop() {
				s.Step(theta, grad, 0.1)
			}
		})
	}
}

// steady returns the number of allocations a call of f once the job queue of
// linalg has been full: AllocsPerRun leaves one processor, on which its helpers
// come late, and until then every call may make a job.
func steady(f func()) float64 {
	testing.AllocsPerRun(200, f)
	return testing.AllocsPerRun(10, f)
}

// TestStepperSetMomentum follows v = μv + g, θ −= ηv by hand while μ changes.
func TestStepperSetMomentum(t *testing.T) {
	for _, tt := range []struct {
		rule optim.Rule
		want float64 // after gradients 1, 1, 1 with μ = 0, 0.5, 0.75 and η = 1
	}{
		{optim.Rule{Name: "momentum"}, -(1 + 1.5 + 2.125)},
		{optim.Rule{Name: "nesterov"}, -(1 + (1 + 0.5*1.5) + (1 + 0.75*2.125))},
		{optim.Rule{Name: "sgd"}, -3},
	} {
		s, err := optim.NewStepper[float64](tt.rule, 1)
		if err != nil {
			t.Fatal(err)
		}
		theta := []float64{0}
		for _, mu := range []float64{0, 0.5, 0.75} {
			s.SetMomentum(mu)
			s.Step(theta, []float64{1}, 1)
		}
		if math.Abs(theta[0]-tt.want) > 1e-15 {
			t.Errorf("%s: %v, want %v", tt.rule.Name, theta[0], tt.want)
		}
	}
}

// TestStepperH2OAdadelta takes two steps with H2O's ρ = 0.99 and ε = 10⁻⁸,
// written down by hand from Zeiler's algorithm 1, in both precisions.
func TestStepperH2OAdadelta(t *testing.T) {
	rule := optim.Rule{Name: "adadelta", Decay: 0.99, Epsilon: 1e-8}
	s64, err := optim.NewStepper[float64](rule, 1)
	if err != nil {
		t.Fatal(err)
	}
	s32, err := optim.NewStepper[float32](rule, 1)
	if err != nil {
		t.Fatal(err)
	}
	first := 2 * math.Sqrt(1e-8) / math.Sqrt(0.04+1e-8)
	second := 2 * math.Sqrt(0.01*first*first+1e-8) / math.Sqrt(0.99*0.04+0.04+1e-8)
	theta64, theta32 := []float64{0}, []float32{0}
	for range 2 {
		s64.Step(theta64, []float64{2}, 1)
		s32.Step(theta32, []float32{2}, 1)
	}
	want := -(first + second)
	if math.Abs(theta64[0]-want) > 1e-14 || math.Abs(float64(theta32[0])-want) > 1e-8 {
		t.Errorf("%v and %v, want %v", theta64[0], theta32[0], want)
	}
}
