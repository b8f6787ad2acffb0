package rbf

import (
	"fmt"
	"math"
	"strings"
)

// Kernel is a radial function φ(r), with the sign and the minimum degree that
// SciPy's RBFInterpolator gives it.
type Kernel int

const (
	// Gaussian is exp(-r²).
	Gaussian Kernel = iota
	// Multiquadric is -√(1+r²).
	Multiquadric
	// InverseMultiquadric is 1/√(1+r²).
	InverseMultiquadric
	// InverseQuadratic is 1/(1+r²).
	InverseQuadratic
	// ThinPlateSpline is r²·ln r, and 0 at 0.
	ThinPlateSpline
	// Linear is -r.
	Linear
	// Cubic is r³.
	Cubic
	// Quintic is -r⁵.
	Quintic
)

// kernels holds, by number, each kernel's name, the least degree of the
// polynomial tail that makes interpolation uniquely solvable (-1: none is
// needed), and whether a change of scale changes only the weights.
var kernels = [...]struct {
	name      string
	minDegree int
	invariant bool
}{
	Gaussian:            {"gaussian", -1, false},
	Multiquadric:        {"multiquadric", 0, false},
	InverseMultiquadric: {"inverse-multiquadric", -1, false},
	InverseQuadratic:    {"inverse-quadratic", -1, false},
	ThinPlateSpline:     {"thin-plate-spline", 1, true},
	Linear:              {"linear", 0, true},
	Cubic:               {"cubic", 1, true},
	Quintic:             {"quintic", 2, true},
}

// Kernels lists all kernels, in the order menus show them.
func Kernels() []Kernel {
	all := make([]Kernel, len(kernels))
	for i := range all {
		all[i] = Kernel(i)
	}
	return all
}

// ParseKernel returns the kernel of that name, written with hyphens or
// underscores.
func ParseKernel(name string) (Kernel, error) {
	plain := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
	names := make([]string, len(kernels))
	for i, k := range kernels {
		if k.name == plain {
			return Kernel(i), nil
		}
		names[i] = k.name
	}
	return 0, fmt.Errorf("there is no kernel %q: use one of %s", name, strings.Join(names, ", "))
}

func (k Kernel) valid() bool { return k >= 0 && int(k) < len(kernels) }

// String returns the name as recipes write it: "thin-plate-spline".
func (k Kernel) String() string {
	if !k.valid() {
		return fmt.Sprintf("kernel %d", int(k))
	}
	return kernels[k].name
}

// MinDegree returns the least degree of a polynomial tail with which
// interpolation at distinct points has exactly one solution; -1 means that none
// is needed.
func (k Kernel) MinDegree() int { return kernels[k].minDegree }

// ScaleInvariant reports whether multiplying all distances by one number leaves
// the interpolant as it is, so that the kernel needs no ε.
func (k Kernel) ScaleInvariant() bool { return kernels[k].invariant }

// At returns φ(r) for r ≥ 0.
func (k Kernel) At(r float64) float64 { return k.squared(r * r) }

// squared returns φ(√s) for s ≥ 0: most kernels need no root.
func (k Kernel) squared(s float64) float64 {
	switch k {
	case Gaussian:
		return math.Exp(-s)
	case Multiquadric:
		return -math.Sqrt(1 + s)
	case InverseMultiquadric:
		return 1 / math.Sqrt(1+s)
	case InverseQuadratic:
		return 1 / (1 + s)
	case ThinPlateSpline:
		if s == 0 {
			return 0
		}
		return s * math.Log(s) / 2
	case Linear:
		return -math.Sqrt(s)
	case Cubic:
		return s * math.Sqrt(s)
	case Quintic:
		return -s * s * math.Sqrt(s)
	}
	panic(fmt.Sprintf("rbf: no kernel %d", int(k)))
}

// slope returns dφ/ds of φ(√s). Where it is infinite (the linear kernel and
// thin-plate spline at 0) it returns 0: there the gradient of φ with respect to
// the centre is taken as 0.
func (k Kernel) slope(s float64) float64 {
	switch k {
	case Gaussian:
		return -math.Exp(-s)
	case Multiquadric:
		return -0.5 / math.Sqrt(1+s)
	case InverseMultiquadric:
		return -0.5 / ((1 + s) * math.Sqrt(1+s))
	case InverseQuadratic:
		return -1 / ((1 + s) * (1 + s))
	case ThinPlateSpline:
		if s == 0 {
			return 0
		}
		return (math.Log(s) + 1) / 2
	case Linear:
		if s == 0 {
			return 0
		}
		return -0.5 / math.Sqrt(s)
	case Cubic:
		return 1.5 * math.Sqrt(s)
	case Quintic:
		return -2.5 * s * math.Sqrt(s)
	}
	panic(fmt.Sprintf("rbf: no kernel %d", int(k)))
}
