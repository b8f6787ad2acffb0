package optim

import "filterscope/engine/linalg"

// NewSGD returns stochastic gradient descent for n parameters with momentum in
// [0, 1), 0 for none, of Nesterov's kind on demand. It panics when momentum is
// out of its limits: check what comes from outside before.
func NewSGD[T linalg.Float](n int, momentum float64, nesterov bool) Stepper[T] {
	r := Rule{Name: "momentum", Momentum: momentum}
	switch {
	case nesterov:
		r.Name = "nesterov"
	case momentum == 0:
		r.Name = "sgd"
	}
	return mustStepper[T](r, n)
}

// NewAdam returns Adam for n parameters with the constants of its paper.
func NewAdam[T linalg.Float](n int) Stepper[T] {
	r, _ := DefaultRule("adam")
	return mustStepper[T](r, n)
}

func mustStepper[T linalg.Float](r Rule, n int) Stepper[T] {
	s, err := NewStepper[T](r, n)
	if err != nil {
		panic("optim: " + err.Error())
	}
	return s
}
