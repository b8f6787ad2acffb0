package app

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/render"
	operations "filterscope/engine/selection"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// selectionPlaces is at how many places a selection is drawn.
const selectionPlaces = 600

// selectionFrame is a network that selects operations, drawn.
type selectionFrame struct {
	image *image.RGBA
	view  render.SelectionView
	drawn render.Selection
	step  int
	right float64 // share of the places where the largest share is the right one's
}

// selects returns the network of a problem if it selects operations: it has no
// images to show as filters.
func selects(p *train.Problem) (network.Selection, bool) {
	s, ok := p.Spec().(network.Selection)
	return s, ok
}

// selection draws the shares of the operations and what comes out of them.
func (p *painter) selection(req request) *selectionFrame {
	s, ok := selects(p.run.problem)
	if !ok || req.selection.X < 40 || req.selection.Y < 40 {
		return nil
	}
	m := s.Model
	x := m.Grid(selectionPlaces)
	if p.hard == nil { // arg-max has no gradient: it stays where it started
		p.hard = m.HardOutput(p.run.problem.InitialParameters(), x)
	}
	theta := linalg.Converted[float64](p.theta)
	d := render.Selection{
		X: x, Shares: m.Probabilities(theta, x), Soft: m.Output(theta, x), Hard: p.hard,
		SoftName: "soft selection", HardName: "arg-max: no gradient, as at the start", Target: make([]float64, len(x)),
	}
	for i, at := range x {
		d.Target[i], _ = m.Target(at)
	}
	for _, name := range m.Operations {
		d.Names = append(d.Names, operations.Title(name))
	}
	low := m.Low
	for i, name := range m.Pieces {
		high := m.High
		if i < len(m.Breaks) {
			high = m.Breaks[i]
		}
		d.Pieces = append(d.Pieces, render.Piece{From: low, To: high, Operation: slices.Index(m.Operations, name)})
		low = high
	}
	f := &selectionFrame{image: image.NewRGBA(image.Rectangle{Max: req.selection}), step: p.step, right: m.Accuracy(theta, x)}
	d.Note = fmt.Sprintf("%.1f %% right", 100*f.right)
	p.charts.fonts(req.look)
	if p.shares == nil {
		painter, err := render.NewPainter(req.look.font)
		if err != nil {
			if painter, err = render.NewPainter(nil); err != nil {
				return nil
			}
		}
		p.shares = painter
	}
	colours := req.look.theme
	colours.Scale = float64(req.scale)
	f.view, f.drawn = p.shares.Selection(f.image, d, colours), d
	return f
}

// selectionView shows what a selection selects, in the place of the filters.
type selectionView struct {
	hovered func(text string)
	picture *widgets.Picture
	caption *widgets.Readout
	object  fyne.CanvasObject

	size    image.Point
	pointer image.Point
	inside  bool
	frame   *selectionFrame
}

func newSelectionView(changed func(), hovered func(string)) *selectionView {
	v := &selectionView{hovered: hovered}
	v.picture = widgets.NewPicture()
	v.picture.SetMinSize(fyne.NewSize(320, 240))
	v.picture.OnView = func(_ image.Rectangle, size image.Point) {
		v.size = size
		changed()
	}
	v.picture.OnHover = func(p image.Point, inside bool) {
		v.pointer, v.inside = p, inside
		v.readout()
	}
	v.caption = widgets.NewMutedReadout(30)
	foot := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 3, 12, 3}, v.caption))
	v.object = container.NewBorder(nil, foot, nil, nil, v.picture)
	v.object.Hide()
	return v
}

// reset shows the view when the run is a selection, and hides it otherwise.
func (v *selectionView) reset(run *activeRun) {
	v.frame = nil
	v.picture.SetCrosshair(0, false)
	v.picture.SetFrame(nil, image.Point{})
	v.caption.SetText("")
	on := run != nil && run.exhibit == nil
	if on {
		_, on = selects(run.problem)
	}
	setShown(on, v.object)
}

// request returns the size that the picture has, none while it is hidden.
func (v *selectionView) request() image.Point {
	if !v.object.Visible() {
		return image.Point{}
	}
	_, v.size = v.picture.View()
	return v.size
}

func (v *selectionView) show(f *selectionFrame) {
	v.frame = f
	size := f.image.Rect.Size()
	v.picture.SetContent(size.X, size.Y)
	v.picture.SetFrame(f.image, image.Point{})
	v.picture.Poll()
	v.readout()
}

// describe writes the line below the picture.
func (v *selectionView) describe() {
	if f := v.frame; f != nil {
		v.caption.SetText(fmt.Sprintf("%d operations · the largest share is the right one's at %.1f %% of the places · step %d", len(f.drawn.Names), 100*f.right, f.step))
	}
}

// readout tells the shares under the pointer.
func (v *selectionView) readout() {
	f := v.frame
	if f == nil || !v.inside || !v.pointer.In(f.view.Span()) {
		v.picture.SetCrosshair(0, false)
		if f != nil && v.inside {
			v.hovered("")
		}
		return
	}
	i := f.view.Index(float64(v.pointer.X))
	if i < 0 {
		return
	}
	v.picture.SetCrosshair(v.pointer.X, true)
	shares := make([]string, len(f.drawn.Names))
	for k, name := range f.drawn.Names {
		shares[k] = fmt.Sprintf("%s %.2f", name, f.drawn.Shares.At(i, k))
	}
	v.hovered(fmt.Sprintf("x %s · %s · soft %s · target %s", rounded(f.drawn.X[i]), strings.Join(shares, ", "), signed(f.drawn.Soft[i]), signed(f.drawn.Target[i])))
}

// selectionNote is said where a selection has nothing to show.
const selectionNote = "A selection has no images to reconstruct: the Filters view (1) shows its operations, and what comes out beside the target."
