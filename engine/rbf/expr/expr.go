// Package expr reads a function of one variable as people type it:
//
//	(x-2)(2x+1)/(1+x^2)
//
// Operators are + - * / and ^ (or **), of which ^ binds most tightly and to the
// right, so that -x^2 is -(x²) and 2^3^2 is 2⁹. A product may leave out its sign,
// as in 2x, 3(x+1) and 2 sin(x); it binds like *, so 1/2x is x/2. Angles are in
// radians. The names are x, pi (or π), e and those of [Functions].
//
// An expression is compiled once to a short list of instructions for a stack. It
// never panics and takes no memory that its text does not account for.
package expr

import "math"

// Expr is a parsed expression. It may be used by several goroutines at once.
type Expr struct {
	text  string
	code  []instruction
	depth int // of the stack it needs
}

// operation is what an instruction does with the top of the stack.
type operation int

const (
	pushNumber operation = iota
	pushX
	negate
	add
	subtract
	multiply
	divide
	power
	call1
	call2
)

// instruction is one step; what it does not use is 0.
type instruction struct {
	do    operation
	value float64
	one   func(float64) float64
	two   func(a, b float64) float64
}

// String returns the text as it was parsed.
func (e *Expr) String() string { return e.text }

// At returns the value at x; NaN or infinite where it is not defined.
func (e *Expr) At(x float64) float64 {
	var room [32]float64
	stack := room[:]
	if e.depth > len(stack) {
		stack = make([]float64, e.depth)
	}
	n := 0 // values on the stack
	for i := range e.code {
		c := &e.code[i]
		switch c.do {
		case pushNumber:
			stack[n] = c.value
			n++
		case pushX:
			stack[n] = x
			n++
		case negate:
			stack[n-1] = -stack[n-1]
		case call1:
			stack[n-1] = c.one(stack[n-1])
		default:
			n--
			a, b := stack[n-1], stack[n]
			switch c.do {
			case add:
				a += b
			case subtract:
				a -= b
			case multiply:
				a *= b
			case divide:
				a /= b
			case power:
				a = math.Pow(a, b)
			case call2:
				a = c.two(a, b)
			}
			stack[n-1] = a
		}
	}
	return stack[0]
}
