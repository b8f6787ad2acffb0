package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// history writes the passes of L-BFGS over its pairs of vectors, which are
// kept in the element type while everything else is float64. All take a
// multiple of 32 elements.
func (t *target) history() {
	t.pairDots()
	t.pairAdd()
	t.pairMake()
	if t.size == 8 {
		t.advance()
	}
}

// doubles is the number of float64 in a vector.
func (t *target) doubles() int { return t.bytes() / 8 }

// widen loads as many elements as a vector has float64.
func (t *target) widen(m operand.Mem, v reg.VecVirtual) {
	if t.size == 4 {
		t.VCVTPS2PD(m, v)
	} else {
		t.VMOVUPD(m, v)
	}
}

// pointers loads parameters.
func (t *target) pointers(names ...string) []reg.GPVirtual {
	var list []reg.GPVirtual
	for _, name := range names {
		p := t.GP64()
		t.Load(t.Param(name), p)
		list = append(list, p)
	}
	return list
}

// double loads a float64 parameter into every lane.
func (t *target) double(name string) reg.VecVirtual {
	v := t.vec()
	t.VBROADCASTSD(t.Load(t.Param(name), t.XMM()), v)
	return v
}

func (t *target) zeros(n int) []reg.VecVirtual {
	list := make([]reg.VecVirtual, n)
	for i := range list {
		list[i] = t.vec()
		t.zero(list[i])
	}
	return list
}

// pairDots writes s·g and y·g, each in four partial sums.
func (t *target) pairDots() {
	t.Function(t.name("pairDotsF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(s, y *%s, grad *float64, n int) (sg, yg float64)", t.elem()))
	p := t.pointers("s", "y", "grad", "n")
	const parts = 4
	sg, yg := t.zeros(parts), t.zeros(parts)
	step := parts * t.doubles()
	t.Label("loop")
	for i := range parts {
		at := i * t.doubles()
		g, v := t.vec(), t.vec()
		t.VMOVUPD(operand.Mem{Base: p[2], Disp: 8 * at}, g)
		t.widen(operand.Mem{Base: p[0], Disp: t.size * at}, v)
		t.VFMADD231PD(g, v, sg[i])
		t.widen(operand.Mem{Base: p[1], Disp: t.size * at}, v)
		t.VFMADD231PD(g, v, yg[i])
	}
	t.ADDQ(operand.I32(t.size*step), p[0])
	t.ADDQ(operand.I32(t.size*step), p[1])
	t.ADDQ(operand.I32(8*step), p[2])
	t.SUBQ(operand.I32(step), p[3])
	t.JNZ(operand.LabelRef("loop"))
	for i, sums := range [][]reg.VecVirtual{sg, yg} {
		t.VADDPD(sums[1], sums[0], sums[0])
		t.VADDPD(sums[3], sums[2], sums[2])
		t.VADDPD(sums[2], sums[0], sums[0])
		t.Store(t.reduce(sums[0]), t.ReturnIndex(i))
	}
	t.VZEROUPPER()
	t.RET()
}

// pairAdd writes dst += a·s + b·y + c·u + d·v.
func (t *target) pairAdd() {
	t.Function(t.name("pairAddF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(dst *float64, s, y, u, v *%s, a, b, c, d float64, n int)", t.elem()))
	p := t.pointers("dst", "s", "y", "u", "v", "n")
	a, b, c, d := t.double("a"), t.double("b"), t.double("c"), t.double("d")
	const parts = 2
	step := parts * t.doubles()
	t.Label("loop")
	for i := range parts {
		at := i * t.doubles()
		from := func(k int) reg.VecVirtual {
			v := t.vec()
			t.widen(operand.Mem{Base: p[k], Disp: t.size * at}, v)
			return v
		}
		sum, s := t.vec(), from(1)
		t.VMOVUPD(operand.Mem{Base: p[0], Disp: 8 * at}, sum)
		t.VFMADD231PD(a, s, sum)
		y := from(2)
		t.VMULPD(b, y, y)
		t.VFMADD231PD(c, from(3), sum)
		t.VFMADD231PD(d, from(4), y)
		t.VADDPD(y, sum, sum)
		t.VMOVUPD(sum, operand.Mem{Base: p[0], Disp: 8 * at})
	}
	t.ADDQ(operand.I32(8*step), p[0])
	for _, q := range p[1:5] {
		t.ADDQ(operand.I32(t.size*step), q)
	}
	t.SUBQ(operand.I32(step), p[5])
	t.JNZ(operand.LabelRef("loop"))
	t.VZEROUPPER()
	t.RET()
}

