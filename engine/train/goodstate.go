package train

// goodEvery is how many steps lie between two states that a minibatch method
// keeps: minibatches can be so small that a copy at every step would cost as
// much as the step.
const goodEvery = 50

// memory is how a minibatch method gets back to any of its last steps: a state S
// with all that decides how it goes on, and what has been changed from outside
// since. The steps between are taken again, to the same bits.
type memory[S any] struct {
	good  S // before a step that proved good, or where the run began
	at    int
	since []change // after good, oldest first
}

// change is something that was done to a method when it had done so many steps.
type change struct {
	step int
	do   func()
}

// due reports whether a state should be kept before the next step.
func (m *memory[S]) due(step int) bool { return step-m.at >= goodEvery }

// kept says that good is now the state in which the method had done so many steps.
func (m *memory[S]) kept(step int) { m.at, m.since = step, m.since[:0] }

// change does something to the method, at its present step, and remembers it.
func (m *memory[S]) change(step int, do func()) {
	do()
	m.since = append(m.since, change{step, do})
}

// replay takes the method from the good state, where it stands, to the state in
// which it had done target steps, by its steps and what was changed between them.
func (m *memory[S]) replay(target int, at func() int, step func()) {
	changes := m.since
	m.since = nil
	for {
		for len(changes) > 0 && changes[0].step <= at() {
			m.change(changes[0].step, changes[0].do)
			changes = changes[1:]
		}
		if at() >= target {
			return
		}
		step()
	}
}
