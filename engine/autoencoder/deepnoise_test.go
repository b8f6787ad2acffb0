package autoencoder

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"filterscope/engine/linalg"
)

// TestCorruptRates counts what each corruption changes.
func TestCorruptRates(t *testing.T) {
	x := linalg.NewMatrix[float64](400, 251)
	for i := range x.Data {
		x.Data[i] = 0.5
	}
	total := float64(len(x.Data))
	count := func(c Corruption, level float64, step uint64) map[float64]float64 {
		d := DefaultDeep(251, 3)
		d.Corruption, d.Level, d.Low, d.High, d.Seed = c, level, -2, 3, 11
		out := linalg.NewMatrix[float64](400, 251)
		Corrupt(d, step, 0, x, out)
		share := map[float64]float64{}
		for _, v := range out.Data {
			share[v] += 1 / total
		}
		return share
	}
	near := func(name string, got, want float64) {
		t.Helper()
		if sd := math.Sqrt(want * (1 - want) / total); math.Abs(got-want) > 4*sd+1e-9 {
			t.Errorf("%s: share %v, want %v", name, got, want)
		}
	}
	for _, level := range []float64{0, 0.1, 0.3, 1} {
		for step := range uint64(3) {
			near("masking", count(Masking, level, step)[0], level)
			s := count(SaltAndPepper, level, step)
			near("salt", s[3], level/2)
			near("pepper", s[-2], level/2)
		}
	}
	d := DefaultDeep(251, 3)
	d.Corruption, d.Level = GaussianNoise, 0.7
	out := linalg.NewMatrix[float64](400, 251)
	Corrupt(d, 5, 0, x, out)
	var mean, square, fourth, neighbours float64
	for i := range out.Rows {
		row := out.Row(i)
		for j, v := range row {
			z := (v - 0.5) / 0.7
			mean += z / total
			square += z * z / total
			fourth += z * z * z * z / total
			if j > 0 {
				neighbours += z * (row[j-1] - 0.5) / 0.7 / total
			}
		}
	}
	if math.Abs(mean) > 0.013 || math.Abs(square-1) > 0.018 || math.Abs(fourth-3) > 0.13 || math.Abs(neighbours) > 0.013 {
		t.Errorf("Gaussian: mean %v, variance %v, fourth moment %v, neighbours %v: want 0, 1, 3, 0", mean, square, fourth, neighbours)
	}
}

// TestCorruptDraws checks on what the random numbers depend.
func TestCorruptDraws(t *testing.T) {
	x := randomExamples(60, 30)
	draw := func(seed, step uint64, base int, x linalg.Matrix[float64]) []float64 {
		d := DefaultDeep(30, 3)
		d.Corruption, d.Level, d.Seed = Masking, 0.5, seed
		out := linalg.NewMatrix[float64](x.Rows, x.Cols)
		Corrupt(d, step, base, x, out)
		return out.Data
	}
	all := draw(1, 2, 0, x)
	if !slices.Equal(all, draw(1, 2, 0, x)) {
		t.Error("the same seed and step give other numbers")
	}
	if !slices.Equal(all[20*30:], draw(1, 2, 20, x.Slice(20, 60))) {
		t.Error("the numbers depend on where the block starts")
	}
	for name, other := range map[string][]float64{"seed": draw(2, 2, 0, x), "step": draw(1, 3, 0, x), "example": draw(1, 2, 1, x)} {
		same := 0
		for i, v := range all {
			if (v == 0) == (other[i] == 0) {
				same++
			}
		}
		if math.Abs(float64(same)/1800-0.5) > 0.05 {
			t.Errorf("another %s: %d of 1800 decisions are the same, want half", name, same)
		}
	}
}

