package recipe

import (
	"fmt"
	"slices"

	"filterscope/engine/rbf"
)

// Tasks of an RBF recipe.
const (
	TaskCurve   = "curve"   // a function of one variable
	TaskField   = "field"   // values scattered over the plane
	TaskImage   = "image"   // a picture as a sum of Gaussians
	TaskSurface = "surface" // a curve or surface through a cloud of points
)

// Tasks lists the valid values of rbf.task.
func Tasks() []string { return []string{TaskCurve, TaskField, TaskImage, TaskSurface} }

// FunctionExpression is the value of rbf.function that asks for rbf.expression.
const FunctionExpression = "expression"

// Functions lists the valid values of rbf.function for a task.
func Functions(task string) []string {
	switch task {
	case TaskCurve:
		return []string{"seed", "sine", "step", "runge", "sinc", FunctionExpression}
	case TaskField:
		return []string{"scipy", "peaks", "franke"}
	case TaskImage:
		return []string{"harbour", "face"}
	case TaskSurface:
		return []string{"circle", "star", "sphere", "torus", "two-spheres"}
	}
	return nil
}

// Choices of centres.
const (
	CentresGrid   = "grid"
	CentresSubset = "subset"
	CentresAll    = "all"
	CentresKMeans = "k-means"
	CentresOLS    = "ols"    // orthogonal least squares, forward selection
	CentresGreedy = "greedy" // of surfaces: where the residual is largest
)

// Centres lists the valid values of rbf.centres for a task. An image has none
// to choose: its centres are placed where the error is largest.
func Centres(task string) []string {
	switch task {
	case TaskSurface:
		return []string{CentresAll, CentresGreedy}
	case TaskImage:
		return []string{CentresGreedy}
	}
	return []string{CentresGrid, CentresSubset, CentresAll, CentresKMeans, CentresOLS}
}

// Choices of widths.
const (
	WidthsGiven       = "given"
	WidthsMaxDistance = "max-distance" // d_max/√(2M)
	WidthsNearest     = "nearest"      // the mean distance to the nearest centres, one for all
	WidthsPerCentre   = "per-centre"   // the same, for each centre its own
)

// Widths lists the valid values of rbf.widths.
func Widths() []string {
	return []string{WidthsGiven, WidthsMaxDistance, WidthsNearest, WidthsPerCentre}
}

// Choices of the read-out.
const (
	ReadoutPseudoInverse = "pseudo-inverse"
	ReadoutRidge         = "ridge"     // λ as given
	ReadoutRidgeLOO      = "ridge-loo" // λ by leave-one-out
	ReadoutRidgeGCV      = "ridge-gcv" // λ by generalised cross-validation
)

// Readouts lists the valid values of rbf.readout.
func Readouts() []string {
	return []string{ReadoutPseudoInverse, ReadoutRidge, ReadoutRidgeLOO, ReadoutRidgeGCV}
}

// Kernels lists the valid values of rbf.kernel.
func Kernels() []string {
	var names []string
	for _, k := range rbf.Kernels() {
		names = append(names, k.String())
	}
	return names
}

// AutoDegree is the rbf.degree that leaves the polynomial to the kernel: the
// least it needs. SciPy's interpolator, and so a field with all its points as
// centres, has a constant at least.
const AutoDegree = rbf.DefaultDegree

// AutoSmoothing is the rbf.smoothing of a surface that is chosen from the noise
// of its points. A surface has it unless its recipe says another.
const AutoSmoothing = -1

// smoothingOf returns the rbf.smoothing of a task whose recipe says none.
func smoothingOf(task string) float64 {
	if task == TaskSurface {
		return AutoSmoothing
	}
	return 0
}

