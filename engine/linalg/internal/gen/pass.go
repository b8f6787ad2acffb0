package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// passes writes the fused passes of every function, and the table of them.
func (t *target) passes(table io.Writer) {
	isa := t.name("")[2:]
	fmt.Fprintf(table, "\n// fused%d%s is indexed by function.\n", 8*t.size, isa)
	fmt.Fprintf(table, "var fused%d%s = [...]fusedKernels[%s]{\n", 8*t.size, isa, t.elem())
	for _, f := range functions {
		fmt.Fprintf(table, "{%s, %s, %s},\n", t.activate(f), t.outputDelta(f), t.hiddenDelta(f))
	}
	fmt.Fprintln(table, "}")
}

// rowLoop walks over the rows of up to two matrices in step, and over the
// vectors of a row; body is told the byte offset of its vector in the row,
// and whether it is the tail of the row that the mask cuts.
type rowLoop struct {
	*target
	at      []reg.GPVirtual // present rows of the matrices
	step    []reg.GPVirtual // bytes between their rows
	tailSum reg.VecVirtual  // sums of the columns in the tail
}

// begin starts a pass whose parameters name matrices m and their steps mStep,
// and have rows and cols.
func (t *target) begin(matrices ...string) (l *rowLoop, whole, tail, rows reg.GPVirtual) {
	l = &rowLoop{target: t, tailSum: t.vec()}
	t.zero(l.tailSum)
	for _, m := range matrices {
		at, step := t.GP64(), t.GP64()
		t.Load(t.Param(m), at)
		t.Load(t.Param(m+"Step"), step)
		l.at, l.step = append(l.at, at), append(l.step, step)
	}
	rows, whole, tail = t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("rows"), rows)
	t.Load(t.Param("cols"), whole)
	t.MOVQ(whole, tail)
	t.ANDQ(operand.I32(t.lanes()-1), tail)
	t.SUBQ(tail, whole)
	t.SHLQ(operand.U8(map[int]int{4: 2, 8: 3}[t.size]), whole) // bytes in whole vectors
	mask := t.GP64()
	t.MOVQ(tail, mask)
	t.loadMask(mask)
	return l, whole, tail, rows
}

// each writes the loops; together vectors share a round as long as so many are
// left in the row.
func (l *rowLoop) each(together int, whole, tail, rows reg.GPVirtual, body func(at place, cut bool), rowEnd func()) {
	offset, groups := l.GP64(), l.GP64()
	l.MOVQ(whole, groups)
	l.ANDQ(operand.I32(-together*l.bytes()), groups)
	l.Label("row")
	l.XORQ(offset, offset)
	if together > 1 {
		l.CMPQ(offset, groups)
		l.JGE(operand.LabelRef("singles"))
		l.Label("group")
		l.interleave(together, func(i int) { body(place{offset, i * l.bytes()}, false) })
		l.ADDQ(operand.I32(together*l.bytes()), offset)
		l.CMPQ(offset, groups)
		l.JLT(operand.LabelRef("group"))
		l.Label("singles")
	}
	l.CMPQ(offset, whole)
	l.JGE(operand.LabelRef("tail"))
	l.Label("vector")
	body(place{offset, 0}, false)
	l.ADDQ(operand.I32(l.bytes()), offset)
	l.CMPQ(offset, whole)
	l.JLT(operand.LabelRef("vector"))
	l.Label("tail")
	l.TESTQ(tail, tail)
	l.JZ(operand.LabelRef("end"))
	body(place{offset, 0}, true)
	l.Label("end")
	rowEnd()
	for i := range l.at {
		l.ADDQ(l.step[i], l.at[i])
	}
	l.DECQ(rows)
	l.JNZ(operand.LabelRef("row"))
}

// interleave calls write n times and then orders what it wrote like the teeth of a zip: the
// first instruction of each call, the second of each, and so on. An
// exponential is a long chain of instructions that wait for each other, and the
// processor looks ahead over no more than two or three of them in a row.
func (t *target) interleave(n int, write func(i int)) {
	file, err := t.Result()
	if err != nil {
		panic(err)
	}
	f := file.Sections[len(file.Sections)-1].(*ir.Function)
	start := len(f.Nodes)
	for i := range n {
		write(i)
	}
	written := slices.Clone(f.Nodes[start:])
	f.Nodes = f.Nodes[:start]
	for k := range len(written) / n {
		for i := range n {
			f.Nodes = append(f.Nodes, written[i*len(written)/n+k])
		}
	}
}

// place is where a vector lies in its row.
type place struct {
	offset reg.GPVirtual
	bytes  int // beyond it
}

func (p place) in(row reg.GPVirtual) operand.Mem {
	return operand.Mem{Base: row, Index: p.offset, Scale: 1, Disp: p.bytes}
}

func (t *target) get(m operand.Mem, v reg.VecVirtual, cut bool) {
	if cut {
		t.loadTail(m, v)
	} else {
		t.load(m, v)
	}
}

func (t *target) put(v reg.VecVirtual, m operand.Mem, cut bool) {
	if cut {
		t.storeTail(v, m)
	} else {
		t.store(v, m)
	}
}

// addTo adds v to the column sums at m. Those of the tail stay in a register
// until flush: a load that follows a masked store has to wait for it.
func (l *rowLoop) addTo(v reg.VecVirtual, m operand.Mem, cut bool) {
	if cut {
		l.add(v, l.tailSum, l.tailSum)
		return
	}
	sum := l.vec()
	l.load(m, sum)
	l.add(v, sum, sum)
	l.store(sum, m)
}

