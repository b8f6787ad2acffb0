package rbm

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"filterscope/engine/linalg"
	"filterscope/internal/fixture"
)

// machine draws a machine with parameters from N(0, scale²).
func machine(s Spec, scale float64, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 7))
	theta := make([]float64, s.size())
	for i := range theta {
		theta[i] = scale * rng.NormFloat64()
	}
	return theta
}

// states returns all 2^n binary rows of n units.
func states(n int) linalg.Matrix[float64] {
	x := linalg.NewMatrix[float64](1<<n, n)
	for i := range x.Rows {
		for k := range n {
			x.Set(i, k, float64(i>>k&1))
		}
	}
	return x
}

// energy is E(v, h) as the package comment writes it.
func energy(s Spec, theta, v, h []float64) float64 {
	w, a, b := split(s, theta)
	e := 0.0
	for j := range h {
		for i := range v {
			e -= h[j] * w.At(j, i) * v[i]
		}
		e -= b[j] * h[j]
		if s.HiddenUnit != Binary {
			e += h[j] * h[j] / 2
		}
	}
	for i := range v {
		if s.VisibleUnit == Binary {
			e -= a[i] * v[i]
		} else {
			e += (v[i] - a[i]) * (v[i] - a[i]) / 2
		}
	}
	return e
}

func TestFreeEnergyIsTheSumOverHidden(t *testing.T) {
	for _, unit := range []Unit{Binary, Gaussian, Rectified} {
		s := Spec{Visible: 6, Hidden: 5, VisibleUnit: unit}
		theta := machine(s, 1, 3)
		x := states(s.Visible)
		if unit != Binary {
			for i := range x.Data {
				x.Data[i] = math.Abs(math.Sin(float64(i)))
			}
		}
		got := make([]float64, x.Rows)
		FreeEnergy(s, theta, x, got)
		hidden := states(s.Hidden)
		for i := range x.Rows {
			sum := 0.0
			for j := range hidden.Rows {
				sum += math.Exp(-energy(s, theta, x.Row(i), hidden.Row(j)))
			}
			if want := -math.Log(sum); math.Abs(got[i]-want) > 1e-12*(1+math.Abs(want)) {
				t.Fatalf("%v: FreeEnergy of row %d = %v, want %v", unit, i, got[i], want)
			}
		}
	}
}

// With one Gaussian hidden unit the sum over hidden states is an integral.
func TestFreeEnergyOfGaussianHidden(t *testing.T) {
	s := Spec{Visible: 3, Hidden: 1, HiddenUnit: Gaussian}
	theta := machine(s, 1, 5)
	x := states(3)
	got := make([]float64, x.Rows)
	FreeEnergy(s, theta, x, got)
	for i := range x.Rows {
		sum := 0.0
		const step = 1e-3
		for h := -15.0; h < 15; h += step {
			sum += step * math.Exp(-energy(s, theta, x.Row(i), []float64{h}))
		}
		if want := -math.Log(sum / math.Sqrt(2*math.Pi)); math.Abs(got[i]-want) > 1e-9 {
			t.Errorf("FreeEnergy(%v) = %v, want %v", x.Row(i), got[i], want)
		}
	}
}

func TestSoftplusIntegral(t *testing.T) {
	tests := []struct{ x, want float64 }{
		{0, math.Pi * math.Pi / 12},            // -Li₂(-1)
		{-40, math.Exp(-40)},                   // first term of the series
		{40, 800 + math.Pi*math.Pi/6},          // inversion
		{math.Inf(-1), 0},                      // nothing to integrate
		{math.Log(0.5), 0.4484142069236462024}, // -Li₂(-1/2), Lewin 1981, A.2.1
	}
	for _, tt := range tests {
		if got := softplusIntegral(tt.x); math.Abs(got-tt.want) > 1e-14*(1+tt.want) {
			t.Errorf("softplusIntegral(%v) = %v, want %v", tt.x, got, tt.want)
		}
	}
	for x := -6.0; x < 6; x += 0.37 { // its slope is the mean of the unit
		const e = 1e-4
		if got, want := (softplusIntegral(x+e)-softplusIntegral(x-e))/(2*e), softplus(x); math.Abs(got-want) > 1e-8 {
			t.Errorf("slope at %v = %v, want %v", x, got, want)
		}
	}
}

