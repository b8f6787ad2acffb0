package surface

import (
	"context"
	"fmt"

	"filterscope/engine/linalg"
)

// marcher follows the surface f = 0 from cell to cell of a lattice: only cells
// that it crosses, and their neighbours, are looked at.
type marcher struct {
	lattice
	f        field
	progress func(done, total int, what string)

	index   map[int]int32 // node -> place in values
	values  []float64
	visited map[int]struct{} // cells seen, by their lowest node
	cells   []cell           // that the surface crosses
}

type cell struct {
	node   int
	config uint8
}

// march returns the mesh of f = 0 that seeds lead to, points about which the
// surface passes. Without normals: see Implicit.Mesh.
func march(ctx context.Context, f field, l lattice, seeds linalg.Matrix[float64], progress func(done, total int, what string)) (*Mesh, error) {
	if progress == nil {
		progress = func(int, int, string) {}
	}
	m := &marcher{lattice: l, f: f, progress: progress, index: make(map[int]int32), visited: make(map[int]struct{})}
	if err := m.follow(ctx, m.cellsOf(seeds)); err != nil {
		return nil, err
	}
	return m.mesh(ctx)
}

// cellsOf returns the cells points lie in, each once, without those outside.
func (m *marcher) cellsOf(points linalg.Matrix[float64]) []int {
	var cells []int
	for i := range points.Rows {
		var g [3]int
		inside := true
		for a, v := range points.Row(i) {
			x := (v - m.low[a]) / m.step
			inside = inside && x >= 0 && x < float64(m.size[a]-1)
			g[a] = int(x)
		}
		if inside {
			cells = m.visit(cells, m.node(g[0], g[1], g[2]))
		}
	}
	return cells
}

// visit appends a cell that was not seen before.
func (m *marcher) visit(cells []int, node int) []int {
	if _, ok := m.visited[node]; ok {
		return cells
	}
	m.visited[node] = struct{}{}
	return append(cells, node)
}

// follow looks at the cells pending, and at those that the surface leads to, in
// waves: f is evaluated at all new nodes of a wave at once.
func (m *marcher) follow(ctx context.Context, pending []int) error {
	done := 0
	for len(pending) > 0 {
		if err := m.evaluate(ctx, pending); err != nil {
			return err
		}
		done += len(pending)
		var found []int
		for _, node := range pending {
			c := cell{node: node}
			for i := range 8 {
				if m.values[m.index[m.corner(node, i)]] < 0 {
					c.config |= 1 << i
				}
			}
			if c.config == 0 || c.config == 255 {
				continue
			}
			m.cells = append(m.cells, c)
			g := m.at(node)
			for face, corners := range cubeFaces {
				inside := 0
				for _, i := range corners {
					inside += int(c.config >> i & 1)
				}
				if inside == 0 || inside == 4 {
					continue
				}
				axis, up := face/2, face%2 == 1
				switch {
				case up && g[axis]+2 < m.size[axis]:
					found = m.visit(found, node+m.neighbour(axis))
				case !up && g[axis] > 0:
					found = m.visit(found, node-m.neighbour(axis))
				}
			}
		}
		pending = found
		m.progress(done, done+len(pending), "following the surface")
	}
	return nil
}

// corner returns the node at a corner of the cell.
func (m *marcher) corner(node, corner int) int {
	return node + corner&1 + (corner>>1&1)*m.size[0] + (corner>>2)*m.size[0]*m.size[1]
}

// maxNodes bounds the nodes that are looked at, to about 2 GB: sixty-four times as
// many as one plane of the finest lattice has.
const maxNodes = 1 << 24

// evaluate finds f at the corners of cells where it is not known.
func (m *marcher) evaluate(ctx context.Context, cells []int) error {
	var nodes []int
	for _, c := range cells {
		for i := range 8 {
			node := m.corner(c, i)
			if _, ok := m.index[node]; !ok {
				m.index[node] = int32(len(m.values) + len(nodes))
				nodes = append(nodes, node)
			}
		}
	}
	if len(m.index) > maxNodes {
		return fmt.Errorf("the surface fills so much of its box that more than %d million cells have to be looked at: want a lower resolution, or more smoothing",
			maxNodes>>20)
	}
	q := linalg.NewMatrix[float64](len(nodes), 3)
	for i, node := range nodes {
		m.place(q.Row(i), node)
	}
	values, err := m.f(ctx, q)
	m.values = append(m.values, values...)
	return err
}

// mesh makes the triangles of the cells, with one vertex an edge.
func (m *marcher) mesh(ctx context.Context) (*Mesh, error) {
	var edges []crossing
	number := make(map[int]int32) // 3·node + axis -> vertex
	out := &Mesh{}
	for _, c := range m.cells {
		for _, t := range cubeTriangles[c.config] {
			var triangle [3]int32
			for i, e := range t {
				axis := int(e) / 4
				node := m.corner(c.node, cubeEdges[e][0])
				v, ok := number[3*node+axis]
				if !ok {
					v = int32(len(edges))
					number[3*node+axis] = v
					edges = append(edges, crossing{node, axis, m.values[m.index[node]], m.values[m.index[node+m.neighbour(axis)]]})
				}
				triangle[i] = v
			}
			out.Triangles = append(out.Triangles, triangle)
		}
	}
	points, err := m.roots(ctx, m.f, edges)
	if err != nil {
		return nil, err
	}
	out.Vertices = make([][3]float64, points.Rows)
	for i := range out.Vertices {
		out.Vertices[i] = [3]float64(points.Row(i))
	}
	return out, nil
}
