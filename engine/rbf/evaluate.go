package rbf

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"filterscope/engine/linalg"
)

// At returns the values at the rows of queries, m×d. It fails when ctx ends,
// when a query is NaN or infinite, or when the neighbours of one form a singular
// system. It panics when the queries have another number of coordinates than the
// points.
func (i *Interpolator) At(ctx context.Context, queries linalg.Matrix[float64]) ([]float64, error) {
	if queries.Cols != i.points.Cols {
		panic(fmt.Sprintf("rbf: queries with %d coordinates, points with %d", queries.Cols, i.points.Cols))
	}
	if err := checkRows(queries, "query"); err != nil {
		return nil, err
	}
	out := make([]float64, queries.Rows)
	if i.whole == nil {
		// Queries are grouped in runs of rows, so that what is kept about them is bounded:
		// 16 bytes for each neighbour of each.
		run := min(1<<16, max(1<<8, 1<<22/i.options.Neighbours))
		for first := 0; first < queries.Rows; first += run {
			last := min(first+run, queries.Rows)
			if err := i.local(ctx, queries.Slice(first, last), out[first:last]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	const block = 64
	linalg.Parallel((queries.Rows+block-1)/block, func(part int) {
		if ctx.Err() != nil {
			return
		}
		s := i.whole.scratch()
		for q := part * block; q < min((part+1)*block, queries.Rows); q++ {
			out[q] = i.whole.at(queries.Row(q), s)
		}
	})
	return out, ctx.Err()
}

// group is the queries that share a set of neighbours.
type group struct {
	points  []int // in rising order
	queries []int
}

// local evaluates with neighbours: one system for each different set of them.
func (i *Interpolator) local(ctx context.Context, queries linalg.Matrix[float64], out []float64) error {
	groups, err := i.groups(ctx, queries)
	if err != nil {
		return err
	}
	systems := sync.Pool{New: func() any { return newSystem(i.options, i.points.Cols) }}
	failures := make([]error, len(groups))
	linalg.Parallel(len(groups), func(g int) {
		if ctx.Err() != nil {
			return
		}
		s := systems.Get().(*system)
		defer systems.Put(s)
		if err := s.solve(ctx, i.points, i.y, groups[g].points); err != nil {
			at := queries.Row(groups[g].queries[0])
			failures[g] = explain(err, fmt.Sprintf("the %d points nearest to %.4g", i.options.Neighbours, at))
			return
		}
		work := s.scratch()
		for _, q := range groups[g].queries {
			out[q] = s.at(queries.Row(q), work)
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

// groups finds the neighbours of every query and puts those with the same ones
// together, in the order of the queries.
func (i *Interpolator) groups(ctx context.Context, queries linalg.Matrix[float64]) ([]group, error) {
	k := i.options.Neighbours
	sets := make([]int32, queries.Rows*k)
	inBlocks(queries.Rows, func(first, last int) {
		if ctx.Err() != nil {
			return
		}
		var found []Neighbour
		for q := first; q < last; q++ {
			found = i.tree.Nearest(found, queries.Row(q), k)
			set := sets[q*k : (q+1)*k]
			for j, f := range found {
				set[j] = int32(f.Row)
			}
			slices.Sort(set)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	known := make(map[string]int)
	var groups []group
	key := make([]byte, 4*k)
	for q := range queries.Rows {
		set := sets[q*k : (q+1)*k]
		for j, row := range set {
			binary.LittleEndian.PutUint32(key[4*j:], uint32(row))
		}
		g, ok := known[string(key)]
		if !ok {
			g = len(groups)
			known[string(key)] = g
			points := make([]int, k)
			for j, row := range set {
				points[j] = int(row)
			}
			groups = append(groups, group{points: points})
		}
		groups[g].queries = append(groups[g].queries, q)
	}
	return groups, nil
}
