package main

import (
	"fmt"
	"io"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A strip kernel computes some rows of C, as many as accumulators fit into
// the registers, over any number of column panels two vectors wide:
//
//	N: C = A·P   A read row by row, P packed panel by panel
//	T: C = Aᵀ·B  A and B both read along their rows, neither packed
//
// The last panel of C may be narrower: "edge" kernels mask its last vector,
// and those of width 1 have only that one.
const (
	full    = iota // both vectors whole
	edge           // the second vector masked
	narrow         // one vector, masked
	nWidths        // number of the above
)

// rows is the height of the tallest strip: 28 of 32 or 12 of 16 registers
// accumulate.
func (t *target) rows() int {
	if t.wide() {
		return 14
	}
	return 6
}

// strips writes all strip kernels and the table of them.
func (t *target) strips(table io.Writer) {
	isa := t.name("")[2:]
	for _, mode := range []string{"N", "T"} {
		fmt.Fprintf(table, "\n// strips%s%d%s is indexed by height and width.\n", mode, 8*t.size, isa)
		fmt.Fprintf(table, "var strips%s%d%s = [...][3]strip[%s]{\n{},\n", mode, 8*t.size, isa, t.elem())
		for height := 1; height <= t.rows(); height++ {
			var names [nWidths]string
			for width := range nWidths {
				if width == full && t.wide() {
					continue // masks cost nothing: the edge kernel will do
				}
				names[width] = t.strip(mode, height, width)
			}
			if t.wide() {
				names[full] = names[edge]
			}
			fmt.Fprintf(table, "{%s, %s, %s},\n", names[full], names[edge], names[narrow])
		}
		fmt.Fprintln(table, "}")
	}
}

// strip writes one kernel and returns its name.
func (t *target) strip(mode string, height, width int) string {
	name := t.name(fmt.Sprintf("mul%s%dx%sF", mode, height, [...]string{"2Full", "2", "1"}[width]))
	vectors := 2
	if width == narrow {
		vectors = 1
	}
	t.Function(name)
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(k, panels int, a *%[1]s, aStep int, b *%[1]s, bStep, bPanel int, c *%[1]s, cStep, tail, add int)", t.elem()))

	if width != full {
		n := t.GP64()
		t.Load(t.Param("tail"), n)
		t.loadMask(n)
	}
	panels, panel, c := t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("panels"), panels)
	t.Load(t.Param("b"), panel)
	t.Load(t.Param("c"), c)

	t.Label("panel")
	s := &strip{target: t, mode: mode, height: height, vectors: vectors, masked: width != full}
	s.acc = make([][]reg.VecVirtual, height)
	for i := range s.acc {
		s.acc[i] = make([]reg.VecVirtual, vectors)
		for v := range s.acc[i] {
			s.acc[i][v] = t.vec()
			t.zero(s.acc[i][v])
		}
	}
	s.products(panel, c)
	s.results(c)

	t.ADDQ(operand.I32(2*t.bytes()), c)
	step := t.GP64()
	t.Load(t.Param("bPanel"), step)
	t.ADDQ(step, panel)
	t.DECQ(panels)
	t.JNZ(operand.LabelRef("panel"))
	t.VZEROUPPER()
	t.RET()
	return name
}

// strip is the state of one kernel while it is written.
type strip struct {
	*target
	mode            string
	height, vectors int
	masked          bool
	acc             [][]reg.VecVirtual

	rows  []operand.Mem // first element of each row of op(A)
	bases []reg.GPVirtual
	aStep reg.GPVirtual
	b     reg.GPVirtual
	bStep reg.GPVirtual
	bv    []reg.VecVirtual
}

// products writes the loop over k.
func (s *strip) products(panel, c reg.GPVirtual) {
	k := s.GP64()
	s.aStep, s.b = s.GP64(), s.GP64()
	s.Load(s.Param("aStep"), s.aStep)
	s.MOVQ(panel, s.b)
	s.addressRows()
	s.bv = make([]reg.VecVirtual, s.vectors)
	for v := range s.bv {
		s.bv[v] = s.vec()
	}
	if s.mode == "T" {
		s.bStep = s.GP64()
		s.Load(s.Param("bStep"), s.bStep)
	}
	s.Load(s.Param("k"), k)
	s.prefetchResults(c)

	const unroll = 4
	if s.height < s.target.rows()-1 || s.vectors < 2 { // rare: keep them short
		s.Label("one")
		s.step(0)
		s.advance(1)
		s.DECQ(k)
		s.JNZ(operand.LabelRef("one"))
		return
	}
	rest := s.GP64()
	s.MOVQ(k, rest)
	s.ANDQ(operand.I32(unroll-1), rest)
	s.SHRQ(operand.U8(2), k)
	s.JZ(operand.LabelRef("rest"))
	next := s.nextResults(c)
	s.Label("four")
	for u := range unroll {
		if s.mode == "T" {
			s.step(0)
			s.advance(1)
		} else {
			s.step(u)
		}
	}
	if s.mode == "N" {
		s.advance(unroll)
	}
	next.prefetch()
	s.DECQ(k)
	s.JNZ(operand.LabelRef("four"))
	s.Label("rest")
	s.TESTQ(rest, rest)
	s.JZ(operand.LabelRef("done"))
	s.Label("one")
	s.step(0)
	s.advance(1)
	s.DECQ(rest)
	s.JNZ(operand.LabelRef("one"))
	s.Label("done")
}

// nextRows walks over the rows that the next panel of C will add to.
type nextRows struct {
	*strip
	at, step, left, zero reg.GPVirtual
}

