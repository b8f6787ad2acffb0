package app

import (
	"context"

	"filterscope/engine/experiment"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// activeRun is one run and everything that belongs to it. Its fields are set
// before its goroutine starts, but for the result, which is valid once done
// is closed.
type activeRun struct {
	problem *train.Problem
	exhibit *exhibit // not nil: weights of another program, which cannot be trained on
	control *train.Control
	mailbox *train.Mailbox[train.Snapshot]
	wishes  *train.Wishes
	cancel  context.CancelFunc
	done    chan struct{}
	result  *train.Result
	err     error

	// Of the UI goroutine.
	hyper    train.Hyper // as sent last
	held     bool        // the user wants it held
	stepping bool        // held, but for the steps asked for
	good     goodState   // safe for other goroutines
	span     spanOf      // of what the network sees, when somebody wanted to know
}

func newActiveRun(p *train.Problem, cancel context.CancelFunc) *activeRun {
	return &activeRun{
		problem: p, control: train.NewControl(), mailbox: train.NewMailbox[train.Snapshot](),
		wishes: &train.Wishes{}, cancel: cancel, done: make(chan struct{}), hyper: hyperOf(p.Recipe),
	}
}

// hyperOf returns the live values of a recipe.
func hyperOf(r recipe.Recipe) train.Hyper { return train.HyperOf(r) }

// pause, resume and step do what the user asks for.
func (r *activeRun) pause() { r.held, r.stepping = true, false; r.control.Pause() }

func (r *activeRun) resume() { r.held, r.stepping = false, false; r.control.Resume() }

func (r *activeRun) step(n int) {
	r.held, r.stepping = true, true
	r.control.Step(n)
}

// ended reports whether the run's goroutine has finished.
func (r *activeRun) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// recipe returns the recipe of the run with its values as they are now.
func (r *activeRun) recipe() recipe.Recipe {
	return r.hyper.In(r.problem.Recipe)
}

// finishedRun is a saved model with its data, and what a run that ended with it
// would have said last.
type finishedRun struct {
	problem *train.Problem
	result  *train.Result
	last    *train.Snapshot
	exhibit *exhibit           // not nil: it is weights of another program
	rbf     *experiment.Result // instead of the others: it is for the RBF view
}
