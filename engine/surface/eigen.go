package surface

import "math"

// smallest returns the eigenvector of the smallest eigenvalue of the symmetric
// matrix a, d×d with d 2 or 3, and the eigenvalues in ascending order, by
// Jacobi's rotations.
func smallest(a [3][3]float64, d int) (vector, values [3]float64) {
	v := [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	for range 30 {
		off := 0.0
		for i := range d {
			for j := range i {
				off += a[i][j] * a[i][j]
			}
		}
		if off == 0 {
			break
		}
		for p := range d {
			for q := p + 1; q < d; q++ {
				if a[p][q] == 0 {
					continue
				}
				theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
				t := 1 / (math.Abs(theta) + math.Hypot(theta, 1))
				if theta < 0 {
					t = -t
				}
				c := 1 / math.Hypot(t, 1)
				s := t * c
				for i := range d {
					x, y := a[i][p], a[i][q]
					a[i][p], a[i][q] = c*x-s*y, s*x+c*y
				}
				for i := range d {
					x, y := a[p][i], a[q][i]
					a[p][i], a[q][i] = c*x-s*y, s*x+c*y
				}
				a[p][q], a[q][p] = 0, 0
				for i := range d {
					x, y := v[i][p], v[i][q]
					v[i][p], v[i][q] = c*x-s*y, s*x+c*y
				}
			}
		}
	}
	order := [3]int{0, 1, 2}
	for i := range d {
		for j := i; j > 0 && a[order[j]][order[j]] < a[order[j-1]][order[j-1]]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	for i := range d {
		values[i] = a[order[i]][order[i]]
		vector[i] = v[i][order[0]]
	}
	return vector, values
}

// solveSmall solves the symmetric positive definite system a·x = b of n ≤ 6
// unknowns in place, by Cholesky's decomposition; false when a is not positive
// definite to working precision.
func solveSmall(a *[6][6]float64, b *[6]float64, n int) bool {
	for j := range n {
		d := a[j][j]
		for k := range j {
			d -= a[j][k] * a[j][k]
		}
		if !(d > 1e-12*a[j][j]) {
			return false
		}
		a[j][j] = math.Sqrt(d)
		for i := j + 1; i < n; i++ {
			s := a[i][j]
			for k := range j {
				s -= a[i][k] * a[j][k]
			}
			a[i][j] = s / a[j][j]
		}
	}
	for i := range n {
		for k := range i {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= a[k][i] * b[k]
		}
		b[i] /= a[i][i]
	}
	return true
}
