package linalg

import (
	"fmt"
	"os"
	"strings"
)

// backend is the seam between the engine and an instruction set: two matrix
// products on a block of rows and three fused passes over a block that was
// just multiplied and is still in the cache. All of them are serial; callers
// split the work. Shapes are checked by the exported functions around them,
// which never pass an empty matrix.
type backend[T Float] interface {
	// name is what Kernel reports.
	name() string
	// panel is the width of the column panels of a packed operand.
	panel() int
	// mul computes C = op(A)·P, or C += op(A)·P when add is set. C is m×n,
	// op(A) is m×k: A itself, or the transpose of a k×m matrix.
	// P is k×n, packed.
	mul(c, a Matrix[T], transA bool, p []T, add bool)
	// mulTrans computes C = AᵀB, or C += AᵀB when add is set; A is k×m,
	// B is k×n, neither packed.
	mulTrans(c, a, b Matrix[T], add bool)
	// square adds AᵀA to C on and above the diagonal, and may write more of C
	// below it.
	square(c, a Matrix[T])
	// activate sets z = f(z + bias) in every row and adds each column of the
	// result to sums, unless sums is nil.
	activate(f Function, z Matrix[T], bias, sums []T)
	// outputDelta sets z = (a-x)·f'(z + bias) with a = f(z + bias), adds each
	// column of it to sums, unless sums is nil, and returns Σ(a-x)².
	outputDelta(f Function, z, x Matrix[T], bias, sums []T) float64
	// hiddenDelta sets d = (d + s)·f'(z) in every row, a = f(z), and adds each
	// column of it to sums, unless sums is nil.
	hiddenDelta(f Function, d, a Matrix[T], s, sums []T)
	// skip computes rows ≤ group rows of C, n columns wide, or adds to them:
	// entry e contributes values[group*e+i]·B[index[e]] to row i. n is a
	// multiple of 16 and rows of B are as long.
	skip(c []T, stride, rows, n int, index []int32, values []T, b Matrix[T], add bool)
	// transpose writes element (j, r) of b to dst[r*w+j].
	transpose(dst []T, w int, b Matrix[T])
	// nonzero returns the mask of the elements of x, up to 64, that are not 0.
	nonzero(x []T) uint64
	// addWide computes dst += src; src is as long as dst.
	addWide(dst []float64, src []T)
	// squares returns Σx², summed in float64.
	squares(x []T) float64
	// blend computes y = ay + bx; x is as long as y.
	blend(a, b T, x, y []T)
	// The passes of L-BFGS and of minibatch training, as the exported functions
	// of the same names.
	pairDots(s, y []T, g []float64) (sg, yg float64)
	pairAdd(dst []float64, s, y, u, v []T, a, b, c, d float64)
	pairMake(s, y []T, copied, x, g, xNew, gNew, d []float64, sums *PairSums)
	advance(dst, x, d, g []float64, step float64) float64
	stepMomentum(theta, v, g []T, keep, rate T)
	stepAdam(theta, m, v, g []T, c AdamStep[T])
	// peak does n rounds of multiply-adds in registers alone and returns how
	// many multiplications and additions that were, 0 when it cannot tell.
	peak(n int) int
}

// kernelPair is one instruction set at both precisions.
type kernelPair struct {
	single  backend[float32]
	double  backend[float64]
	vectors *vectorKernels
}

// vectorKernels work on whole multiples of 32 elements; nil functions mean
// plain Go.
type vectorKernels struct {
	dot  func(x, y *float64, n int) float64
	axpy func(a float64, x, y *float64, n int)
}

// kernels lists what this processor can run, the best first; active is the
// one in use.
var (
	kernels = append(newKernels(), kernelPair{generic[float32]{}, generic[float64]{}, &vectorKernels{}})
	active  = chosen(os.Getenv("FILTERSCOPE_KERNEL"))
)

// chosen returns the kernels of that name, or the best.
func chosen(name string) kernelPair {
	for _, k := range kernels {
		if k.single.name() == name {
			return k
		}
	}
	return kernels[0]
}

// use returns the backend for T.
func use[T Float]() backend[T] {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return any(active.single).(backend[T])
	}
	return any(active.double).(backend[T])
}

// Kernel names the kernels in use: "avx512", "avx2", "neon" or "generic". They are the
// best the processor has, unless the environment variable FILTERSCOPE_KERNEL
// names others that it has too.
func Kernel() string { return active.single.name() }

// Kernels names the kernels this processor can run, the best first; "generic"
// is always the last.
func Kernels() []string {
	names := make([]string, len(kernels))
	for i, k := range kernels {
		names[i] = k.single.name()
	}
	return names
}

// SetKernel changes the kernels in use, for tests and comparisons. Nothing
// else may be computing, and matrices packed before are void.
func SetKernel(name string) error {
	k := chosen(name)
	if k.single.name() != name {
		return fmt.Errorf("kernel %q: this processor has %s", name, strings.Join(Kernels(), ", "))
	}
	active = k
	return nil
}

// AddWide computes dst += src. It panics when the lengths differ.
func AddWide[T Float](dst []float64, src []T) {
	checkLengths("AddWide", len(dst), len(src))
	use[T]().addWide(dst, src)
}

// Squares returns Σx², summed in float64.
func Squares[T Float](x []T) float64 { return use[T]().squares(x) }

// Blend computes y = ay + bx. It panics when the lengths differ.
func Blend[T Float](a, b T, x, y []T) {
	checkLengths("Blend", len(x), len(y))
	use[T]().blend(a, b, x, y)
}
