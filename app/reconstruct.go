package app

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/widgets"
)

// reconstructView shows examples, what the network makes of them, and the
// difference.
type reconstructView struct {
	changed func()
	hovered func(text string)

	picture *widgets.Picture
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
	v.again = widgets.NewActionButton("Again", nil, func() { v.choose(v.req.choose) })
	v.again.SetTip("Shuffle again, or look for the worst of the present network")
	v.again.SetEnabled(false)
	v.key = widgets.NewMutedReadout(24)
	v.caption = widgets.NewMutedReadout(30)
	tools := container.New(rowLayout{gap: 8, stretch: 2}, v.choice, v.again, v.key)
	bar := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 5, 12, 5}, tools))
	foot := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 3, 12, 3}, v.caption))
	v.key.SetText("rows: input, output, error ±1")
	v.note = newNote()
	v.object = container.NewBorder(bar, foot, nil, nil, container.NewStack(v.picture, container.NewCenter(v.note)))
	return v
}

// choose picks the examples to show.
func (v *reconstructView) choose(s selection) {
	v.req.choose = s
	v.req.turn++
	v.choice.Select(int(s))
	v.again.SetEnabled(s != firstExamples)
	v.changed()
}

func (v *reconstructView) reset() {
	v.frame = nil
	v.note.Hide()
	v.picture.SetContent(0, 0)
	v.picture.SetFrame(nil, image.Point{})
}

// refresh takes the present size of the view.
func (v *reconstructView) refresh() {
	v.req.visible, v.req.view = v.picture.View()
}

func (v *reconstructView) show(f *frame) {
	v.frame = f
	setNote(v.note, exhibitNote(f.run, "there are no examples to reconstruct"))
	if f.sheet == nil {
		return
	}
	size := f.sheet.layout.Size()
	v.picture.SetContent(size.X, size.Y)
	v.picture.SetFrame(f.sheet.image, f.sheet.at)
	v.readout()
}

// describe writes the line below the picture.
func (v *reconstructView) describe(f *frame) {
	if f.run.exhibit != nil {
		v.caption.SetText("")
		return
	}
	if f.sheet == nil {
		return
	}
	v.caption.SetText(fmt.Sprintf("%d examples shown · mean squared error over %s: %.4g an image, %.4g a pixel · iteration %d",
		len(f.sheet.examples), thousands(f.sheet.probe), f.sheet.mean, f.sheet.mean/float64(f.run.problem.Data.D), f.sheet.step))
}

func (v *reconstructView) readout() {
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
	label := ""
	if labels := v.frame.run.problem.Data.Labels; labels != nil {
		label = fmt.Sprintf(" (label %d)", labels[s.examples[k]])
	}
	v.hovered(fmt.Sprintf("example %s%s · %s · pixel (%d, %d) · input %.3f, output %.3f, error %s · squared error %.4g",
		thousands(s.examples[k]), label, [...]string{"input", "reconstruction", "error"}[row], x, y,
		s.rows[0].Value(k, j), s.rows[1].Value(k, j), signed(s.rows[2].Value(k, j)), s.errors[k]))
}
