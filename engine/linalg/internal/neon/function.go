package main

import (
	"math"

	"filterscope/engine/linalg/internal/series"
)

// function is an element-wise function of the passes; the order of functions
// is that of linalg.Function. A pass works on together/size vectors at a time, whose
// exponentials are long chains that run side by side, and each has per
// registers. The constants are in the registers behind them.
type function struct {
	name          string
	per, together int
	constants     func(t *target) []uint64 // the first ones of exponentials
	// value replaces register 0 of n vectors by f of it; the other registers are
	// lost.
	value func(t *target, n int)
	// slope multiplies register d by f'(z), a = f(z) in register a, which is lost,
	// as registers 1 and from 3 on are; d and a are 0 and 2.
	slope func(t *target, n int, d, a vec)
}

var functions = []function{
	{"Logistic", 4, 16, (*target).exponential, (*target).logistic, (*target).logisticSlope},
	{"Identity", 4, 16, noConstants, func(*target, int) {}, func(*target, int, vec, vec) {}},
	{"Tanh", 6, 8, (*target).exponentials, (*target).tanh, (*target).tanhSlope},
	{"ReLU", 4, 16, noConstants, (*target).relu, (*target).reluSlope},
	{"Softplus", 6, 8, (*target).exponential, (*target).softplus, (*target).softplusSlope},
}

func noConstants(*target) []uint64 { return nil }

// exponentials returns the constants, as on amd64: exp(-x) = 2ⁿ exp(-s),
// n is -x/ln 2 rounded, s = x + n ln 2 with |s| ≤ ln 2/2, and ln 2 is split
// so that n·ln2Hi is exact. exp(-s) is a polynomial; its degree makes the error
// less than a tenth of an ulp: 6 in float32 (4e-9), 11 in float64 (6e-18).
// Arguments are held within ±limit.
// The last constant is a sign.
func (t *target) exponentials() []uint64 {
	limit, hi := 87.3, float64(math.Float32frombits(math.Float32bits(math.Ln2)&^0xfff)) // 12 bits of n fit behind it
	lo := math.Ln2 - hi
	if t.size == 8 {
		limit, hi = 708, math.Float64frombits(math.Float64bits(math.Ln2)&^0xfffff)
		const rest = 2.319046813846299558e-17 // of ln 2 beyond double precision
		lo = rest + (math.Ln2 - hi)
	}
	constants := []uint64{t.real(1), t.real(limit), t.real(-limit), t.real(-math.Log2E), t.real(hi), t.real(lo)}
	for _, c := range series.Exp(t.degree()-1, math.Ln2/2) {
		constants = append(constants, t.real(c))
	}
	return append(constants, t.real(math.Copysign(0, -1)))
}

// exponential returns the constants but the sign.
func (t *target) exponential() []uint64 { return t.exponentials()[:6+t.degree()] }

// artanh returns the coefficients of log(1+e) = 2 artanh w =
// 2w(1 + w²/3 + w⁴/5 + …), w = e/(2+e) ≤ 1/3, the last first; those left out are
// below a tenth of an ulp.
func (t *target) artanh() []uint64 {
	var list []uint64
	for i := map[int]int{4: 7, 8: 16}[t.size]; i >= 0; i-- {
		list = append(list, t.real(2/float64(2*i+1)))
	}
	return list
}

// real returns the bits of a number.
func (t *target) real(v float64) uint64 {
	if t.size == 4 {
		return uint64(math.Float32bits(float32(v)))
	}
	return math.Float64bits(v)
}

// degree is the degree of the polynomial for exp.
func (t *target) degree() int { return map[int]int{4: 6, 8: 11}[t.size] }

// Registers of constants, in the order of exponentials.
func (t *target) one() vec           { return vec(t.per * t.together) }
func (t *target) limit() vec         { return t.one() + 1 }
func (t *target) minusLimit() vec    { return t.one() + 2 }
func (t *target) minusLog2e() vec    { return t.one() + 3 }
func (t *target) ln2(part int) vec   { return t.one() + 4 + vec(part) }
func (t *target) power(i int) vec    { return t.one() + 5 + vec(i) }
func (t *target) sign() vec          { return t.power(t.degree() + 1) }
func (t *target) register(u int) vec { return vec(t.per * u) } // the first of vector u

