package rbm

import (
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/linalg"
)

// Chain is a Gibbs chain, or several side by side, to look at: what a machine
// has in mind.
type Chain[T linalg.Float] struct {
	gibbs *gibbs[T]
	means linalg.Matrix[T]
}

// NewChain returns chains of the machine theta, which it copies, that start at the rows of start (chains×visible). It panics when the shapes do
// not fit or start is empty.
func NewChain[T linalg.Float](s Spec, theta []T, start linalg.Matrix[T], seed uint64) *Chain[T] {
	check("NewChain", s, theta, start)
	if start.Rows == 0 {
		panic("rbm: NewChain: no chains")
	}
	c := &Chain[T]{gibbs: newGibbs(s, theta, seed), means: start.Clone()}
	c.gibbs.resize(0, start.Rows)
	for r := range start.Rows {
		copy(c.gibbs.v.Row(r), start.Row(r))
	}
	return c
}

// Noise returns n rows (n×visible) for chains of the machine theta to start at
// that know nothing of its weights: visible units drawn from their biases alone. It
// panics on a wrong length of theta.
func Noise[T linalg.Float](s Spec, theta []T, n int, rng *rand.Rand) linalg.Matrix[T] {
	if len(theta) != s.size() {
		panic(fmt.Sprintf("rbm: Noise: %d parameters, want %d", len(theta), s.size()))
	}
	_, biases, _ := split(s, theta)
	out := linalg.NewMatrix[T](n, s.Visible)
	for i := range n {
		row := out.Row(i)
		for j, bias := range biases {
			if s.VisibleUnit != Binary {
				row[j] = bias + T(rng.NormFloat64())
			} else if rng.Float64() < 1/(1+math.Exp(-float64(bias))) {
				row[j] = 1
			}
		}
	}
	return out
}

// SetParameters makes the next steps use theta, which it copies: newer
// parameters of the same machine. It panics on a wrong length.
func (c *Chain[T]) SetParameters(theta []T) {
	if len(theta) != c.gibbs.spec.size() {
		panic(fmt.Sprintf("rbm: SetParameters: %d parameters, want %d", len(theta), c.gibbs.spec.size()))
	}
	c.gibbs.use(theta)
}

// Step takes n Gibbs steps: hidden units given the visible ones, then visible
// units given the hidden ones, both sampled.
func (c *Chain[T]) Step(n int) {
	g := c.gibbs
	for range n {
		g.sweep(sweep[T]{rise: true, last: g.v.Rows, sample: true})
		g.sweep(sweep[T]{fall: true, draw: true, means: c.means})
	}
}

// Visible returns the visible samples (chains×visible), which Step overwrites.
func (c *Chain[T]) Visible() linalg.Matrix[T] { return c.gibbs.v }

// Means returns the means that the visible samples were drawn from, which
// make smoother pictures (chains×visible; the start before the first step).
// Step overwrites it.
func (c *Chain[T]) Means() linalg.Matrix[T] { return c.means }

// Hidden returns the means of the hidden units that gave the visible samples
// (chains×hidden; zero before the first step). Step overwrites it.
func (c *Chain[T]) Hidden() linalg.Matrix[T] { return c.gibbs.z }
