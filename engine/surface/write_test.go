package surface

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"filterscope/engine/dataset/ply"

	"github.com/google/go-cmp/cmp"
)

func nan() float64 { return math.NaN() }

// tetrahedron is a mesh of four vertices.
func tetrahedron() *Mesh {
	m := &Mesh{
		Vertices:  [][3]float64{{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}},
		Triangles: [][3]int32{{0, 1, 2}, {0, 2, 3}, {0, 3, 1}, {1, 3, 2}},
	}
	for _, v := range m.Vertices {
		for a := range v {
			v[a] /= math.Sqrt(3)
		}
		m.Normals = append(m.Normals, v)
	}
	return m
}

func TestCounts(t *testing.T) {
	m := tetrahedron()
	if e, c, open := m.Euler(), m.Components(), m.OpenEdges(); e != 2 || c != 1 || open != 0 {
		t.Errorf("Euler characteristic %d, %d components, %d open edges; want 2, 1, 0", e, c, open)
	}
	m.Triangles = m.Triangles[:3]
	if e, open := m.Euler(), m.OpenEdges(); e != 1 || open != 3 {
		t.Errorf("without a side: Euler characteristic %d, %d open edges; want 1, 3", e, open)
	}
	if m := (&Mesh{}); m.Euler() != 0 || m.Components() != 0 {
		t.Error("no mesh has components")
	}
}

func TestWritePLY(t *testing.T) {
	m := tetrahedron()
	m.Vertices[3] = [3]float64{4.1e5 + 1.0/3, 5.6e6 + 0.1, 1e-9} // as surveyors measure
	var b bytes.Buffer
	if err := m.WritePLY(&b); err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(b.String(), "end_header\n")
	if !strings.Contains(head, "element face 4\nproperty list uchar int vertex_indices\n") || len(body) != 4*36+4*13 {
		t.Errorf("%d bytes follow the header\n%s", len(body), head)
	}
	if diff := cmp.Diff("\x03\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00", body[144:157]); diff != "" {
		t.Errorf("first face (-want +got)\n%s", diff)
	}
	c, err := ply.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Vertices {
		for a := range 3 {
			if got, want := c.Points[3*i+a], m.Vertices[i][a]; got != want {
				t.Errorf("coordinate %g, want %g", got, want)
			}
			if got, want := c.Normals[3*i+a], m.Normals[i][a]; math.Abs(got-want) > 1e-7 {
				t.Errorf("normal %g, want %g", got, want)
			}
		}
	}
}

func TestWriteOBJ(t *testing.T) {
	m := tetrahedron()
	var b bytes.Buffer
	if err := m.WriteOBJ(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	want := map[int]string{0: "# made by Filterscope", 2: "v 1 -1 -1", 6: "vn 0.5773503 -0.5773503 -0.5773503", 12: "f 2//2 4//4 3//3"}
	if len(lines) != 13 {
		t.Fatalf("%d lines, want 13", len(lines))
	}
	for i, line := range want {
		if lines[i] != line {
			t.Errorf("line %d is %q, want %q", i+1, lines[i], line)
		}
	}
}

// full takes no bytes.
type full struct{}

var errFull = errors.New("the disk is full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteFaults(t *testing.T) {
	m := tetrahedron()
	if err := m.WritePLY(full{}); !errors.Is(err, errFull) {
		t.Errorf("WritePLY() = %v", err)
	}
	if err := m.WriteOBJ(full{}); !errors.Is(err, errFull) {
		t.Errorf("WriteOBJ() = %v", err)
	}
}

func ExampleFit() {
	cloud, err := Example("two-spheres", 300, 0, 1)
	if err != nil {
		panic(err)
	}
	f, err := Fit(context.Background(), cloud, DefaultOptions(3), nil)
	if err != nil {
		panic(err)
	}
	mesh, err := f.Mesh(context.Background(), 24, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(mesh.Components(), "closed surfaces, normals estimated:", f.Report.Estimated)
	// Output: 2 closed surfaces, normals estimated: true
}
