// Package dataset holds examples, whatever they came from: image collections,
// patches cut from photographs, tables, or drawings made by the program
// itself. Sub-packages read the file formats and draw the synthetic sets.
package dataset

import (
	"context"
	"fmt"
	"math"
)

// Geometry says how the features of one example form an image: Width×Height
// pixels in row-major order, Channels interleaved (RGBRGB…). The zero
// Geometry means that the features are not an image.
type Geometry struct {
	Width, Height, Channels int
}

// IsImage reports whether the features form an image.
func (g Geometry) IsImage() bool { return g.Width > 0 && g.Height > 0 && g.Channels > 0 }

// Features returns the number of features of one image.
func (g Geometry) Features() int { return g.Width * g.Height * g.Channels }

// Origin is the place a patch was cut from: its top-left pixel in an image.
type Origin struct {
	Source int // index into Dataset.Sources
	X, Y   int
}

// Dataset is n examples of d features each. It is immutable once made, and
// safe for concurrent readers. Exactly one of the stores is non-nil; bytes
// stay bytes, so that 60,000 images take 47 MB and not 376.
type Dataset struct {
	Name     string // for people: "MNIST, 10,000 images"
	N, D     int
	Geometry Geometry
	Labels   []int // nil or one label an example
	// LabelNames is nil, or names the class of each label, an index into it.
	LabelNames []string
	Columns    []string // nil or one name a feature, for tables
	// Levels is nil, or has for each column of a table the names of its
	// categories, whose values are indices; nil for a column of numbers.
	Levels  [][]string
	Sources []string // nil or the names of the images patches came from
	Origins []Origin // nil or one an example
	// SourceImage opens the image of that index in Sources, as a data set of
	// one; nil when the images cannot be had again. It may be called from any
	// goroutine.
	SourceImage func(ctx context.Context, source int) (*Dataset, error)

	// FullScale is the value of full intensity: 255 for 8-bit images, 65535
	// for 16-bit ones, 1 for data that is already in [0, 1], 0 when the data
	// has no natural scale (a table, whitened patches).
	FullScale float64

	// Fill is nil, or holds for each feature of a table what Read puts in the place of
	// a missing value, a NaN in Doubles: the mean of the others.
	Fill []float64

	Bytes   []uint8   // N×D, row by row
	Singles []float32 // N×D
	Doubles []float64 // N×D
}

// Check returns an error when the parts of the data set do not fit together.
func (d *Dataset) Check() error {
	want := d.N * d.D
	have := len(d.Bytes) + len(d.Singles) + len(d.Doubles)
	switch {
	case d.N <= 0 || d.D <= 0:
		return fmt.Errorf("data set %s is empty: %d examples of %d features", d.Name, d.N, d.D)
	case have != want:
		return fmt.Errorf("data set %s: %d values for %d examples of %d features", d.Name, have, d.N, d.D)
	case d.Geometry.IsImage() && d.Geometry.Features() != d.D:
		return fmt.Errorf("data set %s: %d×%d×%d images of %d features", d.Name,
			d.Geometry.Width, d.Geometry.Height, d.Geometry.Channels, d.D)
	case d.Labels != nil && len(d.Labels) != d.N:
		return fmt.Errorf("data set %s: %d labels for %d examples", d.Name, len(d.Labels), d.N)
	case d.Origins != nil && len(d.Origins) != d.N:
		return fmt.Errorf("data set %s: %d origins for %d examples", d.Name, len(d.Origins), d.N)
	}
	return nil
}

// Read copies examples first to first+len(dst)/D-1 into dst, row by row, as
// they are stored (a byte reads as 0 to 255). It panics when the range does
// not lie in the data set.
func (d *Dataset) Read(dst []float64, first int) { d.ReadFilled(dst, first, d.Fill) }

// ReadFilled is Read with other values, one for each feature, in the place of
// missing ones; nil leaves NaN there.
func (d *Dataset) ReadFilled(dst []float64, first int, fill []float64) {
	from, to := first*d.D, first*d.D+len(dst)
	switch {
	case d.Bytes != nil:
		for i, v := range d.Bytes[from:to] {
			dst[i] = float64(v)
		}
	case d.Singles != nil:
		for i, v := range d.Singles[from:to] {
			dst[i] = float64(v)
		}
	default:
		copy(dst, d.Doubles[from:to])
		if fill == nil || d.Fill == nil {
			return
		}
		for i, v := range dst {
			if math.IsNaN(v) {
				dst[i] = fill[i%d.D]
			}
		}
	}
}

// Means returns the mean of each feature over the examples that have a value of it,
// 0 where none has. The error names the first such feature.
func (d *Dataset) Means() ([]float64, error) {
	means, counts, row := make([]float64, d.D), make([]float64, d.D), make([]float64, d.D)
	for i := range d.N {
		d.ReadFilled(row, i, nil)
		for j, v := range row {
			if !math.IsNaN(v) {
				counts[j]++
				means[j] += v
			}
		}
	}
	for j, n := range counts {
		means[j] /= max(n, 1)
	}
	for j, n := range counts {
		if n == 0 {
			name := ""
			if j < len(d.Columns) {
				name = " (" + d.Columns[j] + ")"
			}
			return means, fmt.Errorf("feature %d%s has no value in any example, so there is no mean to fill in: leave that column out", j+1, name)
		}
	}
	return means, nil
}

// Head returns the data set of the first n examples; it shares d's memory.
// n of 0 or more than N means all of them.
func (d *Dataset) Head(n int) *Dataset {
	if n <= 0 || n >= d.N {
		return d
	}
	return d.between(0, n)
}
