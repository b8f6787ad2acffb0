package surface

import "math"

// A cube of the grid has corners 0 to 7, whose bits 0, 1 and 2 are their x, y
// and z, and edges 0 to 11: edge 4a + b runs along axis a from the b-th of the
// four corners whose bit a is 0. Inside corners make the configuration: bit c is
// set where f < 0 at corner c.

// cubeEdges holds the two corners of each edge, the lower first.
var cubeEdges = func() (edges [12][2]int) {
	for a := range 3 {
		b := 0
		for c := range 8 {
			if c>>a&1 == 0 {
				edges[4*a+b] = [2]int{c, c | 1<<a}
				b++
			}
		}
	}
	return edges
}()

// edgeBetween returns the edge with these two corners.
func edgeBetween(c, d int) int {
	for e, ends := range cubeEdges {
		if ends == [2]int{min(c, d), max(c, d)} {
			return e
		}
	}
	panic("surface: corners that no edge joins")
}

// cubeFaces holds the corners of each face in counter-clockwise order seen from
// outside; face 2a+s is the one where coordinate a is s.
var cubeFaces = func() (faces [6][4]int) {
	for a := range 3 {
		u, v := 1<<((a+1)%3), 1<<((a+2)%3) // u × v points along a
		faces[2*a+1] = [4]int{1 << a, 1<<a | u, 1<<a | u | v, 1<<a | v}
		faces[2*a] = [4]int{0, v, u | v, u}
	}
	return faces
}()

// cubeTriangles holds, for each configuration, triangles of edges,
// counter-clockwise seen from outside.
//
// It is derived and not written down: on each face, every run of inside corners
// is cut off by a segment, which depends on the corners of the face alone, so two
// cubes always agree on the face between them and the surface has no holes
// (C. Montani, R. Scateni and R. Scopigno, 1994, solve the ambiguity of Lorensen
// and Cline's table like this). The segments form closed loops, which are cut
// into triangles by short diagonals of which none lies in a face: every edge of
// the mesh then belongs to exactly two triangles.
var cubeTriangles = func() (table [256][][3]int8) {
	for config := range table {
		for _, loop := range cubeLoops(config) {
			table[config] = append(table[config], cutLoop(loop)...)
		}
	}
	return table
}()

// cubeLoops returns the closed loops of edges that part inside from outside.
func cubeLoops(config int) [][]int {
	inside := func(c int) bool { return config>>c&1 == 1 }
	var next [12]int
	for e := range next {
		next[e] = -1
	}
	for _, face := range cubeFaces {
		for i, c := range face {
			if d := face[(i+1)%4]; inside(c) || !inside(d) {
				continue
			}
			j := i + 1 // the run of inside corners starts there
			for inside(face[(j+1)%4]) {
				j++
			}
			next[edgeBetween(c, face[(i+1)%4])] = edgeBetween(face[j%4], face[(j+1)%4])
		}
	}
	var loops [][]int
	for e := range next {
		var loop []int
		for next[e] >= 0 {
			loop = append(loop, e)
			e, next[e] = next[e], -1
		}
		if loop != nil {
			loops = append(loops, loop)
		}
	}
	return loops
}

// cutLoop cuts a polygon into triangles by the diagonals of least cost, found by
// dynamic programming over its parts.
func cutLoop(loop []int) [][3]int8 {
	n := len(loop)
	cost := make([][]float64, n)
	apex := make([][]int, n)
	for i := range n {
		cost[i], apex[i] = make([]float64, n), make([]int, n)
	}
	for length := 2; length < n; length++ {
		for i := 0; i+length < n; i++ {
			j := i + length
			cost[i][j] = math.Inf(1)
			for k := i + 1; k < j; k++ {
				c := cost[i][k] + cost[k][j]
				if length < n-1 {
					c += diagonalCost(loop[i], loop[j])
				}
				if c < cost[i][j] {
					cost[i][j], apex[i][j] = c, k
				}
			}
		}
	}
	var triangles [][3]int8
	var collect func(i, j int)
	collect = func(i, j int) {
		if j-i < 2 {
			return
		}
		k := apex[i][j]
		triangles = append(triangles, [3]int8{int8(loop[i]), int8(loop[k]), int8(loop[j])})
		collect(i, k)
		collect(k, j)
	}
	collect(0, n-1)
	return triangles
}

// diagonalCost is the squared distance between the middles of two edges, and
// much more if both lie in one face.
func diagonalCost(e, f int) float64 {
	cost := 0.0
	for a := range 3 {
		d := float64(cubeEdges[e][0]>>a&1+cubeEdges[e][1]>>a&1-cubeEdges[f][0]>>a&1-cubeEdges[f][1]>>a&1) / 2
		cost += d * d
	}
	if sameFace(e, f) {
		cost += 1000
	}
	return cost
}

// sameFace reports whether two edges lie in one face.
func sameFace(e, f int) bool {
	corners := [4]int{cubeEdges[e][0], cubeEdges[e][1], cubeEdges[f][0], cubeEdges[f][1]}
	for a := range 3 {
		sum := 0
		for _, c := range corners {
			sum += c >> a & 1
		}
		if sum == 0 || sum == 4 {
			return true
		}
	}
	return false
}
