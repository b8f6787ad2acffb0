package rbm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/internal/fixture"
)

// kinds are the pairs of units that Validate lets through.
func kinds() []Spec {
	var all []Spec
	for v := range Unit(3) {
		for h := range Unit(3) {
			s := Spec{Visible: 7, Hidden: 5, VisibleUnit: v, HiddenUnit: h}
			if s.Validate() == nil {
				all = append(all, s)
			}
		}
	}
	return all
}

func someData(rows, cols int, seed uint64) linalg.Matrix[float64] {
	rng := rand.New(rand.NewPCG(seed, 2))
	x := linalg.NewMatrix[float64](rows, cols)
	for i := range x.Data {
		x.Data[i] = float64(rng.IntN(2))
	}
	return x
}

// TestGradient compares what a step does with central differences of the
// terms it reports, with the samples held.
func TestGradient(t *testing.T) {
	for _, s := range kinds() {
		for _, persistent := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v-%v/persistent=%v", s.VisibleUnit, s.HiddenUnit, persistent), func(t *testing.T) {
				theta := machine(s, 0.4, 8)
				x := someData(6, s.Visible, 4)
				with := Training{K: 2, Persistent: persistent, Chains: 4, LearningRate: 1, Lambda: 0.01, L1: 0.02}
				if s.HiddenUnit == Binary {
					with.Beta, with.Rho = 0.5, 0.1
				}
				before := slices.Clone(theta)
				p := NewStepper(s, with, theta, 3)
				terms, err := p.Step(x)
				if err != nil {
					t.Fatal(err)
				}
				p.Parameters(theta)
				samples := p.NegativeSamples()
				f := func(at, grad []float64) float64 {
					if grad != nil {
						for i, v := range before {
							grad[i] = v - theta[i]
						}
					}
					return MeanFreeEnergy(s, at, x) - MeanFreeEnergy(s, at, samples) + penalties(s, with, at, x)
				}
				at := slices.Clone(before)
				if got, want := terms.Total(), f(at, nil); math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
					t.Errorf("terms add up to %v, want %v: %v", got, want, terms)
				}
				for _, c := range nn.CheckGradient(s.Layout(), at, f, nn.CheckConfig{Epsilon: 1e-5}) {
					if c.RelError > 1e-7 {
						t.Error(c)
					}
				}
			})
		}
	}
}

// penalties writes out weight decay and sparsity.
func penalties(s Spec, with Training, theta []float64, x linalg.Matrix[float64]) float64 {
	w, _, _ := split(s, theta)
	sum := 0.0
	for _, v := range w.Data {
		sum += with.Lambda/2*v*v + with.L1*math.Abs(v)
	}
	if with.Beta > 0 {
		codes := linalg.NewMatrix[float64](x.Rows, s.Hidden)
		Encode(s, theta, x, codes)
		for j := range s.Hidden {
			q := 0.0
			for i := range x.Rows {
				q += codes.At(i, j) / float64(x.Rows)
			}
			sum += with.Beta * (with.Rho*math.Log(with.Rho/q) + (1-with.Rho)*math.Log((1-with.Rho)/(1-q)))
		}
	}
	return sum
}

// TestExpectedGradient compares the mean step over many chains with the
// expectation written out over every state of a small binary machine: CD-1 by
// its own definition, and long chains with the gradient of the likelihood.
func TestExpectedGradient(t *testing.T) {
	s := Spec{Visible: 4, Hidden: 3}
	start := machine(s, 0.7, 12)
	const chains = 20000
	visible, hidden := states(s.Visible), states(s.Hidden)
	begin := visible.Row(5)
	x := linalg.NewMatrix[float64](chains, s.Visible)
	for i := range x.Rows {
		copy(x.Row(i), begin)
	}
	model := make([]float64, visible.Rows) // p(v)
	FreeEnergy(s, start, visible, model)
	for i, f := range model {
		model[i] = math.Exp(-f)
	}
	normalise(model)
	once := make([]float64, visible.Rows) // p(v1 | begin) after one Gibbs step
	ph := conditional(func(h []float64) float64 { return energy(s, start, begin, h) }, hidden)
	for j := range hidden.Rows {
		pv := conditional(func(v []float64) float64 { return energy(s, start, v, hidden.Row(j)) }, visible)
		for i, p := range pv {
			once[i] += ph[j] * p
		}
	}
	tests := []struct {
		name string
		with Training
		over []float64
	}{
		{"CD-1", Training{K: 1, LearningRate: 1}, once},
		{"CD-30", Training{K: 30, LearningRate: 1}, model},
		{"PCD-30", Training{K: 30, LearningRate: 1, Persistent: true, Chains: chains}, model},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if testing.Short() && tt.with.K > 1 {
				t.Skip("20000 chains of 30 steps: not in -short")
			}
			theta := slices.Clone(start)
			p := NewStepper(s, tt.with, theta, 21)
			if _, err := p.Step(x); err != nil {
				t.Fatal(err)
			}
			p.Parameters(theta)
			want := slices.Clone(start)
			climb(s, start, begin, 1, want)
			for i, prob := range tt.over {
				climb(s, start, visible.Row(i), -prob, want)
			}
			// A mean of 20000 values of variance ≤ 1/4 is off by 0.0035 (one σ).
			for i, v := range want {
				if math.Abs(theta[i]-v) > 0.0175 {
					t.Errorf("parameter %d after the step: %v, want %v", i, theta[i], v)
				}
			}
		})
	}
}

