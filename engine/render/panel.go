package render

import (
	"image"
	"image/color"
	"math"
)

// niceAxis returns an axis around lo to hi whose ends are multiples of a round
// step; a range that is empty or not finite becomes 0 to 1.
func niceAxis(lo, hi float64, steps int) Axis {
	if !(lo <= hi) || !finite(hi-lo) {
		return Axis{Lo: 0, Hi: 1}
	}
	if hi-lo <= 1e-12*max(math.Abs(lo), math.Abs(hi)) {
		lo, hi = lo-math.Abs(lo)/2-1e-9, hi+math.Abs(hi)/2+1e-9
	}
	step := NiceCeil((hi - lo) / float64(max(steps, 1)))
	a := Axis{Lo: math.Floor(lo/step+1e-6) * step, Hi: math.Ceil(hi/step-1e-6) * step}
	if !(a.Lo < a.Hi) || !finite(a.Hi-a.Lo) || !(step > 0) {
		return Axis{Lo: 0, Hi: 1}
	}
	return a
}

// boundedAxis is the axis of values from lo to hi and of curves that may run
// away: they count up to half of that range beyond it.
func boundedAxis(lo, hi float64, steps int, curves ...[]float64) Axis {
	curveLo, curveHi := math.Inf(1), math.Inf(-1)
	for _, c := range curves {
		curveLo, curveHi = extent(curveLo, curveHi, c)
	}
	if lo < hi {
		curveLo, curveHi = max(curveLo, lo-(hi-lo)/2), min(curveHi, hi+(hi-lo)/2)
	}
	return niceAxis(min(lo, curveLo), max(hi, curveHi), max(steps, 5))
}

// extent widens lo and hi to the finite values of v.
func extent(lo, hi float64, v []float64) (float64, float64) {
	for _, x := range v {
		if finite(x) {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	return lo, hi
}

// entry is a part of the line over a panel: a sample of how something is
// drawn, and what it is.
type entry struct {
	text   string
	colour color.RGBA // of the sample; no alpha: text alone
	dot    bool       // the sample is a dot, not a line
}

// header writes entries over a panel from left to right, without those that
// no longer fit.
func (p *Painter) header(dst *image.RGBA, area image.Rectangle, theme Theme, text *face, entries ...entry) {
	base := area.Min.Y - int(theme.px(tickGap))
	x, end := float64(area.Min.X), float64(dst.Rect.Max.X)-theme.px(chartEdge)
	faint := mix(theme.Background, theme.Text, 0.8)
	for _, e := range entries {
		sample := 0.0
		if e.colour.A != 0 {
			sample = theme.px(17)
			if e.dot {
				sample = theme.px(10)
			}
		}
		if w := text.width(e.text); x+sample+w > end {
			return
		}
		middle := float64(base) - float64(text.ascent)/2
		switch {
		case e.dot:
			p.stroke.reset(int(sample)+1, text.ascent+1)
			p.stroke.line(theme.px(4), float64(text.ascent)/2, theme.px(4), float64(text.ascent)/2, theme.px(2.2))
			p.stroke.paint(dst, image.Pt(int(x), base-text.ascent), e.colour)
		case sample > 0:
			half := max(1, int(theme.px(0.9)))
			fill(dst, image.Rect(int(x), int(middle)-half, int(x+theme.px(12)), int(middle)+half), e.colour)
		}
		text.draw(dst, x+sample, base, e.text, faint)
		x += sample + text.width(e.text) + theme.px(15)
	}
}

// gridLines draws the quiet lines of a panel at its ticks, and the labels left
// of it; labels of the x axis only where wanted. zero is drawn stronger.
func gridLines(dst *image.RGBA, v View, xTicks, yTicks []Tick, xLabels bool, theme Theme, text *face) {
	area, line, gap := v.Area, theme.line(), int(theme.px(tickGap))
	soft := mix(theme.Background, theme.Grid, 0.7)
	axis := mix(theme.Grid, theme.Text, 0.35)
	for _, t := range xTicks {
		at := int(math.Floor(v.PixelX(t.Value)))
		fill(dst, image.Rect(at, area.Min.Y, at+line, area.Max.Y), soft)
	}
	for _, t := range yTicks {
		at := int(math.Floor(v.PixelY(t.Value)))
		c := soft
		if t.Value == 0 {
			c = mix(theme.Grid, theme.Text, 0.25)
		}
		fill(dst, image.Rect(area.Min.X, at, area.Max.X, at+line), c)
		text.drawEnd(dst, float64(area.Min.X-gap), at+(text.ascent+line)/2, t.Label, theme.Text)
	}
	fill(dst, image.Rect(area.Min.X, area.Max.Y-line, area.Max.X, area.Max.Y), axis)
	if !xLabels {
		return
	}
	base := area.Max.Y + gap + text.ascent + line
	for _, t := range xTicks {
		at := int(math.Floor(v.PixelX(t.Value)))
		fill(dst, image.Rect(at, area.Max.Y, at+line, area.Max.Y+max(1, gap-2*line)), axis)
		text.drawMiddle(dst, float64(at), base, t.Label, theme.Text, float64(dst.Rect.Min.X), float64(dst.Rect.Max.X))
	}
}

// roomyTicks returns ticks about pitch apart on an axis of the given length, at
// least three where finer round numbers allow it at no less than half of that
// distance.
func roomyTicks(a Axis, length, pitch float64) []Tick {
	a = a.sorted()
	first := max(2, int(length/pitch))
	for count := first; count <= int(2*length/pitch); count++ {
		if ticks := a.Ticks(count); len(ticks) >= 3 {
			return ticks
		}
	}
	return a.Ticks(first)
}

// labelWidth returns the width of the widest label.
func labelWidth(text *face, ticks []Tick) float64 {
	w := 0.0
	for _, t := range ticks {
		w = max(w, text.width(t.Label))
	}
	return w
}
