package linalg

import (
	"fmt"
	"math"
)

// This file holds the passes of L-BFGS and of minibatch training over whole
// parameter vectors. All are serial.

// PairSums is what PairMake finds on its way. (Kernels know the order.)
type PairSums struct {
	SY, SS, YY float64 // products of the pair, as stored
	Slope      float64 // gNew·d
	GradSum    float64 // Σ |gNew|, NaN or Inf if any element is
	GradMax    float64 // max |gNew|; without meaning when GradSum is NaN
}

// PairDots returns s·g and y·g, summed in float64. It panics when the lengths
// differ.
func PairDots[T Float](s, y []T, g []float64) (sg, yg float64) {
	checkLengths("PairDots", len(s), len(g))
	checkLengths("PairDots", len(y), len(g))
	return use[T]().pairDots(s, y, g)
}

// PairAdd computes dst += a·s + b·y + c·u + d·v. It panics when the lengths
// differ.
func PairAdd[T Float](dst []float64, s, y, u, v []T, a, b, c, d float64) {
	if n := len(dst); len(s) != n || len(y) != n || len(u) != n || len(v) != n {
		panic(fmt.Sprintf("linalg: PairAdd: lengths %d, %d, %d and %d into %d", len(s), len(y), len(u), len(v), n))
	}
	use[T]().pairAdd(dst, s, y, u, v, a, b, c, d)
}

// PairMake computes s = xNew - x and y = gNew - g, copies gNew to copied, and
// sets sums to the products of the pair and of gNew with d. It panics when the
// lengths differ.
func PairMake[T Float](s, y []T, copied, x, g, xNew, gNew, d []float64, sums *PairSums) {
	n := len(s)
	for _, m := range [...]int{len(y), len(copied), len(x), len(g), len(xNew), len(gNew), len(d)} {
		checkLengths("PairMake", n, m)
	}
	use[T]().pairMake(s, y, copied, x, g, xNew, gNew, d, sums)
}

// Advance computes dst = x + step·d and returns g·d. It panics when the
// lengths differ.
func Advance(dst, x, d, g []float64, step float64) float64 {
	n := len(dst)
	for _, m := range [...]int{len(x), len(d), len(g)} {
		checkLengths("Advance", n, m)
	}
	return use[float64]().advance(dst, x, d, g, step)
}

// StepMomentum computes v = keep·v + g and theta -= rate·v. It panics when the
// lengths differ.
func StepMomentum[T Float](theta, v, g []T, keep, rate T) {
	checkLengths("StepMomentum", len(theta), len(g))
	checkLengths("StepMomentum", len(v), len(g))
	use[T]().stepMomentum(theta, v, g, keep, rate)
}

// AdamStep holds the constants of StepAdam.
type AdamStep[T Float] struct {
	Keep1, Take1   T // of the mean of gradients
	Keep2, Take2   T // of the mean of their squares
	Rate           T // learning rate, freed of the first mean's bias
	Scale, Epsilon T // the divisor is Scale·√v + Epsilon
}

// StepAdam computes m = Keep1·m + Take1·g, v = Keep2·v + Take2·g² and
// theta -= Rate·m / (Scale·√v + Epsilon). It panics when the lengths differ.
func StepAdam[T Float](theta, m, v, g []T, c AdamStep[T]) {
	checkLengths("StepAdam", len(theta), len(g))
	checkLengths("StepAdam", len(m), len(g))
	checkLengths("StepAdam", len(v), len(g))
	use[T]().stepAdam(theta, m, v, g, c)
}

// pairDots keeps two partial sums of each product: a single one would wait for
// the addition before.
func (generic[T]) pairDots(s, y []T, g []float64) (sg, yg float64) {
	var s0, s1, y0, y1 float64
	s, y = s[:len(g)], y[:len(g)]
	for i := 1; i < len(g); i += 2 {
		g0, g1 := g[i-1], g[i]
		s0 += float64(s[i-1]) * g0
		s1 += float64(s[i]) * g1
		y0 += float64(y[i-1]) * g0
		y1 += float64(y[i]) * g1
	}
	if last := len(g) - 1; last&1 == 0 {
		s0 += float64(s[last]) * g[last]
		y0 += float64(y[last]) * g[last]
	}
	return s0 + s1, y0 + y1
}

func (generic[T]) pairAdd(dst []float64, s, y, u, v []T, a, b, c, d float64) {
	s, y, u, v = s[:len(dst)], y[:len(dst)], u[:len(dst)], v[:len(dst)]
	for i := range dst {
		dst[i] += (a*float64(s[i]) + b*float64(y[i])) + (c*float64(u[i]) + d*float64(v[i]))
	}
}

func (generic[T]) pairMake(s, y []T, copied, x, g, xNew, gNew, d []float64, sums *PairSums) {
	*sums = PairSums{}
	for i, v := range gNew {
		a, b := T(xNew[i]-x[i]), T(v-g[i])
		s[i], y[i], copied[i] = a, b, v
		sums.SY += float64(a) * float64(b)
		sums.SS += float64(a) * float64(a)
		sums.YY += float64(b) * float64(b)
		sums.Slope += v * d[i]
		v = math.Abs(v)
		sums.GradSum += v
		if v > sums.GradMax { // not max, which is slower for the sake of NaN
			sums.GradMax = v
		}
	}
}

func (generic[T]) advance(dst, x, d, g []float64, step float64) float64 {
	x, d, g = x[:len(dst)], d[:len(dst)], g[:len(dst)]
	sum := 0.0
	for i, v := range d {
		dst[i] = x[i] + step*v
		sum += g[i] * v
	}
	return sum
}

func (generic[T]) stepMomentum(theta, v, g []T, keep, rate T) {
	theta, v = theta[:len(g)], v[:len(g)]
	for i, d := range g {
		v[i] = keep*v[i] + d
		theta[i] -= rate * v[i]
	}
}

func (generic[T]) stepAdam(theta, m, v, g []T, c AdamStep[T]) {
	theta, m, v = theta[:len(g)], m[:len(g)], v[:len(g)]
	for i, d := range g {
		m[i] = c.Keep1*m[i] + c.Take1*d
		v[i] = c.Keep2*v[i] + c.Take2*d*d
		theta[i] -= c.Rate * m[i] / (T(math.Sqrt(float64(v[i])))*c.Scale + c.Epsilon)
	}
}
