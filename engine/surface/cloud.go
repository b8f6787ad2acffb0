package surface

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// Cloud is a set of points on a curve in the plane or a surface in space.
type Cloud struct {
	Points  linalg.Matrix[float64] // n×2 or n×3
	Normals linalg.Matrix[float64] // of the same shape, pointing outward; no rows: none
	Source  string                 // file or example the cloud comes from
}

// Dim returns the number of coordinates of a point.
func (c Cloud) Dim() int { return c.Points.Cols }

// HasNormals reports whether every point has a normal.
func (c Cloud) HasNormals() bool { return c.Normals.Rows > 0 }

// Bounds returns the smallest and the largest value of each coordinate; nil
// for a cloud without points.
func (c Cloud) Bounds() (low, high []float64) {
	if c.Points.Rows == 0 {
		return nil, nil
	}
	low, high = slices.Clone(c.Points.Row(0)), slices.Clone(c.Points.Row(0))
	for i := range c.Points.Rows {
		for j, v := range c.Points.Row(i) {
			low[j], high[j] = min(low[j], v), max(high[j], v)
		}
	}
	return low, high
}

// Check returns an error that says what is wrong with the cloud: other than 2
// or 3 coordinates, no points, NaN or infinite coordinates, normals of another
// shape or without length, all points equal.
func (c Cloud) Check() error {
	if c.Points.Rows == 0 {
		return errors.New("the cloud has no points")
	}
	if d := c.Dim(); d != 2 && d != 3 {
		return fmt.Errorf("points have %d coordinates; want 2 (a curve) or 3 (a surface)", d)
	}
	if err := checkFinite(c.Points, "coordinate"); err != nil {
		return err
	}
	if c.HasNormals() {
		if c.Normals.Rows != c.Points.Rows || c.Normals.Cols != c.Points.Cols {
			return fmt.Errorf("there are %d×%d normals for %d×%d points", c.Normals.Rows, c.Normals.Cols, c.Points.Rows, c.Points.Cols)
		}
		if err := checkFinite(c.Normals, "normal"); err != nil {
			return err
		}
		for i := range c.Normals.Rows {
			if norm(c.Normals.Row(i)) == 0 {
				return fmt.Errorf("the normal of point %d (counted from 1) has length 0; correct it, or leave the normals out to have them estimated", i+1)
			}
		}
	}
	low, high := c.Bounds()
	side := 0.0
	for j := range low {
		side = max(side, high[j]-low[j])
	}
	if c.Points.Rows == 1 {
		return errors.New("the cloud has one point; a surface needs points in different places")
	}
	if side == 0 {
		return fmt.Errorf("all %d points are equal; a surface needs points in different places", c.Points.Rows)
	}
	if math.IsInf(side, 0) {
		return errors.New("the coordinates are too large; scale the cloud down")
	}
	return nil
}

func checkFinite(m linalg.Matrix[float64], what string) error {
	for i := range m.Rows {
		for _, v := range m.Row(i) {
			if v-v != 0 { // only NaN and infinities differ from 0 here
				return fmt.Errorf("a %s of point %d (counted from 1) is %v; every number must be finite", what, i+1, v)
			}
		}
	}
	return nil
}

// FindDuplicates returns pairs (kept, repeated) of points that are equal: the
// row of the first of them and that of each later one, by later row.
func (c Cloud) FindDuplicates() [][2]int {
	var pairs [][2]int
	first := make(map[[3]float64]int, c.Points.Rows)
	for i := range c.Points.Rows {
		var key [3]float64
		for j, v := range c.Points.Row(i) {
			key[j] = v + 0 // −0 is 0
		}
		if k, ok := first[key]; ok {
			pairs = append(pairs, [2]int{k, i})
		} else {
			first[key] = i
		}
	}
	return pairs
}

// Merged returns the cloud with each set of equal points as one, its normal
// the first one's, and how many points went.
func (c Cloud) Merged() (Cloud, int) {
	pairs := c.FindDuplicates()
	if len(pairs) == 0 {
		return c, 0
	}
	gone := make([]bool, c.Points.Rows)
	for _, p := range pairs {
		gone[p[1]] = true
	}
	keep := make([]int, 0, len(gone)-len(pairs))
	for i, g := range gone {
		if !g {
			keep = append(keep, i)
		}
	}
	c.Points = pickRows(c.Points, keep)
	if c.HasNormals() {
		c.Normals = pickRows(c.Normals, keep)
	}
	return c, len(pairs)
}

// pickRows returns a new matrix of the rows named.
func pickRows(m linalg.Matrix[float64], rows []int) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](len(rows), m.Cols)
	for i, r := range rows {
		copy(out.Row(i), m.Row(r))
	}
	return out
}

func norm(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s = math.Hypot(s, x)
	}
	return s
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i, x := range a {
		s += x * b[i]
	}
	return s
}
