package train

import (
	"filterscope/engine/optim"
	"filterscope/engine/recipe"
)

// pace gives a minibatch method its learning rate and momentum.
type pace struct {
	scheduler       optim.Scheduler
	ramp            optim.Ramp
	batch, perEpoch int
}

func newPace(o recipe.Optimizer, batch, perEpoch int) (pace, error) {
	p := pace{ramp: o.Ramp(), batch: batch, perEpoch: perEpoch}
	schedule, err := o.Schedule.Optim()
	if err != nil {
		return p, err
	}
	schedule.Floor = min(schedule.Floor, o.LearningRate) // a rate that was lowered since
	scheduler, err := optim.NewScheduler(schedule, o.LearningRate, o.Epochs*perEpoch)
	if err == nil {
		p.scheduler = *scheduler
	}
	return p, err
}

// rate and momentum are those of a step, counted from 0.
func (p *pace) rate(step int) float64 {
	return p.scheduler.Rate(step, float64(step)/float64(p.perEpoch), step*p.batch)
}

func (p *pace) momentum(step int) float64 { return p.ramp.Momentum(step * p.batch) }

// tweak takes new values; a momentum that was growing stays at the new one.
func (p *pace) tweak(h Hyper) {
	p.scheduler.SetBase(h.LearningRate)
	if h.Momentum != p.ramp.Stable {
		p.ramp = optim.Ramp{Start: h.Momentum, Stable: h.Momentum}
	}
}

// resume takes over what the schedule of another pace has seen.
func (p *pace) resume(from pace) error { return p.scheduler.SetState(from.scheduler.State()) }