// TestNoDropout checks that shares of 0 are no dropout, and what a trained
// network does instead of it.
func TestNoDropout(t *testing.T) {
	d := DefaultDeep(12, 9, 5)
	theta := d.Init(rand.New(rand.NewPCG(3, 3)))
	x := randomExamples(70, 12)
	want := append([]float64(nil), make([]float64, len(theta))...)
	total := NewNetwork[float64](d).Evaluate(theta, x, x, want).Total()
	for _, level := range []float64{0, 0.4} {
		d.Dropout, d.Corruption, d.Level = []float64{0, 0, 0}, Masking, level
		n := NewNetwork[float64](d)
		got := make([]float64, len(theta))
		if sum := n.Evaluate(theta, x, x, got).Total(); (sum == total) != (level == 0) || slices.Equal(got, want) != (level == 0) {
			t.Errorf("objective %v with shares of 0 and masking of %v, %v without", sum, level, total)
		}
		if sum := n.Test(theta, x, x).Total(); sum != total {
			t.Errorf("objective of the trained network %v, want %v", sum, total)
		}
	}

	d.Corruption, d.Dropout = NoCorruption, []float64{0.25, 0, 0}
	n := NewNetwork[float64](d)
	full, dropped := linalg.NewMatrix[float64](70, 9), linalg.NewMatrix[float64](70, 9)
	n.Encode(theta, 0, x, dropped)
	d.Dropout = nil
	NewNetwork[float64](d).Encode(theta, 0, x, full)
	for i, v := range full.Data {
		if dropped.Data[i] != 0.75*v {
			t.Fatalf("feature %v, want 0.75 of %v", dropped.Data[i], v)
		}
	}
	silent := 0
	p := n.plan
	for step := range uint64(40) {
		m := full.Clone()
		silence(&p, step, 0, 0, m, 0)
		for _, v := range m.Data {
			if v == 0 {
				silent++
			}
		}
	}
	if got := float64(silent) / (40 * 630); math.Abs(got-0.25) > 0.012 {
		t.Errorf("dropout silences %v of the units, want 0.25", got)
	}
}

func TestConstrain(t *testing.T) {
	d := DefaultDeep(30, 40, 5)
	d.MaxW2 = 0.5
	theta := d.Init(rand.New(rand.NewPCG(3, 3)))
	n := NewNetwork[float64](d)
	before := slices.Clone(theta)
	n.Constrain(theta)
	changed := 0
	for l := range n.layers {
		y := n.layers[l]
		w, old := weights(&n.plan, theta, l), weights(&n.plan, before, l)
		for j := range w.Rows {
			was, is := linalg.Squares(old.Row(j)), linalg.Squares(w.Row(j))
			if math.Abs(is-min(was, 0.5)) > 1e-12 {
				t.Errorf("layer %d, unit %d: Σw² = %v from %v", l, j, is, was)
			}
			if was > 0.5 {
				changed++
			}
		}
		if !slices.Equal(theta[y.bias:y.bias+y.fan()], before[y.bias:y.bias+y.fan()]) {
			t.Errorf("biases of layer %d changed", l)
		}
	}
	if changed == 0 {
		t.Error("no unit was above the limit")
	}
}

// TestHyperAndStep checks that a tweak counts at once, and that a step has
// numbers of its own.
func TestHyperAndStep(t *testing.T) {
	d := DefaultDeep(12, 6)
	d.Sparsity, d.Corruption, d.Seed = L1Sparsity, Masking, 4
	theta := d.Init(rand.New(rand.NewPCG(3, 3)))
	x := randomExamples(50, 12)
	n := NewNetwork[float64](d)
	n.SetHyper(Hyper{Lambda: 0.3, L1: 0.2, Beta: 0.1, Rho: 0.05, Level: 0.4})
	n.SetStep(9)
	got := n.Evaluate(theta, x, x, nil).Total()
	d.Lambda, d.L1, d.Beta, d.Level = 0.3, 0.2, 0.1, 0.4
	fresh := NewNetwork[float64](d)
	fresh.SetStep(9)
	if want := fresh.Evaluate(theta, x, x, nil).Total(); got != want {
		t.Errorf("after SetHyper %v, want %v", got, want)
	}
	if n.Hyper() != fresh.Hyper() {
		t.Errorf("Hyper() = %v, want %v", n.Hyper(), fresh.Hyper())
	}
	fresh.SetStep(10)
	if fresh.Evaluate(theta, x, x, nil).Total() == got {
		t.Error("two steps have the same corruption")
	}
	corrupted := linalg.NewMatrix[float64](50, 12)
	Corrupt(d, 9, 0, x, corrupted)
	d.Corruption = NoCorruption
	if shown := NewNetwork[float64](d).Evaluate(theta, corrupted, x, nil).Total(); shown != got {
		t.Errorf("Corrupt shows other inputs than are trained on: objective %v, want %v", shown, got)
	}
}

func TestDeepNames(t *testing.T) {
	for _, c := range []Corruption{NoCorruption, Masking, GaussianNoise, SaltAndPepper} {
		var back Corruption
		if text, err := c.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != c {
			t.Errorf("%v read back as %v, %v", c, back, err)
		}
	}
	for _, s := range []Sparsity{NoSparsity, KLSparsity, L1Sparsity} {
		var back Sparsity
		if text, err := s.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != s {
			t.Errorf("%v read back as %v, %v", s, back, err)
		}
	}
	if _, err := ParseCorruption("pepper"); err == nil {
		t.Error("ParseCorruption takes any name")
	}
	if _, err := Sparsity(9).MarshalText(); err == nil {
		t.Error("MarshalText takes any number")
	}
}
