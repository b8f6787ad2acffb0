package rbm

import (
	"math"

	"filterscope/engine/linalg"
)

const (
	// updateRows is how many rows of the weights a part of the update moves: two
	// strips of 14, whose gradient stays in the second-level cache.
	updateRows = 28
	// activityMemory is how many examples the running mean activation remembers.
	// More makes the sparsity term swing with momentum; see autoencoder.
	activityMemory = 5
)

// sparsity moves the running mean activations and sets slope to β dKL(ρ‖q)/dq. As
// in the sparse autoencoder the slope is taken at the running mean, and how q
// depends on the parameters from the minibatch.
func (p *Stepper[T]) sparsity() {
	p.terms[2].Value = 0
	if p.with.Beta == 0 {
		return
	}
	keep := float64(activityMemory) / float64(activityMemory+p.rows)
	if len(p.running) == 0 {
		p.running, keep = make([]float64, p.spec.Hidden), 0
	}
	const tiny = 1e-12
	rho, kl := p.with.Rho, 0.0
	for j := range p.running {
		sum := 0.0
		for r := range p.rows {
			sum += float64(p.gibbs.z.At(r, j))
		}
		p.running[j] = keep*p.running[j] + (1-keep)*sum/float64(p.rows)
		q := min(max(p.running[j], tiny), 1-tiny)
		kl += rho*math.Log(rho/q) + (1-rho)*math.Log((1-rho)/(1-q))
		p.slope[j] = T(p.with.Beta * (-rho/q + (1-rho)/(1-q)))
	}
	p.terms[2].Value = p.with.Beta * kl
}

// biasGradient turns the means in gibbs.z into the factors of the weight
// gradient, -1/m of the data's and 1/chains of the samples', and adds them and
// the visible values up to the gradient of the biases.
//
//	∂F/∂W = -h vᵀ, ∂F/∂b = -h, ∂F/∂a = -v (+ a, which cancels), h the means
func (p *Stepper[T]) biasGradient() {
	g, m := p.gibbs, p.rows
	_, da, db := split(p.spec, p.grad)
	clear(da)
	clear(db)
	data, chains := -1/T(m), 1/T(g.hT.Cols)
	for r := range g.z.Rows {
		scale := chains
		if r < m {
			scale = data
		}
		h := g.z.Row(r)
		if r < m && p.with.Beta > 0 {
			for j, v := range h {
				h[j] = scale*v - scale*p.slope[j]*v*(1-v)
			}
		} else {
			linalg.Blend(scale, 0, h, h)
		}
		linalg.Blend(1, 1, h, db)
		linalg.Blend(1, scale, g.v.Row(r), da)
	}
}

// updatePart computes the gradient of some rows of the weights and moves them.
func (p *Stepper[T]) updatePart(i int) {
	first, last := span(i, p.spec.Hidden, updateRows)
	g := p.gibbs
	from, to := first*p.spec.Visible, last*p.spec.Visible
	w, grad := p.theta[from:to], p.grad[from:to]
	linalg.MulTrans(linalg.MatrixOf(last-first, p.spec.Visible, grad), g.z.Columns(first, last), g.v, false)
	p.penalty[i] = 0
	if lambda := p.with.Lambda; lambda > 0 {
		p.penalty[i] += lambda / 2 * linalg.Squares(w)
		linalg.Blend(1, T(lambda), w, grad)
	}
	if l1 := T(p.with.L1); l1 > 0 {
		sum := 0.0
		for k, v := range w {
			switch {
			case v > 0:
				sum += float64(v)
				grad[k] += l1
			case v < 0:
				sum -= float64(v)
				grad[k] -= l1
			}
		}
		p.penalty[i] += p.with.L1 * sum
	}
	p.move(from, to)
}

// move steps the parameters from to to-1 down their gradient.
func (p *Stepper[T]) move(from, to int) {
	rate := T(p.with.LearningRate)
	if p.velocity == nil {
		linalg.Blend(1, -rate, p.grad[from:to], p.theta[from:to])
		return
	}
	linalg.StepMomentum(p.theta[from:to], p.velocity[from:to], p.grad[from:to], T(p.with.Momentum), rate)
}
