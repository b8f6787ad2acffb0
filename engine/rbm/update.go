package rbm

import (
	"math"

	"filterscope/engine/linalg"
)

// activityMemory is how many examples the running mean activation remembers.
// More makes the sparsity term swing with momentum; see autoencoder.
const activityMemory = 5

// sparsity moves the running mean activations of some hidden units, and sets their slope to
// β dKL(ρ‖q)/dq and kl to their β KL. As in the sparse autoencoder the
// slope is taken at the running mean, and how q depends on the parameters
// from the minibatch.
func (p *Stepper[T]) sparsity(first, last int) {
	rows := p.gibbs.examples
	keep := float64(activityMemory) / float64(activityMemory+rows)
	if p.fresh {
		keep = 0
	}
	const tiny = 1e-12
	rho := p.with.Rho
	for j := first; j < last; j++ {
		sum := 0.0
		for r := range rows {
			sum += float64(p.gibbs.z.At(r, j))
		}
		p.running[j] = keep*p.running[j] + (1-keep)*sum/float64(rows)
		q := min(max(p.running[j], tiny), 1-tiny)
		p.kl[j] = p.with.Beta * (rho*math.Log(rho/q) + (1-rho)*math.Log((1-rho)/(1-q)))
		p.slope[j] = T(p.with.Beta * (-rho/q + (1-rho)/(1-q)))
	}
}

// hiddenGradient turns the means of some hidden units in gibbs.z into the
// factors of their weights' gradient, -1/m of the data's and 1/chains of the
// samples', and adds them up to the gradient of their biases. Where weights
// move by the gradient itself, the factors are -rate times that.
//
//	∂F/∂W = -h vᵀ, ∂F/∂b = -h, ∂F/∂a = -v (+ a, which cancels), h the means
func (p *Stepper[T]) hiddenGradient(first, last int) {
	if p.with.Beta > 0 {
		p.sparsity(first, last)
	}
	sum := p.hidden[first:last]
	clear(sum)
	for r := range p.gibbs.z.Rows {
		h, scale := p.gibbs.z.Row(r)[first:last], p.share(r)
		if r == p.gibbs.examples {
			copy(p.active[first:last], sum)
		}
		if r < p.gibbs.examples && p.with.Beta > 0 {
			for j, v := range h {
				h[j] = scale*v - scale*p.slope[first+j]*v*(1-v)
			}
		} else {
			linalg.Blend(scale, 0, h, h)
		}
		linalg.Blend(1, 1, h, sum)
		if p.velocity == nil {
			linalg.Blend(-T(p.with.LearningRate), 0, h, h)
		}
	}
}

// visibleGradient adds the values of some visible units up to the gradient of their biases.
func (p *Stepper[T]) visibleGradient(first, last int) {
	sum := p.visible[first:last]
	clear(sum)
	for r := range p.gibbs.v.Rows {
		linalg.Blend(1, p.share(r), p.gibbs.v.Row(r)[first:last], sum)
	}
}

// share is the factor of row r of gibbs.v in the gradient of the free-energy gap.
func (p *Stepper[T]) share(r int) T {
	if r < p.gibbs.examples {
		return -1 / T(p.gibbs.examples)
	}
	return 1 / T(p.gibbs.h.Rows)
}

// learnPart moves the weights of a part of the visible units, a few of them at a time, in both copies.
// The gradient is added to what it moves: the velocity, or else the weights.
func (p *Stepper[T]) learnPart(part int) {
	g, rate := p.gibbs, T(p.with.LearningRate)
	at, end := p.gibbs.part(part)
	decay := 0.0
	for c := range g.lists[part].columns {
		list := &g.lists[part].columns[c]
		from, to := at+c*listColumns, min(at+(c+1)*listColumns, end)
		weights := g.up.Slice(from, to)
		moved, scale, changed := weights, -rate, list.Len() > 0 || p.with.Lambda > 0 || p.with.L1 > 0
		if p.velocity != nil {
			moved.Data = p.velocity[from*g.up.Stride : to*g.up.Stride]
			scale, changed = 1, true
			linalg.Blend(T(p.with.Momentum), 0, moved.Data, moved.Data)
		}
		decay += p.decay(weights.Data, moved.Data, scale)
		list.Mul(moved, g.z, true)
		if p.velocity != nil {
			linalg.Blend(1, -rate, moved.Data, weights.Data)
		}
		if changed {
			linalg.Transpose(g.down[part], g.up.Slice(at, end), from-at, to-at)
		}
	}
	p.decays[part] = decay
}

// decay adds scale times the gradient of the weight decay of w to moved, which may be
// w, and returns the decay.
func (p *Stepper[T]) decay(w, moved []T, scale T) float64 {
	switch {
	case p.with.L1 > 0:
		lambda, l1 := scale*T(p.with.Lambda), scale*T(p.with.L1)
		squares, sum := linalg.Squares(w), 0.0
		for k, v := range w {
			switch {
			case v > 0:
				sum += float64(v)
				moved[k] += lambda*v + l1
			case v < 0:
				sum -= float64(v)
				moved[k] += lambda*v - l1
			}
		}
		return p.with.Lambda/2*squares + p.with.L1*sum
	case p.with.Lambda > 0:
		squares := linalg.Squares(w)
		linalg.Blend(1, scale*T(p.with.Lambda), w, moved)
		return p.with.Lambda / 2 * squares
	}
	return 0
}

// move steps parameters, whose velocities begin at from, down their gradient.
func (p *Stepper[T]) move(theta []T, from int, grad []T) {
	rate := T(p.with.LearningRate)
	if p.velocity == nil {
		linalg.Blend(1, -rate, grad, theta)
		return
	}
	linalg.StepMomentum(theta, p.velocity[from:from+len(theta)], grad, T(p.with.Momentum), rate)
}

// velocities is the number of velocities there are with momentum.
func (p *Stepper[T]) velocities() int { return len(p.gibbs.up.Data) + p.spec.Visible + p.spec.Hidden }
