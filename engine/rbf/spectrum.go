package rbf

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"filterscope/engine/linalg"
)

// spectrum is a least-squares problem in the coordinates of its singular value
// decomposition B = U·S·Vᵀ, where everything about a fit is a sum over singular
// values: its weights, residuals, leverages and scores for any λ. B is the
// design matrix with the column space of the free part (the tail, when it is not
// shrunk) taken out of it, and of y.
type spectrum struct {
	n    int
	u    *mat.Dense // N×K
	v    *mat.Dense // M×K
	s    []float64  // K, largest first
	c    []float64  // Uᵀy
	out  []float64  // the part of y outside all columns
	rest []float64  // 1 - leverage of all columns, of each point
	free []float64  // leverage of the free part
	left int        // dimensions outside all columns
}

// decompose returns the spectrum of b, N×M, and y; free and rank describe what
// was taken out of both before.
func decompose(b linalg.Matrix[float64], y, free []float64, rank int) (*spectrum, error) {
	d, ok := singular(b)
	if !ok {
		return nil, errors.New("the singular values of the design matrix were not found: change a width or a centre a little")
	}
	d.free = free
	k := len(d.s)
	d.n, d.left = b.Rows, b.Rows-k-rank
	d.c = make([]float64, k)
	for i, v := range y {
		for j, u := range d.u.RawRowView(i) {
			d.c[j] += u * v
		}
	}
	d.out, d.rest = make([]float64, d.n), make([]float64, d.n)
	if d.left <= 0 {
		return d, nil
	}
	for i, v := range y {
		row := d.u.RawRowView(i)
		d.out[i] = v - dot(row, d.c)
		d.rest[i] = 1 - dot(row, row)
		if free != nil {
			d.rest[i] -= free[i]
		}
		if d.rest[i] < 1e-12 { // rounding error: the point is met whatever its value
			d.rest[i], d.out[i] = 0, 0
		}
	}
	return d, nil
}

// singular returns the thin decomposition of b; gonum takes a tall matrix
// through a QR decomposition first.
func singular(b linalg.Matrix[float64]) (*spectrum, bool) {
	if b.Rows == 0 || b.Cols == 0 {
		return &spectrum{u: &mat.Dense{}, v: &mat.Dense{}}, true
	}
	var svd mat.SVD
	if !svd.Factorize(dense(b), mat.SVDThin) {
		return nil, false
	}
	d := &spectrum{u: &mat.Dense{}, v: &mat.Dense{}, s: svd.Values(nil)}
	svd.UTo(d.u)
	svd.VTo(d.v)
	return d, true
}

// dense wraps a matrix for gonum without copying.
func dense(m linalg.Matrix[float64]) *mat.Dense {
	if m.Stride != m.Cols {
		m = m.Clone()
	}
	return mat.NewDense(m.Rows, m.Cols, m.Data[:m.Rows*m.Cols])
}

// ridge returns the share g of each singular direction that ridge leaves in the
// residual, λ/(s²+λ).
func (d *spectrum) ridge(lambda float64) []float64 {
	g := make([]float64, len(d.s))
	for k, s := range d.s {
		g[k] = lambda / (s*s + lambda)
	}
	return g
}

// rank returns how many singular values are above cutoff times the largest.
func (d *spectrum) rank(cutoff float64) int {
	r := 0
	for r < len(d.s) && d.s[r] > cutoff*d.s[0] {
		r++
	}
	return r
}

// truncate returns the share that the pseudo-inverse leaves in the residual: all
// of the directions it cuts off.
func (d *spectrum) truncate(rank int) []float64 {
	g := make([]float64, len(d.s))
	for k := rank; k < len(g); k++ {
		g[k] = 1
	}
	return g
}

