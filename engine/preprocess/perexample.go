package preprocess

import (
	"math"

	"filterscope/engine/linalg"
)

// perExample brings each example to mean 0 and standard deviation 1 (divided
// by the number of features): x' = (x−m)/s with the example's own m and s. A
// constant example is only shifted.
type perExample struct{}

var _ Step = (*perExample)(nil)

func (*perExample) Name() string            { return StandardiseExample }
func (*perExample) Fit(Source) error        { return nil }
func (*perExample) Fitted() bool            { return true }
func (*perExample) Features() int           { return 0 }
func (*perExample) Outputs(d int) int       { return d }
func (*perExample) Parameters() []Param     { return nil }
func (*perExample) Restore(p []Param) error { return restore(StandardiseExample, p) }
func (*perExample) needsExample()           {}

func (*perExample) Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64] {
	for i := range rows.Rows {
		row := rows.Row(i)
		m, s := meanAndDeviation(row)
		for j := range row {
			row[j] = (row[j] - m) / s
		}
	}
	return rows
}

// Invert gives each row the mean and the deviation of the example before, when
// there is one.
func (*perExample) Invert(rows, before linalg.Matrix[float64]) linalg.Matrix[float64] {
	for i := range before.Rows {
		row := rows.Row(i)
		m, s := meanAndDeviation(before.Row(i))
		for j := range row {
			row[j] = row[j]*s + m
		}
	}
	return rows
}

// meanAndDeviation returns the mean of v and its standard deviation, 1 when all
// of v is one number but for rounding.
func meanAndDeviation(v []float64) (m, s float64) {
	m = mean(v)
	squares := 0.0
	for _, x := range v {
		squares += (x - m) * (x - m)
	}
	s = math.Sqrt(squares / float64(len(v)))
	if s <= 4*math.Abs(m)*0x1p-52 {
		return m, 1
	}
	return m, s
}

// binarise sets values of threshold and above to 1, the others to 0. It
// cannot be undone: Invert leaves the values as they are.
type binarise struct{ threshold float64 }

var _ Step = (*binarise)(nil)

func (*binarise) Name() string            { return Binarise }
func (*binarise) Fit(Source) error        { return nil }
func (*binarise) Fitted() bool            { return true }
func (*binarise) Features() int           { return 0 }
func (*binarise) Outputs(d int) int       { return d }
func (*binarise) Parameters() []Param     { return nil }
func (*binarise) Restore(p []Param) error { return restore(Binarise, p) }

func (b *binarise) Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64] {
	for i := range rows.Rows {
		row := rows.Row(i)
		for j, v := range row {
			row[j] = 0
			if v >= b.threshold {
				row[j] = 1
			}
		}
	}
	return rows
}

func (*binarise) Invert(rows, _ linalg.Matrix[float64]) linalg.Matrix[float64] { return rows }
