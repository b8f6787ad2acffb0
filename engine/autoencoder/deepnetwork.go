package autoencoder

import (
	"fmt"
	"math/rand/v2"
	"unsafe"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Model is a network that Network computes: Deep or Classifier.
type Model interface {
	Layout() nn.Layout
	Validate() error
	Init(rng *rand.Rand) []float64
	plan() plan
}

// Network evaluates a model and its gradient, with products in T. It holds the
// workspace: after the first evaluation of a shape it does not allocate. It
// keeps no slice it is given, is for one goroutine at a time, and uses up to
// linalg.Workers inside; results do not depend on how many.
type Network[T linalg.Float] struct {
	plan
	step  uint64
	terms [4]nn.Term

	theta    []T // parameters of Evaluate, converted
	forth    []linalg.Packed[T]
	back     []linalg.Packed[T]
	tiles    []tile
	squares  []float64 // Σw² and Σ|w| of each tile
	sizes    []float64
	activity []float64 // mean activation of each hidden unit, mean |a| with L1Sparsity
	running  []float64 // its running average over minibatches, nil before the first
	slope    []float64
	push     []T // what the penalty adds to the delta of each hidden unit
	zeros    []T

	// State of the call in progress.
	params   []T
	x, y     linalg.Matrix[T]
	state    []float64
	grad     []float64
	gradT    []T
	clean    bool // nothing is changed at random
	from, to int  // layers that are packed or computed
	stage    int  // minibatch: the layer
	dst      linalg.Matrix[T]
	chunks   []deepChunk[T]
	lanes    linalg.FreeList[lane[T]]
	batch    lane[T]
	height   int       // most rows of a block
	losses   []float64 // of the parts of the output layer

	run struct { // method values, made once so that a call does not allocate
		convert, pack, norms, sums, chunk, reduce func(int)
		corrupt, forward, backward, outer, apply  func(int)
		constrain                                 func(int)
	}
}

// tile is a span of rows of the weights of a layer that owns them.
type tile struct{ layer, first, last int }

// NewNetwork returns a network for m, which must be valid.
func NewNetwork[T linalg.Float](m Model) *Network[T] {
	n := &Network[T]{plan: m.plan()}
	name := nn.TermReconstruction
	if _, ok := m.(Classifier); ok {
		name = nn.TermCrossEntropy
	}
	n.terms = [4]nn.Term{{Name: name}, {Name: nn.TermWeightDecay}, {Name: nn.TermL1}, {Name: nn.TermSparsity}}
	widest := n.visible()
	for l := range n.layers {
		y := &n.layers[l]
		widest = max(widest, y.fan())
		if y.tied >= 0 {
			continue
		}
		for first := 0; first < y.fan(); first += outerRows {
			n.tiles = append(n.tiles, tile{l, first, min(first+outerRows, y.fan())})
		}
	}
	n.forth, n.back = make([]linalg.Packed[T], len(n.layers)), make([]linalg.Packed[T], len(n.layers))
	n.squares, n.sizes = make([]float64, len(n.tiles)), make([]float64, len(n.tiles))
	n.activity, n.slope = make([]float64, n.units()), make([]float64, n.units())
	n.push, n.zeros = make([]T, n.units()), make([]T, widest)
	r := &n.run
	r.convert, r.pack, r.norms, r.sums = n.convertPart, n.packPart, n.normsPart, n.sumsPart
	r.chunk, r.reduce, r.apply, r.constrain = n.chunkPart, n.reducePart, n.applyPart, n.constrainPart
	r.corrupt, r.forward, r.backward, r.outer = n.corruptPart, n.forwardPart, n.backwardPart, n.outerPart
	return n
}

// Hyper returns the hyper-parameters in force.
func (n *Network[T]) Hyper() Hyper { return n.hyper }

// SetHyper changes the hyper-parameters from the next evaluation on.
func (n *Network[T]) SetHyper(h Hyper) { n.hyper = h }

// SetStep chooses the random numbers of corruption and dropout: the same step,
// seed and place in the data give the same numbers. Minibatch training counts
// steps; L-BFGS needs an objective that stays as it is, so one step for a whole
// run.
func (n *Network[T]) SetStep(step uint64) { n.step = step }

// Activity copies the mean activations of the hidden units, layer after layer,
// in the last evaluation to dst, which is allocated when nil, and returns it:
// ρ̂ with KLSparsity (a running average after Batch), the mean of |a| with
// L1Sparsity, 0 for units without a penalty.
func (n *Network[T]) Activity(dst []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(n.activity))
	}
	copy(dst, n.activity)
	return dst
}

