package surface

import (
	"context"
	"fmt"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// Implicit is a function that is 0 on the curve or surface, negative inside and
// positive outside; near the points it is about the distance, in the cloud's
// units.
type Implicit struct {
	Cloud   Cloud   // without duplicates, with normals of length 1
	Options Options // with what was automatic filled in
	Report  Report

	interpolator *rbf.Interpolator // in coordinates of the frame
	frame
}

// Report says what Fit did.
type Report struct {
	Duplicates  int     // points left out because they repeat another
	Estimated   bool    // the normals were estimated
	Components  int     // parts of the cloud that no neighbourhood connects (1 when it came with normals)
	Constraints int     // points and off-surface points with a value
	Centres     int     // of them, the ones that carry a centre
	Shortened   int     // samples whose off-surface points had to come nearer
	Noise       float64 // standard deviation across the surface, as estimated, in the cloud's units
	RMSE        float64 // of f at the points, in the cloud's units
	MaxError    float64 // largest |f| at the points
}

// Dim returns 2 for a curve and 3 for a surface.
func (f *Implicit) Dim() int { return f.Cloud.Dim() }

// At returns f at the rows of queries, m×2 or m×3, in the cloud's coordinates.
func (f *Implicit) At(ctx context.Context, queries linalg.Matrix[float64]) ([]float64, error) {
	values, err := f.interpolator.At(ctx, f.scaled(queries))
	if err != nil {
		return nil, err
	}
	linalg.Scale(f.unit, values)
	return values, nil
}

// Box returns the box that Contour and Mesh look in: the cloud's, with a margin
// for what bulges out between the points.
func (f *Implicit) Box() (low, high []float64) {
	low, high = f.Cloud.Bounds()
	margin := max(0.2*f.unit, 2*f.Options.Offset)
	for a := range low {
		low[a], high[a] = low[a]-margin, high[a]+margin
	}
	return low, high
}

// lattice returns that of the box, at the resolution asked for or, for 0, that of
// the options.
func (f *Implicit) lattice(resolution int) (lattice, error) {
	if resolution == 0 {
		resolution = f.Options.Resolution
	}
	if resolution < minResolution || resolution > maxResolution {
		return lattice{}, fmt.Errorf("resolution = %d: want %d to %d cells", resolution, minResolution, maxResolution)
	}
	low, high := f.Box()
	return newLattice(low, high, resolution), nil
}

// Grid evaluates a curve's f over its box with resolution cells along the longest
// side; 0 takes that of the options.
// It panics when f is not 2-D.
func (f *Implicit) Grid(ctx context.Context, resolution int) (*Grid, error) {
	f.want(2, "Grid")
	l, err := f.lattice(resolution)
	if err != nil {
		return nil, err
	}
	q := linalg.NewMatrix[float64](l.size[0]*l.size[1], 2)
	for i := range q.Rows {
		l.place(q.Row(i), i)
	}
	values, err := f.At(ctx, q)
	if err != nil {
		return nil, err
	}
	return &Grid{Low: [2]float64(l.low[:2]), Step: l.step, Values: linalg.MatrixOf(l.size[1], l.size[0], values)}, nil
}

// Contour returns the curve f = 0 near the points, by marching squares over the
// grid that Grid returns.
// It panics when f is not 2-D.
func (f *Implicit) Contour(ctx context.Context, resolution int) ([]Polyline, error) {
	f.want(2, "Contour")
	g, err := f.Grid(ctx, resolution)
	if err != nil {
		return nil, err
	}
	return f.ContourOf(ctx, g)
}

// ContourOf is Contour over a grid that is there already.
func (f *Implicit) ContourOf(ctx context.Context, g *Grid) ([]Polyline, error) {
	f.want(2, "ContourOf")
	l := lattice{dim: 2, low: [3]float64{g.Low[0], g.Low[1]}, step: g.Step, size: [3]int{g.Values.Cols, g.Values.Rows, 1}}
	lines, err := contour(ctx, f.At, &l, g.Values.Data)
	if err != nil {
		return nil, err
	}
	return f.nearPoints(lines, 3*max(l.step, f.Options.Offset)), nil
}

// nearPoints leaves out the lines that come nowhere near a point of the cloud:
// far away f is an extrapolation.
func (f *Implicit) nearPoints(lines []Polyline, distance float64) []Polyline {
	tree := rbf.NewTree(f.Cloud.Points)
	var found []rbf.Neighbour
	var kept []Polyline
	for _, line := range lines {
		for _, p := range line.Points {
			found = tree.Nearest(found, p[:], 1)
			if found[0].Distance <= distance*distance {
				kept = append(kept, line)
				break
			}
		}
	}
	return kept
}

func (f *Implicit) want(dim int, what string) {
	if f.Dim() != dim {
		panic(fmt.Sprintf("surface: %s of a function in %d dimensions", what, f.Dim()))
	}
}

// Mesh returns the surface f = 0 near the points, by marching cubes with so many
// cells along the longest side of the box; 0 takes the resolution of the options.
// It starts at every point, so that it finds every part of the surface that has
// points. The mesh is watertight but where the surface leaves the box, which that
// of a scan open at one side does.
// It panics when f is not 3-D.
func (f *Implicit) Mesh(ctx context.Context, resolution int, progress func(done, total int, what string)) (*Mesh, error) {
	f.want(3, "Mesh")
	l, err := f.lattice(resolution)
	if err != nil {
		return nil, err
	}
	m, err := march(ctx, f.At, l, f.seeds(l.step), progress)
	if err != nil {
		return nil, err
	}
	m.Normals, err = f.normals(ctx, m.Vertices, l.step/20)
	return m, err
}

// seeds returns points along each normal, less than a cell apart, from one
// off-surface point to the other: the surface passes between them.
func (f *Implicit) seeds(step float64) linalg.Matrix[float64] {
	reach := max(f.Options.Offset, step)
	half := int(reach/(step/2)) + 1
	n := f.Cloud.Points.Rows
	out := linalg.NewMatrix[float64](n*(2*half+1), 3)
	for i := range n {
		p, normal := f.Cloud.Points.Row(i), f.Cloud.Normals.Row(i)
		for k := range 2*half + 1 {
			t := reach * float64(k-half) / float64(half)
			for a, row := 0, out.Row(i*(2*half+1)+k); a < 3; a++ {
				row[a] = p[a] + t*normal[a]
			}
		}
	}
	return out
}

// normals returns the directions in which f rises, by differences between the
// corners of a tetrahedron at the distance h·√3: four values a point where
// central differences need six.
func (f *Implicit) normals(ctx context.Context, points [][3]float64, h float64) ([][3]float64, error) {
	corners := [4][3]float64{{h, h, h}, {h, -h, -h}, {-h, h, -h}, {-h, -h, h}}
	q := linalg.NewMatrix[float64](len(corners)*len(points), 3)
	for i, p := range points {
		for k, c := range corners {
			for a, row := 0, q.Row(len(corners)*i+k); a < 3; a++ {
				row[a] = p[a] + c[a]
			}
		}
	}
	values, err := f.At(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([][3]float64, len(points))
	for i := range out {
		var g [3]float64
		for k, c := range corners {
			for a := range g {
				g[a] += values[len(corners)*i+k] * c[a]
			}
		}
		if length := norm(g[:]); length > 0 {
			for a := range g {
				out[i][a] = g[a] / length
			}
		}
	}
	return out, nil
}
