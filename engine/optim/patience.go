package optim

import (
	"fmt"
	"math"
)

// Patience says when a run has stopped getting better, and which of its epochs
// was the best. The two are apart, as in PyTorch Lightning, whose EarlyStopping
// counts by min_delta while its ModelCheckpoint keeps the lowest loss of all. Keras's
// EarlyStopping counts in the same way, but restores the weights of the last
// epoch that counted, which a later one with a lower loss may have passed by
// less than min_delta. Without MinDelta all three agree.
type Patience struct {
	// Epochs is the number of epochs running without a gain that end the run; 0 is
	// as 1.
	Epochs int
	// MinDelta is by how much a loss must be lower than at the last gain to be
	// another one, in units of the loss.
	MinDelta float64
	// Restore asks for the parameters of the epoch with the lowest loss at the end.
	// Whoever holds parameters keeps a copy each time Observe says best.
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
	Gained    float64 // loss of the last gain
	Seen      bool    // Best and Gained hold values
	BestEpoch int     // counted from 1; 0 when there is none
	Epochs    int     // observed so far
	Wait      int     // epochs since the last gain
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
// says whether that is the lowest so far, whether it is a gain, that is lower
// than at the last gain by more than MinDelta, and whether the run should stop. A
// NaN is neither, and nor is +Inf; the first epoch never stops a run.
func (s *Stopper) Observe(loss float64) (best, gain, stop bool) {
	p := &s.state
	p.Epochs++
	p.Wait++
	finite := !math.IsNaN(loss) && !math.IsInf(loss, 0)
	if best = finite && (!p.Seen || loss < p.Best); best {
		p.Best, p.BestEpoch = loss, p.Epochs
	}
	if gain = finite && (!p.Seen || loss < p.Gained-s.set.MinDelta); gain {
		p.Gained, p.Seen, p.Wait = loss, true, 0
	}
	return best, gain, !gain && p.Wait >= s.set.Epochs && p.Epochs > 1
}

// Best returns the lowest loss and its epoch, counted from 1; 0 when there is
// none yet.
func (s *Stopper) Best() (loss float64, epoch int) { return s.state.Best, s.state.BestEpoch }

// State returns what the stopper remembers; SetState puts it back.
func (s *Stopper) State() StopperState { return s.state }

// SetState puts back what State returned. It returns an error when a count is
// negative.
func (s *Stopper) SetState(state StopperState) error {
	if state.Wait < 0 || state.Epochs < 0 || state.BestEpoch < 0 || math.IsNaN(state.Best) || math.IsNaN(state.Gained) {
		return fmt.Errorf("restore early stopping: best loss %v of epoch %d, %d epochs, %d waited: want a number and no negative count",
			state.Best, state.BestEpoch, state.Epochs, state.Wait)
	}
	s.state = state
	return nil
}
