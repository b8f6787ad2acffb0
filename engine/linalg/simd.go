//go:build amd64 || arm64

package linalg

import "unsafe"

// strip is a generated kernel: some rows of C, over whole or one partial
// column panel. Steps are in bytes; tail is the number of columns in the last
// vector; add says whether C is added to.
type strip[T Float] func(k, panels int, a *T, aStep int, b *T, bStep, bPanel int, c *T, cStep, tail, add int)

// skip is a generated kernel: up to three rows of C from a list of entries.
type skip[T Float] func(n int, index *int32, values, b *T, bStep int, c *T, cStep, add int)

// fusedKernels are the generated passes of one Function.
type fusedKernels[T Float] struct {
	activate    func(z *T, zStep, rows, cols int, bias, sums *T)
	outputDelta func(z *T, zStep int, x *T, xStep, rows, cols int, bias, sums *T) float64
	hiddenDelta func(d *T, dStep int, a *T, aStep, rows, cols int, s, sums *T)
}

// simd is the backend of one instruction set at one precision.
type simd[T Float] struct {
	generic[T] // for what has no kernel, and for what is left over

	isa   string
	lanes int           // elements in a vector; panels are two vectors wide
	n, t  [][3]strip[T] // by height and width: C = A·P, C = Aᵀ·B
	skips [][]skip[T]   // by rows and vectors
	waste FreeList[[]T] // column sums nobody wants

	fused     []fusedKernels[T] // by Function
	widen     func(dst *float64, src *T, n int)
	squareSum func(x *T, n int) float64
	rounds    func(n int)
	mix       func(a, b T, x, y *T, n int)
	pack      func(dst *T, dstPanel int, src *T, srcStep, rows, panels int)
	turn      func(dst *T, dstStep int, src *T, srcStep, rows, cols int)
	block     int                      // rows and columns that turn takes at a time
	tell      func(x *T, n int) uint64 // nonzero of whole vectors, nil for plain Go
	passes    *optimiserKernels[T]
}

// Widths of a strip kernel, as in internal/gen.
const (
	stripFull   = iota // both vectors of each panel whole
	stripEdge          // the second one cut
	stripNarrow        // one vector only, cut
)

// Blocking. A strip of A, 14 rows of kBytes, stays in the first-level cache
// while the panels of P go by; groupBytes of P stay in the second-level cache
// while the strips go by.
const (
	kBytes     = 392 * 4
	groupBytes = 384 << 10
	packStrips = 4         // of C from which on copying B pays
	transRows  = 84        // rows of A and B that mulTrans takes at a time: a panel of B and a strip of A fit the first-level cache
	transBytes = 320 << 10 // of B that stay in the second-level cache meanwhile
	turnRows   = 64        // of a matrix to transpose, whose lines stay in the first-level cache meanwhile
)

func (s *simd[T]) name() string { return s.isa }
func (s *simd[T]) panel() int   { return 2 * s.lanes }

func (s *simd[T]) mul(c, a Matrix[T], transA bool, p []T, add bool) {
	k, kernels := a.Cols, s.n
	if transA {
		k, kernels = a.Rows, s.t
	}
	size := int(unsafe.Sizeof(p[0]))
	width := s.panel()
	whole, rest := c.Cols/width, c.Cols%width
	pieces := (k*size + kBytes - 1) / kBytes
	depth := (k + pieces - 1) / pieces
	group := max(1, groupBytes/(depth*width*size))
	run := stripRun[T]{
		aStep: a.Stride * size, bStep: width * size, bPanel: k * width * size, cStep: c.Stride * size,
	}
	for p0 := 0; p0 < k; p0 += depth {
		run.k = min(depth, k-p0)
		run.add = 0
		if add || p0 > 0 {
			run.add = 1
		}
		for j := 0; j*width < c.Cols; j += group {
			panels := max(0, min(group, whole-j))
			last := rest
			if (j+group)*width < c.Cols {
				last = 0
			}
			b := p[j*k*width+p0*width:]
			for i, h := 0, 0; i < c.Rows; i += h {
				h = s.height(c.Rows - i)
				at := i*a.Stride + p0
				if transA {
					at = p0*a.Stride + i
				}
				s.strip(&kernels[h], &run, &a.Data[at], b, c.Data[i*c.Stride+j*width:], panels, last)
			}
		}
	}
}

