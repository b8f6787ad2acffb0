package rbf

import (
	"context"
	"fmt"
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// system builds and solves [K+λI, P; Pᵀ, 0]·[w; t] = [y; 0] for some points, and
// keeps the memory for the next ones.
type system struct {
	cloud
	smoothing float64
	degree    int
	matrix    linalg.Matrix[float64] // after solve its factors
	norm      float64                // of the matrix before
	pivots    []int
	right     []float64
	panel     []float64              // of factor
	chosen    linalg.Matrix[float64] // the points
}

func newSystem(o Options, d int) *system {
	return &system{
		cloud: cloud{
			kernel: o.Kernel, epsilon: o.Epsilon, axes: make([][]float64, d),
			terms: polynomial{exponents: Exponents(d, o.Degree)},
		},
		smoothing: o.Smoothing, degree: o.Degree,
	}
}

// flatError says that the points do not determine the tail.
type flatError struct{ degree int }

func (e *flatError) Error() string {
	return fmt.Sprintf("the points do not determine a tail of degree %d", e.degree)
}

// solve sets the weights and the tail for the rows that index lists, all when it
// is nil.
func (s *system) solve(ctx context.Context, points linalg.Matrix[float64], y []float64, index []int) error {
	if index == nil {
		s.chosen = points
	} else {
		s.chosen = reuse(s.chosen, len(index), points.Cols)
		for i, from := range index {
			copy(s.chosen.Row(i), points.Row(from))
		}
	}
	s.reset(s.chosen, nil)
	s.terms.shift, s.terms.scale = box(s.chosen)
	n, p := s.chosen.Rows, len(s.terms.exponents)
	s.matrix = reuse(s.matrix, n+p, n+p)
	if err := s.fill(n); err != nil {
		return err
	}
	if index == nil {
		s.norm = columnNorm(s.matrix)
	}
	s.pivots = slices.Grow(s.pivots[:0], n+p)[:n+p]
	if need := panelSize(n + p); len(s.panel) < need {
		s.panel = make([]float64, need)
	}
	if err := factor(ctx, s.matrix, s.pivots, s.panel); err != nil {
		return err
	}
	s.right = slices.Grow(s.right[:0], n+p)[:n+p]
	clear(s.right)
	for i := range n {
		from := i
		if index != nil {
			from = index[i]
		}
		s.right[i] = y[from]
	}
	substitute(s.matrix, s.pivots, s.right)
	for _, v := range s.right {
		if !finite(v) {
			return errSingular
		}
	}
	s.weights, s.tail = s.right[:n], s.right[n:]
	return nil
}

// fill sets the matrix for the n chosen points; large ones in parallel.
func (s *system) fill(n int) error {
	s.matrix.Zero()
	p := s.matrix.Rows - n
	rows := func(first, last int) {
		query := make([]float64, s.chosen.Cols)
		for i := first; i < last; i++ {
			row := s.matrix.Row(i)
			for j, axis := range s.axes {
				query[j] = axis[i]
			}
			s.values(row[:n], query, 0)
			row[i] += s.smoothing
			s.terms.row(row[n:], s.chosen.Row(i))
		}
	}
	if n <= blockRows {
		rows(0, n)
	} else {
		linalg.Parallel((n+31)/32, func(part int) { rows(part*32, min(n, part*32+32)) })
	}
	for i := range n {
		for k := range p {
			s.matrix.Set(n+k, i, s.matrix.At(i, n+k))
		}
	}
	if p > 0 && !independent(s.matrix.Slice(n, n+p).Columns(0, n)) {
		return &flatError{s.degree}
	}
	return nil
}

// independent reports whether the rows of m, few and long, are linearly
// independent by more than rounding, by modified Gram-Schmidt.
func independent(m linalg.Matrix[float64]) bool {
	q := m.Clone()
	for i := range q.Rows {
		row := q.Row(i)
		before := dot(row, row)
		for k := range i {
			earlier := q.Row(k)
			f := dot(row, earlier)
			for j, v := range earlier {
				row[j] -= f * v
			}
		}
		after := dot(row, row)
		if !(after > 1e-24*before) {
			return false
		}
		linalg.Scale(1/math.Sqrt(after), row)
	}
	return true
}

// reuse returns a rows×cols matrix in the memory of m if that is enough; its
// content is arbitrary.
func reuse(m linalg.Matrix[float64], rows, cols int) linalg.Matrix[float64] {
	if cap(m.Data) < rows*cols {
		return linalg.NewMatrix[float64](rows, cols)
	}
	return linalg.MatrixOf(rows, cols, m.Data[:rows*cols])
}