// climb adds -scale ∂F/∂θ at v to dst: p(h|v) vᵀ, v and p(h|v).
func climb(s Spec, theta, v []float64, scale float64, dst []float64) {
	w, _, b := split(s, theta)
	dw, da, db := split(s, dst)
	for j := range s.Hidden {
		z := b[j]
		for i := range v {
			z += w.At(j, i) * v[i]
		}
		h := 1 / (1 + math.Exp(-z))
		db[j] += scale * h
		for i := range v {
			dw.Data[j*s.Visible+i] += scale * h * v[i]
		}
	}
	for i := range v {
		da[i] += scale * v[i]
	}
}

// conditional returns the probabilities of rows whose energy is given.
func conditional(energy func([]float64) float64, rows linalg.Matrix[float64]) []float64 {
	p := make([]float64, rows.Rows)
	for i := range p {
		p[i] = math.Exp(-energy(rows.Row(i)))
	}
	normalise(p)
	return p
}

func normalise(p []float64) {
	sum := 0.0
	for _, v := range p {
		sum += v
	}
	for i := range p {
		p[i] /= sum
	}
}

// barsAndStripes returns all images of side n that are whole rows or whole
// columns (MacKay 2003, chapter 43).
func barsAndStripes(n int) linalg.Matrix[float32] {
	var data []float32
	for pattern := range 1 << n {
		for way := range 2 {
			for r := range n {
				for c := range n {
					k := []int{r, c}[way]
					data = append(data, float32(pattern>>k&1))
				}
			}
		}
	}
	return linalg.MatrixOf(2<<n, n*n, data)
}

func TestLearnsBarsAndStripes(t *testing.T) {
	x := barsAndStripes(3)
	s := Spec{Visible: 9, Hidden: 16}
	for _, with := range []Training{
		{K: 1, Persistent: true, Chains: 32, LearningRate: 0.2},
		{K: 5, Persistent: true, Chains: 16, LearningRate: 0.1, Momentum: 0.5, Lambda: 1e-4},
		{K: 1, LearningRate: 0.2, Momentum: 0.5},
	} {
		theta := linalg.Converted[float32](machine(s, 0.3, 1)) // from small weights it takes thousands of steps to begin
		before := pseudoLikelihood(s, theta, x)
		p := NewStepper(s, with, theta, 6)
		for range 1200 {
			if _, err := p.Step(x); err != nil {
				t.Fatal(err)
			}
		}
		p.Parameters(theta)
		// Guessing is 9 log ½ = -6.2. Two members of the data differ in three pixels
		// at least, so a machine that knows them has no doubt about any.
		if after := pseudoLikelihood(s, theta, x); before > -6 || after < -1 {
			t.Errorf("K %d, persistent %v: pseudo-likelihood %v, then %v", with.K, with.Persistent, before, after)
		}
	}
}

func pseudoLikelihood(s Spec, theta []float32, x linalg.Matrix[float32]) float64 {
	sum, dst := 0.0, make([]float64, x.Rows)
	for k := range s.Visible {
		PseudoLikelihoodOf(s, theta, x, k, dst)
		sum += mean(dst)
	}
	return sum / float64(s.Visible)
}

