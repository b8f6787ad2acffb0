package optim

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// Clip bounds a gradient: first each element to ±Value, then the whole, scaled,
// to the 2-norm Norm (PyTorch's clip_grad_value_ and clip_grad_norm_). 0 turns
// either off.
type Clip struct{ Value, Norm float64 }

// On reports that c bounds anything.
func (c Clip) On() bool { return c.Value > 0 || c.Norm > 0 }

// Validate names the first bound that is negative or not finite.
func (c Clip) Validate() error {
	for _, b := range []struct {
		name  string
		value float64
	}{{"value", c.Value}, {"norm", c.Norm}} {
		if !(b.value >= 0) || math.IsInf(b.value, 1) {
			return fmt.Errorf("gradient clipping: %s = %v: want above 0, or 0 for none", b.name, b.value)
		}
	}
	return nil
}

// Clipper clips gradients of one length. It allocates nothing after the start.
type Clipper[T linalg.Float] struct {
	clip    Clip
	chunks  *chunks
	partial []float64 // of each chunk

	grad           []T
	scale, largest float64
	passes         struct{ squares, sizes, ratios, bound, shrink func(chunk, from, to int) }
}

// NewClipper returns a clipper for gradients of n elements, or an error that
// names the bound out of its limits.
func NewClipper[T linalg.Float](clip Clip, n int) (*Clipper[T], error) {
	if err := clip.Validate(); err != nil {
		return nil, err
	}
	c := &Clipper[T]{clip: clip, chunks: newChunks(n)}
	c.partial = make([]float64, c.chunks.count)
	c.passes.squares, c.passes.sizes, c.passes.ratios = c.squaresChunk, c.sizesChunk, c.ratiosChunk
	c.passes.bound, c.passes.shrink = c.boundChunk, c.shrinkChunk
	return c, nil
}

// Apply clips grad in place and returns its 2-norm from before. A gradient with
// a NaN or an infinity is left as it is, and so is its norm, so that a run
// notices. Apply panics when the length is not the one c was made for.
func (c *Clipper[T]) Apply(grad []T) (norm float64) {
	if len(grad) != c.chunks.n {
		panic(fmt.Sprintf("optim: Clipper.Apply: %d elements for a clipper of %d", len(grad), c.chunks.n))
	}
	c.grad = grad
	norm = c.norm()
	if !math.IsNaN(norm-norm) && c.clip.On() {
		c.cut(norm)
	}
	c.grad = nil
	return norm
}

func (c *Clipper[T]) cut(norm float64) {
	if c.clip.Value > 0 {
		c.chunks.run(c.passes.bound)
		norm = c.norm()
	}
	if c.clip.Norm > 0 && norm > c.clip.Norm {
		c.scale = c.clip.Norm / norm
		c.chunks.run(c.passes.shrink)
	}
}

// norm returns the 2-norm, also where the squares overflow or vanish.
func (c *Clipper[T]) norm() float64 {
	c.chunks.run(c.passes.squares)
	squares := c.total()
	if squares > 0x1p-900 && !math.IsInf(squares, 0) || math.IsNaN(squares) {
		return math.Sqrt(squares)
	}
	c.chunks.run(c.passes.sizes)
	largest := 0.0
	for _, v := range c.partial {
		largest = max(largest, v)
	}
	if largest == 0 || math.IsInf(largest, 0) {
		return largest
	}
	c.largest = largest
	c.chunks.run(c.passes.ratios)
	return largest * math.Sqrt(c.total())
}

func (c *Clipper[T]) total() float64 {
	sum := 0.0
	for _, v := range c.partial {
		sum += v
	}
	return sum
}

func (c *Clipper[T]) squaresChunk(chunk, from, to int) {
	c.partial[chunk] = linalg.Squares(c.grad[from:to])
}

func (c *Clipper[T]) sizesChunk(chunk, from, to int) {
	largest := 0.0
	for _, v := range c.grad[from:to] {
		largest = max(largest, math.Abs(float64(v)))
	}
	c.partial[chunk] = largest
}

func (c *Clipper[T]) ratiosChunk(chunk, from, to int) {
	sum := 0.0
	for _, v := range c.grad[from:to] {
		r := float64(v) / c.largest
		sum += r * r
	}
	c.partial[chunk] = sum
}

func (c *Clipper[T]) boundChunk(_, from, to int) {
	low, high := T(-c.clip.Value), T(c.clip.Value)
	for i, v := range c.grad[from:to] {
		c.grad[from+i] = min(max(v, low), high)
	}
}

func (c *Clipper[T]) shrinkChunk(_, from, to int) {
	scale := c.scale
	for i, v := range c.grad[from:to] {
		c.grad[from+i] = T(float64(v) * scale)
	}
}
