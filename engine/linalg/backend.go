package linalg

// backend is the seam between the engine and an instruction set: two matrix
// products on a block of rows and three fused passes over a block that was
// just multiplied and is still in the cache. All of them are serial; callers
// split the work. Shapes are checked by the exported functions around them.
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
	// activate sets z = f(z + bias) in every row and adds each column of the
	// result to sums, unless sums is nil.
	activate(f Function, z Matrix[T], bias, sums []T)
	// outputDelta sets z = (a-x)·f'(z + bias) with a = f(z + bias), adds each
	// column of it to sums, and returns Σ(a-x)².
	outputDelta(f Function, z, x Matrix[T], bias, sums []T) float64
	// hiddenDelta sets d = (d + s)·f'(z) in every row, a = f(z), and adds each
	// column of it to sums.
	hiddenDelta(f Function, d, a Matrix[T], s, sums []T)
}

// active holds the backends in use; see Kernel.
var active = struct {
	single backend[float32]
	double backend[float64]
}{generic[float32]{}, generic[float64]{}}

// use returns the backend for T.
func use[T Float]() backend[T] {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return any(active.single).(backend[T])
	}
	return any(active.double).(backend[T])
}

// Kernel names the kernels in use: "avx512", "avx2" or "generic".
func Kernel() string { return active.single.name() }
