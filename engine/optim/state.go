package optim

import "fmt"

// SearchState is what every Search knows between two calls of Tell, as plain
// data (no NaN or Inf unless the gradient holds them). All slices belong to the
// state.
type SearchState struct {
	X, G      []float64 // iterate and gradient
	F         float64
	Known     bool      // F and G hold values
	Direction []float64 // of the running line search
	Step      float64   // the next point to evaluate is X + Step·Direction
	Search    lineSearch
	Anchor    bool // the next point to evaluate is X
	Revisit   bool // the next point is taken as it is

	Iterations, Evaluations int
	Flat                    int // steps running with a change below FuncTol
	GradMax, GradSum        float64
	Reason                  Reason
}

func (m *descent) state() SearchState {
	clone := func(v []float64) []float64 { return append([]float64(nil), v...) }
	return SearchState{
		X: clone(m.x), G: clone(m.g), F: m.f, Known: m.anyF,
		Direction: clone(m.d), Step: m.step, Search: m.search, Anchor: m.anchor, Revisit: m.revisit,
		Iterations: m.iterations, Evaluations: m.evaluations, Flat: m.flat,
		GradMax: m.gMax, GradSum: m.gSum, Reason: m.reason,
	}
}

// setState puts a checked state back; X is there already.
func (m *descent) setState(s SearchState) {
	copy(m.g, s.G)
	copy(m.d, s.Direction)
	m.f, m.anyF = s.F, s.Known
	m.search, m.anchor, m.revisit = s.Search, s.Anchor, s.Revisit
	m.iterations, m.evaluations, m.flat = s.Iterations, s.Evaluations, s.Flat
	m.gMax, m.gSum, m.reason = s.GradMax, s.GradSum, s.Reason
	if !m.anchor {
		m.moveTo(s.Step)
	}
}

func (s *SearchState) check() error {
	if n := len(s.X); len(s.G) != n || len(s.Direction) != n {
		return fmt.Errorf("%d parameters with %d gradient and %d direction elements", n, len(s.G), len(s.Direction))
	}
	return nil
}
