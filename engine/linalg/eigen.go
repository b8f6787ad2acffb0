package linalg

import "gonum.org/v1/gonum/mat"

// Eigen returns the eigenvalues of a covariance, n×n with Stride == Cols, largest
// first and as 0 where rounding made them negative, and its unit eigenvectors as
// the rows of an n×n matrix. It reads s on and above the diagonal; ok is false
// when the eigenvalues do not converge.
func Eigen(s Matrix[float64]) (values []float64, vectors Matrix[float64], ok bool) {
	n := s.Rows
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, s.Data), true) {
		return nil, vectors, false
	}
	ascending := e.Values(nil)
	var u mat.Dense
	e.VectorsTo(&u)
	values, vectors = make([]float64, n), NewMatrix[float64](n, n)
	for k := range n {
		values[k] = max(ascending[n-1-k], 0)
		mat.Col(vectors.Row(k), n-1-k, &u)
	}
	return values, vectors, true
}
