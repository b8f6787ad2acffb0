// Package render turns numbers into pictures: mosaics of filters, sheets of
// images and reconstructions, live curves and histograms. It is pure Go and
// deterministic; the window, the exporters and the command line draw with the
// same code, so what is seen is what is written.
//
// # Levels
//
// A weight v is drawn by its level
//
//	l = 127 + round(127·clamp((v−c)/s, −1, 1)),   0 ≤ l ≤ 254,
//
// where c is the centre (usually zero) and s the scale of its tile, both held
// by a [Contrast]. Zero is always level 127, the exact middle: −w is drawn as
// the inverse 254−l of w. Halves round to even, which keeps that symmetry. A
// [Map] gives each level a colour; the grey map draws level l as grey value l.
// Weights of three channels are drawn as the three levels in red, green and
// blue. A weight that is not finite has no level: it is drawn as a
// checkerboard of the levels 103 and 151, neutral on average and unlike
// anything a weight leaves behind.
//
// Pixel data (digits, patches) has a range that does not depend on the
// picture; [Range] maps it to grey values 0 to 255.
//
// # Pictures
//
// One source pixel is a square of a whole number of device pixels (the zoom);
// nothing is ever resampled. Images made for the screen are *image.RGBA with a
// tight stride, origin (0, 0) and alpha 255. Functions that draw into a given
// image write every pixel they are responsible for, so that buffers can be
// used again. They keep no reference to it.
//
// Text is drawn with a [Typeface]. Lengths named in "units" are multiplied by
// the scale factor of the display; everything else is in device pixels.
//
// # Concurrency
//
// Functions are safe for concurrent use on different images. A [Typeface] and
// a [Chart] keep caches and belong to one goroutine at a time.
package render
