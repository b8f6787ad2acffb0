package preprocess

import (
	"math"

	"filterscope/engine/linalg"
)

// perFeature shifts and divides each feature by its own numbers: subtract-mean,
// standardise and h2o-normalise.
type perFeature struct {
	name           string
	mean, divisors []float64
}

var _ Step = (*perFeature)(nil)

func (p *perFeature) Name() string    { return p.name }
func (p *perFeature) Fitted() bool    { return p.mean != nil }
func (p *perFeature) Features() int   { return len(p.mean) }
func (*perFeature) Outputs(d int) int { return d }

func (p *perFeature) Fit(src Source) error {
	n, d := src.Size()
	centre, low, high, err := moments(src)
	if err != nil {
		return err
	}
	divisors := make([]float64, d)
	for j := range divisors {
		divisors[j] = 1
	}
	switch p.name {
	case H2ONormalise:
		clear(centre[:src.Indicators()]) // H2O leaves categories as they are
		for j := src.Indicators(); j < d; j++ {
			if high[j] > low[j] {
				divisors[j] = high[j] - low[j]
			}
		}
	case Standardise:
		squares := make([]float64, d)
		err = src.Blocks(func(rows linalg.Matrix[float64]) error {
			for i := range rows.Rows {
				for j, v := range rows.Row(i) {
					squares[j] += (v - centre[j]) * (v - centre[j])
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for j := range divisors {
			if high[j] > low[j] {
				divisors[j] = math.Sqrt(squares[j] / float64(n))
			}
		}
	}
	p.mean, p.divisors = centre, divisors
	return nil
}

// momentColumns is the number of features that one part of moments takes.
const momentColumns = 32

// moments returns the mean and the range of each feature. The mean of a
// constant feature is that constant, without rounding.
func moments(src Source) (centre, low, high []float64, err error) {
	n, d := src.Size()
	centre, low, high = make([]float64, d), make([]float64, d), make([]float64, d)
	for j := range d {
		low[j], high[j] = math.Inf(1), math.Inf(-1)
	}
	err = src.Blocks(func(rows linalg.Matrix[float64]) error {
		linalg.Parallel((d+momentColumns-1)/momentColumns, func(part int) {
			from, to := part*momentColumns, min((part+1)*momentColumns, d)
			centre, low, high := centre[from:to], low[from:to], high[from:to]
			for i := range rows.Rows {
				for j, v := range rows.Row(i)[from:to] {
					centre[j] += v
					if v < low[j] {
						low[j] = v
					}
					if v > high[j] {
						high[j] = v
					}
				}
			}
		})
		return nil
	})
	for j := range centre {
		centre[j] /= float64(n)
		if low[j] == high[j] {
			centre[j] = low[j]
		}
	}
	return centre, low, high, err
}

func (p *perFeature) Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64] {
	for i := range rows.Rows {
		row := rows.Row(i)
		for j := range row {
			row[j] = (row[j] - p.mean[j]) / p.divisors[j]
		}
	}
	return rows
}

func (p *perFeature) Invert(rows, _ linalg.Matrix[float64]) linalg.Matrix[float64] {
	for i := range rows.Rows {
		row := rows.Row(i)
		for j := range row {
			row[j] = row[j]*p.divisors[j] + p.mean[j]
		}
	}
	return rows
}

func (p *perFeature) Parameters() []Param {
	d := len(p.mean)
	params := []Param{{"mean", []int{d}, p.mean}}
	if p.name != SubtractMean {
		params = append(params, Param{"divisor", []int{d}, p.divisors})
	}
	return params
}

func (p *perFeature) Restore(params []Param) error {
	want := []wanted{{"mean", []int{-1}, &p.mean}, {"divisor", []int{-1}, &p.divisors}}
	if p.name == SubtractMean {
		want = want[:1]
	}
	if err := restore(p.name, params, want...); err != nil {
		return err
	}
	if p.name == SubtractMean {
		p.divisors = make([]float64, len(p.mean))
		for j := range p.divisors {
			p.divisors[j] = 1
		}
	}
	return nil
}
