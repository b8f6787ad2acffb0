package preprocess

import (
	"math"

	"filterscope/engine/linalg"
)

// scale maps the full intensity of the data to 1: x' = (x−offset)/divisor.
// Data without a natural scale are mapped from their range to [0, 1]; then
// values outside the training range leave [0, 1].
type scale struct{ params []float64 } // offset, divisor

var _ Step = (*scale)(nil)

func (s *scale) Name() string    { return Scale }
func (s *scale) Fitted() bool    { return s.params != nil }
func (s *scale) Features() int   { return 0 }
func (*scale) Outputs(d int) int { return d }

func (s *scale) Fit(src Source) error {
	if full := src.FullScale(); full > 0 {
		s.params = []float64{0, full}
		return nil
	}
	low, high := math.Inf(1), math.Inf(-1)
	err := src.Blocks(func(rows linalg.Matrix[float64]) error {
		for i := range rows.Rows {
			for _, v := range rows.Row(i) {
				low, high = min(low, v), max(high, v)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	divisor := high - low
	if divisor == 0 {
		divisor = 1
	}
	s.params = []float64{low, divisor}
	return nil
}

func (s *scale) Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64] {
	offset, divisor := s.params[0], s.params[1]
	for i := range rows.Rows {
		row := rows.Row(i)
		for j, v := range row {
			row[j] = (v - offset) / divisor
		}
	}
	return rows
}

func (s *scale) Invert(rows, _ linalg.Matrix[float64]) linalg.Matrix[float64] {
	offset, divisor := s.params[0], s.params[1]
	for i := range rows.Rows {
		row := rows.Row(i)
		for j, v := range row {
			row[j] = v*divisor + offset
		}
	}
	return rows
}

func (s *scale) Parameters() []Param {
	return []Param{{"offset_divisor", []int{2}, s.params}}
}

func (s *scale) Restore(params []Param) error {
	return restore(Scale, params, wanted{"offset_divisor", []int{2}, &s.params})
}
