package linalg

import (
	"fmt"
	"math/bits"
)

// Entries lists what is not 0 in a matrix X, in groups of three rows or of three columns: an entry
// holds the three values of one column in three rows, or of one row in three columns, and
// there is none where all three are 0. A Compressed matrix is made once and has both; these
// are listed anew from step to step, in the memory they have. The zero value lists nothing.
type Entries[T Float] struct {
	span   int     // rows or columns of X
	start  []int32 // of each group, and the end of the last
	index  []int32
	values []T // three of them an entry

	masks []uint64
	_     [64]byte // cores that fill neighbours in a slice do not share a line of the cache
}

// entryColumns is how many columns Rows looks at together: whole groups, and a bit each of a word.
const (
	entryColumns = 48
	everyThird   = 0o1111111111111111
)

// Columns lists x in groups of three rows; the entries of column j get the index first+j.
func (e *Entries[T]) Columns(x Matrix[T], first int) {
	e.reset(x.Rows, x.Cols)
	kernel, n := use[T](), 0
	start, index, values := e.start, e.index, e.values
	for i := 0; i < x.Rows; i += group {
		start = append(start, int32(n))
		a := x.Row(i)
		b, c := a, a
		var second, third T = 0, 0 // factors
		if i+1 < x.Rows {
			b, second = x.Row(i+1), 1
		}
		if i+2 < x.Rows {
			c, third = x.Row(i+2), 1
		}
		for at := 0; at < len(a); at += 64 {
			end := min(at+64, len(a))
			mask := kernel.nonzero(a[at:end]) | kernel.nonzero(b[at:end]) | kernel.nonzero(c[at:end])
			for ; mask != 0; mask &= mask - 1 {
				j := at + bits.TrailingZeros64(mask)
				index[n] = int32(first + j)
				v := values[group*n : group*n+group : group*n+group]
				v[0], v[1], v[2] = a[j], second*b[j], third*c[j]
				n++
			}
		}
	}
	e.start = append(start, int32(n))
}

// Rows lists x in groups of three columns; the entries of row i get the index first+i.
func (e *Entries[T]) Rows(x Matrix[T], first int) {
	e.reset(x.Cols, x.Rows)
	kernel := use[T]()
	e.masks = more(e.masks, x.Rows)
	masks, index, values := e.masks, e.index, e.values
	start := append(e.start, 0)
	for at := 0; at < x.Cols; at += entryColumns {
		end := min(at+entryColumns, x.Cols)
		var next [entryColumns / group]int32 // by group: entries, then where the next one goes
		for i := range masks {
			mask := kernel.nonzero(x.Row(i)[at:end])
			mask = (mask | mask>>1 | mask>>2) & everyThird
			masks[i] = mask
			for ; mask != 0; mask &= mask - 1 {
				next[bits.TrailingZeros64(mask)/group]++
			}
		}
		n := start[len(start)-1]
		for g := range (end - at + group - 1) / group {
			next[g], n = n, n+next[g]
			start = append(start, n)
		}
		for i, mask := range masks {
			row := x.Row(i)
			for ; mask != 0; mask &= mask - 1 {
				j := bits.TrailingZeros64(mask)
				n := int(next[j/group])
				next[j/group]++
				index[n] = int32(first + i)
				v := values[group*n : group*n+group : group*n+group]
				if j += at; j+group <= len(row) {
					v[0], v[1], v[2] = row[j], row[j+1], row[j+2]
				} else {
					clear(v[copy(v, row[j:]):])
				}
			}
		}
	}
	e.start = start
}

// reset makes room for the entries of span rows or columns, n each at most.
func (e *Entries[T]) reset(span, n int) {
	most := (span + group - 1) / group * n
	if groups := (span + group - 1) / group; cap(e.start) <= groups {
		e.start = make([]int32, 0, groups+16)
	}
	e.span, e.start = span, e.start[:0]
	e.index, e.values = more(e.index, most), more(e.values, group*most)
}

// more returns s with length n, or new memory; what it had may be lost.
func more[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// Len returns the number of entries.
func (e *Entries[T]) Len() int {
	if len(e.start) == 0 {
		return 0
	}
	return int(e.start[len(e.start)-1])
}

// Mul computes c = X·b, or c += X·b when add is set, serially: Xᵀ·b when X was listed
// by Rows. c has a row for each row, or column, of X, and the indices are those of rows of b. b and c must
// be padded as by NewPadded. It panics when the shapes do not fit.
func (e *Entries[T]) Mul(c, b Matrix[T], add bool) {
	n := wholeVectors(c.Cols)
	if c.Rows != e.span || c.Cols != b.Cols || c.Stride < n || b.Stride < n ||
		len(b.Data) < (b.Rows-1)*b.Stride+n || len(c.Data) < (c.Rows-1)*c.Stride+n {
		panic(fmt.Sprintf("linalg: Entries.Mul: of %d rows, %d×%d into %d×%d: want padded rows", e.span, b.Rows, b.Cols, c.Rows, c.Cols))
	}
	if n == 0 {
		return
	}
	kernel := use[T]()
	for i := 0; i < c.Rows; i += group {
		from, to := e.start[i/group], e.start[i/group+1]
		if from < to || !add {
			kernel.skip(c.Data[i*c.Stride:], c.Stride, min(group, c.Rows-i), n, e.index[from:to], e.values[group*from:group*to], b, add)
		}
	}
}
