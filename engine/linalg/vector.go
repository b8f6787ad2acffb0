package linalg

import (
	"fmt"
	"math"
)

// Dot returns Σ x·y. Long vectors are summed in pieces on several goroutines;
// the pieces depend on the length alone and are added in order, so the result
// does not depend on Workers. It panics when the lengths differ.
func Dot(x, y []float64) float64 {
	checkLengths("Dot", len(x), len(y))
	if len(x) <= vectorPart {
		return dot(x, y)
	}
	v := vectors.Get()
	v.x, v.y = x, y
	return v.run(v.dot)
}

// Norm returns the Euclidean norm of x, summed as in Dot.
func Norm(x []float64) float64 { return math.Sqrt(Dot(x, x)) }

// Axpy computes y += a·x. It panics when the lengths differ.
func Axpy(a float64, x, y []float64) {
	checkLengths("Axpy", len(x), len(y))
	if len(x) <= vectorPart {
		axpy(a, x, y)
		return
	}
	v := vectors.Get()
	v.a, v.x, v.y = a, x, y
	v.run(v.axpy)
}

// AxpyDot computes y += a·x and returns Σ y·z of the new y, in one pass over
// memory: the step of the L-BFGS two-loop recursion. z may be y itself. It
// panics when the lengths differ.
func AxpyDot(a float64, x, y, z []float64) float64 {
	checkLengths("AxpyDot", len(x), len(y))
	checkLengths("AxpyDot", len(x), len(z))
	if len(x) <= vectorPart {
		axpy(a, x, y)
		return dot(y, z)
	}
	v := vectors.Get()
	v.a, v.x, v.y, v.z = a, x, y, z
	return v.run(v.axpyDot)
}

// Scale computes x *= a.
func Scale(a float64, x []float64) {
	for i := range x {
		x[i] *= a
	}
}

func checkLengths(name string, n, m int) {
	if n != m {
		panic(fmt.Sprintf("linalg: %s: lengths %d and %d", name, n, m))
	}
}

// vectorPart is the shortest piece a goroutine is given: 64 kB of float64.
// vectorParts bounds the number of pieces; longer vectors get longer pieces.
const (
	vectorPart  = 8192
	vectorParts = 64
)

// vectorJob is one call on long vectors. Its method values are made once, so
// that a call does not allocate.
type vectorJob struct {
	a                  float64
	x, y, z            []float64
	piece              int
	sums               [vectorParts]float64
	dot, axpy, axpyDot func(part int)
}

var vectors = FreeList[vectorJob]{Make: func() *vectorJob {
	v := new(vectorJob)
	v.dot = func(part int) {
		first, last := v.bounds(part)
		v.sums[part] = dot(v.x[first:last], v.y[first:last])
	}
	v.axpy = func(part int) {
		first, last := v.bounds(part)
		axpy(v.a, v.x[first:last], v.y[first:last])
	}
	v.axpyDot = func(part int) {
		first, last := v.bounds(part)
		sum := 0.0
		for first < last { // in steps that stay in the first-level cache
			end := min(first+1024, last)
			axpy(v.a, v.x[first:end], v.y[first:end])
			sum += dot(v.y[first:end], v.z[first:end])
			first = end
		}
		v.sums[part] = sum
	}
	return v
}}

// run calls f on every piece, adds up what the pieces left in sums, and gives
// the job back.
func (v *vectorJob) run(f func(int)) float64 {
	n := len(v.x)
	v.piece = max(vectorPart, (n+vectorParts-1)/vectorParts)
	parts := (n + v.piece - 1) / v.piece
	clear(v.sums[:parts])
	Parallel(parts, f)
	sum := 0.0
	for _, s := range v.sums[:parts] {
		sum += s
	}
	v.x, v.y, v.z = nil, nil, nil
	vectors.Put(v)
	return sum
}

func (v *vectorJob) bounds(part int) (first, last int) {
	return part * v.piece, min((part+1)*v.piece, len(v.x))
}

// dot sums with the kernel as far as whole vectors go, then in four
// interleaved accumulators.
func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var s0, s1, s2, s3 float64
	i := 0
	if f := active.vectors.dot; f != nil && len(x) >= vectorUnit {
		i = len(x) / vectorUnit * vectorUnit
		s0 = f(&x[0], &y[0], i)
	}
	for ; i+4 <= len(x); i += 4 {
		u, w := x[i:i+4:i+4], y[i:i+4:i+4]
		s0 += u[0] * w[0]
		s1 += u[1] * w[1]
		s2 += u[2] * w[2]
		s3 += u[3] * w[3]
	}
	for ; i < len(x); i++ {
		s0 += x[i] * y[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// vectorUnit is what the kernels in vectorKernels take at a time.
const vectorUnit = 32

func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	i := 0
	if f := active.vectors.axpy; f != nil && len(x) >= vectorUnit {
		i = len(x) / vectorUnit * vectorUnit
		f(a, &x[0], &y[0], i)
	}
	for ; i < len(x); i++ {
		y[i] += a * x[i]
	}
}
