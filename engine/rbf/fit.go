package rbf

import (
	"errors"

	"filterscope/engine/linalg"
)

// Fit finds the weights and the tail of the network by least squares on the
// points in the rows of x, N×d, with the N values y. Centres and widths stay.
// On an error the network is as it was. It fails, in one sentence, when there
// are no points or no centres, when an input is NaN or infinite, when a width is
// not above 0, or when there are fewer points than the tail has coefficients.
// It panics when the shapes do not fit.
func (n *Network) Fit(x linalg.Matrix[float64], y []float64, r Readout) (Report, error) {
	return Report{}, errors.New("fit is being written")
}

// basis sets dst, N×M, to the basis functions at the rows of x.
func (n *Network) basis(dst, x linalg.Matrix[float64]) {
	for i := range x.Rows {
		row := dst.Row(i)
		for j := range row {
			s := squaredDistance(x.Row(i), n.Centres.Row(j)) / (n.Widths[j] * n.Widths[j])
			if n.Kernel == Gaussian {
				s /= 2
			}
			row[j] = n.Kernel.squared(s)
		}
	}
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
