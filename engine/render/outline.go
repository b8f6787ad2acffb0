package render

import (
	"image"

	"filterscope/engine/linalg"
)

// Outline is a curve found in points of the plane: the points with their
// normals, and the extracted curves over the sign of the implicit function.
type Outline struct {
	// Values is the implicit function as in [Field], negative inside; empty
	// for none.
	Values  linalg.Matrix[float64]
	X, Y    Window // of Values and of the picture; zero: as much as the points need
	Curves  []Polyline
	Points  linalg.Matrix[float64] // N×2
	Normals linalg.Matrix[float64] // N×2, or empty
	Message string                 // said when there is nothing to draw; "" means "no points yet"
}

// Outline draws o over the whole of dst and returns the mapping.
func (p *Painter) Outline(dst *image.RGBA, o Outline, theme Theme) FieldView {
	p.sentence(dst, theme.complete(), "no points yet")
	return FieldView{}
}