// flush adds the sums of the tail to those in memory, which begin whole bytes
// further on.
func (l *rowLoop) flush(sums, whole, tail reg.GPVirtual) {
	l.TESTQ(tail, tail)
	l.JZ(operand.LabelRef("flushed"))
	old := l.vec()
	l.loadTail(place{whole, 0}.in(sums), old)
	l.add(old, l.tailSum, l.tailSum)
	l.storeTail(l.tailSum, place{whole, 0}.in(sums))
	l.Label("flushed")
}

// activate writes z = f(z + bias), sums += z, and returns its name.
func (t *target) activate(f function) string {
	name := t.name("activate" + f.name + "F")
	t.Function(name)
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(z *%[1]s, zStep, rows, cols int, bias, sums *%[1]s)", t.elem()))
	l, whole, tail, rows := t.begin("z")
	bias, sums := t.GP64(), t.GP64()
	t.Load(t.Param("bias"), bias)
	t.Load(t.Param("sums"), sums)
	t.prepare(f)
	l.each(f.together(t), whole, tail, rows, func(at place, cut bool) {
		z, b := t.vec(), t.vec()
		t.get(at.in(l.at[0]), z, cut)
		t.get(at.in(bias), b, cut)
		t.add(b, z, z)
		f.value(t, z)
		t.put(z, at.in(l.at[0]), cut)
		l.addTo(z, at.in(sums), cut)
	}, func() {})
	l.flush(sums, whole, tail)
	t.VZEROUPPER()
	t.RET()
	return name
}

// outputDelta writes e = f(z + bias) - x, z = e·f', sums += z, and returns
// Σe². The squares of a row are added in the lanes of a vector, those of the
// rows in float64.
func (t *target) outputDelta(f function) string {
	name := t.name("output" + f.name + "F")
	t.Function(name)
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(z *%[1]s, zStep int, x *%[1]s, xStep, rows, cols int, bias, sums *%[1]s) float64", t.elem()))
	l, whole, tail, rows := t.begin("z", "x")
	bias, sums := t.GP64(), t.GP64()
	t.Load(t.Param("bias"), bias)
	t.Load(t.Param("sums"), sums)
	t.prepare(f)
	squares, total := t.vec(), t.vec()
	t.zero(squares)
	t.zero(total)
	l.each(f.together(t), whole, tail, rows, func(at place, cut bool) {
		a, x, e := t.vec(), t.vec(), t.vec()
		t.get(at.in(l.at[0]), a, cut)
		t.get(at.in(bias), x, cut)
		t.add(x, a, a)
		f.value(t, a)
		t.get(at.in(l.at[1]), x, cut)
		t.sub(x, a, e)
		if cut { // f(0) need not be 0
			t.clearTail(e)
		}
		t.fma(e, e, squares)
		f.slope(t, e, a)
		t.put(e, at.in(l.at[0]), cut)
		l.addTo(e, at.in(sums), cut)
	}, func() {
		t.accumulate(squares, total)
		t.zero(squares)
	})
	l.flush(sums, whole, tail)
	x := t.reduce(total)
	t.Store(x, t.ReturnIndex(0))
	t.VZEROUPPER()
	t.RET()
	return name
}

// accumulate adds the lanes of squares to the float64 lanes of total.
func (t *target) accumulate(squares, total reg.VecVirtual) {
	if t.size == 8 {
		t.add(squares, total, total)
		return
	}
	part := t.vec()
	if t.wide() {
		t.VCVTPS2PD(squares.AsY(), part)
		t.VADDPD(part, total, total)
		half := t.YMM()
		t.VEXTRACTF64X4(operand.Imm(1), squares, half)
		t.VCVTPS2PD(half, part)
	} else {
		t.VCVTPS2PD(squares.AsX(), part)
		t.VADDPD(part, total, total)
		half := t.XMM()
		t.VEXTRACTF128(operand.Imm(1), squares, half)
		t.VCVTPS2PD(half, part)
	}
	t.VADDPD(part, total, total)
}

// reduce returns the sum of the float64 lanes of v.
func (t *target) reduce(v reg.VecVirtual) reg.Register {
	y := v
	if t.wide() {
		y = t.YMM()
		t.VEXTRACTF64X4(operand.Imm(1), v, y)
		t.VADDPD(v.AsY(), y, y)
	}
	x := t.XMM()
	t.VEXTRACTF128(operand.Imm(1), y, x)
	t.VADDPD(y.AsX(), x, x)
	high := t.XMM()
	t.VUNPCKHPD(x, x, high)
	t.VADDSD(high, x, x)
	return x
}

// hiddenDelta writes d = (d + s)·f'(z), a = f(z), sums += d.
func (t *target) hiddenDelta(f function) string {
	name := t.name("hidden" + f.name + "F")
	t.Function(name)
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(d *%[1]s, dStep int, a *%[1]s, aStep, rows, cols int, s, sums *%[1]s)", t.elem()))
	l, whole, tail, rows := t.begin("d", "a")
	s, sums := t.GP64(), t.GP64()
	t.Load(t.Param("s"), s)
	t.Load(t.Param("sums"), sums)
	t.prepare(f)
	l.each(f.together(t), whole, tail, rows, func(at place, cut bool) {
		d, a, v := t.vec(), t.vec(), t.vec()
		t.get(at.in(l.at[0]), d, cut)
		t.get(at.in(s), v, cut)
		t.get(at.in(l.at[1]), a, cut)
		t.add(v, d, d)
		f.slope(t, d, a)
		t.put(d, at.in(l.at[0]), cut)
		l.addTo(d, at.in(sums), cut)
	}, func() {})
	l.flush(sums, whole, tail)
	t.VZEROUPPER()
	t.RET()
	return name
}
