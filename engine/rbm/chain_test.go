package rbm

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/internal/fixture"
)

// TestChainSamplesTheModel compares how often many long chains are in each
// visible state with the probabilities of the model.
func TestChainSamplesTheModel(t *testing.T) {
	s := Spec{Visible: 3, Hidden: 4}
	theta := machine(s, 1, 2)
	all := states(s.Visible)
	want := make([]float64, all.Rows)
	FreeEnergy(s, theta, all, want)
	for i, f := range want {
		want[i] = math.Exp(-f)
	}
	normalise(want)
	const chains = 10000
	c := NewChain(s, theta, linalg.NewMatrix[float64](chains, s.Visible), 4)
	c.Step(30)
	got := make([]float64, all.Rows)
	for r := range chains {
		state := 0
		for k, v := range c.Visible().Row(r) {
			state |= int(v) << k
		}
		got[state] += 1.0 / chains
	}
	for i, p := range want {
		if sigma := math.Sqrt(p * (1 - p) / chains); math.Abs(got[i]-p) > 5*sigma {
			t.Errorf("state %v: in %v of the chains, want %v", all.Row(i), got[i], p)
		}
	}
}

// TestChain: the same seed gives the same bits, in one go or in steps, and what is
// shown belongs together.
func TestChain(t *testing.T) {
	for _, s := range kinds() {
		theta, start := machine(s, 0.3, 5), someData(6, s.Visible, 5)
		given := start.Clone()
		a, b, other := NewChain(s, theta, start, 8), NewChain(s, theta, start, 8), NewChain(s, theta, start, 9)
		if !slices.Equal(a.Means().Data, start.Data) || !slices.Equal(a.Visible().Clone().Data, start.Data) {
			t.Errorf("%v-%v: a new chain does not show its start", s.VisibleUnit, s.HiddenUnit)
		}
		a.Step(5)
		for range 5 {
			b.Step(1)
		}
		other.Step(5)
		if !slices.Equal(a.Visible().Clone().Data, b.Visible().Clone().Data) || !slices.Equal(a.Means().Data, b.Means().Data) {
			t.Errorf("%v-%v: other bits step by step", s.VisibleUnit, s.HiddenUnit)
		}
		if slices.Equal(a.Visible().Clone().Data, other.Visible().Clone().Data) {
			t.Errorf("%v-%v: another seed gives the same samples", s.VisibleUnit, s.HiddenUnit)
		}
		if !slices.Equal(start.Data, given.Data) {
			t.Errorf("%v-%v: the start was changed", s.VisibleUnit, s.HiddenUnit)
		}
		before := b.Visible().Clone().Data
		b.Step(1)
		codes := linalg.NewMatrix[float64](start.Rows, s.Hidden)
		Encode(s, theta, linalg.MatrixOf(start.Rows, s.Visible, before), codes)
		if d := fixture.Off(b.Hidden().Clone().Data, codes.Data); d > 1e-12 {
			t.Errorf("%v-%v: Hidden differs from Encode of the samples before by %g", s.VisibleUnit, s.HiddenUnit, d)
		}
	}
}

// TestSampleMoments draws many times: means and variances as the package
// comment has them.
func TestSampleMoments(t *testing.T) {
	const n = 200000
	tests := []struct {
		unit           Unit
		mean           float64 // what sample is given
		want, variance float64
	}{
		{Binary, 0.3, 0.3, 0.21},
		{Binary, 0, 0, 0},
		{Binary, 1, 1, 0},
		{Gaussian, -2, -2, 1},
		// Far above 0 a rectified unit is a Gaussian one of variance σ(x) = 1.
		{Rectified, 20, 20, 1},
		{Rectified, 0, 0, 0},
		// At x = 0: the positive half of N(0, ½).
		{Rectified, math.Ln2, math.Sqrt(0.5 / (2 * math.Pi)), 0.25 - 0.25/math.Pi},
	}
	for _, tt := range tests {
		g := newGibbs(Spec{Visible: 1, Hidden: 1}, make([]float64, 3), 3)
		x := make([]float64, n)
		for i := range x {
			x[i] = tt.mean
		}
		sample(tt.unit, g.source(0), x, x)
		m, v := mean(x), 0.0
		for _, s := range x {
			v += (s - m) * (s - m) / n
		}
		if math.Abs(m-tt.want) > 0.01 || math.Abs(v-tt.variance) > 0.015 {
			t.Errorf("%v unit of mean %v: samples of mean %v and variance %v, want %v and %v", tt.unit, tt.mean, m, v, tt.want, tt.variance)
		}
	}
}

// Noise is what the visible units do by their biases alone, whatever the weights.
func TestNoise(t *testing.T) {
	const n = 20000
	for _, unit := range []Unit{Binary, Gaussian} {
		s := Spec{Visible: 2, Hidden: 3, VisibleUnit: unit}
		theta := machine(s, 5, 1)
		_, biases, _ := split(s, theta)
		biases[0], biases[1] = -1, 2
		x := Noise(s, theta, n, rand.New(rand.NewPCG(1, 2)))
		for j, b := range biases {
			mean := 0.0
			for i := range n {
				mean += x.At(i, j) / n
			}
			want := b
			if unit == Binary {
				want = 1 / (1 + math.Exp(-b))
			}
			if math.Abs(mean-want) > 0.03 {
				t.Errorf("%v unit of bias %v: mean %.3f, want %.3f", unit, b, mean, want)
			}
		}
	}
}
