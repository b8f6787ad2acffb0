package main

import (
	"fmt"
	"math"
)

// exponential returns the constants of exp(-z) = 2ⁿ exp(-s), as on amd64:
// n is -z/ln 2 rounded, s = z + n ln 2 with |s| ≤ ln 2/2, and ln 2 is split
// so that n·ln2Hi is exact. exp(-s) is its Taylor polynomial; the degree makes
// the remainder, |s|^(d+1)/(d+1)!, less than a tenth of an ulp: 7 in
// float32 (5e-9), 13 in float64 (4e-18). Arguments are held within ±limit.
func (t *target) exponential() []float64 {
	limit, hi := 87.3, float64(math.Float32frombits(math.Float32bits(math.Ln2)&^0xfff)) // 12 bits of n fit behind it
	lo := math.Ln2 - hi
	if t.size == 8 {
		limit, hi = 708, math.Float64frombits(math.Float64bits(math.Ln2)&^0xfffff)
		const rest = 2.319046813846299558e-17 // of ln 2 beyond double precision
		lo = rest + (math.Ln2 - hi)
	}
	constants := []float64{1, limit, -limit, -math.Log2E, hi, lo}
	term := 1.0
	for i := 1; i <= t.degree(); i++ {
		term /= -float64(i)
		constants = append(constants, term)
	}
	return constants
}

// degree is the degree of the polynomial for exp.
func (t *target) degree() int { return map[int]int{4: 7, 8: 13}[t.size] }

// together is the number of vectors a pass works on at a time, four registers
// each: their exponentials are long chains that run side by side. The
// constants are in the registers behind them.
func (t *target) together() int { return map[int]int{4: 4, 8: 2}[t.size] }

// Registers of constants, in the order of exponential.
func (t *target) one() vec           { return vec(4 * t.together()) }
func (t *target) limit() vec         { return t.one() + 1 }
func (t *target) minusLimit() vec    { return t.one() + 2 }
func (t *target) minusLog2e() vec    { return t.one() + 3 }
func (t *target) ln2(part int) vec   { return t.one() + 4 + vec(part) }
func (t *target) taylor(i int) vec   { return t.one() + 5 + vec(i) }
func (t *target) register(u int) vec { return vec(4 * u) } // and three more: of vector u

// Other registers of a pass.
const (
	squaresSum vec = 29 // of a row
	lossSum    vec = 30 // in float64
	tailMask   vec = 31

	rowsLeft   gp = 4
	groupsLeft gp = 5 // in a row
	inputRow   gp = 6
	sumsRow    gp = 7
	tailLanes  gp = 8
	groups     gp = 9
	singles    gp = 10
	atInput    gp = 13
	atSums     gp = 14
	spare      gp = 15
)

// A matrix of a pass: its row, the step to the next, and where the loop is.
type operand struct{ row, step, at gp }

var operands = []operand{{0, 1, 11}, {2, 3, 12}}

// tables writes the constants in memory: those of exponential, and a window
// of ones and zeros for masks.
func (t *target) tables() {
	t.text.WriteString("\n")
	offset := 0
	data := func(name string, v uint64) {
		fmt.Fprintf(&t.text, "DATA %s<>+%d(SB)/%d, $0x%0*x\n", name, offset, t.size, 2*t.size, v)
		offset += t.size
	}
	name := fmt.Sprintf("neonExp%d", 8*t.size)
	for _, v := range t.exponential() {
		if t.size == 4 {
			data(name, uint64(math.Float32bits(float32(v))))
		} else {
			data(name, math.Float64bits(v))
		}
	}
	fmt.Fprintf(&t.text, "GLOBL %s<>(SB), RODATA|NOPTR, $%d\n\n", name, offset)
	offset = 0
	name = fmt.Sprintf("neonMask%d", 8*t.size)
	for range t.lanes() {
		data(name, math.MaxUint64>>(64-8*t.size))
	}
	for range t.lanes() {
		data(name, 0)
	}
	fmt.Fprintf(&t.text, "GLOBL %s<>(SB), RODATA|NOPTR, $%d\n", name, offset)
}

