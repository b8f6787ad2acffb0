package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

type constant struct {
	name  string
	value float64
}

// exponential returns the constants of exp(-z) = 2ⁿ exp(-s): n is -z/ln 2
// rounded, s = z + n ln 2 with |s| ≤ ln 2/2, and ln 2 is split so that
// n·ln2Hi is exact. exp(-s) is its Taylor polynomial; the degree makes the
// remainder, |s|^(d+1)/(d+1)!, less than a tenth of an ulp: 7 in float32
// (5e-9), 13 in float64 (4e-18). Arguments are held within ±limit, where 2ⁿ
// is a normal number.
func (t *target) exponential() []constant {
	degree, limit := 7, 87.3
	hi := float64(math.Float32frombits(math.Float32bits(math.Ln2) &^ 0xfff)) // 12 bits of n fit behind it
	if t.size == 8 {
		degree, limit = 13, 708
		hi = math.Float64frombits(math.Float64bits(math.Ln2) &^ 0xfffff)
	}
	lo := ln2 - hi
	if t.size == 8 {
		lo = ln2Rest + (math.Ln2 - hi)
	}
	cs := []constant{
		{"one", 1},
		{"limit", limit},
		{"minusLimit", -limit},
		{"minusLog2e", -math.Log2E},
		{"ln2Hi", hi},
		{"ln2Lo", lo},
	}
	if !t.wide() {
		magic := 0x1.8p23
		if t.size == 8 {
			magic = 0x1.8p52
		}
		cs = append(cs, constant{"magic", magic})
	}
	factorial, sign := 1.0, 1.0
	for i := 2; i <= degree; i++ {
		factorial *= float64(i)
		cs = append(cs, constant{fmt.Sprintf("taylor%d", i), sign / factorial})
		sign = -sign
	}
	return append(cs, constant{"taylor1", -1})
}

// ln 2 to double precision, and what is missing from it.
const (
	ln2     = math.Ln2
	ln2Rest = 2.319046813846299558e-17
)

// degree is the degree of the polynomial for exp.
func (t *target) degree() int {
	if t.size == 8 {
		return 13
	}
	return 7
}

// logistic replaces z by 1/(1+exp(-z)). NaN stays NaN: MIN and MAX return
// their second source when either is.
func (t *target) logistic(z, one reg.VecVirtual) {
	t.op(x86.VMINPS, x86.VMINPD, z, t.register("limit"), z)
	t.op(x86.VMAXPS, x86.VMAXPD, z, t.register("minusLimit"), z)
	n, p := t.vec(), t.vec()
	t.mul(t.regs["minusLog2e"], z, n)
	switch {
	case t.wide():
		t.op(x86.VRNDSCALEPS, x86.VRNDSCALEPD, operand.Imm(8), n, n)
	case t.size == 4:
		t.VROUNDPS(operand.Imm(8), n, n)
	default:
		t.VROUNDPD(operand.Imm(8), n, n)
	}
	t.fma(t.regs["ln2Hi"], n, z)
	t.fma(t.regs["ln2Lo"], n, z)
	t.op(x86.VMOVUPS, x86.VMOVUPD, t.regs[fmt.Sprintf("taylor%d", t.degree())], p)
	for i := t.degree() - 1; i >= 1; i-- {
		t.horner(t.regs[fmt.Sprintf("taylor%d", i)], z, p)
	}
	t.horner(one, z, p)
	switch {
	case t.wide():
		t.op(x86.VSCALEFPS, x86.VSCALEFPD, n, p, p)
	default: // n as an integer in the low bits, moved to the exponent of 1
		t.add(t.regs["magic"], n, n)
		if t.size == 4 {
			t.VPSLLD(operand.Imm(23), n, n)
			t.VPADDD(one, n, n)
		} else {
			t.VPSLLQ(operand.Imm(52), n, n)
			t.VPADDQ(one, n, n)
		}
		t.mul(n, p, p)
	}
	t.add(one, p, p)
	t.op(x86.VDIVPS, x86.VDIVPD, p, one, z)
}

