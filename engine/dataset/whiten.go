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
// result has mean 0 (about 0 where a side was extended, see below).
//
// The image is taken as mirrored at its borders, which is the cosine
// transform; so opposite borders do not meet in an edge, and any size will do.
// A side with a prime factor above 5 is extended, by that mirror image, to the
// next length without: the transform of 321 pixels takes ten times that of 324.
//
// It returns the cause of ctx when that ends, with img as it was. It panics
// when img does not have w·h pixels or f0 is not positive.
func Whiten(ctx context.Context, img []float64, w, h int, f0 float64) error {
	if w < 1 || h < 1 || len(img) != w*h || !(f0 > 0) {
		panic(fmt.Sprintf("dataset: Whiten: %d×%d from %d pixels, f0 %g", w, h, len(img), f0))
	}
	t := &cosineFilter{w: smooth(w), h: smooth(h), f0: f0}
	t.rows, t.columns = fourier.NewQuarterWaveFFT(t.w), fourier.NewQuarterWaveFFT(t.h)
	t.img = make([]float64, t.w*t.h)
	for y := range t.h {
		from := img[mirror(y, h)*w:]
		for x := range t.w {
			t.img[y*t.w+x] = from[mirror(x, w)]
		}
	}
	if err := t.run(ctx); err != nil {
		return err
	}
	for y := range h {
		copy(img[y*w:(y+1)*w], t.img[y*t.w:])
	}
	return nil
}

// mirror returns the pixel in 0..n-1 that i shows; i is below 2n.
func mirror(i, n int) int { return min(i, 2*n-1-i) }

// smooth returns the smallest number from n on without a prime factor above
// 5. It is at most n+n/4+1, so below 2n for n of 2 or more.
func smooth(n int) int {
	for ; ; n++ {
		rest := n
		for _, p := range []int{2, 3, 5} {
			for rest%p == 0 {
				rest /= p
			}
		}
		if rest == 1 {
			return n
		}
	}
}

// cosineFilter filters one image of a size without large prime factors.
type cosineFilter struct {
	img           []float64
	w, h          int
	f0            float64
	rows, columns *fourier.QuarterWaveFFT
}

func (t *cosineFilter) run(ctx context.Context) error {
	if err := t.eachRow(ctx, t.rows.CosSequence); err != nil {
		return err
	}
	// Columns are taken several at a time: one cache line of each row.
	const block = 8
	buffer := make([]float64, block*t.h)
	for x := 0; x < t.w; x += block {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n := min(block, t.w-x)
		for y := range t.h {
			for k, v := range t.img[y*t.w+x : y*t.w+x+n] {
				buffer[k*t.h+y] = v
			}
		}
		for k := range n {
			t.column(x+k, buffer[k*t.h:(k+1)*t.h])
		}
		for y := range t.h {
			for k := range n {
				t.img[y*t.w+x+k] = buffer[k*t.h+y]
			}
		}
	}
	return t.eachRow(ctx, t.rows.CosCoefficients)
}

func (t *cosineFilter) eachRow(ctx context.Context, transform func(dst, seq []float64) []float64) error {
	for y := range t.h {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		row := t.img[y*t.w : (y+1)*t.w]
		transform(row, row)
	}
	return nil
}

// column filters the column of index x of the rows' spectrum.
func (t *cosineFilter) column(x int, v []float64) {
	// A transform and its inverse multiply by 4 times the length, each way.
	norm := 1 / (16 * float64(t.w) * float64(t.h))
	fx := float64(x) / float64(2*t.w)
	t.columns.CosSequence(v, v)
	for y := range v {
		f := math.Hypot(fx, float64(y)/float64(2*t.h))
		r := f / t.f0
		v[y] *= norm * f * math.Exp(-r*r*r*r)
	}
	t.columns.CosCoefficients(v, v)
}