// nextResults starts the walk. Accumulators of gradients live in the
// third-level cache: their lines are asked for one row every fourth k, so
// that they do not hold up the loads of A and B.
func (s *strip) nextResults(c reg.GPVirtual) *nextRows {
	if s.mode != "T" {
		return nil
	}
	n := &nextRows{strip: s, at: s.GP64(), step: s.GP64(), left: s.GP64(), zero: s.GP64()}
	s.LEAQ(operand.Mem{Base: c, Disp: 2 * s.bytes()}, n.at)
	s.Load(s.Param("cStep"), n.step)
	s.MOVQ(operand.I32(s.height-1), n.left)
	s.XORQ(n.zero, n.zero)
	return n
}

// prefetch asks for one row; after the last it stays there.
func (n *nextRows) prefetch() {
	if n == nil {
		return
	}
	for line := 0; line < 2*n.bytes(); line += 64 {
		n.PREFETCHT0(operand.Mem{Base: n.at, Disp: line})
	}
	n.ADDQ(n.step, n.at)
	n.DECQ(n.left)
	n.CMOVQEQ(n.zero, n.step)
}

// addressRows finds an address for each row: T needs one register, N one for
// five rows, with the row step and three times it as indices.
func (s *strip) addressRows() {
	s.rows = make([]operand.Mem, s.height)
	a := s.GP64()
	s.Load(s.Param("a"), a)
	s.bases = []reg.GPVirtual{a}
	if s.mode == "T" {
		for i := range s.rows {
			s.rows[i] = operand.Mem{Base: a, Disp: i * s.size}
		}
		return
	}
	three := s.GP64()
	if s.height > 3 {
		s.LEAQ(operand.Mem{Base: s.aStep, Index: s.aStep, Scale: 2}, three)
	}
	for i := range s.rows {
		if i > 0 && i%5 == 0 { // five rows on: four steps and one
			next := s.GP64()
			s.LEAQ(operand.Mem{Base: a, Index: s.aStep, Scale: 4}, next)
			s.ADDQ(s.aStep, next)
			a = next
			s.bases = append(s.bases, a)
		}
		m := operand.Mem{Base: a}
		switch i % 5 {
		case 1, 2, 4:
			m.Index, m.Scale = s.aStep, uint8(i%5)
		case 3:
			m.Index, m.Scale = three, 1
		}
		s.rows[i] = m
	}
}

// step writes the multiplications of the u-th k from where the registers point.
func (s *strip) step(u int) {
	for v := range s.bv {
		m := operand.Mem{Base: s.b, Disp: (2*u + v) * s.bytes()}
		if s.mode == "T" && s.masked && v == s.vectors-1 {
			s.loadTail(m, s.bv[v])
		} else {
			s.load(m, s.bv[v])
		}
	}
	if s.mode == "N" && s.wide() && s.vectors == 2 && s.height == s.target.rows() {
		s.PREFETCHT0(operand.Mem{Base: s.b, Disp: 1024 + 2*u*s.bytes()})
		s.PREFETCHT0(operand.Mem{Base: s.b, Disp: 1024 + (2*u+1)*s.bytes()})
	}
	for i := range s.acc {
		m := s.rows[i]
		if s.mode == "N" {
			m.Disp += u * s.size
		}
		w := s.vec()
		s.broadcast(m, w)
		for v := range s.bv {
			s.fma(s.bv[v], w, s.acc[i][v])
		}
	}
}

// advance moves the registers on by n of k.
func (s *strip) advance(n int) {
	if s.mode == "T" {
		s.ADDQ(s.aStep, s.bases[0])
		s.ADDQ(s.bStep, s.b)
		return
	}
	for _, a := range s.bases {
		s.ADDQ(operand.I32(n*s.size), a)
	}
	s.ADDQ(operand.I32(2*n*s.bytes()), s.b)
}

// prefetchResults asks for the part of C that results will touch.
func (s *strip) prefetchResults(c reg.GPVirtual) {
	if s.mode == "T" || s.vectors < 2 || s.height < s.target.rows() {
		return
	}
	at, step := s.GP64(), s.GP64()
	s.MOVQ(c, at)
	s.Load(s.Param("cStep"), step)
	for i := range s.height {
		for line := 0; line < 2*s.bytes(); line += 64 {
			s.PREFETCHT0(operand.Mem{Base: at, Disp: line})
		}
		if i+1 < s.height {
			s.ADDQ(step, at)
		}
	}
}

// results stores the accumulators in C, or adds them to it.
func (s *strip) results(c reg.GPVirtual) {
	at, step, add := s.GP64(), s.GP64(), s.GP64()
	s.MOVQ(c, at)
	s.Load(s.Param("cStep"), step)
	s.Load(s.Param("add"), add)
	s.TESTQ(add, add)
	s.JZ(operand.LabelRef("set"))
	for i := range s.acc {
		for v, acc := range s.acc[i] {
			m := operand.Mem{Base: at, Disp: v * s.bytes()}
			if s.masked && v == s.vectors-1 {
				old := s.bv[v]
				s.loadTail(m, old)
				s.target.add(old, acc, acc)
			} else {
				s.target.add(m, acc, acc)
			}
		}
		if i+1 < s.height {
			s.ADDQ(step, at)
		}
	}
	s.MOVQ(c, at)
	s.Label("set")
	for i := range s.acc {
		for v, acc := range s.acc[i] {
			m := operand.Mem{Base: at, Disp: v * s.bytes()}
			if s.masked && v == s.vectors-1 {
				s.storeTail(acc, m)
			} else {
				s.store(acc, m)
			}
		}
		if i+1 < s.height {
			s.ADDQ(step, at)
		}
	}
}
