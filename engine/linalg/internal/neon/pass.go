package main

import (
	"fmt"
	"math"
	"math/bits"
)

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

// tables writes the constants in memory, and a window of ones and zeros for
// masks.
func (t *target) tables() {
	t.datum(fmt.Sprintf("neonExp%d", 8*t.size), t.exponentials())
	t.datum(fmt.Sprintf("neonArtanh%d", 8*t.size), t.artanh())
	mask := make([]uint64, 2*t.lanes())
	for i := range t.lanes() {
		mask[i] = math.MaxUint64 >> (64 - 8*t.size)
	}
	t.datum(fmt.Sprintf("neonMask%d", 8*t.size), mask)
}

// datum writes elements in memory.
func (t *target) datum(name string, elements []uint64) {
	t.text.WriteString("\n")
	for i, v := range elements {
		fmt.Fprintf(&t.text, "DATA %s<>+%d(SB)/%d, $0x%0*x\n", name, i*t.size, t.size, 2*t.size, v)
	}
	fmt.Fprintf(&t.text, "GLOBL %s<>(SB), RODATA|NOPTR, $%d\n", name, len(elements)*t.size)
}

// passes writes the fused passes of every function, and the table of them.
func (t *target) passes() {
	t.tables()
	fmt.Fprintf(&t.table, "\n// fused%dNEON is indexed by function.\n", 8*t.size)
	fmt.Fprintf(&t.table, "var fused%dNEON = [...]fusedKernels[%s]{\n", 8*t.size, t.elem())
	for _, f := range functions {
		t.per, t.together = f.per, f.together/t.size
		fmt.Fprintf(&t.table, "{%s, %s, %s},\n", t.activate(f), t.outputDelta(f), t.hiddenDelta(f))
	}
	fmt.Fprintln(&t.table, "}")
}

// pass is a pass being written: over matrices, a row of input and one of sums.
type pass struct {
	*target
	matrices []operand
}

// begin loads the arguments and constants of a pass.
func (t *target) begin(f function, input string, matrices ...string) *pass {
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
	t.ins("AND $%d, R%d, R%d", t.together-1, groups, singles)
	t.ins("LSR $%d, R%d", bits.TrailingZeros(uint(t.together)), groups)

	t.ins("MOVD $neonMask%d<>+%d(SB), R%d", 8*t.size, vectorBytes, spare)
	t.ins("SUB R%d<<%d, R%d", tailLanes, map[int]int{4: 2, 8: 3}[t.size], spare)
	t.get(tailMask, spare, 0)
	t.ins("MOVD $neonExp%d<>(SB), R%d", 8*t.size, spare)
	for i := range f.constants(t) {
		t.ins("VLD1R.P %d(R%d), [V%d.%s]", t.size, spare, t.one()+vec(i), t.arrangement())
	}
	return p
}

// each writes the loops over rows and vectors. body works on as many vectors as
// it is told; cut says that there is just one, the tail.
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
	vectors(groups, p.together, loop, rest)
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

// take loads n vectors from base into one of the registers each has.
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

// finish stores the results, and adds them to the sums of their columns.
func (p *pass) finish(which, scratch vec, n int, cut bool) {
	p.give(which, p.matrices[0].at, n, cut)
	p.take(scratch, atSums, n, cut)
	p.op(p.add, n, scratch, scratch, which)
	p.give(scratch, atSums, n, cut)
}

// activate writes z = f(z + bias), sums += z, and returns its name.
func (t *target) activate(f function) string {
	name := t.name("activate" + f.name)
	t.function(name, "z *T", "zStep int", "rows int", "cols int", "bias *T", "sums *T")
	p := t.begin(f, "bias", "z")
	p.each(func(n int, cut bool) {
		p.take(0, p.matrices[0].at, n, cut)
		p.take(1, atInput, n, cut)
		p.op(p.add, n, 0, 0, 1)
		f.value(t, n)
		p.finish(0, 1, n, cut)
	}, func() {})
	t.ins("RET")
	return name
}

// outputDelta writes e = f(z + bias) - x, z = e·f', sums += z, and returns
// Σe². The squares of a row are added in the lanes of a vector, those of the
// rows in float64.
func (t *target) outputDelta(f function) string {
	name := t.name("output" + f.name)
	t.function(name, "z *T", "zStep int", "x *T", "xStep int", "rows int", "cols int", "bias *T", "sums *T", "ret float64")
	p := t.begin(f, "bias", "z", "x")
	t.zero(squaresSum)
	t.zero(lossSum)
	p.each(func(n int, cut bool) {
		p.take(0, p.matrices[0].at, n, cut)
		p.take(1, atInput, n, cut)
		p.op(p.add, n, 0, 0, 1)
		f.value(t, n)
		p.take(1, p.matrices[1].at, n, cut)
		p.op(p.sub, n, 2, 0, 1) // e
		if cut {                // f(0) need not be 0
			t.ins("VAND V%d.B16, V%d.B16, V%d.B16", tailMask, t.register(0)+2, t.register(0)+2)
		}
		for u := range n {
			t.fma(squaresSum, t.register(u)+2, t.register(u)+2)
		}
		f.slope(t, n, 2, 0)
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
	return name
}

// hiddenDelta writes d = (d + s)·f'(z), a = f(z), sums += d.
func (t *target) hiddenDelta(f function) string {
	name := t.name("hidden" + f.name)
	t.function(name, "d *T", "dStep int", "a *T", "aStep int", "rows int", "cols int", "s *T", "sums *T")
	p := t.begin(f, "s", "d", "a")
	p.each(func(n int, cut bool) {
		p.take(0, p.matrices[0].at, n, cut)
		p.take(1, atInput, n, cut)
		p.take(2, p.matrices[1].at, n, cut)
		p.op(p.add, n, 0, 0, 1)
		f.slope(t, n, 0, 2)
		p.finish(0, 1, n, cut)
	}, func() {})
	t.ins("RET")
	return name
}
