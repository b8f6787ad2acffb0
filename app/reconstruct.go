package app

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/analysis"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// reconstructView shows examples, what the network makes of them, and the
// difference.
type reconstructView struct {
	changed func()
	hovered func(text string)

	picture *widgets.Picture
	panel   *widgets.ActionButton // what this kind of model has to show besides
	from    *widgets.Segmented    // where the chains start
	hold    *widgets.ActionButton // of the chains
	anomaly *anomalyTools
	kind    string
	choice  *widgets.Segmented
	again   *widgets.ActionButton
	caption *widgets.Readout
	key     *widgets.Readout
	note    *widgets.Paragraph // in place of the picture
	object  fyne.CanvasObject

	req     sheetRequest
	pointer image.Point
	inside  bool
	frame   *frame

	selected int // an example of the data, -1 for none
}

func newReconstructView(changed func(), hovered func(string)) *reconstructView {
	v := &reconstructView{changed: changed, hovered: hovered}
	v.picture = widgets.NewPicture()
	v.picture.SetMinSize(fyne.NewSize(320, 240))
	v.picture.OnView = func(visible image.Rectangle, size image.Point) {
		v.req.visible, v.req.view = visible, size
		v.changed()
	}
	v.picture.OnHover = func(p image.Point, inside bool) {
		v.pointer, v.inside = p, inside
		v.readout()
	}
	v.choice = widgets.NewSegmented([]string{"Fixed", "Shuffle", "Worst"}, func(i int) { v.choose(selection(i)) })
	v.choice.SetItemTip(0, "The first examples, always the same: what changes is the network")
	v.choice.SetItemTip(1, "Examples drawn at random")
	v.choice.SetItemTip(2, fmt.Sprintf("Of the first %s examples those with the largest error", thousands(probeSize)))
	v.again = widgets.NewActionButton("Again", nil, v.press)
	v.again.SetTip("Shuffle again, look for the worst of the present network, or start the chains anew")
	v.again.SetEnabled(false)
	v.key = widgets.NewMutedReadout(24)
	v.caption = widgets.NewMutedReadout(30)
	v.panel = widgets.NewActionButton("Anomalies", nil, func() { v.setPanel(!v.req.panel.on) })
	v.from = widgets.NewSegmented([]string{"From examples", "From noise"}, func(i int) { v.setNoise(i == 1) })
	v.from.SetItemTip(0, "The chains start at examples and wander off to what the machine takes for examples; while it learns they start again every 50 steps")
	v.from.SetItemTip(1, "The chains start at noise: it takes a well-trained machine and many steps until they find digits")
	v.from.Hide()
	v.hold = widgets.NewActionButton("Hold", nil, func() { v.setHeld(!v.req.panel.held) })
	v.hold.SetTip("Let the chains stand still, or go on")
	v.hold.Hide()
	v.picture.OnPick = func(p image.Point, _ fyne.KeyModifier) { v.pick(p) }
	v.req.panel.rule = analysis.HighQuantile
	v.anomaly = newAnomalyTools(v.setThreshold, func(rule analysis.Threshold) {
		v.req.panel.rule = rule
		v.setThreshold(0)
	})
	tools := container.New(rowLayout{gap: 8, stretch: 6}, v.panel, v.choice, v.again, v.from, v.hold, v.anomaly.object, v.key)
	bar := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 4, 12, 3}, tools))
	foot := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 3, 12, 3}, v.caption))
	v.selected = -1
	v.note = newNote()
	v.object = container.NewBorder(bar, foot, nil, nil, container.NewStack(v.picture, container.NewCenter(v.note)))
	return v
}

// setKind names the panel after what a kind of model has to show.
func (v *reconstructView) setKind(kind string) {
	if kind == v.kind {
		return
	}
	v.kind = kind
	v.setPanel(false)
}

