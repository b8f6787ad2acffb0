package surface

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"filterscope/engine/linalg"
)

// Shapes of the examples, in the units of their coordinates.
const (
	CircleRadius = 1.0
	SphereRadius = 1.0
	TorusRadius  = 1.0  // of the circle in the middle of the tube
	TubeRadius   = 0.4  // of the tube
	PairRadius   = 0.6  // of each of the two spheres
	PairDistance = 0.85 // of their centres from the origin, along x
)

// StarRadius returns the radius of the star at angle t: 1 + 0.3·cos 5t.
func StarRadius(t float64) float64 { return 1 + 0.3*math.Cos(5*t) }

// maxExample bounds the points of an example.
const maxExample = 1_000_000

// Examples lists the names Example knows: two curves, then three surfaces.
func Examples() []string { return []string{"circle", "star", "sphere", "torus", "two-spheres"} }

// Example returns n points on one of the Examples, about evenly spread, each
// moved by Gaussian noise of that standard deviation in every coordinate. The
// seed turns the pattern of points and draws the noise. It has no normals.
func Example(name string, n int, noise float64, seed uint64) (Cloud, error) {
	if !slices.Contains(Examples(), name) {
		return Cloud{}, fmt.Errorf("there is no example %q: use one of %s", name, strings.Join(Examples(), ", "))
	}
	if n < 1 || n > maxExample {
		return Cloud{}, fmt.Errorf("%d points for the example %s: want 1 to %d", n, name, maxExample)
	}
	if !(noise >= 0) || math.IsInf(noise, 0) {
		return Cloud{}, fmt.Errorf("noise = %g for the example %s: want 0 or more", noise, name)
	}
	rng := rand.New(rand.NewPCG(seed, 0x5e7f_ace5))
	u0, v0 := rng.Float64(), rng.Float64()
	dim := 3
	if name == "circle" || name == "star" {
		dim = 2
	}
	points := linalg.NewMatrix[float64](n, dim)
	for i := range n {
		// A sequence that fills the unit square evenly at any length: multiples of
		// the powers of the plastic number (M. Roberts, 2018).
		k := float64(i)
		if name == "two-spheres" {
			k = float64(i / 2)
		}
		u, v := frac(u0+0.7548776662466927*k), frac(v0+0.5698402909980532*k)
		p := points.Row(i)
		switch name {
		case "circle":
			place2(p, CircleRadius, 2*math.Pi*(float64(i)+u0)/float64(n))
		case "star":
			t := 2 * math.Pi * (float64(i) + u0) / float64(n)
			place2(p, StarRadius(t), t)
		case "sphere":
			place3(p, SphereRadius, u, v)
		case "two-spheres":
			place3(p, PairRadius, u, v)
			p[0] += PairDistance * float64(2*(i%2)-1)
		case "torus":
			// Area grows with the distance from the axis: the angle about the tube
			// solves t + (r/R)·sin t = 2πv.
			t := 2 * math.Pi * v
			for range 50 {
				t = 2*math.Pi*v - TubeRadius/TorusRadius*math.Sin(t)
			}
			place2(p, TorusRadius+TubeRadius*math.Cos(t), 2*math.Pi*u)
			p[2] = TubeRadius * math.Sin(t)
		}
	}
	for i := range points.Data {
		points.Data[i] += noise * rng.NormFloat64()
	}
	return Cloud{Points: points, Source: name}, nil
}

func frac(x float64) float64 { return x - math.Floor(x) }

// place2 sets the first two coordinates to the point at radius and angle.
func place2(p []float64, radius, angle float64) {
	sin, cos := math.Sincos(angle)
	p[0], p[1] = radius*cos, radius*sin
}

// place3 sets p to the point of a sphere that u and v in [0, 1) name, equal
// areas for equal areas.
func place3(p []float64, radius, u, v float64) {
	z := 1 - 2*v
	place2(p, radius*math.Sqrt(1-z*z), 2*math.Pi*u)
	p[2] = radius * z
}
