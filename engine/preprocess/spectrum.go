package preprocess

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

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
func (s *matrixSource) Indicators() int    { return 0 }

func (s *matrixSource) Blocks(f func(rows linalg.Matrix[float64]) error) error {
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

func (s *matrixSource) Lanes(f func(lane int, rows linalg.Matrix[float64])) error {
	size := s.blockRows()
	linalg.Parallel(lanes, func(lane int) {
		block := linalg.NewMatrix[float64](size, s.rows.Cols)
		for first := lane * size; first < s.rows.Rows && s.ctx.Err() == nil; first += lanes * size {
			f(lane, s.block(block, first))
		}
	})
	return context.Cause(s.ctx)
}

func (s *matrixSource) blockRows() int {
	return min(max(blockElements/s.rows.Cols, 1), s.rows.Rows)
}

// block copies the rows from first on to the rows of into, as many as there are.
func (s *matrixSource) block(into linalg.Matrix[float64], first int) linalg.Matrix[float64] {
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
