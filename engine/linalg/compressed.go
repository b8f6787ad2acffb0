package linalg

import (
	"fmt"
	"unsafe"
)

// Compressed is a matrix X with most of its zeros left out, for products with
// an operand as wide as a layer. Rows are taken three at a time, and so are
// columns: an entry holds the three values of one column in three rows, or of
// one row in three columns, and there is none where all three are 0. Rows of
// an image have their zeros together, and so have columns.
//
// It does not share memory with X and is safe for concurrent readers.
type Compressed[T Float] struct {
	rows, cols int
	byRow      entries[T] // an index is a column
	byCol      entries[T] // an index is a row
}

// group is the number of rows or columns an entry spans.
const group = 3

type entries[T Float] struct {
	start  []int // of each group, and the end of the last
	index  []int32
	values []T // group of them an entry
}

// Pad returns a stride for n columns that the products of a Compressed matrix
// accept: whole vectors of the widest kernel, and one more where rows would
// lie a multiple of 512 bytes apart (in float32). Such rows share eight sets of the
// first-level cache, or fewer, and push each other out of it.
func Pad(n int) int {
	if n = wholeVectors(n); n%128 == 0 {
		return n + vectorPad
	}
	return n
}

// vectorPad is the number of elements in a vector of the widest kernel.
const vectorPad = 16

func wholeVectors(n int) int { return (n + vectorPad - 1) &^ (vectorPad - 1) }

// NewPadded returns a zeroed rows×cols matrix whose stride is Pad(cols), and
// whose last row is as long as its stride.
func NewPadded[T Float](rows, cols int) Matrix[T] {
	return Matrix[T]{Rows: rows, Cols: cols, Stride: Pad(cols), Data: make([]T, rows*Pad(cols))}
}

// Compress copies x without its zeros.
func Compress[T Float](x Matrix[T]) *Compressed[T] {
	s := &Compressed[T]{rows: x.Rows, cols: x.Cols}
	s.byRow.collect(x.Rows, x.Cols, x.At)
	s.byCol.collect(x.Cols, x.Rows, func(j, i int) T { return x.At(i, j) })
	return s
}

// collect makes the entries of an n×m matrix, grouping its first index.
func (e *entries[T]) collect(n, m int, at func(i, j int) T) {
	count := 0
	for pass := range 2 {
		if pass == 1 {
			e.index = make([]int32, 0, count)
			e.values = make([]T, 0, group*count)
		}
		for first := 0; first < n; first += group {
			if pass == 1 {
				e.start = append(e.start, len(e.index))
			}
			for j := range m {
				var v [group]T
				for i := first; i < min(first+group, n); i++ {
					v[i-first] = at(i, j)
				}
				if v == [group]T{} {
					continue
				}
				count++
				if pass == 1 {
					e.index = append(e.index, int32(j))
					e.values = append(e.values, v[:]...)
				}
			}
		}
	}
	e.start = append(e.start, len(e.index))
}

// Fill returns the share of all possible entries that there are: the cost of
// the products relative to those of a full matrix.
func (s *Compressed[T]) Fill() float64 {
	if s.rows == 0 || s.cols == 0 {
		return 0
	}
	return float64(len(s.byRow.index)) / float64((s.rows+group-1)/group*s.cols)
}

// MulRows computes rows first to last-1 of X·w into c, serially. w is k×n,
// where k is the number of columns of X, c is (last-first)×n, and first is
// a multiple of 3, last another or the number of rows. w and c must be padded
// as by NewPadded. It panics when the shapes do not fit.
func (s *Compressed[T]) MulRows(c, w Matrix[T], first, last int) {
	if w.Rows != s.cols || c.Rows != last-first || first%group != 0 || last > s.rows || (last%group != 0 && last < s.rows) {
		panic(fmt.Sprintf("linalg: MulRows: rows %d to %d of %d×%d · %d×%d into %d×%d",
			first, last, s.rows, s.cols, w.Rows, w.Cols, c.Rows, c.Cols))
	}
	s.byRow.multiply(c, w, first/group, false)
}

// MulTrans computes c = Xᵀ·d, or c += Xᵀ·d when add is set, serially. d is
// m×n, where m is the number of rows of X, and c has a row for each column of
// X. Both must be padded as by NewPadded. It panics when the shapes do not
// fit.
func (s *Compressed[T]) MulTrans(c, d Matrix[T], add bool) {
	if d.Rows != s.rows || c.Rows != s.cols {
		panic(fmt.Sprintf("linalg: Compressed.MulTrans: (%d×%d)ᵀ · %d×%d into %d×%d",
			s.rows, s.cols, d.Rows, d.Cols, c.Rows, c.Cols))
	}
	s.byCol.multiply(c, d, 0, add)
}

// multiply computes the rows of c from the groups from first on.
func (e *entries[T]) multiply(c, b Matrix[T], first int, add bool) {
	n := wholeVectors(c.Cols)
	if c.Cols != b.Cols || c.Stride < n || b.Stride < n || len(b.Data) < (b.Rows-1)*b.Stride+n || len(c.Data) < (c.Rows-1)*c.Stride+n {
		panic(fmt.Sprintf("linalg: Compressed: %d×%d into %d×%d: want padded rows", b.Rows, b.Cols, c.Rows, c.Cols))
	}
	var zero T
	kernel := use[T]()
	width := max(wholeVectors(skipBytes/(max(b.Rows, 1)*int(unsafe.Sizeof(zero))))-vectorPad, vectorPad)
	for at := 0; at < n; at += width {
		part := b
		part.Data = b.Data[at:]
		for i := 0; i < c.Rows; i += group {
			g := first + i/group
			from, to := e.start[g], e.start[g+1]
			kernel.skip(c.Data[i*c.Stride+at:], c.Stride, min(group, c.Rows-i), min(width, n-at),
				e.index[from:to], e.values[group*from:group*to], part, add)
		}
	}
}

// skipBytes is how much of the dense operand stays in the second-level cache
// while all entries go by: of its rows, only so many columns are used at a time.
const skipBytes = 400 << 10
