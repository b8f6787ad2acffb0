package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Read reads a table. Errors name line and column; they wrap ErrFormat or
// ErrTooLarge, or are the reader's own.
func Read(r io.Reader, opt Options) (*Table, error) {
	limit := opt.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 1<<16), MaxLine)
	b := builder{label: -1, categories: opt.Categories, missing: opt.Missing, wanted: strings.TrimSpace(opt.Label), limit: limit, names: make(map[string]int)}
	line := 0
	for scanner.Scan() {
		line++
		text := scanner.Text()
		if line == 1 {
			text = strings.TrimPrefix(text, "\ufeff") // a byte order mark
		}
		if trimmed := strings.TrimSpace(text); trimmed == "" || trimmed[0] == '#' {
			continue
		}
		if err := b.add(line, text); err != nil {
			return nil, err
		}
		if opt.Rows > 0 && b.table.Rows == opt.Rows {
			return b.finish()
		}
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%w: line %d is longer than %d bytes", ErrTooLarge, line+1, MaxLine)
	case err != nil:
		return nil, fmt.Errorf("line %d: %w", line+1, err)
	}
	return b.finish()
}

// builder gathers a table line by line.
type builder struct {
	table      Table
	sep        byte
	width      int      // cells a line, label included; 0 before the first line
	header     []string // names of all cells, or nil
	label      int      // the cell with the label, or -1
	wanted     string   // Options.Label
	limit      int64
	categories bool
	missing    Missing
	open       []int       // feature columns of which no line has had a value yet
	columns    []*category // of each feature: nil for numbers; set by the first line
	cells      []string    // of the current line, reused
	row        []float64
	classes    []string       // label texts in order of appearance
	names      map[string]int // label text -> index into classes
}

func (b *builder) add(line int, text string) error {
	if b.sep == 0 {
		b.sep = separator(text)
	}
	b.cells = split(b.cells[:0], text, b.sep)
	if b.width == 0 {
		b.width = len(b.cells)
		header := b.isHeader(b.cells)
		if header {
			b.takeHeader()
		}
		if err := b.numberedLabel(); err != nil || header {
			return err
		}
	}
	if len(b.cells) != b.width {
		return &CellError{Line: line, Column: min(len(b.cells), b.width) + 1, Reason: fmt.Sprintf("the line has %d cells, the ones before %d", len(b.cells), b.width)}
	}
	if b.missing == Skip && slices.ContainsFunc(b.cells, isMissing) {
		b.table.Skipped++
		return nil
	}
	b.row = b.row[:0]
	for i, cell := range b.cells {
		if i == b.label {
			if err := b.addLabel(line, i, cell); err != nil {
				return err
			}
			continue
		}
		v, reason := b.value(len(b.row), cell)
		if reason != "" {
			return &CellError{line, i + 1, b.name(i), reason, isMissing(cell)}
		}
		if math.IsNaN(v) {
			b.table.Missing++
		}
		b.row = append(b.row, v)
	}
	return b.store()
}

// isHeader tells names from numbers: a line is a header when a cell names the
// label column, or when fewer than half of its cells that are not missing are numbers.
func (b *builder) isHeader(cells []string) bool {
	numbers, missing := 0, 0
	for _, cell := range cells {
		if b.isLabel(cell) {
			return true
		}
		if b.missing != Refuse && isMissing(cell) {
			missing++
		} else if _, reason := b.number(cell); reason == "" {
			numbers++
		}
	}
	return 2*numbers < len(cells)-missing
}

// isLabel reports whether a column name is that of the labels.
func (b *builder) isLabel(name string) bool {
	name = strings.ToLower(strings.TrimSpace(name))
	switch strings.ToLower(b.wanted) {
	case "":
		return name == "label" || name == "class" || name == "target"
	case "none":
		return false
	}
	if _, err := strconv.Atoi(b.wanted); err == nil {
		return false // a number counts columns; it is no name
	}
	return name == strings.ToLower(b.wanted)
}

