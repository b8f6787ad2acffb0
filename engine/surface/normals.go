package surface

import (
	"context"
	"fmt"

	"filterscope/engine/linalg"
)

// EstimateNormals returns the cloud with normals of length 1 estimated from
// each point's k nearest neighbours: the direction in which they vary least,
// oriented consistently and outward (H. Hoppe et al., "Surface reconstruction
// from unorganized points", SIGGRAPH 1992). 0 chooses k.
func (c Cloud) EstimateNormals(k int) (Cloud, error) {
	if err := c.Check(); err != nil {
		return c, err
	}
	if least := c.Dim() + 1; c.Points.Rows < least {
		return c, fmt.Errorf("%d points are too few to estimate normals from; want at least %d", c.Points.Rows, least)
	}
	if k != 0 && k < c.Dim() {
		return c, fmt.Errorf("normals of %d neighbours: want at least %d, or 0 to choose", k, c.Dim())
	}
	points := newFrame(c).scaled(c.Points)
	l, err := newLayout(context.Background(), points, linalg.Matrix[float64]{}, k)
	if err != nil {
		return c, err
	}
	orient(points, l.normals, &l.near, l.noise)
	c.Normals = l.normals
	return c, nil
}

// flattest returns for each point of h the direction in which its neighbourhood
// varies least, by principal component analysis.
func flattest(points linalg.Matrix[float64], h *neighbourhoods) linalg.Matrix[float64] {
	normals := linalg.NewMatrix[float64](len(h.rows), points.Cols)
	parallel(len(h.rows), func(first, last int) {
		for i := first; i < last; i++ {
			vector, _ := smallest(covariance(points, int(h.rows[i]), h.of(i)), points.Cols)
			copy(normals.Row(i), vector[:points.Cols])
		}
	})
	return normals
}

// covariance returns that of point i and its neighbours, about their mean.
func covariance(points linalg.Matrix[float64], i int, neighbours []int32) (c [3][3]float64) {
	d := points.Cols
	p := points.Row(i)
	var mean [3]float64
	for _, j := range neighbours {
		for a, v := range points.Row(int(j)) {
			mean[a] += (v - p[a]) / float64(len(neighbours)+1)
		}
	}
	add := func(q []float64) {
		for a := range d {
			for b := range d {
				c[a][b] += (q[a] - p[a] - mean[a]) * (q[b] - p[b] - mean[b])
			}
		}
	}
	add(p)
	for _, j := range neighbours {
		add(points.Row(int(j)))
	}
	return c
}
