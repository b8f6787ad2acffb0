package analysis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"filterscope/engine/analysis"
)

// curveOf returns the curve of n values f(i), one every step.
func curveOf(n int, perEpoch float64, f func(i int) float64) analysis.Curve {
	c := analysis.Curve{PerEpoch: perEpoch}
	for i := range n {
		c.Steps = append(c.Steps, float64(i))
		c.Values = append(c.Values, f(i))
	}
	return c
}

func TestDiagnoseCurve(t *testing.T) {
	noise := func(seed uint64, f func(i int) float64) func(i int) float64 {
		r := rand.New(rand.NewPCG(seed, 1))
		return func(i int) float64 { return f(i) + 0.05*r.NormFloat64() }
	}
	falling := func(i int) float64 { return 2 * math.Exp(-float64(i)/200) }
	for _, test := range []struct {
		name   string
		c      analysis.Curve
		want   analysis.Kind
		remedy analysis.Remedy
		well   bool
	}{
		{"empty", analysis.Curve{}, 0, 0, true},
		{"one point", curveOf(1, 1, falling), 0, 0, true},
		{"falling", curveOf(300, 1, falling), 0, 0, true},
		{"falling below 0", curveOf(300, 1, func(i int) float64 { return -float64(i) }), 0, 0, true},
		{"noisy", curveOf(300, 10, noise(1, falling)), 0, 0, true},
		{"noise alone", curveOf(150, 10, noise(2, func(int) float64 { return 3 })), 0, 0, true},
		{"NaN", curveOf(50, 1, func(i int) float64 { return math.Sqrt(float64(30 - i)) }), analysis.NotFinite, analysis.RestoreGood, false},
		{"infinite", curveOf(800, 1, func(i int) float64 { return math.Exp(float64(i)) }), analysis.NotFinite, analysis.RestoreGood, false},
		{"rising from the start", curveOf(12, 1, func(i int) float64 { return 1 + float64(i) }), analysis.Divergence, analysis.HalveRate, false},
		{"exploding", curveOf(30, 1, func(i int) float64 { return falling(i) + math.Exp(float64(i)-20) }), analysis.Divergence, analysis.HalveRate, false},
		{"exploding below 0", curveOf(30, 1, func(i int) float64 { return -50 - falling(i) + math.Exp(float64(i)-20) }), analysis.Divergence, analysis.HalveRate, false},
		{"noisy and rising", curveOf(200, 1, noise(3, func(i int) float64 { return 1 + math.Abs(float64(i)-100)/50 })), analysis.Divergence, analysis.HalveRate, false},
		{"one jump that falls again", curveOf(60, 1, func(i int) float64 {
			if i > 40 {
				return 3 * math.Exp(-float64(i-40)/20)
			}
			return falling(i)
		}), 0, 0, true},
		{"flat", curveOf(60, 1, func(i int) float64 { return 5 + math.Exp(-float64(i)) }), analysis.Plateau, analysis.StopTraining, false},
		{"flat, but short", curveOf(20, 1, func(int) float64 { return 5 }), 0, 0, true},
		{"flat for 20 epochs", curveOf(21, 1, func(int) float64 { return 5 }), analysis.Plateau, analysis.StopTraining, false},
		{"flat for 10 epochs", curveOf(100, 10, func(int) float64 { return 5 }), 0, 0, true},
		{"gains 0.11 % in 20 epochs", curveOf(41, 1, func(i int) float64 { return 100 - float64(i)*0.0055 }), 0, 0, true},
		{"gains 0.09 % in 20 epochs", curveOf(41, 1, func(i int) float64 { return 100 - float64(i)*0.0045 }), analysis.Plateau, analysis.StopTraining, false},
		{"no epochs", curveOf(100, 0, func(int) float64 { return 5 }), 0, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := analysis.DiagnoseCurve(test.c)
			if (len(d) == 0) != test.well {
				t.Fatalf("DiagnoseCurve() = %+v, want well: %v", d, test.well)
			}
			if !test.well && (d[0].Kind != test.want || d[0].Remedy != test.remedy || d[0].Sentence == "") {
				t.Errorf("DiagnoseCurve() = %+v, want %v, %v", d, test.want, test.remedy)
			}
		})
	}
}

func ExampleDiagnoseCurve() {
	c := analysis.Curve{Steps: []float64{10, 20, 30}, Values: []float64{4, 2.5, math.NaN()}, PerEpoch: 10}
	fmt.Println(strings.SplitAfter(analysis.DiagnoseCurve(c)[0].Sentence, ".")[0:2])
	c.Values = []float64{5, 5, 5}
	c.Steps[2] = 210
	fmt.Println(analysis.DiagnoseCurve(c)[0].Sentence)
	// Output:
	// [The objective is NaN from step 30 on, after 2. 5 at step 20.]
	// The objective stays at 5: no gain in the last 20 epochs. Stop, or change something.
}
