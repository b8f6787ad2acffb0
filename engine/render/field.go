package render

import (
	"image"

	"filterscope/engine/linalg"
)

// Field is a function of two variables, sampled on a regular grid, as a heat
// map with contour lines, points, centres and a colour bar.
type Field struct {
	// Values is rows×columns; row 0 lies at Y.Lo, column 0 at X.Lo, the last
	// ones at Hi. Values that are not finite are left in the background colour.
	Values linalg.Matrix[float64]
	X, Y   Window // the zero Window means 0 to columns−1 and rows−1
	// Pixels draws every value as a square of its own, X and Y from edge to
	// edge, row 0 at the top: for images. Otherwise values are interpolated
	// bilinearly, as contours are.
	Pixels bool
	// Stretch fills the picture; otherwise one unit is as long in x as in y,
	// as long as the axes are not too different.
	Stretch bool
	Ramp    Ramp
	Limits  Window // of the colours; the zero Window means the range of Values
	// Contours is the number of contour levels aimed at, at round numbers;
	// 0 means about 8, a negative number none.
	Contours int
	// Points is N×2 (x, y) with the measured PointValues, N or empty, which
	// colour them.
	Points      linalg.Matrix[float64]
	PointValues []float64
	// Centres is M×2; circles of radius Widths, M or empty, are drawn around.
	Centres linalg.Matrix[float64]
	Widths  []float64
	// Selected is the emphasised centre, -1 for none.
	Selected int
	Message  string // said when there is nothing to draw; "" means "no points yet"
}

// FieldView is the mapping of a drawn [Field] or [Outline].
type FieldView struct {
	View
	// Reach is how far from a centre or a point, in pixels, the pointer still
	// touches it.
	Reach   float64
	Low     float64 // value at the bottom of the colour bar
	High    float64 // and at its top
	field   Field
	centres linalg.Matrix[float64]
	points  linalg.Matrix[float64]
}

// At returns the position under a pixel and the interpolated value there, NaN
// where there is none; ok is false beside the map.
func (v FieldView) At(px, py float64) (x, y, value float64, ok bool) { return 0, 0, 0, false }

// Centre returns the nearest centre within reach of a pixel, -1 for none.
func (v FieldView) Centre(px, py float64) int { return -1 }

// Point returns the nearest point within reach of a pixel, -1 for none.
func (v FieldView) Point(px, py float64) int { return -1 }

// fieldScratch is what a Painter keeps for pictures of a Field.
type fieldScratch struct{}

// Field draws f over the whole of dst and returns the mapping.
func (p *Painter) Field(dst *image.RGBA, f Field, theme Theme) FieldView {
	p.sentence(dst, theme.complete(), "no points yet")
	return FieldView{}
}
