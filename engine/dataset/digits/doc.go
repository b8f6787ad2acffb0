// Package digits draws synthetic handwritten digits: 28×28 grey images laid
// out as the MNIST set lays out its scans, for a first training that needs no
// file and no network. They imitate MNIST; none of them comes from it.
//
// Every digit has several styles, each a few pen strokes given by a handful of
// points (skeletons.go). An example is made by choosing a style and then,
// in this order,
//
//   - moving every point a little, and the whole page by a smooth warp
//     (hand.go), so that no two examples share their proportions,
//   - scaling the axes apart, slanting and rotating,
//   - threading a Catmull-Rom spline through the points of each stroke,
//   - fitting the ink into 20×20 pixels, its aspect ratio kept,
//   - drawing it with a round pen whose radius wanders along the stroke:
//     a pixel's value is the coverage read off its distance to the stroke's
//     edge (pen.go),
//   - moving the picture by whole pixels so that its centre of mass lies in
//     the middle of 28×28.
//
// The last three are the layout described by Y. LeCun, C. Cortes and
// C. Burges, "The MNIST database of handwritten digits".
//
// Example i depends on the seed and on i alone: not on the number of examples
// and not on GOMAXPROCS. All functions are safe for concurrent use.
package digits
