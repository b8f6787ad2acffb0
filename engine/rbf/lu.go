package rbf

import (
	"context"
	"errors"
	"math"

	"filterscope/engine/linalg"
)

// errSingular says that a pivot is 0 or not finite.
var errSingular = errors.New("the system has no single solution")

// panelColumns is the width of the panels of factor.
const panelColumns = 48

// factor replaces a, n×n, by its triangular factors, P·A = L·U with the unit
// diagonal of L left out, and sets pivots to the row each row was exchanged with.
// Partial pivoting, right-looking in panels of columns (Golub & Van Loan, Matrix
// Computations, 4th ed., section 3.4): nearly all the work is a matrix product. A
// panel is factored in a copy that has its columns in one piece, in the memory of
// panel, panelSize(n) numbers.
func factor(ctx context.Context, a linalg.Matrix[float64], pivots []int, panel []float64) error {
	n := a.Rows
	for first := 0; first < n; first += panelColumns {
		if err := ctx.Err(); err != nil {
			return err
		}
		last := min(first+panelColumns, n)
		columns := linalg.MatrixOf(last-first, n-first, panel)
		part := a.Slice(first, n).Columns(first, last)
		linalg.Transpose(columns, part, 0, part.Rows)
		if err := factorPanel(columns, pivots[first:last]); err != nil {
			return err
		}
		linalg.Transpose(part, columns, 0, columns.Rows)
		for j := first; j < last; j++ {
			pivots[j] += first
			if p := pivots[j]; p != j {
				exchange(a.Row(p)[:first], a.Row(j)[:first])
				exchange(a.Row(p)[last:], a.Row(j)[last:])
			}
		}
		if last == n {
			break
		}
		for j := first; j < last; j++ {
			for i := first; i < j; i++ {
				linalg.Axpy(-a.At(j, i), a.Row(i)[last:], a.Row(j)[last:])
			}
		}
		below := a.Slice(last, n)
		linalg.Gemm(false, false, -1, below.Columns(first, last), a.Slice(first, last).Columns(last, n), 1, below.Columns(last, n))
	}
	return nil
}

// panelSize is how many numbers factor needs for a panel.
func panelSize(n int) int { return n * min(panelColumns, n) }

// factorPanel does the same to a tall matrix that is given by its columns; pivots
// count from the first row of the panel.
func factorPanel(columns linalg.Matrix[float64], pivots []int) error {
	for j := range columns.Rows {
		column := columns.Row(j)
		p := j
		for i, v := range column[j:] {
			if math.Abs(v) > math.Abs(column[p]) {
				p = j + i
			}
		}
		pivots[j] = p
		pivot := column[p]
		if pivot == 0 || !finite(pivot) {
			return errSingular
		}
		if p != j {
			for k := range columns.Rows {
				c := columns.Row(k)
				c[p], c[j] = c[j], c[p]
			}
		}
		below := column[j+1:]
		for i, v := range below {
			below[i] = v / pivot
		}
		for k := j + 1; k < columns.Rows; k++ {
			c := columns.Row(k)
			linalg.Axpy(-c[j], below, c[j+1:])
		}
	}
	return nil
}

func exchange(a, b []float64) {
	for i, v := range a {
		a[i], b[i] = b[i], v
	}
}

// substitute replaces b by the solution of A·x = b, given the factors of A.
func substitute(a linalg.Matrix[float64], pivots []int, b []float64) {
	for i, p := range pivots {
		b[i], b[p] = b[p], b[i]
	}
	for i := range b {
		b[i] -= linalg.Dot(a.Row(i)[:i], b[:i])
	}
	for i := len(b) - 1; i >= 0; i-- {
		row := a.Row(i)
		b[i] = (b[i] - linalg.Dot(row[i+1:], b[i+1:])) / row[i]
	}
}

// substituteAll does the same for every column of b: by panels, so that nearly all
// the work is a matrix product.
func substituteAll(a linalg.Matrix[float64], pivots []int, b linalg.Matrix[float64]) {
	n := a.Rows
	for i, p := range pivots {
		if p != i {
			exchange(b.Row(p), b.Row(i))
		}
	}
	for first := 0; first < n; first += panelColumns {
		last := min(first+panelColumns, n)
		if first > 0 {
			linalg.Gemm(false, false, -1, a.Slice(first, last).Columns(0, first), b.Slice(0, first), 1, b.Slice(first, last))
		}
		for i := first; i < last; i++ {
			for k := first; k < i; k++ {
				linalg.Axpy(-a.At(i, k), b.Row(k), b.Row(i))
			}
		}
	}
	for last := n; last > 0; {
		first := (last - 1) / panelColumns * panelColumns
		if last < n {
			linalg.Gemm(false, false, -1, a.Slice(first, last).Columns(last, n), b.Slice(last, n), 1, b.Slice(first, last))
		}
		for i := last - 1; i >= first; i-- {
			for k := i + 1; k < last; k++ {
				linalg.Axpy(-a.At(i, k), b.Row(k), b.Row(i))
			}
			linalg.Scale(1/a.At(i, i), b.Row(i))
		}
		last = first
	}
}

// columnNorm returns the largest sum of absolute values in a column.
func columnNorm(a linalg.Matrix[float64]) float64 {
	sums := make([]float64, a.Cols)
	largest := 0.0
	for i := range a.Rows {
		for j, v := range a.Row(i) {
			sums[j] += math.Abs(v)
		}
	}
	for _, s := range sums {
		largest = max(largest, s)
	}
	return largest
}

// conditionOf estimates the condition number in the 1-norm of a symmetric matrix
// with that columnNorm, from its factors: Higham's estimate of ‖A⁻¹‖ (Accuracy and
// Stability of Numerical Algorithms, 2nd ed., algorithm 15.4, without its
// transposed solutions), nearly always within a factor of 3 and never too large.
func conditionOf(a linalg.Matrix[float64], pivots []int, norm float64) float64 {
	n := a.Rows
	x, next := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = 1 / float64(n)
	}
	estimate := 0.0
	for range 5 {
		substitute(a, pivots, x)
		sum := 0.0
		for i, v := range x {
			sum += math.Abs(v)
			next[i] = math.Copysign(1, v)
		}
		if !(sum > estimate) {
			break
		}
		estimate = sum
		substitute(a, pivots, next)
		largest := 0
		for i, v := range next {
			if math.Abs(v) > math.Abs(next[largest]) {
				largest = i
			}
		}
		clear(x)
		x[largest] = 1
	}
	// A vector of growing numbers with changing signs catches what that misses.
	for i := range x {
		x[i] = 1 + float64(i)/float64(max(n-1, 1))
		if i%2 == 1 {
			x[i] = -x[i]
		}
	}
	substitute(a, pivots, x)
	sum := 0.0
	for _, v := range x {
		sum += math.Abs(v)
	}
	estimate = max(estimate, 2*sum/(3*float64(n)))
	if c := estimate * norm; finite(c) {
		return c
	}
	return math.Inf(1)
}
