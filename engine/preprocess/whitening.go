package preprocess

import (
	"math"

	"filterscope/engine/linalg"
)

// whitening makes the features uncorrelated and, for ε = 0, of variance 1:
// x' = (x−μ)·Wᵀ, where the covariance (divided by n) is U·diag(s)·Uᵀ.
//
//   - pca: W = diag(1/√(s+ε))·Uᵀ (k×d), of the k directions of largest variance
//     that together hold the share of the variance that is to be kept.
//   - zca: W = U·diag(1/√(s+ε))·Uᵀ (d×d), the whitening that stays as near the
//     original as possible (zero-phase component analysis, Bell & Sejnowski
//     1997).
type whitening struct {
	name             string
	epsilon, share   float64
	mean             []float64 // d
	whiten, unwhiten []float64 // k×d: W, and V with x = x'·V + μ
}

var _ Step = (*whitening)(nil)

func (w *whitening) Name() string  { return w.name }
func (w *whitening) Fitted() bool  { return w.mean != nil }
func (w *whitening) Features() int { return len(w.mean) }

func (w *whitening) Outputs(d int) int {
	if !w.Fitted() {
		return d
	}
	return len(w.whiten) / len(w.mean)
}

func (w *whitening) Fit(src Source) error {
	s, err := spectrum(w.name, src)
	if err != nil {
		return err
	}
	d := len(s.Mean)
	// Below this a variance is rounding error of the largest one.
	floor := 16 * float64(d) * 0x1p-52 * s.Variances[0]
	forward, back := make([]float64, d), make([]float64, d)
	for k, v := range s.Variances {
		if t := v + w.epsilon; w.epsilon > 0 || v > floor {
			forward[k], back[k] = 1/math.Sqrt(t), math.Sqrt(t)
		}
	}
	w.mean = s.Mean
	if w.name == ZCA {
		w.whiten, w.unwhiten = recompose(s.directions, forward), recompose(s.directions, back)
		return nil
	}
	k := s.Components(w.share)
	w.whiten, w.unwhiten = make([]float64, k*d), make([]float64, k*d)
	for i := range k {
		for j, u := range s.directions.Row(i) {
			w.whiten[i*d+j], w.unwhiten[i*d+j] = u*forward[i], u*back[i]
		}
	}
	return nil
}

// recompose returns U·diag(f)·Uᵀ, exactly symmetric, row by row; the rows of
// directions are the columns of U.
func recompose(directions linalg.Matrix[float64], f []float64) []float64 {
	d := len(f)
	scaled, m := directions.Clone(), linalg.NewMatrix[float64](d, d)
	for k := range d {
		row := scaled.Row(k)
		for i := range row {
			row[i] *= f[k]
		}
	}
	linalg.Gemm(true, false, 1, scaled, directions, 0, m)
	for i := range d {
		for j := range i {
			v := 0.5 * (m.At(i, j) + m.At(j, i))
			m.Set(i, j, v)
			m.Set(j, i, v)
		}
	}
	return m.Data
}

// matrix returns the k×d numbers of W or V as a matrix.
func (w *whitening) matrix(values []float64) linalg.Matrix[float64] {
	return linalg.MatrixOf(w.Outputs(0), len(w.mean), values)
}

func (w *whitening) Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](rows.Rows, w.Outputs(rows.Cols))
	w.write(out, rows)
	return out
}

// write is Apply into memory that is there; it changes rows.
func (w *whitening) write(out, rows linalg.Matrix[float64]) {
	for i := range rows.Rows {
		linalg.Blend(1, -1, w.mean, rows.Row(i))
	}
	transposed := w.name != ZCA // whose W is symmetric, and copied faster as it is
	linalg.Gemm(false, transposed, 1, rows, w.matrix(w.whiten), 0, out)
}

func (w *whitening) Invert(rows, _ linalg.Matrix[float64]) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](rows.Rows, len(w.mean))
	linalg.Gemm(false, false, 1, rows, w.matrix(w.unwhiten), 0, out)
	for i := range out.Rows {
		row := out.Row(i)
		for j := range row {
			row[j] += w.mean[j]
		}
	}
	return out
}

// product returns f·W, or f·V: a unit that computes f·x' computes
// (f·W)·(x−μ), and one that adds f to x' adds f·V to x.
func (w *whitening) product(f, values []float64) []float64 {
	out := linalg.NewMatrix[float64](1, len(w.mean))
	linalg.Gemm(false, false, 1, linalg.MatrixOf(1, len(f), f), w.matrix(values), 0, out)
	return out.Data
}

func (w *whitening) Parameters() []Param {
	d := len(w.mean)
	k := w.Outputs(d)
	return []Param{
		{"mean", []int{d}, w.mean},
		{"whitening", []int{k, d}, w.whiten},
		{"unwhitening", []int{k, d}, w.unwhiten},
	}
}

func (w *whitening) Restore(params []Param) error {
	outputs := anyFeatures // zca has as many
	if w.name == PCA {
		outputs = anyOutputs
	}
	return restore(
		w.name, params, wanted{"mean", []int{anyFeatures}, &w.mean},
		wanted{"whitening", []int{outputs, anyFeatures}, &w.whiten},
		wanted{"unwhitening", []int{outputs, anyFeatures}, &w.unwhiten},
	)
}
