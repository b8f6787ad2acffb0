package rbf

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// blockRows is how many rows are worked on at once; results do not depend on it.
const blockRows = 256

// inBlocks calls f for blocks of rows, in parallel.
func inBlocks(rows int, f func(first, last int)) {
	linalg.Parallel((rows+blockRows-1)/blockRows, func(part int) {
		f(part*blockRows, min((part+1)*blockRows, rows))
	})
}

// Basis returns the N×M values of the basis functions at the rows of x, which
// is N×d.
func (n *Network) Basis(x linalg.Matrix[float64]) linalg.Matrix[float64] {
	n.fits(x)
	b := linalg.NewMatrix[float64](x.Rows, n.Centres.Rows)
	inBlocks(x.Rows, func(first, last int) { n.basis(b.Slice(first, last), x.Slice(first, last)) })
	return b
}

// Design returns the N×(M+P) matrix of the least-squares problem: the basis
// functions and then the monomials of the tail, at the rows of x.
func (n *Network) Design(x linalg.Matrix[float64]) linalg.Matrix[float64] {
	n.fits(x)
	m := n.Centres.Rows
	d := linalg.NewMatrix[float64](x.Rows, m+n.Terms())
	tail := n.polynomial()
	inBlocks(x.Rows, func(first, last int) {
		block := d.Slice(first, last)
		n.basis(block.Columns(0, m), x.Slice(first, last))
		tail.fill(block.Columns(m, d.Cols), x.Slice(first, last))
	})
	return d
}

// Predict returns the N values of the network at the rows of x, N×d.
// It panics when the network has not been fitted.
func (n *Network) Predict(x linalg.Matrix[float64]) []float64 {
	n.fits(x)
	if len(n.Weights) != n.Centres.Rows || len(n.Tail) != n.Terms() {
		panic(fmt.Sprintf("rbf: Predict: %d weights and %d tail coefficients for %d centres and %d monomials",
			len(n.Weights), len(n.Tail), n.Centres.Rows, n.Terms()))
	}
	out := make([]float64, x.Rows)
	tail := n.polynomial()
	inBlocks(x.Rows, func(first, last int) {
		basis := make([]float64, n.Centres.Rows)
		terms := make([]float64, len(n.Tail))
		for i := first; i < last; i++ {
			point := x.Row(i)
			n.arguments(basis, point)
			n.apply(basis)
			tail.row(terms, point)
			out[i] = dot(basis, n.Weights) + dot(terms, n.Tail)
		}
	})
	return out
}

// fits panics when points have another number of coordinates than the centres.
func (n *Network) fits(x linalg.Matrix[float64]) {
	if x.Cols != n.Centres.Cols {
		panic(fmt.Sprintf("rbf: points with %d coordinates, centres with %d", x.Cols, n.Centres.Cols))
	}
}

func (n *Network) polynomial() polynomial {
	return polynomial{exponents: Exponents(n.Centres.Cols, n.Degree), shift: n.Shift, scale: n.Scale}
}

// basis sets dst, N×M, to the basis functions at the rows of x, serially.
func (n *Network) basis(dst, x linalg.Matrix[float64]) {
	for i := range x.Rows {
		row := dst.Row(i)
		n.arguments(row, x.Row(i))
		n.apply(row)
	}
}

// arguments sets dst to what each kernel is given at one point: the squared
// distance over σ², for the Gaussian over 2σ².
func (n *Network) arguments(dst, point []float64) {
	half := 1.0
	if n.Kernel == Gaussian {
		half = 0.5
	}
	if len(point) == 1 {
		for j := range dst {
			r := point[0] - n.Centres.Data[j*n.Centres.Stride]
			dst[j] = half * (r * r) / (n.Widths[j] * n.Widths[j])
		}
		return
	}
	for j := range dst {
		dst[j] = half * squaredDistance(point, n.Centres.Row(j)) / (n.Widths[j] * n.Widths[j])
	}
}

// apply turns arguments into the values of basis functions, and returns the sum
// they were divided by, 1 unless the network is normalised. The Gaussian is
// scaled by its largest value first, so that the sum is never 0; the other
// kernels only sum to 0 when a lone centre is at the point, and then share 1.
func (n *Network) apply(v []float64) float64 {
	if n.Normalised && n.Kernel == Gaussian {
		least := math.Inf(1)
		for _, s := range v {
			least = min(least, s)
		}
		for j := range v {
			v[j] -= least
		}
	}
	n.Kernel.apply(v)
	if !n.Normalised {
		return 1
	}
	sum := 0.0
	for _, b := range v {
		sum += b
	}
	if sum == 0 {
		for j := range v {
			v[j] = 1 / float64(len(v))
		}
		return 0
	}
	for j := range v {
		v[j] /= sum
	}
	return sum
}

// squaredDistance returns ‖a-b‖².
func squaredDistance(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		d := v - b[i]
		sum += d * d
	}
	return sum
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
