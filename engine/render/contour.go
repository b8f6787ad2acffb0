package render

import "filterscope/engine/linalg"

// Contours returns the lines on which a field sampled on a regular grid has
// the given level, by marching squares with linear interpolation along the
// edges of the cells; a saddle is decided by the mean of its four corners.
// Values, x and y are as in [Field]. Cells with a value that is not finite
// have no lines.
func Contours(values linalg.Matrix[float64], x, y Window, level float64) []Polyline { return nil }
