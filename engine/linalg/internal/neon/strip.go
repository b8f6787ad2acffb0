package main

import "fmt"

// A strip kernel computes some rows of C over any number of column panels two
// vectors wide:
//
//	N: C = A·P   A read row by row, P packed panel by panel
//	T: C = Aᵀ·B  A and B both read along their rows, neither packed
//
// The last panel of C may be narrower: then the last vector has only tail
// elements. Kernels of width 1 have only that one.

// stripRows is the height of the tallest strip: 24 of 32 registers
// accumulate. Cores that start four multiply-adds a cycle, each four cycles
// long, need 16 independent ones.
const stripRows = 12

// Registers of a strip kernel. Accumulators are vectors 0 to 23.
const (
	stripB     vec = 24 // to 25, or 27 when two steps of k are in flight
	stripA     vec = 28 // to 31: rows of A, N
	stripTA    vec = 26 // to 31: columns of A, T
	stripSpare vec = 24 // old results, when the products are done

	panelsLeft gp = 0
	panelB     gp = 1
	panelC     gp = 2
	tailCount  gp = 3
	atB        gp = 4
	atK        gp = 5 // N: bytes from the start of the rows, T: address in A
	stepA      gp = 6
	stepB      gp = 7
	kLeft      gp = 23
	kRest      gp = 24
	atC        gp = 23 // when the products are done
	stepC      gp = 24
	adding     gp = 25
	scratch    gp = 26
)

// rowRegister points to the start of a row of A, N.
func rowRegister(i int) gp {
	if i < 8 {
		return gp(8 + i)
	}
	return gp(19 + i - 8)
}

// strips writes all strip kernels and the table of them.
func (t *target) strips() {
	for _, mode := range []string{"N", "T"} {
		fmt.Fprintf(&t.table, "\n// strips%s%dNEON is indexed by height and width.\n", mode, 8*t.size)
		fmt.Fprintf(&t.table, "var strips%s%dNEON = [...][3]strip[%s]{\n{},\n", mode, 8*t.size, t.elem())
		for height := 1; height <= stripRows; height++ {
			two := t.strip(mode, height, 2)
			one := t.strip(mode, height, 1)
			fmt.Fprintf(&t.table, "{%s, %s, %s},\n", two, two, one)
		}
		fmt.Fprintln(&t.table, "}")
	}
}

// strip writes one kernel and returns its name.
func (t *target) strip(mode string, height, width int) string {
	name := t.name(fmt.Sprintf("mul%s%dx%d", mode, height, width))
	t.function(name, "k int", "panels int", "a *T", "aStep int", "b *T", "bStep int", "bPanel int", "c *T", "cStep int", "tail int", "add int")
	s := &strip{target: t, height: height, width: width}
	t.load("panels", panelsLeft)
	t.load("b", panelB)
	t.load("c", panelC)
	t.load("tail", tailCount)
	t.load("aStep", stepA)
	if mode == "N" {
		s.addressRows()
	} else {
		t.load("bStep", stepB)
	}
	panel := t.label()
	t.mark(panel)
	for i := range height {
		for v := range width {
			t.zero(s.acc(i, v))
		}
	}
	t.ins("MOVD R%d, R%d", panelB, atB)
	if mode == "N" {
		s.productsN()
	} else {
		s.productsT()
	}
	s.results()
	t.ins("ADD $%d, R%d", 2*vectorBytes, panelC)
	t.load("bPanel", scratch)
	t.ins("ADD R%d, R%d", scratch, panelB)
	t.count(panelsLeft, 1, panel)
	t.ins("RET")
	return name
}

// strip is the kernel being written.
type strip struct {
	*target
	height, width int
}

// acc is the accumulator of one vector of one row.
func (s *strip) acc(row, v int) vec { return vec(2*row + v) }

// addressRows puts the addresses of the rows of A into registers.
func (s *strip) addressRows() {
	s.load("a", rowRegister(0))
	for i := 1; i < s.height; i++ {
		s.ins("ADD R%d, R%d, R%d", stepA, rowRegister(i-1), rowRegister(i))
	}
}

// productsN writes the loop over k, two at a time.
func (s *strip) productsN() {
	loop, odd, done := s.label(), s.label(), s.label()
	s.ins("MOVD $0, R%d", atK)
	s.load("k", kRest)
	s.ins("LSR $1, R%d, R%d", kRest, kLeft)
	s.ins("CBZ R%d, %s", kLeft, odd)
	s.mark(loop)
	s.steps(2)
	s.count(kLeft, 1, loop)
	s.mark(odd)
	s.ins("TBZ $0, R%d, %s", kRest, done)
	s.steps(1)
	s.mark(done)
}

