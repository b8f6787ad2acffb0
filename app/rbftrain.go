package app

import (
	"filterscope/engine/recipe"
)

// trainable reports whether the state has something that goes step by step.
func (v *rbfView) trainable() bool {
	b := v.state.recipe.RBF
	return b.Task == recipe.TaskImage || b.Task == recipe.TaskCurve || b.Task == recipe.TaskField && !b.Interpolates()
}

// toggle runs, pauses, or gives up what is being worked out.
func (v *rbfView) toggle() {
	f := v.frame
	switch {
	case f != nil && f.busy:
		v.stop++
	case f != nil && f.fault != nil:
		v.turn++
	case !v.trainable():
		return
	case f != nil && f.run.ended && !v.run:
		v.keep()
		v.turn++
		v.run = true
	default:
		v.run = !v.run
	}
	v.enable()
	v.ask()
}

// step takes one step.
func (v *rbfView) step() {
	if v.trainable() {
		v.run = false
		v.steps++
		v.ask()
	}
}

// stopHere keeps what has been trained.
func (v *rbfView) stopHere() {
	v.run = false
	if v.frame != nil && v.frame.busy {
		v.stop++
	} else {
		v.keep()
	}
	v.enable()
	v.ask()
}

// keep makes what has been trained the state, so that it can be undone.
func (v *rbfView) keep() {
	f := v.frame
	if f == nil || !f.run.begun || f.solution == nil || f.solution.network == nil || v.state.recipe.RBF.Task == recipe.TaskImage {
		return
	}
	e := v.state.adopt(f.solution.network)
	e.fixed = f.solution.network
	v.set(rbfState{v.state.recipe, e}, "")
}

// restart forgets what has been trained, or works everything out again.
func (v *rbfView) restart() {
	v.turn++
	if v.trainable() {
		v.run = true
	}
	v.ask()
}
