package main

import (
	"bytes"
	"fmt"
	"strings"
)

// writer collects the three files.
type writer struct {
	text, stubs, table bytes.Buffer
	labels             int
}

// target emits instructions for one element size. Vector registers have 16
// bytes; a vec is the number of one, a gp that of a general register. General
// registers 16 to 18 and from 27 on belong to the platform, the assembler and
// Go.
type target struct {
	*writer
	size int // bytes of an element: 4 or 8
	args map[string]argument

	per, together int // registers a vector, and vectors at a time, in a pass
}

type (
	vec int
	gp  int
)

type argument struct{ offset, size int }

const vectorBytes = 16

func (t *target) lanes() int { return vectorBytes / t.size }

// elem is the Go type of an element.
func (t *target) elem() string { return fmt.Sprintf("float%d", 8*t.size) }

func (t *target) name(what string) string { return fmt.Sprintf("%sF%dNEON", what, 8*t.size) }

// function starts a function of that name; params are a name and a type each.
// Those whose names begin with "ret" are its results, and a lone one is "ret". T
// stands for the element type.
func (t *target) function(name string, params ...string) {
	t.args = map[string]argument{}
	offset := 0
	var in, out []string
	for _, p := range params {
		ident, kind, _ := strings.Cut(p, " ")
		kind = strings.Replace(kind, "T", t.elem(), 1)
		size := 8
		if kind == "float32" {
			size = 4
		}
		isResult := strings.HasPrefix(ident, "ret")
		if isResult || size == 8 {
			offset = (offset + 7) &^ 7
		}
		t.args[ident] = argument{offset, size}
		offset += size
		switch {
		case ident == "ret":
			out = append(out, kind)
		case isResult:
			out = append(out, ident+" "+kind)
		default:
			in = append(in, ident+" "+kind)
		}
	}
	result := ""
	if len(out) > 0 {
		result = " (" + strings.Join(out, ", ") + ")"
	}
	fmt.Fprintf(&t.text, "\n// func %s(%s)%s\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", name, strings.Join(in, ", "), result, name, offset)
	fmt.Fprintf(&t.stubs, "\n//go:noescape\nfunc %s(%s)%s\n", name, strings.Join(in, ", "), result)
}

// ins writes one instruction.
func (t *target) ins(format string, args ...any) {
	fmt.Fprintf(&t.text, "\t"+format+"\n", args...)
}

// load copies an argument to a register.
func (t *target) load(name string, r gp) { t.ins("MOVD %s+%d(FP), R%d", name, t.args[name].offset, r) }

// label returns a new label, mark puts it here.
func (t *target) label() string {
	t.labels++
	return fmt.Sprintf("l%d", t.labels)
}

func (t *target) mark(label string) { fmt.Fprintf(&t.text, "%s:\n", label) }

// shape is how the assembler of Arm writes a whole vector, arrangement how
// Go's does.
func (t *target) shape() string { return map[int]string{4: "4s", 8: "2d"}[t.size] }

func (t *target) arrangement() string { return map[int]string{4: "S4", 8: "D2"}[t.size] }

// word writes an encoding; bit 22 of it tells float64 from float32.
func (t *target) word(code uint32, format string, args ...any) {
	if t.size == 8 {
		code |= 1 << 22
	}
	t.ins("WORD $0x%08x // %s", code, fmt.Sprintf(format, args...))
}

// three writes d = n op m, element by element.
func (t *target) three(code uint32, op string, d, n, m vec) {
	s := t.shape()
	t.word(code|uint32(m)<<16|uint32(n)<<5|uint32(d), "%s v%d.%s, v%d.%s, v%d.%s", op, d, s, n, s, m, s)
}

func (t *target) add(d, n, m vec) { t.three(0x4e20d400, "fadd", d, n, m) }
func (t *target) sub(d, n, m vec) { t.three(0x4ea0d400, "fsub", d, n, m) }
func (t *target) mul(d, n, m vec) { t.three(0x6e20dc00, "fmul", d, n, m) }
func (t *target) div(d, n, m vec) { t.three(0x6e20fc00, "fdiv", d, n, m) }
func (t *target) min(d, n, m vec) { t.three(0x4ea0f400, "fmin", d, n, m) }
func (t *target) max(d, n, m vec) { t.three(0x4e20f400, "fmax", d, n, m) }

// fma writes d += n·m.
func (t *target) fma(d, n, m vec) {
	a := t.arrangement()
	t.ins("VFMLA V%d.%s, V%d.%s, V%d.%s", m, a, n, a, d, a)
}

