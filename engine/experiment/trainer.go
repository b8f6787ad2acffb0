package experiment

import (
	"errors"

	"filterscope/engine/rbf"
)

// Trainer moves the centres, widths and weights of a network by gradient, one
// accepted step of the recipe's optimiser at a time, so that a window can draw
// every one.
type Trainer struct{ network *rbf.Network }

// Trainer returns a trainer that starts from n, which has its weights already
// and stays as it is.
func (s *Study) Trainer(n *rbf.Network) (*Trainer, error) {
	return nil, errors.New("experiment.Trainer is being written")
}

// Step takes one step and returns the objective after it. Done is true when the
// steps of the recipe are taken, when L-BFGS has converged, or when the
// objective is no longer finite; then the network is the last good one, and
// Reason says why it ended. Further calls change nothing.
func (t *Trainer) Step() (objective float64, done bool) { return 0, true }

// Reason says why Step returned done; empty before.
func (t *Trainer) Reason() string { return "" }

// Taken returns the number of steps taken, and Steps the most there will be.
func (t *Trainer) Taken() int { return 0 }

// Steps returns the largest number of steps.
func (t *Trainer) Steps() int { return 0 }

// Objectives returns the objective at the start and after every step. The slice
// grows and is never written to again.
func (t *Trainer) Objectives() []float64 { return nil }

// Network returns a copy of the network as it is now.
func (t *Trainer) Network() *rbf.Network { return t.network.Clone() }
