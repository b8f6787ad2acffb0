// Package table reads tables of numbers from text: one example a line, cells
// parted by commas, semicolons, tabs or blanks (found out from the first
// line), with or without a line of column names, plain or in double quotes
// (which may not span lines). Empty lines and lines that start with # are
// left out. Where cells are not parted by commas, a decimal comma is read as
// a point.
//
// One column may hold the class of each example: the one asked for, or the
// one named label, class or target. Every other cell must be a finite number, or, if
// they are asked for, the name of a category; of empty cells and their like,
// Options.Missing decides.
package table

import (
	"errors"
	"fmt"
)

// Faults callers may want to tell apart; test for them with errors.Is.
var (
	// ErrFormat reports text that is not a table of numbers.
	ErrFormat = errors.New("not a table of numbers")
	// ErrTooLarge reports a table beyond the limit.
	ErrTooLarge = errors.New("too large")
)

// DefaultLimit is the most memory the numbers may take when Options.Limit is
// 0: 4 GiB.
const DefaultLimit = 4 << 30

// MaxLine is the longest line read, in bytes.
const MaxLine = 16 << 20

// maxClasses bounds the different values of the label column.
const maxClasses = 65536

// Options bounds a reading. The zero value is the usual one.
type Options struct {
	Limit int64 // of memory, in bytes; 0 means DefaultLimit
	Rows  int   // stop after so many examples; 0 reads all
	// Label is the column of the classes: its name, in any case, or its number
	// from 1. "" means the first named label, class or target; "none" means none.
	Label string
	// Categories takes a column whose first value is text for a column of
	// categories; without it text in a feature is an error. The first line should
	// then name the columns: a line of text alone is taken for names.
	Categories bool
	Missing    Missing
}

// Missing says what becomes of cells that are empty or hold NA, N/A, null, none,
// NaN, ? or -.
type Missing uint8

// The choices; the zero value is Refuse.
const (
	Refuse Missing = iota // an error that names the cell
	Keep                  // NaN; in a column of categories one more, called NA
	Skip                  // the line is left out, also when it has no label
)

// NA is what the category of missing cells is called.
const NA = "NA"

// Table is a Rows×Cols table without its label column, row by row. Exactly
// one store is filled: Bytes when every number is a whole one from 0 to 255,
// else Doubles, where cells without a value are NaN.
type Table struct {
	Rows, Cols int
	Columns    []string // nil when the file names none
	Bytes      []uint8
	Doubles    []float64

	// Levels is nil, or has for each column the names of its categories, sorted;
	// nil for a column of numbers. The numbers of such a column are indices.
	Levels [][]string

	Missing int // cells that Keep has kept
	Skipped int // lines that Skip has left out

	Labels     []int    // nil without a label column
	LabelNames []string // nil when labels are whole numbers, else the name of each class
}

// CellError names the cell a reading stopped at.
type CellError struct {
	Line   int    // from 1
	Column int    // from 1
	Name   string // of the column, or ""
	Reason string
	// Missing says that the cell is one that Options.Missing could deal with.
	Missing bool
}

// Error returns one sentence such as `line 3, column 2 (width): "x" is not a number`.
func (e *CellError) Error() string {
	name := ""
	if e.Name != "" {
		name = " (" + e.Name + ")"
	}
	return fmt.Sprintf("line %d, column %d%s: %s", e.Line, e.Column, name, e.Reason)
}

// Unwrap makes errors.Is(err, ErrFormat) true.
func (e *CellError) Unwrap() error { return ErrFormat }
