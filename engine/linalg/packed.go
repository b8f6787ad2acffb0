package linalg

import "fmt"

// Packed is a k×n matrix copied into the order in which the product reads it.
// Weights are packed once an evaluation and then multiplied with many blocks
// of rows. The zero value is ready for Pack; its memory is reused.
type Packed[T Float] struct {
	k, n int
	data []T
}

// Pack stores op(b): b itself, or its transpose when trans is set.
func (p *Packed[T]) Pack(b Matrix[T], trans bool) {
	p.Reset(b, trans)
	for i := range p.Panels() {
		p.PackPanel(i, b, trans)
	}
}

// Reset makes room for op(b) without copying it: PackPanel does, so that
// several goroutines can share the work.
func (p *Packed[T]) Reset(b Matrix[T], trans bool) {
	p.k, p.n = b.Rows, b.Cols
	if trans {
		p.k, p.n = b.Cols, b.Rows
	}
	if size := p.k * p.width() * p.Panels(); cap(p.data) < size {
		p.data = make([]T, size)
	} else {
		p.data = p.data[:size]
	}
}

// Panels returns the number of column panels; panel i holds the columns from
// i*Width to at most (i+1)*Width.
func (p *Packed[T]) Panels() int { return (p.n + p.width() - 1) / p.width() }

func (p *Packed[T]) width() int { return use[T]().panel() }

// PackPanel copies panel i of op(b). The columns beyond n become 0.
func (p *Packed[T]) PackPanel(i int, b Matrix[T], trans bool) {
	w := p.width()
	first := i * w
	cols := min(w, p.n-first)
	dst := p.data[i*w*p.k : (i+1)*w*p.k]
	if trans {
		packTransposed(dst, w, b.Slice(first, first+cols))
		return
	}
	for r := range p.k {
		d := dst[r*w : (r+1)*w]
		copy(d, b.Data[r*b.Stride+first:r*b.Stride+first+cols])
		clear(d[cols:])
	}
}

// packTransposed writes element (j, r) of b to dst[r*w+j], zero for j from
// b.Rows to w-1.
func packTransposed[T Float](dst []T, w int, b Matrix[T]) {
	if b.Rows < w {
		clear(dst)
	}
	use[T]().transpose(dst, w, b)
}

// Transpose copies rows first to last-1 of src into those columns of dst,
// which has a row for each column of src.
// It panics when the shapes do not fit.
func Transpose[T Float](dst, src Matrix[T], first, last int) {
	if dst.Rows != src.Cols || last > src.Rows || last > dst.Cols {
		panic(fmt.Sprintf("linalg: Transpose: rows %d to %d of %d×%d into %d×%d", first, last, src.Rows, src.Cols, dst.Rows, dst.Cols))
	}
	if first < last {
		use[T]().transpose(dst.Data[first:], dst.Stride, src.Slice(first, last))
	}
}

// MulPacked computes c = a·P, serially. c is m×n, a is m×k; they must not
// overlap. It panics when the shapes do not fit.
func MulPacked[T Float](c, a Matrix[T], p *Packed[T]) {
	if a.Cols != p.k || c.Cols != p.n || c.Rows != a.Rows {
		panic(fmt.Sprintf("linalg: MulPacked: %d×%d · %d×%d into %d×%d", a.Rows, a.Cols, p.k, p.n, c.Rows, c.Cols))
	}
	multiply(c, a, false, p.data, false)
}

// multiply hands a product to the backend unless it is empty.
func multiply[T Float](c, a Matrix[T], transA bool, packed []T, add bool) {
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	if a.Rows == 0 || a.Cols == 0 {
		if !add {
			c.Zero()
		}
		return
	}
	use[T]().mul(c, a, transA, packed, add)
}

// MulTrans computes c = aᵀ·b, or c += aᵀ·b when add is set, serially, without
// packing. a is k×m, b is k×n, c is m×n and overlaps neither. It panics when
// the shapes do not fit.
func MulTrans[T Float](c, a, b Matrix[T], add bool) {
	if a.Rows != b.Rows || c.Rows != a.Cols || c.Cols != b.Cols {
		panic(fmt.Sprintf("linalg: MulTrans: (%d×%d)ᵀ · %d×%d into %d×%d", a.Rows, a.Cols, b.Rows, b.Cols, c.Rows, c.Cols))
	}
	switch {
	case c.Rows == 0 || c.Cols == 0:
	case a.Rows == 0:
		if !add {
			c.Zero()
		}
	default:
		use[T]().mulTrans(c, a, b, add)
	}
}

// AddSquare computes c += aᵀ·a on and above the diagonal, serially; what it
// leaves below the diagonal is of no use. a is k×n, c is n×n and does not
// overlap a. It panics when the shapes do not fit.
func AddSquare[T Float](c, a Matrix[T]) {
	if c.Rows != a.Cols || c.Cols != a.Cols {
		panic(fmt.Sprintf("linalg: AddSquare: (%d×%d)ᵀ of itself into %d×%d", a.Rows, a.Cols, c.Rows, c.Cols))
	}
	if a.Rows > 0 && a.Cols > 0 {
		use[T]().square(c, a)
	}
}

// PackColumns copies columns first to last-1 of op(b), where first and last
// lie on the edges of panels or last is n.
func (p *Packed[T]) PackColumns(first, last int, b Matrix[T], trans bool) {
	w := p.width()
	for i := first / w; i*w < last; i++ {
		p.PackPanel(i, b, trans)
	}
}

// PackRows copies rows first to last-1 of op(b) into all panels. The columns beyond n are
// left as they are, which a product does not mind.
func (p *Packed[T]) PackRows(first, last int, b Matrix[T], trans bool) {
	w := p.width()
	for i := range p.Panels() {
		cols := min(w, p.n-i*w)
		dst := p.data[(i*p.k+first)*w : (i*p.k+last)*w]
		if trans {
			use[T]().transpose(dst, w, b.Slice(i*w, i*w+cols).Columns(first, last))
			continue
		}
		for r := range last - first {
			copy(dst[r*w:r*w+cols], b.Row(first + r)[i*w:])
		}
	}
}

// MulPackedColumns computes c = a·P for the columns of P from first on, which
// must be the first of a panel; c has as many columns as are wanted.
func MulPackedColumns[T Float](c, a Matrix[T], p *Packed[T], first int) {
	if a.Cols != p.k || first+c.Cols > p.n || c.Rows != a.Rows || first%p.width() != 0 {
		panic(fmt.Sprintf("linalg: MulPackedColumns: %d×%d · %d×%d from column %d into %d×%d",
			a.Rows, a.Cols, p.k, p.n, first, c.Rows, c.Cols))
	}
	multiply(c, a, false, p.data[first*p.k:], false)
}
