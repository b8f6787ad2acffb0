package analysis

import (
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Thresholds of a diagnosis of units, beside those of dead ones.
const (
	BoundShare      = 0.01 // part of an activation's range that counts as at its bound
	SaturatedShare  = 0.95 // part of the examples at a bound, above which a unit counts as saturated
	CollapsedShare  = 0.7  // part of the units dead, above which a layer counts as collapsed
	DuplicateCosine = 0.95 // of the angle of two filters, above which they count as the same
	OppositeCosine  = -0.9 // and below which as opposite
)

// Activity sums up what the units of a layer do over examples.
type Activity struct {
	Activation          nn.Activation
	N                   int       // examples
	Mean, Max, Variance []float64 // of each unit; the variance is divided by N
	AtLow, AtHigh       []float64 // part of the examples within BoundShare of the bounds; 0 for unbounded activations
}

// Observe measures activations, n×h, of units of that kind. Values that are not
// finite make the unit's mean and variance NaN.
func Observe[T linalg.Float](activations linalg.Matrix[T], f nn.Activation) *Activity {
	n, h := activations.Rows, activations.Cols
	a := &Activity{
		Activation: f, N: n, Mean: make([]float64, h), Max: make([]float64, h), Variance: make([]float64, h),
		AtLow: make([]float64, h), AtHigh: make([]float64, h),
	}
	if n == 0 {
		return a
	}
	low, high := f.Range()
	margin := BoundShare * (high - low)
	bounded := !math.IsInf(margin, 0)
	first := activations.Row(0)
	for j, v := range first {
		a.Max[j] = float64(v)
	}
	for i := range n {
		for j, v := range activations.Row(i) {
			x := float64(v)
			off := x - float64(first[j]) // sums about the first are exact for units that never change
			a.Mean[j] += off
			a.Variance[j] += off * off
			if x > a.Max[j] {
				a.Max[j] = x
			}
			if bounded {
				if x <= low+margin {
					a.AtLow[j]++
				} else if x >= high-margin {
					a.AtHigh[j]++
				}
			}
		}
	}
	for j := range h {
		off := a.Mean[j] / float64(n)
		a.Mean[j] = off + float64(first[j])
		a.Variance[j] = a.Variance[j]/float64(n) - off*off
		if a.Variance[j] < 0 { // not max, which would hide NaN behind nothing
			a.Variance[j] = 0
		}
		a.AtLow[j] /= float64(n)
		a.AtHigh[j] /= float64(n)
	}
	return a
}

// Dead returns the units that carry nothing. Sigmoid units are dead when their
// mean is below DeadShare of the target rho, 0 for none, or they never exceed
// DeadLevel. Others are dead when their standard deviation is below
// DeadDeviation, and those that cannot be negative when they are never above 0.
func (a *Activity) Dead(rho float64) []int {
	if a.N == 0 {
		return nil
	}
	var units []int
	low, high := a.Activation.Range()
	for j, mean := range a.Mean {
		if dead(low, high, mean, a.Max[j], math.Sqrt(a.Variance[j]), rho) {
			units = append(units, j)
		}
	}
	return units
}

// dead is the rule of Activity.Dead for a unit of an activation from low to high.
func dead(low, high, mean, largest, deviation, rho float64) bool {
	switch {
	case low == 0 && high == 1:
		return mean < DeadShare*rho || largest < DeadLevel
	case low == 0 && largest <= 0:
		return true
	}
	return deviation < DeadDeviation*max(1, math.Abs(mean))
}

// Saturated returns the units that are within BoundShare of a bound for more
// than SaturatedShare of the examples and not dead: they pass next to no
// gradient on. With a target rho of sigmoid units, above 0, the lower bound is
// where they should rest and does not count. Unbounded activations do not
// saturate.
func (a *Activity) Saturated(rho float64) []int {
	var stuck []int
	dead := a.Dead(rho)
	for j := range a.Mean {
		if len(dead) > 0 && dead[0] == j {
			dead = dead[1:]
			continue
		}
		at := a.AtHigh[j]
		if a.Activation != nn.Sigmoid || rho == 0 {
			at += a.AtLow[j]
		}
		if at > SaturatedShare {
			stuck = append(stuck, j)
		}
	}
	return stuck
}
