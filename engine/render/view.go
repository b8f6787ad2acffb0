package render

import (
	"image"
	"math"
	"sort"
)

// View is the mapping of a drawn chart. It holds the series it was drawn from,
// so that a crosshair reads exact values, not pixels.
type View struct {
	Area   image.Rectangle // the pixels of the plot; empty when none was drawn
	X, Y   Axis
	series []Series
}

// PixelX returns the x position of a value in pixels; pixel centres lie at ½.
func (v View) PixelX(x float64) float64 {
	return float64(v.Area.Min.X) + v.X.Fraction(x)*float64(v.Area.Dx()-1) + 0.5
}

// PixelY returns the y position of a value; larger values are further up.
func (v View) PixelY(y float64) float64 {
	return float64(v.Area.Max.Y) - v.Y.Fraction(y)*float64(v.Area.Dy()-1) - 0.5
}

// ValueX is the inverse of PixelX.
func (v View) ValueX(px float64) float64 {
	return v.X.Value((px - 0.5 - float64(v.Area.Min.X)) / float64(v.Area.Dx()-1))
}

// ValueY is the inverse of PixelY.
func (v View) ValueY(py float64) float64 {
	return v.Y.Value((float64(v.Area.Max.Y) - 0.5 - py) / float64(v.Area.Dy()-1))
}

// At returns the point of the longest series nearest to a pixel position: its
// index and x. The index is -1 when there are no points or no plot.
func (v View) At(px float64) (index int, x float64) {
	longest := -1
	for i, s := range v.series {
		if longest < 0 || len(s.X) > len(v.series[longest].X) {
			longest = i
		}
	}
	if longest < 0 || v.Area.Empty() {
		return -1, 0
	}
	index, _, _ = v.Read(longest, v.ValueX(px))
	if index < 0 {
		return -1, 0
	}
	return index, v.series[longest].X[index]
}

// Read returns the point of a series nearest to x: its index and y. ok is
// false, and the index -1, when the series has no points.
func (v View) Read(series int, x float64) (index int, y float64, ok bool) {
	s := v.series[series]
	n := min(len(s.X), len(s.Y))
	if n == 0 || math.IsNaN(x) {
		return -1, 0, false
	}
	i := min(sort.SearchFloat64s(s.X[:n], x), n-1)
	if i > 0 && x-s.X[i-1] <= s.X[i]-x {
		i--
	}
	return i, s.Y[i], true
}

// sample returns the index of the one of increasing x nearest to a pixel
// column, -1 when there are none or the column lies beside the area.
func (v View) sample(x []float64, px float64) int {
	if len(x) == 0 || v.Area.Empty() || px < float64(v.Area.Min.X) || px > float64(v.Area.Max.X) {
		return -1
	}
	at := v.ValueX(px)
	i := min(sort.SearchFloat64s(x, at), len(x)-1)
	if i > 0 && at-x[i-1] < x[i]-at {
		i--
	}
	return i
}