// setPanel shows the panel in place of the examples, or the examples again.
func (v *reconstructView) setPanel(on bool) {
	v.req.panel.on = on
	name := panelName(v.kind)
	v.picture.OnDrag = nil // pans
	v.panel.SetText(name)
	if on {
		v.picture.OnDrag = func(_, to image.Point, _ bool) { v.pick(to) }
		v.panel.SetText("← Examples")
	}
	chains := on && v.kind == recipe.KindRBM
	setShown(chains, v.from, v.hold)
	setShown(!on, v.choice)
	setShown(!on || chains, v.again)
	setShown(on && name == "Anomalies", v.anomaly.object)
	v.again.SetEnabled(chains || !on && (v.req.choose == shuffledExamples || v.req.choose == worstExamples))
	if on {
		v.key.SetText("")
	}
	v.object.Refresh()
	v.changed()
}

// setThreshold sets the threshold of anomalies; 0 lets it follow its rule.
func (v *reconstructView) setThreshold(limit float64) {
	v.req.panel.threshold = limit
	v.changed()
}

// setHeld lets the chains stand still, or go on.
func (v *reconstructView) setHeld(held bool) {
	v.req.panel.held = held
	v.hold.SetText(map[bool]string{false: "Hold", true: "Go on"}[held])
	v.changed()
}

// setNoise starts the chains at noise, or at examples.
func (v *reconstructView) setNoise(on bool) {
	v.req.panel.noise = on
	v.from.Select(map[bool]int{false: 0, true: 1}[on])
	v.changed()
}

// press does what Again is for: other examples, or chains anew.
func (v *reconstructView) press() {
	if v.req.panel.on {
		v.req.panel.restart++
		v.changed()
		return
	}
	v.choose(v.req.choose)
}

// choose picks the examples to show.
func (v *reconstructView) choose(s selection) {
	if v.req.panel.on {
		v.setPanel(false)
	}
	v.req.choose = s
	v.req.turn++
	v.choice.Select(int(s))
	v.again.SetEnabled(s == shuffledExamples || s == worstExamples)
	v.changed()
}

// chooseThese shows those examples, the first as many as there is room for.
func (v *reconstructView) chooseThese(examples []int) {
	v.req.these = slices.Clone(examples)
	v.choose(theseExamples)
}

// pick selects the example at a point, or none.
func (v *reconstructView) pick(at image.Point) {
	if f := v.frame; f != nil && f.panel != nil && v.req.panel.on {
		if f.panel.drag != nil {
			if t, ok := f.panel.drag(at); ok {
				v.setThreshold(t)
			}
		}
		return
	}
	v.selected = -1
	if f := v.frame; f != nil && f.sheet != nil {
		if k, _, _, _, ok := f.sheet.layout.At(at); ok && k < len(f.sheet.examples) {
			v.selected = f.sheet.examples[k]
		}
	}
	v.mark()
	if v.frame != nil {
		v.describe(v.frame)
	}
}

// mark frames the selected example.
func (v *reconstructView) mark() {
	if k := v.shown(); k >= 0 {
		l := v.frame.sheet.layout
		v.picture.SetMarks([]widgets.Mark{{Rect: l.Tile(k, 0).Union(l.Tile(k, l.Rows-1)), Kind: widgets.Selected}})
		return
	}
	v.picture.SetMarks(nil)
}

// shown returns where in the sheet the selected example is, -1 when it is not.
func (v *reconstructView) shown() int {
	if v.frame == nil || v.frame.sheet == nil {
		return -1
	}
	return slices.Index(v.frame.sheet.examples, v.selected)
}

// rowsText names the rows of a sheet.
func rowsText(s *sheetFrame) string {
	var names []string
	for i, r := range s.rows {
		if i == 0 || r.value != s.rows[i-1].value {
			names = append(names, r.value)
			continue
		}
		names[len(names)-1] = fmt.Sprintf("%d %ss", rowsOf(s.rows, r.value), r.value)
	}
	return "rows: " + strings.Join(names, ", ") + " ±1"
}

func rowsOf(rows []sheetRow, value string) (n int) {
	for _, r := range rows {
		if r.value == value {
			n++
		}
	}
	return n
}

