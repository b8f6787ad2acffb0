package analysis

import (
	"fmt"
	"math"
	"slices"
)

// Curve is the course of an objective that is to fall.
type Curve struct {
	Steps    []float64 // ascending
	Values   []float64 // of the objective, one a step
	PerEpoch float64   // steps of an epoch, 1 for full batches
}

// Thresholds of a diagnosis of a curve.
const (
	PlateauEpochs = 20    // without a gain of more than
	PlateauGain   = 0.001 // of the objective
	RiseShare     = 0.5   // of what was gained, which a rise loses again
	RiseNoise     = 3     // times the usual change from point to point, which a rise exceeds
	RiseLeast     = 0.01  // of the objective, which a rise exceeds
)

// smooth is the number of points whose median stands for the middle one.
const smooth = 5

// DiagnoseCurve says whether an objective is not finite, rises, or has stopped
// falling; at most one of them. A term that is phased in makes an objective
// rise: leave it out. With fewer points, or steps that are not one a value, less
// is recognised.
func DiagnoseCurve(c Curve) Diagnosis {
	n := min(len(c.Steps), len(c.Values))
	for i, v := range c.Values[:n] {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			what := fmt.Sprintf("The objective is %v from step %.0f on", v, c.Steps[i])
			if i > 0 {
				what += fmt.Sprintf(", after %s at step %.0f", number(c.Values[i-1]), c.Steps[i-1])
			}
			return Diagnosis{{Kind: NotFinite, Remedy: RestoreGood, Sentence: what + ". Go back to the last good state, then lower the rate or clip the gradients."}}
		}
	}
	if f, ok := rising(c.Steps[:n], c.Values[:n]); ok {
		return Diagnosis{f}
	}
	if f, ok := flat(c.Steps[:n], c.Values[:n], c.PerEpoch); ok {
		return Diagnosis{f}
	}
	return nil
}

// rising recognises divergence: medians of five points that end above the
// lowest of them by more than half of what had been gained, by more than noise,
// and still go up.
func rising(steps, values []float64) (Finding, bool) {
	n := len(values)
	if n < 2*smooth {
		return Finding{}, false
	}
	medians := make([]float64, n-smooth+1)
	for i := range medians {
		medians[i] = median(values[i : i+smooth])
	}
	changes := make([]float64, n-1)
	for i := range changes {
		changes[i] = math.Abs(values[i+1] - values[i])
	}
	low := 0
	for i, v := range medians {
		if v < medians[low] {
			low = i
		}
	}
	last := len(medians) - 1
	gained, risen := medians[0]-medians[low], medians[last]-medians[low]
	if risen <= RiseShare*gained || risen <= RiseNoise*median(changes) || risen <= RiseLeast*math.Abs(medians[low]) ||
		medians[last] <= medians[max(last-smooth, low)] {
		return Finding{}, false
	}
	return Finding{
		Kind: Divergence, Remedy: HalveRate,
		Sentence: fmt.Sprintf("The objective rises: from %s at step %.0f to %s at step %.0f. Halve the learning rate.",
			number(medians[low]), steps[low+smooth/2], number(medians[last]), steps[n-1]),
	}, true
}

// flat recognises a plateau: the lowest value of the last PlateauEpochs is not
// below the lowest before by more than PlateauGain of it.
func flat(steps, values []float64, perEpoch float64) (Finding, bool) {
	n := len(values)
	if n < 2 || !(perEpoch > 0) {
		return Finding{}, false
	}
	start := steps[n-1] - PlateauEpochs*perEpoch
	k, _ := slices.BinarySearch(steps, start)
	for k < n && steps[k] <= start {
		k++
	}
	if k == 0 || k == n {
		return Finding{}, false
	}
	before, recent := slices.Min(values[:k]), slices.Min(values[k:])
	gain := before - recent
	if gain > PlateauGain*math.Abs(before) {
		return Finding{}, false
	}
	how := "no gain"
	if gain > 0 {
		how = fmt.Sprintf("a gain of %s", share(gain/math.Abs(before)))
	}
	return Finding{
		Kind: Plateau, Remedy: StopTraining,
		Sentence: fmt.Sprintf("The objective stays at %s: %s in the last %d epochs. Stop, or change something.", number(min(before, recent)), how, PlateauEpochs),
	}, true
}

// median returns the median of values, which must not be empty.
func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}
