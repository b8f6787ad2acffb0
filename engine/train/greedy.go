package train

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
)

// greedy trains a deep autoencoder as UFLDL's stacked one: one layer of the
// encoder after the other as an autoencoder on the codes of those before, for
// model.pretrain epochs or iterations each, and then all layers together.
type greedy[T linalg.Float] struct {
	staged
	model   autoencoder.Deep
	in      inputs[T]
	parts   []autoencoder.Deep // one for each layer that is pre-trained
	theta   []float64          // of model, without what the stage in progress has learnt
	trained [][]float64        // parameters of the layers that are done

	shown nn.Terms // of the last step
	layer linalg.Matrix[T]
	own   []float64 // room for the parameters of inner
}

func newGreedy[T linalg.Float](r recipe.Recipe, spec network.Deep, in inputs[T], theta []float64) *greedy[T] {
	return &greedy[T]{
		staged: staged{recipe: r, hyper: HyperOf(r)}, model: spec.Model, in: in, parts: spec.Model.Pretraining(), theta: slices.Clone(theta), layer: in.x,
	}
}

// together reports whether all layers are trained, the last stage.
func (m *greedy[T]) together() bool { return len(m.trained) == len(m.parts) }

// stage returns the recipe of a stage.
func (m *greedy[T]) stage(pretraining bool) recipe.Recipe {
	r := m.hyper.In(m.recipe)
	if pretraining {
		r.Optimizer.Epochs, r.Optimizer.Iterations = r.Model.Pretrain, r.Model.Pretrain
	}
	return r
}

func (m *greedy[T]) steps() int {
	length := func(o recipe.Optimizer) int {
		if !o.Minibatch() {
			return o.Iterations
		}
		return o.Epochs * (m.in.x.Rows / min(o.Batch, m.in.x.Rows))
	}
	return len(m.parts)*length(m.stage(true).Optimizer) + length(m.recipe.Optimizer)
}

// begin readies the next stage.
func (m *greedy[T]) begin() (note string, err error) {
	k := len(m.trained)
	if m.together() {
		m.own, m.layer = slices.Clone(m.theta), linalg.Matrix[T]{}
		r := m.stage(false)
		m.inner, err = follow(r, network.NewObjective[T](network.Deep{Model: m.model}), m.in, m.own, r.Optimizer.Iterations)
		return "all layers together", err
	}
	r, step := m.stage(true), m.parts[k]
	m.own = step.Init(rand.New(rand.NewPCG(step.Seed, streamInit))) // for a decoder that is no mirror image
	m.model.Unstack(m.own, m.theta, k)
	m.inner, err = follow(r, network.NewObjective[T](network.Deep{Model: step}), inputs[T]{m.layer, m.layer}, m.own, r.Optimizer.Iterations)
	return fmt.Sprintf("layer %d of %d", k+1, len(m.parts)), err
}

func (m *greedy[T]) advance() (p progress, err error) {
	note := ""
	if m.inner == nil {
		if note, err = m.begin(); err != nil {
			return progress{}, err
		}
	}
	p, err = m.inner.advance()
	p.note = note
	m.shown = append(m.shown[:0], m.inner.terms()...)
	if m.together() {
		p.started = false // the layers were
		return p, err
	}
	p.started, p.epoch = p.started && len(m.trained) == 0, false // what is measured of the whole says nothing yet
	if err != nil {
		return p, fmt.Errorf("layer %d of %d: %w", len(m.trained)+1, len(m.parts), err)
	}
	if p.ended == "" {
		return p, nil
	}
	p.ended = ""
	m.finish()
	return p, nil
}

// finish takes over what a layer has learnt.
func (m *greedy[T]) finish() {
	k := len(m.trained)
	m.inner.parameters(m.own)
	m.trained = append(m.trained, m.own)
	m.model.Stack(m.theta, m.trained)
	m.inner = nil
	m.climb(k)
}

// climb puts the codes of layer k, which is trained, in the place of what it saw.
func (m *greedy[T]) climb(k int) {
	codes := linalg.NewPadded[T](m.layer.Rows, m.parts[k].Hidden[0])
	autoencoder.NewNetwork[T](m.parts[k]).Encode(linalg.Converted[T](m.trained[k]), 0, m.layer, codes)
	m.layer = codes
}

// greedyState is where it stands.
type greedyState struct {
	theta   []float64
	trained [][]float64
	inner   any
}

func (m *greedy[T]) state() (s any, behind int) {
	inner, behind := m.innerState()
	return greedyState{slices.Clone(m.theta), slices.Clone(m.trained), inner}, behind
}

func (m *greedy[T]) resume(s any) error {
	state, ok := s.(greedyState)
	if !ok || len(state.theta) != len(m.theta) || len(state.trained) > len(m.parts) {
		return otherState(s)
	}
	m.theta, m.trained = slices.Clone(state.theta), slices.Clone(state.trained)
	for k := range m.trained {
		m.climb(k)
	}
	if state.inner == nil {
		return nil
	}
	if _, err := m.begin(); err != nil {
		return err
	}
	return m.inner.resume(state.inner)
}

func (m *greedy[T]) parameters(dst []float64) {
	copy(dst, m.theta)
	if m.inner == nil {
		return
	}
	if m.together() {
		m.inner.parameters(dst)
		return
	}
	now := make([]float64, len(m.own))
	m.inner.parameters(now)
	m.model.Stack(dst, append(m.trained[:len(m.trained):len(m.trained)], now))
}

func (m *greedy[T]) parameters32(dst []float32) {
	all := make([]float64, len(m.theta))
	m.parameters(all)
	linalg.ConvertVector(dst, all)
}

// terms are those of the stage, which all stages have.
func (m *greedy[T]) terms() nn.Terms { return m.shown }

// activity is nil before all layers are trained: it would be of another one.
func (m *greedy[T]) activity() []float64 {
	if m.inner == nil || !m.together() {
		return nil
	}
	return m.inner.activity()
}

// conclusive: what a layer minimises is not the objective of the whole.
func (m *greedy[T]) conclusive() bool {
	return m.inner != nil && m.together() && m.inner.conclusive()
}

func (m *greedy[T]) tweak(h Hyper) {
	m.hyper = h
	if m.inner != nil {
		m.inner.tweak(h)
	}
}

func (m *greedy[T]) observe(loss float64) {
	if m.inner != nil && m.together() {
		m.inner.observe(loss)
	}
}

func (m *greedy[T]) restore(theta []float64) {
	if m.inner != nil && m.together() {
		m.inner.restore(theta)
	}
}
