// Package array reads the values of arrays whose headers nobody vouches for, for
// the readers of NumPy's and MATLAB's files.
package array

import (
	"math"
	"math/bits"
)

// Len returns the product of the sizes. It is not ok when values of width bytes
// each would take more than limit bytes; a size of 0 excuses no other.
func Len(shape []int, width int, limit int64) (n int, ok bool) {
	total, zero := uint64(width), false
	for _, s := range shape {
		if s == 0 {
			zero = true
			continue
		}
		high, low := bits.Mul64(total, uint64(s))
		if high != 0 || low > uint64(min(limit, math.MaxInt)) {
			return 0, false
		}
		total = low
	}
	if zero {
		return 0, true
	}
	return int(total) / width, true
}

// Values reads n values of size bytes each, which get decodes; next fills its
// argument or says why it cannot. Memory grows with what arrives: at the most
// to twice of it.
func Values[T uint8 | float32 | float64](next func([]byte) error, n, size int, get func([]byte) float64) ([]T, error) {
	const step = 1 << 14 // values read at once
	buffer := make([]byte, min(n, step)*size)
	var out []T
	for len(out) < n {
		take := min(step, n-len(out))
		b := buffer[:take*size]
		if err := next(b); err != nil {
			return nil, err
		}
		if len(out)+take > cap(out) {
			grown := make([]T, len(out), min(n, max(2*cap(out), step)))
			copy(grown, out)
			out = grown
		}
		for ; len(b) > 0; b = b[size:] {
			out = append(out, T(get(b)))
		}
	}
	return out, nil
}
