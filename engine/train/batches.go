package train

import (
	"math/rand/v2"

	"filterscope/engine/linalg"
)

// gatherRows is how many examples a part of gathering a minibatch copies: they
// lie all over the data, so that each has to be waited for.
const gatherRows = 32

// batches deals the examples out in minibatches, shuffled anew for every pass.
type batches[T linalg.Float] struct {
	in     inputs[T]
	batch  inputs[T] // the minibatch; y is x itself when the targets are the examples
	order  []int
	next   int
	passes int // begun
	seed   uint64
	rng    *rand.Rand
	gather func(part int) // made once, so that a step does not allocate
}

func newBatches[T linalg.Float](in inputs[T], size int, seed uint64) *batches[T] {
	rows := in.x.Rows
	b := &batches[T]{in: in, order: make([]int, rows), seed: seed}
	b.batch.x = linalg.NewMatrix[T](min(size, rows), in.x.Cols)
	b.batch.y = b.batch.x
	if b.paired() {
		b.batch.y = linalg.NewMatrix[T](b.batch.x.Rows, in.y.Cols)
	}
	b.rewind()
	b.gather = b.gatherPart
	return b
}

// rewind goes back to before the first pass.
func (b *batches[T]) rewind() {
	for i := range b.order {
		b.order[i] = i
	}
	b.next, b.passes, b.rng = len(b.order), 0, rand.New(rand.NewPCG(b.seed, streamShuffle))
}

// seek goes to where draws minibatches have been drawn.
func (b *batches[T]) seek(draws int) {
	passes := (draws + b.perEpoch() - 1) / b.perEpoch()
	if passes < b.passes {
		b.rewind()
	}
	for b.passes < passes {
		b.shuffle()
	}
	if passes > 0 {
		b.next = (draws - (passes-1)*b.perEpoch()) * b.batch.x.Rows
	}
}

// shuffle begins a pass.
func (b *batches[T]) shuffle() {
	b.rng.Shuffle(len(b.order), func(i, j int) { b.order[i], b.order[j] = b.order[j], b.order[i] })
	b.next = 0
	b.passes++
}

// paired reports whether the targets are others than the examples.
func (b *batches[T]) paired() bool { return &b.in.y.Data[0] != &b.in.x.Data[0] }

// perEpoch is the number of minibatches of a pass.
func (b *batches[T]) perEpoch() int { return b.in.x.Rows / b.batch.x.Rows }

// draw fills the next minibatch, and reports whether it was the last of a pass.
// Rows that do not fill a batch wait for the next shuffle.
func (b *batches[T]) draw() (last bool) {
	size := b.batch.x.Rows
	if b.next+size > len(b.order) {
		b.shuffle()
	}
	linalg.Parallel((size+gatherRows-1)/gatherRows, b.gather)
	b.next += size
	return b.next+size > len(b.order)
}

// gatherPart copies some examples of the next minibatch.
func (b *batches[T]) gatherPart(part int) {
	paired := b.paired()
	for i := part * gatherRows; i < min((part+1)*gatherRows, b.batch.x.Rows); i++ {
		from := b.order[b.next+i]
		copy(b.batch.x.Row(i), b.in.x.Row(from))
		if paired {
			copy(b.batch.y.Row(i), b.in.y.Row(from))
		}
	}
}
