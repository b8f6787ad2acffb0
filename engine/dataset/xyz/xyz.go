// Package xyz reads point clouds written as text, one point a line: numbers
// parted by blanks, tabs, commas or semicolons, or by several of them, the same
// count on every line. Empty lines and what follows # or // are left out. A
// first line without any number names the columns, and a whole number alone on
// the first line is the count of points that some programs write; it is not
// relied on.
//
// What the columns mean is for the caller to say. Memory grows with the bytes
// that arrive.
package xyz

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Faults callers may want to tell apart; test for them with errors.Is.
var (
	// ErrFormat reports text that is not a list of points.
	ErrFormat = errors.New("not a list of points")
	// ErrTooLarge reports more numbers or longer lines than are read.
	ErrTooLarge = errors.New("too large")
)

// fault is what is wrong with a file; errors.Is tells that it is ErrFormat.
type fault string

func (f fault) Error() string        { return string(f) }
func (f fault) Is(target error) bool { return target == ErrFormat }

// faultf returns a fault.
func faultf(format string, args ...any) error { return fault(fmt.Sprintf(format, args...)) }

// Limits of a file.
const (
	maxLine    = 1 << 16
	maxColumns = 64
	maxNumbers = 1 << 28 // 2 GiB of float64
)

// Points is a table of Rows×Cols finite numbers, row by row.
type Points struct {
	Rows, Cols int
	Columns    []string // names in lower case; nil when the file has none
	Data       []float64
}

// Read reads all points. Errors name the line; they wrap ErrFormat or
// ErrTooLarge, or are the reader's own.
func Read(r io.Reader) (*Points, error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 1<<12), maxLine)
	var p Points
	var cells []string
	line, filled := 0, 0 // lines, and those with content
	counted := false     // the first was a count
	for scanner.Scan() {
		line++
		text := scanner.Text()
		if line == 1 {
			text = strings.TrimPrefix(text, "\ufeff") // a byte order mark
		}
		cells = split(cells[:0], text)
		if len(cells) == 0 {
			continue
		}
		filled++
		if filled == 1 && !counted && isCount(cells) {
			counted, filled = true, 0
			continue
		}
		if filled == 1 && isHeader(cells) {
			for _, c := range cells {
				p.Columns = append(p.Columns, strings.ToLower(c))
			}
			continue
		}
		if err := p.add(line, cells); err != nil {
			return nil, err
		}
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%w: line %d is longer than %d bytes", ErrTooLarge, line+1, maxLine)
	case err != nil:
		return nil, fmt.Errorf("line %d: %w", line+1, err)
	case p.Rows == 0:
		return nil, faultf("it holds no points; want lines such as 0.1 2.5 -3")
	case p.Columns != nil && len(p.Columns) != p.Cols:
		return nil, faultf("the first line names %d columns, and the points have %d numbers", len(p.Columns), p.Cols)
	}
	return &p, nil
}

// add takes one line of numbers.
func (p *Points) add(line int, cells []string) error {
	if p.Rows == 0 {
		if len(cells) < 2 || len(cells) > maxColumns {
			return faultf("line %d has %d numbers; want 2 (x y), 3 (x y z) or more", line, len(cells))
		}
		p.Cols = len(cells)
	}
	if len(cells) != p.Cols {
		return faultf("line %d has %d numbers, the ones before have %d", line, len(cells), p.Cols)
	}
	if len(p.Data)+p.Cols > maxNumbers {
		return fmt.Errorf("%w: more than %d numbers; thin the cloud out", ErrTooLarge, maxNumbers)
	}
	for i, c := range cells {
		v, err := strconv.ParseFloat(c, 64)
		switch {
		case err != nil && errors.Is(err, strconv.ErrRange):
			return faultf("line %d, column %d: %.40s is out of the range of 64-bit numbers", line, i+1, c)
		case err != nil:
			return faultf("line %d, column %d: %.40q is not a number", line, i+1, c)
		case v-v != 0: // only NaN and infinities differ from 0 here
			return faultf("line %d, column %d is %v; every number must be finite", line, i+1, v)
		}
		p.Data = append(p.Data, v)
	}
	p.Rows++
	return nil
}

// split appends the cells of a line, without its comment.
func split(cells []string, line string) []string {
	if i := strings.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	if i := strings.Index(line, "//"); i >= 0 {
		line = line[:i]
	}
	for c := range strings.FieldsFuncSeq(line, func(r rune) bool {
		return r == ' ' || r == '\t' || r == ',' || r == ';' || r == '\r' || r == '\v' || r == '\f'
	}) {
		cells = append(cells, c)
	}
	return cells
}

// isCount reports whether a line is one whole number.
func isCount(cells []string) bool {
	if len(cells) != 1 {
		return false
	}
	_, err := strconv.ParseUint(cells[0], 10, 63)
	return err == nil
}

// isHeader reports whether no cell is a number.
func isHeader(cells []string) bool {
	for _, c := range cells {
		if _, err := strconv.ParseFloat(c, 64); err == nil || errors.Is(err, strconv.ErrRange) {
			return false
		}
	}
	return true
}
