package linalg_test

import (
	"math"
	"testing"

	"filterscope/engine/linalg"
)

// TestEigen has matrices whose eigenvalues are known: 3 ± √1 of the first, and a
// second of rank 1, whose other eigenvalues are 0 but for rounding.
func TestEigen(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    []float64
		want []float64
	}{
		{"full rank", []float64{3, 1, math.NaN(), 3}, []float64{4, 2}},
		{"rank 1", []float64{0.01, 0.02, 0.03, 0.02, 0.04, 0.06, 0.03, 0.06, 0.09}, []float64{0.14, 0, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := len(tt.want)
			values, vectors, ok := linalg.Eigen(linalg.MatrixOf(n, n, tt.s))
			if !ok {
				t.Fatal("not converged")
			}
			for k, v := range values {
				if v < 0 || math.Abs(v-tt.want[k]) > 1e-14 {
					t.Errorf("eigenvalue %d = %v, want %v", k, v, tt.want[k])
				}
				u := vectors.Row(k)
				for i := range n { // row i of S·u
					sum := 0.0
					for j := range n {
						sum += tt.s[min(i, j)*n+max(i, j)] * u[j]
					}
					if math.Abs(sum-tt.want[k]*u[i]) > 1e-14 {
						t.Errorf("vector %d: S·u has %v at %d, λ·u %v", k, sum, i, tt.want[k]*u[i])
					}
				}
				if norm := linalg.Norm(u); math.Abs(norm-1) > 1e-14 {
					t.Errorf("vector %d has norm %v", k, norm)
				}
			}
		})
	}
}
