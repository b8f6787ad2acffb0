package deadleaves

import (
	"errors"
	"fmt"
)

// Options say how images are drawn and how many patches are cut from. The
// zero value is not valid; start from Default.
type Options struct {
	// MinRadius and MaxRadius bound the size r of a shape in pixels: the
	// radius of a disk, the long half-axis of an ellipse, the radius of the
	// circle around a polygon. Default 4 and 40: large enough that most 8×8
	// patches hold a single edge, and a power spectrum near f^-2.35. Smaller
	// bounds make the spectrum fall less steeply and patches more crowded, and
	// take longer. 1 ≤ MinRadius < MaxRadius ≤ 4096.
	MinRadius, MaxRadius float64

	// Straight is the share of the shapes that have straight edges
	// (rectangles and convex polygons); the others are disks and ellipses.
	// Default 0.25; from 0 to 1.
	Straight float64

	// Whiten applies the filter of Whiten with cut-off Cutoff to each image.
	// Default true.
	Whiten bool

	// Cutoff is f0 of the whitening filter in cycles per pixel. Default
	// 200/512 (Olshausen and Field 1997); above 0, up to 1.
	Cutoff float64

	// Images is the number of images patches are cut from, and ImageSize
	// their width and height in pixels. Default 6 of 512; from 1 to 64 of 16
	// to 4096.
	Images, ImageSize int
}

// Default returns the options of the built-in recipes: six whitened images of
// 512×512 pixels, one shape in four with straight edges.
func Default() Options {
	return Options{
		MinRadius: 4,
		MaxRadius: 40,
		Straight:  0.25,
		Whiten:    true,
		Cutoff:    200.0 / 512,
		Images:    6,
		ImageSize: 512,
	}
}

// Validate returns all faults of the options, each with its limits, or nil.
func (o Options) Validate() error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf("dead leaves: "+format, args...))
		}
	}
	// The comparisons are written so that NaN fails them.
	check(o.MinRadius >= 1 && o.MinRadius < o.MaxRadius && o.MaxRadius <= 4096,
		"MinRadius = %g, MaxRadius = %g: want 1 ≤ MinRadius < MaxRadius ≤ 4096", o.MinRadius, o.MaxRadius)
	check(o.Straight >= 0 && o.Straight <= 1, "Straight = %g: want 0 to 1", o.Straight)
	check(!o.Whiten || o.Cutoff > 0 && o.Cutoff <= 1, "Cutoff = %g: want 0 < Cutoff ≤ 1 cycle a pixel", o.Cutoff)
	check(o.Images >= 1 && o.Images <= 64, "Images = %d: want 1 to 64", o.Images)
	check(o.ImageSize >= 16 && o.ImageSize <= 4096, "ImageSize = %d: want 16 to 4096", o.ImageSize)
	return errors.Join(faults...)
}
