// Command gen writes the AVX2 kernels of package rbf, which work on vectors of
// four numbers: squared distances and radial functions of them. It is run by
// go generate in engine/rbf, and needs avo; the package itself does not.
package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/buildtags"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	build.Constraint(buildtags.Term("amd64"))
	squares("squaresAVX2", false)
	squares("addSquaresAVX2", true)
	thinPlate()
	gaussian()
	roots()
	build.Generate()
}

// vector writes a constant four times, so that it can be an operand.
func vector(name string, bits uint64) operand.Mem {
	m := build.GLOBL(name, build.RODATA|build.NOPTR)
	for i := range 4 {
		build.DATA(8*i, operand.U64(bits))
	}
	return m
}

func real(name string, v float64) operand.Mem { return vector(name, math.Float64bits(v)) }

// loop writes body once for every four elements of the slice of that name, whose
// length must be a multiple of four and above 0.
func loop(label, slice string, at *reg.GPVirtual, body func()) {
	n := build.Load(build.Param(slice).Len(), build.GP64())
	i := build.GP64()
	*at = i
	build.XORQ(i, i)
	build.Label(label)
	body()
	build.ADDQ(operand.Imm(4), i)
	build.CMPQ(i, n)
	build.JLT(operand.LabelRef(label))
	build.VZEROUPPER()
	build.RET()
}

// squares: dst = (axis-q)², or dst += (axis-q)².
func squares(name string, add bool) {
	build.TEXT(name, build.NOSPLIT, "func(dst, axis []float64, q float64)")
	build.Pragma("noescape")
	dst := build.Load(build.Param("dst").Base(), build.GP64())
	axis := build.Load(build.Param("axis").Base(), build.GP64())
	q := build.YMM()
	at, err := build.Param("q").Resolve()
	if err != nil {
		panic(err)
	}
	build.VBROADCASTSD(at.Addr, q)
	var i reg.GPVirtual
	loop("next", "dst", &i, func() {
		d := build.YMM()
		to := operand.Mem{Base: dst, Index: i, Scale: 8}
		build.VMOVUPD(operand.Mem{Base: axis, Index: i, Scale: 8}, d)
		build.VSUBPD(q, d, d)
		if add {
			sum := build.YMM()
			build.VMOVUPD(to, sum)
			build.VFMADD231PD(d, d, sum)
			build.VMOVUPD(sum, to)
			return
		}
		build.VMULPD(d, d, d)
		build.VMOVUPD(d, to)
	})
}

// atanhTerms is how many terms the series of the logarithm has: the next is below
// 2⁻⁵⁶ of the first.
const atanhTerms = 10

// thinPlate: v = v·ln(v)/2, and 0 below 2⁻¹⁰⁰⁰.
//
// v = 2ᵏ·z with z in [√½, √2), f = z-1 and t = f/(2+f), so that ln z = 2·atanh t.
// Its series 2t + t·r is used as f - t·(f-r), whose largest term is exact.
func thinPlate() {
	const root = 0x3fe6a09e00000000 // the bits of about √½
	tiny := real("tiny", 0x1p-1000)
	shift := vector("shift", 0x3ff0000000000000-root)
	mantissa := vector("mantissa", 0x000fffffffffffff)
	base := vector("base", root)
	whole := real("whole", 0x1p52)
	bias := real("bias", 0x1p52+1023)
	one, two, half := real("one", 1), real("two", 2), real("half", 0.5)
	ln2 := real("ln2", math.Ln2)
	var terms [atanhTerms]operand.Mem
	for k := range terms {
		terms[k] = real("atanh"+string(rune('a'+k)), 2/float64(2*k+3))
	}

	build.TEXT("thinPlateAVX2", build.NOSPLIT, "func(v []float64)")
	build.Pragma("noescape")
	v := build.Load(build.Param("v").Base(), build.GP64())
	var i reg.GPVirtual
	loop("next", "v", &i, func() {
		at := operand.Mem{Base: v, Index: i, Scale: 8}
		s, keep, u, k, z := build.YMM(), build.YMM(), build.YMM(), build.YMM(), build.YMM()
		build.VMOVUPD(at, s)
		build.VCMPPD(operand.Imm(13), tiny, s, keep) // s ≥ tiny
		build.VPADDQ(shift, s, u)
		build.VPSRLQ(operand.Imm(52), u, k)
		build.VPOR(whole, k, k)
		build.VSUBPD(bias, k, k)
		build.VPAND(mantissa, u, z)
		build.VPADDQ(base, z, z)
		f, t, q, r := build.YMM(), build.YMM(), build.YMM(), build.YMM()
		build.VSUBPD(one, z, f)
		build.VADDPD(two, f, t)
		build.VDIVPD(t, f, t)
		build.VMULPD(t, t, q)
		build.VMOVUPD(terms[atanhTerms-1], r)
		for j := atanhTerms - 2; j >= 0; j-- {
			build.VFMADD213PD(terms[j], q, r)
		}
		build.VMULPD(q, r, r)
		build.VSUBPD(r, f, r)        // f - r
		build.VFNMADD213PD(f, t, r)  // f - t·(f-r)
		build.VFMADD231PD(ln2, k, r) // + k·ln 2
		build.VMULPD(half, s, s)     //
		build.VMULPD(s, r, r)        //
		build.VANDPD(keep, r, r)     //
		build.VMOVUPD(r, at)
	})
}