// logistic replaces the first register of n vectors by 1/(1+exp(-z)); the
// other three are lost. NaN stays NaN.
func (t *target) logistic(n int) {
	var z, k, p, q [4]vec
	for u := range n {
		r := t.register(u)
		z[u], k[u], p[u], q[u] = r, r+1, r+2, r+3
	}
	each := func(f func(u int)) {
		for u := range n {
			f(u)
		}
	}
	each(func(u int) { t.min(z[u], z[u], t.limit()) })
	each(func(u int) { t.max(z[u], z[u], t.minusLimit()) })
	each(func(u int) { t.mul(k[u], z[u], t.minusLog2e()) })
	each(func(u int) { t.round(k[u], k[u]) })
	each(func(u int) { t.fma(z[u], k[u], t.ln2(0)) })
	each(func(u int) { t.fma(z[u], k[u], t.ln2(1)) })
	each(func(u int) { t.integer(k[u], k[u]) })
	each(func(u int) { t.copy(p[u], t.taylor(t.degree()-1)) })
	each(func(u int) { t.fma(p[u], z[u], t.taylor(t.degree())) })
	for i := t.degree() - 2; i >= 0; i-- {
		each(func(u int) {
			if i > 0 {
				t.copy(q[u], t.taylor(i))
			} else {
				t.copy(q[u], t.one())
			}
		})
		each(func(u int) { t.fma(q[u], p[u], z[u]) })
		p, q = q, p
	}
	// 2ⁿ by way of the exponent: n and p keep it within the normal numbers,
	// or just below, where adding 1 makes no difference.
	a := t.arrangement()
	each(func(u int) { t.ins("VSHL $%d, V%d.%s, V%d.%s", map[int]int{4: 23, 8: 52}[t.size], k[u], a, k[u], a) })
	each(func(u int) { t.ins("VADD V%d.%s, V%d.%s, V%d.%s", k[u], a, p[u], a, p[u], a) })
	each(func(u int) { t.add(p[u], p[u], t.one()) })
	each(func(u int) { t.div(z[u], t.one(), p[u]) })
}

// passes writes the fused passes.
func (t *target) passes() {
	t.tables()
	t.activate()
	t.outputDelta("outputLogistic", true)
	t.outputDelta("outputIdentity", false)
	t.hiddenDelta()
}

// pass is a pass being written: over matrices, a row of input and one of sums.
type pass struct {
	*target
	matrices []operand
}

// begin loads the arguments and constants of a pass.
func (t *target) begin(input string, matrices ...string) *pass {
	p := &pass{target: t, matrices: operands[:len(matrices)]}
	for i, m := range p.matrices {
		t.load(matrices[i], m.row)
		t.load(matrices[i]+"Step", m.step)
	}
	t.load("rows", rowsLeft)
	t.load("cols", groups)
	t.load(input, inputRow)
	t.load("sums", sumsRow)
	shift := map[int]int{4: 2, 8: 1}[t.size] // by lanes
	t.ins("AND $%d, R%d, R%d", t.lanes()-1, groups, tailLanes)
	t.ins("LSR $%d, R%d", shift, groups)
	t.ins("AND $%d, R%d, R%d", t.together()-1, groups, singles)
	t.ins("LSR $%d, R%d", map[int]int{4: 2, 2: 1}[t.together()], groups)

	t.ins("MOVD $neonMask%d<>+%d(SB), R%d", 8*t.size, vectorBytes, spare)
	t.ins("SUB R%d<<%d, R%d", tailLanes, map[int]int{4: 2, 8: 3}[t.size], spare)
	t.get(tailMask, spare, 0)
	t.ins("MOVD $neonExp%d<>(SB), R%d", 8*t.size, spare)
	for i := range t.exponential() {
		t.ins("VLD1R.P %d(R%d), [V%d.%s]", t.size, spare, t.one()+vec(i), t.arrangement())
	}
	return p
}

// each writes the loops over rows and vectors. body works on the vectors that
// begin at registers 0, 4, …; cut says that there is just one, the tail.
func (p *pass) each(body func(n int, cut bool), rowEnd func()) {
	row, loop, single, tail, end := p.label(), p.label(), p.label(), p.label(), p.label()
	p.mark(row)
	for _, m := range p.matrices {
		p.ins("MOVD R%d, R%d", m.row, m.at)
	}
	p.ins("MOVD R%d, R%d", inputRow, atInput)
	p.ins("MOVD R%d, R%d", sumsRow, atSums)
	vectors := func(count gp, n int, loop, next string) {
		p.ins("CBZ R%d, %s", count, next)
		p.ins("MOVD R%d, R%d", count, groupsLeft)
		p.mark(loop)
		body(n, false)
		for _, m := range p.matrices {
			p.ins("ADD $%d, R%d", n*vectorBytes, m.at)
		}
		p.ins("ADD $%d, R%d", n*vectorBytes, atInput)
		p.ins("ADD $%d, R%d", n*vectorBytes, atSums)
		p.count(groupsLeft, 1, loop)
	}
	rest := p.label()
	vectors(groups, p.together(), loop, rest)
	p.mark(rest)
	vectors(singles, 1, single, tail)
	p.mark(tail)
	p.ins("CBZ R%d, %s", tailLanes, end)
	body(1, true)
	p.mark(end)
	rowEnd()
	for _, m := range p.matrices {
		p.ins("ADD R%d, R%d", m.step, m.row)
	}
	p.count(rowsLeft, 1, row)
}

