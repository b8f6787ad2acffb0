package rbf

import (
	"math"

	"filterscope/engine/linalg"
)

// monomials returns how many monomials in d variables have at most the given
// degree: the binomial coefficient of d+degree over d.
func monomials(d, degree int) int {
	if degree < 0 {
		return 0
	}
	n := 1
	for i := 1; i <= d; i++ {
		n = n * (degree + i) / i
	}
	return n
}

// Exponents lists the monomials of at most the given degree in d variables,
// each as the power of every variable, by rising degree; none for degree -1.
func Exponents(d, degree int) [][]int {
	var all [][]int
	powers := make([]int, d)
	var spread func(from, left int)
	spread = func(from, left int) {
		if from == d-1 {
			powers[from] = left
			all = append(all, append([]int(nil), powers...))
			return
		}
		for p := left; p >= 0; p-- {
			powers[from] = p
			spread(from+1, left-p)
		}
	}
	for total := 0; total <= degree && d > 0; total++ {
		spread(0, total)
	}
	return all
}

// polynomial evaluates monomials of shifted and scaled coordinates.
type polynomial struct {
	exponents    [][]int
	shift, scale []float64 // empty: 0 and 1
}

// box returns the shift and scale that map the smallest axis-aligned box around
// the rows of x to [-1, 1]; an axis without extent keeps the scale 1.
func box(x linalg.Matrix[float64]) (shift, scale []float64) {
	shift, scale = make([]float64, x.Cols), make([]float64, x.Cols)
	for j := range x.Cols {
		low, high := math.Inf(1), math.Inf(-1)
		for i := range x.Rows {
			v := x.At(i, j)
			low, high = min(low, v), max(high, v)
		}
		scale[j] = high/2 - low/2
		if x.Rows == 0 || scale[j] == 0 {
			scale[j] = 1
		}
		if x.Rows > 0 {
			shift[j] = high/2 + low/2
		}
	}
	return shift, scale
}

// fill sets dst, N×P, to the monomials at the rows of x, N×d.
func (p polynomial) fill(dst, x linalg.Matrix[float64]) {
	for i := range x.Rows {
		if len(p.exponents) > 0 {
			p.row(dst.Row(i), x.Row(i))
		}
	}
}

// row sets dst to the monomials at one point.
func (p polynomial) row(dst, x []float64) {
	for k, powers := range p.exponents {
		v := 1.0
		for j, power := range powers {
			if power == 0 {
				continue
			}
			t := x[j]
			if len(p.shift) > 0 {
				t = (t - p.shift[j]) / p.scale[j]
			}
			for range power {
				v *= t
			}
		}
		dst[k] = v
	}
}
