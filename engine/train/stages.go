package train

import (
	"fmt"
	"slices"

	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
)

// stages trains a stacked autoencoder: one layer after the other as a sparse
// autoencoder on the codes of those before, then the softmax on the codes of the
// last, and then, if the recipe says so, encoder and softmax together.
type stages[T linalg.Float] struct {
	staged
	spec   network.Stacked
	sets   *sets[T]
	layout nn.Layout
	theta  []float64 // of spec, without what the stage in progress has learnt
	shown  nn.Terms

	at    int              // the stage
	parts []nn.Tensor      // of theta, that the stage trains, in the order of its parameters
	own   []float64        // room for them
	layer linalg.Matrix[T] // what the layer in training sees
}

func newStages[T linalg.Float](r recipe.Recipe, spec network.Stacked, s *sets[T], theta []float64) *stages[T] {
	return &stages[T]{
		staged: staged{recipe: r, hyper: HyperOf(r)}, spec: spec, sets: s, layout: spec.Layout(), theta: slices.Clone(theta),
		shown: nn.Terms{{Name: nn.TermReconstruction}, {Name: nn.TermWeightDecay}, {Name: nn.TermSparsity}, {Name: nn.TermCrossEntropy}},
	}
}

// layers is the number of layers that are pre-trained.
func (m *stages[T]) layers() int { return m.spec.Code() + 1 }

// count is the number of stages.
func (m *stages[T]) count() int {
	if m.spec.FineTune {
		return m.layers() + 2
	}
	return m.layers() + 1
}

// length is the most steps that a stage takes.
func (m *stages[T]) length(stage int) int {
	if o := m.recipe.Optimizer; o.Minibatch() {
		rows := m.sets.training.x.Rows
		if stage < m.layers() {
			rows = m.pretraining().Rows
		}
		return o.Epochs * (rows / min(o.Batch, rows))
	}
	if stage == m.layers() {
		return m.recipe.Model.SoftmaxIterations
	}
	return m.recipe.Optimizer.Iterations
}

func (m *stages[T]) steps() int {
	n := 0
	for stage := range m.count() {
		n += m.length(stage)
	}
	return n
}

// pretraining returns the examples that the layers are pre-trained on.
func (m *stages[T]) pretraining() linalg.Matrix[T] {
	if m.sets.unlabelled.x.Rows > 0 {
		return m.sets.unlabelled.x
	}
	return m.sets.training.x
}

// encode returns the values of a layer for the examples.
func (m *stages[T]) encode(layer int, x linalg.Matrix[T]) linalg.Matrix[T] {
	out := linalg.NewPadded[T](x.Rows, m.spec.Layers()[layer].Units)
	network.NewNetwork[T](m.spec).Encode(linalg.Converted[T](m.theta), layer, x, out)
	return out
}

// begin readies the next stage.
func (m *stages[T]) begin() (note string, err error) {
	objective, in := network.Objective[T](nil), inputs[T]{}
	var names []string
	switch k := m.at - m.layers(); {
	case k < 0: // a layer
		if m.at == 0 {
			m.layer = m.pretraining()
		} else {
			m.layer = m.encode(m.at-1, m.pretraining())
		}
		objective, in = network.NewObjective[T](network.Sparse{Model: m.sparse(m.layer.Cols)}), inputs[T]{m.layer, m.layer}
		names = pretrained(m.spec.Code(), m.at)
		note = fmt.Sprintf("layer %d of %d", m.at+1, m.layers())
	case k == 0:
		m.layer = m.encode(m.spec.Code(), m.sets.training.x)
		top := autoencoder.DefaultClassifier(m.layer.Cols, m.spec.Top.Classes)
		top.Lambda = m.spec.Top.Lambda
		objective, in = network.OfClassifier[T](top), inputs[T]{m.layer, m.sets.training.y}
		names = []string{"softmax.weight", "softmax.bias"}
		note = "softmax on the codes"
	default:
		m.layer = m.sets.training.x
		objective, in = network.OfClassifier[T](m.spec.Top), m.sets.training
		for _, t := range m.spec.Top.Layout() {
			names = append(names, t.Name)
		}
		note = "fine-tuning"
	}
	m.parts = m.parts[:0]
	size := 0
	for _, name := range names {
		t, _ := m.layout.Find(name)
		m.parts = append(m.parts, t)
		size += t.Len()
	}
	m.own = make([]float64, size)
	at := 0
	for _, t := range m.parts {
		at += copy(m.own[at:], m.theta[t.Offset:t.Offset+t.Len()])
	}
	r := m.recipe
	if m.at >= m.layers() { // the penalties of pre-training are not those of the softmax
		r.Model.Lambda = m.spec.Top.Lambda
	} else {
		r = m.hyper.In(r)
	}
	m.inner, err = follow(r, objective, in, m.own, m.length(m.at))
	return note, err
}

