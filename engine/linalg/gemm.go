package linalg

import (
	"fmt"
	"sync"
)

// Gemm computes c = alpha·op(a)·op(b) + beta·c, where op(x) is x or, with the
// flag set, its transpose. op(a) is m×k, op(b) is k×n, c is m×n; c must
// not overlap a or b. With beta 0 the old c is not read. The product runs on
// up to Workers goroutines. Gemm panics when the shapes do not fit.
func Gemm[T Float](transA, transB bool, alpha T, a, b Matrix[T], beta T, c Matrix[T]) {
	m, k := a.Rows, a.Cols
	if transA {
		m, k = k, m
	}
	kb, n := b.Rows, b.Cols
	if transB {
		kb, n = n, kb
	}
	if k != kb || c.Rows != m || c.Cols != n {
		panic(fmt.Sprintf("linalg: Gemm: %d×%d · %d×%d into %d×%d", m, k, kb, n, c.Rows, c.Cols))
	}
	if beta != 1 && beta != 0 {
		for i := range c.Rows {
			for j, v := range c.Row(i) {
				c.Row(i)[j] = beta * v
			}
		}
	}
	pool := packedPool[T]()
	p := pool.Get().(*Packed[T])
	defer pool.Put(p)
	p.Reset(b, transB)
	pack := func(i int) {
		p.PackPanel(i, b, transB)
		if alpha != 1 {
			w := p.width() * k
			for j, v := range p.data[i*w : (i+1)*w] {
				p.data[i*w+j] = alpha * v
			}
		}
	}
	block := func(i int) {
		first, last := i*gemmBlock, min((i+1)*gemmBlock, m)
		part := a
		if transA {
			part.Cols = last - first
			part.Data = a.Data[min(first, len(a.Data)):]
		} else {
			part = a.Slice(first, last)
		}
		multiply(c.Slice(first, last), part, transA, p.data, beta != 0)
	}
	blocks := (m + gemmBlock - 1) / gemmBlock
	if m*n*k < gemmSerial { // not worth waking anyone
		for i := range p.Panels() {
			pack(i)
		}
		for i := range blocks {
			block(i)
		}
		return
	}
	Parallel(p.Panels(), pack)
	Parallel(blocks, block)
}

const (
	gemmBlock  = 84      // rows of C a part computes: six tiles of 14 rows
	gemmSerial = 1 << 16 // multiplications below which Gemm stays on one core
)

var (
	packedSingles = sync.Pool{New: func() any { return new(Packed[float32]) }}
	packedDoubles = sync.Pool{New: func() any { return new(Packed[float64]) }}
)

func packedPool[T Float]() *sync.Pool {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return &packedSingles
	}
	return &packedDoubles
}
