package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// vectors writes what works on whole vectors: sums of gradient accumulators,
// and in float64 the dot product and axpy of L-BFGS. They take a number of
// whole vectors; the caller does the rest in Go.
func (t *target) vectors() {
	t.addWide()
	t.panels()
	t.transpose()
	t.nonzero()
	t.squares()
	t.blend()
	t.peak()
	if t.size == 8 {
		t.dot()
		t.axpy()
	}
}

// addWide writes dst += src with dst in float64.
func (t *target) addWide() {
	t.Function(t.name("addWideF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(dst *float64, src *%s, n int)", t.elem()))
	dst, src, n := t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("dst"), dst)
	t.Load(t.Param("src"), src)
	t.Load(t.Param("n"), n)
	t.Label("loop")
	v := t.vec()
	if t.size == 4 {
		t.VCVTPS2PD(operand.Mem{Base: src}, v)
	} else {
		t.load(operand.Mem{Base: src}, v)
	}
	t.VADDPD(operand.Mem{Base: dst}, v, v)
	t.VMOVUPD(v, operand.Mem{Base: dst})
	t.ADDQ(operand.I32(t.bytes()/8*t.size), src)
	t.ADDQ(operand.I32(t.bytes()), dst)
	t.SUBQ(operand.I32(t.bytes()/8), n)
	t.JNZ(operand.LabelRef("loop"))
	t.VZEROUPPER()
	t.RET()
}

