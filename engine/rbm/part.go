package rbm

import "filterscope/engine/linalg"

// parts is the number of parts that n units are cut into, each of up to size vectors: even, so that two
// cores have the same to do, or 1.
func parts(n, size int) int {
	vectors := pieces(n, unitVector)
	if even := (pieces(vectors, size) + 1) &^ 1; even <= vectors {
		return even
	}
	return 1
}

// part returns the units of part i of count; each begins with a whole vector.
func part(i, count, n int) (first, last int) {
	vectors := pieces(n, unitVector)
	return min(i*vectors/count*unitVector, n), min((i+1)*vectors/count*unitVector, n)
}

func pieces(n, size int) int { return (n + size - 1) / size }

// span returns what part i of a stage over n units works on.
func span(i, n, size int) (first, last int) {
	return i * size, min((i+1)*size, n)
}

// grow returns s with length n, in its own memory if there is enough of it.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// padded returns a rows×cols matrix with rows padded as by linalg.NewPadded, in the memory of m if there is
// enough of it. Where cols is the same each time, padding stays what it was.
func padded[T linalg.Float](m linalg.Matrix[T], rows, cols int) linalg.Matrix[T] {
	stride := linalg.Pad(cols)
	return linalg.Matrix[T]{Rows: rows, Cols: cols, Stride: stride, Data: grow(m.Data, rows*stride)}
}

// window returns n columns of m from first on, and what is to the right of them as their padding.
func window[T linalg.Float](m linalg.Matrix[T], first, n int) linalg.Matrix[T] {
	if m.Rows > 0 {
		m.Data = m.Data[first:]
	}
	m.Cols = n
	return m
}
