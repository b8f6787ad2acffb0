package selection

import "filterscope/engine/linalg"

// Probabilities returns p at each x, n×K.
func (s Spec) Probabilities(theta, x []float64) linalg.Matrix[float64] {
	s.Hard = false
	o := NewObjective[float64](s)
	o.forward(theta, x)
	return o.p
}

// Output returns y at each x by soft selection.
func (s Spec) Output(theta, x []float64) []float64 { return s.output(theta, x, false) }

// HardOutput returns y at each x by hard selection: what the operation of the
// largest p gives alone.
func (s Spec) HardOutput(theta, x []float64) []float64 { return s.output(theta, x, true) }

func (s Spec) output(theta, x []float64, hard bool) []float64 {
	s.Hard = hard
	o := NewObjective[float64](s)
	o.forward(theta, x)
	y := make([]float64, len(x))
	for i := range y {
		y[i] = linalg.Dot(o.p.Row(i), o.values.Row(i))
	}
	return y
}

// Selected returns the operation, an index into Operations, of the largest p at
// each x.
func (s Spec) Selected(theta, x []float64) []int {
	p := s.Probabilities(theta, x)
	selected := make([]int, len(x))
	for i := range selected {
		selected[i] = largest(p.Row(i))
	}
	return selected
}

// Accuracy returns the share of the x, one or more, at which the operation of the
// largest p is that of the target, or gives the very same value, as |x| and -x do
// below 0.
func (s Spec) Accuracy(theta, x []float64) float64 {
	right := 0
	hard := s.HardOutput(theta, x)
	for i, k := range s.Selected(theta, x) {
		if y, want := s.Target(x[i]); k == want || hard[i] == y {
			right++
		}
	}
	return float64(right) / float64(len(x))
}
