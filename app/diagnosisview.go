package app

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/engine/analysis"
	"filterscope/widgets"
)

// Size of the block of the diagnosis in units: the width of its text, and the
// height from which on it scrolls.
const (
	diagnosisWidth  = leftWidth - 34
	diagnosisHeight = 208
)

// diagnosisView is the block below the form that says what is wrong with the
// training, one sentence each, with buttons that do something about it.
type diagnosisView struct {
	w       *Window
	open    bool
	verdict *verdict // of a linear recipe, before it is trained
	frame   *diagnosisFrame
	layer   int    // that units of findings are of
	shown   string // what the block says

	fold   *widgets.ActionButton
	title  *widgets.SectionLabel
	rows   *fyne.Container
	scroll *container.Scroll
	object fyne.CanvasObject
	column *fyne.Container // that it is part of
}

func newDiagnosisView(w *Window) *diagnosisView {
	v := &diagnosisView{w: w, open: true}
	v.title = widgets.NewSectionLabel("Diagnosis")
	v.fold = widgets.NewFlatButton("", theme.MenuDropDownIcon(), v.toggle)
	v.fold.SetTip("Hide the diagnosis, which is then not made")
	v.rows = container.New(columnLayout{gap: 4})
	v.scroll = widgets.NewVScroll(v.rows)
	head := container.New(insetLayout{12, 0, 8, 0}, container.New(rowLayout{gap: 2, stretch: 0}, v.title, v.fold))
	body := container.New(insetLayout{12, 0, 8, 8}, v.scroll)
	v.object = container.New(columnLayout{}, widgets.NewRule(), head, body)
	v.say()
	return v
}

// under puts the block below the rest of a column.
func (v *diagnosisView) under(rest fyne.CanvasObject) fyne.CanvasObject {
	v.column = container.NewBorder(nil, v.object, nil, nil, rest)
	return v.column
}

// watching reports whether anybody can see a diagnosis.
func (v *diagnosisView) watching() bool {
	return v.open && v.column != nil && v.column.Visible() && v.w.left.Visible()
}

// toggle folds the block, or unfolds it.
func (v *diagnosisView) toggle() {
	v.open = !v.open
	icon := theme.MenuDropDownIcon()
	if !v.open {
		icon = theme.MenuExpandIcon()
	}
	v.fold.SetIcon(icon)
	v.shown = ""
	v.say()
	v.w.foreseeNow()
	v.w.ask()
}

// show takes the diagnosis of a frame, nil for none.
func (v *diagnosisView) show(d *diagnosisFrame) {
	if d == nil && v.frame == nil {
		return
	}
	v.frame = d
	v.say()
}

// foresaw takes the verdict on a linear recipe, nil for none.
func (v *diagnosisView) foresaw(f *verdict) {
	v.verdict = f
	v.say()
}

// findings returns what is wrong, the worst first, and what is not.
func (v *diagnosisView) findings() (bad analysis.Diagnosis, fine []string) {
	d := v.frame
	if d == nil {
		d = &diagnosisFrame{}
	}
	v.layer = d.layer
	all := &diagnosisFrame{fine: d.fine}
	worst := func(f analysis.Finding) bool {
		return f.Kind == analysis.NotFinite || f.Kind == analysis.Divergence || f.Kind == analysis.Collapse
	}
	for _, f := range d.found {
		if worst(f) {
			all.add(f)
		}
	}
	if v.verdict != nil {
		all.add(v.verdict.finding)
	}
	for _, f := range d.found {
		if !worst(f) {
			all.add(f)
		}
	}
	return all.found, all.fine
}

