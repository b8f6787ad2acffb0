package app

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"slices"

	"fyne.io/fyne/v2"

	"filterscope/engine/train"
	"filterscope/widgets"
)

// readout tells what is under the pointer, and asks what it decodes to.
func (v *codesView) readout() {
	s := v.set()
	if s == nil || v.frame.codes.image == nil || v.frame.codes.req.mode != v.req.mode || s.probe.problem != v.frame.run.problem {
		return
	}
	f := v.frame.codes
	switch v.req.mode {
	case codesMap:
		v.readMap(f)
	case codesGrid, codesSamples:
		v.w.hovered(v.readTile(f))
	case codesTraverse:
		v.w.hovered(v.readRows(f))
	case codesImportance:
		v.w.hovered(v.readBars(f))
	}
}

// readMap follows the pointer over the map.
func (v *codesView) readMap(f *codesFrame) {
	p := v.pointer
	on := v.inside && p.In(f.scatter.Area)
	if !on { // the place pointed at last stays
		v.w.hovered("")
		return
	}
	if at := [2]float64{f.scatter.ValueX(float64(p.X) + 0.5), f.scatter.ValueY(float64(p.Y) + 0.5)}; !v.req.aimed || at != v.req.at {
		v.req.aimed, v.req.at = true, at
		v.aim()
	}
	nearest := f.scatter.Point(float64(p.X)+0.5, float64(p.Y)+0.5)
	v.card.setNear(f.set, nearest)
	x, y := f.scatter.ValueX(float64(p.X)+0.5), f.scatter.ValueY(float64(p.Y)+0.5)
	text := fmt.Sprintf("(%s, %s)", signed(x), signed(y))
	if f.plane.line {
		text = signed(x)
	}
	if nearest >= 0 {
		text += " · " + f.set.aboutExample(nearest)
	}
	v.w.hovered(text)
}

// readTile tells which code a picture of the grid or of the samples has.
func (v *codesView) readTile(f *codesFrame) string {
	if !v.inside {
		return ""
	}
	k, px, py, ok := f.grid.At(v.pointer)
	if !ok || k >= f.tiles.Rows {
		return ""
	}
	g := f.grid.Geometry
	value := f.tiles.At(k, (py*g.Width+px)*g.Channels)
	pixel := fmt.Sprintf("pixel (%d, %d) is %.3f", px, py, value)
	if f.req.mode == codesSamples {
		return fmt.Sprintf("sample %d · %s", k+1, pixel)
	}
	i, j := k/len(f.xs), k%len(f.xs)
	x, y := f.xs[j], f.ys[len(f.ys)-1-i]
	if f.plane.line {
		return fmt.Sprintf("code %s · %s", signed(x), pixel)
	}
	return fmt.Sprintf("code (%s, %s) · %s", signed(x), signed(y), pixel)
}

// readRows tells about a picture of the traversals.
func (v *codesView) readRows(f *codesFrame) string {
	if !v.inside {
		return ""
	}
	for k, row := range f.rowViews {
		i, px, py := row.Image(v.pointer)
		if i < 0 {
			continue
		}
		g := row.Grid.Geometry
		text := fmt.Sprintf("pixel (%d, %d) is %.3f", px, py, f.rows[k].Images.At(i, (py*g.Width+px)*g.Channels))
		switch {
		case k == 1:
			low, high := f.set.reach(f.slide.unit)
			return fmt.Sprintf("unit %d at %s · %s", f.slide.unit, signed(low+(high-low)*float64(i)/float64(row.Grid.N-1)), text)
		case k > 1:
			return fmt.Sprintf("%.0f %% of the way from A to B · %s", 100*float64(i)/float64(row.Grid.N-1), text)
		}
		return text
	}
	return ""
}