// passes writes the fused passes.
func (t *target) passes() {
	t.activate("activateLogistic", true)
	t.outputDelta("outputLogistic", true)
	t.outputDelta("outputIdentity", false)
	t.hiddenDelta()
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

// each writes the loops.
func (l *rowLoop) each(whole, tail, rows reg.GPVirtual, body func(offset reg.GPVirtual, cut bool), rowEnd func()) {
	offset := l.GP64()
	l.Label("row")
	l.XORQ(offset, offset)
	l.CMPQ(offset, whole)
	l.JGE(operand.LabelRef("tail"))
	l.Label("vector")
	body(offset, false)
	l.ADDQ(operand.I32(l.bytes()), offset)
	l.CMPQ(offset, whole)
	l.JLT(operand.LabelRef("vector"))
	l.Label("tail")
	l.TESTQ(tail, tail)
	l.JZ(operand.LabelRef("end"))
	body(offset, true)
	l.Label("end")
	rowEnd()
	for i := range l.at {
		l.ADDQ(l.step[i], l.at[i])
	}
	l.DECQ(rows)
	l.JNZ(operand.LabelRef("row"))
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
	l.loadTail(indexed(sums, whole), old)
	l.add(old, l.tailSum, l.tailSum)
	l.storeTail(l.tailSum, indexed(sums, whole))
	l.Label("flushed")
}

func indexed(base, offset reg.GPVirtual) operand.Mem {
	return operand.Mem{Base: base, Index: offset, Scale: 1}
}

// activate writes z = f(z + bias), sums += z.
func (t *target) activate(name string, logistic bool) {
	t.Function(t.name(name + "F"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(z *%[1]s, zStep, rows, cols int, bias, sums *%[1]s)", t.elem()))
	l, whole, tail, rows := t.begin("z")
	bias, sums := t.GP64(), t.GP64()
	t.Load(t.Param("bias"), bias)
	t.Load(t.Param("sums"), sums)
	t.prepare()
	one := t.register("one")
	l.each(whole, tail, rows, func(offset reg.GPVirtual, cut bool) {
		z, b := t.vec(), t.vec()
		t.get(indexed(l.at[0], offset), z, cut)
		t.get(indexed(bias, offset), b, cut)
		t.add(b, z, z)
		if logistic {
			t.logistic(z, one)
		}
		t.put(z, indexed(l.at[0], offset), cut)
		l.addTo(z, indexed(sums, offset), cut)
	}, func() {})
	l.flush(sums, whole, tail)
	t.VZEROUPPER()
	t.RET()
}

// outputDelta writes e = f(z + bias) - x, z = e·f', sums += z, and returns
// Σe². The squares of a row are added in the lanes of a vector, those of the
// rows in float64.
func (t *target) outputDelta(name string, logistic bool) {
	t.Function(t.name(name + "F"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(z *%[1]s, zStep int, x *%[1]s, xStep, rows, cols int, bias, sums *%[1]s) float64", t.elem()))
	l, whole, tail, rows := t.begin("z", "x")
	bias, sums := t.GP64(), t.GP64()
	t.Load(t.Param("bias"), bias)
	t.Load(t.Param("sums"), sums)
	t.prepare()
	one := t.register("one")
	squares, total := t.vec(), t.vec()
	t.zero(squares)
	t.zero(total)
	l.each(whole, tail, rows, func(offset reg.GPVirtual, cut bool) {
		a, x, e := t.vec(), t.vec(), t.vec()
		t.get(indexed(l.at[0], offset), a, cut)
		t.get(indexed(bias, offset), x, cut)
		t.add(x, a, a)
		if logistic {
			t.logistic(a, one)
		}
		t.get(indexed(l.at[1], offset), x, cut)
		t.sub(x, a, e)
		if cut { // f(0) need not be 0
			t.clearTail(e)
		}
		t.fma(e, e, squares)
		if logistic {
			t.mul(a, e, e)
			t.sub(a, one, a)
			t.mul(a, e, e)
		}
		t.put(e, indexed(l.at[0], offset), cut)
		l.addTo(e, indexed(sums, offset), cut)
	}, func() {
		t.accumulate(squares, total)
		t.zero(squares)
	})
	l.flush(sums, whole, tail)
	x := t.reduce(total)
	t.Store(x, t.ReturnIndex(0))
	t.VZEROUPPER()
	t.RET()
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

// hiddenDelta writes d = (d + s)·a(1-a), sums += d.
func (t *target) hiddenDelta() {
	t.Function(t.name("hiddenLogisticF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(d *%[1]s, dStep int, a *%[1]s, aStep, rows, cols int, s, sums *%[1]s)", t.elem()))
	l, whole, tail, rows := t.begin("d", "a")
	s, sums := t.GP64(), t.GP64()
	t.Load(t.Param("s"), s)
	t.Load(t.Param("sums"), sums)
	t.prepare()
	one := t.register("one")
	l.each(whole, tail, rows, func(offset reg.GPVirtual, cut bool) {
		d, a, v := t.vec(), t.vec(), t.vec()
		t.get(indexed(l.at[0], offset), d, cut)
		t.get(indexed(s, offset), v, cut)
		t.get(indexed(l.at[1], offset), a, cut)
		t.add(v, d, d)
		t.mul(a, d, d)
		t.sub(a, one, v)
		t.mul(v, d, d)
		t.put(d, indexed(l.at[0], offset), cut)
		l.addTo(d, indexed(sums, offset), cut)
	}, func() {})
	l.flush(sums, whole, tail)
	t.VZEROUPPER()
	t.RET()
}
