package experiment

import (
	"errors"
	"math"
	"slices"

	"filterscope/engine/optim"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
)

// Trainer moves the centres, widths and weights of a network by gradient, one
// accepted step of the recipe's optimiser at a time, so that a window can draw
// every one. The objective is half the mean squared error on the training
// points; λ of a ridge read-out by hand is its weight decay.
type Trainer struct {
	objective *rbf.Objective
	rate      float64
	steps     int
	theta     []float64 // the last good parameters
	next      []float64 // parameters to try
	gradient  []float64
	values    []float64 // the objective at the start and after each step
	reason    string

	lbfgs   *optim.LBFGS // one of the two
	stepper optim.Stepper[float64]
}

// Trainer returns a trainer that starts from n, which has its weights already
// and stays as it is. It takes optimizer.iterations steps of L-BFGS, or
// optimizer.epochs steps of another method: each one sees all points.
func (s *Study) Trainer(n *rbf.Network) (*Trainer, error) {
	b, o := s.Recipe.RBF, s.Recipe.Optimizer
	lambda := 0.0
	if b.Readout == recipe.ReadoutRidge {
		lambda = b.Lambda / float64(max(s.Train.Len(), 1)) // of the mean, where Fit has the sum
	}
	objective, err := rbf.NewObjective(n, s.Train.X, s.Train.Y, lambda)
	if err != nil {
		return nil, err
	}
	t := &Trainer{objective: objective, rate: o.LearningRate, steps: o.Epochs, theta: objective.Start()}
	t.gradient = make([]float64, len(t.theta))
	t.values = []float64{objective.Evaluate(t.theta, t.gradient)}
	switch o.Method {
	case recipe.MethodLBFGS:
		t.steps = o.Iterations
		settings := optim.DefaultLBFGS()
		settings.Memory = o.Memory
		if err := settings.Validate(); err != nil {
			return nil, err
		}
		t.lbfgs = optim.NewLBFGS(settings, t.theta)
		if t.lbfgs.Tell(t.values[0], t.gradient) == optim.Failed {
			t.reason = t.lbfgs.Reason().String()
		}
		return t, nil
	case recipe.MethodAdam:
		t.stepper = optim.NewAdam[float64](len(t.theta))
	case recipe.MethodSGD:
		t.stepper = optim.NewSGD[float64](len(t.theta), o.Momentum, false)
	default:
		return nil, errors.New("there is no optimiser " + o.Method)
	}
	t.next = slices.Clone(t.theta)
	return t, nil
}

// Step takes one step and returns the objective after it. Done is true when the
// steps of the recipe are taken, when L-BFGS has converged, or when the
// objective is no longer finite; then the network is the last good one, and
// Reason says why it ended. Further calls change nothing.
func (t *Trainer) Step() (objective float64, done bool) {
	if t.reason == "" {
		if t.lbfgs != nil {
			t.search()
		} else {
			t.descend()
		}
	}
	if t.reason == "" && t.Taken() >= t.steps {
		t.reason = "all steps are taken"
	}
	return t.values[len(t.values)-1], t.reason != ""
}

// search evaluates until L-BFGS accepts a point.
func (t *Trainer) search() {
	for {
		before := t.lbfgs.Iterations()
		value := t.objective.Evaluate(t.lbfgs.X(), t.gradient)
		status := t.lbfgs.Tell(value, t.gradient)
		if t.lbfgs.Iterations() > before {
			x, f, _ := t.lbfgs.Iterate()
			copy(t.theta, x)
			t.values = append(t.values, f)
		}
		if status == optim.Converged || status == optim.Failed {
			t.reason = t.lbfgs.Reason().String()
			return
		}
		if status == optim.Stepped {
			return
		}
	}
}

// descend takes a step of a first-order method; gradient is the one at theta.
func (t *Trainer) descend() {
	t.stepper.Step(t.next, t.gradient, t.rate)
	value := t.objective.Evaluate(t.next, t.gradient)
	if math.IsNaN(value) || math.IsInf(value, 0) || slices.ContainsFunc(t.gradient, func(g float64) bool { return g-g != 0 }) {
		t.reason = "the objective is no longer finite: a smaller optimizer.learning_rate helps"
		return
	}
	copy(t.theta, t.next)
	t.values = append(t.values, value)
}

// Reason says why Step returned done; empty before.
func (t *Trainer) Reason() string { return t.reason }

// Taken returns the number of steps taken.
func (t *Trainer) Taken() int { return len(t.values) - 1 }

// Steps returns the largest number of steps.
func (t *Trainer) Steps() int { return t.steps }

// Objectives returns the objective at the start and after every step. The slice
// grows and is never written to again.
func (t *Trainer) Objectives() []float64 { return t.values[:len(t.values):len(t.values)] }

// Network returns a copy of the network as it is now.
func (t *Trainer) Network() *rbf.Network { return t.objective.Network(t.theta) }
