//go:build amd64 || arm64

package linalg

// optimiserKernels are the generated passes over parameter vectors; they take
// whole multiples of vectorUnit elements.
type optimiserKernels[T Float] struct {
	pairDots func(s, y *T, g *float64, n int) (sg, yg float64)
	pairAdd  func(dst *float64, s, y, u, v *T, a, b, c, d float64, n int)
	pairMake func(s, y *T, copied, x, g, xNew, gNew, d *float64, n int, sums *float64)
	advance  func(dst, x, d, g *float64, step float64, n int) float64
	momentum func(theta, v, g *T, keep, rate T, n int)
	adam     func(theta, m, v, g *T, keep1, take1, keep2, take2, rate, scale, epsilon T, n int)
}

// whole is how many of n elements a kernel can do.
func whole(n int) int { return n &^ (vectorUnit - 1) }

func (s *simd[T]) pairDots(a, b []T, g []float64) (sg, yg float64) {
	n := whole(len(g))
	if n == 0 {
		return s.generic.pairDots(a, b, g)
	}
	sg, yg = s.passes.pairDots(&a[0], &b[0], &g[0], n)
	if n < len(g) {
		sgRest, ygRest := s.generic.pairDots(a[n:], b[n:], g[n:])
		sg, yg = sg+sgRest, yg+ygRest
	}
	return sg, yg
}

func (s *simd[T]) pairAdd(dst []float64, p, q, u, v []T, a, b, c, d float64) {
	n := whole(len(dst))
	if n > 0 {
		s.passes.pairAdd(&dst[0], &p[0], &q[0], &u[0], &v[0], a, b, c, d, n)
	}
	s.generic.pairAdd(dst[n:], p[n:], q[n:], u[n:], v[n:], a, b, c, d)
}

func (s *simd[T]) pairMake(p, q []T, copied, x, g, xNew, gNew, d []float64, sums *PairSums) {
	n := whole(len(g))
	s.generic.pairMake(p[n:], q[n:], copied[n:], x[n:], g[n:], xNew[n:], gNew[n:], d[n:], sums)
	if n == 0 {
		return
	}
	rest := *sums
	s.passes.pairMake(&p[0], &q[0], &copied[0], &x[0], &g[0], &xNew[0], &gNew[0], &d[0], n, &sums.SY)
	sums.SY += rest.SY
	sums.SS += rest.SS
	sums.YY += rest.YY
	sums.Slope += rest.Slope
	sums.GradSum += rest.GradSum
	sums.GradMax = max(sums.GradMax, rest.GradMax)
}

func (s *simd[T]) advance(dst, x, d, g []float64, step float64) float64 {
	n := whole(len(dst))
	if n == 0 {
		return s.generic.advance(dst, x, d, g, step)
	}
	return s.passes.advance(&dst[0], &x[0], &d[0], &g[0], step, n) +
		s.generic.advance(dst[n:], x[n:], d[n:], g[n:], step)
}

func (s *simd[T]) stepMomentum(theta, v, g []T, keep, rate T) {
	n := whole(len(g))
	if n > 0 {
		s.passes.momentum(&theta[0], &v[0], &g[0], keep, -rate, n)
	}
	s.generic.stepMomentum(theta[n:], v[n:], g[n:], keep, rate)
}

func (s *simd[T]) stepAdam(theta, m, v, g []T, c AdamStep[T]) {
	n := whole(len(g))
	if n > 0 {
		s.passes.adam(&theta[0], &m[0], &v[0], &g[0], c.Keep1, c.Take1, c.Keep2, c.Take2, c.Rate, c.Scale, c.Epsilon, n)
	}
	s.generic.stepAdam(theta[n:], m[n:], v[n:], g[n:], c)
}
