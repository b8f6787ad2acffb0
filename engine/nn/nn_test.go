package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestUFLDLCheck(t *testing.T) {
	// checkNumericalGradient.m prints 2.1452e-12.
	if got := fmt.Sprintf("%.4e", UFLDLCheck()); got != "2.1452e-12" {
		t.Errorf("UFLDLCheck() = %s, want 2.1452e-12", got)
	}
}

func TestCheckGradient(t *testing.T) {
	layout := NewLayout(Tensor{Name: "a", Shape: []int{20, 3}}, Tensor{Name: "b", Shape: []int{5}})
	theta := make([]float64, layout.Size())
	FillUniform(rand.New(rand.NewPCG(1, 2)), theta, 1)
	wrong := -1 // component whose analytic gradient is off by 1
	f := func(x, grad []float64) float64 {
		sum := 0.0
		for i, v := range x {
			sum += math.Sin(v)
			if grad != nil {
				grad[i] = math.Cos(v)
			}
		}
		if grad != nil && wrong >= 0 {
			grad[wrong]++
		}
		return sum
	}
	checks := CheckGradient(layout, theta, f, CheckConfig{Epsilon: 1e-4, MaxPerTensor: 10, Seed: 3})
	for _, c := range checks {
		if c.RelError > 1e-8 {
			t.Errorf("%s: relative error %g of a right gradient", c.Tensor, c.RelError)
		}
	}
	if checks[0].Checked != 10 || checks[1].Checked != 5 {
		t.Errorf("checked %d and %d components, want 10 and 5", checks[0].Checked, checks[1].Checked)
	}
	wrong = 62
	checks = CheckGradient(layout, theta, f, DefaultCheck())
	if checks[0].RelError > 1e-8 || checks[1].RelError < 0.1 {
		t.Errorf("relative errors %g and %g, want the fault found in b alone", checks[0].RelError, checks[1].RelError)
	}
}

func TestUFLDLRadius(t *testing.T) {
	tests := []struct {
		visible, hidden int
		want            float64 // methods.md A3
	}{
		{64, 25, 0.258199},
		{784, 196, 0.0782062},
		{200, 200, 0.122322},
	}
	for _, tt := range tests {
		if got := UFLDLRadius(tt.visible, tt.hidden); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("UFLDLRadius(%d, %d) = %v, want %v", tt.visible, tt.hidden, got, tt.want)
		}
	}
}
