package rbf

import (
	"context"
	"fmt"

	"filterscope/engine/linalg"
)

// LeaveOneOut returns for every point what the interpolator misses its value by
// when it is made without it: y - f₋ᵢ(xᵢ) = wᵢ/(A⁻¹)ᵢᵢ, with A the matrix of the
// system (Rippa 1999). It solves the system once more and inverts it, in about
// four times the time of the fit; with Neighbours it fits each point's neighbours
// alone. It fails when ctx ends, and when a point's neighbours are singular.
func (i *Interpolator) LeaveOneOut(ctx context.Context) ([]float64, error) {
	n := i.points.Rows
	if n < 2 || n <= monomials(i.points.Cols, i.options.Degree) {
		return nil, fmt.Errorf("without one of its %s the tail of degree %d is not determined: add points or lower the degree",
			count(n, "point"), i.options.Degree)
	}
	out := make([]float64, n)
	if i.whole == nil {
		return out, i.localLeaveOneOut(ctx, out)
	}
	s := newSystem(i.options, i.points.Cols)
	if err := s.solve(ctx, i.points, i.y, nil); err != nil {
		return nil, explain(err, "the points")
	}
	const block = 128
	unit := linalg.NewMatrix[float64](s.matrix.Rows, min(block, n))
	for first := 0; first < n; first += block {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		columns := unit.Columns(0, min(block, n-first))
		columns.Zero()
		for k := range columns.Cols {
			columns.Set(first+k, k, 1)
		}
		substituteAll(s.matrix, s.pivots, columns)
		for k := range columns.Cols {
			out[first+k] = i.whole.weights[first+k] / columns.At(first+k, k)
		}
	}
	return out, nil
}

// localLeaveOneOut predicts each point from its nearest others.
func (i *Interpolator) localLeaveOneOut(ctx context.Context, out []float64) error {
	failures := make([]error, len(out))
	inBlocks(len(out), func(first, last int) {
		s := newSystem(i.options, i.points.Cols)
		var found []Neighbour
		var index []int
		for k := first; k < last && ctx.Err() == nil; k++ {
			found = i.tree.Nearest(found, i.points.Row(k), i.options.Neighbours+1)
			index = index[:0]
			for _, f := range found {
				if f.Row != k && len(index) < i.options.Neighbours {
					index = append(index, f.Row)
				}
			}
			if failures[k] = s.solve(ctx, i.points, i.y, index); failures[k] == nil {
				out[k] = i.y[k] - s.at(i.points.Row(k), s.scratch())
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for k, err := range failures {
		if err != nil {
			return explain(err, fmt.Sprintf("the neighbours of point %d", k+1))
		}
	}
	return nil
}

// Gradient returns the m×d derivatives of the interpolator at the rows of queries,
// m×d. Where a kernel has a kink (the linear one at its centre) that centre
// counts as flat. It fails as At does, and with Neighbours, where the function is
// made of pieces.
func (i *Interpolator) Gradient(ctx context.Context, queries linalg.Matrix[float64]) (linalg.Matrix[float64], error) {
	if queries.Cols != i.points.Cols {
		panic(fmt.Sprintf("rbf: queries with %d coordinates, points with %d", queries.Cols, i.points.Cols))
	}
	if i.whole == nil {
		return linalg.Matrix[float64]{}, fmt.Errorf("an interpolator that looks at %s has steps and no gradient: use all points",
			count(i.options.Neighbours, "neighbour"))
	}
	if err := checkRows(queries, "query"); err != nil {
		return linalg.Matrix[float64]{}, err
	}
	out := linalg.NewMatrix[float64](queries.Rows, queries.Cols)
	inBlocks(queries.Rows, func(first, last int) {
		for q := first; q < last && ctx.Err() == nil; q++ {
			i.whole.gradient(out.Row(q), queries.Row(q))
		}
	})
	return out, ctx.Err()
}

// gradient sets dst to the derivatives at one query.
func (c *cloud) gradient(dst, query []float64) {
	clear(dst)
	for k, w := range c.weights {
		s := 0.0
		for j, axis := range c.axes {
			d := c.epsilon*query[j] - axis[k]
			s += d * d
		}
		f := 2 * c.epsilon * w * c.kernel.slope(s)
		for j, axis := range c.axes {
			dst[j] += f * (c.epsilon*query[j] - axis[k])
		}
	}
	for k, powers := range c.terms.exponents {
		for j := range dst {
			dst[j] += c.tail[k] * c.terms.derivative(powers, query, j)
		}
	}
}

// derivative returns the derivative of one monomial along axis j.
func (p polynomial) derivative(powers []int, x []float64, j int) float64 {
	if powers[j] == 0 {
		return 0
	}
	v := float64(powers[j]) / p.scale[j]
	for i, power := range powers {
		t := (x[i] - p.shift[i]) / p.scale[i]
		if i == j {
			power--
		}
		for range power {
			v *= t
		}
	}
	return v
}