// TestGaussianLearnsMeanAndDirection fits two clusters on a line: the samples
// get the data's mean and most of its covariance.
func TestGaussianLearnsMeanAndDirection(t *testing.T) {
	s := Spec{Visible: 2, Hidden: 4, VisibleUnit: Gaussian}
	rng := rand.New(rand.NewPCG(5, 5))
	x := linalg.NewMatrix[float64](300, 2)
	for i := range x.Rows {
		side := float64(2*rng.IntN(2) - 1)
		x.Set(i, 0, 1+1.5*side+rng.NormFloat64())
		x.Set(i, 1, -1+1.5*side+rng.NormFloat64())
	}
	theta := s.Init(rng)
	StartVisibleBias(s, theta, x)
	p := NewStepper(s, Training{K: 1, Persistent: true, Chains: 100, LearningRate: 0.02}, theta, 4)
	for range 1500 {
		if _, err := p.Step(x); err != nil {
			t.Fatal(err)
		}
	}
	p.Parameters(theta)
	c := NewChain(s, theta, x, 9)
	var m0, m1, cov float64
	const draws = 60
	for range draws {
		c.Step(3)
		for i := range x.Rows {
			a, b := c.Visible().At(i, 0), c.Visible().At(i, 1)
			m0, m1, cov = m0+a, m1+b, cov+(a-1)*(b+1)
		}
	}
	n := float64(draws * x.Rows)
	if m0, m1, cov = m0/n, m1/n, cov/n; math.Abs(m0-1) > 0.3 || math.Abs(m1+1) > 0.3 || math.Abs(cov-2.25) > 0.7 {
		t.Errorf("samples have means %.2f, %.2f and covariance %.2f, want 1, -1, 2.25", m0, m1, cov)
	}
}

func TestSparsityTargetIsReached(t *testing.T) {
	s := Spec{Visible: 20, Hidden: 12}
	x := someData(50, s.Visible, 3)
	theta := s.Init(rand.New(rand.NewPCG(1, 1)))
	p := NewStepper(s, Training{K: 1, LearningRate: 0.1, Momentum: 0.5, Beta: 3, Rho: 0.1}, theta, 2)
	for range 800 {
		if _, err := p.Step(x); err != nil {
			t.Fatal(err)
		}
	}
	q := make([]float64, s.Hidden)
	if p.Activity(q); math.Abs(mean(q)-0.1) > 0.04 {
		t.Errorf("mean activation %.3f, want 0.1: %.2f", mean(q), q)
	}
}

// TestWorkersAndState runs with one worker, with four, and broken off and
// resumed: the same bits.
func TestWorkersAndState(t *testing.T) {
	defer linalg.SetWorkers(0)
	for _, persistent := range []bool{false, true} {
		for _, s := range []Spec{{Visible: 200, Hidden: 130}, {Visible: 200, Hidden: 130, VisibleUnit: Gaussian, HiddenUnit: Rectified}} {
			with := Training{K: 2, Persistent: persistent, Chains: 30, LearningRate: 1e-4, Momentum: 0.9, Lambda: 1e-4}
			if s.HiddenUnit == Binary {
				with.Beta, with.Rho = 0.1, 0.2
			}
			x := linalg.NewMatrix[float32](40, s.Visible)
			linalg.Convert(x, someData(40, s.Visible, 1))
			run := func(workers, breakAt int) []float32 {
				linalg.SetWorkers(workers)
				theta := linalg.Converted[float32](s.Init(rand.New(rand.NewPCG(3, 3))))
				p := NewStepper(s, with, theta, 17)
				for i := range 8 {
					if i == breakAt {
						var state State[float32]
						p.Save(&state)
						p.Parameters(theta)
						p = NewStepper(s, with, theta, 17)
						if err := p.SetState(state); err != nil {
							t.Fatal(err)
						}
					}
					if _, err := p.Step(x.Slice(0, 40-7*(i%2))); err != nil {
						t.Fatal(err)
					}
				}
				p.Parameters(theta)
				return theta
			}
			want := run(1, -1)
			if !slices.Equal(run(4, -1), want) {
				t.Errorf("%v, persistent %v: other bits with four workers", s, persistent)
			}
			if !slices.Equal(run(2, 5), want) {
				t.Errorf("%v, persistent %v: other bits when resumed", s, persistent)
			}
		}
	}
}

