package analysis

import (
	"context"
	"errors"
	"fmt"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/preprocess"
)

// maxFeatures bounds what MomentsOf takes: a covariance of 4096 features fills
// 134 MB, and its eigenvectors take minutes.
const maxFeatures = 4096

// blockRows are converted at a time.
const blockRows = 2048

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
	mean, covariance, err := preprocess.Covariance(context.Background(), x)
	if err != nil {
		return nil, err
	}
	for i := range d {
		if v := covariance.At(i, i); math.IsNaN(v - v) {
			return nil, fmt.Errorf("feature %d has values that are not finite: remove the rows that hold them", i+1)
		}
	}
	return &Moments{N: n, Mean: mean, Covariance: covariance}, nil
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
	values, vectors, ok := linalg.Eigen(s)
	if !ok {
		return nil, vectors, errors.New("the eigenvalues of the covariance did not converge: scale the data down")
	}
	return values, vectors, nil
}
