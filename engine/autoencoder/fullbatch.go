package autoencoder

import (
	"unsafe"

	"filterscope/engine/linalg"
)

// A full-batch evaluation cuts the examples into chunks, by their number
// alone. Each chunk has gradient accumulators of its own, which are added in
// order at the end: the same bits whatever goroutine did which chunk. Within
// a chunk, blocks of rows small enough for the second-level cache go through
// all products and passes of the backward half before the next one starts.
const (
	maxChunks    = 16
	minChunkRows = 250       // fewer do not earn back the reading of another pair of accumulators
	blockRows    = 126       // measured best where weights do not stay in the cache: 84 to 168
	shortRows    = 42        // and where they do
	heightUnit   = 42        // blocks are whole strips of 14 rows and groups of 3
	runRows      = 756       // examples whose δ2 is kept to multiply with compressed examples: whole blocks
	cacheBytes   = 640 << 10 // of the second-level cache for weights and a block
	maxGradients = 64 << 20  // bytes of all accumulators together
	minChunks    = 4         // whatever the accumulators take
)

// chunk is a contiguous run of examples and what was found in it.
type chunk[T linalg.Float] struct {
	first, last, rows int              // examples, and the height of a block
	codeSums          []float64        // Σ a over the chunk
	deltaSums         []float64        // Σ δ2, then Σ δ3
	loss              float64          // Σ ‖y-x‖²
	grad1             linalg.Matrix[T] // Σ δ2 xᵀ, hidden × visible; its transpose, padded, when zeros are skipped
	grad2             linalg.Matrix[T] // Σ a δ3ᵀ, hidden × visible: the transpose of ∂W2, which fills vectors better
}

// chunkCount returns the number of chunks for so many examples.
func (o *Objective[T]) chunkCount(rows int) int {
	var zero T
	return countChunks(rows, 2*o.model.Hidden*o.model.Visible*int(unsafe.Sizeof(zero)))
}

// countChunks returns the number of chunks for so many examples when a chunk has
// accumulators of so many bytes.
func countChunks(rows, accumulators int) int {
	n := max(minChunks, min(maxChunks, maxGradients/accumulators))
	n = max(1, min(n, rows/minChunkRows))
	if n > 2 {
		n &^= 1 // or one of two cores has nothing to do in the end
	}
	return n
}

// chunkBounds returns the examples of chunk i of n. Chunks are handed out in
// order; the last three of maxChunks are smaller, so that a core that was held
// up does not keep the others waiting for long.
func chunkBounds(i, n, rows int) (first, last int) {
	if n < maxChunks {
		return i * rows / n, (i + 1) * rows / n
	}
	return taper(i) * rows / taper(n), taper(i+1) * rows / taper(n)
}

// taper returns the size of the first i of maxChunks chunks together: all are
// 4, but the last three 3, 2 and 1. Two cores of one speed get 29 each.
func taper(i int) int {
	sum := 4 * i
	for late := i - (maxChunks - 3); late > 0; late-- {
		sum -= late
	}
	return sum
}

// blockHeight returns the rows of a block in a chunk of so many.
func (o *Objective[T]) blockHeight(rows int) int {
	var zero T
	size, s := int(unsafe.Sizeof(zero)), o.model
	return heightOf(rows, 4*s.Hidden*s.Visible*size, 2*(s.Hidden+s.Visible)*size)
}

// heightOf returns the rows of a block in a chunk of so many, when weights are the
// bytes of the packed matrices and accumulators, and row those of a row of the block. Tall
// blocks read the weights seldom. Short ones leave room for weights that would stay
// in the cache.
func heightOf(rows, weights, row int) int {
	most := blockRows
	if weights <= cacheBytes && weights+blockRows*row > cacheBytes {
		most = shortRows
	}
	blocks := (rows + most - 1) / most
	height := (rows + blocks - 1) / blocks
	return (height + heightUnit - 1) / heightUnit * heightUnit
}

// runHeight returns the rows of a run of blocks of so many rows.
func runHeight(block int) int { return runRows / block * block }

// layOut cuts rows examples into chunks.
func (o *Objective[T]) layOut(rows int) {
	s := o.model
	n := o.chunkCount(rows)
	if cap(o.chunks) < n {
		o.chunks = make([]chunk[T], n)
	}
	o.chunks = o.chunks[:n]
	o.codes = padded(o.codes.Data, rows, s.Hidden)
	for i := range o.chunks {
		c := &o.chunks[i]
		c.first, c.last = chunkBounds(i, n, rows)
		c.rows = o.blockHeight(c.last - c.first)
		c.codeSums = resize(c.codeSums, s.Hidden)
		c.deltaSums = resize(c.deltaSums, s.Hidden+s.Visible)
		if o.grad == nil {
			continue
		}
		if o.skipping {
			c.grad1 = padded(c.grad1.Data, s.Visible, s.Hidden)
		} else {
			c.grad1 = linalg.MatrixOf(s.Hidden, s.Visible, resize(c.grad1.Data, s.Hidden*s.Visible))
		}
		c.grad2 = linalg.MatrixOf(s.Hidden, s.Visible, resize(c.grad2.Data, s.Hidden*s.Visible))
	}
}

// padded returns a rows×cols matrix as linalg.NewPadded does, in data if that
// has room. What is in it is left there.
func padded[T linalg.Float](data []T, rows, cols int) linalg.Matrix[T] {
	stride := linalg.Pad(cols)
	return linalg.Matrix[T]{Rows: rows, Cols: cols, Stride: stride, Data: resize(data, rows*stride)}
}

