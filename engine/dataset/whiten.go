package dataset

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// OlshausenFieldCutoff is f0 of the whitening filter in cycles per pixel: 200
// cycles per picture of 512 pixels, rounded as their own program rounds it
// (Olshausen and Field, Vision Research 37 (1997), equation 14).
const OlshausenFieldCutoff = 0.4

// Whiten filters the w×h image img (row by row) in place by the gain
// R(f) = f·exp(−(f/f0)⁴), f in cycles per pixel: it levels the 1/f spectrum
// of photographs and cuts the corners of the spectrum off. R(0) = 0, so the
// result has mean 0.
//
// The image is taken as mirrored at its borders, which is the cosine
// transform; so opposite borders do not meet in an edge, and any size will do.
// It returns the cause of ctx when that ends, with img half done. It panics
// when img does not have w·h pixels or f0 is not positive.
func Whiten(ctx context.Context, img []float64, w, h int, f0 float64) error {
	if w < 1 || h < 1 || len(img) != w*h || !(f0 > 0) {
		panic(fmt.Sprintf("dataset: Whiten: %d×%d from %d pixels, f0 %g", w, h, len(img), f0))
	}
	rows, columns := fourier.NewQuarterWaveFFT(w), fourier.NewQuarterWaveFFT(h)
	eachRow := func(transform func(dst, seq []float64) []float64) error {
		for y := range h {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			row := img[y*w : (y+1)*w]
			transform(row, row)
		}
		return nil
	}
	if err := eachRow(rows.CosSequence); err != nil {
		return err
	}
	// Columns are taken several at a time: one cache line of each row.
	const block = 8
	buffer := make([]float64, block*h)
	// A transform and its inverse multiply by 4 times the length, each way.
	norm := 1 / (16 * float64(w) * float64(h))
	for x0 := 0; x0 < w; x0 += block {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n := min(block, w-x0)
		for y := range h {
			for k, v := range img[y*w+x0 : y*w+x0+n] {
				buffer[k*h+y] = v
			}
		}
		for k := range n {
			column := buffer[k*h : (k+1)*h]
			columns.CosSequence(column, column)
			fx := float64(x0+k) / float64(2*w)
			for y := range column {
				f := math.Hypot(fx, float64(y)/float64(2*h))
				r := f / f0
				column[y] *= norm * f * math.Exp(-r*r*r*r)
			}
			columns.CosCoefficients(column, column)
		}
		for y := range h {
			for k := range n {
				img[y*w+x0+k] = buffer[k*h+y]
			}
		}
	}
	return eachRow(rows.CosCoefficients)
}
