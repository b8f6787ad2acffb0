package dataset

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Split parts d into examples to train on and the given share of them, above 0
// and below 1, to validate with: the last ones, as Keras's validation_split
// does, or, with random, as many drawn without replacement by the seed. Each
// part has at least one example and keeps the order of d; the last ones share
// d's memory. It returns an error when the share does not leave both parts
// something.
func (d *Dataset) Split(share float64, random bool, seed uint64) (training, held *Dataset, err error) {
	if !(share > 0 && share < 1) {
		return nil, nil, fmt.Errorf("a validation share of %v: want more than 0 and less than 1", share)
	}
	n := max(int(share*float64(d.N)+0.5), 1)
	if n >= d.N {
		return nil, nil, fmt.Errorf("a validation share of %v leaves nothing of the %d examples of %s to train on", share, d.N, d.Name)
	}
	if !random {
		return d.between(0, d.N-n), d.between(d.N-n, d.N), nil
	}
	order := rand.New(rand.NewPCG(seed, streamSplit)).Perm(d.N)
	slices.Sort(order[:n])
	slices.Sort(order[n:])
	return d.Gather(order[n:]), d.Gather(order[:n]), nil
}

// streamSplit keeps the draw of Split apart from others of the same seed.
const streamSplit = 0x73706c69

// between returns examples first to last-1; they share d's memory.
func (d *Dataset) between(first, last int) *Dataset {
	part := *d
	part.N = last - first
	from, to := first*d.D, last*d.D
	switch {
	case d.Bytes != nil:
		part.Bytes = d.Bytes[from:to:to]
	case d.Singles != nil:
		part.Singles = d.Singles[from:to:to]
	default:
		part.Doubles = d.Doubles[from:to:to]
	}
	if d.Labels != nil {
		part.Labels = d.Labels[first:last:last]
	}
	if d.Origins != nil {
		part.Origins = d.Origins[first:last:last]
	}
	return &part
}

// Gather returns a copy of the examples of the given indices, in their order.
func (d *Dataset) Gather(indices []int) *Dataset {
	part := *d
	part.N = len(indices)
	part.Bytes, part.Singles, part.Doubles = gather(d.Bytes, indices, d.D), gather(d.Singles, indices, d.D), gather(d.Doubles, indices, d.D)
	part.Labels, part.Origins = gather(d.Labels, indices, 1), gather(d.Origins, indices, 1)
	return &part
}

// gather copies rows of width values; nil stays nil.
func gather[T any](values []T, indices []int, width int) []T {
	if values == nil {
		return nil
	}
	out := make([]T, 0, len(indices)*width)
	for _, i := range indices {
		out = append(out, values[i*width:(i+1)*width]...)
	}
	return out
}
