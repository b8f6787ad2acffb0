package selection

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/optim"
)

// operationSets has every operation in a set, and sets of two and of eight.
func operationSets() [][]string {
	all := Operations()
	return [][]string{DefaultSpec().Operations, all[:2], all[:8], all[len(all)-8:]}
}

// TestGradient checks every activation with every set of operations, with and
// without spread and entropy, warm and cool.
func TestGradient(t *testing.T) {
	for _, f := range nn.Activations() {
		if f == nn.Maxout {
			continue
		}
		for _, set := range operationSets() {
			for _, weights := range [][3]float64{{1, 0, 0}, {0.5, 0.7, 0}, {2, 0, 0.3}, {1.3, 0.4, 0.2}} {
				s := DefaultSpec()
				s.Activation, s.Operations, s.Hidden = f, set, 7
				s.Temperature, s.Rivalry, s.Entropy = weights[0], weights[1], weights[2]
				s.Pieces, s.Breaks = []string{set[0], set[1]}, []float64{0.2}
				name := fmt.Sprintf("%v/%d %s/%v", f, len(set), set[0], weights)
				t.Run(name, func(t *testing.T) { checkGradient(t, s) })
			}
		}
	}
}

func checkGradient(t *testing.T, s Spec) {
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	theta := s.Init(rng)
	for i := range theta {
		theta[i] += 0.3 * rng.NormFloat64()
	}
	x, y := s.Data(rng, 11)
	o := NewObjective[float64](s)
	f := func(theta, grad []float64) float64 { return o.Evaluate(theta, x, y, grad).Total() }
	for _, c := range nn.CheckGradient(s.Layout(), theta, f, nn.CheckConfig{Epsilon: 3e-6}) {
		if !(c.RelError < 1e-7) && !(c.MaxDiff < 1e-10) {
			t.Error(c)
		}
	}
	o.SetHyper(s.Temperature, 0, 0)
	if terms := o.Evaluate(theta, x, y, nil); terms[1].Value != 0 || terms[2].Value != 0 || terms[0].Value <= 0 {
		t.Errorf("terms %v without spread and entropy", terms)
	}
}

// TestTerms compares an evaluation with sums over Probabilities and Output.
func TestTerms(t *testing.T) {
	s := DefaultSpec()
	s.Entropy, s.Temperature = 0.3, 0.8
	rng := rand.New(rand.NewPCG(1, 1))
	theta := s.Init(rng)
	nn.FillNormal(rng, theta, 1)
	x, y := s.Data(rng, 50)
	p, out, hard := s.Probabilities(theta, x), s.Output(theta, x), s.HardOutput(theta, x)
	var want [3]float64
	for i, v := range x {
		mixed, best := 0.0, 0
		for k, name := range s.Operations {
			op, _ := find(name)
			mixed += p.At(i, k) * op.f(v)
			want[1] += s.Rivalry / 100 * p.At(i, k) * math.Pow(op.f(v)-out[i], 2)
			want[2] -= s.Entropy / 50 * p.At(i, k) * math.Log(p.At(i, k))
			if p.At(i, k) > p.At(i, best) {
				best = k
			}
		}
		if math.Abs(mixed-out[i]) > 1e-12 {
			t.Errorf("output %v at %v, want %v", out[i], v, mixed)
		}
		if op, _ := find(s.Operations[best]); hard[i] != op.f(v) {
			t.Errorf("hard output %v at %v, want that of %s", hard[i], v, op.name)
		}
		want[0] += math.Pow(out[i]-y[i], 2) / 100
	}
	for i, term := range NewObjective[float64](s).Evaluate(theta, x, y, nil) {
		if math.Abs(term.Value-want[i]) > 1e-12 {
			t.Errorf("%s = %v, want %v", term.Name, term.Value, want[i])
		}
	}
}

func TestSinglePrecision(t *testing.T) {
	s := DefaultSpec()
	s.Entropy = 0.1
	rng := rand.New(rand.NewPCG(5, 6))
	theta := s.Init(rng)
	nn.FillNormal(rng, theta, 1)
	x, y := s.Data(rng, 64)
	grad := make([]float64, len(theta))
	want := NewObjective[float64](s).Evaluate(theta, x, y, grad).Total()
	o := NewObjective[float32](s)
	x32, y32, theta32, grad32 := linalg.Converted[float32](x), linalg.Converted[float32](y), linalg.Converted[float32](theta), make([]float32, len(theta))
	if got := o.Batch(theta32, x32, y32, grad32).Total(); math.Abs(got-want) > 1e-5*want {
		t.Errorf("J = %v in float32, %v in float64", got, want)
	}
	for i, v := range grad32 {
		if math.Abs(float64(v)-grad[i]) > 1e-4*(1+math.Abs(grad[i])) {
			t.Errorf("gradient %v at %d in float32, %v in float64", v, i, grad[i])
		}
	}
}

// adam trains for some steps and returns the parameters and J before and after.
func adam(s Spec, seed uint64, steps int) (theta []float64, first, last float64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	theta = s.Init(rng)
	x, y := s.Data(rng, 200)
	o, step, grad := NewObjective[float64](s), optim.NewAdam[float64](len(theta)), make([]float64, len(theta))
	first = o.Evaluate(theta, x, y, nil).Total()
	for range steps {
		o.Evaluate(theta, x, y, grad)
		step.Step(theta, grad, 0.02)
	}
	return theta, first, o.Evaluate(theta, x, y, nil).Total()
}

