package optim

import (
	"fmt"
	"math"
	"slices"
)

// Schedule says how the learning rate changes during a run. Only the fields of
// the named schedule count; the zero value is "constant". Start from
// DefaultSchedule.
type Schedule struct {
	// Name is one of ScheduleNames; empty is "constant".
	Name string
	// Factor multiplies the rate, above 0 and at most 1: at every step of "step"
	// (0.1 by default, as PyTorch's StepLR), over every epoch, smoothly, of
	// "exponential" (0.95), at every cut of "plateau" (0.1, as Keras).
	Factor float64
	// Every is the number of epochs between two steps of "step", above 0; 10.
	Every float64
	// Floor is the rate, 0 or more, that "cosine" ends at and "plateau" stays
	// above; 0 by default.
	Floor float64
	// WarmUp is the number of steps in which "cosine" first climbs to the full
	// rate, in a straight line; 0 by default.
	WarmUp int
	// Annealing divides the rate of "h2o" by 1 + Annealing·samples; 1e-6.
	Annealing float64
	// Patience is the number of epochs without a better loss before "plateau"
	// cuts the rate, at least 1; 10 by default, as Keras.
	Patience int
	// MinDelta is the share of the best loss by which a better one is lower;
	// 1e-4 by default.
	MinDelta float64
	// Cooldown is the number of epochs after a cut that do not count; 0.
	Cooldown int
}

// ScheduleNames lists the schedules.
func ScheduleNames() []string {
	return []string{"constant", "step", "exponential", "cosine", "h2o", "plateau"}
}

// DefaultSchedule returns the named schedule with its defaults.
func DefaultSchedule(name string) (Schedule, error) {
	s := Schedule{Name: name}
	switch name {
	case "", "constant", "cosine":
	case "step":
		s.Factor, s.Every = 0.1, 10
	case "exponential":
		s.Factor = 0.95
	case "h2o":
		s.Annealing = 1e-6
	case "plateau":
		s.Factor, s.Patience, s.MinDelta = 0.1, 10, 1e-4
	default:
		return s, fmt.Errorf("unknown learning-rate schedule %q: want one of %q", name, ScheduleNames())
	}
	return s, nil
}

// Validate names the first constant that is out of its limits.
func (s Schedule) Validate() error {
	if _, err := DefaultSchedule(s.Name); err != nil {
		return err
	}
	uses := func(names ...string) bool {
		return slices.Contains(names, s.Name)
	}
	positive := func(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }
	for _, c := range []struct {
		used, ok bool
		name     string
		value    any
		limits   string
	}{
		{uses("step", "exponential", "plateau"), s.Factor > 0 && s.Factor <= 1, "factor", s.Factor, "above 0, at most 1"},
		{uses("step"), s.Every > 0 && !math.IsInf(s.Every, 1), "epochs between steps", s.Every, "above 0"},
		{uses("cosine", "plateau"), positive(s.Floor), "floor", s.Floor, "0 or more"},
		{uses("cosine"), s.WarmUp >= 0, "warm-up", s.WarmUp, "0 steps or more"},
		{uses("h2o"), positive(s.Annealing), "annealing", s.Annealing, "0 or more"},
		{uses("plateau"), s.Patience >= 1, "patience", s.Patience, "1 epoch or more"},
		{uses("plateau"), s.MinDelta >= 0 && s.MinDelta < 1, "smallest improvement", s.MinDelta, "0 or more, below 1"},
		{uses("plateau"), s.Cooldown >= 0, "cooldown", s.Cooldown, "0 epochs or more"},
	} {
		if c.used && !c.ok {
			return fmt.Errorf("learning-rate schedule %s: %s = %v: want %s", s.Name, c.name, c.value, c.limits)
		}
	}
	return nil
}