// op writes d = a op b for each of n vectors.
func (t *target) op(f func(d, a, b vec), n int, d, a, b vec) {
	for u := range n {
		f(t.register(u)+d, t.register(u)+a, t.register(u)+b)
	}
}

// with writes d = a op c for each of n vectors and a constant c.
func (t *target) with(f func(d, a, b vec), n int, d, a, c vec) {
	for u := range n {
		f(t.register(u)+d, t.register(u)+a, c)
	}
}

// single writes d = op a for each of n vectors.
func (t *target) single(f func(d, a vec), n int, d, a vec) {
	for u := range n {
		f(t.register(u)+d, t.register(u)+a)
	}
}

// reduceRange replaces register x of n vectors by x' and leaves in k the
// integer n of exp(-x) = 2ⁿ(1 + p·x'); it returns where p is: in p or q. NaN stays NaN.
func (t *target) reduceRange(n int, x, k, p, q vec) vec {
	t.with(t.min, n, x, x, t.limit())
	t.with(t.max, n, x, x, t.minusLimit())
	t.with(t.mul, n, k, x, t.minusLog2e())
	t.single(t.round, n, k, k)
	t.with(t.fma, n, x, k, t.ln2(0))
	t.with(t.fma, n, x, k, t.ln2(1))
	t.single(t.integer, n, k, k)
	for u := range n {
		t.copy(t.register(u)+p, t.power(t.degree()))
	}
	for i := t.degree() - 1; i >= 1; i-- {
		p, q = t.horner(n, x, p, q, t.power(i))
	}
	return p
}

// horner writes q = p·x + c and returns q and p.
func (t *target) horner(n int, x, p, q, c vec) (now, other vec) {
	for u := range n {
		t.copy(t.register(u)+q, c)
	}
	t.op(t.fma, n, q, p, x)
	return q, p
}

// toExponent moves the integer in register k to where the exponent of a number is.
func (t *target) toExponent(n int, k vec) {
	a := t.arrangement()
	for u := range n {
		r := t.register(u) + k
		t.ins("VSHL $%d, V%d.%s, V%d.%s", map[int]int{4: 23, 8: 52}[t.size], r, a, r, a)
	}
}

// integers writes d = n + m, integers.
func (t *target) integers(d, n, m vec) {
	a := t.arrangement()
	t.ins("VADD V%d.%s, V%d.%s, V%d.%s", m, a, n, a, d, a)
}

// expNegative replaces register x of n vectors by exp(-x); k, p and q are lost.
func (t *target) expNegative(n int, x, k, p, q vec) {
	at := t.reduceRange(n, x, k, p, q)
	now, _ := t.horner(n, x, at, p+q-at, t.one())
	// 2ⁿ by way of the exponent: n and p keep it within the normal numbers,
	// or just below.
	t.toExponent(n, k)
	t.op(t.integers, n, x, now, k)
}

// expNegativeLess1 replaces register x of n vectors by exp(-x) - 1 =
// 2ⁿ·(p·x') + (2ⁿ - 1), which keeps the digits of a small x: n is 0 there.
func (t *target) expNegativeLess1(n int, x, k, p, q vec) {
	at := t.reduceRange(n, x, k, p, q)
	t.op(t.mul, n, at, at, x)
	t.toExponent(n, k)
	t.with(t.integers, n, k, k, t.one())
	t.with(t.sub, n, x, k, t.one())
	t.op(t.fma, n, x, k, at)
}

// logistic: 1/(1+exp(-z)).
func (t *target) logistic(n int) {
	t.expNegative(n, 0, 1, 2, 3)
	t.with(t.add, n, 0, 0, t.one())
	for u := range n {
		t.div(t.register(u), t.one(), t.register(u))
	}
}

