package linalg

// generic is the backend in plain Go. It is the fallback of processors
// without kernels of their own and the reference the others are tested
// against. Tiles of 4×4 results stay in registers.
type generic[T Float] struct{}

func (generic[T]) name() string { return "generic" }
func (generic[T]) panel() int   { return genericPanel }

const genericPanel = 4

func (generic[T]) mul(c, a Matrix[T], transA bool, p []T, add bool) {
	k := a.Cols
	rowStep, colStep := a.Stride, 1
	if transA {
		k = a.Rows
		rowStep, colStep = 1, a.Stride
	}
	for j := 0; j < c.Cols; j += genericPanel {
		b := p[j*k:]
		n := min(genericPanel, c.Cols-j)
		for i := 0; i < c.Rows; i += 4 {
			m := min(4, c.Rows-i)
			tile(c.Data[i*c.Stride+j:], c.Stride, a.Data[i*rowStep:], rowStep, colStep, b, genericPanel, m, n, k, add)
		}
	}
}

func (generic[T]) mulTrans(c, a, b Matrix[T], add bool) {
	for j := 0; j < c.Cols; j += 4 {
		n := min(4, c.Cols-j)
		for i := 0; i < c.Rows; i += 4 {
			m := min(4, c.Rows-i)
			tile(c.Data[i*c.Stride+j:], c.Stride, a.Data[i:], 1, a.Stride, b.Data[j:], b.Stride, m, n, a.Rows, add)
		}
	}
}

func (generic[T]) square(c, a Matrix[T]) {
	for j := 0; j < c.Cols; j += 4 {
		n := min(4, c.Cols-j)
		for i := 0; i <= j; i += 4 {
			m := min(4, c.Rows-i)
			tile(c.Data[i*c.Stride+j:], c.Stride, a.Data[i:], 1, a.Stride, a.Data[j:], a.Stride, m, n, a.Rows, true)
		}
	}
}

// tile computes the m×n block of C, m, n ≤ 4: element (i, p) of A is
// a[i*rowStep+p*colStep], element (p, j) of B is b[p*ldb+j].
func tile[T Float](c []T, ldc int, a []T, rowStep, colStep int, b []T, ldb, m, n, k int, add bool) {
	var acc [16]T
	if m == 4 && n == 4 {
		var c00, c01, c02, c03, c10, c11, c12, c13 T
		var c20, c21, c22, c23, c30, c31, c32, c33 T
		ia, ib := 0, 0
		for range k {
			row := b[ib : ib+4 : ib+4]
			b0, b1, b2, b3 := row[0], row[1], row[2], row[3]
			v := a[ia]
			c00 += v * b0
			c01 += v * b1
			c02 += v * b2
			c03 += v * b3
			v = a[ia+rowStep]
			c10 += v * b0
			c11 += v * b1
			c12 += v * b2
			c13 += v * b3
			v = a[ia+2*rowStep]
			c20 += v * b0
			c21 += v * b1
			c22 += v * b2
			c23 += v * b3
			v = a[ia+3*rowStep]
			c30 += v * b0
			c31 += v * b1
			c32 += v * b2
			c33 += v * b3
			ia += colStep
			ib += ldb
		}
		acc = [16]T{c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33}
	} else {
		for p := range k {
			row := b[p*ldb : p*ldb+n]
			for i := range m {
				v := a[i*rowStep+p*colStep]
				for j, w := range row {
					acc[4*i+j] += v * w
				}
			}
		}
	}
	for i := range m {
		row := c[i*ldc : i*ldc+n]
		if add {
			for j := range row {
				row[j] += acc[4*i+j]
			}
		} else {
			copy(row, acc[4*i:])
		}
	}
}

// apply sets every z to f(z).
func apply[T Float](f Function, z []T) {
	switch z := any(z).(type) {
	case []float32:
		apply32(f, z)
	case []float64:
		apply64(f, z)
	}
}

