package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"filterscope/engine/linalg/internal/series"
)

// function is an element-wise function of the passes; the order of functions
// is that of linalg.Function.
type function struct {
	name      string
	constants func(t *target) []string
	// value replaces z by f(z), slope multiplies d by f'(z), a = f(z); a is lost.
	value func(t *target, z reg.VecVirtual)
	slope func(t *target, d, a reg.VecVirtual)
}

var functions = []function{
	{"Logistic", (*target).exponentials, (*target).logistic, (*target).logisticSlope},
	{"Identity", noConstants, func(*target, reg.VecVirtual) {}, func(*target, reg.VecVirtual, reg.VecVirtual) {}},
	{"Tanh", func(t *target) []string { return append(t.exponentials(), "sign") }, (*target).tanh, (*target).tanhSlope},
	{"ReLU", noConstants, (*target).relu, (*target).reluSlope},
	{"Softplus", func(t *target) []string { return append(t.exponentials(), "sign") }, (*target).softplus, (*target).softplusSlope},
}

// together is the number of vectors that share a round of a pass: as many as
// there are registers for.
func (f function) together(t *target) int {
	switch {
	case f.name != "Logistic":
		return 1
	case !t.wide():
		return 2
	case t.size == 8:
		return 2
	}
	return 4
}

func noConstants(*target) []string { return nil }

type constant struct {
	name string
	bits uint64
}

// real returns a constant that is a number.
func (t *target) real(name string, v float64) constant {
	if t.size == 4 {
		return constant{name, uint64(math.Float32bits(float32(v)))}
	}
	return constant{name, math.Float64bits(v)}
}

// allConstants returns the constants of all functions.
//
// Those of exponential: exp(-x) = 2ⁿ exp(-s), n is -x/ln 2 rounded,
// s = x + n ln 2 with |s| ≤ ln 2/2, and ln 2 is split so that n·ln2Hi is
// exact. exp(-s) is a polynomial; its degree makes the error less than a tenth of an
// ulp: 6 in float32 (4e-9), 11 in float64 (6e-18). Arguments are held within
// ±limit, where 2ⁿ is a normal number.
//
// Those of softplus: log(1+e) = 2 artanh w = 2w(1 + w²/3 + w⁴/5 + …) with
// w = e/(2+e) ≤ 1/3; the first term left out is below a tenth of an ulp:
// w¹⁶/17 in float32 (1.4e-9), w³⁴/35 in float64 (1.7e-18).
func (t *target) allConstants() []constant {
	limit, magic, sign := 87.3, 0x1.8p23, uint64(1)<<31
	hi := float64(math.Float32frombits(math.Float32bits(math.Ln2) &^ 0xfff)) // 12 bits of n fit behind it
	if t.size == 8 {
		limit, magic, sign = 708, 0x1.8p52, 1<<63
		hi = math.Float64frombits(math.Float64bits(math.Ln2) &^ 0xfffff)
	}
	lo := ln2 - hi
	if t.size == 8 {
		lo = ln2Rest + (math.Ln2 - hi)
	}
	cs := []constant{
		t.real("one", 1), t.real("limit", limit), t.real("minusLimit", -limit), t.real("minusLog2e", -math.Log2E),
		t.real("ln2Hi", hi), t.real("ln2Lo", lo), t.real("magic", magic),
		{"sign", sign},
	}
	for i, c := range series.Exp(t.degree()-1, ln2/2) {
		cs = append(cs, t.real(fmt.Sprintf("exp%d", i+1), c))
	}
	for i := range t.artanhTerms() {
		cs = append(cs, t.real(fmt.Sprintf("artanh%d", i), 2/float64(2*i+1)))
	}
	return cs
}

// ln 2 to double precision, and what is missing from it.
const (
	ln2     = math.Ln2
	ln2Rest = 2.319046813846299558e-17
)

// degree is the degree of the polynomial for exp.
func (t *target) degree() int {
	if t.size == 8 {
		return 11
	}
	return 6
}

// artanhTerms is the number of terms of the series of softplus.
func (t *target) artanhTerms() int {
	if t.size == 8 {
		return 17
	}
	return 8
}

// exponentials names the constants of exponential and what is made of it.
func (t *target) exponentials() []string {
	names := []string{"one", "limit", "minusLimit", "minusLog2e", "ln2Hi", "ln2Lo", "magic"}
	for i := 1; i <= t.degree(); i++ {
		names = append(names, fmt.Sprintf("exp%d", i))
	}
	return names
}

// exponential returns 2ⁿ, and p with exp(-x) = 2ⁿ(1 + p·x'), where x' is what
// x is replaced by: |x'| ≤ ln 2/2. With NaN for x, x' is NaN: MIN and MAX return
// their second source when either is. Adding magic rounds to an integer, in
// the low bits, which is then moved to the exponent of 1.
func (t *target) exponential(x reg.VecVirtual) (power, p reg.VecVirtual) {
	one := t.register("one")
	t.min(x, t.register("limit"), x)
	t.max(x, t.register("minusLimit"), x)
	power, p = t.vec(), t.vec()
	n := t.vec()
	t.move(t.regs["magic"], power)
	t.fma(t.regs["minusLog2e"], x, power)
	t.sub(t.regs["magic"], power, n)
	t.fma(t.regs["ln2Hi"], n, x)
	t.fma(t.regs["ln2Lo"], n, x)
	if t.size == 4 {
		t.VPSLLD(operand.Imm(23), power, power)
	} else {
		t.VPSLLQ(operand.Imm(52), power, power)
	}
	switch {
	case t.size == 4:
		t.VPADDD(one, power, power)
	default:
		t.VPADDQ(one, power, power)
	}
	t.move(t.regs[fmt.Sprintf("exp%d", t.degree())], p)
	for i := t.degree() - 1; i >= 1; i-- {
		t.horner(t.regs[fmt.Sprintf("exp%d", i)], x, p)
	}
	return power, p
}