// steps writes n steps of k, 1 or 2. Rows go by in groups of four, and a
// row is loaded as soon as its register is free.
func (s *strip) steps(n int) {
	for u := range n {
		s.rowOfPanel(stripB+vec(2*u), 2*u*vectorBytes)
	}
	const group = 4
	for i := range min(group, s.height) {
		s.element(i, n)
	}
	for first := 0; first < s.height; first += group {
		last := min(first+group, s.height)
		for u := range n {
			for i := first; i < last; i++ {
				for v := range s.width {
					s.fmaLane(s.acc(i, v), stripB+vec(2*u+v), stripA+vec(i%group), u)
				}
				if u == n-1 && i+group < s.height {
					s.element(i+group, n)
				}
			}
		}
	}
	s.ins("ADD $%d, R%d", n*s.size, atK)
	s.ins("ADD $%d, R%d", 2*n*vectorBytes, atB)
}

// rowOfPanel loads one or two vectors of P, whose panels are whole.
func (s *strip) rowOfPanel(d vec, offset int) {
	if s.width == 2 {
		s.getTwo(d, atB, offset)
	} else {
		s.get(d, atB, offset)
	}
}

// element loads n elements of row i of A.
func (s *strip) element(i, n int) {
	d, base := stripA+vec(i%4), rowRegister(i)
	if n*s.size == vectorBytes { // Go has no such load
		s.ins("WORD $0x%08x // ldr q%d, [x%d, x%d]", 0x3ce06800|uint32(atK)<<16|uint32(base)<<5|uint32(d), d, base, atK)
		return
	}
	s.ins("%s (R%d)(R%d), F%d", s.scalar(n), base, atK, d)
}

// productsT writes the loop over k.
func (s *strip) productsT() {
	loop, whole, loaded := s.label(), s.label(), s.label()
	s.load("a", atK)
	s.load("k", kLeft)
	s.mark(loop)
	if s.width == 2 {
		s.ins("TBNZ $%d, R%d, %s", s.wholeBit(), tailCount, whole)
		s.get(stripB, atB, 0)
		s.getTail(stripB+1, atB, vectorBytes, tailCount, scratch)
		s.ins("B %s", loaded)
		s.mark(whole)
		s.getTwo(stripB, atB, 0)
		s.mark(loaded)
	} else {
		s.getTail(stripB, atB, 0, tailCount, scratch)
	}
	// Columns of A: whole vectors, then a half, then a quarter of one.
	type column struct {
		register vec
		lane     int
	}
	var columns []column
	for next := stripTA; len(columns) < s.height; next++ {
		n := s.lanes()
		for n > s.height-len(columns) {
			n /= 2
		}
		s.ins("%s %d(R%d), F%d", s.scalar(n), len(columns)*s.size, atK, next)
		for lane := range n {
			columns = append(columns, column{next, lane})
		}
	}
	for i, c := range columns {
		for v := range s.width {
			s.fmaLane(s.acc(i, v), stripB+vec(v), c.register, c.lane)
		}
	}
	s.ins("ADD R%d, R%d", stepA, atK)
	s.ins("ADD R%d, R%d", stepB, atB)
	s.count(kLeft, 1, loop)
}

// wholeBit is the bit of a tail that is set when the vector is whole.
func (s *strip) wholeBit() int { return map[int]int{4: 2, 8: 1}[s.size] }

// results stores the accumulators in C, or adds them to it.
func (s *strip) results() {
	cut, end := s.label(), s.label()
	s.load("cStep", stepC)
	s.load("add", adding)
	if s.width == 2 {
		s.ins("TBZ $%d, R%d, %s", s.wholeBit(), tailCount, cut)
		s.resultRows(func(row int) {
			s.getTwo(stripSpare, atC, 0)
			s.add(s.acc(row, 0), s.acc(row, 0), stripSpare)
			s.add(s.acc(row, 1), s.acc(row, 1), stripSpare+1)
		}, func(row int) {
			s.putTwo(s.acc(row, 0), atC, 0)
		})
		s.ins("B %s", end)
		s.mark(cut)
	}
	last := s.width - 1
	s.resultRows(func(row int) {
		if last == 1 {
			s.get(stripSpare, atC, 0)
			s.add(s.acc(row, 0), s.acc(row, 0), stripSpare)
		}
		s.getTail(stripSpare, atC, last*vectorBytes, tailCount, scratch)
		s.add(s.acc(row, last), s.acc(row, last), stripSpare)
	}, func(row int) {
		if last == 1 {
			s.put(s.acc(row, 0), atC, 0)
		}
		s.putTail(s.acc(row, last), atC, last*vectorBytes, tailCount, scratch)
	})
	s.mark(end)
}

// resultRows walks over the rows of C, once to add and once to store.
func (s *strip) resultRows(add, store func(row int)) {
	set := s.label()
	s.ins("MOVD R%d, R%d", panelC, atC)
	s.ins("CBZ R%d, %s", adding, set)
	for i := range s.height {
		add(i)
		if i+1 < s.height {
			s.ins("ADD R%d, R%d", stepC, atC)
		}
	}
	s.ins("MOVD R%d, R%d", panelC, atC)
	s.mark(set)
	for i := range s.height {
		store(i)
		if i+1 < s.height {
			s.ins("ADD R%d, R%d", stepC, atC)
		}
	}
}