// expTerms is the degree of the Taylor polynomial of exp on ±ln 2/2: the next term
// is below 2⁻⁵⁷.
const expTerms = 13

// gaussian: v = exp(-v) for v ≥ 0, and 0 above 708.
//
// exp(-v) = 2ⁿ·exp(r) with n = -v/ln 2, rounded by adding a large number, which
// leaves n in the low bits, and r = -v - n·ln 2 with ln 2 in two parts.
func gaussian() {
	const ln2High = 0x1.62e42fep-1 // n·ln2High is exact
	limit := real("limit", 708)
	log2e := real("log2e", -math.Log2E)
	magic := real("magic", 0x1.8p52)
	high, low := real("ln2High", ln2High), real("ln2Low", math.Ln2-ln2High)
	var terms [expTerms + 1]operand.Mem
	factorial := 1.0
	for k := range terms {
		if k > 1 {
			factorial *= float64(k)
		}
		terms[k] = real("exp"+string(rune('a'+k)), 1/factorial)
	}

	build.TEXT("gaussianAVX2", build.NOSPLIT, "func(v []float64)")
	build.Pragma("noescape")
	v := build.Load(build.Param("v").Base(), build.GP64())
	var i reg.GPVirtual
	loop("next", "v", &i, func() {
		at := operand.Mem{Base: v, Index: i, Scale: 8}
		x, keep, n, r, p := build.YMM(), build.YMM(), build.YMM(), build.YMM(), build.YMM()
		build.VMOVUPD(at, x)
		build.VCMPPD(operand.Imm(2), limit, x, keep) // x ≤ limit
		build.VMOVUPD(magic, n)
		build.VFMADD231PD(log2e, x, n)
		build.VSUBPD(magic, n, p)
		build.VMOVUPD(x, r)
		build.VFMADD231PD(high, p, r) // v + n·ln 2 = -r
		build.VFMADD231PD(low, p, r)
		build.VMOVUPD(terms[expTerms], p)
		for j := expTerms - 1; j >= 0; j-- {
			build.VFNMADD213PD(terms[j], r, p) // p = term - r'·p, r' = -r
		}
		build.VPSLLQ(operand.Imm(52), n, n)
		build.VPADDQ(n, p, p)
		build.VANDPD(keep, p, p)
		build.VMOVUPD(p, at)
	})
}

// roots: the kernels that need nothing but a square root of s or of 1+s.
func roots() {
	minus, one := real("minus", -1), real("unit", 1)
	for _, k := range []struct {
		name string
		f    func(s, r reg.VecVirtual) // replaces s, given r = √s
		plus bool                      // √(1+s), and s is 1+s
	}{
		{"linearAVX2", func(s, r reg.VecVirtual) { build.VMULPD(minus, r, s) }, false},
		{"cubicAVX2", func(s, r reg.VecVirtual) { build.VMULPD(r, s, s) }, false},
		{"quinticAVX2", func(s, r reg.VecVirtual) {
			build.VMULPD(s, s, s)
			build.VMULPD(minus, r, r)
			build.VMULPD(r, s, s)
		}, false},
		{"multiquadricAVX2", func(s, r reg.VecVirtual) { build.VMULPD(minus, r, s) }, true},
		{"inverseMultiquadricAVX2", func(s, r reg.VecVirtual) {
			build.VMOVUPD(one, s)
			build.VDIVPD(r, s, s)
		}, true},
	} {
		build.TEXT(k.name, build.NOSPLIT, "func(v []float64)")
		build.Pragma("noescape")
		v := build.Load(build.Param("v").Base(), build.GP64())
		var i reg.GPVirtual
		loop("next", "v", &i, func() {
			at := operand.Mem{Base: v, Index: i, Scale: 8}
			s, r := build.YMM(), build.YMM()
			build.VMOVUPD(at, s)
			if k.plus {
				build.VADDPD(one, s, s)
			}
			build.VSQRTPD(s, r)
			k.f(s, r)
			build.VMOVUPD(s, at)
		})
	}
}
