package surface

import (
	"math"

	"filterscope/engine/linalg"
)

// cover is a growing choice of points that knows how far every point is from
// the nearest chosen.
type cover struct {
	points linalg.Matrix[float64]
	square []float64 // squared distance to the nearest of taken, infinite at first
	taken  []int
}

func newCover(points linalg.Matrix[float64]) *cover {
	c := &cover{points: points, square: make([]float64, points.Rows)}
	for i := range c.square {
		c.square[i] = math.Inf(1)
	}
	return c
}

// take chooses a point.
func (c *cover) take(i int) {
	c.taken = append(c.taken, i)
	p := c.points.Row(i)
	for j := range c.square {
		s := 0.0
		for a, v := range c.points.Row(j) {
			s += (v - p[a]) * (v - p[a])
		}
		c.square[j] = min(c.square[j], s)
	}
}

// farthest returns the point farthest from those chosen; the first one at first.
func (c *cover) farthest() int {
	best := 0
	for i, s := range c.square {
		if s > c.square[best] {
			best = i
		}
	}
	return best
}

// worst returns the point not chosen yet with the largest product of residual
// and distance to those chosen.
func (c *cover) worst(residual []float64) int {
	best, most := -1, -1.0
	for i, s := range c.square {
		if s > 0 && residual[i]*residual[i]*s > most {
			best, most = i, residual[i]*residual[i]*s
		}
	}
	return best
}
