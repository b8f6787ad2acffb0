package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// addLabel takes the cell of the label column: a whole number or a name.
func (b *builder) addLabel(line, column int, cell string) error {
	cell = strings.TrimSpace(cell)
	fault := func(reason string) error { return &CellError{line, column + 1, b.name(column), reason, false} }
	class, known := b.names[cell]
	if !known {
		if cell == "" {
			return fault("the label is empty; fill it or leave the line out")
		}
		if _, whole := wholeLabel(cell); !whole {
			if _, reason := b.number(cell); reason == "" {
				return fault(fmt.Sprintf("%.40q is not a class; rename the column to use it as a feature", cell))
			}
		}
		if len(b.classes) == maxClasses {
			return fault(fmt.Sprintf("there are more than %d different labels; rename the column to use it as a feature", maxClasses))
		}
		class = len(b.classes)
		cell = strings.Clone(cell)
		b.classes = append(b.classes, cell)
		b.names[cell] = class
	}
	b.table.Labels = append(b.table.Labels, class)
	return nil
}

// wholeLabel reads "3" and also "3.0", as some programs write it.
func wholeLabel(cell string) (int, bool) {
	if v, err := strconv.Atoi(cell); err == nil {
		return v, true
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || v != float64(int32(v)) {
		return 0, false
	}
	return int(v), true
}

// numberClasses replaces the order of appearance by the labels themselves
// when all are whole numbers, else by their place in the sorted names, so
// that two files of the same classes agree.
func (b *builder) numberClasses() {
	if b.label < 0 {
		return
	}
	values := make([]int, len(b.classes))
	for i, class := range b.classes {
		v, whole := wholeLabel(class)
		if !whole {
			names := slices.Sorted(slices.Values(b.classes))
			for j, c := range b.classes {
				values[j], _ = slices.BinarySearch(names, c)
			}
			b.table.LabelNames = names
			break
		}
		values[i] = v
	}
	for i, class := range b.table.Labels {
		b.table.Labels[i] = values[class]
	}
}
