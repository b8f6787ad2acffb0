package rbm

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

func TestValidate(t *testing.T) {
	good := Spec{Visible: 4, Hidden: 3}
	tests := []struct {
		name   string
		spec   Spec
		change func(*Training)
		want   []string // what the error mentions, nothing for none
	}{
		{name: "default", spec: good},
		{name: "rectified", spec: Spec{Visible: 4, Hidden: 3, VisibleUnit: Rectified, HiddenUnit: Rectified}},
		{name: "empty", spec: Spec{VisibleUnit: 7, HiddenUnit: 8}, want: []string{"Visible = 0", "Hidden = 0", "VisibleUnit = unit 7", "HiddenUnit = unit 8"}},
		{name: "all Gaussian", spec: Spec{Visible: 1, Hidden: 1, VisibleUnit: Gaussian, HiddenUnit: Gaussian}, want: []string{"no bound"}},
		{name: "no steps", spec: good, change: func(t *Training) { t.K, t.Chains = 0, 0 }, want: []string{"K = 0", "Chains = 0"}},
		{
			name: "numbers", spec: good,
			change: func(t *Training) {
				t.LearningRate, t.Momentum, t.Lambda, t.L1, t.Beta = math.NaN(), 1, -1, math.Inf(1), math.NaN()
			},
			want: []string{"LearningRate = NaN", "Momentum = 1", "Lambda = -1", "L1 = +Inf", "Beta = NaN"},
		},
		{name: "rho", spec: good, change: func(t *Training) { t.Beta, t.Rho = 1, 1.2 }, want: []string{"Rho = 1.2"}},
		{
			name: "sparsity", spec: Spec{Visible: 4, Hidden: 3, HiddenUnit: Rectified},
			change: func(t *Training) { t.Beta = 1 }, want: []string{"only binary"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			with := DefaultTraining()
			if tt.change != nil {
				tt.change(&with)
			}
			text, faults := "", 0
			if err := errors.Join(tt.spec.Validate(), with.Validate(tt.spec)); err != nil {
				text, faults = err.Error(), 1+strings.Count(err.Error(), "\n")
			}
			if faults != len(tt.want) {
				t.Errorf("faults %q, want %d", text, len(tt.want))
			}
			for _, w := range tt.want {
				if !strings.Contains(text, w) {
					t.Errorf("faults %q: no %q among them", text, w)
				}
			}
		})
	}
}

func TestUnitText(t *testing.T) {
	for u := range Unit(3) {
		text, err := u.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back Unit
		if err := back.UnmarshalText(text); err != nil || back != u {
			t.Errorf("%s read back as %v, %v", text, back, err)
		}
	}
	if _, err := ParseUnit("softmax"); err == nil {
		t.Error("ParseUnit accepted softmax")
	}
	if _, err := Unit(3).MarshalText(); err == nil {
		t.Error("MarshalText accepted unit 3")
	}
}

func TestLayoutAndInit(t *testing.T) {
	s := Spec{Visible: 30, Hidden: 20}
	want := nn.Layout{
		{Name: "weight", Shape: []int{20, 30}},
		{Name: "visible.bias", Shape: []int{30}, Offset: 600},
		{Name: "hidden.bias", Shape: []int{20}, Offset: 630},
	}
	if diff := cmp.Diff(want, s.Layout()); diff != "" {
		t.Error(diff)
	}
	theta := s.Init(rand.New(rand.NewPCG(1, 1)))
	if rms := math.Sqrt(linalg.Squares(theta[:600]) / 600); math.Abs(rms-0.01) > 1e-3 || linalg.Squares(theta[600:]) != 0 {
		t.Errorf("Init: weights of deviation %v and biases %v, want 0.01 and 0", rms, theta[600:])
	}
	theta = s.InitUniform(rand.New(rand.NewPCG(1, 1)))
	r := 4 * math.Sqrt(6.0/50)
	for _, w := range theta {
		if math.Abs(w) > r {
			t.Errorf("InitUniform: weight %v beyond %v", w, r)
		}
	}
}

// A machine without weights has, after StartVisibleBias, the mean of the data.
func TestStartVisibleBias(t *testing.T) {
	x := someData(200, 7, 6)
	for i := range x.Rows {
		x.Set(i, 0, 0) // a dark pixel must not get an infinite bias
	}
	for _, u := range []Unit{Binary, Gaussian, Rectified} {
		s := Spec{Visible: 7, Hidden: 2, VisibleUnit: u}
		theta := make([]float64, s.size())
		StartVisibleBias(s, theta, x)
		back := linalg.NewMatrix[float64](1, 7)
		Decode(s, theta, linalg.NewMatrix[float64](1, 2), back)
		for k, got := range back.Row(0) {
			want := 0.0
			for i := range x.Rows {
				want += x.At(i, k) / float64(x.Rows)
			}
			if math.Abs(got-want) > 0.01 {
				t.Errorf("%v units: mean of feature %d is %v, want %v", u, k, got, want)
			}
		}
	}
}

func TestReconstructionError(t *testing.T) {
	s := Spec{Visible: 7, Hidden: 5}
	theta, x := machine(s, 0.5, 1), someData(9, 7, 1)
	w, a, b := split(s, theta)
	want := 0.0
	for r := range x.Rows {
		h := make([]float64, s.Hidden)
		for j := range h {
			z := b[j]
			for i, v := range x.Row(r) {
				z += w.At(j, i) * v
			}
			h[j] = 1 / (1 + math.Exp(-z))
		}
		for i, v := range x.Row(r) {
			z := a[i]
			for j := range h {
				z += w.At(j, i) * h[j]
			}
			d := v - 1/(1+math.Exp(-z))
			want += d * d / 9
		}
	}
	if got := ReconstructionError(s, theta, x); math.Abs(got-want) > 1e-12 {
		t.Errorf("ReconstructionError = %v, want %v", got, want)
	}
}
