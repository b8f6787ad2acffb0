package nn

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// Softmax replaces every row z by exp(z+bias)/Σexp(z+bias), the largest
// taken off first, so that no value is too large. z is m×n, bias has n elements.
// Each row is a tensor of the given shape, and the sum goes over one of its axes, as in
// SoftmaxAxis, which says when it panics.
func Softmax[T linalg.Float](z linalg.Matrix[T], bias []T, shape []int, axis int) {
	a := along("Softmax", shape, axis, z.Cols)
	for i := range z.Rows {
		row := z.Row(i)
		add(row, bias)
		for k := range a.lanes {
			softmax(row[a.first(k):], nil, a.n, a.stride)
		}
	}
}

// SoftmaxDelta replaces z by the delta pΣy-y of a softmax output layer, p =
// Softmax of z, adds each column of it to sums unless that is nil, and
// returns the categorical cross-entropy -Σ y log p. Along the axis the values of y
// (m×n, 0 or more) are probabilities that add up to 1, such as a 1 at the class;
// with another sum they count as that many examples. bias and sums have n
// elements. It panics as SoftmaxAxis does.
func SoftmaxDelta[T linalg.Float](z, y linalg.Matrix[T], bias, sums []T, shape []int, axis int) float64 {
	a := along("SoftmaxDelta", shape, axis, z.Cols)
	loss := 0.0
	for i := range z.Rows {
		row, want := z.Row(i), y.Row(i)
		add(row, bias)
		for k := range a.lanes {
			first := a.first(k)
			part, mass := softmax(row[first:], want[first:], a.n, a.stride)
			loss += part
			for j := first; j < first+a.n*a.stride; j += a.stride {
				row[j] = T(float64(row[j])*mass) - want[j]
			}
		}
	}
	AddColumns(z, sums)
	return loss
}

// SoftmaxAxis sets dst to exp(src)/Σexp(src), the sum over one axis of a
// row-major tensor of the given shape, the largest taken off first. Values that
// differ in their place on that axis alone add up to 1: on the channels of a
// picture, those of each pixel. dst may be src. It panics when lengths do not
// fit or there is no such axis.
func SoftmaxAxis[T linalg.Float](dst, src []T, shape []int, axis int) {
	a := along("SoftmaxAxis", shape, axis, len(dst), len(src))
	copy(dst, src)
	for i := range a.lanes {
		softmax(dst[a.first(i):], nil, a.n, a.stride)
	}
}

// SoftmaxAxisDelta is the way back through SoftmaxAxis: with p its result and d
// = ∂J/∂p it sets dst to ∂J/∂src = p∘(d - Σ p∘d), the sum over the same axis. dst
// may be p or d.
func SoftmaxAxisDelta[T linalg.Float](dst, p, d []T, shape []int, axis int) {
	a := along("SoftmaxAxisDelta", shape, axis, len(dst), len(p), len(d))
	for i := range a.lanes {
		first, mean := a.first(i), 0.0
		last := first + a.n*a.stride
		for j := first; j < last; j += a.stride {
			mean += float64(p[j]) * float64(d[j])
		}
		for j := first; j < last; j += a.stride {
			dst[j] = T(float64(p[j]) * (float64(d[j]) - mean))
		}
	}
}

// CategoricalCrossEntropy returns the mean of -Σ y log p over the examples, p =
// SoftmaxAxis of the scores z and the sum over the axis of the classes; each
// place on the other axes is an example, such as a pixel. It sets grad, which may
// be z, to the gradient with respect to z, (pΣy - y)/m for m examples, unless grad
// is nil. The y of an example add up to 1, such as a 1 at the class, or are
// all 0: then it has no label and counts as an example without loss. The mean of no
// examples is NaN. It panics as SoftmaxAxis does.
func CategoricalCrossEntropy[T linalg.Float](grad, z, y []T, shape []int, axis int) float64 {
	if grad == nil {
		grad = make([]T, len(z))
	}
	a := along("CategoricalCrossEntropy", shape, axis, len(grad), len(z), len(y))
	copy(grad, z)
	loss, m := 0.0, float64(a.lanes)
	for i := range a.lanes {
		first := a.first(i)
		part, mass := softmax(grad[first:], y[first:], a.n, a.stride)
		loss += part
		for j := first; j < first+a.n*a.stride; j += a.stride {
			grad[j] = T((float64(grad[j])*mass - float64(y[j])) / m)
		}
	}
	return loss / m
}

// Lanes returns how many places a tensor of the given shape has on the axes but
// one, and how many values along that one.
func Lanes(shape []int, axis int) (places, values int) {
	size := 1
	for _, d := range shape {
		size *= d
	}
	a := along("Lanes", shape, axis, size)
	return a.lanes, a.n
}

// LaneSums sets dst, of as many places as Lanes says, to the sums of x along an
// axis. It panics as SoftmaxAxis does.
func LaneSums[T linalg.Float](dst []float64, x []T, shape []int, axis int) {
	a := along("LaneSums", shape, axis, len(x))
	for i := range a.lanes {
		dst[i] = 0
		first := a.first(i)
		for j := first; j < first+a.n*a.stride; j += a.stride {
			dst[i] += float64(x[j])
		}
	}
}

// lanes are the runs of n values, stride apart, that a tensor has along an axis.
type lanes struct{ lanes, n, stride int }

// first returns the index of the first value of lane i.
func (a lanes) first(i int) int { return i/a.stride*a.stride*a.n + i%a.stride }

// along returns the lanes of a shape along an axis, and checks the lengths of
// the tensors of that shape.
func along(name string, shape []int, axis int, lengths ...int) lanes {
	if axis < 0 || axis >= len(shape) {
		panic(fmt.Sprintf("nn: %s: axis %d of a tensor of shape %v", name, axis, shape))
	}
	a := lanes{lanes: 1, n: shape[axis], stride: 1}
	for k, d := range shape {
		if k != axis {
			a.lanes *= d
		}
		if k > axis {
			a.stride *= d
		}
	}
	for _, n := range lengths {
		if n != a.lanes*a.n {
			panic(fmt.Sprintf("nn: %s: %d values for shape %v", name, n, shape))
		}
	}
	return a
}

// add adds bias to row.
func add[T linalg.Float](row, bias []T) {
	for j, b := range bias[:len(row)] {
		row[j] += b
	}
}

// softmax works in place on n values of z, stride apart, and returns -Σ y log p
// and Σ y, both 0 for no y, whose values lie as those of z.
func softmax[T linalg.Float](z, y []T, n, stride int) (loss, mass float64) {
	end, most := n*stride, math.Inf(-1)
	for j := 0; j < end; j += stride {
		most = max(most, float64(z[j]))
	}
	sum := 0.0
	for j := 0; j < end; j += stride {
		below := float64(z[j]) - most
		if y != nil && y[j] != 0 { // what has no share may be at -∞
			loss -= float64(y[j]) * below
			mass += float64(y[j])
		}
		e := math.Exp(below)
		z[j] = T(e)
		sum += e
	}
	for j := 0; j < end; j += stride {
		z[j] = T(float64(z[j]) / sum)
	}
	return loss + mass*math.Log(sum), mass
}