func (s *simd[T]) mulTrans(c, a, b Matrix[T], add bool) {
	var zero T
	size := int(unsafe.Sizeof(zero))
	width := s.panel()
	whole, rest := c.Cols/width, c.Cols%width
	run := stripRun[T]{aStep: a.Stride * size, cStep: c.Stride * size}
	pieces := (a.Rows + transRows - 1) / transRows
	depth := (a.Rows + pieces - 1) / pieces
	group := max(1, transBytes/(depth*width*size))
	pack := c.Rows >= packStrips*s.height(c.Rows)
	var packed []T
	if pack {
		w := s.waste.Get()
		defer s.waste.Put(w)
		if n := min(group, whole+1) * width * depth; len(*w) < n {
			*w = make([]T, n)
		}
		packed = *w
	}
	for j := 0; j*width < c.Cols; j += group { // a group of C stays in the cache
		panels, last := max(0, min(group, whole-j)), rest
		if (j+group)*width < c.Cols {
			last = 0
		}
		for p0 := 0; p0 < a.Rows; p0 += depth {
			run.k = min(depth, a.Rows-p0)
			run.add = 0
			if add || p0 > 0 {
				run.add = 1
			}
			from := b.Data[p0*b.Stride+j*width:]
			run.bStep, run.bPanel = b.Stride*size, width*size
			if pack {
				run.bStep, run.bPanel = width*size, run.k*width*size
				s.gather(packed, from, b.Stride, run.k, panels, last)
				from = packed
			}
			for i, h := 0, 0; i < c.Rows; i += h {
				h = s.height(c.Rows - i)
				s.strip(&s.t[h], &run, &a.Data[p0*a.Stride+i], from, c.Data[i*c.Stride+j*width:], panels, last)
			}
		}
	}
}

// square packs some rows of A, and multiplies each strip of Aᵀ with the panels
// from the one that holds its diagonal on.
func (s *simd[T]) square(c, a Matrix[T]) {
	var zero T
	size := int(unsafe.Sizeof(zero))
	width := s.panel()
	whole, rest := c.Cols/width, c.Cols%width
	pieces := (a.Rows + transRows - 1) / transRows
	depth := (a.Rows + pieces - 1) / pieces
	run := stripRun[T]{aStep: a.Stride * size, bStep: width * size, cStep: c.Stride * size, add: 1}
	w := s.waste.Get()
	defer s.waste.Put(w)
	if n := (whole + 1) * width * depth; len(*w) < n {
		*w = make([]T, n)
	}
	for p0 := 0; p0 < a.Rows; p0 += depth {
		run.k = min(depth, a.Rows-p0)
		run.bPanel = run.k * width * size
		s.gather(*w, a.Data[p0*a.Stride:], a.Stride, run.k, whole, rest)
		for i, h := 0, 0; i < c.Rows; i += h {
			h = s.height(c.Rows - i)
			first := i / width
			s.strip(&s.t[h], &run, &a.Data[p0*a.Stride+i], (*w)[first*width*run.k:], c.Data[i*c.Stride+first*width:], whole-first, rest)
		}
	}
}

// gather copies k rows of whole panels and rest more columns to dst, panel by
// panel.
func (s *simd[T]) gather(dst, src []T, stride, k, whole, rest int) {
	var zero T
	size := int(unsafe.Sizeof(zero))
	width := s.panel()
	if whole > 0 {
		s.pack(&dst[0], k*width*size, &src[0], stride*size, k, whole)
	}
	if rest > 0 {
		dst, src = dst[whole*k*width:], src[whole*width:]
		for r := range k {
			copy(dst[r*width:r*width+rest], src[r*stride:])
		}
	}
}

// stripRun is what stays the same from strip to strip.
type stripRun[T Float] struct {
	k                           int
	aStep, bStep, bPanel, cStep int // bytes
	add                         int
}

// strip computes whole panels of a strip and then rest more columns.
func (s *simd[T]) strip(kernels *[3]strip[T], r *stripRun[T], a *T, b, c []T, whole, rest int) {
	if whole > 0 {
		kernels[stripFull](r.k, whole, a, r.aStep, &b[0], r.bStep, r.bPanel, &c[0], r.cStep, s.lanes, r.add)
	}
	if rest == 0 {
		return
	}
	var zero T
	at, from := whole*s.panel(), whole*r.bPanel/int(unsafe.Sizeof(zero))
	if rest > s.lanes {
		kernels[stripEdge](r.k, 1, a, r.aStep, &b[from], r.bStep, r.bPanel, &c[at], r.cStep, rest-s.lanes, r.add)
	} else {
		kernels[stripNarrow](r.k, 1, a, r.aStep, &b[from], r.bStep, r.bPanel, &c[at], r.cStep, rest, r.add)
	}
}

// height returns the height of the next strip when rows are left: as even as
// can be, for a last strip of one row costs as much as a full one.
func (s *simd[T]) height(rows int) int {
	most := len(s.n) - 1
	strips := (rows + most - 1) / most
	return (rows + strips - 1) / strips
}