// pairMake writes s = xNew - x, y = gNew - g (to and from), copies gNew, and leaves s·y,
// s·s, y·y, gNew·d, Σ|gNew| and max |gNew| in sums. A NaN in gNew shows in
// the sums alone.
func (t *target) pairMake() {
	t.Function(t.name("pairMakeF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(s, y *%s, copied, x, from, xNew, to, d *float64, n int, sums *float64)", t.elem()))
	p := t.pointers("s", "y", "copied", "x", "from", "xNew", "to", "d", "n")
	sums := t.zeros(6)
	magnitude := t.vec() // all bits but the sign
	if t.wide() {
		t.VPTERNLOGQ(operand.Imm(0xff), magnitude, magnitude, magnitude)
		t.VPSRLQ(operand.Imm(1), magnitude, magnitude)
	} else {
		t.VPCMPEQD(magnitude, magnitude, magnitude)
		t.VPSRLQ(operand.Imm(1), magnitude, magnitude)
	}
	t.Label("loop")
	difference := func(a, b reg.VecVirtual, to reg.GPVirtual) reg.VecVirtual {
		v := t.vec()
		t.VSUBPD(b, a, v)
		switch {
		case t.size == 8:
			t.VMOVUPD(v, operand.Mem{Base: to})
		case t.wide():
			half := t.YMM()
			t.VCVTPD2PS(v, half)
			t.VMOVUPS(half, operand.Mem{Base: to})
			t.VCVTPS2PD(half, v)
		default:
			half := t.XMM()
			t.VCVTPD2PSY(v, half)
			t.VMOVUPS(half, operand.Mem{Base: to})
			t.VCVTPS2PD(half, v)
		}
		return v
	}
	load := func(k int) reg.VecVirtual {
		v := t.vec()
		t.VMOVUPD(operand.Mem{Base: p[k]}, v)
		return v
	}
	s := difference(load(5), load(3), p[0])
	g := load(6)
	y := difference(g, load(4), p[1])
	t.VMOVUPD(g, operand.Mem{Base: p[2]})
	t.VFMADD231PD(s, y, sums[0])
	t.VFMADD231PD(s, s, sums[1])
	t.VFMADD231PD(y, y, sums[2])
	t.VFMADD231PD(operand.Mem{Base: p[7]}, g, sums[3])
	if t.wide() {
		t.VPANDQ(magnitude, g, g)
	} else {
		t.VANDPD(magnitude, g, g)
	}
	t.VADDPD(g, sums[4], sums[4])
	t.VMAXPD(g, sums[5], sums[5])
	for i, q := range p[:8] {
		size := 8
		if i < 2 {
			size = t.size
		}
		t.ADDQ(operand.I32(size*t.doubles()), q)
	}
	t.SUBQ(operand.I32(t.doubles()), p[8])
	t.JNZ(operand.LabelRef("loop"))
	out := t.pointers("sums")[0]
	for i, v := range sums[:5] {
		t.VMOVSD(t.reduce(v).(reg.VecVirtual), operand.Mem{Base: out, Disp: 8 * i})
	}
	t.VMOVSD(t.largest(sums[5]), operand.Mem{Base: out, Disp: 40})
	t.VZEROUPPER()
	t.RET()
}

// largest returns the largest float64 lane of v.
func (t *target) largest(v reg.VecVirtual) reg.VecVirtual {
	y := v
	if t.wide() {
		y = t.YMM()
		t.VEXTRACTF64X4(operand.Imm(1), v, y)
		t.VMAXPD(v.AsY(), y, y)
	}
	x, high := t.XMM(), t.XMM()
	t.VEXTRACTF128(operand.Imm(1), y, x)
	t.VMAXPD(y.AsX(), x, x)
	t.VUNPCKHPD(x, x, high)
	t.VMAXSD(high, x, x)
	return x
}