// lbfgs trains until it converges or for some evaluations.
func lbfgs(s Spec, seed uint64, most int) (theta []float64, f float64, evaluations int) {
	rng := rand.New(rand.NewPCG(seed, 0))
	l := optim.NewLBFGS(optim.DefaultLBFGS(), s.Init(rng))
	x, y := s.Data(rng, 200)
	o, grad := NewObjective[float64](s), make([]float64, s.Layout().Size())
	for status := optim.Searching; evaluations < most && status != optim.Converged && status != optim.Failed; evaluations++ {
		f := o.Evaluate(l.X(), x, y, grad).Total()
		status = l.Tell(f, grad)
	}
	theta, f, _ = l.Iterate()
	return theta, f, evaluations
}

// TestLearns asks for more than 95 % right selections from every seed.
func TestLearns(t *testing.T) {
	s := DefaultSpec()
	grid := s.Grid(601)
	for seed := range uint64(6) {
		theta, first, last := adam(s, seed, 1500)
		if a := s.Accuracy(theta, grid); a < 0.95 || last > 0.02*first || last > 0.01 {
			t.Errorf("seed %d, Adam: %.1f %% right, J from %.3g to %.3g", seed, 100*a, first, last)
		}
		theta, last, _ = lbfgs(s, seed, 300)
		if a := s.Accuracy(theta, grid); a < 0.95 || last > 0.002 {
			t.Errorf("seed %d, L-BFGS: %.1f %% right, J = %.3g", seed, 100*a, last)
		}
	}
}

// TestHardDoesNotLearn trains the hard selection beside the soft one.
func TestHardDoesNotLearn(t *testing.T) {
	s := DefaultSpec()
	s.Hard = true
	start := s.Init(rand.New(rand.NewPCG(1, 0)))
	theta, first, last := adam(s, 1, 300)
	if !slices.Equal(theta, start) || first != last || first < 0.1 {
		t.Errorf("J from %v to %v, want parameters and J (not 0) as at the start", first, last)
	}
	theta, f, evaluations := lbfgs(s, 1, 300)
	if !slices.Equal(theta, start) || f != first || evaluations != 1 {
		t.Errorf("L-BFGS: J = %v after %d evaluations, want %v after 1", f, evaluations, first)
	}
	// The gradient is 0 because the objective is flat, not because it is left out.
	x, y := s.Data(rand.New(rand.NewPCG(2, 0)), 40)
	o := NewObjective[float64](s)
	for i := range theta {
		d := nn.Derivative(theta, i, 1e-9, func(theta, grad []float64) float64 { return o.Evaluate(theta, x, y, grad).Total() })
		if d != 0 {
			t.Errorf("central difference %v of the hard selection at parameter %d, want 0", d, i)
		}
	}
}

func TestTarget(t *testing.T) {
	s := DefaultSpec()
	for _, tt := range []struct {
		x, y      float64
		operation string
	}{{-3, -2, "x+1"}, {-1.5, -0.5, "x+1"}, {-1, 1, "x^2"}, {0.5, 0.25, "x^2"}, {1, 2, "2x"}, {3, 6, "2x"}} {
		y, k := s.Target(tt.x)
		if y != tt.y || s.Operations[k] != tt.operation {
			t.Errorf("target at %v = %v by %s, want %v by %s", tt.x, y, s.Operations[k], tt.y, tt.operation)
		}
	}
	x, y := s.Data(rand.New(rand.NewPCG(1, 2)), 500)
	for i, v := range x {
		if want, _ := s.Target(v); y[i] != want || v < s.Low || v >= s.High || i > 0 && v <= x[i-1] {
			t.Fatalf("example %d at %v is %v", i, v, y[i])
		}
	}
	// Operations that agree on a stretch are as right as each other there.
	s.Operations, s.Pieces, s.Breaks = []string{"-x", "|x|"}, []string{"|x|"}, nil
	theta := make([]float64, s.Layout().Size()) // equal scores: the first is selected
	if a := s.Accuracy(theta, []float64{-2, -1, 1, 2}); a != 0.5 {
		t.Errorf("accuracy %v of -x for |x|, want 0.5", a)
	}
}

func TestValidate(t *testing.T) {
	if err := DefaultSpec().Validate(); err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	for _, tt := range []struct {
		name string
		set  func(s *Spec)
		want string
	}{
		{"one operation", func(s *Spec) { s.Operations, s.Pieces, s.Breaks = []string{"2x"}, []string{"2x"}, nil }, "1 operations"},
		{"too many", func(s *Spec) { s.Operations = Operations() }, "want 2 to 8"},
		{"unknown", func(s *Spec) { s.Operations[3] = "tan x" }, `"tan x"`},
		{"twice", func(s *Spec) { s.Operations[3] = "2x" }, "twice"},
		{"too large", func(s *Spec) { s.Operations[3], s.High = "exp x", 800 }, "exceeds"},
		{"no domain", func(s *Spec) { s.Low = 4 }, "domain"},
		{"NaN domain", func(s *Spec) { s.Low = nan }, "domain"},
		{"hidden", func(s *Spec) { s.Hidden = 10_000_000 }, "Hidden"},
		{"activation", func(s *Spec) { s.Activation = nn.Maxout }, "maxout"},
		{"temperature", func(s *Spec) { s.Temperature = 0 }, "Temperature"},
		{"rivalry", func(s *Spec) { s.Rivalry = nan }, "Rivalry"},
		{"entropy", func(s *Spec) { s.Entropy = -1 }, "Entropy"},
		{"piece", func(s *Spec) { s.Pieces[0] = "x/2" }, `piece "x/2"`},
		{"breaks", func(s *Spec) { s.Breaks = s.Breaks[:1] }, "breaks"},
		{"order", func(s *Spec) { s.Breaks = []float64{1, -1} }, "increasing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := DefaultSpec()
			tt.set(&s)
			if err := s.Validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestTitle(t *testing.T) {
	if got := Title("x^2") + Title("-x") + Title("sin x"); got != "x²−xsin x" {
		t.Errorf("titles %s", got)
	}
}
