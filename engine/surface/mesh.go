package surface

// Mesh is a triangle mesh with shared vertices. Triangles run counter-clockwise
// seen from outside; normals have length 1 and point outward.
type Mesh struct {
	Vertices  [][3]float64
	Normals   [][3]float64 // one a vertex
	Triangles [][3]int32   // indices into Vertices, from 0
}

// Euler returns the Euler characteristic, vertices − edges + triangles: 2 for
// a sphere, 0 for a torus, the sum over the components.
func (m *Mesh) Euler() int {
	edges := make(map[[2]int32]struct{}, len(m.Triangles)*3/2)
	for _, t := range m.Triangles {
		for i, a := range t {
			b := t[(i+1)%3]
			edges[[2]int32{min(a, b), max(a, b)}] = struct{}{}
		}
	}
	return len(m.Vertices) - len(edges) + len(m.Triangles)
}

// Components returns how many parts the mesh has that share no vertex.
func (m *Mesh) Components() int {
	parent := make([]int32, len(m.Vertices))
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	n := len(parent)
	for _, t := range m.Triangles {
		for _, v := range t[1:] {
			if a, b := find(t[0]), find(v); a != b {
				parent[max(a, b)] = min(a, b)
				n--
			}
		}
	}
	return n
}

// OpenEdges returns how many edges lack a neighbouring triangle that runs along
// them the other way: 0 for a watertight mesh.
func (m *Mesh) OpenEdges() int {
	directed := make(map[[2]int32]int, len(m.Triangles)*3)
	for _, t := range m.Triangles {
		for i, a := range t {
			directed[[2]int32{a, t[(i+1)%3]}]++
		}
	}
	open := 0
	for e, n := range directed {
		if directed[[2]int32{e[1], e[0]}] != n {
			open++
		}
	}
	return open
}