// RBF is what an RBF network is fitted to, and how: the [rbf] table of a
// recipe whose model.kind is "rbf". It is a plain value, so that a copy of a
// recipe can be changed without changing the recipe; it is zero in recipes of
// other kinds.
type RBF struct {
	Task       string  `toml:"task"`                 // curve, field, image or surface
	Function   string  `toml:"function"`             // what is drawn when there is no path
	Expression string  `toml:"expression,omitempty"` // of x, for function = "expression"
	Path       string  `toml:"path,omitempty"`       // points (.csv, .npy, .ply, .xyz) or an image, in place of the function
	From       float64 `toml:"from"`                 // the domain of a drawn curve; of both axes of a drawn field
	To         float64 `toml:"to"`
	Noise      float64 `toml:"noise"` // σ of the normal noise in what is drawn: on the training values, or on the points of a surface
	Train      int     `toml:"train"` // points to fit, of what is drawn
	Test       int     `toml:"test"`  // points to test on, of what is drawn

	Centres         string  `toml:"centres"`
	Count           int     `toml:"count"` // of centres; at most, where the choice may take fewer
	Widths          string  `toml:"widths"`
	Width           float64 `toml:"width"`            // σ, for widths = "given"
	WidthNeighbours int     `toml:"width_neighbours"` // for widths = "nearest" and "per-centre"
	Kernel          string  `toml:"kernel"`
	Normalised      bool    `toml:"normalised"` // φ_j / Σφ
	Degree          int     `toml:"degree"`     // of the polynomial; -1 none, -2 the least the kernel needs

	Readout         string  `toml:"readout"`
	Cutoff          float64 `toml:"cutoff"`            // singular values below cutoff times the largest count as zero
	Lambda          float64 `toml:"lambda"`            // of readout = "ridge"
	TrainByGradient bool    `toml:"train_by_gradient"` // then [optimizer] moves centres, widths and weights

	Smoothing  float64 `toml:"smoothing"`       // of interpolated fields and surfaces; of surfaces -1 chooses it
	Neighbours int     `toml:"neighbours"`      // points an interpolated value is made of; 0 means all
	Patch      int     `toml:"patch,omitempty"` // side of the square cut from an image at a place drawn by the seed; 0 takes the whole
	Offset     float64 `toml:"offset"`          // distance of a surface's off-surface points; 0 chooses it
	Resolution int     `toml:"resolution"`      // side of the evaluated grid, or of the image in pixels
}

// DefaultRBF returns the seed's example: f(x) = (x−2)(2x+1)/(1+x²) on [−5, 10]
// by twenty Gaussians of width 1.5 on a grid, their weights by the
// pseudo-inverse. Keys that an [rbf] table leaves out keep these values, but the
// smoothing of a surface is AutoSmoothing then.
func DefaultRBF() RBF {
	return RBF{
		Task: TaskCurve, Function: "seed", From: -5, To: 10, Train: 100, Test: 300,
		Centres: CentresGrid, Count: 20, Widths: WidthsGiven, Width: 1.5, WidthNeighbours: 2,
		Kernel: "gaussian", Degree: AutoDegree, Readout: ReadoutPseudoInverse, Cutoff: 1e-15, Lambda: 1e-6,
		Resolution: 64,
	}
}

// IsRBF reports whether the recipe is one of an RBF network, for
// `filterscope rbf`; the others are trained.
func (r Recipe) IsRBF() bool { return r.Model.Kind == KindRBF }

// WantRBF returns nil for an RBF recipe, and for another one an error that
// says where it belongs.
func (r Recipe) WantRBF() error {
	if r.IsRBF() {
		return nil
	}
	return fmt.Errorf("%s is no RBF network but of kind %s: use filterscope train", r.Name, r.Model.Kind)
}

// RefuseRBF returns an error for an RBF recipe that says where it belongs.
func (r Recipe) RefuseRBF() error {
	if !r.IsRBF() {
		return nil
	}
	return fmt.Errorf("%s is an RBF network: use filterscope rbf", r.Name)
}

// Interpolates reports whether the points of a field are interpolated, with
// smoothing and neighbours, as SciPy's RBFInterpolator does; another field, and
// every curve, is fitted by a network with a read-out.
func (b RBF) Interpolates() bool { return b.Task == TaskField && b.Centres == CentresAll }

