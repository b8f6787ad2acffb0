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
