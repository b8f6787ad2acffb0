// Package deadleaves draws dead-leaves images and cuts patches from them:
// random grey shapes that hide one another, like leaves on the ground. Their
// edges, corners and power spectrum are close to those of photographs, so
// that filters learnt from them look as if learnt from photographs, with no
// file and no network.
//
// The shapes lie on top of each other without end; looking from above, one
// sees only the topmost at each place, so an image is drawn front to back
// until every pixel is covered (a perfect sample of the infinite model).
// The size r of a shape follows the law p(r) ∝ r^-3 between MinRadius and
// MaxRadius, the one law under which the image looks the same at all scales
// between them. A. B. Lee, D. Mumford and J. Huang, "Occlusion models for
// natural images", International Journal of Computer Vision 41, 2001.
//
// Whiten is the filter f·exp(-(f/f0)⁴) of B. A. Olshausen and D. J. Field,
// "Sparse coding with an overcomplete basis set", Vision Research 37, 1997: it
// flattens the 1/f amplitude of natural images and cuts off the highest
// frequencies. It serves photographs as well.
//
// Everything is a function of its seed, whatever GOMAXPROCS is. All functions
// are safe for concurrent use and keep none of the slices they are given.
package deadleaves