// move copies a register or memory.
func (t *target) move(a operand.Op, v reg.VecVirtual) { t.op(x86.VMOVUPS, x86.VMOVUPD, a, v) }

// expNegative replaces x by exp(-x).
func (t *target) expNegative(x reg.VecVirtual) {
	power, p := t.exponential(x)
	t.horner(t.register("one"), x, p)
	t.mul(power, p, x)
}

// expNegativeLess1 replaces x by exp(-x) - 1 = 2ⁿ·(p·x') + (2ⁿ - 1), which keeps
// the digits of a small x: n is 0 there.
func (t *target) expNegativeLess1(x reg.VecVirtual) {
	power, p := t.exponential(x)
	t.mul(p, x, x)
	t.sub(t.register("one"), power, p)
	t.horner(p, power, x)
}

// logistic replaces z by 1/(1+exp(-z)).
func (t *target) logistic(z reg.VecVirtual) {
	one := t.register("one")
	power, p := t.exponential(z)
	t.horner(one, z, p)
	t.horner(one, p, power)
	t.invert(power, z)
}

// invert writes 1/d to r, for d ≥ 1 up to the largest exponential. Instead of dividing,
// which is slow in 512 bits, it improves an estimate of 14 bits by Newton's
// method: each step doubles them, and rounds once at the end.
func (t *target) invert(d, r reg.VecVirtual) {
	one := t.register("one")
	if !t.wide() {
		t.op(x86.VDIVPS, x86.VDIVPD, d, one, r)
		return
	}
	t.op(x86.VRCP14PS, x86.VRCP14PD, d, r)
	for range t.size / 4 {
		e := t.vec()
		t.move(one, e)
		t.op(x86.VFNMADD231PS, x86.VFNMADD231PD, d, r, e) // e = 1 - d·r
		t.op(x86.VFMADD231PS, x86.VFMADD231PD, e, r, r)   // r += r·e
	}
}

// logisticSlope: f' = a(1-a).
func (t *target) logisticSlope(d, a reg.VecVirtual) {
	t.mul(a, d, d)
	t.sub(a, t.register("one"), a)
	t.mul(a, d, d)
}

// tanh replaces z by tanh z: with u = exp(-2|z|) - 1, tanh |z| = -u/(2+u), and
// the sign is that of z. Nothing cancels near 0.
func (t *target) tanh(z reg.VecVirtual) {
	u := t.vec()
	t.add(z, z, u)
	t.unsign(u, u)
	t.bits(x86.VPANDD, x86.VANDPS, x86.VANDPD, t.regs["sign"], z, z)
	t.expNegativeLess1(u)
	one, d := t.register("one"), t.vec()
	t.add(one, u, d)
	t.add(one, d, d)
	t.op(x86.VDIVPS, x86.VDIVPD, d, u, u)
	t.unsign(u, u)
	t.bits(x86.VPORD, x86.VORPS, x86.VORPD, z, u, z)
}

// unsign writes |x| to dst.
func (t *target) unsign(x, dst reg.VecVirtual) {
	t.bits(x86.VPANDND, x86.VANDNPS, x86.VANDNPD, x, t.register("sign"), dst)
}

// tanhSlope: f' = 1-a².
func (t *target) tanhSlope(d, a reg.VecVirtual) {
	t.op(x86.VFNMADD213PS, x86.VFNMADD213PD, t.register("one"), a, a) // a = 1 - a·a
	t.mul(a, d, d)
}

// relu replaces z by max(0, z).
func (t *target) relu(z reg.VecVirtual) {
	zero := t.vec()
	t.zero(zero)
	t.max(z, zero, z)
}

// reluSlope: d is cleared where a ≤ 0, and kept where a is NaN.
func (t *target) reluSlope(d, a reg.VecVirtual) {
	notLessOrEqual := operand.Imm(6)
	zero := t.vec()
	t.zero(zero)
	if t.wide() {
		k := t.K()
		if t.size == 4 {
			t.VCMPPS(notLessOrEqual, zero, a, k)
		} else {
			t.VCMPPD(notLessOrEqual, zero, a, k)
		}
		t.op(masked(x86.VMOVUPS_Z), masked(x86.VMOVUPD_Z), d, k, d)
		return
	}
	t.op(x86.VCMPPS, x86.VCMPPD, notLessOrEqual, zero, a, a)
	t.op(x86.VANDPS, x86.VANDPD, a, d, d)
}

// softplus replaces z by log(1+exp z) = max(z, 0) + log(1+e), e = exp(-|z|).
func (t *target) softplus(z reg.VecVirtual) {
	e, w := t.vec(), t.vec()
	t.unsign(z, e)
	t.expNegative(e)
	t.relu(z)
	one := t.register("one")
	t.add(one, e, w)
	t.add(one, w, w)
	t.op(x86.VDIVPS, x86.VDIVPD, w, e, w)
	t.mul(w, w, e)
	p := t.vec()
	last := t.artanhTerms() - 1
	t.load(t.data[fmt.Sprintf("artanh%d", last)], p)
	for i := last - 1; i >= 0; i-- {
		t.horner(t.data[fmt.Sprintf("artanh%d", i)], e, p)
	}
	t.fma(w, p, z)
}

// softplusSlope: f' = 1 - exp(-a).
func (t *target) softplusSlope(d, a reg.VecVirtual) {
	t.expNegativeLess1(a)
	zero := t.vec()
	t.zero(zero)
	t.sub(a, zero, a)
	t.mul(a, d, d)
}