// sparse returns the autoencoder that pre-trains a layer with so many inputs.
func (m *stages[T]) sparse(visible int) autoencoder.Sparse {
	s := autoencoder.DefaultSparse(visible, m.spec.Model.Hidden[m.at])
	s.Lambda, s.Beta, s.Rho = m.hyper.Lambda, m.hyper.Beta, m.hyper.Rho
	return s
}

// pretrained names the tensors of layer k of an encoder that ends in layer code,
// and of the layer of the decoder that mirrors it.
func pretrained(code, k int) []string {
	return []string{
		fmt.Sprintf("encoder.%d.weight", k), fmt.Sprintf("encoder.%d.bias", k),
		fmt.Sprintf("decoder.%d.weight", code-k), fmt.Sprintf("decoder.%d.bias", code-k),
	}
}

func (m *stages[T]) advance() (p progress, err error) {
	note := ""
	if m.inner == nil {
		if note, err = m.begin(); err != nil {
			return progress{}, err
		}
	}
	p, err = m.inner.advance()
	p.note = note
	p.started = p.started && m.at == 0
	if err != nil {
		return p, fmt.Errorf("stage %d of %d: %w", m.at+1, m.count(), err)
	}
	m.show()
	if p.ended == "" {
		return p, nil
	}
	m.gather(m.theta)
	m.at++
	if m.at == m.count() {
		p.ended = "all stages done: " + p.ended
		return p, nil
	}
	m.inner, p.ended, p.epoch = nil, "", true
	return p, nil
}

// show takes the terms of the stage over, under the names of all.
func (m *stages[T]) show() {
	from := m.inner.terms()
	for i := range m.shown {
		m.shown[i].Value = from.Get(m.shown[i].Name)
	}
}

// gather copies what the stage in progress has learnt into theta.
func (m *stages[T]) gather(theta []float64) {
	if m.inner == nil {
		return
	}
	m.inner.parameters(m.own)
	at := 0
	for _, t := range m.parts {
		at += copy(theta[t.Offset:t.Offset+t.Len()], m.own[at:])
	}
}

func (m *stages[T]) terms() nn.Terms { return m.shown }

func (m *stages[T]) activity() []float64 {
	if m.inner == nil {
		return nil
	}
	return m.inner.activity()
}

// conclusive is true: what is minimised is not the same in all stages.
func (m *stages[T]) conclusive() bool { return true }

func (m *stages[T]) parameters(dst []float64) {
	copy(dst, m.theta)
	m.gather(dst)
}

func (m *stages[T]) parameters32(dst []float32) {
	all := make([]float64, len(m.theta))
	m.parameters(all)
	linalg.ConvertVector(dst, all)
}

func (m *stages[T]) tweak(h Hyper) {
	m.hyper = h
	if m.inner != nil && m.at < m.layers() {
		m.inner.tweak(h)
	}
}

// stagesState is where it stands.
type stagesState struct {
	at    int
	theta []float64
	inner any
}

func (m *stages[T]) state() (s any, behind int) {
	inner, behind := m.innerState()
	return stagesState{m.at, slices.Clone(m.theta), inner}, behind
}

func (m *stages[T]) resume(s any) error {
	state, ok := s.(stagesState)
	if !ok || len(state.theta) != len(m.theta) || state.at >= m.count() {
		return otherState(s)
	}
	m.at, m.theta = state.at, slices.Clone(state.theta)
	if state.inner == nil {
		return nil
	}
	if _, err := m.begin(); err != nil {
		return err
	}
	return m.inner.resume(state.inner)
}

// observe and restore have nothing to do: the stages have losses of their own.
func (m *stages[T]) observe(float64)   {}
func (m *stages[T]) restore([]float64) {}
