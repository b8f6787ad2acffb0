package surface

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"filterscope/engine/linalg"
)

// outward returns the unit normal of an example's shape near p.
func outward(name string, p []float64) []float64 {
	const h = 1e-6
	n := make([]float64, len(p))
	q := append([]float64(nil), p...)
	for a := range p {
		q[a] = p[a] + h
		up := distance(name, q)
		q[a] = p[a] - h
		n[a] = up - distance(name, q)
		q[a] = p[a]
	}
	linalg.Scale(1/norm(n), n)
	return n
}

func TestEstimateNormals(t *testing.T) {
	tests := []struct {
		name   string
		n      int
		noise  float64
		within float64 // degrees, median
	}{
		{"circle", 60, 0, 0.5},
		{"star", 150, 0, 4},
		{"star", 300, 0.03, 20},
		{"sphere", 100, 0, 4},
		{"sphere", 500, 0.03, 12},
		{"torus", 300, 0, 6},
		{"torus", 500, 0.03, 15},
		{"two-spheres", 150, 0, 5},
		{"two-spheres", 600, 0.05, 20},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s of %d with noise %g", test.name, test.n, test.noise), func(t *testing.T) {
			c, err := Example(test.name, test.n, test.noise, 5)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.EstimateNormals(0)
			if err != nil {
				t.Fatal(err)
			}
			angles := make([]float64, test.n)
			inward := 0
			for i := range angles {
				n := got.Normals.Row(i)
				if l := norm(n); math.Abs(l-1) > 1e-12 {
					t.Errorf("normal %d has length %g", i, l)
				}
				cos := dot(n, outward(test.name, c.Points.Row(i)))
				if cos < 0 {
					inward++
				}
				angles[i] = math.Acos(min(cos, 1)) * 180 / math.Pi
			}
			if inward > 0 {
				t.Errorf("%d of %d normals point inward", inward, test.n)
			}
			if m := median(angles); m > test.within {
				t.Errorf("half the normals are more than %.2g° off, want %g°", m, test.within)
			}
		})
	}
}

func TestEstimateNormalsFaults(t *testing.T) {
	c, err := Example("sphere", 20, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		cloud Cloud
		k     int
		want  string
	}{{c, 2, "want at least 3"}, {c, -1, "want at least 3"}, {cloudOf(3, 0, 0, 0, 1, 0, 0, 0, 1, 0), 0, "3 points are too few"}, {Cloud{}, 0, "no points"}} {
		if _, err := test.cloud.EstimateNormals(test.k); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("EstimateNormals(%d) = %v, want %q", test.k, err, test.want)
		}
	}
	if got, err := c.EstimateNormals(500); err != nil || got.Normals.Rows != 20 {
		t.Errorf("EstimateNormals of more neighbours than points = %d normals, %v", got.Normals.Rows, err)
	}
}

func TestSmallest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		d := 2 + rng.IntN(2)
		var a [3][3]float64
		for range 5 {
			v := [3]float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}
			for i := range d {
				for j := range d {
					a[i][j] += v[i] * v[j]
				}
			}
		}
		v, values := smallest(a, d)
		trace, length := 0.0, 0.0
		for i := range d {
			trace += a[i][i] - values[i]
			length += v[i] * v[i]
			av := 0.0
			for j := range d {
				av += a[i][j] * v[j]
			}
			if math.Abs(av-values[0]*v[i]) > 1e-12 {
				t.Errorf("A·v = %g, want %g", av, values[0]*v[i])
			}
			if i > 0 && values[i] < values[i-1] {
				t.Errorf("eigenvalues %v are not in order", values[:d])
			}
		}
		if math.Abs(trace) > 1e-12 || math.Abs(length-1) > 1e-12 {
			t.Errorf("the trace is %g off, |v|² = %g", trace, length)
		}
	}
}

// TestNoise checks the estimate against the noise that was added.
func TestNoise(t *testing.T) {
	for _, name := range Examples() {
		for _, noise := range []float64{0, 0.01, 0.03} {
			c, err := Example(name, 500, noise, 2)
			if err != nil {
				t.Fatal(err)
			}
			l, err := newLayout(context.Background(), c.Points, linalg.Matrix[float64]{}, 0)
			if err != nil {
				t.Fatal(err)
			}
			got := l.noise
			if math.Abs(got-noise) > 0.25*noise+0.001 {
				t.Errorf("%s: noise %g was estimated as %g", name, noise, got)
			}
		}
	}
}
