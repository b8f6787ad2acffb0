package render

import (
	"math"

	"filterscope/engine/linalg"
)

// FieldView is the mapping of a drawn [Field] or [Outline].
type FieldView struct {
	View
	// Reach is how far from a centre or a point, in pixels, the pointer still
	// touches it.
	Reach float64
	// Low and High are the values at the ends of the colour bar.
	Low, High float64
	field     Field
}

// At returns the position under a pixel and the interpolated value there, NaN
// where there is none; ok is false beside the map.
func (v FieldView) At(px, py float64) (x, y, value float64, ok bool) {
	a := v.Area
	if a.Empty() || px < float64(a.Min.X) || px >= float64(a.Max.X) || py < float64(a.Min.Y) || py >= float64(a.Max.Y) {
		return 0, 0, 0, false
	}
	x, y = v.ValueX(px), v.ValueY(py)
	f := &v.field
	if f.Values.Rows == 0 {
		return x, y, math.NaN(), true
	}
	fx, fy := (x-f.X.Lo)/(f.X.Hi-f.X.Lo), (y-f.Y.Lo)/(f.Y.Hi-f.Y.Lo)
	if f.Pixels {
		column := min(int((px-float64(a.Min.X))/float64(a.Dx())*float64(f.Values.Cols)), f.Values.Cols-1)
		row := min(int((py-float64(a.Min.Y))/float64(a.Dy())*float64(f.Values.Rows)), f.Values.Rows-1)
		return x, y, f.Values.At(row, column), true
	}
	if !(fx > -1e-3 && fx < 1+1e-3 && fy > -1e-3 && fy < 1+1e-3) {
		return x, y, math.NaN(), true
	}
	return x, y, bilinear(f.Values, fx*float64(f.Values.Cols-1), fy*float64(f.Values.Rows-1)), true
}

// bilinear interpolates at a position in units of the grid, moved inside.
func bilinear(v linalg.Matrix[float64], column, row float64) float64 {
	c := min(max(int(column), 0), v.Cols-2)
	r := min(max(int(row), 0), v.Rows-2)
	fc, fr := min(max(column-float64(c), 0), 1), min(max(row-float64(r), 0), 1)
	low := v.At(r, c) + fc*(v.At(r, c+1)-v.At(r, c))
	high := v.At(r+1, c) + fc*(v.At(r+1, c+1)-v.At(r+1, c))
	return low + fr*(high-low)
}

// Centre returns the nearest centre within reach of a pixel, -1 for none.
func (v FieldView) Centre(px, py float64) int { return v.nearest(v.field.Centres, px, py) }

// Point returns the nearest point within reach of a pixel, -1 for none.
func (v FieldView) Point(px, py float64) int { return v.nearest(v.field.Points, px, py) }

func (v FieldView) nearest(m linalg.Matrix[float64], px, py float64) int {
	if v.Area.Empty() {
		return -1
	}
	best, least := -1, v.Reach
	for i := range m.Rows {
		if d := math.Hypot(v.PixelX(m.At(i, 0))-px, v.PixelY(m.At(i, 1))-py); d <= least {
			best, least = i, d
		}
	}
	return best
}
