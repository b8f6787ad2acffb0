package app

import (
	"fmt"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/widgets"
)

// curvesView shows the course of the objective and its terms.
type curvesView struct {
	changed func()
	hovered func(text string)

	picture *widgets.Picture
	axis    *widgets.Segmented
	x       *widgets.Segmented
	smooth  *widgets.Sliders // one of them
	caption *widgets.Readout
	note    *widgets.Paragraph // in place of the chart
	object  fyne.CanvasObject

	req     curvesRequest
	pointer image.Point
	inside  bool
	frame   *frame
}

// smoothWidth is the width of the slider that smooths, in units.
const smoothWidth = 330

func newCurvesView(changed func(), hovered func(string)) *curvesView {
	v := &curvesView{changed: changed, hovered: hovered, req: curvesRequest{log: true}}
	v.picture = widgets.NewPicture()
	v.picture.SetMinSize(fyne.NewSize(320, 240))
	v.picture.OnView = func(_ image.Rectangle, size image.Point) {
		v.req.size = size
		v.changed()
	}
	v.picture.OnHover = func(p image.Point, inside bool) {
		v.pointer, v.inside = p, inside
		v.readout()
	}
	v.picture.OnKey = v.key
	v.axis = widgets.NewSegmented([]string{"Linear", "Log"}, func(i int) { v.setLog(i == 1) })
	v.axis.Select(1)
	v.axis.SetItemTip(1, "Logarithmic axis: small terms are seen beside large ones")
	v.x = widgets.NewSegmented([]string{"Steps", "Seconds"}, func(i int) {
		v.req.seconds = i == 1
		v.changed()
	})
	v.caption = widgets.NewMutedReadout(30)
	v.smooth = widgets.NewSliders(func(_ int, weight float64) {
		v.req.smooth = weight
		v.changed()
	})
	v.smooth.SetRows([]widgets.Slider{{Name: "Smooth", High: 0.99, Note: "raw: faint"}})
	tools := container.New(rowLayout{gap: 8, stretch: 3}, v.axis, v.x, container.New(fixedLayout{smoothWidth}, v.smooth), widgets.NewSpace(1, 1))
	bar := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 4, 12, 3}, tools))
	foot := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 3, 12, 3}, v.caption))
	v.note = newNote()
	v.object = container.NewBorder(bar, foot, nil, nil, container.NewStack(v.picture, container.NewCenter(v.note)))
	return v
}

func (v *curvesView) setLog(on bool) {
	v.req.log = on
	v.axis.Select(map[bool]int{false: 0, true: 1}[on])
	v.changed()
}

func (v *curvesView) reset() {
	v.frame = nil
	v.caption.SetText("")
	v.note.Hide()
	v.picture.SetCrosshair(0, false)
	v.picture.SetFrame(nil, image.Point{})
}

func (v *curvesView) refresh() { _, v.req.size = v.picture.View() }

func (v *curvesView) show(f *frame) {
	v.frame = f
	setNote(v.note, exhibitNote(f.run, "there is no training to draw curves of"))
	if f.curves == nil || f.run.exhibit != nil {
		return
	}
	size := f.curves.image.Rect.Size()
	v.picture.SetContent(size.X, size.Y)
	v.picture.SetFrame(f.curves.image, image.Point{})
	v.readout()
}

// describe writes the line below the chart.
func (v *curvesView) describe(f *frame) {
	if f.run.exhibit != nil {
		v.caption.SetText("")
		return
	}
	if f.snap.History.Len() == 0 {
		v.caption.SetText("This model was opened, not trained here: it has no curves.")
		return
	}
	parts := []string{fmt.Sprintf("J %.6g", f.snap.Terms.Total())}
	if f.run.problem.Recipe.Model.Kind == recipe.KindRBM {
		parts = nil
	}
	if n := len(f.snap.Events); n > 0 {
		parts = append(parts, fmt.Sprintf("%s at %d", f.snap.Events[n-1].Text, f.snap.Events[n-1].Step))
	}
	for _, t := range f.snap.Terms {
		if t.Value == 0 { // switched off
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %.5g", t.Name, t.Value))
	}
	v.caption.SetText(strings.ReplaceAll(strings.Join(parts, " · "), " -", " −"))
}

// key moves the crosshair from point to point.
func (v *curvesView) key(ev *fyne.KeyEvent) bool {
	if v.frame == nil || v.frame.curves == nil {
		return false
	}
	delta := map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1}[ev.Name]
	if delta == 0 {
		return false
	}
	c := v.frame.curves
	i, _ := c.chart.At(float64(v.pointer.X))
	x := v.frame.snap.History.Steps
	if v.req.seconds {
		x = v.frame.snap.History.Seconds
	}
	if i = min(max(i+delta, 0), len(x)-1); i < 0 {
		return true
	}
	v.pointer = image.Pt(int(c.chart.PixelX(x[i])), c.chart.Area.Min.Y)
	v.inside = true
	v.readout()
	return true
}

// readout puts the crosshair under the pointer and tells all values there.
func (v *curvesView) readout() {
	if !v.inside || v.frame == nil || v.frame.curves == nil {
		v.picture.SetCrosshair(0, false)
		v.picture.SetMarks(nil)
		v.hovered("")
		return
	}
	c := v.frame.curves.part(v.pointer)
	at := v.pointer.Sub(c.at.Min)
	i, x := c.chart.At(float64(at.X))
	v.picture.SetMarks(nil)
	if i < 0 || !at.In(c.chart.Area) {
		v.picture.SetCrosshair(0, false)
		v.hovered("")
		return
	}
	line := c.at.Min.X + int(c.chart.PixelX(x))
	upper := c.at.Min == image.Point{}
	v.picture.SetCrosshair(line, upper && len(v.frame.curves.parts) == 0)
	if len(v.frame.curves.parts) > 0 { // a line through this chart alone
		area := c.chart.Area.Add(c.at.Min)
		v.picture.SetMarks([]widgets.Mark{{Rect: image.Rect(line, area.Min.Y, line+1, area.Max.Y), Kind: widgets.Hovered}})
	}
	label := fmt.Sprintf("%s %.0f", stepWord(v.frame.run.problem.Recipe), x)
	if v.req.seconds {
		label = fmt.Sprintf("%.2f s", x)
	}
	parts := []string{label}
	for k, s := range c.series.Series {
		at, y, ok := c.chart.Read(k, x)
		if !ok {
			continue
		}
		text := fmt.Sprintf("%s %.6g", nameIn(c.series, s), y)
		if len(c.series.Behind) > 0 { // fewer digits, and the raw value of the first, are what the line has room for
			text = fmt.Sprintf("%s %.4g", s.Name, y)
			if k == 0 {
				text += fmt.Sprintf(" (raw %.4g)", c.series.Behind[k].Y[at])
			}
		}
		parts = append(parts, text)
	}
	v.hovered(strings.Join(parts, " · "))
}

// nameIn is the name of a series in words: a chart of one series has it in its title.
func nameIn(c render.Curves, s render.Series) string {
	if c.Labels != render.LabelNone {
		return s.Name
	}
	title, _, _ := strings.Cut(c.YName, ":")
	return title
}