// dot writes Σxy in four vectors of partial sums; n is a multiple of their
// lanes.
func (t *target) dot() {
	t.Function(t.name("dotF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr("func(x, y *float64, n int) float64")
	x, y, n := t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("x"), x)
	t.Load(t.Param("y"), y)
	t.Load(t.Param("n"), n)
	var acc [4]reg.VecVirtual
	for i := range acc {
		acc[i] = t.vec()
		t.zero(acc[i])
	}
	t.Label("loop")
	for i, a := range acc {
		v := t.vec()
		t.load(operand.Mem{Base: x, Disp: i * t.bytes()}, v)
		t.fma(operand.Mem{Base: y, Disp: i * t.bytes()}, v, a)
	}
	t.ADDQ(operand.I32(4*t.bytes()), x)
	t.ADDQ(operand.I32(4*t.bytes()), y)
	t.SUBQ(operand.I32(4*t.lanes()), n)
	t.JNZ(operand.LabelRef("loop"))
	t.add(acc[1], acc[0], acc[0])
	t.add(acc[3], acc[2], acc[2])
	t.add(acc[2], acc[0], acc[0])
	t.Store(t.reduce(acc[0]), t.ReturnIndex(0))
	t.VZEROUPPER()
	t.RET()
}

// axpy writes y += ax; n is a multiple of four vectors.
func (t *target) axpy() {
	t.Function(t.name("axpyF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr("func(a float64, x, y *float64, n int)")
	a := t.vec()
	scalar := t.XMM()
	t.Load(t.Param("a"), scalar)
	t.VBROADCASTSD(scalar, a)
	x, y, n := t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("x"), x)
	t.Load(t.Param("y"), y)
	t.Load(t.Param("n"), n)
	t.Label("loop")
	for i := range 4 {
		v := t.vec()
		t.load(operand.Mem{Base: y, Disp: i * t.bytes()}, v)
		t.fma(operand.Mem{Base: x, Disp: i * t.bytes()}, a, v)
		t.store(v, operand.Mem{Base: y, Disp: i * t.bytes()})
	}
	t.ADDQ(operand.I32(4*t.bytes()), x)
	t.ADDQ(operand.I32(4*t.bytes()), y)
	t.SUBQ(operand.I32(4*t.lanes()), n)
	t.JNZ(operand.LabelRef("loop"))
	t.VZEROUPPER()
	t.RET()
}

// panels writes the copy of rows of a matrix into panels two vectors wide:
// row r of panel p goes to dst + p·dstPanel + r·2 vectors. Only whole panels
// are copied.
func (t *target) panels() {
	t.Function(t.name("packF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(dst *%[1]s, dstPanel int, src *%[1]s, srcStep, rows, panels int)", t.elem()))
	dst, panel := t.GP64(), t.GP64()
	src, step, rows, panels := t.GP64(), t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("dst"), dst)
	t.Load(t.Param("dstPanel"), panel)
	t.Load(t.Param("src"), src)
	t.Load(t.Param("srcStep"), step)
	t.Load(t.Param("rows"), rows)
	t.Load(t.Param("panels"), panels)
	t.Label("row")
	from, to, n := t.GP64(), t.GP64(), t.GP64()
	t.MOVQ(src, from)
	t.MOVQ(dst, to)
	t.MOVQ(panels, n)
	t.Label("panel")
	v, w := t.vec(), t.vec()
	t.load(operand.Mem{Base: from}, v)
	t.load(operand.Mem{Base: from, Disp: t.bytes()}, w)
	t.store(v, operand.Mem{Base: to})
	t.store(w, operand.Mem{Base: to, Disp: t.bytes()})
	t.ADDQ(operand.I32(2*t.bytes()), from)
	t.ADDQ(panel, to)
	t.DECQ(n)
	t.JNZ(operand.LabelRef("panel"))
	t.ADDQ(step, src)
	t.ADDQ(operand.I32(2*t.bytes()), dst)
	t.DECQ(rows)
	t.JNZ(operand.LabelRef("row"))
	t.VZEROUPPER()
	t.RET()
}

// squares writes Σx² in float64; n is a multiple of 16.
func (t *target) squares() {
	t.Function(t.name("squaresF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(x *%s, n int) float64", t.elem()))
	x, n := t.GP64(), t.GP64()
	t.Load(t.Param("x"), x)
	t.Load(t.Param("n"), n)
	doubles := t.bytes() / 8 // lanes of float64
	acc := make([]reg.VecVirtual, 16/doubles)
	for i := range acc {
		acc[i] = t.vec()
		t.zero(acc[i])
	}
	t.Label("loop")
	for i, a := range acc {
		v := t.vec()
		m := operand.Mem{Base: x, Disp: i * doubles * t.size}
		if t.size == 4 {
			t.VCVTPS2PD(m, v)
		} else {
			t.load(m, v)
		}
		t.VFMADD231PD(v, v, a)
	}
	t.ADDQ(operand.I32(16*t.size), x)
	t.SUBQ(operand.I32(16), n)
	t.JNZ(operand.LabelRef("loop"))
	for _, a := range acc[1:] {
		t.VADDPD(a, acc[0], acc[0])
	}
	t.Store(t.reduce(acc[0]), t.ReturnIndex(0))
	t.VZEROUPPER()
	t.RET()
}

// blend writes y = ay + bx; n is a multiple of 16.
func (t *target) blend() {
	t.Function(t.name("blendF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(a, b %[1]s, x, y *%[1]s, n int)", t.elem()))
	a, b := t.vec(), t.vec()
	t.op(x86.VBROADCASTSS, x86.VBROADCASTSD, t.Load(t.Param("a"), t.XMM()), a)
	t.op(x86.VBROADCASTSS, x86.VBROADCASTSD, t.Load(t.Param("b"), t.XMM()), b)
	x, y, n := t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("x"), x)
	t.Load(t.Param("y"), y)
	t.Load(t.Param("n"), n)
	t.Label("loop")
	for i := range 16 / t.lanes() {
		v := t.vec()
		t.mul(operand.Mem{Base: x, Disp: i * t.bytes()}, b, v)
		w := t.vec()
		t.load(operand.Mem{Base: y, Disp: i * t.bytes()}, w)
		t.fma(a, w, v)
		t.store(v, operand.Mem{Base: y, Disp: i * t.bytes()})
	}
	t.ADDQ(operand.I32(16*t.size), x)
	t.ADDQ(operand.I32(16*t.size), y)
	t.SUBQ(operand.I32(16), n)
	t.JNZ(operand.LabelRef("loop"))
	t.VZEROUPPER()
	t.RET()
}

// peak writes n rounds of twelve independent multiply-adds, enough to keep
// two units of latency 4 and more busy: the yardstick of benchmarks.
func (t *target) peak() {
	t.Function(t.name("peakF"))
	t.Attributes(attr.NOSPLIT)
	t.SignatureExpr("func(n int)")
	n := t.GP64()
	t.Load(t.Param("n"), n)
	one := t.vec()
	t.zero(one)
	acc := make([]reg.VecVirtual, 12)
	for i := range acc {
		acc[i] = t.vec()
		t.zero(acc[i])
	}
	t.Label("loop")
	for _, a := range acc {
		t.fma(one, one, a)
	}
	t.DECQ(n)
	t.JNZ(operand.LabelRef("loop"))
	t.VZEROUPPER()
	t.RET()
}

