package rbf

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/lapack"
	gonum "gonum.org/v1/gonum/lapack/gonum"

	"filterscope/engine/linalg"
)

// errSingular says that a pivot is 0 or not finite.
var errSingular = errors.New("the system has no single solution")

// panelColumns is the width of the panels of factor.
const panelColumns = 48

// factor replaces a, n×n, by its triangular factors, P·A = L·U with the unit
// diagonal of L left out, and sets pivots to the row each row was exchanged with.
// Partial pivoting, right-looking in panels of columns (Golub & Van Loan, Matrix
// Computations, 4th ed., algorithm 3.4.1 in its block form): nearly all the work
// is a matrix product.
func factor(ctx context.Context, a linalg.Matrix[float64], pivots []int) error {
	n := a.Rows
	for first := 0; first < n; first += panelColumns {
		if err := ctx.Err(); err != nil {
			return err
		}
		last := min(first+panelColumns, n)
		for j := first; j < last; j++ {
			p := j
			for i := j + 1; i < n; i++ {
				if math.Abs(a.At(i, j)) > math.Abs(a.At(p, j)) {
					p = i
				}
			}
			pivots[j] = p
			pivot := a.At(p, j)
			if pivot == 0 || !finite(pivot) {
				return errSingular
			}
			if p != j {
				exchange(a.Row(p), a.Row(j))
			}
			right := a.Row(j)[j+1 : last]
			for i := j + 1; i < n; i++ {
				row := a.Row(i)
				f := row[j] / pivot
				row[j] = f
				for k, v := range row[j+1 : last] {
					row[j+1+k] = v - f*right[k]
				}
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

// conditionOf estimates the condition number, in the 1-norm, of a matrix with
// that columnNorm, from its factors (Higham 1988, LAPACK's dgecon).
func conditionOf(a linalg.Matrix[float64], norm float64) float64 {
	n := a.Rows
	r := gonum.Implementation{}.Dgecon(lapack.MaxColumnSum, n, a.Data, a.Stride, norm, make([]float64, 4*n), make([]int, n))
	if !(r > 0) {
		return math.Inf(1)
	}
	return 1 / r
}
