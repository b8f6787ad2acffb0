package render

import (
	"image"

	"filterscope/engine/linalg"
)

// Surface is a shaded body in three dimensions: a triangle mesh, or a height
// field with an axes box, and points.
type Surface struct {
	// Vertices, Normals and Triangles are a mesh. Normals are one a vertex,
	// not necessarily of length 1; empty means averaged from the triangles.
	Vertices, Normals [][3]float64
	Triangles         [][3]int32
	// Heights is a height field over X and Y, as the Values of [Field], used
	// when there are no Vertices. It is coloured by height and stands in a box
	// with axes, its height scaled to suit its base.
	Heights linalg.Matrix[float64]
	X, Y    Window
	Ramp    Ramp
	// Points is N×3, drawn as small spheres.
	Points linalg.Matrix[float64]
	Camera Camera
	// Draft halves the resolution: for frames while the camera moves. Without
	// it the picture is antialiased by four samples a pixel.
	Draft   bool
	Message string // said when there is nothing to draw; "" means "no points yet"
}

// SurfaceView is the mapping of a drawn [Surface].
type SurfaceView struct {
	Area image.Rectangle // empty when nothing was drawn
}

// Project returns the pixel of a point and its depth: larger is nearer.
func (v SurfaceView) Project(x, y, z float64) (px, py, depth float64) { return 0, 0, 0 }

// At returns the point of the surface that a pixel shows. It reads a buffer of
// the painter and is valid until its next Surface call.
func (v SurfaceView) At(px, py float64) (x, y, z float64, ok bool) { return 0, 0, 0, false }

// surfaceScratch is what a Painter keeps for pictures of a Surface.
type surfaceScratch struct{}

// Surface draws s over the whole of dst and returns the mapping.
func (p *Painter) Surface(dst *image.RGBA, s Surface, theme Theme) SurfaceView {
	p.sentence(dst, theme.complete(), "no points yet")
	return SurfaceView{}
}
