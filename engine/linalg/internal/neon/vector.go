package main

// vectors writes what works on whole vectors: sums of gradient accumulators,
// and in float64 the dot product and axpy of L-BFGS. The caller does what
// is left over in Go.
func (t *target) vectors() {
	t.addWide()
	t.panels()
	t.transpose()
	t.squares()
	t.blend()
	t.peak()
	if t.size == 8 {
		t.dot()
		t.axpy()
	}
}

// addWide writes dst += src with dst in float64; n is a multiple of 4.
func (t *target) addWide() {
	t.function(t.name("addWide"), "dst *float64", "src *T", "n int")
	const dst, src, n gp = 0, 1, 2
	loop := t.label()
	t.load("dst", dst)
	t.load("src", src)
	t.load("n", n)
	t.mark(loop)
	if t.size == 4 {
		t.get(2, src, 0)
		t.widen(0, 2, false)
		t.widen(1, 2, true)
	} else {
		t.getTwo(0, src, 0)
	}
	t.getTwo(2, dst, 0)
	t.addDoubles(0, 0, 2)
	t.addDoubles(1, 1, 3)
	t.putTwo(0, dst, 0)
	t.ins("ADD $%d, R%d", 4*t.size, src)
	t.ins("ADD $%d, R%d", 2*vectorBytes, dst)
	t.count(n, 4, loop)
	t.ins("RET")
}

// panels writes the copy of rows of a matrix into panels two vectors wide:
// row r of panel p goes to dst + p·dstPanel + r·2 vectors. Only whole panels
// are copied.
func (t *target) panels() {
	t.function(t.name("pack"), "dst *T", "dstPanel int", "src *T", "srcStep int", "rows int", "panels int")
	const dst, panelStep, src, step, rows, panels, from, to, n gp = 0, 1, 2, 3, 4, 5, 6, 7, 8
	for i, name := range []string{"dst", "dstPanel", "src", "srcStep", "rows", "panels"} {
		t.load(name, gp(i))
	}
	row, panel := t.label(), t.label()
	t.mark(row)
	t.ins("MOVD R%d, R%d", src, from)
	t.ins("MOVD R%d, R%d", dst, to)
	t.ins("MOVD R%d, R%d", panels, n)
	t.mark(panel)
	t.getTwo(0, from, 0)
	t.putTwo(0, to, 0)
	t.ins("ADD $%d, R%d", 2*vectorBytes, from)
	t.ins("ADD R%d, R%d", panelStep, to)
	t.count(n, 1, panel)
	t.ins("ADD R%d, R%d", step, src)
	t.ins("ADD $%d, R%d", 2*vectorBytes, dst)
	t.count(rows, 1, row)
	t.ins("RET")
}

// reduce adds vectors of float64, 0 to n-1 where n is a power of two, and
// leaves their sum as a number in register 0.
func (t *target) reduce(n int) {
	for n /= 2; n > 0; n /= 2 {
		for i := range n {
			t.addDoubles(vec(i), vec(i), vec(i+n))
		}
	}
	t.sumDoubles(0, 0)
	t.ins("FMOVD F0, ret+%d(FP)", t.args["ret"].offset)
	t.ins("RET")
}

// squares writes Σx² in float64; n is a multiple of 16.
func (t *target) squares() {
	t.function(t.name("squares"), "x *T", "n int", "ret float64")
	const x, n gp = 0, 1
	double := &target{writer: t.writer, size: 8}
	loop := t.label()
	t.load("x", x)
	t.load("n", n)
	for i := range 8 {
		t.zero(vec(i))
	}
	t.mark(loop)
	for i := range 8 { // two elements each
		w := vec(16 + i)
		switch {
		case t.size == 8:
			t.get(w, x, i*vectorBytes)
		case i%2 == 0:
			t.get(24, x, i/2*vectorBytes)
			t.widen(w, 24, false)
		default:
			t.widen(w, 24, true)
		}
		double.fma(vec(i), w, w)
	}
	t.ins("ADD $%d, R%d", 16*t.size, x)
	t.count(n, 16, loop)
	t.reduce(8)
}

// broadcast copies a number among the arguments to all of a vector.
func (t *target) broadcast(name string, d vec) {
	a := t.arrangement()
	t.ins("%s %s+%d(FP), F%d", t.scalar(1), name, t.args[name].offset, d)
	t.ins("VDUP V%d.%c[0], V%d.%s", d, a[0], d, a)
}

// blend writes y = ay + bx; n is a multiple of 16.
func (t *target) blend() {
	t.function(t.name("blend"), "a T", "b T", "x *T", "y *T", "n int")
	const (
		x, y, n gp  = 0, 1, 2
		a, b    vec = 30, 31
	)
	loop := t.label()
	t.broadcast("a", a)
	t.broadcast("b", b)
	t.load("x", x)
	t.load("y", y)
	t.load("n", n)
	t.mark(loop)
	vectors := 16 / t.lanes()
	for i := range vectors {
		v, w := vec(i), vec(8+i)
		t.get(v, x, i*vectorBytes)
		t.get(w, y, i*vectorBytes)
		t.mul(v, v, b)
		t.fma(v, w, a)
		t.put(v, y, i*vectorBytes)
	}
	t.ins("ADD $%d, R%d", 16*t.size, x)
	t.ins("ADD $%d, R%d", 16*t.size, y)
	t.count(n, 16, loop)
	t.ins("RET")
}

