package analysis

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// Explained tells which fraction of the variance of examples a reconstruction
// explains: R² = 1 − Σ(x̂−x)²/Σ(x−mean)². It is 1 for a perfect one, 0 for one no
// better than always giving the mean, and negative below that.
type Explained struct {
	Features []float64 // of each feature; NaN for one that is constant, which has no variance to explain
	Total    float64   // with both sums over all features, constant ones included; NaN when nothing varies
}

// R2 measures how much of x its reconstruction explains. Both are n×d and in the
// same units. It panics when the shapes differ.
func R2[T linalg.Float](x, reconstruction linalg.Matrix[T]) Explained {
	sameShape("R2", x, reconstruction)
	d := x.Cols
	e := Explained{Features: make([]float64, d), Total: math.NaN()}
	// Sums about the first example are exact for constant features.
	sum, squares, errs := make([]float64, d), make([]float64, d), make([]float64, d)
	for i := range x.Rows {
		first, out := x.Row(0), reconstruction.Row(i)
		for j, v := range x.Row(i) {
			off, miss := float64(v)-float64(first[j]), float64(out[j])-float64(v)
			sum[j] += off
			squares[j] += off * off
			errs[j] += miss * miss
		}
	}
	var variation, missed float64
	for j := range d {
		s := max(squares[j]-sum[j]*sum[j]/float64(max(x.Rows, 1)), 0)
		e.Features[j] = math.NaN()
		if s > 0 {
			e.Features[j] = 1 - errs[j]/s
		}
		variation += s
		missed += errs[j]
	}
	if variation > 0 {
		e.Total = 1 - missed/variation
	}
	return e
}

// IdentityDistance tells how far a weight matrix is from the identity.
type IdentityDistance struct {
	Frobenius    float64 // ‖W−I‖
	MeanDiagonal float64 // 1 for the identity
	OffDiagonal  float64 // the largest |w| beside the diagonal
	Row, Col     int     // where that is
}

// FromIdentity measures W, outputs × inputs, against the matrix with ones where
// row and column agree; W need not be square.
func FromIdentity[T linalg.Float](w linalg.Matrix[T]) IdentityDistance {
	var d IdentityDistance
	squares := 0.0
	for i := range w.Rows {
		for j, v := range w.Row(i) {
			e := float64(v)
			if i == j {
				d.MeanDiagonal += e / float64(min(w.Rows, w.Cols))
				e--
			} else if a := math.Abs(e); a > d.OffDiagonal {
				d.OffDiagonal, d.Row, d.Col = a, i, j
			}
			squares += e * e
		}
	}
	d.Frobenius = math.Sqrt(squares)
	return d
}

// sameShape panics when a and b differ in shape.
func sameShape[T linalg.Float](name string, a, b linalg.Matrix[T]) {
	if a.Rows != b.Rows || a.Cols != b.Cols {
		panic(fmt.Sprintf("analysis: %s: %d×%d with %d×%d", name, a.Rows, a.Cols, b.Rows, b.Cols))
	}
}
