package surface

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"filterscope/engine/rbf"
)

// Automatic lets Fit choose Options.Smoothing, from the noise it measures, and
// Options.Centres.
const Automatic = -1

// Limits of Options.
const (
	minResolution = 8
	maxResolution = 512
	maxNormals    = 200
)

// Options says how Fit makes a function of a cloud. DefaultOptions returns a
// complete value.
type Options struct {
	// Offset is the distance d of the off-surface points from the sample, in the
	// cloud's units; 0 chooses it from the distances between neighbours and
	// the noise. It is shortened where another part of the cloud is near.
	Offset float64
	// Kernel is φ; rbf.Linear in space and rbf.ThinPlateSpline in the plane by
	// default. Kernels that need a width get one of twice the mean distance
	// between neighbours.
	Kernel rbf.Kernel
	// Smoothing is λ of the system (K + λI)w = y, in which the cloud is scaled
	// to a longest side of 2; 0 passes through every point, Automatic chooses.
	Smoothing float64
	// Centres is how many points of the cloud carry centres, chosen greedily
	// where the residual is largest; 0 takes all, Automatic 1000 at most. Time
	// grows with the third power of it: each has three centres, its own and
	// those of its off-surface points. 4000 are the most without Neighbours.
	Centres int
	// Neighbours limits each evaluation to that many nearest centres; 0 takes
	// all. The function then has small jumps, so it suits large clouds only.
	Neighbours int
	// Resolution is the number of grid cells along the longest side that
	// Contour and Mesh use when they are given 0; 8 to 512.
	Resolution int
	// Normals is the number k of neighbours a normal is estimated from; 0
	// chooses it: more in space than in the plane, more the noisier the cloud.
	Normals int
}

// DefaultOptions returns the options for clouds of dim 2 or 3 coordinates.
func DefaultOptions(dim int) Options {
	o := Options{Kernel: rbf.Linear, Smoothing: Automatic, Centres: Automatic, Resolution: 48}
	if dim == 2 {
		o.Kernel, o.Resolution = rbf.ThinPlateSpline, 128
	}
	return o
}

// centres returns how many of n points carry centres.
func (o Options) centres(n int) int {
	const automatic = 1000
	switch o.Centres {
	case 0:
		return n
	case Automatic:
		return min(n, automatic)
	}
	return min(n, o.Centres)
}

// Validate names all faults of o, with their limits.
func (o Options) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !(o.Offset >= 0) || math.IsInf(o.Offset, 0) {
		fault("offset = %g: want 0 (automatic) or more", o.Offset)
	}
	if o.Smoothing != Automatic && !(o.Smoothing >= 0) || math.IsInf(o.Smoothing, 0) {
		fault("smoothing = %g: want 0 or more, or %d (automatic)", o.Smoothing, Automatic)
	}
	if o.Centres < 0 && o.Centres != Automatic {
		fault("centres = %d: want 0 (all) or more, or %d (automatic)", o.Centres, Automatic)
	}
	if o.Neighbours < 0 {
		fault("neighbours = %d: want 0 (all) or more", o.Neighbours)
	}
	if o.Resolution < minResolution || o.Resolution > maxResolution {
		fault("resolution = %d: want %d to %d", o.Resolution, minResolution, maxResolution)
	}
	if o.Normals < 0 || o.Normals > maxNormals {
		fault("normals = %d: want 0 (automatic) to %d neighbours", o.Normals, maxNormals)
	}
	if !slices.Contains(rbf.Kernels(), o.Kernel) {
		fault("there is no %v", o.Kernel)
	}
	return errors.Join(faults...)
}
