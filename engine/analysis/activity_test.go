package analysis_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// columns returns the matrix with those columns.
func columns(cols ...[]float32) linalg.Matrix[float32] {
	m := linalg.NewMatrix[float32](len(cols[0]), len(cols))
	for j, col := range cols {
		for i, v := range col {
			m.Set(i, j, v)
		}
	}
	return m
}

// repeat returns n values, the first few as given and the others v.
func repeat(n int, v float32, first ...float32) []float32 {
	s := append(make([]float32, 0, n), first...)
	for len(s) < n {
		s = append(s, v)
	}
	return s
}

func TestObserve(t *testing.T) {
	x := drawn(41, 200, 3, normal)
	a := analysis.Observe(x, nn.Linear)
	for j := range 3 {
		col := make([]float64, 200)
		for i := range col {
			col[i] = x.At(i, j)
		}
		near(t, "mean", a.Mean[j], stat.Mean(col, nil), 1e-12)
		near(t, "variance", a.Variance[j], stat.PopVariance(col, nil), 1e-12)
		near(t, "largest", a.Max[j], slices.Max(col), 0)
	}
	tanh := analysis.Observe(columns([]float32{-1, -0.99, 0.5, 0.985}), nn.Tanh) // the margin is 0.02
	if tanh.AtLow[0] != 0.5 || tanh.AtHigh[0] != 0.25 {
		t.Errorf("at the bounds: %v, %v, want 0.5, 0.25", tanh.AtLow[0], tanh.AtHigh[0])
	}
}

func TestDeadAndSaturated(t *testing.T) {
	nan := float32(math.NaN())
	for _, test := range []struct {
		name            string
		activation      nn.Activation
		rho             float64
		a               linalg.Matrix[float32]
		dead, saturated []int
	}{
		{"sigmoid never above 0.1", nn.Sigmoid, 0, columns(repeat(100, 0.05), repeat(100, 0.05, 0.1)), []int{0}, nil},
		{"sigmoid below a tenth of the target", nn.Sigmoid, 0.05, columns(repeat(1000, 0, 0.9), repeat(1000, 0.006, 0.9)), []int{0}, nil},
		{"sigmoid at a bound", nn.Sigmoid, 0, columns(repeat(100, 0.995, 0.5, 0.5, 0.5, 0.5), repeat(100, 0.995, 0.5, 0.5, 0.5, 0.5, 0.5)), nil, []int{0}},
		{"sigmoid at rest", nn.Sigmoid, 0.02, columns(repeat(100, 0.001, 0.9, 0.9)), nil, nil},
		{"the same without a target", nn.Sigmoid, 0, columns(repeat(100, 0.001, 0.9, 0.9)), nil, []int{0}},
		{"tanh at both bounds", nn.Tanh, 0, columns(repeat(100, -1, 1, 1, 1), repeat(100, 0, 1, -1)), nil, []int{0}},
		{"tanh that never changes", nn.Tanh, 0, columns(repeat(10, 1), repeat(10, 0.3), repeat(10, 0.3, 0.31)), []int{0, 1}, nil},
		{"relu never above 0", nn.ReLU, 0, columns(repeat(10, 0), repeat(10, 0, 0.01)), []int{0}, nil},
		{"relu that never changes", nn.ReLU, 0, columns(repeat(10, 3), repeat(10, 3, 4)), []int{0}, nil},
		{"linear that changes by rounding", nn.Linear, 0, columns(repeat(10, 50, 50.00001), repeat(10, 5, 9), repeat(10, nan)), []int{0}, nil},
		{"linear of small values", nn.Linear, 0, columns(repeat(10, 0), repeat(10, 0, 2e-5)), []int{0}, nil},
		{"no examples", nn.ReLU, 0, linalg.NewMatrix[float32](0, 2), nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := analysis.Observe(test.a, test.activation)
			if got := a.Dead(test.rho); !slices.Equal(got, test.dead) {
				t.Errorf("Dead() = %v, want %v", got, test.dead)
			}
			if got := a.Saturated(test.rho); !slices.Equal(got, test.saturated) {
				t.Errorf("Saturated() = %v, want %v", got, test.saturated)
			}
		})
	}
}

