package surface

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
)

// fieldOf makes a field of a function of one point.
func fieldOf(f func(p []float64) float64) field {
	return func(_ context.Context, q linalg.Matrix[float64]) ([]float64, error) {
		out := make([]float64, q.Rows)
		for i := range out {
			out[i] = f(q.Row(i))
		}
		return out, nil
	}
}

func sphereField(p []float64) float64 { return norm(p) - SphereRadius }

func torusField(p []float64) float64 {
	return math.Hypot(math.Hypot(p[0], p[1])-TorusRadius, p[2]) - TubeRadius
}

func pairField(p []float64) float64 {
	return math.Hypot(math.Hypot(math.Abs(p[0])-PairDistance, p[1]), p[2]) - PairRadius
}

func TestCubeTriangles(t *testing.T) {
	for config, triangles := range cubeTriangles {
		crossed := make(map[int8]bool)
		for e, ends := range cubeEdges {
			if config>>ends[0]&1 != config>>ends[1]&1 {
				crossed[int8(e)] = true
			}
		}
		used := make(map[int8]bool)
		sides := make(map[[2]int8]int)
		for _, triangle := range triangles {
			for i, e := range triangle {
				used[e] = true
				if !crossed[e] {
					t.Errorf("configuration %08b has a vertex on edge %d, which is not crossed", config, e)
				}
				sides[[2]int8{e, triangle[(i+1)%3]}]++
			}
		}
		if len(used) != len(crossed) {
			t.Errorf("configuration %08b: %d of %d crossed edges have vertices", config, len(used), len(crossed))
		}
		for s, n := range sides {
			inFace, inner := sameFace(int(s[0]), int(s[1])), sides[[2]int8{s[1], s[0]}] == 1
			if n != 1 || inFace == inner {
				t.Errorf("configuration %08b: side %v occurs %d times, in a face: %v, between two triangles: %v", config, s, n, inFace, inner)
			}
		}
	}
}

func TestMarch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	// Random signs at every node meet every configuration and every ambiguous
	// face; the box is closed by positive values at its border.
	size := 14
	noise := make([]float64, (size+1)*(size+1)*(size+1))
	for i := range noise {
		noise[i] = rng.NormFloat64()
	}
	l := newLattice([]float64{0, 0, 0}, []float64{float64(size), float64(size), float64(size)}, size)
	everywhere := linalg.NewMatrix[float64](size*size*size, 3)
	for i := range everywhere.Rows {
		copy(everywhere.Row(i), []float64{float64(i%size) + 0.5, float64(i/size%size) + 0.5, float64(i/size/size) + 0.5})
	}
	random := func(p []float64) float64 {
		node, border := [3]int{}, false
		for a, v := range p {
			node[a] = int(math.Round(v))
			border = border || node[a] == 0 || node[a] == size
		}
		if border {
			return 1
		}
		return noise[l.node(node[0], node[1], node[2])]
	}
	m, err := march(context.Background(), fieldOf(random), l, everywhere, nil)
	if err != nil {
		t.Fatal(err)
	}
	if open := m.OpenEdges(); open != 0 || len(m.Triangles) < 1000 {
		t.Errorf("random signs: %d open edges, %d triangles", open, len(m.Triangles))
	}

	tests := []struct {
		name              string
		f                 func(p []float64) float64
		low, high         []float64
		seeds             []float64
		components, euler int
	}{
		{"sphere", sphereField, []float64{-1.2, -1.2, -1.2}, []float64{1.2, 1.2, 1.2}, []float64{1, 0, 0}, 1, 2},
		{"torus", torusField, []float64{-1.5, -1.5, -0.5}, []float64{1.5, 1.5, 0.5}, []float64{1.4, 0, 0}, 1, 0},
		{"two spheres", pairField, []float64{-1.6, -0.8, -0.8}, []float64{1.6, 0.8, 0.8}, []float64{1.45, 0, 0, -1.45, 0, 0}, 2, 4},
		{"one of two spheres", pairField, []float64{-1.6, -0.8, -0.8}, []float64{1.6, 0.8, 0.8}, []float64{1.45, 0, 0}, 1, 2},
		{"nothing there", sphereField, []float64{-3, -3, -3}, []float64{3, 3, 3}, []float64{2.5, 0, 0, 9, 9, 9}, 0, 0},
	}
	for _, test := range tests {
		for _, resolution := range []int{12, 31, 48} {
			t.Run(fmt.Sprintf("%s at %d", test.name, resolution), func(t *testing.T) {
				l := newLattice(test.low, test.high, resolution)
				m, err := march(context.Background(), fieldOf(test.f), l, linalg.MatrixOf(len(test.seeds)/3, 3, test.seeds), nil)
				if err != nil {
					t.Fatal(err)
				}
				if open := m.OpenEdges(); open != 0 {
					t.Errorf("%d open edges", open)
				}
				if c, e := m.Components(), m.Euler(); c != test.components || e != test.euler {
					t.Errorf("%d components of Euler characteristic %d, want %d and %d", c, e, test.components, test.euler)
				}
				worst, volume := 0.0, 0.0
				for _, v := range m.Vertices {
					worst = max(worst, math.Abs(test.f(v[:])))
				}
				for _, tr := range m.Triangles {
					n := cross(m.Vertices[tr[1]], m.Vertices[tr[2]])
					volume += dot(m.Vertices[tr[0]][:], n[:]) / 6
				}
				if limit := 3*l.step*l.step*l.step + 1e-3*l.step; worst > limit {
					t.Errorf("a vertex is %g from the surface, want less than %g", worst, limit)
				}
				if test.components > 0 && volume < 0.5 {
					t.Errorf("the volume is %g: triangles face inward", volume)
				}
			})
		}
	}
}

func TestContour(t *testing.T) {
	star := func(p []float64) float64 { return norm(p) - StarRadius(math.Atan2(p[1], p[0])) }
	ring := func(p []float64) float64 { return math.Abs(norm(p)-0.8) - 0.2 }
	line := func(p []float64) float64 { return p[1] - 0.3*p[0] - 0.01 }
	tests := []struct {
		name   string
		f      func(p []float64) float64
		lines  int
		closed bool
		area   float64 // by the shoelace formula, signed
	}{
		{"star", star, 1, true, math.Pi * (1 + 0.045)},
		{"ring", ring, 2, true, math.Pi * (1 - 0.36)},
		{"open line", line, 1, false, math.NaN()},
		{"nothing", func([]float64) float64 { return 1 }, 0, true, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newLattice([]float64{-1.5, -1.5}, []float64{1.5, 1.5}, 100)
			q := linalg.NewMatrix[float64](l.size[0]*l.size[1], 2)
			for i := range q.Rows {
				l.place(q.Row(i), i)
			}
			f := fieldOf(test.f)
			values, err := f(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			lines, err := contour(context.Background(), f, &l, values)
			if err != nil {
				t.Fatal(err)
			}
			area := 0.0
			for _, line := range lines {
				if line.Closed != test.closed {
					t.Errorf("closed: %v, want %v", line.Closed, test.closed)
				}
				for i, p := range line.Points {
					next := line.Points[(i+1)%len(line.Points)]
					area += (p[0]*next[1] - p[1]*next[0]) / 2
					if e := math.Abs(test.f(p[:])); e > 2e-4 {
						t.Errorf("f = %g at %v", e, p)
					}
				}
			}
			if len(lines) != test.lines {
				t.Errorf("%d lines, want %d", len(lines), test.lines)
			}
			if math.Abs(area-test.area) > 0.005 {
				t.Errorf("the area is %g, want %g", area, test.area)
			}
		})
	}
}
