package preprocess

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"filterscope/engine/linalg"
)

// maxWhitened bounds the features that zca takes: the eigenvectors of 4,096
// features fill 134 MB and take minutes.
const maxWhitened = 4096

// zca makes the features uncorrelated and, for ε = 0, of variance 1, while
// staying as near the original as possible (zero-phase component analysis,
// Bell & Sejnowski 1997): x' = (x−μ)·W with W = U·diag(1/√(s+ε))·Uᵀ, where the
// covariance (divided by n) is U·diag(s)·Uᵀ.
type zca struct {
	epsilon          float64
	mean             []float64
	whiten, unwhiten []float64 // d×d, symmetric
}

var _ Step = (*zca)(nil)

func (z *zca) Name() string  { return ZCA }
func (z *zca) Fitted() bool  { return z.mean != nil }
func (z *zca) Features() int { return len(z.mean) }

func (z *zca) Fit(src Source) error {
	n, d := src.Size()
	if d > maxWhitened {
		return fmt.Errorf("%s: %d features: want at most %d; cut smaller patches", ZCA, d, maxWhitened)
	}
	centre, _, _, err := moments(src)
	if err != nil {
		return err
	}
	covariance := linalg.NewMatrix[float64](d, d)
	err = src.Blocks(func(rows linalg.Matrix[float64]) error {
		for i := range rows.Rows {
			row := rows.Row(i)
			for j := range row {
				row[j] -= centre[j]
			}
		}
		linalg.Gemm(true, false, 1/float64(n), rows, rows, 1, covariance)
		return nil
	})
	if err != nil {
		return err
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(d, covariance.Data), true) {
		return fmt.Errorf("%s: the eigenvalues of the covariance did not converge: are the values far too large?", ZCA)
	}
	variances := eigen.Values(nil)
	var u mat.Dense
	eigen.VectorsTo(&u)
	// Below this a variance is rounding error of the largest one.
	floor := 16 * float64(d) * 0x1p-52 * max(variances[d-1], 0)
	forward, back := make([]float64, d), make([]float64, d)
	for k, v := range variances {
		if s := max(v, 0) + z.epsilon; z.epsilon > 0 || v > floor {
			forward[k], back[k] = 1/math.Sqrt(s), math.Sqrt(s)
		}
	}
	vectors := linalg.MatrixOf(d, d, u.RawMatrix().Data)
	z.whiten = recompose(vectors, forward)
	z.unwhiten = recompose(vectors, back)
	z.mean = centre
	return nil
}

// recompose returns U·diag(f)·Uᵀ, exactly symmetric, row by row.
func recompose(u linalg.Matrix[float64], f []float64) []float64 {
	d := len(f)
	scaled, m := u.Clone(), linalg.NewMatrix[float64](d, d)
	for i := range d {
		row := scaled.Row(i)
		for k := range row {
			row[k] *= f[k]
		}
	}
	linalg.Gemm(false, true, 1, scaled, u, 0, m)
	for i := range d {
		for j := range i {
			v := 0.5 * (m.At(i, j) + m.At(j, i))
			m.Set(i, j, v)
			m.Set(j, i, v)
		}
	}
	return m.Data
}

func (z *zca) Apply(rows linalg.Matrix[float64]) {
	centred := rows.Clone()
	for i := range centred.Rows {
		row := centred.Row(i)
		for j := range row {
			row[j] -= z.mean[j]
		}
	}
	d := len(z.mean)
	linalg.Gemm(false, false, 1, centred, linalg.MatrixOf(d, d, z.whiten), 0, rows)
}

func (z *zca) Invert(rows, _ linalg.Matrix[float64]) {
	d := len(z.mean)
	linalg.Gemm(false, false, 1, rows.Clone(), linalg.MatrixOf(d, d, z.unwhiten), 0, rows)
	for i := range rows.Rows {
		row := rows.Row(i)
		for j := range row {
			row[j] += z.mean[j]
		}
	}
}

// toPixels returns w·W: a unit that computes w·x' computes (w·W)·(x−μ).
func (z *zca) toPixels(w []float64) []float64 {
	d := len(z.mean)
	out := make([]float64, d)
	linalg.Gemm(false, false, 1, linalg.MatrixOf(1, d, w), linalg.MatrixOf(d, d, z.whiten), 0, linalg.MatrixOf(1, d, out))
	return out
}

func (z *zca) Parameters() []Param {
	d := len(z.mean)
	return []Param{
		{"mean", []int{d}, z.mean},
		{"whitening", []int{d, d}, z.whiten},
		{"unwhitening", []int{d, d}, z.unwhiten},
	}
}

func (z *zca) Restore(params []Param) error {
	return restore(
		ZCA, params, wanted{"mean", []int{-1}, &z.mean},
		wanted{"whitening", []int{-1, -1}, &z.whiten},
		wanted{"unwhitening", []int{-1, -1}, &z.unwhiten},
	)
}