// TestDeadAgreesWithDescribe: a unit's panel and the diagnosis count alike.
func TestDeadAgreesWithDescribe(t *testing.T) {
	for _, f := range []nn.Activation{nn.Sigmoid, nn.Tanh, nn.ReLU, nn.Linear} {
		low, high := f.Range()
		w := analysis.Weights{Encoder: linalg.NewMatrix[float32](60, 1), Bias: make([]float32, 60), Decoder: linalg.NewMatrix[float32](60, 1), Low: low, High: high}
		a := drawn(43, 300, 60, normal)
		var want []int
		for j := range 60 {
			column := make([]float64, 300)
			for i := range column {
				z := a.At(i, j)*math.Pow(10, -float64(j)/6) - float64(j)/15 // ever smaller and lower
				if f == nn.Sigmoid {
					z = 1 / (1 + math.Exp(-z))
				} else if f == nn.Tanh {
					z = math.Tanh(z)
				} else if f == nn.ReLU {
					z = max(z, 0)
				}
				column[i] = z
				a.Set(i, j, z)
			}
			if analysis.Describe(w, j, column, 0.2, 1).Dead {
				want = append(want, j)
			}
		}
		dead := analysis.Observe(a, f).Dead(0.2)
		if len(want) == 0 || len(want) == 60 || !slices.Equal(dead, want) {
			t.Errorf("%v: Dead() = %v, Describe says %v", f, dead, want)
		}
	}
}

func TestDiagnoseUnits(t *testing.T) {
	live, dead := repeat(50, 0.2, 0.7), repeat(50, 0.001)
	var units [][]float32
	for j := range 10 {
		units = append(units, dead)
		if j < 3 {
			units[j] = live
		}
	}
	layer := func(n int) *analysis.Activity { return analysis.Observe(columns(units[:n]...), nn.Sigmoid) }
	if d := analysis.DiagnoseUnits(layer(3), 0.2); d != nil {
		t.Errorf("healthy: %v", d)
	}
	d := analysis.DiagnoseUnits(layer(10), 0.2) // 7 of 10: not above 70 %
	f, ok := d.Find(analysis.DeadUnits)
	if !ok || f.Count != 7 || !slices.Equal(f.Units, []int{3, 4, 5, 6, 7, 8, 9}) || f.Remedy != analysis.ReinitialiseDead {
		t.Errorf("dead: %+v", f)
	}
	if !strings.HasPrefix(f.Sentence, "7 of 10 units are dead: their mean activation is below 0.02,") {
		t.Errorf("sentence %q", f.Sentence)
	}
	if _, ok := d.Find(analysis.Collapse); ok {
		t.Error("collapsed with 70 % dead")
	}
	most := analysis.Observe(columns(live, dead, dead, dead), nn.Sigmoid)
	for rho, remedy := range map[float64]analysis.Remedy{0.2: analysis.LowerBeta, 0: analysis.ReinitialiseDead} {
		f, ok := analysis.DiagnoseUnits(most, rho).Find(analysis.Collapse)
		if !ok || f.Count != 3 || f.Remedy != remedy || !strings.Contains(f.Sentence, "75 %") {
			t.Errorf("collapse with ρ = %v: %+v", rho, f)
		}
	}
	f, ok = analysis.DiagnoseUnits(analysis.Observe(columns(repeat(50, 1), live), nn.Sigmoid), 0.2).Find(analysis.SaturatedUnits)
	if !ok || f.Count != 1 || f.Units[0] != 0 || !strings.HasPrefix(f.Sentence, "1 of 2 units is saturated: within 1 % of 1 ") {
		t.Errorf("saturated: %+v", f)
	}
}