// RunningActivity returns a copy of the running average ρ̂ that minibatches
// move, nil before the first: what a checkpoint must keep.
func (n *Network[T]) RunningActivity() []float64 { return append([]float64(nil), n.running...) }

// SetRunningActivity restores the running average from a checkpoint, nil to let the
// next Batch start anew. It panics on a wrong length.
func (n *Network[T]) SetRunningActivity(rho []float64) {
	if rho != nil && len(rho) != n.units() {
		panic(fmt.Sprintf("autoencoder: SetRunningActivity: %d values for %d hidden units", len(rho), n.units()))
	}
	n.running = append([]float64(nil), rho...)
}

// begin checks the arguments of an evaluation and keeps them.
func (n *Network[T]) begin(name string, theta, grad int, x, y linalg.Matrix[T]) {
	size := n.layout.Size()
	if theta != size || (grad != 0 && grad != size) || x.Rows == 0 || x.Cols != n.visible() || y.Rows != x.Rows || y.Cols != n.target() {
		panic(fmt.Sprintf("autoencoder: %s: %d parameters, gradient of %d, %d×%d examples, %d×%d targets for %d parameters, %d inputs, %d outputs",
			name, theta, grad, x.Rows, x.Cols, y.Rows, y.Cols, size, n.visible(), n.target()))
	}
	n.x, n.y = x, y
	n.from, n.to = 0, len(n.layers)
}

// end lets go of what begin and its caller kept.
func (n *Network[T]) end() {
	n.x, n.y, n.dst = linalg.Matrix[T]{}, linalg.Matrix[T]{}, linalg.Matrix[T]{}
	n.params, n.state, n.grad, n.gradT, n.clean = nil, nil, nil, nil, false
	n.batch.input, n.batch.y = linalg.Matrix[T]{}, linalg.Matrix[T]{}
	for _, w := range n.lanes.Idle() {
		w.input, w.y = linalg.Matrix[T]{}, linalg.Matrix[T]{}
	}
}

// penalise readies what the penalty adds to the deltas and returns it. The
// activity is known.
func (n *Network[T]) penalise() float64 {
	sum := 0.0
	for l := range n.layers[:len(n.layers)-1] {
		y := &n.layers[l]
		if !y.sparse {
			continue
		}
		activity, slope := n.activity[y.unitAt:y.unitAt+y.out], n.slope[y.unitAt:y.unitAt+y.out]
		if n.sparsity == L1Sparsity {
			for _, v := range activity {
				sum += v
			}
			continue
		}
		sum += divergence(n.hyper.Beta, n.hyper.Rho, activity, slope)
		for j, v := range slope {
			n.push[y.unitAt+j] = T(v / n.factor)
		}
	}
	return n.hyper.Beta * sum
}

// report fills the terms.
func (n *Network[T]) report(loss float64, rows int, penalty float64) nn.Terms {
	squares, sizes := 0.0, 0.0
	for i := range n.tiles {
		squares += n.squares[i]
		sizes += n.sizes[i]
	}
	n.terms[0].Value = loss * n.factor / float64(rows)
	n.terms[1].Value = n.hyper.Lambda / 2 * squares
	n.terms[2].Value = n.hyper.L1 * sizes
	n.terms[3].Value = penalty
	n.end()
	return n.terms[:]
}

// norms sets Σw² and Σ|w| of tile i, as far as they are wanted.
func norms[T, F linalg.Float](n *Network[T], i int, w []F) {
	n.squares[i], n.sizes[i] = 0, 0
	if !n.layers[n.tiles[i].layer].decayed {
		return
	}
	if n.hyper.Lambda != 0 {
		n.squares[i] = linalg.Squares(w)
	}
	if n.hyper.L1 != 0 {
		for _, v := range w {
			n.sizes[i] += float64(max(v, -v))
		}
	}
}

