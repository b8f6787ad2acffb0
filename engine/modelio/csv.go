package modelio

import (
	"encoding/csv"
	"io"
	"strconv"

	"filterscope/engine/linalg"
)

// WriteCSV writes the names of the columns and then the rows of m, each number
// with as many digits as it takes to read it back exactly.
func WriteCSV(w io.Writer, columns []string, m linalg.Matrix[float64]) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	row := make([]string, m.Cols)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			row[j] = strconv.FormatFloat(v, 'g', -1, 64)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
