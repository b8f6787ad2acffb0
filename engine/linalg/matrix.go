package linalg

import "fmt"

// Float is the element type of a matrix: training runs in float32 by default,
// gradient checks and parity tests in float64.
type Float interface{ float32 | float64 }

// Matrix is a row-major view of Rows×Cols numbers: element (i, j) is
// Data[i*Stride+j]. It is a small value that shares its Data with every copy
// and every view made from it; whoever made the slice owns it.
type Matrix[T Float] struct {
	Rows, Cols int
	Stride     int // distance between the starts of two rows, at least Cols
	Data       []T
}

// NewMatrix returns a zeroed rows×cols matrix with Stride == cols.
func NewMatrix[T Float](rows, cols int) Matrix[T] {
	return MatrixOf(rows, cols, make([]T, rows*cols))
}

// MatrixOf wraps data, row by row, as a rows×cols matrix without copying.
// It panics when data is shorter than rows*cols.
func MatrixOf[T Float](rows, cols int, data []T) Matrix[T] {
	if rows < 0 || cols < 0 || len(data) < rows*cols {
		panic(fmt.Sprintf("linalg: MatrixOf: %d×%d from %d elements", rows, cols, len(data)))
	}
	return Matrix[T]{Rows: rows, Cols: cols, Stride: cols, Data: data[:rows*cols]}
}

// At returns element (i, j).
func (m Matrix[T]) At(i, j int) T { return m.Data[i*m.Stride+j] }

// Set stores v as element (i, j).
func (m Matrix[T]) Set(i, j int, v T) { m.Data[i*m.Stride+j] = v }

// Row returns row i as a slice of the matrix's own memory, length Cols.
func (m Matrix[T]) Row(i int) []T {
	return m.Data[i*m.Stride : i*m.Stride+m.Cols : i*m.Stride+m.Cols]
}

// Slice returns the view of rows first to last-1, with what padding there is
// behind the last one.
// It panics when the range does not lie in the matrix.
func (m Matrix[T]) Slice(first, last int) Matrix[T] {
	if first < 0 || last < first || last > m.Rows {
		panic(fmt.Sprintf("linalg: Slice: rows %d to %d of %d", first, last, m.Rows))
	}
	v := Matrix[T]{Rows: last - first, Cols: m.Cols, Stride: m.Stride}
	if v.Rows > 0 {
		v.Data = m.Data[first*m.Stride : min(last*m.Stride, len(m.Data))]
	}
	return v
}

// Clone returns a deep copy with Stride == Cols.
func (m Matrix[T]) Clone() Matrix[T] {
	c := NewMatrix[T](m.Rows, m.Cols)
	for i := range m.Rows {
		copy(c.Row(i), m.Row(i))
	}
	return c
}

// Convert copies src into dst, converting each element.
// It panics when the shapes differ.
func Convert[D, S Float](dst Matrix[D], src Matrix[S]) {
	if dst.Rows != src.Rows || dst.Cols != src.Cols {
		panic(fmt.Sprintf("linalg: Convert: %d×%d into %d×%d", src.Rows, src.Cols, dst.Rows, dst.Cols))
	}
	for i := range src.Rows {
		ConvertVector(dst.Row(i), src.Row(i))
	}
}

// ConvertVector copies src into dst, converting each element.
// It panics when dst is shorter.
func ConvertVector[D, S Float](dst []D, src []S) {
	for i, v := range src {
		dst[i] = D(v)
	}
}

// Converted returns a copy of v in another precision.
func Converted[D, S Float](v []S) []D {
	c := make([]D, len(v))
	ConvertVector(c, v)
	return c
}

// Zero sets every element to 0.
func (m Matrix[T]) Zero() {
	for i := range m.Rows {
		clear(m.Row(i))
	}
}

// Columns returns the view of columns first to last-1.
// It panics when the range does not lie in the matrix.
func (m Matrix[T]) Columns(first, last int) Matrix[T] {
	if first < 0 || last < first || last > m.Cols {
		panic(fmt.Sprintf("linalg: Columns: columns %d to %d of %d", first, last, m.Cols))
	}
	v := Matrix[T]{Rows: m.Rows, Cols: last - first, Stride: m.Stride}
	if v.Rows > 0 {
		v.Data = m.Data[first : (m.Rows-1)*m.Stride+last]
	}
	return v
}
