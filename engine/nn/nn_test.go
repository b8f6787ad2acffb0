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

// TestCheckGradientKinks puts kinks of |x| within the step: without Kinks the
// differences are wrong, with it they are right, and a wrong gradient is still
// found.
func TestCheckGradientKinks(t *testing.T) {
	layout := NewLayout(Tensor{Name: "x", Shape: []int{3}})
	f := func(slope float64) func(x, grad []float64) float64 {
		return func(x, grad []float64) float64 {
			sum := 0.0
			for i, v := range x {
				sum += math.Abs(v) + v*v
				if grad != nil {
					grad[i] = slope*math.Copysign(1, v) + 2*v
				}
			}
			return sum
		}
	}
	for _, tt := range []struct {
		name  string
		kinks bool
		slope float64
		right bool
	}{
		{"over the kinks", false, 1, false},
		{"beside the kinks", true, 1, true},
		{"wrong gradient", true, 0.999, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := []float64{3e-5, -7e-5, 2}
			c := CheckGradient(layout, x, f(tt.slope), CheckConfig{Epsilon: 1e-4, Kinks: tt.kinks})[0]
			if right := c.RelError < 1e-7; right != tt.right {
				t.Errorf("relative error %v", c.RelError)
			}
		})
	}
}

// A gradient that is 0 but for rounding agrees with one that is 0, and not with
// one that is not.
func TestCheckZeroGradient(t *testing.T) {
	layout := NewLayout(Tensor{Name: "b", Shape: []int{2}})
	for wrong, want := range map[float64]bool{1e-15: true, 1e-3: false} {
		f := func(x, grad []float64) float64 {
			if grad != nil {
				grad[0], grad[1] = wrong, -wrong
			}
			return 13.9 + 1e-14*math.Sin(1e9*(x[0]+x[1])) // rounding, drawn large
		}
		if got := CheckGradient(layout, []float64{0.3, 0.7}, f, DefaultCheck())[0].RelError; (got == 0) != want {
			t.Errorf("a gradient of %g: relative error %g", wrong, got)
		}
	}
}
