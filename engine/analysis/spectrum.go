package analysis

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// Spectrum holds the principal components of examples, or of their codes.
//
// The number of variances above 0 is the rank of the data, not the number of
// features that matter: a component mixes all of them. ParticipationRatio and
// EffectiveRank say how many components there are in effect, Loadings which
// features they are made of.
type Spectrum struct {
	Mean       []float64              // d
	Variances  []float64              // d, largest first, none below 0: eigenvalues of the covariance divided by n
	Directions linalg.Matrix[float64] // d×d, row k is the unit vector along which the variance is Variances[k]
}

// Spectrum returns the principal components. It returns an error when the
// eigenvalues do not converge.
func (m *Moments) Spectrum() (*Spectrum, error) {
	values, vectors, err := eigen(m.Covariance)
	if err != nil {
		return nil, err
	}
	return &Spectrum{Mean: m.Mean, Variances: values, Directions: vectors}, nil
}

// Total returns the sum of the variances.
func (s *Spectrum) Total() float64 { return s.Discarded(0) }

// Cumulative returns the shares of the variance that the first 1, 2, … d
// components hold, the last of which is 1. They are 0 when nothing varies.
func (s *Spectrum) Cumulative() []float64 {
	shares := make([]float64, len(s.Variances))
	total, sum := s.Total(), 0.0
	for k, v := range s.Variances {
		sum += v
		if total > 0 {
			shares[k] = min(sum/total, 1)
		}
	}
	return shares
}

// ParticipationRatio returns (Σλ)²/Σλ², in [1, d]: the number of components in
// effect (Gao et al. 2017). It is 0 when nothing varies.
func (s *Spectrum) ParticipationRatio() float64 {
	largest := s.Variances[0]
	if largest == 0 {
		return 0
	}
	var sum, squares float64
	for _, v := range s.Variances {
		v /= largest // so that nothing underflows
		sum += v
		squares += v * v
	}
	return sum * sum / squares
}

// EffectiveRank returns exp of the entropy of λ/Σλ, in [1, d] (Roy & Vetterli
// 2007). It is 0 when nothing varies.
func (s *Spectrum) EffectiveRank() float64 {
	total := s.Total()
	if total == 0 {
		return 0
	}
	entropy := 0.0
	for _, v := range s.Variances {
		if p := v / total; p > 0 {
			entropy -= p * math.Log(p)
		}
	}
	return math.Exp(entropy)
}

// Loadings returns the d×k matrix whose element (j, c) is √λ_c times the part
// of feature j in component c: the covariance of the two, in units of the
// component's standard deviation. With all components the squares of row j add
// up to the variance of feature j.
func (s *Spectrum) Loadings(k int) linalg.Matrix[float64] {
	d := len(s.Variances)
	k = min(max(k, 0), d)
	l := linalg.NewMatrix[float64](d, k)
	for c := range k {
		scale := math.Sqrt(s.Variances[c])
		for j, u := range s.Directions.Row(c) {
			l.Set(j, c, scale*u)
		}
	}
	return l
}

// Discarded returns the sum of the variances but the k largest: the squared
// error per example, summed over the features, of reconstructing the measured
// examples from k principal components. No linear autoencoder with k units does
// better.
func (s *Spectrum) Discarded(k int) float64 {
	sum := 0.0
	for i := len(s.Variances) - 1; i >= max(k, 0); i-- { // small ones first
		sum += s.Variances[i]
	}
	return sum
}

// Errors returns the squared error, summed over the features, of reconstructing
// each row of x, n×d, from k principal components. Unlike Discarded it is for
// any examples, such as those held out.
// It panics when x has another number of features.
func Errors[T linalg.Float](s *Spectrum, x linalg.Matrix[T], k int) []float64 {
	d := len(s.Mean)
	if x.Cols != d {
		panic(fmt.Sprintf("analysis: Errors: %d features with components of %d", x.Cols, d))
	}
	k = min(max(k, 0), d)
	errs := make([]float64, x.Rows)
	size := min(blockRows, x.Rows)
	block, codes := linalg.NewMatrix[float64](size, d), linalg.NewMatrix[float64](size, k)
	for from := 0; from < x.Rows; from += blockRows {
		rows := block.Slice(0, min(blockRows, x.Rows-from))
		for i := range rows.Rows {
			row := rows.Row(i)
			for j, v := range x.Row(from + i) {
				row[j] = float64(v) - s.Mean[j]
			}
		}
		z := codes.Slice(0, rows.Rows)
		if k > 0 {
			linalg.Gemm(false, true, 1, rows, s.Directions.Slice(0, k), 0, z)
			linalg.Gemm(false, false, -1, z, s.Directions.Slice(0, k), 1, rows)
		}
		for i := range rows.Rows {
			errs[from+i] = linalg.Squares(rows.Row(i))
		}
	}
	return errs
}