func (v *reconstructView) reset() {
	v.frame, v.selected, v.req.panel.threshold = nil, -1, 0
	if v.req.choose == theseExamples { // which were of the run before
		v.choose(firstExamples)
	}
	v.picture.SetMarks(nil)
	v.note.Hide()
	v.caption.SetText("")
	v.picture.SetContent(0, 0)
	v.picture.SetFrame(nil, image.Point{})
}

// refresh takes the present size of the view.
func (v *reconstructView) refresh() {
	v.req.visible, v.req.view = v.picture.View()
}

func (v *reconstructView) show(f *frame) {
	v.frame = f
	note := exhibitNote(f.run, "there are no examples to reconstruct")
	if _, ok := selects(f.run.problem); ok && f.run.exhibit == nil {
		note = selectionNote
	}
	setNote(v.note, note)
	v.setKind(f.run.problem.Recipe.Model.Kind)
	if f.panel != nil && v.req.panel.on {
		size := f.panel.image.Rect.Size()
		v.picture.SetContent(size.X, size.Y)
		v.picture.SetFrame(f.panel.image, image.Point{})
		v.picture.SetMarks(nil)
		v.anomaly.show(f.panel)
		v.key.SetText(f.panel.key)
		v.readout()
		return
	}
	if f.sheet == nil {
		return
	}
	size := f.sheet.layout.Size()
	v.picture.SetContent(size.X, size.Y)
	v.picture.SetFrame(f.sheet.image, f.sheet.at)
	v.key.SetText(rowsText(f.sheet))
	v.mark()
	v.readout()
}

// describe writes the line below the picture.
func (v *reconstructView) describe(f *frame) {
	if f.run.exhibit != nil {
		v.caption.SetText("")
		return
	}
	if f.panel != nil && v.req.panel.on {
		v.caption.SetText(f.panel.caption)
		return
	}
	if f.sheet == nil {
		return
	}
	whole, part := "example", "feature"
	if drawable(f.run.problem.Geometry()) {
		whole, part = "image", "pixel"
	}
	text := fmt.Sprintf("squared error over %s: %.4g an %s, %.4g a %s", thousands(f.sheet.probe), f.sheet.mean, whole, f.sheet.mean/float64(f.run.problem.Visible()), part)
	if f.run.problem.Recipe.Model.Kind == recipe.KindRBM {
		text += ", not the objective"
	}
	text += fmt.Sprintf(" · %s %s", stepWord(f.run.problem.Recipe), thousands(f.sheet.step))
	if v.req.choose == theseExamples {
		text = fmt.Sprintf("%d of %s selected on the map · ", len(f.sheet.examples), countOf(len(v.req.these), "example")) + text
	}
	if k := v.shown(); k >= 0 {
		e := f.sheet.errors[k]
		text = fmt.Sprintf("example %s selected: squared error %.4g, %.4g a %s · ", thousands(v.selected), e, e/float64(f.run.problem.Visible()), part) + text
	}
	v.caption.SetText(text)
}

func (v *reconstructView) readout() {
	if v.inside && v.frame != nil && v.frame.panel != nil && v.req.panel.on {
		v.hovered(v.frame.panel.hover(v.pointer))
		return
	}
	if !v.inside || v.frame == nil || v.frame.sheet == nil {
		v.hovered("")
		return
	}
	s := v.frame.sheet
	k, row, x, y, ok := s.layout.At(v.pointer)
	if !ok || k >= len(s.examples) {
		v.hovered("")
		return
	}
	g := s.layout.Geometry
	j := (y*g.Width + x) * g.Channels
	values := make([]string, len(s.rows))
	for i, r := range s.rows {
		values[i] = fmt.Sprintf("%s %.3f", r.value, r.Value(k, j))
		if r.Minus.Data != nil {
			values[i] = r.value + " " + signed(r.Value(k, j))
		}
	}
	label := ""
	if labels := v.frame.run.problem.Data.Labels; labels != nil {
		label = fmt.Sprintf(" (label %d)", labels[s.examples[k]])
	}
	v.hovered(fmt.Sprintf("example %s%s · %s · pixel (%d, %d) · %s · squared error %.4g",
		thousands(s.examples[k]), label, s.rows[row].name, x, y, strings.Join(values, ", "), s.errors[k]))
}