// TestPartsAndCopies steps machines of several parts and compares what they learnt with the gradient written
// out, and both copies of the weights.
func TestPartsAndCopies(t *testing.T) {
	for _, s := range []Spec{{Visible: 530, Hidden: 150}, {Visible: 530, Hidden: 150, VisibleUnit: Gaussian}, {Visible: 35, Hidden: 17}} {
		for _, momentum := range []float64{0, 0.5} {
			for _, persistent := range []bool{false, true} {
				theta, x := machine(s, 0.1, 3), someData(7, s.Visible, 2)
				x.Row(2)[3] = 0.25
				p := NewStepper(s, Training{K: 2, Persistent: persistent, Chains: 5, LearningRate: 0.1, Momentum: momentum}, theta, 5)
				velocity := make([]float64, len(theta))
				for range 3 {
					want := slices.Clone(theta)
					if _, err := p.Step(x); err != nil {
						t.Fatal(err)
					}
					samples := p.NegativeSamples()
					for i := range velocity {
						velocity[i] *= momentum
					}
					for r := range x.Rows {
						climb(s, theta, x.Row(r), 1/float64(x.Rows), velocity)
					}
					for r := range samples.Rows {
						climb(s, theta, samples.Row(r), -1/float64(samples.Rows), velocity)
					}
					linalg.Blend(1, 0.1, velocity, want)
					p.Parameters(theta)
					if d := fixture.Off(theta, want); d > 1e-12 {
						t.Fatalf("%v, momentum %v, persistent %v: parameters differ by %g", s, momentum, persistent, d)
					}
				}
				w, _, _ := split(s, theta)
				for i := range s.Visible {
					for j := range s.Hidden {
						if got, want := p.gibbs.up.At(i, j), w.At(j, i); got != want {
							t.Fatalf("%v, momentum %v: going up, weight %d, %d is %v, going down %v", s, momentum, j, i, got, want)
						}
					}
				}
			}
		}
	}
}

func TestStepNotFinite(t *testing.T) {
	tests := []struct {
		name   string
		change func(theta []float64, x linalg.Matrix[float64])
	}{
		{"NaN in the data", func(_ []float64, x linalg.Matrix[float64]) { x.Set(1, 2, math.NaN()) }},
		{"NaN weight", func(theta []float64, _ linalg.Matrix[float64]) { theta[3] = math.NaN() }},
		{"infinite bias", func(theta []float64, _ linalg.Matrix[float64]) { theta[len(theta)-1] = math.Inf(1) }},
	}
	for _, tt := range tests {
		for _, s := range kinds() {
			for _, persistent := range []bool{false, true} {
				theta, x := machine(s, 0.1, 1), someData(5, s.Visible, 1)
				tt.change(theta, x)
				before := slices.Clone(theta)
				p := NewStepper(s, Training{K: 1, Persistent: persistent, Chains: 5, LearningRate: 0.1}, theta, 1)
				_, err := p.Step(x)
				if err == nil || !strings.Contains(err.Error(), "step 1: the free-energy gap is not finite") {
					t.Errorf("%s, %v-%v, persistent %v: error %v", tt.name, s.VisibleUnit, s.HiddenUnit, persistent, err)
				}
				p.Parameters(theta)
				for i, v := range theta {
					if v-v != before[i]-before[i] && !math.IsNaN(before[i]-before[i]) {
						t.Errorf("%s, %v-%v: parameter %d was %g and is %g", tt.name, s.VisibleUnit, s.HiddenUnit, i, before[i], v)
					}
				}
			}
		}
	}
}

func TestDivergenceEndsWithAnError(t *testing.T) {
	s := Spec{Visible: 7, Hidden: 5, VisibleUnit: Gaussian, HiddenUnit: Rectified}
	theta, x := machine(s, 0.1, 1), someData(5, s.Visible, 1)
	p := NewStepper(s, Training{K: 1, LearningRate: 10}, theta, 1)
	for range 1000 {
		if _, err := p.Step(x); err != nil {
			p.Parameters(theta)
			for _, v := range theta {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("parameters after %q are not finite", err)
				}
			}
			return
		}
	}
	t.Error("1000 steps at rate 10 and no error")
}

func TestStepDoesNotAllocate(t *testing.T) {
	for _, s := range kinds() {
		s.Visible, s.Hidden = 130, 100
		for _, persistent := range []bool{false, true} {
			with := Training{K: 2, Persistent: persistent, Chains: 20, LearningRate: 1e-6, Momentum: 0.5, Lambda: 1e-3}
			theta := machine(s, 0.01, 1)
			p := NewStepper(s, with, theta, 1)
			x := someData(25, s.Visible, 1)
			step := func() {
				if _, err := p.Step(x); err != nil {
					t.Fatal(err)
				}
			}
			step()
			if n := testing.AllocsPerRun(5, step); n != 0 {
				t.Errorf("%v-%v, persistent %v: %v allocations a step", s.VisibleUnit, s.HiddenUnit, persistent, n)
			}
		}
	}
}
