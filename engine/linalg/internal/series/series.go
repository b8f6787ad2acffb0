// Package series holds the polynomials that the generators of kernels share.
package series

// Exp returns the coefficients of p, the lowest first, with
// exp(-s) ≈ 1 + s·p(s) for |s| ≤ radius. It is the Taylor series of
// (exp(-s)-1)/s, economised: each power beyond degree is replaced by the
// lower ones of the Chebyshev polynomial that it leads, the highest first. The
// error is about that of the first one replaced, radius^(degree+1)/(degree+2)!,
// divided by 2^degree.
func Exp(degree int, radius float64) []float64 {
	const terms = 24
	p := make([]float64, terms)
	c := 1.0
	for i := range p {
		c /= -float64(i + 1)
		p[i] = c
	}
	for n := terms - 1; n > degree; n-- {
		chebyshev := chebyshev(n)
		scale := 1.0 // radius^(n-i)
		lead := p[n] / chebyshev[n]
		for i := n; i >= 0; i-- {
			p[i] -= lead * chebyshev[i] * scale
			scale *= radius
		}
	}
	return p[:degree+1]
}

// chebyshev returns the coefficients of the n-th Chebyshev polynomial of the
// first kind.
func chebyshev(n int) []float64 {
	last, t := []float64{1}, []float64{0, 1}
	for range n - 1 {
		next := make([]float64, len(t)+1)
		for i, c := range t {
			next[i+1] = 2 * c
		}
		for i, c := range last {
			next[i] -= c
		}
		last, t = t, next
	}
	return t
}
