// Package mat5 reads MATLAB's MAT-files of version 5 (saved by MATLAB with -v6
// or -v7, by Octave and by SciPy): full, real arrays of numbers of two to four
// dimensions, compressed or not, in either byte order. Everything else in a
// file (text, structs, cells, sparse and complex arrays) is listed with the
// reason it is left out. The format is that of "MAT-File Format", The
// MathWorks, chapter 1 ("Level 5 MAT-File Format").
//
// Nothing in a file is trusted: shapes are multiplied with an overflow check
// and compared with a limit and with the bytes the file states before anything
// is allocated, and memory grows with the bytes that really arrive.
package mat5

import (
	"errors"
	"fmt"
	"strings"
)

// Faults callers may want to tell apart; test for them with errors.Is.
var (
	// ErrFormat reports a file that is not a MAT-file of version 5.
	ErrFormat = errors.New("not a readable MAT-file")
	// ErrVersion reports a MAT-file of another version.
	ErrVersion = errors.New("another version of MAT-file")
	// ErrSize reports a file that holds fewer or more bytes than it promises.
	ErrSize = errors.New("wrong size")
	// ErrTooLarge reports an array beyond the limit.
	ErrTooLarge = errors.New("too large")
	// ErrNotNumbers reports a variable that is not a full, real array of numbers.
	ErrNotNumbers = errors.New("it cannot be used")
	// ErrNoVariable reports that no variable has the name asked for.
	ErrNoVariable = errors.New("there is no such variable")
)

// DefaultLimit is the most memory the values may take when Options.Limit is
// 0: 4 GiB.
const DefaultLimit = 4 << 30

// MaxRank is the largest number of dimensions read.
const MaxRank = 4

// Options bounds a reading. The zero value is the usual one.
type Options struct {
	Limit int64 // of memory, in bytes; 0 means DefaultLimit
}

func (o Options) limit() int64 {
	if o.Limit <= 0 {
		return DefaultLimit
	}
	return o.Limit
}

// Class is the kind of a MATLAB array.
type Class uint8

// The classes of arrays of numbers.
const (
	Double Class = 6 + iota
	Single
	Int8
	Uint8
	Int16
	Uint16
	Int32
	Uint32
	Int64
	Uint64
)

// The classes that are listed and not read.
const (
	classCell   Class = 1
	classStruct Class = 2
	classObject Class = 3
	classChar   Class = 4
	classSparse Class = 5
	classOpaque Class = 17
)

// String returns MATLAB's name of the class, such as "double".
func (c Class) String() string {
	names := [...]string{
		"", "cell", "struct", "object", "char", "sparse", "double", "single", "int8", "uint8", "int16", "uint16",
		"int32", "uint32", "int64", "uint64", "function_handle", "object",
	}
	if int(c) >= len(names) || c == 0 {
		return fmt.Sprintf("class %d", uint8(c))
	}
	return names[c]
}

// Variable is what a file says of one of its arrays before the values.
type Variable struct {
	Name    string
	Class   Class
	Shape   []int // two sizes or more; nil for an object
	Logical bool  // true and false, stored as 1 and 0
	// Problem is empty for an array that can be read, else one clause that
	// says why not and what to do.
	Problem string
}

// String returns shape and class, such as "512×512×10 double".
func (v Variable) String() string {
	sizes := make([]string, len(v.Shape))
	for i, s := range v.Shape {
		sizes[i] = fmt.Sprint(s)
	}
	class := v.Class.String()
	if v.Logical {
		class = "logical"
	}
	return strings.TrimSpace(strings.Join(sizes, "×") + " " + class)
}

// Len returns the number of elements of an array that can be read.
func (v Variable) Len() int {
	n := 1
	for _, s := range v.Shape {
		n *= s
	}
	return n
}

// setProblem notes why a variable cannot be read, if it cannot.
func (v *Variable) setProblem(complexNumbers bool) {
	switch {
	case v.Class == classChar:
		v.Problem = "it is text; save numbers"
	case v.Class == classSparse:
		v.Problem = "it is sparse; save full(" + v.Name + ")"
	case v.Class == classStruct || v.Class == classCell:
		v.Problem = "it is a " + v.Class.String() + "; save the array in it under a name of its own"
	case v.Class < Double || v.Class > Uint64:
		v.Problem = "it is not an array of numbers (" + v.Class.String() + ")"
	case complexNumbers:
		v.Problem = "it is complex; save real(" + v.Name + ") or abs(" + v.Name + ")"
	case len(v.Shape) < 2 || len(v.Shape) > MaxRank:
		v.Problem = fmt.Sprintf("it has %d dimensions; 2 to %d can be read", len(v.Shape), MaxRank)
	}
}
