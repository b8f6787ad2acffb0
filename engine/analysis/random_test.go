package analysis_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
)

// drawn returns a rows×cols matrix of values that f draws.
func drawn(seed uint64, rows, cols int, f func(r *rand.Rand) float64) linalg.Matrix[float64] {
	r := rand.New(rand.NewPCG(seed, 6))
	m := linalg.NewMatrix[float64](rows, cols)
	for i := range m.Data {
		m.Data[i] = f(r)
	}
	return m
}

// normal draws from N(0, 1).
func normal(r *rand.Rand) float64 { return r.NormFloat64() }

// mixed returns correlated examples about a mean that is not 0.
func mixed(seed uint64, rows, cols int) linalg.Matrix[float64] {
	z, mix := drawn(seed, rows, cols, normal), drawn(seed+1, cols, cols, normal)
	x := linalg.NewMatrix[float64](rows, cols)
	linalg.Gemm(false, false, 1, z, mix, 0, x)
	for i := range rows {
		for j := range cols {
			x.Row(i)[j] += float64(j)
		}
	}
	return x
}

// single returns m in float32.
func single(m linalg.Matrix[float64]) linalg.Matrix[float32] {
	s := linalg.NewMatrix[float32](m.Rows, m.Cols)
	linalg.Convert(s, m)
	return s
}

// near fails the test when got is further from want than tol, relative above 1.
func near(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*max(1, math.Abs(want))) {
		t.Errorf("%s = %v, want %v within %v", name, got, want, tol)
	}
}
