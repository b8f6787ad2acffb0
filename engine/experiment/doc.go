// Package experiment prepares and fits what an RBF recipe describes: a curve, a
// field of values in the plane, an image as a sum of Gaussians, or a surface
// through a cloud of points. The window and `filterscope rbf` use the same
// calls and get the same numbers.
//
//	study, err := experiment.Prepare(ctx, recipe, progress)   // draws or reads the data
//	network, selection, err := study.Network()                // centres and widths, not fitted
//	outcome, err := study.Fit(network)                        // the read-out, and its errors
//	trainer, err := study.Trainer(network)                    // or by gradient, a step at a time
//	interpolator, outcome, err := study.Interpolate(ctx)      // a field with all its points as centres
//	grower, err := study.Grower()                             // an image, a Gaussian at a time
//	implicit, err := study.Surface(ctx, progress)             // a cloud
//
// or all of it at once, without a window: [Run], and [Result.Write] for its
// files. [Result.Model] is what is saved, with the data, and [Open] makes a
// Result of it again.
//
// A Study is immutable once prepared and may be used by several goroutines;
// a Trainer and a Grower belong to one. The same recipe, data and build give the
// same bits.
package experiment
