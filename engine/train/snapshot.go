package train

import (
	"sync/atomic"
	"time"

	"filterscope/engine/nn"
)

// Phase is what a run is doing.
type Phase int

// The phases of a run, in the order they come.
const (
	Running Phase = iota
	Paused
	Done    // the stop rule of the recipe was met
	Stopped // the user ended it
	Failed  // an error ended it; the last good parameters are kept
)

func (p Phase) String() string {
	return [...]string{"running", "paused", "done", "stopped", "failed"}[p]
}

// Ended reports whether the run is over.
func (p Phase) Ended() bool { return p >= Done }

// Event is something that was done to a run at a step, for the marks on the
// curves: a tweak, "λ 0.003 → 0.001".
type Event struct {
	Step int
	Text string
}

// Snapshot is the state of a run at one moment. It is immutable: its slices
// are copies or prefixes that never change.
type Snapshot struct {
	Seq         uint64
	Phase       Phase
	Step        int     // iterations of L-BFGS, minibatches of the other methods
	Steps       int     // of the whole run
	Epoch       float64 // passes over the data, of minibatch methods
	Evaluations int
	Terms       nn.Terms // at Step; of a minibatch method the mean over the steps up to the last point of History
	Hyper       Hyper
	RhoHat      []float64 // mean activation of each unit that a penalty is on (of the codes), nil without one; of a minibatch method the running average
	Stage       string    // what the run is at, of one that has stages
	History     History
	Events      []Event
	Elapsed     time.Duration // training time, pauses left out
	Left        time.Duration // estimate of what remains
	PerSecond   float64       // evaluations a second, over the last seconds
	Reason      string        // why the run ended, one sentence
	Err         error         // set when Phase is Failed

	// Parameters is the parameter vector in float32, nil when no view wants
	// it or the last copy is fresh enough.
	Parameters []float32
	// State is where a run can go on from Step, with Parameters; most snapshots have
	// none. Of a full-batch method it may be within the search for the next step.
	State *State
	// Stateless says that while the run goes on no snapshot has a State, and the
	// parameters are what there is to go on from: a full-batch method, whose state is
	// dozens of times as large and which takes no step that is not finite, or more
	// than StatesUpTo parameters.
	Stateless bool
}

// Wishes tells a run which heavy parts of a snapshot are wanted. The views set
// it, the run reads it; both from any goroutine.
type Wishes struct{ parameters atomic.Bool }

// Parameters asks for copies of the parameters, or for none.
func (w *Wishes) Parameters(wanted bool) { w.parameters.Store(wanted) }