// logisticSlope: f' = a(1-a).
func (t *target) logisticSlope(n int, d, a vec) {
	t.op(t.mul, n, d, d, a)
	for u := range n {
		t.sub(t.register(u)+a, t.one(), t.register(u)+a)
	}
	t.op(t.mul, n, d, d, a)
}

// tanh: with u = exp(-2|z|) - 1, tanh |z| = -u/(2+u), and the sign is that of
// z. Nothing cancels near 0.
func (t *target) tanh(n int) {
	t.op(t.add, n, 1, 0, 0)
	t.single(t.abs, n, 1, 1)
	t.expNegativeLess1(n, 1, 2, 3, 4)
	t.with(t.add, n, 2, 1, t.one())
	t.with(t.add, n, 2, 2, t.one())
	t.op(t.div, n, 1, 1, 2)
	t.single(t.abs, n, 1, 1)
	for u := range n {
		z := t.register(u)
		t.ins("VAND V%d.B16, V%d.B16, V%d.B16", t.sign(), z, z)
		t.ins("VORR V%d.B16, V%d.B16, V%d.B16", z+1, z, z)
	}
}

// tanhSlope: f' = 1-a².
func (t *target) tanhSlope(n int, d, a vec) {
	t.op(t.mul, n, a, a, a)
	for u := range n {
		t.sub(t.register(u)+a, t.one(), t.register(u)+a)
	}
	t.op(t.mul, n, d, d, a)
}

// relu: max(0, z).
func (t *target) relu(n int) {
	for u := range n {
		t.zero(t.register(u) + 1)
	}
	t.op(t.max, n, 0, 0, 1)
}

// reluSlope: d is cleared where a ≤ 0, and kept where a is NaN.
func (t *target) reluSlope(n int, d, a vec) {
	for u := range n {
		r := t.register(u)
		t.word(0x6ea0d800|uint32(r+a)<<5|uint32(r+a), "fcmle v%d.%s, v%d.%s, #0", r+a, t.shape(), r+a, t.shape())
		t.ins("WORD $0x%08x // bic v%d.16b, v%d.16b, v%d.16b", 0x4e601c00|uint32(r+a)<<16|uint32(r+d)<<5|uint32(r+d), r+d, r+d, r+a)
	}
}

// softplus: log(1+exp z) = max(z, 0) + log(1+e), e = exp(-|z|).
func (t *target) softplus(n int) {
	t.single(t.abs, n, 1, 0)
	t.expNegative(n, 1, 2, 3, 4)
	for u := range n {
		t.zero(t.register(u) + 5)
	}
	t.op(t.max, n, 0, 0, 5)
	t.with(t.add, n, 2, 1, t.one())
	t.with(t.add, n, 2, 2, t.one())
	t.op(t.div, n, 2, 1, 2) // w
	t.op(t.mul, n, 1, 2, 2)
	t.ins("MOVD $neonArtanh%d<>(SB), R%d", 8*t.size, spare)
	coefficient := func(d vec) {
		t.ins("VLD1R.P %d(R%d), [V%d.%s]", t.size, spare, d, t.arrangement())
	}
	p, q := vec(3), vec(4)
	for i := range t.artanh() {
		coefficient(5)
		if i == 0 {
			for u := range n {
				t.copy(t.register(u)+p, 5)
			}
			continue
		}
		p, q = t.horner(n, 1, p, q, 5)
	}
	t.op(t.fma, n, 0, 2, p)
}

// softplusSlope: f' = 1 - exp(-a).
func (t *target) softplusSlope(n int, d, a vec) {
	t.expNegativeLess1(n, a, 1, 3, 4)
	t.single(t.neg, n, a, a)
	t.op(t.mul, n, d, d, a)
}

func (t *target) abs(d, n vec) {
	t.word(0x4ea0f800|uint32(n)<<5|uint32(d), "fabs v%d.%s, v%d.%s", d, t.shape(), n, t.shape())
}

func (t *target) neg(d, n vec) {
	t.word(0x6ea0f800|uint32(n)<<5|uint32(d), "fneg v%d.%s, v%d.%s", d, t.shape(), n, t.shape())
}