// readBars tells about the unit or the component under the pointer.
func (v *codesView) readBars(f *codesFrame) string {
	if !v.inside {
		return ""
	}
	if v.pointer.In(f.lower) {
		k := f.components.At(float64(v.pointer.X) + 0.5)
		if k < 0 || f.spectrum == nil || k >= len(f.spectrum.Variances) {
			return ""
		}
		return fmt.Sprintf("component %d · variance %.4g · the first %d hold %.1f %% of it",
			k+1, f.spectrum.Variances[k], k+1, 100*f.spectrum.Cumulative()[k])
	}
	k := f.bars.At(float64(v.pointer.X) + 0.5)
	if k < 0 || k >= len(f.unitOrder) {
		return ""
	}
	j := f.unitOrder[k]
	text := fmt.Sprintf("unit %d · rank %d", j, k+1)
	if !f.req.sorted {
		text = fmt.Sprintf("unit %d", j)
	}
	if rise := f.importance.increase[j]; rise == rise {
		text += fmt.Sprintf(" · error %s without it (%s %%)", plus(rise), plus(100*rise/max(f.importance.error, 1e-12)))
	} else {
		text += " · not measured yet"
	}
	if f.set.kl != nil {
		text += fmt.Sprintf(" · KL %.3g nats", f.set.kl[j])
	}
	return text + fmt.Sprintf(" · mean %s, σ %.3g", signed(f.set.mean[j]), f.set.deviation[j])
}

// plus writes a change with its sign.
func plus(x float64) string {
	if x < 0 {
		return "−" + fmt.Sprintf("%.3g", -x)
	}
	return "+" + fmt.Sprintf("%.3g", x)
}

// pick chooses the example under the pointer, or the unit.
func (v *codesView) pick(p image.Point, modifier fyne.KeyModifier) {
	s := v.set()
	if s == nil || v.frame.codes.req.mode != v.req.mode {
		return
	}
	f := v.frame.codes
	switch v.req.mode {
	case codesMap:
		k := 0
		if modifier&fyne.KeyModifierShift != 0 {
			k = 1
		}
		v.chooseExample(k, f.scatter.Point(float64(p.X)+0.5, float64(p.Y)+0.5))
	case codesImportance:
		if k := f.bars.At(float64(p.X) + 0.5); k >= 0 && k < len(f.unitOrder) && !p.In(f.lower) {
			v.pickUnit(f.unitOrder[k])
		}
	}
}

// pickUnit selects a unit of the code for the inspector.
func (v *codesView) pickUnit(unit int) {
	if !v.codeShown() {
		v.w.hovered(fmt.Sprintf("unit %d: the column on the right is about another layer; choose the code in Filters", unit))
		return
	}
	v.w.selectUnit(unit)
}

// chooseExample makes an example the first (0) or the second (1) one chosen.
func (v *codesView) chooseExample(k, example int) {
	s := v.set()
	if s == nil {
		return
	}
	v.req.chosen[k] = example
	v.card.choose(s.probe, k, example)
	v.mark()
	v.changed()
}

// mark frames the examples chosen on the map.
func (v *codesView) mark() {
	if v.req.mode != codesMap || v.frame == nil || v.frame.codes == nil || v.frame.codes.image == nil {
		v.picture.SetMarks(nil)
		return
	}
	f := v.frame.codes
	var marks []widgets.Mark
	for k, example := range v.req.chosen {
		v.card.choose(f.set.probe, k, example)
		at, ok := f.scatter.Place(example)
		if !ok {
			continue
		}
		r := image.Rectangle{Min: at.Sub(image.Pt(5, 5)), Max: at.Add(image.Pt(6, 6))}
		for _, t := range f.scatter.Tiles {
			if t.Point == example {
				r = t.Rect
			}
		}
		kind := widgets.Selected
		if k == 1 {
			kind = widgets.Hovered
		}
		marks = append(marks, widgets.Mark{Rect: r, Kind: kind})
	}
	v.picture.SetMarks(marks)
}

