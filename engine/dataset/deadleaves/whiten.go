package deadleaves

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Whiten returns the w×h image img (row by row) filtered in the frequency
// domain by f·exp(-(f/f0)⁴), f the distance from zero frequency and f0 in
// cycles per pixel, then scaled to variance 1. The filter removes the mean. An
// image without any contrast gives zeros.
//
// The transform takes the image as periodic: where its opposite borders
// differ, a few pixels along them show an edge that is not there. Any size
// will do; sizes with large prime factors take longer. Whiten panics when img
// does not have w·h pixels or f0 is not positive.
func Whiten(img []float64, w, h int, f0 float64) []float64 {
	if w < 1 || h < 1 || len(img) != w*h || !(f0 > 0) {
		panic(fmt.Sprintf("deadleaves: Whiten: %d×%d from %d pixels, f0 %g", w, h, len(img), f0))
	}
	mean, spread := moments(img)
	out := make([]float64, len(img))
	if spread == 0 {
		return out
	}
	for i, v := range img {
		out[i] = v - mean
	}

	// Rows are real, so half of each row's spectrum says it all; the half
	// spectra are kept column by column for the second pass.
	rows, cols := fourier.NewFFT(w), fourier.NewCmplxFFT(h)
	half := w/2 + 1
	spectrum := make([]complex128, half*h)
	line := make([]complex128, half)
	for y := range h {
		rows.Coefficients(line, out[y*w:(y+1)*w])
		for x, c := range line {
			spectrum[x*h+y] = c
		}
	}
	for x := range half {
		column := spectrum[x*h : (x+1)*h]
		cols.Coefficients(column, column)
		for y := range column {
			f := math.Hypot(rows.Freq(x), cols.Freq(y))
			r := f / f0
			column[y] *= complex(f*math.Exp(-r*r*r*r), 0)
		}
		cols.Sequence(column, column)
	}
	for y := range h {
		for x := range line {
			line[x] = spectrum[x*h+y]
		}
		rows.Sequence(out[y*w:(y+1)*w], line)
	}

	mean, filtered := moments(out)
	// What rounding leaves of an image the filter blocks is not contrast.
	if filtered <= 1e-12*spread {
		clear(out)
		return out
	}
	for i := range out {
		out[i] = (out[i] - mean) / filtered
	}
	return out
}

// moments returns the mean and the standard deviation of v.
func moments(v []float64) (mean, spread float64) {
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	for _, x := range v {
		spread += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(spread / float64(len(v)))
}
