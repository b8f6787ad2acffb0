package preprocess

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"filterscope/engine/linalg"
)

// maxWhitened bounds the features that zca and pca take: the eigenvectors of
// 4,096 features fill 134 MB and take minutes.
const maxWhitened = 4096

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
	for i := range rows.Rows {
		row := rows.Row(i)[:len(w.mean)]
		for j, m := range w.mean {
			row[j] -= m
		}
	}
	out := linalg.NewMatrix[float64](rows.Rows, w.Outputs(rows.Cols))
	linalg.Gemm(false, true, 1, rows, w.matrix(w.whiten), 0, out)
	return out
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

// Spectrum tells along which directions data vary (principal components).
type Spectrum struct {
	Mean      []float64 // d, of each feature
	Variances []float64 // d, largest first, none below 0: eigenvalues of the covariance divided by n

	directions linalg.Matrix[float64] // d×d, row k is the unit vector of Variances[k]
}

// Direction returns the unit vector along which the variance is Variances[k].
func (s *Spectrum) Direction(k int) []float64 { return s.directions.Row(k) }

// Components returns the least number of components that hold the given share
// of the variance, at least 1.
func (s *Spectrum) Components(share float64) int {
	total, sum := 0.0, 0.0
	for _, v := range s.Variances {
		total += v
	}
	for k, v := range s.Variances {
		sum += v
		if share < 1 && sum >= share*total {
			return k + 1
		}
	}
	return len(s.Variances)
}

// Components measures the principal components of examples, one a row. It
// returns an error when there are too many features, and the cause of ctx when
// that ends.
func Components(ctx context.Context, examples linalg.Matrix[float64]) (*Spectrum, error) {
	return spectrum("principal components", &matrixSource{ctx, examples})
}

// matrixSource is examples that are in memory.
type matrixSource struct {
	ctx  context.Context
	rows linalg.Matrix[float64]
}

func (s *matrixSource) Size() (n, d int)   { return s.rows.Rows, s.rows.Cols }
func (s *matrixSource) FullScale() float64 { return 0 }
func (s *matrixSource) Levels() [][]string { return nil }

func (s *matrixSource) Blocks(f func(rows linalg.Matrix[float64]) error) error {
	size := min(max(blockElements/s.rows.Cols, 1), s.rows.Rows)
	block := linalg.NewMatrix[float64](size, s.rows.Cols)
	for first := 0; first < s.rows.Rows; first += size {
		if s.ctx.Err() != nil {
			return context.Cause(s.ctx)
		}
		rows := block.Slice(0, min(size, s.rows.Rows-first))
		linalg.Convert(rows, s.rows.Slice(first, first+rows.Rows))
		if err := f(rows); err != nil {
			return err
		}
	}
	return nil
}

// spectrum measures src for the step of that name.
func spectrum(step string, src Source) (*Spectrum, error) {
	n, d := src.Size()
	if d > maxWhitened {
		return nil, fmt.Errorf("%s: %d features: want at most %d; cut smaller patches", step, d, maxWhitened)
	}
	// In one pass, with the mean of the first examples in place of the mean:
	// Σ(x−s)(x−s)ᵀ/n − (μ−s)(μ−s)ᵀ, where the second term is small.
	var shift []float64
	centre, covariance := make([]float64, d), linalg.NewMatrix[float64](d, d)
	err := src.Blocks(func(rows linalg.Matrix[float64]) error {
		if shift == nil {
			shift = roughMean(rows)
		}
		subtract(rows, shift, centre)
		addSquare(covariance, rows)
		return nil
	})
	if err != nil {
		return nil, err
	}
	linalg.Scale(1/float64(n), covariance.Data)
	linalg.Scale(1/float64(n), centre)
	for i, a := range centre {
		row := covariance.Row(i)
		for j, b := range centre {
			row[j] -= a * b
		}
	}
	for j, s := range shift {
		centre[j] += s
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(d, covariance.Data), true) { // it reads the upper triangle
		return nil, fmt.Errorf("%s: the eigenvalues of the covariance did not converge: are the values far too large?", step)
	}
	ascending := eigen.Values(nil)
	var u mat.Dense
	eigen.VectorsTo(&u)
	s := &Spectrum{Mean: centre, Variances: make([]float64, d), directions: linalg.NewMatrix[float64](d, d)}
	for k := range d {
		from := d - 1 - k
		s.Variances[k] = max(ascending[from], 0)
		mat.Col(s.directions.Row(k), from, &u)
	}
	return s, nil
}

// partRows is the number of rows that one part of subtract takes, and
// tileColumns the number of columns of rows that a part of addSquare takes.
const partRows, tileColumns = 128, 64

// roughMean returns the mean of each column, of a constant one without rounding.
func roughMean(rows linalg.Matrix[float64]) []float64 {
	first := rows.Row(0)
	mean := make([]float64, rows.Cols)
	for i := range rows.Rows {
		for j, v := range rows.Row(i) {
			mean[j] += v - first[j]
		}
	}
	for j, v := range first {
		mean[j] = v + mean[j]/float64(rows.Rows)
	}
	return mean
}

// subtract takes shift from every row, and adds the sums of what is left to sums.
func subtract(rows linalg.Matrix[float64], shift, sums []float64) {
	parts := linalg.NewMatrix[float64]((rows.Rows+partRows-1)/partRows, rows.Cols)
	linalg.Parallel(parts.Rows, func(part int) {
		total := parts.Row(part)
		for i := part * partRows; i < min((part+1)*partRows, rows.Rows); i++ {
			row := rows.Row(i)[:len(shift)]
			for j, m := range shift {
				row[j] -= m
				total[j] += row[j]
			}
		}
	})
	for k := range parts.Rows {
		for j, v := range parts.Row(k) {
			sums[j] += v
		}
	}
}

// addSquare adds rowsᵀ·rows to c, which is symmetric: only to the upper triangle
// and the blocks on the diagonal.
func addSquare(c, rows linalg.Matrix[float64]) {
	d := rows.Cols
	strips := (d + tileColumns - 1) / tileColumns
	linalg.Parallel(strips*(strips+1)/2, func(part int) {
		i := 0
		for ; part >= strips-i; i++ { // strip i has the tiles (i, i) to (i, strips−1)
			part -= strips - i
		}
		j := i + part
		left, right := rows.Columns(i*tileColumns, min((i+1)*tileColumns, d)), rows.Columns(j*tileColumns, min((j+1)*tileColumns, d))
		tile := c.Slice(i*tileColumns, i*tileColumns+left.Cols).Columns(j*tileColumns, j*tileColumns+right.Cols)
		linalg.MulTrans(tile, left, right, true)
	})
}
