package surface

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"

	"github.com/google/go-cmp/cmp"
)

// fitted fits an example with the default options.
func fitted(t testing.TB, name string, n int, noise float64) *Implicit {
	t.Helper()
	c, err := Example(name, n, noise, 3)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Fit(context.Background(), c, DefaultOptions(c.Dim()), nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// checkMesh compares a mesh with the shape of an example.
func checkMesh(t *testing.T, name string, m *Mesh, within float64) {
	t.Helper()
	components, euler := 1, 2
	switch name {
	case "torus":
		euler = 0
	case "two-spheres":
		components, euler = 2, 4
	}
	if c, e, open := m.Components(), m.Euler(), m.OpenEdges(); c != components || e != euler || open != 0 {
		t.Errorf("%d components, Euler characteristic %d, %d open edges; want %d, %d, 0", c, e, open, components, euler)
	}
	worst, inward := 0.0, 0
	for i, v := range m.Vertices {
		worst = max(worst, math.Abs(distance(name, v[:])))
		if dot(m.Normals[i][:], outward(name, v[:])) < 0.5 {
			inward++
		}
	}
	if worst > within {
		t.Errorf("a vertex is %g from the shape, want %g", worst, within)
	}
	if inward > 0 {
		t.Errorf("%d of %d normals do not point outward", inward, len(m.Vertices))
	}
	against := 0
	for _, tr := range m.Triangles {
		a, b, c := m.Vertices[tr[0]], m.Vertices[tr[1]], m.Vertices[tr[2]]
		for i := range a {
			b[i], c[i] = b[i]-a[i], c[i]-a[i]
		}
		n := cross(b, c)
		if dot(n[:], m.Normals[tr[0]][:]) < 0 {
			against++
		}
	}
	// Slivers may lean over a little on a noisy surface.
	if against > len(m.Triangles)/200 {
		t.Errorf("%d of %d triangles wind against their normals", against, len(m.Triangles))
	}
}

// TestSurfaces is the acceptance of issue 4: at 500 points the radius error is
// under 1 %, and two spheres stay two.
func TestSurfaces(t *testing.T) {
	tests := []struct {
		name   string
		noise  float64
		within float64
	}{
		{"sphere", 0, 0.01 * SphereRadius},
		{"torus", 0, 0.01 * TubeRadius},
		{"two-spheres", 0, 0.01 * PairRadius},
		{"sphere", 0.02, 0.06},
		{"two-spheres", 0.02, 0.06},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s with noise %g", test.name, test.noise), func(t *testing.T) {
			if testing.Short() && test.noise > 0 {
				t.Skip("choosing the smoothing takes long")
			}
			f := fitted(t, test.name, 500, test.noise)
			m, err := f.Mesh(context.Background(), 32, nil)
			if err != nil {
				t.Fatal(err)
			}
			checkMesh(t, test.name, m, test.within)
			if test.noise == 0 && f.Report.MaxError > 1e-3 {
				t.Errorf("f misses a point by %g", f.Report.MaxError)
			}
		})
	}
}

// TestRandomSamples takes points as they fall, with gaps and clusters.
func TestRandomSamples(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	points := linalg.NewMatrix[float64](500, 3)
	for i := range points.Rows {
		place3(points.Row(i), SphereRadius, rng.Float64(), rng.Float64())
	}
	f, err := Fit(context.Background(), Cloud{Points: points}, DefaultOptions(3), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Mesh(context.Background(), 32, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkMesh(t, "sphere", m, 0.01)
}

// course returns the length of a closed curve and how often its direction turns
// round, left and right added up: 1 for a convex curve.
func course(line Polyline) (length, turns float64) {
	n := len(line.Points)
	for i, p := range line.Points {
		q, r := line.Points[(i+1)%n], line.Points[(i+2)%n]
		length += math.Hypot(q[0]-p[0], q[1]-p[1])
		turn := math.Atan2(r[1]-q[1], r[0]-q[0]) - math.Atan2(q[1]-p[1], q[0]-p[0])
		turns += math.Abs(math.Remainder(turn, 2*math.Pi)) / (2 * math.Pi)
	}
	return length, turns
}

// TestCurves checks that curves lie where they should, and that those of noisy
// clouds do not wriggle: the true star is 9.015 long and turns 3.50 times, a
// polygon through 500 points with noise of 0.03 is several times as long and
// turns more than a hundred times.
func TestCurves(t *testing.T) {
	tests := []struct {
		name          string
		n             int
		noise         float64
		rms           float64
		length, turns float64
	}{
		{"circle", 100, 0, 1e-4, 2 * math.Pi, 1},
		{"circle", 300, 0.05, 0.02, 2 * math.Pi, 1},
		{"star", 200, 0, 1e-3, 9.015, 3.5},
		{"star", 500, 0.01, 0.008, 9.015, 3.5},
		{"star", 500, 0.03, 0.02, 9.015, 3.5},
		{"star", 300, 0.03, 0.03, 9.015, 3.5},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s of %d with noise %g", test.name, test.n, test.noise), func(t *testing.T) {
			if testing.Short() && test.noise > 0 {
				t.Skip("choosing the smoothing takes long")
			}
			f := fitted(t, test.name, test.n, test.noise)
			lines, err := f.Contour(context.Background(), 100)
			if err != nil {
				t.Fatal(err)
			}
			if len(lines) != 1 || !lines[0].Closed {
				t.Fatalf("%d lines, want 1 that is closed", len(lines))
			}
			sum := 0.0
			for _, p := range lines[0].Points {
				d := distance(test.name, p[:])
				sum += d * d
			}
			if rms := math.Sqrt(sum / float64(len(lines[0].Points))); rms > test.rms {
				t.Errorf("the curve is %g from the shape, root mean square, want %g", rms, test.rms)
			}
			length, turns := course(lines[0])
			if math.Abs(length-test.length) > 0.02*test.length {
				t.Errorf("the curve is %.4g long, want %.4g", length, test.length)
			}
			if turns > 1.25*test.turns+0.1 || turns < 0.9*test.turns {
				t.Errorf("the curve turns %.3g times, want about %.3g", turns, test.turns)
			}
			if test.noise > 0 && !(f.Options.Smoothing > 0) {
				t.Errorf("the smoothing is %g", f.Options.Smoothing)
			}
		})
	}
}

