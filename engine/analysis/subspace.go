package analysis

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"filterscope/engine/linalg"
)

// PrincipalAngles returns the angles, in radians and smallest first, between the
// space a decoder's columns span and that of the first k principal components,
// k the number of columns: all 0 when a linear autoencoder has found the
// principal subspace (Björck & Golub 1973; Baldi & Hornik 1989). The decoder is
// d×k, features × units, with 1 ≤ k ≤ d. A decoder whose columns depend on each
// other spans less; what is missing counts as π/2.
//
// It returns an error when the decoder holds values that are not finite or has
// more units than features. It panics when the decoder has another number of
// features.
func PrincipalAngles[T linalg.Float](decoder linalg.Matrix[T], s *Spectrum) ([]float64, error) {
	d, k := decoder.Rows, decoder.Cols
	if d != len(s.Mean) {
		panic(fmt.Sprintf("analysis: PrincipalAngles: decoder of %d features with components of %d", d, len(s.Mean)))
	}
	if k == 0 || k > d {
		return nil, fmt.Errorf("%d units cannot be compared with the principal components of %d features: want 1 to %d units", k, d, d)
	}
	wide := linalg.NewMatrix[float64](d, k)
	linalg.Convert(wide, decoder)
	if sum := linalg.Squares(wide.Data); math.IsNaN(sum - sum) {
		return nil, errors.New("the decoder has weights that are not finite")
	}
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(d, k, wide.Data), mat.SVDThin) {
		return nil, errors.New("the singular values of the decoder did not converge")
	}
	rank, values := 0, svd.Values(nil)
	for _, v := range values {
		if v > 1e-10*values[0] {
			rank++
		}
	}
	angles := make([]float64, k)
	for i := range angles {
		angles[i] = math.Pi / 2
	}
	if rank == 0 {
		return angles, nil
	}
	var u mat.Dense
	svd.UTo(&u)
	q := linalg.NewMatrix[float64](d, rank)
	for i := range d {
		for j := range rank {
			q.Set(i, j, u.At(i, j))
		}
	}
	// Cosines are the singular values of V·Q, sines those of Q − Vᵀ·V·Q. Each
	// is exact where the other loses its digits.
	v := s.Directions.Slice(0, k)
	cosines := linalg.NewMatrix[float64](k, rank)
	linalg.Gemm(false, false, 1, v, q, 0, cosines)
	linalg.Gemm(true, false, -1, v, cosines, 1, q)
	cos, err := singularValues(cosines)
	if err != nil {
		return nil, err
	}
	sin, err := singularValues(q)
	if err != nil {
		return nil, err
	}
	for i := range rank {
		c, s := min(cos[i], 1), min(sin[rank-1-i], 1)
		if c*c > 0.5 {
			angles[i] = math.Asin(s)
		} else {
			angles[i] = math.Acos(c)
		}
	}
	return angles, nil
}

// singularValues returns those of m, largest first.
func singularValues(m linalg.Matrix[float64]) ([]float64, error) {
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(m.Rows, m.Cols, m.Data), mat.SVDNone) {
		return nil, errors.New("the singular values of the angles did not converge")
	}
	return svd.Values(nil), nil
}
