package render

import (
	"image"

	"filterscope/engine/linalg"
)

// Basis is a one-dimensional radial basis network in three panels over one x
// axis: the basis functions, the fit over its target and points, the residual.
// Slices may be empty; the panels say what is missing.
type Basis struct {
	X   []float64              // n increasing positions at which the rest is sampled
	Phi linalg.Matrix[float64] // n×M: column j is the basis function φ_j(X)
	// Weights are the M weights of the read-out; with Weighted they may not be
	// empty.
	Weights []float64
	Fit     []float64 // n values of the network; empty: not fitted yet
	Target  []float64 // n values of the true function; empty: unknown
	// PointX and PointY are the training points. PointFit is the network at
	// them; empty means interpolated from Fit. It is used for the residuals of
	// the points.
	PointX, PointY, PointFit []float64
	// Centres and Widths are M long; a width is the σ of the kernel. They mark
	// the x axis of the first panel; empty Widths leave the marks without one.
	Centres, Widths []float64
	// Selected is the emphasised basis function, -1 for none.
	Selected int
	// Weighted stacks w_j·φ_j in the first panel instead of φ_j: positive ones
	// upwards and negative ones downwards from zero, with the fit, which is
	// the difference of the two heights, as a line over them. What the fit has
	// beside them (a polynomial tail) is stacked as a grey band.
	Weighted bool
	Window   Window // of x; the zero Window means as much as X needs
	Message  string // said when there is nothing to draw; "" means "no points yet"
}

// BasisView is the mapping of a drawn [Basis].
type BasisView struct {
	// Basis, Fit and Residual map the three panels; they share X. The areas
	// are empty when there was no room or nothing to draw.
	Basis, Fit, Residual View
	// Reach is how far from a centre mark, in pixels, the pointer still
	// touches it.
	Reach   float64
	x       []float64
	centres []float64
	handleY float64
}

// Span returns the smallest rectangle that holds all panels, for a hover line.
func (v BasisView) Span() image.Rectangle {
	return v.Basis.Area.Union(v.Fit.Area).Union(v.Residual.Area)
}

// Handle returns where the mark of a centre at x stands.
func (v BasisView) Handle(x float64) (px, py float64) { return v.Basis.PixelX(x), v.handleY }

// Centre returns the centre whose mark a pixel position touches, -1 for none.
func (v BasisView) Centre(px, py float64) int { return -1 }

// Index returns the index of the sample X nearest to a pixel column, -1 when
// there are none or the column lies beside the panels.
func (v BasisView) Index(px float64) int { return -1 }

// basisScratch is what a Painter keeps for pictures of a Basis.
type basisScratch struct{}

// Basis draws b over the whole of dst and returns the mapping.
func (p *Painter) Basis(dst *image.RGBA, b Basis, theme Theme) BasisView {
	p.sentence(dst, theme.complete(), "no points yet")
	return BasisView{}
}
