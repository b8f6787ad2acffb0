package modelio

import (
	"encoding/csv"
	"io"
	"strconv"

	"filterscope/engine/linalg"
)

// WriteCSV writes the names of the columns and then the rows of m, each number
// with as many digits as it takes to read it back exactly. levels is nil, or has
// for each column the names of its categories, empty for one of numbers: a number
// of one of them is written as its name.
func WriteCSV(w io.Writer, columns []string, m linalg.Matrix[float64], levels [][]string) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	row := make([]string, m.Cols)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			row[j] = strconv.FormatFloat(v, 'g', -1, 64)
			if j >= len(levels) {
				continue
			}
			if k := int(v); k >= 0 && k < len(levels[j]) && float64(k) == v {
				row[j] = levels[j][k]
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
