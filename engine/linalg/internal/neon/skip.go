package main

import "fmt"

// A skip kernel computes up to three rows of C, a few vectors wide, from a
// list of entries: entry e adds the products of three values with row
// index[e] of B. That is a product with the zeros of A left out. Rows of B
// and C are padded to whole vectors.
const (
	skipRows    = 3
	skipVectors = 8 // 3×8 accumulators of 32 registers
)

// skips writes all skip kernels and the table of them.
func (t *target) skips() {
	fmt.Fprintf(&t.table, "\n// skips%dNEON is indexed by rows and vectors.\n", 8*t.size)
	fmt.Fprintf(&t.table, "var skips%dNEON = [...][]skip[%s]{\n{},\n", 8*t.size, t.elem())
	for rows := 1; rows <= skipRows; rows++ {
		fmt.Fprint(&t.table, "{nil")
		for vectors := 1; vectors <= skipVectors; vectors++ {
			fmt.Fprintf(&t.table, ", %s", t.skip(rows, vectors))
		}
		fmt.Fprintln(&t.table, "},")
	}
	fmt.Fprintln(&t.table, "}")
}

// skip writes one kernel and returns its name.
func (t *target) skip(rows, vectors int) string {
	name := t.name(fmt.Sprintf("skip%dx%d", rows, vectors))
	t.function(name, "n int", "index *int32", "values *T", "b *T", "bStep int", "c *T", "cStep int", "add int")
	const (
		n, index, values, b, step, row gp  = 0, 1, 2, 3, 4, 5
		c, cStep, add, at              gp  = 6, 7, 8, 9
		first                          vec = 24 // values of two rows, then of the third
		loaded                         vec = 26 // to 29
	)
	acc := func(i, v int) vec { return vec(i*skipVectors + v) }
	t.load("n", n)
	t.load("index", index)
	t.load("values", values)
	t.load("b", b)
	t.load("bStep", step)
	for i := range rows {
		for v := range vectors {
			t.zero(acc(i, v))
		}
	}
	entry, done, set := t.label(), t.label(), t.label()
	t.ins("CBZ R%d, %s", n, done)
	t.mark(entry)
	t.ins("MOVW.P 4(R%d), R%d", index, row)
	t.ins("MUL R%d, R%d", step, row)
	t.ins("ADD R%d, R%d", b, row)
	t.ins("%s (R%d), F%d", t.scalar(min(rows, 2)), values, first)
	if rows == 3 {
		t.ins("%s %d(R%d), F%d", t.scalar(1), 2*t.size, values, first+1)
	}
	for v := range vectors {
		w := loaded + vec(v%4)
		switch {
		case v%2 == 0 && v+1 < vectors:
			t.getTwo(w, row, v*vectorBytes)
		case v%2 == 0:
			t.get(w, row, v*vectorBytes)
		}
		for i := range rows {
			t.fmaLane(acc(i, v), w, first+vec(i/2), i%2)
		}
	}
	t.ins("ADD $%d, R%d", skipRows*t.size, values)
	t.count(n, 1, entry)
	t.mark(done)
	t.load("c", c)
	t.load("cStep", cStep)
	t.load("add", add)
	t.ins("CBZ R%d, %s", add, set)
	t.ins("MOVD R%d, R%d", c, at)
	for i := range rows {
		for v := range vectors {
			t.get(loaded, at, v*vectorBytes)
			t.add(acc(i, v), acc(i, v), loaded)
		}
		t.ins("ADD R%d, R%d", cStep, at)
	}
	t.mark(set)
	for i := range rows {
		for v := range vectors {
			t.put(acc(i, v), c, v*vectorBytes)
		}
		t.ins("ADD R%d, R%d", cStep, c)
	}
	t.ins("RET")
	return name
}
