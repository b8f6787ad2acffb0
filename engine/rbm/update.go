package rbm

import (
	"math"

	"filterscope/engine/linalg"
)

const (
	// updateRows is how many rows of the weights are decayed and moved at a time: two
	// strips of 14, which stay in the second-level cache meanwhile.
	updateRows = 28
	// activityMemory is how many examples the running mean activation remembers.
	// More makes the sparsity term swing with momentum; see autoencoder.
	activityMemory = 5
)

// terms are what a part of the hidden units adds to those of the step.
type terms struct {
	decay, sparsity float64
}

// learnPart computes the gradient of the hidden units first to last-1 from their
// means, and moves their weights and biases while they are in the cache. Units
// with a gradient that is not finite keep what they have.
func (p *Stepper[T]) learnPart(part, first, last int) {
	t := &p.parts[part]
	*t = terms{sparsity: p.sparsity(first, last)}
	if !p.hiddenGradient(first, last) {
		return
	}
	v := p.spec.Visible
	for from := first; from < last; from += updateRows {
		to := min(from+updateRows, last)
		t.decay += p.learnRows(from, to)
	}
	from := p.spec.Hidden*v + v
	p.move(from+first, from+last, p.biases[first:last])
}

// sparsity moves the running mean activations of some hidden units, sets their slope to
// β dKL(ρ‖q)/dq, and returns their β Σ KL. As in the sparse autoencoder the
// slope is taken at the running mean, and how q depends on the parameters
// from the minibatch.
func (p *Stepper[T]) sparsity(first, last int) float64 {
	if p.with.Beta == 0 {
		return 0
	}
	keep := float64(activityMemory) / float64(activityMemory+p.rows)
	if p.fresh {
		keep = 0
	}
	const tiny = 1e-12
	rho, kl := p.with.Rho, 0.0
	for j := first; j < last; j++ {
		sum := 0.0
		for r := range p.rows {
			sum += float64(p.gibbs.z.At(r, j))
		}
		p.running[j] = keep*p.running[j] + (1-keep)*sum/float64(p.rows)
		q := min(max(p.running[j], tiny), 1-tiny)
		kl += rho*math.Log(rho/q) + (1-rho)*math.Log((1-rho)/(1-q))
		p.slope[j] = T(p.with.Beta * (-rho/q + (1-rho)/(1-q)))
	}
	return p.with.Beta * kl
}

// hiddenGradient turns the means of some hidden units in gibbs.z into the
// factors of their weights' gradient, -1/m of the data's and 1/chains of the
// samples', and adds them up to the gradient of their biases. It says whether that is finite.
//
//	∂F/∂W = -h vᵀ, ∂F/∂b = -h, ∂F/∂a = -v (+ a, which cancels), h the means
func (p *Stepper[T]) hiddenGradient(first, last int) bool {
	sum := p.biases[first:last]
	clear(sum)
	for r := range p.gibbs.z.Rows {
		h, scale := p.gibbs.z.Row(r)[first:last], p.share(r)
		if r == p.rows {
			copy(p.active[first:last], sum)
		}
		if r < p.rows && p.with.Beta > 0 {
			for j, v := range h {
				h[j] = scale*v - scale*p.slope[first+j]*v*(1-v)
			}
		} else {
			linalg.Blend(scale, 0, h, h)
		}
		linalg.Blend(1, 1, h, sum)
	}
	check := T(0)
	for _, v := range sum {
		check += v - v // 0, or not a number
	}
	return check == 0
}

// visibleGradient adds the visible values up to the gradient of their biases.
func (p *Stepper[T]) visibleGradient() {
	clear(p.visible)
	for r := range p.gibbs.v.Rows {
		linalg.Blend(1, p.share(r), p.gibbs.v.Row(r), p.visible)
	}
}

// share is the factor of row r of gibbs.v in the gradient of the free-energy gap.
func (p *Stepper[T]) share(r int) T {
	if r < p.rows {
		return -1 / T(p.rows)
	}
	return 1 / T(p.gibbs.hT.Cols)
}

// learnRows moves the weights of a few hidden units and returns their decay.
// The gradient is added to what it moves: the velocity, or else the weights.
func (p *Stepper[T]) learnRows(first, last int) float64 {
	g, rate := p.gibbs, T(p.with.LearningRate)
	from, to := first*p.spec.Visible, last*p.spec.Visible
	w, h := p.theta[from:to], g.z.Columns(first, last)
	moved, scale := w, -rate
	if p.velocity != nil {
		moved, scale = p.velocity[from:to], 1
		linalg.Blend(T(p.with.Momentum), 0, moved, moved)
	} else {
		for r := range h.Rows {
			linalg.Blend(scale, 0, h.Row(r), h.Row(r))
		}
	}
	decay := p.decay(w, moved, scale)
	linalg.MulTrans(linalg.MatrixOf(last-first, p.spec.Visible, moved), h, g.v, true)
	if p.velocity != nil {
		linalg.Blend(1, -rate, moved, w)
	}
	return decay
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

// move steps the parameters from to to-1 down their gradient.
func (p *Stepper[T]) move(from, to int, grad []T) {
	rate := T(p.with.LearningRate)
	if p.velocity == nil {
		linalg.Blend(1, -rate, grad, p.theta[from:to])
		return
	}
	linalg.StepMomentum(p.theta[from:to], p.velocity[from:to], grad, T(p.with.Momentum), rate)
}
