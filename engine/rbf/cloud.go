package rbf

import (
	"slices"

	"filterscope/engine/linalg"
)

// chunk is how many centres a query is compared with at once, so that their
// distances stay in the first cache.
const chunk = 1024

// cloud holds centres with their coordinates one axis after the other, each
// multiplied by ε, as loops over centres want them.
type cloud struct {
	kernel  Kernel
	epsilon float64
	axes    [][]float64 // d slices of n
	weights []float64   // n
	terms   polynomial
	tail    []float64
}

// reset takes the rows of points that index lists, all of them when it is nil,
// and reuses memory.
func (c *cloud) reset(points linalg.Matrix[float64], index []int) {
	n := points.Rows
	if index != nil {
		n = len(index)
	}
	if c.axes == nil {
		c.axes = make([][]float64, points.Cols)
	}
	for j := range c.axes {
		axis := slices.Grow(c.axes[j][:0], n)[:n]
		for i := range axis {
			from := i
			if index != nil {
				from = index[i]
			}
			axis[i] = c.epsilon * points.At(from, j)
		}
		c.axes[j] = axis
	}
}

// values sets dst to the kernel between a query, multiplied by ε, and the
// centres from first on.
func (c *cloud) values(dst, query []float64, first int) {
	squares(dst, c.axes[0][first:], query[0])
	for j, axis := range c.axes[1:] {
		addSquares(dst, axis[first:], query[j+1])
	}
	c.kernel.apply(dst)
}

// apply replaces each squared distance by the kernel.
func (k Kernel) apply(v []float64) {
	switch k {
	case Gaussian:
		gaussians(v)
	case ThinPlateSpline:
		thinPlate(v)
	case InverseQuadratic:
		for i, s := range v {
			v[i] = 1 / (1 + s)
		}
	default:
		if vectorised() {
			inFours(v, rootPasses[k])
			return
		}
		for i, s := range v {
			v[i] = k.squared(s)
		}
	}
}

// rootPasses are the passes of the kernels that are made of a square root.
var rootPasses = map[Kernel]func([]float64){
	Linear: linearAVX2, Cubic: cubicAVX2, Quintic: quinticAVX2,
	Multiquadric: multiquadricAVX2, InverseMultiquadric: inverseMultiquadricAVX2,
}

// scratch is the memory of one evaluation.
type scratch struct{ query, values, terms []float64 }

func (c *cloud) scratch() *scratch {
	return &scratch{make([]float64, len(c.axes)), make([]float64, chunk), make([]float64, len(c.tail))}
}

// at returns Σ weight·kernel + tail at one query.
func (c *cloud) at(query []float64, s *scratch) float64 {
	for j, q := range query {
		s.query[j] = c.epsilon * q
	}
	sum := 0.0
	for first := 0; first < len(c.weights); first += chunk {
		w := c.weights[first:min(first+chunk, len(c.weights))]
		v := s.values[:len(w)]
		c.values(v, s.query, first)
		sum += linalg.Dot(v, w)
	}
	if len(c.tail) > 0 {
		c.terms.row(s.terms, query)
		sum += dot(s.terms, c.tail)
	}
	return sum
}
