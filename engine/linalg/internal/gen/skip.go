package main

import (
	"fmt"
	"io"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// A skip kernel computes up to three rows of C, a few vectors wide, from a
// list of entries: entry e adds the products of three values with row
// index[e] of B. That is a product with the zeros of A left out. Rows of B
// and C are padded to whole vectors.
const skipRows = 3

// skipVectors is the most vectors of C in a row: 3×7 accumulators of 32
// registers, or 3×4 of 16.
func (t *target) skipVectors() int {
	if t.wide() {
		return 7
	}
	return 4
}

// skips writes all skip kernels and the table of them.
func (t *target) skips(table io.Writer) {
	isa := t.name("")[2:]
	fmt.Fprintf(table, "\n// skips%d%s is indexed by rows and vectors.\n", 8*t.size, isa)
	fmt.Fprintf(table, "var skips%d%s = [...][]skip[%s]{\n{},\n", 8*t.size, isa, t.elem())
	for rows := 1; rows <= skipRows; rows++ {
		fmt.Fprint(table, "{nil")
		for vectors := 1; vectors <= t.skipVectors(); vectors++ {
			fmt.Fprintf(table, ", %s", t.skip(rows, vectors))
		}
		fmt.Fprintln(table, "},")
	}
	fmt.Fprintln(table, "}")
}

// skip writes one kernel and returns its name.
func (t *target) skip(rows, vectors int) string {
	name := t.name(fmt.Sprintf("skip%dx%dF", rows, vectors))
	t.Function(name)
	t.Attributes(attr.NOSPLIT)
	t.Pragma("noescape")
	t.SignatureExpr(fmt.Sprintf("func(n int, index *int32, values, b *%[1]s, bStep int, c *%[1]s, cStep, add int)", t.elem()))
	n, index, values := t.GP64(), t.GP64(), t.GP64()
	b, step := t.GP64(), t.GP64()
	t.Load(t.Param("n"), n)
	t.Load(t.Param("index"), index)
	t.Load(t.Param("values"), values)
	t.Load(t.Param("b"), b)
	t.Load(t.Param("bStep"), step)
	acc := make([][]reg.VecVirtual, rows)
	for i := range acc {
		acc[i] = make([]reg.VecVirtual, vectors)
		for v := range acc[i] {
			acc[i][v] = t.vec()
			t.zero(acc[i][v])
		}
	}
	t.TESTQ(n, n)
	t.JZ(operand.LabelRef("done"))
	t.Label("entry")
	row := t.GP64()
	t.MOVLQSX(operand.Mem{Base: index}, row)
	t.IMULQ(step, row)
	t.ADDQ(b, row)
	a := make([]reg.VecVirtual, rows)
	for i := range a {
		a[i] = t.vec()
		t.broadcast(operand.Mem{Base: values, Disp: i * t.size}, a[i])
	}
	for v := range vectors {
		w := t.vec()
		t.load(operand.Mem{Base: row, Disp: v * t.bytes()}, w)
		for i := range a {
			t.fma(w, a[i], acc[i][v])
		}
	}
	t.ADDQ(operand.I32(4), index)
	t.ADDQ(operand.I32(skipRows*t.size), values)
	t.DECQ(n)
	t.JNZ(operand.LabelRef("entry"))
	t.Label("done")

	c, cStep, add := t.GP64(), t.GP64(), t.GP64()
	t.Load(t.Param("c"), c)
	t.Load(t.Param("cStep"), cStep)
	t.Load(t.Param("add"), add)
	t.TESTQ(add, add)
	t.JZ(operand.LabelRef("set"))
	at := t.GP64()
	t.MOVQ(c, at)
	for i := range acc {
		for v, sum := range acc[i] {
			t.op(x86.VADDPS, x86.VADDPD, operand.Mem{Base: at, Disp: v * t.bytes()}, sum, sum)
		}
		t.ADDQ(cStep, at)
	}
	t.Label("set")
	for i := range acc {
		for v, sum := range acc[i] {
			t.store(sum, operand.Mem{Base: c, Disp: v * t.bytes()})
		}
		t.ADDQ(cStep, c)
	}
	t.VZEROUPPER()
	t.RET()
	return name
}
