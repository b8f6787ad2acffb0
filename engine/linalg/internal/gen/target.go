package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// target emits instructions for one instruction set and element size.
type target struct {
	*build.Context
	isa  string // "avx512" or "avx2"
	size int    // bytes of an element: 4 or 8

	windows operand.Mem            // avx2: ones, then zeros, for masks of tails
	data    map[string]operand.Mem // constants in every lane
	mask    tail                   // of the function being written
	regs    map[string]operand.Op  // its constants, in registers or, avx2, in memory
}

// tail is the mask of the last vector of a row: an opmask or a vector.
type tail struct {
	k reg.OpmaskVirtual
	v reg.VecVirtual
}

func (t *target) wide() bool { return t.isa == "avx512" }

// bytes is the length of a vector, lanes the elements in one.
func (t *target) bytes() int {
	if t.wide() {
		return 64
	}
	return 32
}

func (t *target) lanes() int { return t.bytes() / t.size }

// elem is the Go type of an element.
func (t *target) elem() string { return fmt.Sprintf("float%d", 8*t.size) }

// name makes the name of a function: "mulN32Height14Avx512".
func (t *target) name(what string) string {
	isa := "AVX2"
	if t.wide() {
		isa = "AVX512"
	}
	return fmt.Sprintf("%s%d%s", what, 8*t.size, isa)
}

func (t *target) vec() reg.VecVirtual {
	if t.wide() {
		return t.ZMM()
	}
	return t.YMM()
}

// constructor is an instruction of package x86 with any number of operands.
type constructor = func(...operand.Op) (*ir.Instruction, error)

// op emits the instruction for the element size.
func (t *target) op(single, double constructor, ops ...operand.Op) {
	f := single
	if t.size == 8 {
		f = double
	}
	i, err := f(ops...)
	if err != nil {
		panic(fmt.Sprintf("%s, %d bytes: %v", t.isa, t.size, err))
	}
	t.Instruction(i)
}

// masked makes a constructor of one with three operands.
func masked(f func(a, b, c operand.Op) (*ir.Instruction, error)) constructor {
	return func(ops ...operand.Op) (*ir.Instruction, error) { return f(ops[0], ops[1], ops[2]) }
}

func (t *target) load(m operand.Mem, v reg.VecVirtual)  { t.op(x86.VMOVUPS, x86.VMOVUPD, m, v) }
func (t *target) store(v reg.VecVirtual, m operand.Mem) { t.op(x86.VMOVUPS, x86.VMOVUPD, v, m) }
func (t *target) add(a, b operand.Op, dst reg.VecVirtual) {
	t.op(x86.VADDPS, x86.VADDPD, a, b, dst)
}

// sub computes dst = b - a.
func (t *target) sub(a, b operand.Op, dst reg.VecVirtual) {
	t.op(x86.VSUBPS, x86.VSUBPD, a, b, dst)
}

func (t *target) mul(a, b operand.Op, dst reg.VecVirtual) {
	t.op(x86.VMULPS, x86.VMULPD, a, b, dst)
}

// fma computes acc += a·b.
func (t *target) fma(a, b operand.Op, acc reg.VecVirtual) {
	t.op(x86.VFMADD231PS, x86.VFMADD231PD, a, b, acc)
}

// min and max return b where either operand is NaN.
func (t *target) min(b, a operand.Op, dst reg.VecVirtual) { t.op(x86.VMINPS, x86.VMINPD, b, a, dst) }

func (t *target) max(b, a operand.Op, dst reg.VecVirtual) { t.op(x86.VMAXPS, x86.VMAXPD, b, a, dst) }

// bits emits a logical instruction: of 512 bits on floating-point numbers they
// would need AVX512DQ.
func (t *target) bits(wide, single, double constructor, a, b operand.Op, dst reg.VecVirtual) {
	f := single
	switch {
	case t.wide():
		f = wide
	case t.size == 8:
		f = double
	}
	i, err := f(a, b, dst)
	if err != nil {
		panic(fmt.Sprintf("%s, %d bytes: %v", t.isa, t.size, err))
	}
	t.Instruction(i)
}

// horner computes p = p·x + c.
func (t *target) horner(c, x operand.Op, p reg.VecVirtual) {
	t.op(x86.VFMADD213PS, x86.VFMADD213PD, c, x, p)
}

