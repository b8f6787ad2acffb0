// Package expr reads a function of one variable as people type it:
// "(x-2)*(2x+1)/(1+x^2)".
package expr

import "errors"

// Expr is a parsed expression. It may be used by several goroutines at once.
type Expr struct {
	text string
}

// Error says what is wrong with an expression, and where.
type Error struct {
	Column  int    // of the first character that is wrong, from 1, in characters
	Message string // one clause
}

// Error returns the message with its column.
func (e *Error) Error() string { return e.Message }

// Parse reads an expression. Its error is always an *Error.
func Parse(text string) (*Expr, error) { return nil, errors.New("expressions are being written") }

// At returns the value at x; NaN or infinite where it is not defined.
func (e *Expr) At(x float64) float64 { return 0 }

// String returns the text as it was parsed.
func (e *Expr) String() string { return e.text }
