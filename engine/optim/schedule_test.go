package optim_test

import (
	"math"
	"testing"

	"filterscope/engine/optim"
)

func scheduler(t *testing.T, s optim.Schedule, rate float64, steps int) *optim.Scheduler {
	t.Helper()
	r, err := optim.NewScheduler(s, rate, steps)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestScheduleRates(t *testing.T) {
	cosine := optim.Schedule{Name: "cosine", Floor: 0.1, WarmUp: 4}
	tests := []struct {
		name    string
		s       optim.Schedule
		step    int
		epoch   float64
		samples int
		want    float64 // with rate 0.5 and 104 steps
	}{
		{"nothing", optim.Schedule{}, 50, 7, 900, 0.5},
		{"constant", optim.Schedule{Name: "constant"}, 50, 7, 900, 0.5},
		{"step, before", optim.Schedule{Name: "step", Factor: 0.5, Every: 3}, 0, 2.99, 0, 0.5},
		{"step, at", optim.Schedule{Name: "step", Factor: 0.5, Every: 3}, 0, 3, 0, 0.25},
		{"step, later", optim.Schedule{Name: "step", Factor: 0.5, Every: 3}, 0, 10, 0, 0.0625},
		{"exponential, start", optim.Schedule{Name: "exponential", Factor: 0.81}, 0, 0, 0, 0.5},
		{"exponential, half an epoch", optim.Schedule{Name: "exponential", Factor: 0.81}, 0, 0.5, 0, 0.45},
		{"exponential, two", optim.Schedule{Name: "exponential", Factor: 0.81}, 0, 2, 0, 0.5 * 0.6561},
		{"cosine, first step", cosine, 0, 0, 0, 0.125},
		{"cosine, last of the warm-up", cosine, 3, 0, 0, 0.5},
		{"cosine, top", cosine, 4, 0, 0, 0.5},
		{"cosine, a quarter", optim.Schedule{Name: "cosine"}, 104 / 4, 0, 0, 0.25 * (1 + math.Sqrt2/2)},
		{"cosine, half", cosine, 54, 0, 0, 0.3},
		{"cosine, end", cosine, 104, 0, 0, 0.1},
		{"cosine, beyond", cosine, 1000, 0, 0, 0.1},
		{"cosine, all warm-up", optim.Schedule{Name: "cosine", WarmUp: 208}, 103, 0, 0, 0.25},
		{"h2o, start", optim.Schedule{Name: "h2o", Annealing: 1e-6}, 0, 0, 0, 0.5},
		{"h2o, a million", optim.Schedule{Name: "h2o", Annealing: 1e-6}, 0, 0, 1_000_000, 0.25},
		{"plateau, nothing seen", optim.Schedule{Name: "plateau", Factor: 0.1, Patience: 1}, 9, 9, 9, 0.5},
	}
	for _, tt := range tests {
		got := scheduler(t, tt.s, 0.5, 104).Rate(tt.step, tt.epoch, tt.samples)
		if math.Abs(got-tt.want) > 1e-15 {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	s := scheduler(t, cosine, 0.5, 104)
	if s.SetBase(0.05); s.Rate(60, 0, 0) != 0.05 {
		t.Errorf("below its floor the rate is %v, want the rate itself", s.Rate(60, 0, 0))
	}
}

// TestPlateau has Keras's ReduceLROnPlateau worked by hand: the number of cuts
// after each loss.
func TestPlateau(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name   string
		s      optim.Schedule
		losses []float64
		cuts   []int
	}{
		{"patience 2", optim.Schedule{Patience: 2}, []float64{5, 4, 4, 4, 4, 4, 3, 3}, []int{0, 0, 0, 1, 1, 2, 2, 2}},
		{"cooldown 2", optim.Schedule{Patience: 1, Cooldown: 2}, []float64{5, 5, 5, 5, 5, 5}, []int{0, 1, 1, 2, 2, 3}},
		{"relative improvement", optim.Schedule{Patience: 1, MinDelta: 0.01}, []float64{1000, 991, 989, 980}, []int{0, 1, 1, 2}},
		{"negative losses", optim.Schedule{Patience: 1, MinDelta: 0.01}, []float64{-1000, -1009, -1011}, []int{0, 1, 1}},
		{"NaN", optim.Schedule{Patience: 1}, []float64{nan, 5, nan}, []int{1, 1, 2}},
	}
	for _, tt := range tests {
		tt.s.Name, tt.s.Factor, tt.s.Floor = "plateau", 0.5, 0.3
		s := scheduler(t, tt.s, 1, 0)
		for i, loss := range tt.losses {
			s.Observe(loss)
			if got := s.State().Cuts; got != tt.cuts[i] {
				t.Errorf("%s: %d cuts after loss %d, want %d", tt.name, got, i, tt.cuts[i])
			}
			if want := max(0.3, math.Pow(0.5, float64(tt.cuts[i]))); s.Rate(0, 0, 0) != want {
				t.Errorf("%s: rate %v after loss %d, want %v", tt.name, s.Rate(0, 0, 0), i, want)
			}
			state := s.State() // a break changes nothing
			s = scheduler(t, tt.s, 1, 0)
			if err := s.SetState(state); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestScheduleValidate(t *testing.T) {
	for _, name := range optim.ScheduleNames() {
		s, err := optim.DefaultSchedule(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(); err != nil {
			t.Errorf("default: %v", err)
		}
		if got := scheduler(t, s, 0.5, 10).Rate(0, 0, 0); got != 0.5 {
			t.Errorf("%s: first rate %v", name, got)
		}
	}
	for _, s := range []optim.Schedule{
		{Name: "cyclic"},
		{Name: "step", Factor: 0.1},
		{Name: "step", Factor: 2, Every: 1},
		{Name: "exponential"},
		{Name: "exponential", Factor: math.NaN()},
		{Name: "cosine", Floor: -1},
		{Name: "cosine", WarmUp: -1},
		{Name: "h2o", Annealing: math.Inf(1)},
		{Name: "plateau", Factor: 0.1},
		{Name: "plateau", Factor: 0.1, Patience: 1, MinDelta: 1},
		{Name: "plateau", Factor: 0.1, Patience: 1, Cooldown: -1},
	} {
		if s.Validate() == nil {
			t.Errorf("%+v: no error", s)
		}
		if _, err := optim.NewScheduler(s, 0.1, 10); err == nil {
			t.Errorf("%+v: a scheduler", s)
		}
	}
	for name, f := range map[string]func() error{
		"NaN rate":         func() error { _, err := optim.NewScheduler(optim.Schedule{}, math.NaN(), 1); return err },
		"cosine over none": func() error { _, err := optim.NewScheduler(optim.Schedule{Name: "cosine"}, 1, 0); return err },
		"floor above": func() error {
			_, err := optim.NewScheduler(optim.Schedule{Name: "cosine", Floor: 2}, 1, 9)
			return err
		},
		"negative wait": func() error { return scheduler(t, optim.Schedule{}, 1, 1).SetState(optim.SchedulerState{Wait: -1}) },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestRamp(t *testing.T) {
	r := optim.Ramp{Start: 0.5, Stable: 0.9, Samples: 1000}
	for samples, want := range map[int]float64{0: 0.5, 250: 0.6, 500: 0.7, 1000: 0.9, 5000: 0.9} {
		if got := r.Momentum(samples); math.Abs(got-want) > 1e-15 {
			t.Errorf("after %d: %v, want %v", samples, got, want)
		}
	}
	if got := (optim.Ramp{Start: 0.5, Stable: 0.9}).Momentum(7); got != 0.5 {
		t.Errorf("without a ramp: %v, want the start", got)
	}
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
	for _, bad := range []optim.Ramp{{Start: 1}, {Stable: -0.1}, {Samples: math.NaN()}, {Samples: -1}} {
		if bad.Validate() == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
}
