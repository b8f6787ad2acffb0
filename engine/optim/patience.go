package optim

import (
	"fmt"
	"math"
)

// Patience says when a run has stopped getting better, as Keras's
// EarlyStopping does.
type Patience struct {
	// Epochs is the number of epochs running without a better loss that end the
	// run; 0 is as 1.
	Epochs int
	// MinDelta is by how much a better loss is lower, in units of the loss.
	MinDelta float64
	// Restore asks for the parameters of the best epoch at the end. Whoever holds
	// parameters keeps a copy each time Observe says improved.
	Restore bool
}

// Validate names the first value that is out of its limits.
func (p Patience) Validate() error {
	switch {
	case p.Epochs < 0:
		return fmt.Errorf("early stopping: patience = %d epochs: want 0 or more", p.Epochs)
	case !(p.MinDelta >= 0) || math.IsInf(p.MinDelta, 1):
		return fmt.Errorf("early stopping: smallest improvement = %v: want 0 or more", p.MinDelta)
	}
	return nil
}

// Stopper follows a Patience.
type Stopper struct {
	set   Patience
	state StopperState
}

// StopperState is what a Stopper remembers.
type StopperState struct {
	Best      float64 // lowest loss, when there is one
	Seen      bool    // Best holds a value
	BestEpoch int     // counted from 1; 0 when there is none
	Epochs    int     // observed so far
	Wait      int     // epochs since the best one
}

// NewStopper returns a stopper, or an error that names the value out of its
// limits.
func NewStopper(p Patience) (*Stopper, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return &Stopper{set: p}, nil
}

// Observe takes the loss of an epoch, the validation loss if there is one. It
// says whether that is the best so far, and whether the run should stop. A NaN
// is no improvement, and nor is +Inf; the first epoch never stops a run.
func (s *Stopper) Observe(loss float64) (improved, stop bool) {
	p := &s.state
	p.Epochs++
	p.Wait++
	if improved = !math.IsNaN(loss) && !math.IsInf(loss, 0) && (!p.Seen || loss < p.Best-s.set.MinDelta); improved {
		p.Best, p.Seen, p.BestEpoch, p.Wait = loss, true, p.Epochs, 0
		return true, false
	}
	return false, p.Wait >= s.set.Epochs && p.Epochs > 1
}

// Best returns the lowest loss and its epoch, counted from 1; 0 when there is
// none yet.
func (s *Stopper) Best() (loss float64, epoch int) { return s.state.Best, s.state.BestEpoch }

// State returns what the stopper remembers; SetState puts it back.
func (s *Stopper) State() StopperState { return s.state }

// SetState puts back what State returned. It returns an error when a count is
// negative.
func (s *Stopper) SetState(state StopperState) error {
	if state.Wait < 0 || state.Epochs < 0 || state.BestEpoch < 0 || math.IsNaN(state.Best) {
		return fmt.Errorf("restore early stopping: best loss %v of epoch %d, %d epochs, %d waited: want a number and no negative count",
			state.Best, state.BestEpoch, state.Epochs, state.Wait)
	}
	s.state = state
	return nil
}
