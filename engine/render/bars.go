package render

import (
	"image"
	"image/color"
	"math"
)

// Marker is a vertical line in a histogram, such as ρ and ρ̂.
type Marker struct {
	X      float64
	Label  string // above the line; "" for none
	Colour color.RGBA
	Dashed bool
}

// Bars is a histogram of len(Counts) bins of equal width between Lo and Hi.
type Bars struct {
	Counts  []float64 // negative and non-finite counts are drawn as 0
	Lo, Hi  float64
	LogY    bool // heights as log(1 + count): one stays visible beside thousands
	Colour  color.RGBA
	Markers []Marker
	Ticks   bool // write Lo, Hi and round numbers between under the bars
}

// BarsView is the mapping of a drawn histogram.
type BarsView struct {
	Area image.Rectangle // the pixels of the bars; empty when there was no room
	X    Axis
	bins int
}

// At returns the bin at a pixel column and its limits; ok is false beside the
// histogram.
func (v BarsView) At(px int) (bin int, lo, hi float64, ok bool) {
	if px < v.Area.Min.X || px >= v.Area.Max.X || v.bins == 0 {
		return 0, 0, 0, false
	}
	bin = (px - v.Area.Min.X) * v.bins / v.Area.Dx()
	step := (v.X.Hi - v.X.Lo) / float64(v.bins)
	return bin, v.X.Lo + float64(bin)*step, v.X.Lo + float64(bin+1)*step, true
}

// Draw draws the histogram over the whole of dst.
func (b Bars) Draw(dst *image.RGBA, typeface *Typeface, theme Theme) BarsView {
	theme = theme.complete()
	fill(dst, dst.Rect, theme.Background)
	text := typeface.size(theme.px(theme.TextSize))
	edge, line := int(theme.px(2)), theme.line()
	area := image.Rectangle{dst.Rect.Min.Add(image.Pt(edge, edge)), dst.Rect.Max.Sub(image.Pt(edge, edge))}
	for _, m := range b.Markers {
		if m.Label != "" {
			// Half as much again as a capital, for hats.
			area.Min.Y = dst.Rect.Min.Y + edge + text.ascent*3/2 + edge
			break
		}
	}
	if b.Ticks {
		area.Max.Y -= text.ascent + int(theme.px(tickGap))
	}
	view := BarsView{X: Axis{Lo: b.Lo, Hi: b.Hi}, bins: len(b.Counts)}
	if area.Dx() < max(4, len(b.Counts)) || area.Dy() < 4 || len(b.Counts) == 0 || !(b.Lo < b.Hi) {
		return view
	}
	view.Area = area

	heights, most := b.heights()
	gap := 0
	if area.Dx()/len(heights) >= 4*line {
		gap = line
	}
	for i, h := range heights {
		left := area.Min.X + i*area.Dx()/len(heights)
		right := area.Min.X + (i+1)*area.Dx()/len(heights) - gap
		tall := 0
		if h > 0 && most > 0 {
			tall = max(line, int(math.Round(h/most*float64(area.Dy()-line))))
		}
		fill(dst, image.Rect(left, area.Max.Y-line-tall, right, area.Max.Y-line), opaqueColour(b.Colour))
	}
	fill(dst, image.Rect(area.Min.X, area.Max.Y-line, area.Max.X, area.Max.Y), mix(theme.Grid, theme.Text, 0.35))
	if b.Ticks {
		b.drawTicks(dst, view, theme, text)
	}
	b.drawMarkers(dst, view, theme, text)
	return view
}

// heights returns the bars in the scale of the y axis, and the tallest.
func (b Bars) heights() (heights []float64, most float64) {
	for _, c := range b.Counts {
		if !(c > 0) || !finite(c) {
			c = 0
		}
		if b.LogY {
			c = math.Log1p(c)
		}
		heights = append(heights, c)
		most = max(most, c)
	}
	return heights, most
}

func (v BarsView) pixel(x float64) float64 {
	return float64(v.Area.Min.X) + v.X.Fraction(x)*float64(v.Area.Dx())
}

func (b Bars) drawTicks(dst *image.RGBA, v BarsView, theme Theme, text *face) {
	base := dst.Rect.Max.Y - int(theme.px(2))
	for _, t := range v.X.Ticks(int(float64(v.Area.Dx()) / theme.px(60))) {
		text.drawMiddle(dst, v.pixel(t.Value), base, t.Label, theme.Text, float64(dst.Rect.Min.X)+theme.px(2), float64(dst.Rect.Max.X)-theme.px(2))
	}
}

// drawMarkers draws the lines; labels keep out of each other's way, the later
// one gives way to the right, or to the left at the edge.
func (b Bars) drawMarkers(dst *image.RGBA, v BarsView, theme Theme, text *face) {
	width, dash := max(1, int(math.Round(theme.px(1.4)))), max(2, int(theme.px(3)))
	base := v.Area.Min.Y - int(theme.px(2))
	type span struct{ lo, hi float64 }
	var taken []span
	for _, m := range b.Markers {
		f := v.X.Fraction(m.X)
		if !(f >= 0 && f <= 1) {
			continue
		}
		x := v.pixel(m.X)
		at := min(max(int(math.Round(x))-width/2, v.Area.Min.X), v.Area.Max.X-width)
		for y := v.Area.Min.Y; y < v.Area.Max.Y; y += 2 * dash {
			end := min(y+dash, v.Area.Max.Y)
			if !m.Dashed {
				end = min(y+2*dash, v.Area.Max.Y)
			}
			fill(dst, image.Rect(at, y, at+width, end), opaqueColour(m.Colour))
		}
		if m.Label == "" {
			continue
		}
		w := text.width(m.Label)
		left := max(float64(dst.Rect.Min.X), min(x-w/2, float64(dst.Rect.Max.X)-w))
		for _, s := range taken {
			if left < s.hi && left+w > s.lo {
				if left = s.hi; left+w > float64(dst.Rect.Max.X) {
					left = s.lo - w
				}
			}
		}
		taken = append(taken, span{left - theme.px(4), left + w + theme.px(4)})
		text.draw(dst, left, base, m.Label, opaqueColour(m.Colour))
	}
}
