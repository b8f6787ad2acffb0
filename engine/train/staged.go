package train

import "filterscope/engine/recipe"

// staged is what trains in stages: what greedy and stages have in common.
type staged struct {
	recipe recipe.Recipe
	hyper  Hyper  // now in force
	inner  method // of the stage in progress, nil before its start
}

func (m *staged) averaged() bool { return m.recipe.Optimizer.Minibatch() }

func (m *staged) revert() {
	if m.inner != nil {
		m.inner.revert()
	}
}

// innerState is the state of the stage in progress, nil before its start.
func (m *staged) innerState() (s any, behind int) {
	if m.inner == nil {
		return nil, 0
	}
	return m.inner.state()
}

func (m *staged) rate() float64 {
	if m.inner == nil {
		return 0
	}
	return m.inner.rate()
}
