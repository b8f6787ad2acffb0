package surface

import (
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// constraints are the points at which f has to take values: row 3i is sample i,
// where f is 0, and the next two are its off-surface points, outside and inside.
type constraints struct {
	points    linalg.Matrix[float64]
	values    []float64
	shortened int // samples with an off-surface point nearer than asked
}

// newConstraints puts off-surface points at a distance from the samples, along
// their normals, in a smoothed cloud. A point that is nearer to another sample
// than to its own would contradict it, so it comes nearer by halves (Carr et al.
// 2001, section 3).
func newConstraints(l *layout, samples linalg.Matrix[float64], offset float64) constraints {
	const (
		halvings = 6
		tries    = 20  // at a place of its own
		slack    = 0.9 // of its distance, that another sample may be nearer: they are not exact
	)
	n, d := samples.Rows, samples.Cols
	c := constraints{points: linalg.NewMatrix[float64](3*n, d), values: make([]float64, 3*n)}
	tree := rbf.NewTree(l.smooth)
	short := make([]bool, n)
	// put places the off-surface point at a row.
	put := func(at int, distance float64) {
		p, normal := l.smooth.Row(at/3), l.normals.Row(at/3)
		if at%3 == 2 {
			distance = -distance
		}
		for a, v := range p {
			c.points.Row(at)[a] = v + distance*normal[a]
		}
		c.values[at] = distance
	}
	parallel(n, func(first, last int) {
		var found []rbf.Neighbour
		for i := first; i < last; i++ {
			copy(c.points.Row(3*i), samples.Row(i))
			for at := 3*i + 1; at <= 3*i+2; at++ {
				distance := offset
				put(at, distance)
				for range halvings {
					found = tree.Nearest(found, c.points.Row(at), 1)
					if found[0].Row == i || found[0].Distance >= slack*slack*distance*distance {
						break
					}
					distance /= 2
					short[i] = true
					put(at, distance)
				}
			}
		}
	})
	// Two at the same place, which symmetric clouds have, would make the system
	// singular.
	taken := make(map[[3]int64]struct{}, 3*n)
	for at := range c.points.Rows {
		for range tries {
			var place [3]int64
			for a, v := range c.points.Row(at) {
				place[a] = int64(math.Round(v / (1e-6 * offset)))
			}
			if _, ok := taken[place]; !ok || at%3 == 0 {
				taken[place] = struct{}{}
				break
			}
			short[at/3] = true
			put(at, 0.75*math.Abs(c.values[at]))
		}
	}
	for _, s := range short {
		if s {
			c.shortened++
		}
	}
	return c
}

// pick returns the constraints of the samples named.
func (c *constraints) pick(samples []int) (linalg.Matrix[float64], []float64) {
	rows := make([]int, 0, 3*len(samples))
	values := make([]float64, 0, 3*len(samples))
	for _, i := range samples {
		rows = append(rows, 3*i, 3*i+1, 3*i+2)
		values = append(values, c.values[3*i:3*i+3]...)
	}
	return pickRows(c.points, rows), values
}