// span returns where in the parameter vector tile i is.
func (n *Network[T]) span(i int) (first, last int) {
	t := n.tiles[i]
	y := &n.layers[t.layer]
	return y.weight + t.first*y.in, y.weight + t.last*y.in
}

// pack packs the weights of the layers in use: those before to once, and once
// more for the way back when a gradient is wanted.
func (n *Network[T]) pack(gradient bool) {
	n.reset(gradient)
	parts := 0
	for l := n.from; l < n.to; l++ {
		parts += n.forth[l].Panels() + n.back[l].Panels()
	}
	linalg.Parallel(parts, n.run.pack)
}

// reset makes room for packed weights.
func (n *Network[T]) reset(gradient bool) {
	for l := n.from; l < n.to; l++ {
		w := weights(&n.plan, n.params, l)
		tied := n.layers[l].tied >= 0
		n.forth[l].Reset(w, !tied)
		if gradient && l > 0 {
			n.back[l].Reset(w, tied)
		} else {
			n.back[l].Reset(linalg.Matrix[T]{}, false)
		}
	}
}

func (n *Network[T]) packPart(i int) {
	for l := n.from; l < n.to; l++ {
		w := weights(&n.plan, n.params, l)
		tied := n.layers[l].tied >= 0
		if panels := n.forth[l].Panels(); i < panels {
			n.forth[l].PackPanel(i, w, !tied)
			return
		} else if i -= panels; i < n.back[l].Panels() {
			n.back[l].PackPanel(i, w, tied)
			return
		}
		i -= n.back[l].Panels()
	}
}

// lane is the workspace of a number of examples in flight: a minibatch, or one
// block of a full batch.
type lane[T linalg.Float] struct {
	base           int                // number of the first example
	room           linalg.Matrix[T]   // the corrupted input
	input          linalg.Matrix[T]   // what the first layer sees
	y              linalg.Matrix[T]   // the targets
	z              []linalg.Matrix[T] // rows × fan: z+bias of maxout layers; of others a. Of the output layer its delta
	a              []linalg.Matrix[T] // rows × out: values; of all but maxout z itself
	d              []linalg.Matrix[T] // rows × out, hidden: ∂/∂a on the way to delta; of all but maxout delta itself
	values, slopes []linalg.Matrix[T] // of maxout layers: a and d
	delta          []linalg.Matrix[T] // rows × fan
	spare          linalg.Matrix[T]   // rows × target

	biasSums []T // of the deltas
	unitSums []T // of the values, or their magnitudes
}

// fit makes room for rows examples.
func (w *lane[T]) fit(p *plan, rows int) {
	if w.z == nil {
		k := len(p.layers)
		w.z, w.a = make([]linalg.Matrix[T], k), make([]linalg.Matrix[T], k)
		w.d, w.delta = make([]linalg.Matrix[T], k), make([]linalg.Matrix[T], k)
		w.values, w.slopes = make([]linalg.Matrix[T], k), make([]linalg.Matrix[T], k)
		w.biasSums, w.unitSums = make([]T, p.biases()), make([]T, p.units())
	}
	if p.corruption != NoCorruption {
		w.room = padded(w.room.Data, rows, p.visible())
	}
	last := len(p.layers) - 1
	for l := range p.layers {
		y := &p.layers[l]
		w.z[l] = padded(w.z[l].Data, rows, y.fan())
		w.a[l] = w.z[l]
		if y.pieces > 1 {
			w.values[l] = padded(w.values[l].Data, rows, y.out)
			w.a[l] = w.values[l]
		}
		if l == last {
			w.delta[l] = w.z[l]
			w.spare = padded(w.spare.Data, rows, y.out)
			continue
		}
		w.delta[l] = padded(w.delta[l].Data, rows, y.fan())
		w.d[l] = w.delta[l]
		if y.pieces > 1 {
			w.slopes[l] = padded(w.slopes[l].Data, rows, y.out)
			w.d[l] = w.slopes[l]
		}
	}
}

// wordSize returns the bytes of a T.
func wordSize[T linalg.Float]() int {
	var zero T
	return int(unsafe.Sizeof(zero))
}