func TestFitReport(t *testing.T) {
	c, err := Example("circle", 50, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 { // far away and large, with normals too long and points repeated
		for a := range 2 {
			c.Points.Row(i)[a] = 1000 + 500*c.Points.Row(i)[a]
		}
	}
	c.Normals = linalg.NewMatrix[float64](53, 2)
	all := linalg.NewMatrix[float64](53, 2)
	for i := range 53 {
		copy(all.Row(i), c.Points.Row(i%50))
		for a, v := range all.Row(i) {
			c.Normals.Row(i)[a] = (v - 1000) / 50
		}
	}
	c.Points = all
	f, err := Fit(context.Background(), c, DefaultOptions(2), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := f.Report
	if r.Duplicates != 3 || r.Estimated || r.Constraints != 150 || r.Centres != 150 || r.Components != 1 {
		t.Errorf("Report = %+v", r)
	}
	values, err := f.At(context.Background(), linalg.MatrixOf(3, 2, []float64{1000, 1500, 1000, 1505, 1000, 1495}))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 5, -5} {
		if math.Abs(values[i]-want) > 0.5 {
			t.Errorf("f = %g, want %g", values[i], want)
		}
	}
	if low, high := f.Box(); low[0] > 450 || high[1] < 1550 || high[1] > 1800 {
		t.Errorf("Box() = %v, %v", low, high)
	}
}

func TestReduce(t *testing.T) {
	c, err := Example("torus", 600, 0, 3)
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultOptions(3)
	o.Centres = 250
	f, err := Fit(context.Background(), c, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if f.Report.Centres != 750 || f.Report.Constraints != 1800 {
		t.Errorf("%d centres of %d constraints, want 750 of 1800", f.Report.Centres, f.Report.Constraints)
	}
	if f.Report.MaxError > 0.01 || f.Report.RMSE > 0.003 {
		t.Errorf("f misses the points by %g at most, %g root mean square", f.Report.MaxError, f.Report.RMSE)
	}
	m, err := f.Mesh(context.Background(), 24, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkMesh(t, "torus", m, 0.02)
}

func TestKernels(t *testing.T) {
	c, err := Example("circle", 60, 0, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range rbf.Kernels() {
		for _, neighbours := range []int{0, 30} {
			if neighbours > 0 && k == rbf.Quintic {
				continue // its tail of degree 2 is not determined by points on three lines
			}
			o := DefaultOptions(2)
			o.Kernel, o.Neighbours = k, neighbours
			f, err := Fit(context.Background(), c, o, nil)
			if err != nil {
				t.Errorf("%v, %d neighbours: %v", k, neighbours, err)
				continue
			}
			lines, err := f.Contour(context.Background(), 60)
			if err != nil || len(lines) == 0 {
				t.Errorf("%v, %d neighbours: %d lines, %v", k, neighbours, len(lines), err)
				continue
			}
			for _, p := range lines[0].Points {
				if d := distance("circle", p[:]); math.Abs(d) > 0.02 {
					t.Errorf("%v, %d neighbours: the curve is %g from the circle", k, neighbours, d)
					break
				}
			}
		}
	}
}

func TestFitFaults(t *testing.T) {
	sphere, err := Example("sphere", 20, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	many, err := Example("sphere", 4001, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	broken := Cloud{Points: sphere.Points.Clone()}
	broken.Points.Set(4, 1, math.NaN())
	tests := []struct {
		name   string
		cloud  Cloud
		change func(o *Options)
		want   string
	}{
		{"no points", Cloud{}, nil, "no points"},
		{"NaN", broken, nil, "point 5 (counted from 1) is NaN"},
		{"all equal", cloudOf(3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3), nil, "all 4 points are equal"},
		{"too few", cloudOf(3, 0, 0, 0, 1, 0, 0, 0, 1, 0), nil, "3 different points are too few; a surface needs at least 4"},
		{"too few different", cloudOf(2, 0, 0, 1, 0, 1, 0, 0, 0), nil, "2 different points are too few; a curve needs at least 3"},
		{"on a line", cloudOf(3, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 5, 5, 5), nil, "all 5 points lie on a line"},
		{"offset", sphere, func(o *Options) { o.Offset = -1 }, "offset = -1"},
		{"offset too large", sphere, func(o *Options) { o.Offset = 1e300 }, "an offset of 1e+300 does not suit a cloud whose longest side is 1.976"},
		{"offset too small", sphere, func(o *Options) { o.Offset = 1e-300 }, "an offset of 1e-300 does not suit"},
		{"too many centres", many, func(o *Options) { o.Centres = 0 }, "4001 points are too many to be centres all together: choose 4000"},
		{"too few centres", many, func(o *Options) { o.Centres = 3 }, "3 of the points as centres are too few; a surface needs at least 4"},
		{"smoothing", sphere, func(o *Options) { o.Smoothing = math.NaN() }, "smoothing = NaN"},
		{"centres", sphere, func(o *Options) { o.Centres = -5 }, "centres = -5"},
		{"neighbours", sphere, func(o *Options) { o.Neighbours = -5 }, "neighbours = -5"},
		{"resolution", sphere, func(o *Options) { o.Resolution = 7 }, "resolution = 7: want 8 to 512"},
		{"normals", sphere, func(o *Options) { o.Normals = 201 }, "normals = 201"},
		{"kernel", sphere, func(o *Options) { o.Kernel = 99 }, "kernel 99"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := DefaultOptions(3)
			if test.change != nil {
				test.change(&o)
			}
			_, err := Fit(context.Background(), test.cloud, o, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Fit() = %v, want one line with %q", err, test.want)
			}
		})
	}
}

// TestOddClouds fits what is no closed curve or surface.
func TestOddClouds(t *testing.T) {
	grid := linalg.NewMatrix[float64](49, 3)
	for i := range 49 {
		copy(grid.Row(i), []float64{float64(i % 7), float64(i / 7), 0})
	}
	tests := []struct {
		name  string
		cloud Cloud
	}{
		{"a square in a plane", Cloud{Points: grid}},
		{"a line in the plane", cloudOf(2, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4)},
		{"a triangle", cloudOf(2, 0, 0, 1, 0, 0, 1)},
		{"a tetrahedron", cloudOf(3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1)},
		{"an outlier", cloudOf(2, 0, 0, 1, 0, 1, 1, 0, 1, 1000, 1000)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := Fit(context.Background(), test.cloud, DefaultOptions(test.cloud.Dim()), nil)
			if err != nil {
				t.Fatal(err)
			}
			if f.Dim() == 2 {
				_, err = f.Contour(context.Background(), 20)
			} else {
				_, err = f.Mesh(context.Background(), 20, nil)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := fitted(t, "sphere", 100, 0)
	cancel()
	c, err := Example("sphere", 100, 0.05, 3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Fit(ctx, c, DefaultOptions(3), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Fit() = %v, want it cancelled", err)
	}
	if _, err := f.Mesh(ctx, 0, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Mesh() = %v, want it cancelled", err)
	}
}

func TestProgress(t *testing.T) {
	c, err := Example("sphere", 60, 0, 3)
	if err != nil {
		t.Fatal(err)
	}
	var told []int
	progress := func(done, total int, what string) {
		if done < 0 || total < 1 || done > total || what == "" {
			t.Errorf("progress(%d, %d, %q)", done, total, what)
		}
		told = append(told, done)
	}
	f, err := Fit(context.Background(), c, DefaultOptions(3), progress)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(told) || len(told) < 4 {
		t.Errorf("the progress of Fit went %v", told)
	}
	if _, err := f.Mesh(context.Background(), 16, progress); err != nil {
		t.Error(err)
	}
}

// TestWorkers checks that results have the same bits whatever the workers.
func TestWorkers(t *testing.T) {
	defer linalg.SetWorkers(0)
	var meshes []*Mesh
	for _, workers := range []int{1, 3} {
		linalg.SetWorkers(workers)
		m, err := fitted(t, "torus", 150, 0.02).Mesh(context.Background(), 16, nil)
		if err != nil {
			t.Fatal(err)
		}
		meshes = append(meshes, m)
	}
	if !cmp.Equal(meshes[0], meshes[1]) {
		t.Error("one worker and three make different meshes")
	}
}
