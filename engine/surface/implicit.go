package surface

import (
	"context"
	"errors"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
)

// Implicit is a function that is 0 on the surface, negative inside and positive
// outside, about the distance in the cloud's units near the points.
type Implicit struct {
	Cloud   Cloud   // without duplicates, with normals of length 1
	Options Options // with what was automatic filled in
	Report  Report

	interpolator *rbf.Interpolator
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

// Fit makes a function of the cloud. Progress is told from the calling
// goroutine; nil tells nobody. When ctx ends, its cause is returned.
func Fit(ctx context.Context, c Cloud, o Options, progress func(done, total int, what string)) (*Implicit, error) {
	return nil, errors.New("fitting surfaces is being written")
}

// Dim returns 2 for a curve and 3 for a surface.
func (f *Implicit) Dim() int { return f.Cloud.Dim() }

// At returns f at the rows of queries, m×2 or m×3, in the cloud's coordinates.
func (f *Implicit) At(ctx context.Context, queries linalg.Matrix[float64]) ([]float64, error) {
	return nil, errors.New("fitting surfaces is being written")
}

// Box returns the box Contour and Mesh look in: the cloud's, with a margin.
func (f *Implicit) Box() (low, high []float64) { return f.Cloud.Bounds() }

// Grid holds f at the nodes of a regular grid in the plane. Values is rows by
// columns: row i is y = Low[1] + i·Step, column j is x = Low[0] + j·Step.
type Grid struct {
	Low    [2]float64
	Step   float64
	Values linalg.Matrix[float64]
}

// Grid evaluates a curve's f over its box with resolution cells along the longest
// side; 0 takes that of the options.
// It panics when f is not 2-D.
func (f *Implicit) Grid(ctx context.Context, resolution int) (*Grid, error) {
	return nil, errors.New("fitting surfaces is being written")
}

// Polyline is a piece of a curve. A closed one does not repeat its first point
// and runs counter-clockwise about what is inside.
type Polyline struct {
	Points [][2]float64
	Closed bool
}

// Contour returns the curve f = 0 by marching squares.
// It panics when f is not 2-D.
func (f *Implicit) Contour(ctx context.Context, resolution int) ([]Polyline, error) {
	return nil, errors.New("fitting surfaces is being written")
}

// Mesh returns the surface f = 0 by marching cubes.
// It panics when f is not 3-D.
func (f *Implicit) Mesh(ctx context.Context, resolution int, progress func(done, total int, what string)) (*Mesh, error) {
	return nil, errors.New("fitting surfaces is being written")
}
