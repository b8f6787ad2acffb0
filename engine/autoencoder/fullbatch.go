package autoencoder

import (
	"filterscope/engine/linalg"
)

// A full-batch evaluation cuts the examples into chunks, by their number
// alone. Each chunk has gradient accumulators of its own, which are added in
// order at the end: the same bits whatever goroutine did which chunk. Within
// a chunk, blocks of rows small enough for the second-level cache go through
// all products and passes of the backward half before the next one starts.
const (
	maxChunks    = 16
	minChunkRows = 64
	blockRows    = 126      // nine tiles of 14 rows; measured best 84 to 126
	maxGradients = 64 << 20 // bytes of all accumulators together
	minChunks    = 4        // whatever the accumulators take
	tileRows     = 14       // block heights are multiples of it
)

// chunk is a contiguous run of examples and what was found in it.
type chunk[T linalg.Float] struct {
	first, last, rows int       // examples, and the height of a block
	codeSums          []float64 // Σ a over the chunk
	deltaSums         []float64 // Σ δ2, then Σ δ3
	loss              float64   // Σ ‖y-x‖²
	grad              []T       // ∂W1 sums, then ∂W2 sums
}

// layOut cuts rows examples into chunks.
func (o *Objective[T]) layOut(rows int) {
	s := o.model
	var zero T
	size := 8
	if _, ok := any(zero).(float32); ok {
		size = 4
	}
	weights := 2 * s.Hidden * s.Visible
	n := max(minChunks, min(maxChunks, maxGradients/(size*weights)))
	n = max(1, min(n, rows/minChunkRows))
	if cap(o.chunks) < n {
		o.chunks = make([]chunk[T], n)
	}
	o.chunks = o.chunks[:n]
	o.codes = linalg.MatrixOf(rows, s.Hidden, resize(o.codes.Data, rows*s.Hidden))
	for i := range o.chunks {
		c := &o.chunks[i]
		c.first, c.last = i*rows/n, (i+1)*rows/n
		blocks := (c.last - c.first + blockRows - 1) / blockRows
		c.rows = (c.last - c.first + blocks - 1) / blocks
		c.rows = (c.rows + tileRows - 1) / tileRows * tileRows
		c.codeSums = resize(c.codeSums, s.Hidden)
		c.deltaSums = resize(c.deltaSums, s.Hidden+s.Visible)
		if o.grad != nil {
			c.grad = resize(c.grad, weights)
		}
	}
}

// forwardPart computes the codes of chunk i and their column sums.
func (o *Objective[T]) forwardPart(i int) {
	c := &o.chunks[i]
	b := o.scratch.get()
	defer o.scratch.put(b)
	clear(c.codeSums)
	b.sums = resize(b.sums, max(o.model.Hidden, o.model.Visible))
	sums := b.sums[:o.model.Hidden]
	bias := o.params[o.at.b1:o.at.w2]
	for first := c.first; first < c.last; first += c.rows {
		last := min(first+c.rows, c.last)
		codes := o.codes.Slice(first, last)
		clear(sums)
		linalg.MulPacked(codes, o.x.Slice(first, last), &o.encode)
		linalg.Activate(linalg.Logistic, codes, bias, sums)
		addTo(c.codeSums, sums)
	}
}

// backwardPart decodes chunk i and, when a gradient is wanted, goes back
// through both layers.
func (o *Objective[T]) backwardPart(i int) {
	s := o.model
	c := &o.chunks[i]
	b := o.scratch.get()
	defer o.scratch.put(b)
	b.sums = resize(b.sums, max(s.Hidden, s.Visible))
	b.wide = resize(b.wide, c.rows*s.Visible)
	b.narrow = resize(b.narrow, c.rows*s.Hidden)
	clear(c.deltaSums)
	c.loss = 0
	bias := o.params[o.at.b2:]
	for first := c.first; first < c.last; first += c.rows {
		last := min(first+c.rows, c.last)
		x, codes := o.x.Slice(first, last), o.codes.Slice(first, last)
		delta3 := linalg.MatrixOf(last-first, s.Visible, b.wide)
		sums := b.sums[:s.Visible]
		clear(sums)
		linalg.MulPacked(delta3, codes, &o.decode)
		c.loss += linalg.OutputDelta(s.Decoder.Func(), delta3, x, bias, sums)
		if o.grad == nil {
			continue
		}
		addTo(c.deltaSums[s.Hidden:], sums)
		delta2 := linalg.MatrixOf(last-first, s.Hidden, b.narrow)
		sums = b.sums[:s.Hidden]
		clear(sums)
		linalg.MulPacked(delta2, delta3, &o.back)
		linalg.HiddenDelta(linalg.Logistic, delta2, codes, o.sparsity, sums)
		addTo(c.deltaSums[:s.Hidden], sums)
		linalg.MulTrans(linalg.MatrixOf(s.Hidden, s.Visible, c.grad), delta2, x, first > c.first)
		linalg.MulTrans(linalg.MatrixOf(s.Visible, s.Hidden, c.grad[s.Hidden*s.Visible:]), delta3, codes, first > c.first)
	}
}

// reducePart adds up the accumulators of all chunks in one span of the
// parameters: g = Σ/m + λw. The biases are left to reduceBiases.
func (o *Objective[T]) reducePart(part int) {
	first, last := part*reduceSpan, min((part+1)*reduceSpan, len(o.grad))
	scale := 1 / float64(o.x.Rows)
	shift := [2]int{0, o.at.w2 - o.at.b1} // from the parameters to the accumulators
	for w, r := range o.weightRanges(first, last) {
		g, theta := o.grad[r[0]:r[1]], o.state[r[0]:r[1]]
		if len(g) == 0 {
			continue
		}
		clear(g)
		for i := range o.chunks {
			linalg.AddWide(g, o.chunks[i].grad[r[0]-shift[w]:r[1]-shift[w]])
		}
		for i, v := range theta {
			g[i] = g[i]*scale + o.model.Lambda*v
		}
	}
}

// reduceBiases sets the gradients of both biases to the means of the deltas.
func (o *Objective[T]) reduceBiases() {
	b1, b2 := o.grad[o.at.b1:o.at.w2], o.grad[o.at.b2:]
	clear(b1)
	clear(b2)
	for i := range o.chunks {
		addTo(b1, o.chunks[i].deltaSums[:len(b1)])
		addTo(b2, o.chunks[i].deltaSums[len(b1):])
	}
	linalg.Scale(1/float64(o.x.Rows), b1)
	linalg.Scale(1/float64(o.x.Rows), b2)
}
