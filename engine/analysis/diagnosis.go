package analysis

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// DiagnoseUnits says which units of a layer are dead or saturated, and whether
// so many are dead that the layer has collapsed. rho is the target of the mean
// activation that a sparsity term asks for, 0 for none.
func DiagnoseUnits(a *Activity, rho float64) Diagnosis {
	var d Diagnosis
	h, dead := len(a.Mean), a.Dead(rho)
	if h == 0 || a.N == 0 {
		return nil
	}
	if len(dead) > 0 {
		d = append(d, about(DeadUnits, dead, ReinitialiseDead, fmt.Sprintf(
			"%s dead: %s. Give them new weights.", counted(len(dead), h, "is", "are"), deadRule(a.Activation, rho, len(dead)),
		)))
	}
	if part := float64(len(dead)) / float64(h); part > CollapsedShare {
		f := about(Collapse, dead, ReinitialiseDead, fmt.Sprintf(
			"The layer has collapsed: %s of its units are dead, more than %s. Give them new weights, or lower the learning rate.", share(part), share(CollapsedShare),
		))
		if rho > 0 {
			f.Remedy = LowerBeta
			f.Sentence = fmt.Sprintf("The layer has collapsed: %s of its units are dead, more than %s. Lower β, which silences them.", share(part), share(CollapsedShare))
		}
		d = append(d, f)
	}
	if stuck := a.Saturated(rho); len(stuck) > 0 {
		low, high := a.Activation.Range()
		bounds := fmt.Sprintf("%v or %v", low, high)
		if a.Activation == nn.Sigmoid && rho > 0 {
			bounds = fmt.Sprint(high)
		}
		d = append(d, about(SaturatedUnits, stuck, HalveRate, fmt.Sprintf(
			"%s saturated: within %s of %s for more than %s of the examples, where gradients vanish. Lower the learning rate, or scale the data down.",
			counted(len(stuck), h, "is", "are"), share(BoundShare), bounds, share(SaturatedShare),
		)))
	}
	return d
}

// deadRule says in words what Dead goes by, of n units.
func deadRule(f nn.Activation, rho float64, n int) string {
	its, exceeds, is, does := "their mean activation is", "they never exceed", "they are never", "do not vary"
	if n == 1 {
		its, exceeds, is, does = "its mean activation is", "it never exceeds", "it is never", "does not vary"
	}
	switch {
	case f == nn.Sigmoid && rho > 0:
		return fmt.Sprintf("%s below %s, a tenth of ρ = %s, or %s %v", its, number(DeadShare*rho), number(rho), exceeds, DeadLevel)
	case f == nn.Sigmoid:
		return fmt.Sprintf("%s %v", exceeds, DeadLevel)
	case f == nn.ReLU:
		return fmt.Sprintf("%s above 0, or %s", is, does)
	case n == 1:
		return "it does not vary from one example to another"
	}
	return "they do not vary from one example to another"
}

// The band of log₁₀ of update over weight that is healthy, and the bound above
// which only clipping helps. About -3 is a common goal.
const (
	SmallestUpdate = -4.0
	LargestUpdate  = -2.0
	WildUpdate     = -1.0
)

// UpdateRatio returns log₁₀ of ‖after−before‖/‖before‖ a step, for the
// parameters of a layer before and after that many steps, at least 1. Over
// several steps it is a lower bound: steps that undo each other do not show. It
// is -Inf when nothing moved and NaN when all weights are 0 or something is not
// finite. It panics when the lengths differ.
func UpdateRatio[T linalg.Float](before, after []T, steps int) float64 {
	if len(before) != len(after) {
		panic(fmt.Sprintf("analysis: UpdateRatio: %d parameters before, %d after", len(before), len(after)))
	}
	var moved, size float64
	for i, v := range before {
		e := float64(after[i]) - float64(v)
		moved += e * e
		size += float64(v) * float64(v)
	}
	if size == 0 || math.IsInf(size, 1) || math.IsInf(moved, 1) {
		return math.NaN()
	}
	return 0.5*math.Log10(moved/size) - math.Log10(float64(max(steps, 1)))
}

// DiagnoseUpdates says whether the steps of a layer of that name fit its
// weights; ratio is an UpdateRatio. NaN, and -Inf, which is of a run that is
// held, say nothing.
func DiagnoseUpdates(layer string, ratio float64) Diagnosis {
	if math.IsNaN(ratio) || math.IsInf(ratio, -1) {
		return nil
	}
	f := Finding{Kind: LargeUpdates}
	part := fmt.Sprintf("A step changes the weights of %s by %s of their size (healthy: %s to %s)",
		layer, share(math.Pow(10, ratio)), share(math.Pow(10, SmallestUpdate)), share(math.Pow(10, LargestUpdate)))
	switch {
	case ratio > WildUpdate:
		f.Remedy, f.Sentence = ClipGradients, part+": clip the gradients."
	case ratio > LargestUpdate:
		f.Remedy, f.Sentence = HalveRate, part+": halve the learning rate."
	case ratio < SmallestUpdate:
		f.Kind, f.Remedy, f.Sentence = SmallUpdates, RaiseRate, part+": raise the learning rate, unless training is about to end."
	default:
		return nil
	}
	return Diagnosis{f}
}

// ActiveVariance is the variance of a latent unit's mean code above which it
// counts as active (Burda, Grosse & Salakhutdinov 2016).
const ActiveVariance = 0.01

// DiagnoseLatent says how many latent units of a variational autoencoder are
// active. variances holds, for each, the variance over the examples of its mean
// code, and kl its mean Kullback-Leibler divergence from the prior in nats, or
// nothing. When less than half are active the posterior has collapsed; the
// finding's units are then the inactive ones, else the active ones.
func DiagnoseLatent(variances, kl []float64) Diagnosis {
	n := len(variances)
	if n == 0 {
		return nil
	}
	var active, idle []int
	total, wasted := 0.0, 0.0
	for j, v := range variances {
		if v > ActiveVariance {
			active = append(active, j)
		} else {
			idle = append(idle, j)
			if j < len(kl) {
				wasted += kl[j]
			}
		}
		if j < len(kl) {
			total += kl[j]
		}
	}
	said := fmt.Sprintf("%s active (variance of the mean code above %v", counted(len(active), n, "is", "are"), ActiveVariance)
	if len(kl) == n {
		said += fmt.Sprintf("; they hold %s of %s nats", number(total-wasted), number(total))
	}
	said += ")"
	if 2*len(active) >= n {
		return Diagnosis{about(ActiveLatent, active, None, said+".")}
	}
	return Diagnosis{about(PosteriorCollapse, idle, LowerBeta, said+
		": the posterior of the others has collapsed to the prior, and they say nothing of the input. Lower β, or let it rise slowly.")}
}
