package expr

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Error says what is wrong with an expression, and where.
type Error struct {
	Column  int    // of the first character that is wrong, from 1, in characters
	Message string // a clause that says what to do
}

// Error returns the message with its column.
func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Message) }

// Limits that no function typed by hand comes near.
const (
	maxLength = 4096 // characters
	maxDepth  = 200  // of brackets and signs in each other
)

// Parse reads an expression. Its error is always an *Error.
func Parse(text string) (*Expr, error) {
	p := &parser{text: []rune(text)}
	if len(p.text) > maxLength {
		return nil, &Error{maxLength + 1, fmt.Sprintf("the expression is longer than %d characters: shorten it", maxLength)}
	}
	p.next()
	if p.kind == end && p.err == nil {
		return nil, &Error{1, "the expression is empty: type a function of x, for example sin(x)"}
	}
	p.sum()
	if p.err == nil && p.kind != end {
		if p.is(")") {
			p.fail("this ) closes nothing: remove it, or add a ( before")
		} else {
			p.fail("%s is not expected here: write an operator before it", p.what())
		}
	}
	if p.err != nil {
		return nil, p.err
	}
	return &Expr{text: text, code: p.code, depth: p.most}, nil
}

type tokenKind int

const (
	end tokenKind = iota
	number
	name
	symbol
)

// parser is a recursive descent parser that writes instructions as it goes. After
// the first error it sees the end everywhere.
type parser struct {
	text  []rune
	at    int // of the next character
	kind  tokenKind
	token string
	start int // of the token
	code  []instruction
	depth int // of the recursion
	have  int // values on the stack
	most  int
	err   error
}

// spellings are other ways to write a symbol.
var spellings = map[rune]string{'−': "-", '·': "*", '×': "*", '÷': "/", '[': "(", ']': ")"}

// next reads a token.
func (p *parser) next() {
	for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
	p.start, p.kind, p.token = p.at, end, ""
	if p.at == len(p.text) || p.err != nil {
		return
	}
	c := p.text[p.at]
	switch {
	case digit(c) || c == '.':
		p.kind = number
		p.scanNumber()
	case unicode.IsLetter(c):
		p.kind = name
		for p.at < len(p.text) && (unicode.IsLetter(p.text[p.at]) || digit(p.text[p.at]) || p.text[p.at] == '_') {
			p.at++
		}
		p.token = string(p.text[p.start:p.at])
	default:
		p.kind = symbol
		p.at++
		p.token = string(c)
		if s, ok := spellings[c]; ok {
			p.token = s
		}
		if c == '*' && p.at < len(p.text) && p.text[p.at] == '*' {
			p.at++
			p.token = "^"
		}
		if !strings.ContainsAny(p.token, "+-*/^(),") {
			p.fail("%q means nothing here: use numbers, x, functions, brackets and + - * / ^", c)
		}
	}
}

// scanNumber reads digits, a point and an exponent; an e that no digit follows
// is left for a name.
func (p *parser) scanNumber() {
	digits := func() {
		for p.at < len(p.text) && digit(p.text[p.at]) {
			p.at++
		}
	}
	digits()
	if p.at < len(p.text) && p.text[p.at] == '.' {
		p.at++
		digits()
	}
	if p.at < len(p.text) && (p.text[p.at] == 'e' || p.text[p.at] == 'E') {
		behind := p.at + 1
		if behind < len(p.text) && (p.text[behind] == '+' || p.text[behind] == '-') {
			behind++
		}
		if behind < len(p.text) && digit(p.text[behind]) {
			p.at = behind
			digits()
		}
	}
	p.token = string(p.text[p.start:p.at])
	if p.at < len(p.text) && p.text[p.at] == '.' {
		p.failAt(p.at, "a number has one point: remove this one")
	}
}

func digit(c rune) bool { return c >= '0' && c <= '9' }

func (p *parser) is(s string) bool { return p.kind == symbol && p.token == s }

// what names the token for people.
func (p *parser) what() string {
	if p.kind == end {
		return "the end"
	}
	return strconv.Quote(p.token)
}

func (p *parser) fail(format string, args ...any) { p.failAt(p.start, format, args...) }

func (p *parser) failAt(at int, format string, args ...any) {
	if p.err == nil {
		p.err = &Error{at + 1, fmt.Sprintf(format, args...)}
	}
	p.kind, p.token = end, ""
}

