// Package surface turns point clouds into curves (2-D) and closed surfaces
// (3-D) by radial basis functions, after Carr et al., "Reconstruction and
// representation of 3D objects with radial basis functions", SIGGRAPH 2001.
//
// A cloud's points carry unit normals n that point outward; without them they
// are estimated (Cloud.EstimateNormals). Fit interpolates a signed distance
//
//	f(p) = 0,  f(p + d·n) = d,  f(p − d·n) = −d
//
// by Σ wᵢ φ(|x − cᵢ|) plus a linear polynomial, with φ = r in space and r² ln r
// in the plane, smoothed when the cloud is noisy. f is negative inside and
// positive outside. Contour follows f = 0 by marching squares, Mesh by marching
// cubes near the points.
//
// Values are immutable once made and may be used from several goroutines.
// Every result depends on the arguments alone, not on the number of workers.
package surface
