package render

import (
	"image"
	"image/color"
)

// BasisMeasures is what a picture of a [Basis] draws beside the data given, for
// pictures drawn elsewhere, such as figures.
type BasisMeasures struct {
	X                    Axis // of all panels
	Basis, Fit, Residual Axis // y axes of the panels
	// Residuals is fit − target over X, empty when either is unknown;
	// PointResiduals is fit − y at the points.
	Residuals, PointResiduals []float64
	// Tail is what the fit has beside its weighted functions, nil for nothing.
	Tail []float64
	// Cancellation is how many times the stacks of weighted functions are
	// higher than the fit, at least 1.
	Cancellation float64
}

// Measure returns the measures, and the Basis without the slices that do not
// fit X or each other. ok is false when there is nothing to draw.
func (b Basis) Measure() (_ Basis, m BasisMeasures, ok bool) {
	b = b.checked()
	window := b.window()
	if !(window.Lo < window.Hi) {
		return b, m, false
	}
	var p Painter
	p.residuals(&b)
	const steps = 5
	m = BasisMeasures{
		X: Axis{Lo: window.Lo, Hi: window.Hi}, Basis: p.basisAxis(&b), Fit: b.fitAxis(steps), Residual: p.residualAxis(),
		Residuals: p.basis.residual, PointResiduals: p.basis.points, Tail: p.basis.tail, Cancellation: 1,
	}
	if b.Weighted {
		m.Cancellation = b.cancellation(m.Basis)
	}
	return b, m, true
}

// BasisColours returns the colours of m basis functions in the order of their
// index, for a dark or a light ground. The slice is the caller's.
func BasisColours(m int, dark bool) []color.RGBA {
	colours := make([]color.RGBA, m)
	for j := range colours {
		colours[j] = basisColour(j, m, dark)
	}
	return colours
}

// FieldImage returns the heat map of a field alone, zoom pixels a step of the
// grid (a value, where it draws Pixels), and its limits and ramp. ok is false
// when there are no values.
func FieldImage(f Field, zoom int, theme Theme) (img *image.RGBA, limits Window, ramp Ramp, ok bool) {
	theme = theme.complete()
	f = f.checked()
	view, ok := f.view()
	if !ok || f.Values.Rows == 0 {
		return nil, Window{}, RampAuto, false
	}
	ramp = f.Ramp.resolve(view.Low, view.High)
	if ramp == RampSigned {
		view.High = max(-view.Low, view.High)
		view.Low = -view.High
	}
	zoom = max(1, zoom)
	if f.Pixels {
		img = image.NewRGBA(image.Rect(0, 0, f.Values.Cols*zoom, f.Values.Rows*zoom))
	} else {
		img = image.NewRGBA(image.Rect(0, 0, (f.Values.Cols-1)*zoom+1, (f.Values.Rows-1)*zoom+1))
	}
	view.Area = img.Rect
	var p Painter
	p.heat(img, &f, view, ramp.table(theme.dark()), theme)
	return img, Window{view.Low, view.High}, ramp, true
}

// Axes returns the axes that the field is drawn on; that of y runs downwards
// for Pixels. ok is false when there is nothing to draw.
func (f Field) Axes() (x, y Axis, ok bool) {
	f = f.checked()
	v, ok := f.view()
	return v.X, v.Y, ok
}