// emit writes an instruction that changes the height of the stack by grows.
func (p *parser) emit(i instruction, grows int) {
	p.code = append(p.code, i)
	p.have += grows
	p.most = max(p.most, p.have)
}

func (p *parser) sum() {
	p.product()
	for p.is("+") || p.is("-") {
		do := add
		if p.is("-") {
			do = subtract
		}
		p.next()
		p.product()
		p.emit(instruction{do: do}, -1)
	}
}

func (p *parser) product() {
	p.signed()
	for p.err == nil {
		do := multiply
		switch {
		case p.is("*"):
			p.next()
		case p.is("/"):
			do = divide
			p.next()
		case p.kind == number || p.kind == name || p.is("("): // 2x
		default:
			return
		}
		p.signed()
		p.emit(instruction{do: do}, -1)
	}
}

func (p *parser) signed() {
	if p.depth++; p.depth > maxDepth {
		p.fail("brackets and signs are more than %d deep here: simplify the expression", maxDepth)
	}
	defer func() { p.depth-- }()
	switch {
	case p.is("-"):
		p.next()
		p.signed()
		p.emit(instruction{do: negate}, 0)
	case p.is("+"):
		p.next()
		p.signed()
	default:
		p.atom()
		if p.is("^") {
			p.next()
			p.signed()
			p.emit(instruction{do: power}, -1)
		}
	}
}

func (p *parser) atom() {
	switch {
	case p.err != nil:
	case p.kind == number:
		v, err := strconv.ParseFloat(p.token, 64)
		if err != nil {
			p.fail("%q is not a number: write it like 2.5 or 1e-3, at most 1e308", p.token)
			return
		}
		p.emit(instruction{do: pushNumber, value: v}, 1)
		p.next()
	case p.kind == name:
		p.named()
	case p.is("("):
		open := p.start
		p.next()
		p.sum()
		p.close(open)
	case p.kind == end:
		p.fail("something is missing at the end: add a number, x or a function")
	default:
		p.fail("a number, x, a function or a bracket should be here, not %s", p.what())
	}
}

// close wants a closing bracket.
func (p *parser) close(open int) {
	switch {
	case p.err != nil:
	case p.is(")"):
		p.next()
	case p.kind == end:
		p.failAt(open, "this ( is never closed: add a )")
	default:
		p.fail("%s is not expected here: close the bracket with ) first", p.what())
	}
}

// named reads x, a constant, or a function with its arguments.
func (p *parser) named() {
	token, at := p.token, p.start
	if token == "x" || token == "X" {
		p.emit(instruction{do: pushX}, 1)
		p.next()
		return
	}
	if v, ok := constants[strings.ToLower(token)]; ok {
		p.emit(instruction{do: pushNumber, value: v}, 1)
		p.next()
		return
	}
	one, two := functions1[strings.ToLower(token)], functions2[strings.ToLower(token)]
	if one == nil && two == nil {
		p.unknown(token)
		return
	}
	p.next()
	if !p.is("(") {
		p.fail("put the argument of %s in brackets: %s(x)", token, token)
		return
	}
	open := p.start
	p.next()
	if p.is(")") {
		p.fail("%s needs an argument: %s(x)", token, token)
		return
	}
	p.sum()
	if one != nil {
		if p.is(",") {
			p.fail("%s takes one argument: write the decimal sign as a point, or close the bracket", token)
		}
		p.close(open)
		p.emit(instruction{do: call1, one: one}, 0)
		return
	}
	if p.err == nil && !p.is(",") {
		p.failAt(at, "%s takes two arguments: %s(x, 1)", token, token)
		return
	}
	p.next()
	p.sum()
	p.close(open)
	p.emit(instruction{do: call2, two: two}, -1)
}

// unknown says what a name could have been.
func (p *parser) unknown(token string) {
	lower := strings.ToLower(token)
	for _, f := range Functions() {
		if strings.Contains(lower, f) || (len(lower) > 1 && strings.HasPrefix(f, lower)) {
			p.fail("%q is not known: is it %s?", token, f)
			return
		}
	}
	if strings.Trim(lower, "xe") == "" || slices.Contains([]string{"y", "t", "z"}, lower) {
		p.fail("%q is not known: the variable is x, and a product of names needs a *", token)
		return
	}
	p.fail("%q is not known: use x, pi, e or a function such as sin, exp or sqrt", token)
}