// peak writes n rounds of twelve independent multiply-adds, two rounds at a
// time: enough to keep four units of latency 4 busy. It is the yardstick of
// benchmarks.
func (t *target) peak() {
	t.function(t.name("peak"), "n int")
	const n, pairs gp = 0, 1
	loop, odd, done := t.label(), t.label(), t.label()
	t.load("n", n)
	for i := range 25 {
		t.zero(vec(i))
	}
	t.ins("LSR $1, R%d, R%d", n, pairs)
	t.ins("CBZ R%d, %s", pairs, odd)
	t.mark(loop)
	for i := range 24 {
		t.fma(vec(i), 24, 24)
	}
	t.count(pairs, 1, loop)
	t.mark(odd)
	t.ins("TBZ $0, R%d, %s", n, done)
	for i := range 12 {
		t.fma(vec(i), 24, 24)
	}
	t.mark(done)
	t.ins("RET")
}

// dot writes Σxy in eight vectors of partial sums; n is a multiple of 16.
func (t *target) dot() {
	t.function(t.name("dot"), "x *T", "y *T", "n int", "ret float64")
	const x, y, n gp = 0, 1, 2
	loop := t.label()
	t.load("x", x)
	t.load("y", y)
	t.load("n", n)
	for i := range 8 {
		t.zero(vec(i))
	}
	t.mark(loop)
	for i := 0; i < 8; i += 2 {
		t.getTwo(vec(8+i), x, i*vectorBytes)
		t.getTwo(vec(16+i), y, i*vectorBytes)
		t.fma(vec(i), vec(8+i), vec(16+i))
		t.fma(vec(i+1), vec(9+i), vec(17+i))
	}
	t.ins("ADD $%d, R%d", 8*vectorBytes, x)
	t.ins("ADD $%d, R%d", 8*vectorBytes, y)
	t.count(n, 16, loop)
	t.reduce(8)
}

// axpy writes y += ax; n is a multiple of 8.
func (t *target) axpy() {
	t.function(t.name("axpy"), "a T", "x *T", "y *T", "n int")
	const (
		x, y, n gp  = 0, 1, 2
		a       vec = 31
	)
	loop := t.label()
	t.broadcast("a", a)
	t.load("x", x)
	t.load("y", y)
	t.load("n", n)
	t.mark(loop)
	for i := 0; i < 4; i += 2 {
		v, w := vec(2*i), vec(2*i+2)
		t.getTwo(v, x, i*vectorBytes)
		t.getTwo(w, y, i*vectorBytes)
		t.fma(w, v, a)
		t.fma(w+1, v+1, a)
		t.putTwo(w, y, i*vectorBytes)
	}
	t.ins("ADD $%d, R%d", 4*vectorBytes, x)
	t.ins("ADD $%d, R%d", 4*vectorBytes, y)
	t.count(n, 8, loop)
	t.ins("RET")
}

// transpose writes square blocks of n rows, a vector each, as the columns of blocks of dst:
// element (j, r) of src goes to (r, j) of dst. rows and cols are multiples of n.
func (t *target) transpose() {
	t.function(t.name("transpose"), "dst *T", "dstStep int", "src *T", "srcStep int", "rows int", "cols int")
	const dst, dstStep, src, srcStep, rows, cols, from, to, at, left gp = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
	for i, name := range []string{"dst", "dstStep", "src", "srcStep", "rows", "cols"} {
		t.load(name, gp(i))
	}
	n := t.lanes()
	a := t.arrangement()
	zip := func(half, d, x, y int) { t.ins("VZIP%d V%d.%s, V%d.%s, V%d.%s", half, y, a, x, a, d, a) }
	column, block := t.label(), t.label()
	t.mark(column)
	t.ins("MOVD R%d, R%d", src, from)
	t.ins("MOVD R%d, R%d", dst, to)
	t.ins("MOVD R%d, R%d", rows, left)
	t.mark(block)
	for i := range n {
		t.get(vec(i), from, 0)
		t.ins("ADD R%d, R%d", srcStep, from)
	}
	first := 8 // register of the first column
	if n == 2 {
		zip(1, 8, 0, 1)
		zip(2, 9, 0, 1)
	} else {
		for i := range 2 {
			zip(1, 4+2*i, i, i+2)
			zip(2, 5+2*i, i, i+2)
		}
		for i := range 2 {
			zip(1, 8+2*i, 4+i, 6+i)
			zip(2, 9+2*i, 4+i, 6+i)
		}
	}
	t.ins("MOVD R%d, R%d", to, at)
	for i := range n {
		t.put(vec(first+i), at, 0)
		t.ins("ADD R%d, R%d", dstStep, at)
	}
	t.ins("ADD $%d, R%d", vectorBytes, to)
	t.count(left, n, block)
	t.ins("ADD $%d, R%d", vectorBytes, src)
	t.ins("ADD R%d<<%d, R%d, R%d", dstStep, n/2, dst, dst)
	t.count(cols, n, column)
	t.ins("RET")
}
