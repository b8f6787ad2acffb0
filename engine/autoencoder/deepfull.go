package autoencoder

import (
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// deepChunk is a contiguous run of examples with accumulators of its own, as
// in the sparse autoencoder's full batch; see chunkBounds.
type deepChunk[T linalg.Float] struct {
	first, last, rows int
	loss              float64
	unitSums          []float64
	biasSums          []float64
	grad              []T // like the parameters; only the weights are used
}

// Evaluate returns the terms of the objective at theta over the examples x
// (m×visible) with the targets y (m×visible, x itself for an autoencoder;
// m×classes for a Classifier), and writes the gradient to grad, unless grad is
// nil. Inputs are corrupted and units silenced as SetStep says. The products
// are computed in T, sums over chunks of examples in float64. The terms share
// memory with n and hold until the next evaluation. Evaluate panics when
// lengths do not fit or x is empty.
func (n *Network[T]) Evaluate(theta []float64, x, y linalg.Matrix[T], grad []float64) nn.Terms {
	n.begin("Evaluate", len(theta), len(grad), x, y)
	return n.evaluate(theta, grad)
}

// Test returns the terms of the objective as the trained network has it:
// without corruption, and with dropout's factors in place of silenced units.
// Everything else is as in Evaluate.
func (n *Network[T]) Test(theta []float64, x, y linalg.Matrix[T]) nn.Terms {
	n.begin("Test", len(theta), 0, x, y)
	n.clean = true
	return n.evaluate(theta, nil)
}

func (n *Network[T]) evaluate(theta, grad []float64) nn.Terms {
	n.state, n.grad = theta, grad
	n.theta = resize(n.theta, len(theta))
	n.params = n.theta
	linalg.Parallel((len(theta)+reduceSpan-1)/reduceSpan, n.run.convert)
	linalg.Parallel(len(n.tiles), n.run.norms)
	n.pack(grad != nil)
	n.layOut()
	penalty := 0.0
	if n.sparsity == KLSparsity { // the deltas need the activity of all examples
		linalg.Parallel(len(n.chunks), n.run.sums)
		n.measure()
		penalty = n.penalise()
	}
	linalg.Parallel(len(n.chunks), n.run.chunk)
	if n.sparsity == L1Sparsity {
		n.measure()
		penalty = n.penalise()
	}
	loss := 0.0
	for c := range n.chunks {
		loss += n.chunks[c].loss
	}
	if grad != nil {
		linalg.Parallel(len(n.tiles), n.run.reduce)
		n.reduceBiases()
	}
	return n.report(loss, n.x.Rows, penalty)
}

func (n *Network[T]) convertPart(part int) {
	first, last := part*reduceSpan, min((part+1)*reduceSpan, len(n.state))
	dst := n.theta[first:last]
	for i, v := range n.state[first:last] {
		dst[i] = T(v)
	}
}

func (n *Network[T]) normsPart(i int) {
	first, last := n.span(i)
	if n.state != nil {
		norms(n, i, n.state[first:last])
	} else {
		norms(n, i, n.params[first:last])
	}
}

// layOut cuts the examples into chunks.
func (n *Network[T]) layOut() {
	rows, size := n.x.Rows, len(n.theta)
	count := countChunks(rows, size*wordSize[T]())
	if cap(n.chunks) < count {
		n.chunks = make([]deepChunk[T], count)
	}
	n.chunks = n.chunks[:count]
	n.height = 0
	for i := range n.chunks {
		c := &n.chunks[i]
		c.first, c.last = chunkBounds(i, count, rows)
		c.rows = n.blockHeight(c.last - c.first)
		n.height = max(n.height, min(c.rows, c.last-c.first))
		c.unitSums, c.biasSums = resize(c.unitSums, n.units()), resize(c.biasSums, n.biases())
		if n.grad != nil {
			c.grad = resize(c.grad, size)
		}
	}
	n.ready(count)
}

// ready makes lanes of n.height examples for all that may work on so many parts.
func (n *Network[T]) ready(parts int) {
	for len(n.lanes.Idle()) < min(linalg.Workers(), parts) {
		n.lanes.Put(new(lane[T]))
	}
	for _, w := range n.lanes.Idle() {
		w.fit(&n.plan, n.height)
	}
}

// blockHeight returns the rows of a block in a chunk of so many.
func (n *Network[T]) blockHeight(rows int) int {
	values := n.visible()
	for l := range n.layers {
		values += 2 * n.layers[l].fan()
	}
	return heightOf(rows, 3*n.layout.Size()*wordSize[T](), values*wordSize[T]())
}

// enterBlock readies w for the examples first to last-1.
func (n *Network[T]) enterBlock(w *lane[T], first, last int) {
	w.fit(&n.plan, last-first)
	w.base = first
	n.enter(w, n.x.Slice(first, last))
	clear(w.unitSums)
	clear(w.biasSums)
}

// sumsPart adds up the values of the units under the penalty over chunk i.
func (n *Network[T]) sumsPart(i int) {
	c := &n.chunks[i]
	w := n.lanes.Get()
	defer n.lanes.Put(w)
	clear(c.unitSums)
	deepest := len(n.layers) - 2
	for !n.layers[deepest].sparse {
		deepest--
	}
	for first := c.first; first < c.last; first += c.rows {
		n.enterBlock(w, first, min(first+c.rows, c.last))
		for l := range deepest + 1 {
			n.forward(w, l, 0, n.layers[l].fan())
		}
		addTo(c.unitSums, w.unitSums)
	}
}

// measure turns the sums of the chunks into the mean activity.
func (n *Network[T]) measure() {
	clear(n.activity)
	for c := range n.chunks {
		addTo(n.activity, n.chunks[c].unitSums)
	}
	linalg.Scale(1/float64(n.x.Rows), n.activity)
}

// chunkPart takes chunk i forth and, when a gradient is wanted, back.
func (n *Network[T]) chunkPart(i int) {
	c := &n.chunks[i]
	w := n.lanes.Get()
	defer n.lanes.Put(w)
	clear(c.unitSums)
	clear(c.biasSums)
	c.loss = 0
	out := len(n.layers) - 1
	for first := c.first; first < c.last; first += c.rows {
		last := min(first+c.rows, c.last)
		n.enterBlock(w, first, last)
		w.y = n.y.Slice(first, last)
		for l := range out {
			n.forward(w, l, 0, n.layers[l].fan())
		}
		c.loss += n.output(w, 0, n.layers[out].fan())
		addTo(c.unitSums, w.unitSums)
		if n.grad == nil {
			continue
		}
		for l := out - 1; l >= 0; l-- {
			n.backward(w, l, 0, n.layers[l].out)
		}
		addTo(c.biasSums, w.biasSums)
		for l := range n.layers {
			if y := &n.layers[l]; y.tied < 0 {
				n.outer(w, l, 0, y.fan(), weights(&n.plan, c.grad, l), first > c.first)
			}
		}
	}
}

// reducePart sets the gradient of tile i.
func (n *Network[T]) reducePart(i int) {
	first, last := n.span(i)
	g, theta := n.grad[first:last], n.state[first:last]
	clear(g)
	for c := range n.chunks {
		linalg.AddWide(g, n.chunks[c].grad[first:last])
	}
	lambda, l1 := n.hyper.Lambda, n.hyper.L1
	if !n.layers[n.tiles[i].layer].decayed {
		lambda, l1 = 0, 0
	}
	scale := n.factor / float64(n.x.Rows)
	for j, v := range theta {
		g[j] = g[j]*scale + lambda*v
	}
	if l1 != 0 {
		nn.AddSigns(l1, linalg.MatrixOf(1, len(g), g), linalg.MatrixOf(1, len(g), theta))
	}
}

// reduceBiases sets the gradients of the biases.
func (n *Network[T]) reduceBiases() {
	scale := n.factor / float64(n.x.Rows)
	for l := range n.layers {
		y := &n.layers[l]
		g := n.grad[y.bias : y.bias+y.fan()]
		clear(g)
		for c := range n.chunks {
			addTo(g, n.chunks[c].biasSums[y.biasAt:y.biasAt+y.fan()])
		}
		linalg.Scale(scale, g)
	}
}
