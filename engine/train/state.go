package train

import (
	"fmt"

	"filterscope/engine/optim"
)

// State is where a run stands between two steps: its parameters and whatever
// else decides how it goes on, such as the sums of the optimiser, the place in the
// shuffled examples, the chains of a machine. A run that starts from it has the
// bits of the one it was taken from, if that had the same hyper-parameters. It
// is immutable, and good for any number of runs of the same problem, or of one
// that differs in hyper-parameters alone.
type State struct {
	step   int
	fresh  bool // the run began with the recipe's initial parameters
	tally  tally
	method any // what method.state returned
}

// Step returns how many steps led to the state.
func (s *State) Step() int { return s.step }

// tally is what a run knows of the losses of its epochs.
type tally struct {
	epochSum   float64 // of the minibatches of the present epoch
	epochSteps int
	stopper    optim.Stopper
	best       []float64 // parameters of the epoch with the least loss, never written to
	bestAt     int       // its step
	gainAt     int       // step of the last gain
}

// state returns where the run stands. After a step that had to be taken back it
// is that from before it.
func (r *run) state() *State {
	method, behind := r.method.state()
	s := &State{step: r.step - behind, fresh: r.opts.fresh(), tally: r.tally, method: method}
	if behind > 0 {
		s.tally = r.previous
	}
	return s
}

// goOn puts the run where s says.
func (r *run) goOn(s *State) error {
	if err := r.method.resume(s.method); err != nil {
		return fmt.Errorf("go on from step %d: %w", s.step, err)
	}
	r.step, r.tally, r.previous = s.step, s.tally, s.tally
	r.from = s.step
	return nil
}

// otherState is the error of a method that is given the state of another one.
func otherState(s any) error {
	return fmt.Errorf("the state of another method or model (%T): start from the parameters alone", s)
}
