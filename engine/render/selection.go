package render

import (
	"image"
	"image/color"
	"math"

	"filterscope/engine/linalg"
)

// Selection is a network that selects operations by x, in two panels over one x
// axis: the share of each operation, stacked, above the pieces of the target; and
// what comes out, by shares and by arg-max, with the target. Slices may be empty;
// the panels say what is missing.
type Selection struct {
	X      []float64              // n ≥ 2 increasing positions at which the rest is sampled
	Names  []string               // of the K operations; with more than eight, colours repeat
	Shares linalg.Matrix[float64] // n×K, rows add up to 1
	Pieces []Piece                // which operation the target uses where, left to right
	Target []float64              // n values each
	Soft   []float64              // Σ share · operation
	Hard   []float64              // one operation at each x
	// SoftName and HardName say in the key what the two are; "" means "soft
	// selection" and "arg-max".
	SoftName, HardName string
	Note               string // beside the name of the pieces: "99.7 % right"
	Message            string // said when there is nothing to draw; "" means "nothing selected yet"
}

// Piece is a stretch of the target and the operation, an index of Names, it uses
// there.
type Piece struct {
	From, To  float64
	Operation int
}

// SelectionView is the mapping of a drawn [Selection].
type SelectionView struct {
	// Shares and Output map the panels; they share X. The areas are empty when
	// there was no room or nothing to draw.
	Shares, Output View
	x              []float64
}

// Span returns the smallest rectangle that holds both panels, for a hover line.
func (v SelectionView) Span() image.Rectangle { return v.Shares.Area.Union(v.Output.Area) }

// Index returns the index of the sample X nearest to a pixel column, -1 when
// there are none or the column lies beside the panels.
func (v SelectionView) Index(px float64) int { return v.Shares.sample(v.x, px) }

// stripHeight is the height of the bar of pieces in units.
const stripHeight = 15

// Selection draws s over the whole of dst and returns the mapping. Slices whose
// lengths do not fit X or Names count as empty.
func (p *Painter) Selection(dst *image.RGBA, s Selection, theme Theme) SelectionView {
	theme = theme.complete()
	s = s.checked()
	if len(s.X) < 2 || !(s.X[0] < s.X[len(s.X)-1]) || s.Shares.Rows == 0 && s.Target == nil && s.Soft == nil && s.Hard == nil {
		p.sentence(dst, theme, orElse(s.Message, "nothing selected yet"))
		return SelectionView{}
	}
	text := p.typeface.size(theme.px(theme.TextSize))
	edge, gap := int(theme.px(chartEdge)), int(theme.px(tickGap))
	header := text.ascent + 2*gap
	strip := 0
	if len(s.Pieces) > 0 {
		strip = header + max(int(theme.px(stripHeight)), text.ascent+gap)
	}
	room := dst.Rect.Dy() - 2*edge - 2*header - strip - text.ascent - gap - theme.line()
	upper := room * 45 / 100
	if upper < int(theme.px(30)) || dst.Rect.Dx() < int(theme.px(120)) {
		p.sentence(dst, theme, "too small to draw")
		return SelectionView{}
	}
	fill(dst, dst.Rect, theme.Background)

	view := SelectionView{x: s.X}
	lo, hi := extent(math.Inf(1), math.Inf(-1), s.Target)
	view.Shares.Y = Axis{Lo: 0, Hi: 1}
	view.Output.Y = boundedAxis(lo, hi, int(float64(room-upper)/theme.px(tickPitchY)), s.Soft, s.Hard)
	shareTicks := roomyTicks(view.Shares.Y, float64(upper), theme.px(tickPitchY))
	outTicks := roomyTicks(view.Output.Y, float64(room-upper), theme.px(tickPitchY))
	left := max(text.width("0.5"), labelWidth(text, shareTicks), labelWidth(text, outTicks))
	x0 := dst.Rect.Min.X + edge + int(math.Ceil(left)) + gap
	x1 := dst.Rect.Max.X - edge - int(text.width("00"))
	y := dst.Rect.Min.Y + edge + header
	view.Shares.X = Axis{Lo: s.X[0], Hi: s.X[len(s.X)-1]}
	view.Output.X = view.Shares.X
	view.Shares.Area = image.Rect(x0, y, x1, y+upper)
	y += upper + strip + header
	view.Output.Area = image.Rect(x0, y, x1, y+room-upper)

	xTicks := roomyTicks(view.Shares.X, float64(x1-x0), theme.px(tickPitchX))
	gridLines(dst, view.Shares, xTicks, shareTicks, false, theme, text)
	gridLines(dst, view.Output, xTicks, outTicks, true, theme, text)
	p.drawShares(dst, &s, view.Shares, theme, text)
	if strip > 0 {
		p.drawPieces(dst, &s, view.Shares, strip-header, theme, text)
	}
	p.drawSelected(dst, &s, view.Output, theme, text)
	return view
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// checked drops what does not fit.
func (s Selection) checked() Selection {
	n := len(s.X)
	if s.Shares.Rows != n || s.Shares.Cols != len(s.Names) {
		s.Shares = linalg.Matrix[float64]{}
	}
	for _, values := range []*[]float64{&s.Target, &s.Soft, &s.Hard} {
		if len(*values) != n {
			*values = nil
		}
	}
	return s
}

// colour returns the colour of operation k.
func (s *Selection) colour(k int, theme Theme) color.RGBA {
	all := SeriesColours(theme.dark())
	return all[k%len(all)]
}
