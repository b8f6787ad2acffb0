package expr

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestAt(t *testing.T) {
	for _, c := range []struct {
		text    string
		x, want float64
	}{
		{"1", 0, 1},
		{" x ", 3, 3},
		{"(x-2)(2x+1)/(1+x^2)", -3, 2.5},
		{"(x-2)*(2*x+1)/(1+x**2)", 1. / 3, -2.5},
		{"-x^2", 3, -9},
		{"2^-1", 0, 0.5},
		{"2^3^2", 0, 512},
		{"(2^3)^2", 0, 64},
		{"1-2-3", 0, -4},
		{"8/4/2", 0, 1},
		{"1/2x", 6, 3},
		{"2 sin(x) cos(x)", math.Pi / 4, 1},
		{"--x", 2, 2},
		{"+x-+x", 2, 0},
		{"2e3", 0, 2000},
		{"2E-1", 0, 0.2},
		{"2e", 0, 2 * math.E},
		{".5x", 4, 2},
		{"3.", 0, 3},
		{"pi", 0, math.Pi},
		{"sin(π x)", 0.5, 1},
		{"ln(e)", 0, 1},
		{"min(x, 2) + max(x, 2)", 5, 7},
		{"step(x)-step(-1)", 0, 1},
		{"sign(-x)", 4, -1},
		{"sinc(0)+sinc(1)", 0, 1},
		{"abs(floor(-1.5))", 0, 2},
		{"tanh(0)+cosh(0)+sinh(0)", 0, 1},
		{"sqrt(exp(log(x)))", 4, 2},
		{"mod(-1, 3)", 0, 2},
		{"x·x−1", 3, 8},
		{"[x]", 3, 3},
		{"SIN(X)", 0, 0},
		{"3(x)(2)", 2, 12},
		{"x(x+1)", 2, 6},
		{"exp(-x^2/2)", 0, 1},
	} {
		t.Run(c.text, func(t *testing.T) {
			e, err := Parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := e.At(c.x); math.Abs(got-c.want) > 1e-14*max(1, math.Abs(c.want)) {
				t.Errorf("at %v: %v, want %v", c.x, got, c.want)
			}
			if e.String() != c.text {
				t.Errorf("String() = %q", e.String())
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		want   string
	}{
		{"", 1, "empty"},
		{"   ", 1, "empty"},
		{"x+", 3, "missing at the end"},
		{"x+*2", 3, `not "*"`},
		{"(x+1", 1, "never closed"},
		{"2*(x+(1)", 3, "never closed"},
		{"x+1)", 4, "closes nothing"},
		{"x $ 2", 3, "means nothing"},
		{"$x", 1, "means nothing"},
		{"foo(x)", 1, `"foo" is not known`},
		{"1+sine(x)", 3, "is it sin?"},
		{"sin x", 5, "in brackets: sin(x)"},
		{"sin", 4, "in brackets"},
		{"sin()", 5, "needs an argument"},
		{"sin(1,2)", 6, "takes one argument"},
		{"max(x)", 1, "takes two arguments"},
		{"2+y", 3, "the variable is x"},
		{"1.2.3", 4, "one point"},
		{"1e999", 1, "not a number"},
		{".", 1, "not a number"},
		{"x,2", 2, "not expected"},
		{"πx+é", 1, `"πx"`},
		{"(x,2)", 3, "close the bracket"},
		{strings.Repeat("(", 300), 201, "deep"},
		{strings.Repeat("-", 300) + "x", 201, "deep"},
		{strings.Repeat("1+", 3000), 4097, "longer than"},
	} {
		t.Run(fmt.Sprintf("%.12s", c.text), func(t *testing.T) {
			_, err := Parse(c.text)
			var at *Error
			if !errors.As(err, &at) {
				t.Fatalf("error %v", err)
			}
			if at.Column != c.column || !strings.Contains(at.Message, c.want) {
				t.Errorf("error %v, want column %d and %q", err, c.column, c.want)
			}
		})
	}
}

// TestDeep evaluates a stack that is deeper than the one At has ready.
func TestDeep(t *testing.T) {
	e, err := Parse(strings.Repeat("1+(", 150) + "x" + strings.Repeat(")", 150))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.At(2); got != 152 {
		t.Errorf("got %v, want 152", got)
	}
}

func TestNoAllocation(t *testing.T) {
	e, err := Parse("(x-2)(2x+1)/(1+x^2)+min(x,sin(x))")
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { e.At(1.5) }); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"(x-2)(2x+1)/(1+x^2)", "sin(x", "max(x,2)^-3", "2e", "1..2", "π·x", "--+x", "x)", "[x"} {
		f.Add(s, 1.5)
	}
	f.Fuzz(func(t *testing.T, text string, x float64) {
		e, err := Parse(text)
		if err != nil {
			var at *Error
			if !errors.As(err, &at) || at.Column < 1 || at.Column > len([]rune(text))+1 || at.Message == "" {
				t.Fatalf("%q: error %#v", text, err)
			}
			return
		}
		e.At(x)
	})
}

func ExampleParse() {
	e, err := Parse("(x-2)(2x+1)/(1+x^2)")
	fmt.Println(e.At(-3), err)
	_, err = Parse("sin(x")
	fmt.Println(err)
	// Output:
	// 2.5 <nil>
	// column 4: this ( is never closed: add a )
}