// weights returns V·diag((1-g)/s)·Uᵀy.
func (d *spectrum) weights(g []float64) []float64 {
	if len(d.s) == 0 {
		return nil
	}
	m, _ := d.v.Dims()
	scaled := make([]float64, len(d.s))
	for k, s := range d.s {
		if g[k] < 1 {
			scaled[k] = (1 - g[k]) / s * d.c[k]
		}
	}
	w := make([]float64, m)
	for j := range w {
		w[j] = dot(d.v.RawRowView(j), scaled)
	}
	return w
}

// ridgeWeights is weights for ridge, where (1-g)/s is s/(s²+λ) also for s = 0.
func (d *spectrum) ridgeWeights(lambda float64) []float64 {
	if len(d.s) == 0 {
		return nil
	}
	m, _ := d.v.Dims()
	scaled := make([]float64, len(d.s))
	for k, s := range d.s {
		scaled[k] = s / (s*s + lambda) * d.c[k]
	}
	w := make([]float64, m)
	for j := range w {
		w[j] = dot(d.v.RawRowView(j), scaled)
	}
	return w
}

// loo returns the root mean squared leave-one-out error: each residual over 1
// minus its leverage (Allen's PRESS). Where both vanish, since nothing else
// determines what the point does, the limit of vanishing ridge is taken, which is
// the error of the least-norm fit without the point.
func (d *spectrum) loo(g []float64) float64 {
	sum := 0.0
	for i := range d.n {
		if d.free != nil && d.free[i] > 1-1e-12 {
			return math.NaN()
		}
		e, dof := d.out[i], d.rest[i]
		var limit, weight float64
		for k, u := range d.u.RawRowView(i) {
			e += g[k] * u * d.c[k]
			dof += g[k] * u * u
			if g[k] == 0 {
				f := u / (d.s[k] * d.s[k])
				limit += f * d.c[k]
				weight += f * u
			}
		}
		if dof < 1e-12 && weight > 0 {
			e, dof = limit, weight
		}
		sum += e / dof * (e / dof)
	}
	return math.Sqrt(sum / float64(d.n))
}

// gcv returns the square root of the generalised cross-validation score
// N·RSS/(N-tr H)² (Golub, Heath & Wahba 1979), in its limit when the fit goes
// through all points.
func (d *spectrum) gcv(g []float64) float64 {
	rss, dof := dot(d.out, d.out), float64(max(d.left, 0))
	var limit, weight float64
	for k, c := range d.c {
		rss += g[k] * c * g[k] * c
		dof += g[k]
		if g[k] == 0 {
			f := 1 / (d.s[k] * d.s[k])
			limit += f * c * f * c
			weight += f
		}
	}
	if dof == 0 {
		rss, dof = limit, weight
	}
	return math.Sqrt(float64(d.n)*rss) / dof
}

// chooseLambda returns the λ with the smallest score, looked for between
// 10⁻²⁰ and 100 times the largest squared singular value: on a grid, and then by
// golden section around the best of it.
func (d *spectrum) chooseLambda(score func(g []float64) float64) float64 {
	if len(d.s) == 0 || d.s[0] == 0 {
		return 1
	}
	top := math.Log(d.s[0]) * 2
	at := func(t float64) float64 { return score(d.ridge(math.Exp(top + t))) }
	low, high, steps := math.Log(1e-20), math.Log(100), 44
	h := (high - low) / float64(steps)
	best, least := low, math.Inf(1)
	for i := range steps + 1 {
		t := low + float64(i)*h
		if v := at(t); v <= least { // a larger λ wins a draw: smaller weights
			best, least = t, v
		}
	}
	const golden = 0.6180339887498949
	a, b := max(low, best-h), min(high, best+h)
	p, q := b-golden*(b-a), a+golden*(b-a)
	fp, fq := at(p), at(q)
	for b-a > 1e-4 {
		if fp < fq {
			b, q, fq = q, p, fp
			p = b - golden*(b-a)
			fp = at(p)
		} else {
			a, p, fp = p, q, fq
			q = a + golden*(b-a)
			fq = at(q)
		}
	}
	if v := at((a + b) / 2); v < least {
		best = (a + b) / 2
	}
	return math.Exp(top + best)
}