// numberedLabel finds the label column by its number, and makes sure that one
// asked for by name was found. Columns has the names of the others.
func (b *builder) numberedLabel() error {
	if b.wanted == "" || strings.EqualFold(b.wanted, "none") {
		return nil
	}
	n, err := strconv.Atoi(b.wanted)
	switch {
	case err != nil && b.label < 0 && b.header == nil:
		return fmt.Errorf("%w: the first line has no column names, so the label column cannot be %q; give its number", ErrFormat, b.wanted)
	case err != nil && b.label < 0:
		return fmt.Errorf("%w: there is no column %q; there are: %.400s", ErrFormat, b.wanted, strings.Join(b.header, ", "))
	case err != nil:
		return nil
	case n < 1 || n > b.width:
		return fmt.Errorf("%w: there is no column %d; the first line has %d", ErrFormat, n, b.width)
	}
	b.label = n - 1
	if b.header != nil {
		b.table.Columns = slices.Delete(b.table.Columns, n-1, n)
	}
	return nil
}

func (b *builder) takeHeader() {
	for i, cell := range b.cells {
		// A string cut from a line would keep the whole line alive.
		b.header = append(b.header, strings.Clone(strings.TrimSpace(cell)))
		if b.label < 0 && b.isLabel(cell) {
			b.label = i
			continue
		}
		b.table.Columns = append(b.table.Columns, b.header[i])
	}
}

func (b *builder) name(i int) string {
	if b.header == nil {
		return ""
	}
	return b.header[i]
}

// number reads one cell, or says why it cannot.
func (b *builder) number(cell string) (float64, string) {
	cell = strings.TrimSpace(cell)
	if isMissing(cell) {
		const remedy = "; fill it, or choose data.missing = mean (the mean of its column) or skip (leave such lines out)"
		switch {
		case b.missing != Refuse:
			return math.NaN(), ""
		case cell == "":
			return 0, "the cell is empty" + remedy
		case strings.EqualFold(cell, "nan"):
			return 0, fmt.Sprintf("%q is not a finite number", cell) + remedy
		}
		return 0, fmt.Sprintf("%q stands for a missing value", cell) + remedy
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil && b.sep != ',' {
		v, err = strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
	}
	switch {
	case math.IsInf(v, 0) || math.IsNaN(v): // also out of range
		return 0, fmt.Sprintf("%.40q is not a finite number", cell)
	case err != nil:
		return 0, fmt.Sprintf("%.40q is not a number", cell)
	}
	return v, ""
}

// isMissing reports whether a cell stands for no value.
func isMissing(cell string) bool {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "", "na", "n/a", "null", "none", "nan", "?", "-":
		return true
	}
	return false
}

// store appends the row, turning the bytes into floats when one of its
// numbers is not a byte.
func (b *builder) store() error {
	t := &b.table
	if t.Doubles == nil {
		for _, v := range b.row {
			if v != float64(uint8(max(0, min(255, v)))) {
				t.Doubles = make([]float64, len(t.Bytes), 2*len(t.Bytes)+len(b.row))
				for i, old := range t.Bytes {
					t.Doubles[i] = float64(old)
				}
				t.Bytes = nil
				break
			}
		}
	}
	if t.Doubles != nil {
		t.Doubles = append(t.Doubles, b.row...)
	} else {
		for _, v := range b.row {
			t.Bytes = append(t.Bytes, uint8(v))
		}
	}
	t.Rows++
	t.Cols = len(b.row)
	if int64(len(t.Bytes))+8*int64(len(t.Doubles)+len(t.Labels)) > b.limit {
		return fmt.Errorf("%w: the numbers up to row %d take more than the limit of %d bytes", ErrTooLarge, t.Rows, b.limit)
	}
	return nil
}

func (b *builder) finish() (*Table, error) {
	t := &b.table
	switch {
	case t.Rows == 0 && t.Skipped > 0:
		return nil, fmt.Errorf("%w: every one of its %d lines has a missing cell; choose data.missing = mean instead of skip", ErrFormat, t.Skipped)
	case t.Rows == 0 && b.header == nil:
		return nil, fmt.Errorf("%w: there is no line with numbers", ErrFormat)
	case t.Rows == 0:
		return nil, fmt.Errorf("%w: there is no line below the column names", ErrFormat)
	case t.Cols == 0 && b.header == nil:
		return nil, fmt.Errorf("%w: there is no column besides that of the labels", ErrFormat)
	case t.Cols == 0:
		return nil, fmt.Errorf("%w: there is no column besides %q", ErrFormat, b.header[b.label])
	}
	b.numberClasses()
	b.numberCategories()
	return t, nil
}
