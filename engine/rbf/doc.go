// Package rbf fits radial basis functions: networks with few centres, chosen
// widths and a linear read-out, and interpolators with a centre at every point.
//
// A [Network] computes f(x) = Σⱼ wⱼ·φ(‖x-cⱼ‖/σⱼ) + Σₖ tₖ·pₖ(x), with φ one of
// the [Kernel]s, optionally divided by the sum of all φ, and an optional
// polynomial tail. Its centres come from [Grid], [Subset], [All], [KMeans] or
// [ForwardSelection], its widths from [Given], [MaxDistance], [Nearest] or
// [PerCentre]; [Network.Fit] finds the weights by least squares and says in a
// [Report] how far they can be trusted. [Objective] is for training centres,
// widths and weights together by gradient.
//
// An [Interpolator] solves [K+λI, P; Pᵀ, 0]·[w; t] = [y; 0] with one centre a
// point: SciPy's RBFInterpolator, with its kernels, signs and degrees.
//
// Everything is float64, rows are points, and what comes from outside is
// answered with an error of one sentence; only shapes that do not fit each other
// panic. Results do not depend on the number of processors. Nothing here keeps
// or changes the slices it is given, unless it says so.
//
// The formulas are in docs/methods.md, section RBF.
package rbf

//go:generate go run ./internal/gen -out kernels_amd64.s -stubs kernels_amd64.go -pkg rbf
