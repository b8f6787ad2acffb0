package rbf

import (
	"fmt"
	"slices"

	"filterscope/engine/linalg"
)

// Network is a radial basis function network with one output.
// The zero value is not useful: set Kernel, Centres and Widths, Degree to -1
// for no polynomial tail, and let [Network.Fit] set Weights, Tail, Shift and
// Scale. A Network may be read by several goroutines, but not while one changes
// it.
type Network struct {
	Kernel  Kernel
	Centres linalg.Matrix[float64] // M×d
	// Widths holds σ of each centre, all above 0. The basis function is
	// exp(-r²/(2σ²)) for the Gaussian and φ(r/σ) for all other kernels.
	Widths []float64
	// Normalised divides the basis functions by their sum. Thin-plate splines
	// change sign and cannot be normalised.
	Normalised bool
	// Degree of the polynomial tail; -1 for none.
	Degree int

	Weights []float64 // M, of the basis functions
	Tail    []float64 // P, of the monomials, see Exponents
	// Shift and Scale move each coordinate into [-1, 1] over the training data
	// before the monomials are taken; empty for none.
	Shift, Scale []float64
}

// Inputs returns d, the number of coordinates of a point.
func (n *Network) Inputs() int { return n.Centres.Cols }

// Terms returns P, the number of monomials in the tail.
func (n *Network) Terms() int { return monomials(n.Centres.Cols, n.Degree) }

// Clone returns a deep copy.
func (n *Network) Clone() *Network {
	c := *n
	c.Centres = n.Centres.Clone()
	c.Widths = slices.Clone(n.Widths)
	c.Weights = slices.Clone(n.Weights)
	c.Tail = slices.Clone(n.Tail)
	c.Shift = slices.Clone(n.Shift)
	c.Scale = slices.Clone(n.Scale)
	return &c
}

// Basis returns the N×M values of the basis functions at the rows of x, which
// is N×d.
func (n *Network) Basis(x linalg.Matrix[float64]) linalg.Matrix[float64] {
	b := linalg.NewMatrix[float64](x.Rows, n.Centres.Rows)
	n.basis(b, x)
	return b
}

// Design returns the N×(M+P) matrix of the least-squares problem: the basis
// functions and then the monomials of the tail, at the rows of x.
func (n *Network) Design(x linalg.Matrix[float64]) linalg.Matrix[float64] {
	m := n.Centres.Rows
	d := linalg.NewMatrix[float64](x.Rows, m+n.Terms())
	n.basis(d.Columns(0, m), x)
	n.tailOf().fill(d.Columns(m, d.Cols), x)
	return d
}

// Predict returns the N values of the network at the rows of x.
// It panics when the network has not been fitted.
func (n *Network) Predict(x linalg.Matrix[float64]) []float64 {
	if len(n.Weights) != n.Centres.Rows || len(n.Tail) != n.Terms() {
		panic(fmt.Sprintf("rbf: Predict: %d weights and %d tail coefficients for %d centres and %d monomials",
			len(n.Weights), len(n.Tail), n.Centres.Rows, n.Terms()))
	}
	out := make([]float64, x.Rows)
	const block = 256
	linalg.Parallel((x.Rows+block-1)/block, func(part int) {
		first := part * block
		last := min(first+block, x.Rows)
		design := n.Design(x.Slice(first, last))
		for i := first; i < last; i++ {
			row := design.Row(i - first)
			sum := 0.0
			for j, w := range n.Weights {
				sum += w * row[j]
			}
			for j, t := range n.Tail {
				sum += t * row[len(n.Weights)+j]
			}
			out[i] = sum
		}
	})
	return out
}

func (n *Network) tailOf() polynomial {
	return polynomial{exponents: Exponents(n.Centres.Cols, n.Degree), shift: n.Shift, scale: n.Scale}
}