// sums returns a place for column sums when the caller wants none, and what
// to give back.
func (s *simd[T]) sums(sums []T, n int) ([]T, *[]T) {
	if sums != nil {
		return sums, nil
	}
	w := s.waste.Get()
	if len(*w) < n {
		*w = make([]T, n)
	}
	return *w, w
}

func (s *simd[T]) done(w *[]T) {
	if w != nil {
		clear(*w) // numbers must not grow until they overflow
		s.waste.Put(w)
	}
}

func (s *simd[T]) activate(f Function, z Matrix[T], bias, sums []T) {
	sums, w := s.sums(sums, z.Cols)
	size := int(unsafe.Sizeof(bias[0]))
	s.fused[f].activate(&z.Data[0], z.Stride*size, z.Rows, z.Cols, &bias[0], &sums[0])
	s.done(w)
}

func (s *simd[T]) outputDelta(f Function, z, x Matrix[T], bias, sums []T) float64 {
	sums, w := s.sums(sums, z.Cols)
	size := int(unsafe.Sizeof(bias[0]))
	loss := s.fused[f].outputDelta(&z.Data[0], z.Stride*size, &x.Data[0], x.Stride*size, z.Rows, z.Cols, &bias[0], &sums[0])
	s.done(w)
	return loss
}

func (s *simd[T]) hiddenDelta(f Function, d, a Matrix[T], slope, sums []T) {
	sums, w := s.sums(sums, d.Cols)
	size := int(unsafe.Sizeof(slope[0]))
	s.fused[f].hiddenDelta(&d.Data[0], d.Stride*size, &a.Data[0], a.Stride*size, d.Rows, d.Cols, &slope[0], &sums[0])
	s.done(w)
}

func (s *simd[T]) addWide(dst []float64, src []T) {
	n := len(dst) &^ 7 // whole vectors of float64 on either instruction set
	if n > 0 {
		s.widen(&dst[0], &src[0], n)
	}
	s.generic.addWide(dst[n:], src[n:])
}

func (s *simd[T]) skip(c []T, stride, rows, n int, index []int32, values []T, b Matrix[T], add bool) {
	if len(index) == 0 {
		s.generic.skip(c, stride, rows, n, index, values, b, add)
		return
	}
	size := int(unsafe.Sizeof(c[0]))
	kernels := s.skips[rows]
	most := len(kernels) - 1
	adding := 0
	if add {
		adding = 1
	}
	if v := n / s.lanes; v <= most {
		kernels[v](len(index), &index[0], &values[0], &b.Data[0], b.Stride*size, &c[0], stride*size, adding)
		return
	}
	for at, left := 0, n/s.lanes; left > 0; {
		pieces := (left + most - 1) / most
		v := (left + pieces - 1) / pieces
		kernels[v](len(index), &index[0], &values[0], &b.Data[at], b.Stride*size, &c[at], stride*size, adding)
		at += v * s.lanes
		left -= v
	}
}

// transpose leaves the last rows and columns, which fill no square, to plain Go.
func (s *simd[T]) transpose(dst []T, w int, b Matrix[T]) {
	rows, cols := b.Rows&^(s.block-1), b.Cols&^(s.block-1)
	if rows == 0 || cols == 0 {
		s.generic.transpose(dst, w, b)
		return
	}
	size := int(unsafe.Sizeof(dst[0]))
	for j := 0; j < rows; j += turnRows {
		s.turn(&dst[j], w*size, &b.Data[j*b.Stride], b.Stride*size, min(turnRows, rows-j), cols)
	}
	if cols < b.Cols {
		s.generic.transpose(dst[cols*w:], w, b.Slice(0, rows).Columns(cols, b.Cols))
	}
	if rows < b.Rows {
		s.generic.transpose(dst[rows:], w, b.Slice(rows, b.Rows))
	}
}

func (s *simd[T]) nonzero(x []T) uint64 {
	n := len(x) &^ (s.lanes - 1)
	if n == 0 || s.tell == nil {
		return s.generic.nonzero(x)
	}
	mask := s.tell(&x[0], n)
	if n < len(x) {
		mask |= s.generic.nonzero(x[n:]) << n
	}
	return mask
}

func (s *simd[T]) squares(x []T) float64 {
	n := len(x) &^ 15
	if n == 0 {
		return s.generic.squares(x)
	}
	return s.squareSum(&x[0], n) + s.generic.squares(x[n:])
}

func (s *simd[T]) blend(a, b T, x, y []T) {
	n := len(y) &^ 15
	if n > 0 {
		s.mix(a, b, &x[0], &y[0], n)
	}
	s.generic.blend(a, b, x[n:], y[n:])
}

func (s *simd[T]) peak(n int) int {
	s.rounds(n)
	return n * 12 * s.lanes * 2
}
