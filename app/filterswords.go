package app

import (
	"fmt"
	"math"

	"filterscope/engine/render"
	"filterscope/widgets"
)

// describe writes the line below the picture.
func (v *filtersView) describe(f *frame) {
	if f.filters == nil {
		return
	}
	v.method.SetText(v.way())
	text := fmt.Sprintf("%d %s · %s scale", v.n, v.what(f), f.contrast.Scaling.Scale)
	if n := len(v.marked.units(v.n)); n > 0 {
		text = fmt.Sprintf("%d marked: Export saves them alone · ", n) + text
	}
	if s, shared := f.contrast.LegendRange(); shared {
		text += fmt.Sprintf(", clipped %.1f %%", 100*f.filters.clipped) // the scale bar has the number
	} else {
		text += fmt.Sprintf(" ≤ %.3g", s)
	}
	if f.contrast.Scaling.Scale == render.ScaleUFLDL {
		text += " · grey is the mean, not 0"
	}
	if v.req.lock {
		text += " · locked"
	}
	if v.req.options.Invert {
		text += " · inverted"
	}
	if e := f.run.exhibit; e != nil {
		v.caption.SetText(e.caption(text))
		v.dead.Hide()
		return
	}
	v.caption.SetText(text + fmt.Sprintf(" · %s %d", stepWord(f.run.problem.Recipe), f.weightsStep))
	setBadge(v.dead, f.filters.dead, v.n)
}

// what names the filters: which weights, and of which layer.
func (v *filtersView) what(f *frame) string {
	shape := tileText(v.geometry)
	if v.bars {
		shape = fmt.Sprintf("%d features as bars", v.geometry.Width)
	}
	if f.run.exhibit != nil { // whose arrays say what they are
		return "filters of " + shape
	}
	which := "encoder"
	if v.req.decoder {
		which = "decoder"
	}
	if v.req.pixels && !v.req.decoder && f.run.problem.Whitens() {
		which += " in pixel space"
	}
	if len(v.layers) > 1 {
		which = v.layers[v.req.layer].Name + " " + which
	}
	return which + " filters of " + shape
}

func setBadge(b *widgets.Badge, dead, of int) {
	if dead == 0 {
		b.Hide()
		return
	}
	b.Set(fmt.Sprintf("%d of %d units dead", dead, of), ColorNameWarn)
	b.Show()
}

// readout tells what is under the pointer.
func (v *filtersView) readout() {
	if !v.inside || v.frame == nil || v.frame.filters == nil || v.frame.filters.shown.Rows != v.grid.N {
		v.hovered("")
		return
	}
	unit, x, y, ok := v.grid.At(v.pointer)
	if !ok {
		v.hovered("")
		return
	}
	feature, place := (y*v.geometry.Width+x)*v.geometry.Channels, fmt.Sprintf("pixel (%d, %d)", x, y)
	if v.bars {
		feature, place = x, fmt.Sprintf("feature %d", x+1)
		if names := v.frame.run.problem.Data.Columns; x < len(names) {
			place += " (" + names[x] + ")"
		}
	}
	w := v.frame.filters.shown.At(unit, feature)
	scale := 0.0
	if unit < len(v.frame.contrast.Scales) {
		scale = v.frame.contrast.Scales[unit]
	}
	v.hovered(fmt.Sprintf("%sunit %d · %s · w = %s · tile ±%.3g", v.layerText(), unit, place, signed(float64(w)), scale))
}

// signed formats a number with a true minus sign and four digits.
func signed(v float64) string {
	if v < 0 {
		return fmt.Sprintf("−%.4g", -v)
	}
	return fmt.Sprintf("%.4g", v)
}

// rounded formats a number with three decimals; it never writes −0.
func rounded(v float64) string {
	text := fmt.Sprintf("%.3f", math.Abs(v))
	if v < 0 && text != "0.000" {
		return "−" + text
	}
	return text
}
