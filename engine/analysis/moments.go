package analysis

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"filterscope/engine/linalg"
)

// maxFeatures bounds what MomentsOf takes: a covariance of 4096 features fills
// 134 MB, and its eigenvectors take minutes.
const maxFeatures = 4096

// Sizes of the work on a covariance: rows converted at a time, and columns of it
// that one product computes.
const blockRows, stripColumns = 2048, 112

// Moments are the mean and the covariance of examples.
type Moments struct {
	N          int                    // examples
	Mean       []float64              // d
	Covariance linalg.Matrix[float64] // d×d, symmetric, divided by N
}

// MomentsOf measures x, n×d, in float64 and one pass. It returns an error when
// there is no example, more than 4096 features, or a value that is not finite.
func MomentsOf[T linalg.Float](x linalg.Matrix[T]) (*Moments, error) {
	n, d := x.Rows, x.Cols
	switch {
	case n == 0 || d == 0:
		return nil, errors.New("there are no examples to analyse")
	case d > maxFeatures:
		return nil, fmt.Errorf("%d features are too many for a covariance: want at most %d", d, maxFeatures)
	}
	// Σ(x−s)(x−s)ᵀ/n − (μ−s)(μ−s)ᵀ with the mean s of the first block in place of
	// μ, so that the second term is small.
	shift := make([]float64, d)
	first := x.Row(0)
	head := min(n, blockRows)
	for i := range head {
		for j, v := range x.Row(i) {
			shift[j] += float64(v) - float64(first[j])
		}
	}
	for j, v := range first {
		shift[j] = float64(v) + shift[j]/float64(head)
	}
	m := &Moments{N: n, Mean: make([]float64, d), Covariance: linalg.NewMatrix[float64](d, d)}
	block := linalg.NewMatrix[float64](head, d)
	for from := 0; from < n; from += blockRows {
		rows := block.Slice(0, min(blockRows, n-from))
		for i := range rows.Rows {
			row := rows.Row(i)
			for j, v := range x.Row(from + i) {
				row[j] = float64(v) - shift[j]
				m.Mean[j] += row[j]
			}
		}
		for j := 0; j < d; j += stripColumns { // the upper triangle
			k := min(j+stripColumns, d)
			linalg.Gemm(true, false, 1, rows.Columns(j, k), rows.Columns(j, d), 1, m.Covariance.Slice(j, k).Columns(j, d))
		}
	}
	linalg.Scale(1/float64(n), m.Mean)
	for i, a := range m.Mean {
		row := m.Covariance.Row(i)
		for j := i; j < d; j++ {
			v := row[j]/float64(n) - a*m.Mean[j]
			row[j] = v
			m.Covariance.Set(j, i, v)
		}
		if v := row[i]; math.IsNaN(v - v) {
			return nil, fmt.Errorf("feature %d has values that are not finite: remove the rows that hold them", i+1)
		}
	}
	for j, s := range shift {
		m.Mean[j] += s
	}
	return m, nil
}

// secondMoment returns the mean of x·xᵀ, or with ones that of the inputs with a
// 1 appended, as biases see them.
func (m *Moments) secondMoment(ones bool) linalg.Matrix[float64] {
	d := len(m.Mean)
	size := d
	if ones {
		size++
	}
	s := linalg.NewMatrix[float64](size, size)
	for i, a := range m.Mean {
		row, cov := s.Row(i), m.Covariance.Row(i)
		for j, b := range m.Mean {
			row[j] = cov[j] + a*b
		}
		if ones {
			row[d], s.Row(d)[i] = a, a
		}
	}
	if ones {
		s.Set(d, d, 1)
	}
	return s
}

// eigen returns the eigenvalues of a symmetric matrix, largest first, and its
// unit eigenvectors as rows.
func eigen(s linalg.Matrix[float64]) (values []float64, vectors linalg.Matrix[float64], err error) {
	d := s.Rows
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(d, s.Data), true) {
		return nil, vectors, errors.New("the eigenvalues of the covariance did not converge: scale the data down")
	}
	ascending := e.Values(nil)
	var u mat.Dense
	e.VectorsTo(&u)
	values, vectors = make([]float64, d), linalg.NewMatrix[float64](d, d)
	for k := range d {
		values[k] = max(ascending[d-1-k], 0)
		mat.Col(vectors.Row(k), d-1-k, &u)
	}
	return values, vectors, nil
}
