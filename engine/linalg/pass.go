package linalg

import "fmt"

// Activate sets z = f(z + bias) in every row, and adds each column of the
// result to sums unless sums is nil. z is m×n, bias and sums have n elements.
func Activate[T Float](f Function, z Matrix[T], bias, sums []T) {
	checkPass("Activate", z, z, bias, sums)
	if z.Rows > 0 && z.Cols > 0 {
		use[T]().activate(f, z, bias[:z.Cols], sums)
	}
}

// OutputDelta replaces z by the delta of half the squared error at an output
// layer, d = (a-x)·f'(z+bias) with a = f(z+bias), adds each column of d to
// sums unless that is nil, and returns Σ(a-x)² over all elements. z and x are
// m×n, bias and sums have n elements.
func OutputDelta[T Float](f Function, z, x Matrix[T], bias, sums []T) float64 {
	checkPass("OutputDelta", z, x, bias, sums)
	if z.Rows == 0 || z.Cols == 0 {
		return 0
	}
	return use[T]().outputDelta(f, z, x, bias[:z.Cols], sums)
}

// HiddenDelta sets d = (d + s)·f'(z) in every row, where a = f(z), and adds
// each column of the result to sums unless that is nil. d and a are m×n, s
// and sums have n elements.
func HiddenDelta[T Float](f Function, d, a Matrix[T], s, sums []T) {
	checkPass("HiddenDelta", d, a, s, sums)
	if d.Rows > 0 && d.Cols > 0 {
		use[T]().hiddenDelta(f, d, a, s[:d.Cols], sums)
	}
}

func checkPass[T Float](name string, z, x Matrix[T], row, sums []T) {
	if x.Rows != z.Rows || x.Cols != z.Cols || len(row) != z.Cols || (sums != nil && len(sums) != z.Cols) {
		panic(fmt.Sprintf("linalg: %s: %d×%d with %d×%d, a row of %d and sums of %d",
			name, z.Rows, z.Cols, x.Rows, x.Cols, len(row), len(sums)))
	}
}