// The mean of PseudoLikelihoodOf over all features is Σ log P(x_i | the rest),
// here from the joint distribution itself.
func TestPseudoLikelihood(t *testing.T) {
	s := Spec{Visible: 5, Hidden: 3}
	theta := machine(s, 1.5, 9)
	x := states(s.Visible)
	f := make([]float64, x.Rows)
	FreeEnergy(s, theta, x, f)
	want, got, one := make([]float64, x.Rows), make([]float64, x.Rows), make([]float64, x.Rows)
	for k := range s.Visible {
		PseudoLikelihoodOf(s, theta, x, k, one)
		for i := range x.Rows {
			want[i] += math.Log(math.Exp(-f[i]) / (math.Exp(-f[i]) + math.Exp(-f[i^1<<k])))
			got[i] += one[i] / float64(s.Visible)
		}
	}
	if d := fixture.Off(got, want); d > 1e-12 {
		t.Errorf("pseudo-likelihoods differ by %g", d)
	}
	many := linalg.NewMatrix[float64](20000, s.Visible)
	for i := range many.Rows {
		copy(many.Row(i), x.Row(11))
	}
	estimates := make([]float64, many.Rows)
	PseudoLikelihood(s, theta, many, rand.New(rand.NewPCG(1, 1)), estimates)
	if m := mean(estimates); math.Abs(m-want[11]) > 0.1 {
		t.Errorf("mean of random estimates %v, want %v", m, want[11])
	}
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Spec{
			Visible: rapid.IntRange(1, 70).Draw(t, "visible"), Hidden: rapid.IntRange(1, 70).Draw(t, "hidden"),
			VisibleUnit: Unit(rapid.IntRange(0, 2).Draw(t, "visible unit")), HiddenUnit: Unit(rapid.IntRange(0, 2).Draw(t, "hidden unit")),
		}
		if s.Validate() != nil {
			return
		}
		seed := rapid.Uint64().Draw(t, "seed")
		theta := machine(s, 0.3, seed)
		rng := rand.New(rand.NewPCG(seed, 1))
		x := linalg.NewMatrix[float64](rapid.IntRange(1, 9).Draw(t, "rows"), s.Visible)
		for i := range x.Data {
			x.Data[i] = float64(rng.IntN(2))
		}
		// Values are in their ranges, and a permutation of examples permutes results.
		codes, back := linalg.NewMatrix[float64](x.Rows, s.Hidden), linalg.NewMatrix[float64](x.Rows, s.Visible)
		Encode(s, theta, x, codes)
		Reconstruct(s, theta, x, back)
		checkRange(t, "code", s.HiddenUnit, codes)
		checkRange(t, "reconstruction", s.VisibleUnit, back)
		turned := x.Clone()
		for i := range x.Rows {
			copy(turned.Row(i), x.Row(x.Rows-1-i))
		}
		f, g := make([]float64, x.Rows), make([]float64, x.Rows)
		FreeEnergy(s, theta, x, f)
		FreeEnergy(s, theta, turned, g)
		for i := range f {
			if math.Abs(f[i]-g[x.Rows-1-i]) > 1e-9*(1+math.Abs(f[i])) {
				t.Fatalf("free energy of example %d: %v in one order, %v in the other", i, f[i], g[x.Rows-1-i])
			}
		}
		// Samples are in the units' ranges, too.
		c := NewChain(s, theta, x, seed)
		c.Step(2)
		checkRange(t, "sample", s.VisibleUnit, c.Visible())
		if s.VisibleUnit == Binary {
			for _, v := range c.Visible().Data {
				if v != 0 && v != 1 {
					t.Fatalf("binary sample %v", v)
				}
			}
		}
	})
}

func checkRange(t *rapid.T, what string, u Unit, m linalg.Matrix[float64]) {
	for _, v := range m.Data {
		if math.IsNaN(v) || (u != Gaussian && v < 0) || (u == Binary && v > 1) {
			t.Fatalf("%s %v of a %v unit", what, v, u)
		}
	}
}