// transpose writes blocks of n rows of n elements, 32 bytes, as the columns of blocks of dst:
// element (j, r) of src goes to (r, j) of dst. rows and cols are multiples of n. The
// columns of src are the outer loop, so that rows of dst are written on end.
func (t *target) transpose() {
	n := 32 / t.size
	t.Function(t.name("transposeF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(dst *%[1]s, dstStep int, src *%[1]s, srcStep, rows, cols int)", t.elem()))
	dst, dstStep, src, srcStep, cols := t.GP64(), t.GP64(), t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("dst"), dst)
	t.Load(t.Param("dstStep"), dstStep)
	t.Load(t.Param("src"), src)
	t.Load(t.Param("srcStep"), srcStep)
	t.Load(t.Param("cols"), cols)
	t.Label("column")
	from, to, rows, at := t.GP64(), t.GP64(), t.GP64(), t.GP64()
	t.MOVQ(src, from)
	t.MOVQ(dst, to)
	t.Load(t.Param("rows"), rows)
	t.Label("block")
	y := make([]reg.VecVirtual, n) // rows i and i+n/2 side by side, first their left halves
	t.MOVQ(from, at)
	for i := range n {
		left, right := i%(n/2), i%(n/2)+n/2
		if i < n/2 {
			y[left], y[right] = t.YMM(), t.YMM()
			t.op(x86.VMOVUPS, x86.VMOVUPD, operand.Mem{Base: at}, y[left].AsX())
			t.op(x86.VMOVUPS, x86.VMOVUPD, operand.Mem{Base: at, Disp: 16}, y[right].AsX())
		} else {
			t.VINSERTF128(operand.U8(1), operand.Mem{Base: at}, y[left], y[left])
			t.VINSERTF128(operand.U8(1), operand.Mem{Base: at, Disp: 16}, y[right], y[right])
		}
		t.ADDQ(srcStep, at)
	}
	t.MOVQ(at, from)
	t.MOVQ(to, at)
	for half := 0; half < n; half += n / 2 {
		for _, column := range t.turned(y[half : half+n/2]) {
			t.op(x86.VMOVUPS, x86.VMOVUPD, column, operand.Mem{Base: at})
			t.ADDQ(dstStep, at)
		}
	}
	t.ADDQ(operand.I32(32), to)
	t.SUBQ(operand.I32(n), rows)
	t.JNZ(operand.LabelRef("block"))
	t.ADDQ(operand.I32(32), src)
	t.LEAQ(operand.Mem{Base: dst, Index: dstStep, Scale: uint8(n)}, dst)
	t.SUBQ(operand.I32(n), cols)
	t.JNZ(operand.LabelRef("column"))
	t.VZEROUPPER()
	t.RET()
}

// turned returns the columns of the square blocks of 16 bytes in both lanes of y.
func (t *target) turned(y []reg.VecVirtual) []reg.VecVirtual {
	if t.size == 8 {
		c0, c1 := t.YMM(), t.YMM()
		t.VUNPCKLPD(y[1], y[0], c0)
		t.VUNPCKHPD(y[1], y[0], c1)
		return []reg.VecVirtual{c0, c1}
	}
	var pairs, columns [4]reg.VecVirtual
	for i := range pairs {
		pairs[i], columns[i] = t.YMM(), t.YMM()
	}
	for i := range 2 {
		t.VUNPCKLPS(y[2*i+1], y[2*i], pairs[2*i])
		t.VUNPCKHPS(y[2*i+1], y[2*i], pairs[2*i+1])
	}
	for i := range 2 {
		t.VUNPCKLPD(pairs[2+i], pairs[i], columns[2*i])
		t.VUNPCKHPD(pairs[2+i], pairs[i], columns[2*i+1])
	}
	return columns[:]
}

// nonzero writes the mask of the elements of x that are not 0; n is a multiple of the lanes, up to 64.
func (t *target) nonzero() {
	t.Function(t.name("nonzeroF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(x *%s, n int) uint64", t.elem()))
	const notEqual = operand.U8(4) // or not a number
	x, n, mask, at := t.GP64(), t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("x"), x)
	t.Load(t.Param("n"), n)
	zero := t.vec()
	t.zero(zero)
	t.XORQ(mask, mask)
	t.XORQ(at, at)
	t.Label("loop")
	m, bits := operand.Mem{Base: x, Index: at, Scale: uint8(t.size)}, t.GP64()
	if t.wide() {
		k := t.K()
		t.op(x86.VCMPPS, x86.VCMPPD, notEqual, m, zero, k)
		t.KMOVW(k, bits.As32())
	} else {
		v := t.vec()
		t.op(x86.VCMPPS, x86.VCMPPD, notEqual, m, zero, v)
		if t.size == 4 {
			t.VMOVMSKPS(v, bits.As32())
		} else {
			t.VMOVMSKPD(v, bits.As32())
		}
	}
	t.SHLXQ(at, bits, bits)
	t.ORQ(bits, mask)
	t.ADDQ(operand.I32(t.lanes()), at)
	t.CMPQ(at, n)
	t.JLT(operand.LabelRef("loop"))
	t.Store(mask, t.ReturnIndex(0))
	t.VZEROUPPER()
	t.RET()
}
