package surface

import (
	"math"
	"strings"
	"testing"

	"filterscope/engine/linalg"

	"github.com/google/go-cmp/cmp"
)

// cloudOf makes a cloud of points written one after the other.
func cloudOf(dim int, points ...float64) Cloud {
	return Cloud{Points: linalg.MatrixOf(len(points)/dim, dim, points)}
}

func TestCheck(t *testing.T) {
	withNormals := func(c Cloud, dim int, normals ...float64) Cloud {
		c.Normals = linalg.MatrixOf(len(normals)/dim, dim, normals)
		return c
	}
	tests := []struct {
		name  string
		cloud Cloud
		want  string
	}{
		{"none", Cloud{}, "no points"},
		{"a line", cloudOf(1, 1, 2), "1 coordinates; want 2"},
		{"NaN", cloudOf(2, 0, 1, 2, math.NaN()), "coordinate of point 2 (counted from 1) is NaN"},
		{"infinite", cloudOf(3, math.Inf(-1), 1, 2), "point 1 (counted from 1) is -Inf"},
		{"all equal", cloudOf(2, 3, 4, 3, 4, 3, 4), "all 3 points are equal"},
		{"too large", cloudOf(2, -1e308, 0, 1e308, 0), "too large"},
		{"normals missing", withNormals(cloudOf(2, 0, 0, 1, 1), 2, 1, 0), "1×2 normals for 2×2 points"},
		{"normal NaN", withNormals(cloudOf(2, 0, 0, 1, 1), 2, 1, 0, math.NaN(), 0), "a normal of point 2 (counted from 1) is NaN"},
		{"normal 0", withNormals(cloudOf(2, 0, 0, 1, 1), 2, 1, 0, 0, 0), "normal of point 2 (counted from 1) has length 0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := test.cloud.Check(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Check() = %v, want %q", err, test.want)
			}
		})
	}
	if err := withNormals(cloudOf(2, 0, 0, 1, 1), 2, 3, 0, 0, 1).Check(); err != nil {
		t.Errorf("Check() of a sound cloud = %v", err)
	}
}

func TestMerged(t *testing.T) {
	c := cloudOf(2, 0, 1, 5, 5, math.Copysign(0, -1), 1, 5, 5, 0, 1, 7, 7)
	c.Normals = linalg.MatrixOf(6, 2, []float64{1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6})
	if diff := cmp.Diff([][2]int{{0, 2}, {1, 3}, {0, 4}}, c.FindDuplicates()); diff != "" {
		t.Errorf("FindDuplicates() (-want +got)\n%s", diff)
	}
	m, gone := c.Merged()
	if gone != 3 {
		t.Errorf("%d points went, want 3", gone)
	}
	want := cloudOf(2, 0, 1, 5, 5, 7, 7)
	want.Normals = linalg.MatrixOf(3, 2, []float64{1, 1, 2, 2, 6, 6})
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("Merged() (-want +got)\n%s", diff)
	}
	if low, high := m.Bounds(); !cmp.Equal(low, []float64{0, 1}) || !cmp.Equal(high, []float64{7, 7}) {
		t.Errorf("Bounds() = %v, %v", low, high)
	}
}

// distance returns how far p is from the shape of an example, negative inside.
func distance(name string, p []float64) float64 {
	switch name {
	case "circle":
		return norm(p) - CircleRadius
	case "star":
		return norm(p) - StarRadius(math.Atan2(p[1], p[0]))
	case "sphere":
		return sphereField(p)
	case "torus":
		return torusField(p)
	}
	return pairField(p)
}

func TestExample(t *testing.T) {
	for _, name := range Examples() {
		t.Run(name, func(t *testing.T) {
			c, err := Example(name, 101, 0, 7)
			if err != nil {
				t.Fatal(err)
			}
			if c.Points.Rows != 101 || c.Source != name || c.HasNormals() {
				t.Errorf("%d points of %q, normals: %v", c.Points.Rows, c.Source, c.HasNormals())
			}
			for i := range c.Points.Rows {
				if d := distance(name, c.Points.Row(i)); math.Abs(d) > 1e-12 {
					t.Errorf("point %d is %g from the shape", i, d)
				}
			}
			again, _ := Example(name, 101, 0, 7)
			other, _ := Example(name, 101, 0, 8)
			if !cmp.Equal(c, again) || cmp.Equal(c, other) {
				t.Error("the seed does not decide the points")
			}
			noisy, _ := Example(name, 2000, 0.05, 7)
			sum := 0.0
			for i := range noisy.Points.Rows {
				d := distance(name, noisy.Points.Row(i))
				sum += d * d
			}
			if rms := math.Sqrt(sum / 2000); rms < 0.03 || rms > 0.08 {
				t.Errorf("noise of 0.05 moved points by %g, root mean square", rms)
			}
		})
	}
	for _, bad := range []struct {
		name  string
		n     int
		noise float64
		want  string
	}{{"cube", 10, 0, `no example "cube"`}, {"star", 0, 0, "want 1 to"}, {"star", 10, -1, "noise = -1"}, {"star", 10, math.NaN(), "noise = NaN"}} {
		if _, err := Example(bad.name, bad.n, bad.noise, 1); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("Example(%q, %d, %g) = %v, want %q", bad.name, bad.n, bad.noise, err, bad.want)
		}
	}
}
