package preprocess

import (
	"context"
	"fmt"

	"filterscope/engine/linalg"
)

// maxWhitened bounds the features that zca and pca take: the eigenvectors of
// 4,096 features fill 134 MB and take minutes.
const maxWhitened = 4096

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
	return spectrum("principal components", &matrixSource[float64]{ctx, examples})
}

// Covariance returns the mean of x, n×d, rows are examples, and its covariance,
// d×d and divided by n, both in float64. It returns the cause of ctx when that
// ends. A value that is not finite makes the variance of its feature NaN.
func Covariance[T linalg.Float](ctx context.Context, x linalg.Matrix[T]) (mean []float64, covariance linalg.Matrix[float64], err error) {
	if mean, covariance, err = comoments(&matrixSource[T]{ctx, x}); err != nil {
		return nil, covariance, err
	}
	linalg.Scale(1/float64(x.Rows), covariance.Data)
	for i := range x.Cols {
		for j, v := range covariance.Row(i)[i:] {
			covariance.Set(i+j, i, v)
		}
	}
	return mean, covariance, nil
}

// matrixSource is examples that are in memory.
type matrixSource[T linalg.Float] struct {
	ctx  context.Context
	rows linalg.Matrix[T]
}

func (s *matrixSource[T]) Size() (n, d int)   { return s.rows.Rows, s.rows.Cols }
func (s *matrixSource[T]) FullScale() float64 { return 0 }
func (s *matrixSource[T]) Levels() [][]string { return nil }
func (s *matrixSource[T]) Indicators() int    { return 0 }

func (s *matrixSource[T]) Blocks(f func(rows linalg.Matrix[float64]) error) error {
	size := s.blockRows()
	block := linalg.NewMatrix[float64](size, s.rows.Cols)
	for first := 0; first < s.rows.Rows; first += size {
		if s.ctx.Err() != nil {
			return context.Cause(s.ctx)
		}
		if err := f(s.block(block, first)); err != nil {
			return err
		}
	}
	return nil
}

func (s *matrixSource[T]) Lanes(f func(lane int, rows linalg.Matrix[float64])) error {
	size := s.blockRows()
	linalg.Parallel(lanes, func(lane int) {
		block := linalg.NewMatrix[float64](size, s.rows.Cols)
		for first := lane * size; first < s.rows.Rows && s.ctx.Err() == nil; first += lanes * size {
			f(lane, s.block(block, first))
		}
	})
	return context.Cause(s.ctx)
}

func (s *matrixSource[T]) blockRows() int {
	return min(max(blockElements/s.rows.Cols, 1), s.rows.Rows)
}

// block copies the rows from first on to the rows of into, as many as there are.
func (s *matrixSource[T]) block(into linalg.Matrix[float64], first int) linalg.Matrix[float64] {
	rows := into.Slice(0, min(into.Rows, s.rows.Rows-first))
	linalg.Convert(rows, s.rows.Slice(first, first+rows.Rows))
	return rows
}

// spectrum measures src for the step of that name.
func spectrum(step string, src Source) (*Spectrum, error) {
	n, d := src.Size()
	if d > maxWhitened {
		return nil, fmt.Errorf("%s: %d features: want at most %d; cut smaller patches", step, d, maxWhitened)
	}
	centre, covariance, err := comoments(src)
	if err != nil {
		return nil, err
	}
	linalg.Scale(1/float64(n), covariance.Data)
	variances, directions, ok := linalg.Eigen(covariance)
	if !ok {
		return nil, fmt.Errorf("%s: the eigenvalues of the covariance did not converge: are the values far too large?", step)
	}
	return &Spectrum{Mean: centre, Variances: variances, directions: directions}, nil
}