// advance writes dst = x + step·d and returns g·d.
func (t *target) advance() {
	t.Function(t.name("advanceF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr("func(dst, x, d, grad *float64, step float64, n int) float64")
	p := t.pointers("dst", "x", "d", "grad", "n")
	step := t.double("step")
	sums := t.zeros(4)
	t.Label("loop")
	for i := range sums {
		d, x := t.vec(), t.vec()
		t.load(operand.Mem{Base: p[2], Disp: i * t.bytes()}, d)
		t.load(operand.Mem{Base: p[1], Disp: i * t.bytes()}, x)
		t.fma(operand.Mem{Base: p[3], Disp: i * t.bytes()}, d, sums[i])
		t.fma(step, d, x)
		t.store(x, operand.Mem{Base: p[0], Disp: i * t.bytes()})
	}
	for _, q := range p[:4] {
		t.ADDQ(operand.I32(4*t.bytes()), q)
	}
	t.SUBQ(operand.I32(4*t.lanes()), p[4])
	t.JNZ(operand.LabelRef("loop"))
	t.add(sums[1], sums[0], sums[0])
	t.add(sums[3], sums[2], sums[2])
	t.add(sums[2], sums[0], sums[0])
	t.Store(t.reduce(sums[0]), t.ReturnIndex(0))
	t.VZEROUPPER()
	t.RET()
}

// steps writes the fused updates of minibatch training: gradient, running
// sums and parameters in one pass. They take a multiple of 32 elements.
func (t *target) steps() {
	t.momentum()
	t.adam()
}

// scalar loads a parameter of the element type into every lane.
func (t *target) scalar(name string) reg.VecVirtual {
	v := t.vec()
	t.op(x86.VBROADCASTSS, x86.VBROADCASTSD, t.Load(t.Param(name), t.XMM()), v)
	return v
}

// momentum writes v = keep·v + g, theta += rate·v.
func (t *target) momentum() {
	t.Function(t.name("momentumF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(theta, v, grad *%[1]s, keep, rate %[1]s, n int)", t.elem()))
	p := t.pointers("theta", "v", "grad", "n")
	keep, rate := t.scalar("keep"), t.scalar("rate")
	const parts = 2
	t.Label("loop")
	for i := range parts {
		at := func(k int) operand.Mem { return operand.Mem{Base: p[k], Disp: i * t.bytes()} }
		v, theta := t.vec(), t.vec()
		t.load(at(1), v)
		t.horner(at(2), keep, v) // v = v·keep + g
		t.store(v, at(1))
		t.load(at(0), theta)
		t.fma(rate, v, theta)
		t.store(theta, at(0))
	}
	for _, q := range p[:3] {
		t.ADDQ(operand.I32(parts*t.bytes()), q)
	}
	t.SUBQ(operand.I32(parts*t.lanes()), p[3])
	t.JNZ(operand.LabelRef("loop"))
	t.VZEROUPPER()
	t.RET()
}

// adam writes m = keep1·m + take1·g, v = keep2·v + take2·g²,
// theta -= rate·m/(scale·√v + epsilon).
func (t *target) adam() {
	t.Function(t.name("adamF"))
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(theta, m, v, grad *%[1]s, keep1, take1, keep2, take2, rate, scale, epsilon %[1]s, n int)", t.elem()))
	p := t.pointers("theta", "m", "v", "grad", "n")
	keep1, take1, keep2, take2 := t.scalar("keep1"), t.scalar("take1"), t.scalar("keep2"), t.scalar("take2")
	rate, scale, epsilon := t.scalar("rate"), t.scalar("scale"), t.scalar("epsilon")
	t.Label("loop")
	at := func(k int) operand.Mem { return operand.Mem{Base: p[k]} }
	g, m, v, theta := t.vec(), t.vec(), t.vec(), t.vec()
	t.load(at(3), g)
	t.load(at(1), m)
	t.mul(keep1, m, m)
	t.fma(take1, g, m)
	t.store(m, at(1))
	t.mul(g, g, g)
	t.load(at(2), v)
	t.mul(keep2, v, v)
	t.fma(take2, g, v)
	t.store(v, at(2))
	t.op(x86.VSQRTPS, x86.VSQRTPD, v, v)
	t.horner(epsilon, scale, v) // v = v·scale + epsilon
	t.mul(rate, m, m)
	t.op(x86.VDIVPS, x86.VDIVPD, v, m, m)
	t.load(at(0), theta)
	t.sub(m, theta, theta)
	t.store(theta, at(0))
	for _, q := range p[:4] {
		t.ADDQ(operand.I32(t.bytes()), q)
	}
	t.SUBQ(operand.I32(t.lanes()), p[4])
	t.JNZ(operand.LabelRef("loop"))
	t.VZEROUPPER()
	t.RET()
}