// forwardPart computes the codes of chunk i and their column sums.
func (o *Objective[T]) forwardPart(i int) {
	c := &o.chunks[i]
	b := o.scratch.Get()
	defer o.scratch.Put(b)
	clear(c.codeSums)
	b.sums = resize(b.sums, max(o.model.Hidden, o.model.Visible))
	sums := b.sums[:o.model.Hidden]
	bias := o.params[o.at.b1:o.at.w2]
	for first := c.first; first < c.last; first += c.rows {
		last := min(first+c.rows, c.last)
		codes := o.codes.Slice(first, last)
		clear(sums)
		if o.skipping {
			run, from := o.held.at(i, c, first)
			run.MulRows(codes, o.flipped, from, from+last-first)
		} else {
			linalg.MulPacked(codes, o.x.Slice(first, last), &o.encode)
		}
		linalg.Activate(linalg.Logistic, codes, bias, sums)
		addTo(c.codeSums, sums)
	}
}

// backwardPart decodes chunk i and, when a gradient is wanted, goes back
// through both layers.
func (o *Objective[T]) backwardPart(i int) {
	s := o.model
	c := &o.chunks[i]
	b := o.scratch.Get()
	defer o.scratch.Put(b)
	b.sums = resize(b.sums, max(s.Hidden, s.Visible))
	wide := padded(b.wide, c.rows, s.Visible)
	b.wide = wide.Data
	deltas := padded(b.narrow, runHeight(c.rows), s.Hidden) // δ2 of a run
	b.narrow = deltas.Data
	clear(c.deltaSums)
	c.loss = 0
	bias := o.params[o.at.b2:]
	done := 0 // rows of deltas
	for first := c.first; first < c.last; first += c.rows {
		last := min(first+c.rows, c.last)
		x, codes := o.x.Slice(first, last), o.codes.Slice(first, last)
		delta3 := wide.Slice(0, last-first)
		sums := b.sums[:s.Visible]
		clear(sums)
		linalg.MulPacked(delta3, codes, &o.decode)
		c.loss += linalg.OutputDelta(s.Decoder.Func(), delta3, x, bias, sums)
		if o.grad == nil {
			continue
		}
		addTo(c.deltaSums[s.Hidden:], sums)
		linalg.MulTrans(c.grad2, codes, delta3, first > c.first)

		delta2 := deltas.Slice(done, done+last-first)
		sums = b.sums[:s.Hidden]
		clear(sums)
		linalg.MulPacked(delta2, delta3, &o.back)
		linalg.HiddenDelta(linalg.Logistic, delta2, codes, o.sparsity, sums)
		addTo(c.deltaSums[:s.Hidden], sums)
		if !o.skipping {
			linalg.MulTrans(c.grad1, delta2, x, first > c.first)
			continue
		}
		if done += last - first; done == runHeight(c.rows) || last == c.last {
			run, _ := o.held.at(i, c, first)
			run.MulTrans(c.grad1, deltas.Slice(0, done), last-done > c.first)
			done = 0
		}
	}
}

// reduceRows is how many rows of the accumulators a part of reducePart adds
// up; transposed they make reduceRows gradients in a row.
const reduceRows = 16

// reduceParts is the number of parts for both weight matrices.
func (o *Objective[T]) reduceParts() int {
	first := o.chunks[0].grad1.Rows
	return (first+reduceRows-1)/reduceRows + (o.model.Hidden+reduceRows-1)/reduceRows
}

// reducePart adds up some rows of the accumulators of all chunks and sets that
// part of the gradient: g = Σ/m + λw. The biases are left to reduceBiases.
func (o *Objective[T]) reducePart(part int) {
	b := o.scratch.Get()
	defer o.scratch.Put(b)
	s := o.model
	if parts := (o.chunks[0].grad1.Rows + reduceRows - 1) / reduceRows; part >= parts {
		first := (part - parts) * reduceRows
		sum := o.addUp(b, first, func(c *chunk[T]) linalg.Matrix[T] { return c.grad2 })
		o.setTransposed(sum, first, o.at.w2, s.Hidden)
		return
	}
	first := part * reduceRows
	sum := o.addUp(b, first, func(c *chunk[T]) linalg.Matrix[T] { return c.grad1 })
	if o.skipping {
		o.setTransposed(sum, first, 0, s.Visible)
		return
	}
	scale := 1 / float64(o.x.Rows)
	at := first * s.Visible
	g, theta := o.grad[at:at+len(sum.Data)], o.state[at:at+len(sum.Data)]
	for i, v := range sum.Data {
		g[i] = v*scale + s.Lambda*theta[i]
	}
}

// addUp returns the sums over all chunks of up to reduceRows rows of one of
// their accumulators.
func (o *Objective[T]) addUp(b *block[T], first int, of func(*chunk[T]) linalg.Matrix[T]) linalg.Matrix[float64] {
	m := of(&o.chunks[0])
	last := min(first+reduceRows, m.Rows)
	b.total = resize(b.total, reduceRows*m.Stride)
	sum := linalg.Matrix[float64]{Rows: last - first, Cols: m.Cols, Stride: m.Stride, Data: b.total[:(last-first)*m.Stride]}
	clear(sum.Data)
	for i := range o.chunks {
		linalg.AddWide(sum.Data, of(&o.chunks[i]).Slice(first, last).Data)
	}
	return sum
}

// setTransposed sets the gradient of the weights at offset at, stored in rows
// of cols, from rows of the transpose, of which sum holds those from first on.
func (o *Objective[T]) setTransposed(sum linalg.Matrix[float64], first, at, cols int) {
	scale := 1 / float64(o.x.Rows)
	for j := range sum.Cols {
		from := at + j*cols + first
		g, theta := o.grad[from:from+sum.Rows], o.state[from:from+sum.Rows]
		for i := range g {
			g[i] = sum.Data[i*sum.Stride+j]*scale + o.model.Lambda*theta[i]
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
