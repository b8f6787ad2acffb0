package render

import (
	"image"
	"image/color"
	"math"
	"sort"

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
	// beside them (a polynomial tail) is stacked as a grey band. The scale is
	// linear whatever the weights: where terms of 10⁴ cancel to a fit of 1,
	// that is what one sees, and the line over the panel says by how much.
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

// Centre returns the centre whose mark a pixel position touches, the nearest
// one, -1 for none.
func (v BasisView) Centre(px, py float64) int {
	if v.Basis.Area.Empty() || math.Abs(py-v.handleY) > v.Reach {
		return -1
	}
	best, nearest := -1, v.Reach
	for j, c := range v.centres {
		if d := math.Abs(v.Basis.PixelX(c) - px); d <= nearest {
			best, nearest = j, d
		}
	}
	return best
}

// Index returns the index of the sample X nearest to a pixel column, -1 when
// there are none or the column lies beside the panels.
func (v BasisView) Index(px float64) int {
	return v.Basis.sample(v.x, px)
}

// basisScratch is what a Painter keeps for pictures of a Basis.
type basisScratch struct {
	stack    stacker
	colours  []color.RGBA
	tail     []float64
	residual []float64
	points   []float64 // residuals at the points
}

// Basis draws b over the whole of dst and returns the mapping. Slices whose
// lengths do not fit X or each other count as empty.
func (p *Painter) Basis(dst *image.RGBA, b Basis, theme Theme) BasisView {
	theme = theme.complete()
	b = b.checked()
	window := b.window()
	if !(window.Lo < window.Hi) {
		message := b.Message
		if message == "" {
			message = "no points yet"
		}
		p.sentence(dst, theme, message)
		return BasisView{}
	}
	text := p.typeface.size(theme.px(theme.TextSize))
	edge, gap := int(theme.px(chartEdge)), int(theme.px(tickGap))
	header := text.ascent + 2*gap
	marks := int(theme.px(2*markSize)) + gap/2
	bottom := edge + text.ascent + gap + theme.line()
	room := dst.Rect.Dy() - edge - 3*header - marks - bottom
	heights := [3]int{room * 36 / 100, room * 39 / 100, 0}
	heights[2] = room - heights[0] - heights[1]
	if heights[2] < 12 || dst.Rect.Dx() < int(theme.px(120)) {
		p.sentence(dst, theme, "too small to draw")
		return BasisView{}
	}
	fill(dst, dst.Rect, theme.Background)

	p.residuals(&b)
	steps := func(panel int) int { return max(3, int(float64(heights[panel])/theme.px(tickPitchY))) }
	panels := [3]View{}
	panels[0].Y = p.basisAxis(&b)
	panels[1].Y = b.fitAxis(steps(1))
	panels[2].Y = p.residualAxis()
	var yTicks [3][]Tick
	left := text.width("−0.0")
	for i := range panels {
		yTicks[i] = roomyTicks(panels[i].Y, float64(heights[i]), theme.px(tickPitchY))
		left = max(left, labelWidth(text, yTicks[i]))
	}
	x := Axis{Lo: window.Lo, Hi: window.Hi}
	y := dst.Rect.Min.Y + edge
	x0, x1 := dst.Rect.Min.X+edge+int(math.Ceil(left))+gap, dst.Rect.Max.X-edge-int(text.width("00"))
	for i := range panels {
		y += header
		panels[i].X, panels[i].Area = x, image.Rect(x0, y, x1, y+heights[i])
		y += heights[i]
		if i == 0 {
			y += marks
		}
	}
	xTicks := roomyTicks(x, float64(x1-x0), theme.px(tickPitchX))
	for i, v := range panels {
		gridLines(dst, v, xTicks, yTicks[i], i == 2, theme, text)
	}
	view := BasisView{
		Basis: panels[0], Fit: panels[1], Residual: panels[2],
		Reach: theme.px(9), x: b.X, centres: b.Centres,
		handleY: float64(panels[0].Area.Max.Y) + theme.px(markSize),
	}
	if b.Weighted {
		p.drawStack(dst, &b, panels[0], theme, text)
	} else {
		p.drawFunctions(dst, &b, panels[0], theme, text)
	}
	p.drawMarks(dst, &b, view, theme)
	p.drawFit(dst, &b, panels[1], theme, text)
	p.drawResidual(dst, &b, panels[2], theme, text)
	return view
}

// checked drops what does not fit.
func (b Basis) checked() Basis {
	n, m := len(b.X), b.Phi.Cols
	if b.Phi.Rows != n || n < 2 {
		b.Phi, m = linalg.Matrix[float64]{}, 0
	}
	fits := func(s []float64, n int) []float64 {
		if len(s) != n {
			return nil
		}
		return s
	}
	b.Weights = fits(b.Weights, m)
	b.Fit, b.Target = fits(b.Fit, n), fits(b.Target, n)
	b.PointY = fits(b.PointY, len(b.PointX))
	b.PointX = b.PointX[:len(b.PointY)]
	b.PointFit = fits(b.PointFit, len(b.PointX))
	b.Widths = fits(b.Widths, len(b.Centres))
	if b.Weights == nil {
		b.Weighted = false
	}
	if b.Selected >= max(m, len(b.Centres)) {
		b.Selected = -1
	}
	return b
}

// window returns the range of x, empty when there is nothing to draw.
func (b *Basis) window() Window {
	if len(b.PointX) == 0 && b.Phi.Cols == 0 && b.Fit == nil && b.Target == nil {
		return Window{}
	}
	if b.Window.Lo < b.Window.Hi && finite(b.Window.Hi-b.Window.Lo) {
		return b.Window
	}
	lo, hi := extent(math.Inf(1), math.Inf(-1), b.X)
	if !(lo < hi) {
		lo, hi = extent(lo, hi, b.PointX)
	}
	if lo == hi { // one point alone
		lo, hi = lo-max(1, math.Abs(lo)/10), hi+max(1, math.Abs(hi)/10)
	}
	if !(lo < hi) || !finite(hi-lo) {
		return Window{}
	}
	return Window{lo, hi}
}

// at interpolates samples y over X at x.
func (b *Basis) at(y []float64, x float64) float64 {
	n := len(b.X)
	if len(y) != n || n == 0 || !(x >= b.X[0] && x <= b.X[n-1]) {
		return math.NaN()
	}
	i := min(max(sort.SearchFloat64s(b.X, x), 1), n-1)
	f := (x - b.X[i-1]) / (b.X[i] - b.X[i-1])
	return y[i-1] + f*(y[i]-y[i-1])
}

// residuals fills the painter's residuals: fit − target over X, and fit − y at
// the points.
func (p *Painter) residuals(b *Basis) {
	s := &p.basis
	s.residual, s.points = s.residual[:0], s.points[:0]
	if b.Fit == nil {
		return
	}
	for i := range b.Target {
		s.residual = append(s.residual, b.Fit[i]-b.Target[i])
	}
	for i, y := range b.PointY {
		if b.PointFit != nil {
			s.points = append(s.points, b.PointFit[i]-y)
		} else {
			s.points = append(s.points, b.at(b.Fit, b.PointX[i])-y)
		}
	}
}

// fitAxis is the y axis of the second panel. A fit that runs away may not
// flatten the target and the points: it counts up to their own range beyond.
func (b *Basis) fitAxis(steps int) Axis {
	lo, hi := extent(math.Inf(1), math.Inf(-1), b.Target)
	lo, hi = extent(lo, hi, b.PointY)
	return boundedAxis(lo, hi, steps, b.Fit)
}

// residualAxis is symmetric about zero.
func (p *Painter) residualAxis() Axis {
	most := 0.0
	for _, s := range [2][]float64{p.basis.residual, p.basis.points} {
		lo, hi := extent(0, 0, s)
		most = max(most, -lo, hi)
	}
	if !(most > 0) {
		most = 1
	}
	most = roomyCeil(most * 1.02)
	return Axis{Lo: -most, Hi: most}
}