func (t *target) broadcast(m operand.Mem, v reg.VecVirtual) {
	t.op(x86.VBROADCASTSS, x86.VBROADCASTSD, m, v)
}

func (t *target) zero(v reg.VecVirtual) {
	if t.wide() { // VXORPS of 512 bits would need AVX512DQ
		t.VPXORD(v, v, v)
		return
	}
	t.op(x86.VXORPS, x86.VXORPD, v, v, v)
}

// loadTail loads the lanes of the mask and clears the others.
func (t *target) loadTail(m operand.Mem, v reg.VecVirtual) {
	switch {
	case t.wide():
		t.op(masked(x86.VMOVUPS_Z), masked(x86.VMOVUPD_Z), m, t.mask.k, v)
	case t.size == 4:
		t.VMASKMOVPS(m, t.mask.v, v)
	default:
		t.VMASKMOVPD(m, t.mask.v, v)
	}
}

// storeTail stores the lanes of the mask.
func (t *target) storeTail(v reg.VecVirtual, m operand.Mem) {
	switch {
	case t.wide():
		t.op(x86.VMOVUPS, x86.VMOVUPD, v, t.mask.k, m)
	case t.size == 4:
		t.VMASKMOVPS(v, t.mask.v, m)
	default:
		t.VMASKMOVPD(v, t.mask.v, m)
	}
}

// clearTail clears the lanes of v that the mask leaves out.
func (t *target) clearTail(v reg.VecVirtual) {
	if t.wide() {
		t.op(masked(x86.VMOVUPS_Z), masked(x86.VMOVUPD_Z), v, t.mask.k, v)
		return
	}
	t.op(x86.VANDPS, x86.VANDPD, t.mask.v, v, v)
}

// loadMask makes the mask of the first n lanes; n is destroyed.
func (t *target) loadMask(n reg.GPVirtual) {
	if t.wide() {
		bits := t.GP64()
		t.MOVQ(operand.U64(math.MaxUint64), bits)
		t.BZHIQ(n, bits, bits)
		t.mask.k = t.K()
		t.KMOVW(bits.As32(), t.mask.k)
		return
	}
	// The window starts lanes-n elements before the ones end... read ones
	// from there on, then zeros.
	base := t.GP64()
	t.LEAQ(t.windows, base)
	t.NEGQ(n)
	t.mask.v = t.YMM()
	m := operand.Mem{Base: base, Index: n, Scale: uint8(t.size), Disp: t.bytes()}
	t.VMOVUPS(m, t.mask.v)
}

// constants writes the data section: for AVX2 the window of masks, and every
// constant in every lane.
func (t *target) constants() {
	if !t.wide() {
		t.windows = t.StaticGlobal(fmt.Sprintf("windows%d", 8*t.size))
		t.DataAttributes(attr.RODATA | attr.NOPTR)
		for i := range 8 {
			v := operand.U64(math.MaxUint64)
			if i >= 4 {
				v = 0
			}
			t.AddDatum(8*i, v)
		}
	}
	t.data = map[string]operand.Mem{}
	for _, c := range t.allConstants() {
		t.data[c.name] = t.datum(c)
	}
}

// datum writes one constant.
func (t *target) datum(c constant) operand.Mem {
	m := t.StaticGlobal(fmt.Sprintf("%s%d", c.name, 8*t.size))
	t.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range t.lanes() {
		if t.size == 4 {
			t.AddDatum(4*i, operand.U32(c.bits))
		} else {
			t.AddDatum(8*i, operand.U64(c.bits))
		}
	}
	return m
}

// prepare gets the constants of f ready in a new function: in registers where
// there are 32, in memory otherwise.
func (t *target) prepare(f function) {
	t.regs = map[string]operand.Op{}
	for _, name := range f.constants(t) {
		t.regs[name] = t.data[name]
		if t.wide() {
			v := t.vec()
			t.load(t.data[name], v)
			t.regs[name] = v
		}
	}
	if v, ok := t.regs["one"]; ok && !t.wide() { // always wanted
		one := t.vec()
		t.load(v.(operand.Mem), one)
		t.regs["one"] = one
	}
}

// register returns the constant in a register.
func (t *target) register(name string) reg.VecVirtual {
	if v, ok := t.regs[name].(reg.VecVirtual); ok {
		return v
	}
	v := t.vec()
	t.load(t.data[name], v)
	return v
}
