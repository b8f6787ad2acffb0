package optim

import (
	"fmt"
	"math"
)

// Scheduler follows a Schedule. All but "plateau" depend on the arguments of
// Rate alone.
type Scheduler struct {
	set   Schedule
	base  float64
	steps int
	state SchedulerState
}

// SchedulerState is what a Scheduler remembers of the losses.
type SchedulerState struct {
	Best     float64 // lowest loss, when there is one
	Seen     bool    // Best holds a value
	Wait     int     // epochs since then, or since the last cut
	Cooldown int     // epochs that will not count
	Cuts     int     // made so far
}

// NewScheduler returns a scheduler that starts from a rate, which is finite and
// not negative, for a run of so many steps, which only "cosine" asks for.
func NewScheduler(s Schedule, rate float64, steps int) (*Scheduler, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	switch {
	case !(rate >= 0) || math.IsInf(rate, 1):
		return nil, fmt.Errorf("learning rate = %v: want 0 or more", rate)
	case s.Name == "cosine" && steps < 1:
		return nil, fmt.Errorf("learning-rate schedule cosine over %d steps: want 1 or more", steps)
	case (s.Name == "cosine" || s.Name == "plateau") && s.Floor > rate:
		return nil, fmt.Errorf("learning-rate schedule %s: floor = %v: want at most the learning rate, %v", s.Name, s.Floor, rate)
	}
	return &Scheduler{set: s, base: rate, steps: steps}, nil
}

// SetBase changes the rate that the schedule starts from, in the middle of a
// run too. A floor above it counts as equal to it.
func (s *Scheduler) SetBase(rate float64) { s.base = rate }

// Rate returns the learning rate of a step, counted from 0, before which so
// many epochs and samples have been seen.
func (s *Scheduler) Rate(step int, epoch float64, samples int) float64 {
	floor := min(s.set.Floor, s.base)
	switch s.set.Name {
	case "step":
		return s.base * math.Pow(s.set.Factor, math.Floor(epoch/s.set.Every))
	case "exponential":
		return s.base * math.Pow(s.set.Factor, epoch)
	case "cosine": // Loshchilov & Hutter 2017, without restarts
		if step < s.set.WarmUp {
			return s.base * float64(step+1) / float64(s.set.WarmUp)
		}
		t := min(1, float64(step-s.set.WarmUp)/float64(max(1, s.steps-s.set.WarmUp)))
		return floor + (s.base-floor)*(1+math.Cos(math.Pi*t))/2
	case "h2o":
		return s.base / (1 + s.set.Annealing*float64(samples))
	case "plateau":
		return max(floor, s.base*math.Pow(s.set.Factor, float64(s.state.Cuts)))
	}
	return s.base
}

// Observe tells a "plateau" the loss of an epoch, the validation loss if there
// is one, and does nothing to other schedules. It decides as Keras's
// ReduceLROnPlateau, but for MinDelta, which is relative as in PyTorch's. A NaN
// is no improvement.
func (s *Scheduler) Observe(epochLoss float64) {
	if s.set.Name != "plateau" {
		return
	}
	p := &s.state
	if p.Cooldown > 0 {
		p.Cooldown--
		p.Wait = 0
	}
	better := !math.IsNaN(epochLoss) && !math.IsInf(epochLoss, 0)
	if p.Seen {
		better = better && epochLoss < p.Best-s.set.MinDelta*math.Abs(p.Best)
	}
	if better {
		p.Best, p.Seen, p.Wait = epochLoss, true, 0
		return
	}
	if p.Cooldown > 0 {
		return
	}
	if p.Wait++; p.Wait >= s.set.Patience {
		p.Cuts++
		p.Cooldown, p.Wait = s.set.Cooldown, 0
	}
}

// State returns what the scheduler remembers; SetState puts it back.
func (s *Scheduler) State() SchedulerState { return s.state }

// SetState puts back what State returned. It returns an error when a count is
// negative.
func (s *Scheduler) SetState(state SchedulerState) error {
	if state.Wait < 0 || state.Cooldown < 0 || state.Cuts < 0 || math.IsNaN(state.Best) {
		return fmt.Errorf("restore the learning-rate schedule: best loss %v, %d epochs waited, %d to cool down, %d cuts: want a number and no negative count",
			state.Best, state.Wait, state.Cooldown, state.Cuts)
	}
	s.state = state
	return nil
}