func (generic[T]) activate(f Function, z Matrix[T], bias, sums []T) {
	for i := range z.Rows {
		row := z.Row(i)
		for j, b := range bias {
			row[j] += b
		}
		apply(f, row)
		if sums != nil {
			for j, v := range row {
				sums[j] += v
			}
		}
	}
}

func (generic[T]) outputDelta(f Function, z, x Matrix[T], bias, sums []T) float64 {
	var a [64]T
	loss := 0.0
	for i := range z.Rows {
		zRow, xRow := z.Row(i), x.Row(i)
		for j := 0; j < len(zRow); j += len(a) {
			d := zRow[j:min(j+len(a), len(zRow))]
			out := a[:len(d)]
			for l, b := range bias[j : j+len(d)] {
				out[l] = d[l] + b
			}
			apply(f, out)
			var square T
			for l, v := range xRow[j : j+len(d)] {
				e := out[l] - v
				square += e * e
				d[l] = e
			}
			loss += float64(square)
			scaleByDerivative(f, d, out)
			if sums != nil {
				for l, v := range d {
					sums[j+l] += v
				}
			}
		}
	}
	return loss
}

func (generic[T]) hiddenDelta(f Function, d, a Matrix[T], s, sums []T) {
	for i := range d.Rows {
		row := d.Row(i)
		for j, v := range s {
			row[j] += v
		}
		scaleByDerivative(f, row, a.Row(i))
		if sums != nil {
			for j, v := range row {
				sums[j] += v
			}
		}
	}
}

// transpose reads eight rows side by side, so that each line of dst is written in
// few pieces.
func (generic[T]) transpose(dst []T, w int, b Matrix[T]) {
	j := 0
	for ; j+8 <= b.Rows; j += 8 {
		r0, r1, r2, r3 := b.Row(j), b.Row(j+1), b.Row(j+2), b.Row(j+3)
		r4, r5, r6, r7 := b.Row(j+4), b.Row(j+5), b.Row(j+6), b.Row(j+7)
		at := j
		for r, v := range r0 {
			d := dst[at : at+8 : at+8]
			d[0], d[1], d[2], d[3] = v, r1[r], r2[r], r3[r]
			d[4], d[5], d[6], d[7] = r4[r], r5[r], r6[r], r7[r]
			at += w
		}
	}
	for ; j < b.Rows; j++ {
		for r, v := range b.Row(j) {
			dst[r*w+j] = v
		}
	}
}

func (generic[T]) nonzero(x []T) uint64 {
	mask := uint64(0)
	for i, v := range x {
		bit := uint64(0)
		if v != 0 {
			bit = 1
		}
		mask |= bit << i
	}
	return mask
}

func (generic[T]) addWide(dst []float64, src []T) {
	src = src[:len(dst)]
	for i, v := range src {
		dst[i] += float64(v)
	}
}

func (generic[T]) skip(c []T, stride, rows, n int, index []int32, values []T, b Matrix[T], add bool) {
	for i := range rows {
		row := c[i*stride : i*stride+n]
		if !add {
			clear(row)
		}
		for e, j := range index {
			v := values[group*e+i]
			if v == 0 {
				continue
			}
			from := b.Data[int(j)*b.Stride:]
			from = from[:len(row)]
			for l, w := range from {
				row[l] += v * w
			}
		}
	}
}

func (generic[T]) squares(x []T) float64 {
	var s [4]float64
	for ; len(x) >= 4; x = x[4:] {
		for i, v := range x[:4] {
			s[i] += float64(v) * float64(v)
		}
	}
	for _, v := range x {
		s[0] += float64(v) * float64(v)
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

func (generic[T]) blend(a, b T, x, y []T) {
	x = x[:len(y)]
	for i, v := range x {
		y[i] = a*y[i] + b*v
	}
}

func (generic[T]) peak(int) int { return 0 }