// say writes the block anew if what it says has changed.
func (v *diagnosisView) say() {
	bad, fine := v.findings()
	text := v.key(bad, fine)
	if text == v.shown {
		return
	}
	v.shown = text
	title := "Diagnosis"
	if n := len(bad); n > 0 && !v.open {
		title += fmt.Sprintf(": %d", n)
	}
	v.title.SetText(title)
	v.rows.Objects = nil
	if v.open {
		switch {
		case len(bad) > 0:
			for _, f := range bad {
				v.rows.Objects = append(v.rows.Objects, v.row(f))
			}
		case len(fine) > 0:
			v.rows.Objects = []fyne.CanvasObject{coloured("✓ nothing wrong: "+strings.Join(fine, ", "), ColorNameLive)}
		case v.frame != nil:
			v.rows.Objects = []fyne.CanvasObject{coloured("✓ nothing wrong", ColorNameLive)}
		default:
			v.rows.Objects = []fyne.CanvasObject{widgets.NewParagraph("Nothing to say before training starts.", diagnosisWidth)}
		}
	}
	v.rows.Refresh()
	v.scroll.SetMinSize(fyne.NewSize(0, min(v.rows.MinSize().Height, diagnosisHeight)))
	if v.column != nil { // not Refresh, which reaches every field
		v.column.Layout.Layout(v.column.Objects, v.column.Size())
		box := v.object.(*fyne.Container)
		box.Layout.Layout(box.Objects, box.Size())
	}
}

// key tells apart what the block may say.
func (v *diagnosisView) key(bad analysis.Diagnosis, fine []string) string {
	parts := []string{fmt.Sprint(v.open, v.frame != nil), strings.Join(fine, ", ")}
	if len(bad) > 0 {
		parts = parts[:1]
	}
	for _, f := range bad {
		parts = append(parts, f.Sentence, fmt.Sprint(f.Units))
		for _, r := range v.w.remedies(f) {
			parts = append(parts, r.label, r.tip)
		}
	}
	return strings.Join(parts, "\n")
}

func coloured(text string, colour fyne.ThemeColorName) *widgets.Paragraph {
	p := widgets.NewParagraph(text, diagnosisWidth)
	p.SetColour(colour)
	return p
}

// row shows a finding: its sentence and its buttons.
func (v *diagnosisView) row(f analysis.Finding) fyne.CanvasObject {
	glyph, colour := "▲ ", ColorNameWarn
	switch f.Kind {
	case analysis.NotFinite, analysis.Divergence, analysis.Collapse, analysis.PosteriorCollapse:
		glyph, colour = "✕ ", ColorNameFault
	}
	buttons := container.New(flowLayout{width: diagnosisWidth, gap: 4})
	for _, r := range v.w.remedies(f) {
		b := widgets.NewActionButton(r.label, nil, r.do)
		b.SetTip(r.tip)
		buttons.Add(b)
	}
	if len(f.Units) > 0 && f.Kind != analysis.PosteriorCollapse {
		b := widgets.NewFlatButton(fmt.Sprintf("Show %d", len(f.Units)), nil, func() { v.cycle(f.Units) })
		b.SetTip("Select these units one after the other")
		buttons.Add(b)
	}
	return container.New(columnLayout{gap: 2}, coloured(glyph+f.Sentence, colour), buttons)
}

// cycle selects the next of some units in the mosaic.
func (v *diagnosisView) cycle(units []int) {
	w := v.w
	if w.view != viewFilters {
		w.showView(viewFilters)
	}
	next := units[0]
	for _, u := range units {
		if u > w.unit {
			next = u
			break
		}
	}
	w.filters.choose(next)
	if w.filters.grid.N > next {
		w.filters.picture.Reveal(w.filters.grid.Cell(next))
	}
}

// flowLayout puts objects side by side and goes on in the next row where the
// width is used up.
type flowLayout struct{ width, gap float32 }

func (l flowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.width, l.flow(objects, func(fyne.CanvasObject, fyne.Position) {}))
}

func (l flowLayout) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	l.flow(objects, func(o fyne.CanvasObject, at fyne.Position) {
		o.Resize(o.MinSize())
		o.Move(at)
	})
}

// flow puts the objects and returns the height that they take.
func (l flowLayout) flow(objects []fyne.CanvasObject, put func(fyne.CanvasObject, fyne.Position)) (height float32) {
	x, y := float32(0), float32(0)
	for _, o := range objects {
		m := o.MinSize()
		if x > 0 && x+m.Width > l.width {
			x, y = 0, height+l.gap
		}
		put(o, fyne.NewPos(x, y))
		x += m.Width + l.gap
		height = max(height, y+m.Height)
	}
	return height
}
