package rbf

import (
	"errors"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Objective is the mean squared error of a network as a function of everything
// it has: centres (M×d), logarithms of the widths (M), weights (M) and tail (P),
// in one flat vector in this order.
//
//	J = 1/(2N) Σᵢ (f(xᵢ)-yᵢ)² + λ/2 Σⱼ wⱼ²
//
// It works with optim.LBFGS (evaluate at X, Tell) and optim.Stepper alike. It is
// not safe for concurrent use.
type Objective struct {
	network *Network
	lambda  float64
}

// NewObjective returns the objective of a network that has been fitted, or has
// weights of its own, on the points in the rows of x, N×d, with the N values y.
// It keeps x and y and copies the network. It fails as Fit does.
func NewObjective(n *Network, x linalg.Matrix[float64], y []float64, lambda float64) (*Objective, error) {
	return nil, errors.New("the objective is being written")
}

// Layout names the parts of the flat vector.
func (o *Objective) Layout() nn.Layout { return nil }

// Size returns the length of the flat vector.
func (o *Objective) Size() int { return 0 }

// Start returns the flat vector of the network the objective was made with.
func (o *Objective) Start() []float64 { return nil }

// Network returns the network that theta describes.
func (o *Objective) Network(theta []float64) *Network { return o.network.Clone() }

// Evaluate returns J at theta, and fills grad with its gradient unless it is
// nil.
func (o *Objective) Evaluate(theta, grad []float64) float64 { return 0 }
