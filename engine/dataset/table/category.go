package table

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// maxLevels bounds the categories of one column.
const maxLevels = 65536

// category is a column of names; values are numbered as they appear.
type category struct {
	names  []string
	number map[string]int
}

// value reads one cell of feature column i: a number, or the name of a
// category where the first line has a name.
func (b *builder) value(i int, cell string) (float64, string) {
	if !b.categories {
		return b.number(cell)
	}
	first := i == len(b.columns)
	if first {
		b.columns = append(b.columns, nil)
	}
	if first && b.missing == Keep && isMissing(cell) {
		b.open = append(b.open, i) // a later line tells
		return math.NaN(), ""
	}
	open := slices.Index(b.open, i)
	if b.columns[i] == nil {
		v, reason := b.number(cell)
		if reason == "" && !math.IsNaN(v) && open >= 0 {
			b.open = slices.Delete(b.open, open, open+1)
		}
		if reason == "" || !first && open < 0 || !isName(cell) {
			return v, reason
		}
		if open >= 0 {
			b.open = slices.Delete(b.open, open, open+1)
		}
		b.columns[i] = &category{number: make(map[string]int)}
	}
	if !isName(cell) {
		if v, reason := b.number(cell); reason != "" || math.IsNaN(v) {
			return v, reason // missing
		}
	}
	return b.columns[i].level(strings.TrimSpace(cell))
}

// isName tells a name from what stands for a missing value and from numbers
// that are not finite.
func isName(cell string) bool {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "", "na", "n/a", "null", "none", "?", "-", "nan", "inf", "-inf", "+inf":
		return false
	}
	return true
}

func (c *category) level(name string) (float64, string) {
	n, ok := c.number[name]
	if !ok {
		if n = len(c.names); n == maxLevels {
			return 0, fmt.Sprintf("there are more than %d different names in this column; leave it out", maxLevels)
		}
		name = strings.Clone(name) // else the whole line would stay alive
		c.names = append(c.names, name)
		c.number[name] = n
	}
	return float64(n), ""
}

// numberCategories replaces the order of appearance by that of the sorted
// names, so that two files of the same categories agree.
func (b *builder) numberCategories() {
	t := &b.table
	for i, c := range b.columns {
		if c == nil {
			continue
		}
		if t.Levels == nil {
			t.Levels = make([][]string, t.Cols)
		}
		na := -1
		for at := i; t.Doubles != nil && at < t.Rows*t.Cols; at += t.Cols {
			if !math.IsNaN(t.Doubles[at]) {
				continue
			}
			if na < 0 {
				na = len(c.names)
				c.names = append(c.names, NA)
			}
			t.Doubles[at] = float64(na)
			t.Missing--
		}
		sorted := slices.Sorted(slices.Values(c.names))
		t.Levels[i] = sorted
		place := make([]int, len(c.names))
		for n, name := range c.names {
			place[n], _ = slices.BinarySearch(sorted, name)
		}
		for at := i; at < t.Rows*t.Cols; at += t.Cols {
			if t.Bytes != nil {
				t.Bytes[at] = uint8(place[t.Bytes[at]])
			} else {
				t.Doubles[at] = float64(place[int(t.Doubles[at])])
			}
		}
	}
}