// take loads n vectors from base into one of the four registers each has.
func (p *pass) take(which vec, base gp, n int, cut bool) {
	for u := range n {
		if d := p.register(u) + which; cut {
			p.getTail(d, base, 0, tailLanes, spare)
		} else {
			p.get(d, base, u*vectorBytes)
		}
	}
}

// give stores what take loads.
func (p *pass) give(which vec, base gp, n int, cut bool) {
	for u := range n {
		if d := p.register(u) + which; cut {
			p.putTail(d, base, 0, tailLanes, spare)
		} else {
			p.put(d, base, u*vectorBytes)
		}
	}
}

// op writes d = n op m for each of the vectors.
func (p *pass) op(f func(d, n, m vec), n int, d, a, b vec) {
	for u := range n {
		f(p.register(u)+d, p.register(u)+a, p.register(u)+b)
	}
}

// finish stores the results, and adds them to the sums of their columns.
func (p *pass) finish(which, scratch vec, n int, cut bool) {
	p.give(which, p.matrices[0].at, n, cut)
	p.take(scratch, atSums, n, cut)
	p.op(p.add, n, scratch, scratch, which)
	p.give(scratch, atSums, n, cut)
}

// activate writes z = f(z + bias), sums += z.
func (t *target) activate() {
	t.function(t.name("activateLogistic"), "z *T", "zStep int", "rows int", "cols int", "bias *T", "sums *T")
	p := t.begin("bias", "z")
	p.each(func(n int, cut bool) {
		p.take(0, p.matrices[0].at, n, cut)
		p.take(1, atInput, n, cut)
		p.op(p.add, n, 0, 0, 1)
		p.logistic(n)
		p.finish(0, 1, n, cut)
	}, func() {})
	t.ins("RET")
}

// outputDelta writes e = f(z + bias) - x, z = e·f', sums += z, and returns
// Σe². The squares of a row are added in the lanes of a vector, those of the
// rows in float64.
func (t *target) outputDelta(what string, logistic bool) {
	t.function(t.name(what), "z *T", "zStep int", "x *T", "xStep int", "rows int", "cols int", "bias *T", "sums *T", "ret float64")
	p := t.begin("bias", "z", "x")
	t.zero(squaresSum)
	t.zero(lossSum)
	p.each(func(n int, cut bool) {
		p.take(0, p.matrices[0].at, n, cut)
		p.take(1, atInput, n, cut)
		p.op(p.add, n, 0, 0, 1)
		if logistic {
			p.logistic(n)
		}
		p.take(1, p.matrices[1].at, n, cut)
		p.op(p.sub, n, 2, 0, 1) // e
		if cut {                // f(0) need not be 0
			t.ins("VAND V%d.B16, V%d.B16, V%d.B16", tailMask, t.register(0)+2, t.register(0)+2)
		}
		for u := range n {
			t.fma(squaresSum, t.register(u)+2, t.register(u)+2)
		}
		if logistic {
			p.op(p.mul, n, 2, 2, 0)
			for u := range n {
				t.sub(t.register(u), t.one(), t.register(u))
			}
			p.op(p.mul, n, 2, 2, 0)
		}
		p.finish(2, 1, n, cut)
	}, func() {
		if t.size == 8 {
			t.addDoubles(lossSum, lossSum, squaresSum)
		} else {
			for _, upper := range []bool{false, true} {
				t.widen(0, squaresSum, upper)
				t.addDoubles(lossSum, lossSum, 0)
			}
		}
		t.zero(squaresSum)
	})
	t.sumDoubles(0, lossSum)
	t.ins("FMOVD F0, ret+%d(FP)", t.args["ret"].offset)
	t.ins("RET")
}

// hiddenDelta writes d = (d + s)·a(1-a), sums += d.
func (t *target) hiddenDelta() {
	t.function(t.name("hiddenLogistic"), "d *T", "dStep int", "a *T", "aStep int", "rows int", "cols int", "s *T", "sums *T")
	p := t.begin("s", "d", "a")
	p.each(func(n int, cut bool) {
		p.take(0, p.matrices[0].at, n, cut)
		p.take(1, atInput, n, cut)
		p.take(2, p.matrices[1].at, n, cut)
		p.op(p.add, n, 0, 0, 1)
		p.op(p.mul, n, 0, 0, 2)
		for u := range n {
			t.sub(t.register(u)+3, t.one(), t.register(u)+2)
		}
		p.op(p.mul, n, 0, 0, 3)
		p.finish(0, 1, n, cut)
	}, func() {})
	t.ins("RET")
}
