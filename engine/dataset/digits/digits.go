package digits

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"

	"filterscope/engine/dataset"
)

const (
	// Size is the width and the height of an image in pixels.
	Size = 28

	// MaxExamples is the largest number of examples Generate makes at once
	// (822 MB).
	MaxExamples = 1 << 20

	frame = 20  // MNIST fits the ink into frame×frame pixels
	batch = 128 // examples a worker draws between two looks at the context
)

// The second words of the generators, by purpose: one draws the order of the
// labels, the other the examples.
const (
	streamLabels uint64 = 0x64696769746c6162
	streamInk    uint64 = 0x646967697473696e
)

// New returns n synthetic digits: bytes from 0 (paper) to 255 (ink) in n rows
// of 28×28 pixels, with their labels. Each ten examples in a row hold every
// digit once, in shuffled order. It panics unless 1 ≤ n ≤ MaxExamples.
func New(n int, seed uint64) *dataset.Dataset {
	d, err := Generate(context.Background(), n, seed, nil)
	if err != nil {
		panic(err.Error())
	}
	return d
}

// Generate is New for a program that waits: it ends early, with the cause of
// ctx, once ctx is done, and tells progress (which may be nil) how many
// examples are there so far, from 1 to n. The calls of progress come from
// several goroutines, never two at a time. A number of examples that cannot
// be made is an error.
func Generate(ctx context.Context, n int, seed uint64, progress func(done int)) (*dataset.Dataset, error) {
	if n < 1 || n > MaxExamples {
		return nil, fmt.Errorf("digits: cannot draw %d examples: ask for 1 to %d", n, MaxExamples)
	}
	d := &dataset.Dataset{
		Name:      "synthetic digits",
		N:         n,
		D:         Size * Size,
		Geometry:  dataset.Geometry{Width: Size, Height: Size, Channels: 1},
		Labels:    labels(n, seed),
		FullScale: 255,
		Bytes:     make([]uint8, n*Size*Size),
	}
	var (
		mu         sync.Mutex // guards next and done
		next, done int
		wg         sync.WaitGroup
	)
	take := func() (first, last int) {
		mu.Lock()
		defer mu.Unlock()
		first = next
		next = min(first+batch, n)
		return first, next
	}
	report := func(count int) {
		mu.Lock()
		defer mu.Unlock()
		done += count
		if progress != nil {
			progress(done)
		}
	}
	for range min(runtime.GOMAXPROCS(0), (n+batch-1)/batch) {
		wg.Go(func() {
			var h hand
			for ctx.Err() == nil {
				first, last := take()
				if first == last {
					return
				}
				for i := first; i < last; i++ {
					h.draw(d.Bytes[i*d.D:(i+1)*d.D], d.Labels[i], example(seed, i))
				}
				report(last - first)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("draw synthetic digits: %w", context.Cause(ctx))
	}
	return d, nil
}

// labels deals the labels of n examples, ten by ten, so that an example's
// label does not depend on n.
func labels(n int, seed uint64) []int {
	all := make([]int, n)
	for first := 0; first < n; first += 10 {
		deal := rand.New(rand.NewPCG(seed+uint64(first), streamLabels)).Perm(10)
		copy(all[first:], deal)
	}
	return all
}

// example returns the generator of example i. The index is spread over the
// word by a multiplication with an odd constant (2^64 over the golden ratio),
// so that seeds 1, 2, 3 and examples 1, 2, 3 share no generator.
func example(seed uint64, i int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, streamInk^(uint64(i)+1)*0x9e3779b97f4a7c15))
}