// Limits of an [rbf] table.
const (
	maxPoints  = 1_000_000
	maxCentres = 20_000
)

// maxResolution returns the largest rbf.resolution of the task.
func (b RBF) maxResolution() int {
	if b.Task == TaskSurface {
		return 512 // cells of space along each side
	}
	return 1024
}

// validate reports the faults of the [rbf] table.
func (b RBF) validate(v *validator) {
	v.oneOf("rbf.task", b.Task, Tasks()...)
	if !slices.Contains(Tasks(), b.Task) {
		return
	}
	if b.Path == "" {
		v.oneOf("rbf.function", b.Function, Functions(b.Task)...)
		if b.Task == TaskCurve && b.Function == FunctionExpression && b.Expression == "" {
			v.fault("rbf.expression", `""`, "a formula in x, for example sin(x)/x")
		}
		if b.Task == TaskCurve || b.Task == TaskField {
			v.number("rbf.from", b.From, true, "a number")
			v.number("rbf.to", b.To, b.To > b.From, "more than rbf.from")
		}
		v.whole("rbf.train", b.Train, 1, maxPoints)
		v.whole("rbf.test", b.Test, 0, maxPoints)
	}
	v.number("rbf.noise", b.Noise, b.Noise >= 0, "0 or more")
	v.oneOf("rbf.centres", b.Centres, Centres(b.Task)...)
	v.whole("rbf.count", b.Count, 1, maxCentres)
	v.oneOf("rbf.widths", b.Widths, Widths()...)
	if b.Widths == WidthsGiven {
		v.number("rbf.width", b.Width, b.Width > 0, "more than 0")
	} else {
		v.whole("rbf.width_neighbours", b.WidthNeighbours, 1, 100)
	}
	v.oneOf("rbf.kernel", b.Kernel, Kernels()...)
	v.whole("rbf.degree", b.Degree, AutoDegree, 8)
	v.oneOf("rbf.readout", b.Readout, Readouts()...)
	v.number("rbf.cutoff", b.Cutoff, b.Cutoff >= 0 && b.Cutoff < 1, "0 to below 1")
	if b.Readout == ReadoutRidge {
		v.number("rbf.lambda", b.Lambda, b.Lambda > 0, "more than 0")
	}
	if b.Task != TaskSurface || b.Smoothing != AutoSmoothing {
		v.number("rbf.smoothing", b.Smoothing, b.Smoothing >= 0, "0 or more; for a surface also -1, which measures the noise")
	}
	v.whole("rbf.neighbours", b.Neighbours, 0, maxPoints)
	v.number("rbf.offset", b.Offset, b.Offset >= 0, "0 or more; 0 chooses it")
	v.whole("rbf.patch", b.Patch, 0, 4096)
	v.whole("rbf.resolution", b.Resolution, 8, b.maxResolution())
	b.validatePairs(v)
}

// validatePairs reports values that do not go with one another.
func (b RBF) validatePairs(v *validator) {
	switch {
	case b.TrainByGradient && b.Task != TaskCurve && (b.Task != TaskField || b.Centres == CentresAll):
		v.fault("rbf.train_by_gradient", true, "false: only the centres of a curve, or of a field with fewer centres than points, can be trained")
	case b.Task == TaskImage && b.Kernel != "gaussian":
		v.fault("rbf.kernel", fmt.Sprintf("%q", b.Kernel), "gaussian: an image is a sum of Gaussians")
	case b.Interpolates() && b.Normalised:
		v.fault("rbf.normalised", true, "false: points that are interpolated have no normalised kernel; choose other rbf.centres")
	case b.Interpolates() && b.Widths == WidthsPerCentre:
		v.fault("rbf.widths", `"per-centre"`, "one width for all, given, max-distance or nearest, where all points are interpolated")
	}
}
