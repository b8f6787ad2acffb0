package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// TensorCheck compares the analytic gradient of one tensor with central
// differences.
type TensorCheck struct {
	Tensor    string  `json:"tensor"`
	Size      int     `json:"size"`       // components of the tensor
	Checked   int     `json:"checked"`    // components compared
	RelError  float64 `json:"rel_error"`  // ‖num-grad‖ / ‖num+grad‖ over those
	MaxDiff   float64 `json:"max_diff"`   // max |num-grad|
	NormGrad  float64 `json:"norm_grad"`  // ‖grad‖ over the compared components
	NormCheck float64 `json:"norm_check"` // ‖num‖ over the compared components
}

// String formats the check as one line for people.
func (c TensorCheck) String() string {
	return fmt.Sprintf("%-18s %6d of %6d  relative error %.3e", c.Tensor, c.Checked, c.Size, c.RelError)
}

// CheckConfig says how CheckGradient compares.
type CheckConfig struct {
	// Epsilon is the half step of the central difference; 1e-4 is UFLDL's.
	Epsilon float64
	// MaxPerTensor bounds how many components of a tensor are compared,
	// drawn without repetition; 0 means all of them.
	MaxPerTensor int
	// Seed draws those components.
	Seed uint64
	// Kinks says that the function has kinks, as those of ReLU units and of absolute
	// losses have. A central difference over a kink is wrong, so a component whose
	// differences over Epsilon and over half of it disagree is looked at again with
	// a tenth of the step, down to kinkFloor. The analytic gradient has no say in it.
	Kinks bool
}

// Limits of the steps about kinks.
const (
	kinkFloor = 1e-7  // the smallest step
	kinkSlack = 2e-8  // relative difference of two differences that agree
	kinkUlps  = 1e-14 // and of the function, the rounding of its value
)

// DefaultCheck compares at most 200 components a tensor with UFLDL's step.
func DefaultCheck() CheckConfig {
	return CheckConfig{Epsilon: 1e-4, MaxPerTensor: 200, Seed: 1}
}

// CheckGradient evaluates f and its gradient at theta and compares the
// gradient, tensor by tensor, with (f(θ+ε)-f(θ-ε))/2ε. f returns the value and
// fills grad unless it is nil. theta is changed during the call and restored.
func CheckGradient(layout Layout, theta []float64, f func(theta, grad []float64) float64, cfg CheckConfig) []TensorCheck {
	grad := make([]float64, len(theta))
	value := f(theta, grad)
	rng := rand.New(rand.NewPCG(cfg.Seed, 0))
	checks := make([]TensorCheck, 0, len(layout))
	for _, t := range layout {
		c := TensorCheck{Tensor: t.Name, Size: t.Len(), Checked: t.Len()}
		if cfg.MaxPerTensor > 0 {
			c.Checked = min(c.Size, cfg.MaxPerTensor)
		}
		var diff, sum, num2, grad2 float64
		for _, i := range sample(rng, c.Size, c.Checked) {
			at := t.Offset + i
			num := cfg.difference(theta, at, f)
			d, s := num-grad[at], num+grad[at]
			diff += d * d
			sum += s * s
			num2 += num * num
			grad2 += grad[at] * grad[at]
			c.MaxDiff = max(c.MaxDiff, math.Abs(d))
		}
		// A gradient that is 0 but for the rounding of f, on both sides, agrees: a bias
		// that centred data do not push.
		rounding := kinkUlps * (1 + math.Abs(value)) / cfg.Epsilon
		if zero := rounding * rounding * float64(c.Checked); diff > 0 && (num2 > zero || grad2 > zero) {
			c.RelError = math.Sqrt(diff) / math.Sqrt(sum)
		}
		c.NormCheck, c.NormGrad = math.Sqrt(num2), math.Sqrt(grad2)
		checks = append(checks, c)
	}
	return checks
}

// difference returns the central difference of f along component i of theta,
// with a step that reaches no kink as far as that can be told.
func (cfg CheckConfig) difference(theta []float64, i int, f func(theta, grad []float64) float64) float64 {
	d := Derivative(theta, i, cfg.Epsilon, f)
	if !cfg.Kinks {
		return d
	}
	value := math.Abs(f(theta, nil))
	for step := cfg.Epsilon; step > kinkFloor; step /= 10 {
		half := Derivative(theta, i, step/2, f)
		if math.Abs(d-half) <= kinkSlack*max(math.Abs(d), math.Abs(half))+kinkUlps*value/step {
			return d
		}
		d = Derivative(theta, i, step/10, f)
	}
	return d
}

// Derivative returns the central difference of f along component i of theta.
func Derivative(theta []float64, i int, epsilon float64, f func(theta, grad []float64) float64) float64 {
	old := theta[i]
	theta[i] = old + epsilon
	plus := f(theta, nil)
	theta[i] = old - epsilon
	minus := f(theta, nil)
	theta[i] = old
	return (plus - minus) / (2 * epsilon)
}

// sample returns k different numbers below n, all of them in order if k == n.
func sample(rng *rand.Rand, n, k int) []int {
	if k == n {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	seen := make(map[int]bool, k)
	chosen := make([]int, 0, k)
	for len(chosen) < k {
		if i := rng.IntN(n); !seen[i] {
			seen[i] = true
			chosen = append(chosen, i)
		}
	}
	return chosen
}

// UFLDLCheck runs the unit check of the UFLDL exercise
// (checkNumericalGradient.m): h(x) = x1² + 3 x1 x2 at [4; 10] with
// EPSILON = 1e-4. It returns ‖num-grad‖/‖num+grad‖, which the exercise gives
// as 2.1452e-12.
func UFLDLCheck() float64 {
	h := func(x, grad []float64) float64 {
		if grad != nil {
			grad[0], grad[1] = 2*x[0]+3*x[1], 3*x[0]
		}
		return x[0]*x[0] + 3*x[0]*x[1]
	}
	layout := NewLayout(Tensor{Name: "x", Shape: []int{2}})
	return CheckGradient(layout, []float64{4, 10}, h, CheckConfig{Epsilon: 1e-4})[0].RelError
}