// fmaLane writes d += n·m[lane].
func (t *target) fmaLane(d, n, m vec, lane int) {
	code := 0x4f801000 | uint32(m)<<16 | uint32(n)<<5 | uint32(d)
	if t.size == 4 {
		code |= uint32(lane&1)<<21 | uint32(lane>>1)<<11
	} else {
		code |= uint32(lane) << 11
	}
	s := t.shape()
	t.word(code, "fmla v%d.%s, v%d.%s, v%d.%s[%d]", d, s, n, s, m, s[1:], lane)
}

// round writes d = n to the nearest integer, integer the same as one.
func (t *target) round(d, n vec) {
	t.word(0x4e218800|uint32(n)<<5|uint32(d), "frintn v%d.%s, v%d.%s", d, t.shape(), n, t.shape())
}

func (t *target) integer(d, n vec) {
	t.word(0x4ea1b800|uint32(n)<<5|uint32(d), "fcvtzs v%d.%s, v%d.%s", d, t.shape(), n, t.shape())
}

// widen writes the lower or upper two float32 of n as float64 to d.
func (t *target) widen(d, n vec, upper bool) {
	code, op, from := uint32(0x0e617800), "fcvtl", "2s"
	if upper {
		code, op, from = 0x4e617800, "fcvtl2", "4s"
	}
	t.ins("WORD $0x%08x // %s v%d.2d, v%d.%s", code|uint32(n)<<5|uint32(d), op, d, n, from)
}

// addDoubles writes d = n + m in float64, sumDoubles d = the sum of both lanes
// of n.
func (t *target) addDoubles(d, n, m vec) {
	(&target{writer: t.writer, size: 8}).add(d, n, m)
}

func (t *target) sumDoubles(d, n vec) {
	t.ins("WORD $0x%08x // faddp d%d, v%d.2d", 0x7e70d800|uint32(n)<<5|uint32(d), d, n)
}

func (t *target) zero(d vec)    { t.ins("VEOR V%d.B16, V%d.B16, V%d.B16", d, d, d) }
func (t *target) copy(d, n vec) { t.ins("VMOV V%d.B16, V%d.B16", n, d) }

// get and put move whole vectors.
func (t *target) get(d vec, base gp, offset int) { t.ins("FMOVQ %d(R%d), F%d", offset, base, d) }
func (t *target) put(d vec, base gp, offset int) { t.ins("FMOVQ F%d, %d(R%d)", d, offset, base) }

// getTwo and putTwo move vectors d and d+1.
func (t *target) getTwo(d vec, base gp, offset int) {
	t.ins("FLDPQ %d(R%d), (F%d, F%d)", offset, base, d, d+1)
}

func (t *target) putTwo(d vec, base gp, offset int) {
	t.ins("FSTPQ (F%d, F%d), %d(R%d)", d, d+1, offset, base)
}

// scalar is the move of n elements, 1, 2 or 4, that begin a vector.
func (t *target) scalar(n int) string {
	return map[int]string{4: "FMOVS", 8: "FMOVD", 16: "FMOVQ"}[n*t.size]
}

// getTail loads the first elements of a vector, as many as register tail
// says, 1 to all, and clears the others. scratch is lost.
func (t *target) getTail(d vec, base gp, offset int, tail, scratch gp) {
	t.partial(tail, func(n int) {
		t.ins("%s %d(R%d), F%d", t.scalar(n), offset, base, d)
	}, func() {
		t.ins("ADD $%d, R%d, R%d", offset+8, base, scratch)
		t.ins("VLD1 (R%d), V%d.S[2]", scratch, d)
	})
}

// putTail stores the first elements of a vector.
func (t *target) putTail(d vec, base gp, offset int, tail, scratch gp) {
	t.partial(tail, func(n int) {
		t.ins("%s F%d, %d(R%d)", t.scalar(n), d, offset, base)
	}, func() {
		t.ins("ADD $%d, R%d, R%d", offset+8, base, scratch)
		t.ins("VST1 V%d.S[2], (R%d)", d, scratch)
	})
}

// partial branches on the number of elements: move does 1, 2 or 4 of them and
// third one more after two.
func (t *target) partial(tail gp, move func(n int), third func()) {
	done, two := t.label(), t.label()
	if t.size == 4 {
		four := t.label()
		t.ins("TBNZ $2, R%d, %s", tail, four)
		t.ins("TBNZ $1, R%d, %s", tail, two)
		move(1)
		t.ins("B %s", done)
		t.mark(four)
		move(4)
		t.ins("B %s", done)
		t.mark(two)
		move(2)
		t.ins("TBZ $0, R%d, %s", tail, done)
		third()
	} else {
		t.ins("TBNZ $1, R%d, %s", tail, two)
		move(1)
		t.ins("B %s", done)
		t.mark(two)
		move(2)
	}
	t.mark(done)
}

// count writes the end of a loop: one less in r, and back unless that is 0.
func (t *target) count(r gp, n int, label string) {
	t.ins("SUBS $%d, R%d", n, r)
	t.ins("BNE %s", label)
}
