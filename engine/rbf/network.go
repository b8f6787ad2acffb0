package rbf

import (
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
