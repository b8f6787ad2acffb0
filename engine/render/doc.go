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
// # Radial basis functions
//
// A [Painter] draws the pictures of radial basis networks from plain slices:
// [Basis] (three panels over one x axis), [Field] (a heat map with contours),
// [Outline] (a curve over the sign of its function) and [Surface] (a shaded mesh
// or height field). Each returns the mapping between its pixels and the data.
// A picture is never blank: one without data says so in a sentence.
//
// Fields and heights are interpolated between the nodes of their grid, linearly
// as contour lines are ([Contours], marching squares), and then coloured: so a
// line lies exactly where the colours say. A surface is drawn in two passes,
// nearest triangle of every sample by a depth buffer first, then colours, so
// that only what is seen is shaded; triangles that share an edge share its
// samples without gap or overlap.
//
// # Concurrency
//
// Functions are safe for concurrent use on different images. A [Typeface], a
// [Chart] and a [Painter] keep caches and belong to one goroutine at a time.
package render
