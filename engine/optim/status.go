package optim

// Status is what Search.Tell says about the evaluation it was given.
type Status int

const (
	// Searching means that no new iterate was accepted: the evaluation was the
	// one at the starting point, or the line search goes on.
	Searching Status = iota
	// Stepped means that the point just evaluated is the new iterate.
	Stepped
	// Converged means that the iterate is a minimiser as far as the tolerances
	// ask; Search.Reason says which. The last evaluation may have been accepted
	// as a step: compare Search.Iterations.
	Converged
	// Failed means that no better point was found, or that the objective is not
	// finite; Search.Reason says which. The iterate is the last good one.
	Failed
)

// String returns the status in one word.
func (s Status) String() string {
	switch s {
	case Searching:
		return "searching"
	case Stepped:
		return "stepped"
	case Converged:
		return "converged"
	case Failed:
		return "failed"
	}
	return "unknown"
}

// Reason says why a minimisation ended.
type Reason int

const (
	// Running means that it has not ended.
	Running Reason = iota
	// SmallGradient: the largest gradient element is at most GradTol.
	SmallGradient
	// SmallChange: the objective changed by at most FuncTol, relative to
	// max(|f|, 1), in two steps running.
	SmallChange
	// BelowNoise: what the line search could still gain is less than the
	// rounding noise of the objective.
	BelowNoise
	// NoDecrease: neither the chosen direction nor steepest descent led to a
	// lower objective; the gradient may be wrong.
	NoDecrease
	// NotFinite: the objective or its gradient is NaN or infinite at the iterate
	// or everywhere the line search looked.
	NotFinite
)

// String returns the reason as a clause for people.
func (r Reason) String() string {
	switch r {
	case Running:
		return "still running"
	case SmallGradient:
		return "the gradient is below its tolerance"
	case SmallChange:
		return "the objective no longer changes"
	case BelowNoise:
		return "what is left to gain is below the rounding noise of the objective"
	case NoDecrease:
		return "no step along the gradient lowers the objective"
	case NotFinite:
		return "the objective or its gradient is not finite"
	}
	return "unknown"
}