// describe writes the lines about the picture.
func (v *codesView) describe(f *frame) {
	c := f.codes
	if f.run.exhibit != nil || c == nil || c.set == nil || c.req.mode != v.req.mode {
		v.caption.SetText("")
		v.state.SetText("")
		return
	}
	s := c.set
	state := fmt.Sprintf("%s codes of %d numbers", thousands(s.probe.x.Rows), s.units())
	if s.units() == 1 {
		state = fmt.Sprintf("%s codes of one number", thousands(s.probe.x.Rows))
	}
	switch {
	case s.step == 0:
		state += " · untrained"
	case f.snap.Phase == train.Running:
		state += fmt.Sprintf(" · %s %s", stepWord(f.run.problem.Recipe), thousands(s.step))
	default:
		state += fmt.Sprintf(" · %s %s, %s", stepWord(f.run.problem.Recipe), thousands(s.step), f.snap.Phase)
	}
	v.state.SetText(state)
	v.units(s)
	v.caption.SetText(c.sentence())
}

// units writes the units along the axes into their steppers.
func (v *codesView) units(s *codeSet) {
	x, y := s.pair(v.req.plane)
	text := func(axis string, unit, chosen int) string {
		if v.req.plane.components {
			return axis + " auto"
		}
		if chosen < 0 && s.units() > 2 {
			return fmt.Sprintf("%s auto %d", axis, unit)
		}
		return fmt.Sprintf("%s unit %d", axis, unit)
	}
	v.unitX.SetText(text("x", x, v.req.plane.x))
	v.unitY.SetText(text("y", y, v.req.plane.y))
	v.unitX.SetRange(x > 0, x < s.units()-1)
	v.unitY.SetRange(y > 0, y < s.units()-1)
}

// sentence says what the picture shows.
func (f *codesFrame) sentence() string {
	s := f.set
	switch f.req.mode {
	case codesMap:
		text := "Marks are examples at their codes"
		if s.probe.prior {
			text = "Marks are examples at the means of their codes"
		}
		if f.req.images {
			text = fmt.Sprintf("%d examples drawn at their codes, the others as dots", len(f.scatter.Tiles))
		}
		if s.step == 0 {
			return text + ": those of random weights. Start the run."
		}
		if s.probe.names != nil {
			text += ", by class"
		}
		return text + ". Drag around some to select them."
	case codesGrid:
		spacing := "equal steps from the smallest to the largest code of the probe"
		if s.probe.prior {
			spacing = "normal quantiles: each picture stands for the same share of the prior"
		}
		others := ""
		if s.units() > 2 && !f.plane.line {
			others = "; the other units rest at their mean"
		}
		return capital(spacing) + others + "."
	case codesSamples:
		if s.probe.prior {
			return fmt.Sprintf("%d codes drawn from the prior, a standard normal distribution, and decoded.", f.tiles.Rows)
		}
		return "No generative model: codes drawn from a normal distribution with the mean and covariance of the probe's."
	case codesTraverse:
		return fmt.Sprintf("Drag a slider. A is example %s, B example %s: choose others on the map.",
			thousands(f.ends[0]), thousands(f.ends[1]))
	case codesImportance:
		return f.importanceSentence()
	}
	return ""
}

// importanceSentence sums the importance and the spectrum up.
func (f *codesFrame) importanceSentence() string {
	s, h := f.set, f.set.units()
	text := fmt.Sprintf("%d of %d units active", s.active, h)
	if f.spectrum != nil {
		text += fmt.Sprintf(" · effective dimension %.1f", f.spectrum.ParticipationRatio())
	}
	if m := f.importance; m.done == h {
		share := 0
		sum, total := 0.0, 0.0
		for _, v := range m.increase {
			total += math.Max(v, 0)
		}
		for _, v := range sortedDown(m.increase) {
			if sum >= 0.9*total {
				break
			}
			sum += v
			share++
		}
		text += fmt.Sprintf(" · %d units carry 90 %% of the importance", share)
	}
	return text + "."
}

// sortedDown returns the values, largest first.
func sortedDown(v []float64) []float64 {
	out := slices.Clone(v)
	slices.SortFunc(out, func(a, b float64) int { return cmp.Compare(b, a) })
	return out
}
