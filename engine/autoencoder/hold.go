package autoencoder

import (
	"fmt"
	"unsafe"

	"filterscope/engine/linalg"
)

// Two of the five products of an evaluation have the examples as a factor,
// X·W1ᵀ and δ2ᵀ·X, and need not multiply with its zeros: MNIST is four fifths
// zeros. The examples are then kept a second time, without them.

// skipFill is the share of entries of a linalg.Compressed matrix up to which
// its products beat the full ones: with all entries there, they do the same
// multiplications, but read more.
const skipFill = 0.7

// held is the compressed copy of the examples of Hold.
type held[T linalg.Float] struct {
	data         *T // of the examples, to know them again
	rows, stride int
	parts        [][]*linalg.Compressed[T] // by chunk, then by run of blocks
}

// is reports whether x is what is held, and compressed.
func (h *held[T]) is(x linalg.Matrix[T]) bool {
	return len(h.parts) > 0 && unsafe.SliceData(x.Data) == h.data && x.Rows == h.rows && x.Stride == h.stride
}

// Hold tells o that the examples x (m×visible) will be evaluated often and
// do not change meanwhile. When enough of them is zero, Evaluate of this very
// matrix then skips the zeros; the result differs from the one without Hold
// by rounding alone. Hold reads all of x once; it keeps a compressed copy and
// replaces the one before. An empty x releases it.
func (o *Objective[T]) Hold(x linalg.Matrix[T]) {
	o.held = held[T]{}
	if x.Rows == 0 {
		return
	}
	if x.Cols != o.model.Visible {
		panic(fmt.Sprintf("autoencoder: Hold: %d×%d examples for %d-%d", x.Rows, x.Cols, o.model.Visible, o.model.Hidden))
	}
	// The first examples are enough to tell.
	if linalg.Compress(x.Slice(0, min(x.Rows, 300))).Fill() > skipFill {
		return
	}
	n := o.chunkCount(x.Rows)
	h := held[T]{data: unsafe.SliceData(x.Data), rows: x.Rows, stride: x.Stride, parts: make([][]*linalg.Compressed[T], n)}
	linalg.Parallel(n, func(i int) {
		first, last := chunkBounds(i, n, x.Rows)
		step := runHeight(o.blockHeight(last - first))
		for ; first < last; first += step {
			h.parts[i] = append(h.parts[i], linalg.Compress(x.Slice(first, min(first+step, last))))
		}
	})
	o.held = h
	o.flipped = linalg.NewPadded[T](o.model.Visible, o.model.Hidden)
}

// at returns the compressed run that the block at row first of chunk i is in,
// and the block's first row in it.
func (h *held[T]) at(i int, c *chunk[T], first int) (*linalg.Compressed[T], int) {
	step := runHeight(c.rows)
	return h.parts[i][(first-c.first)/step], (first - c.first) % step
}
