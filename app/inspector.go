package app

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/widgets"
)

// inspector is the right column: what the selected unit does.
type inspector struct {
	move func(delta int) // select the unit before or after

	title                *widgets.SectionLabel
	hint                 *widgets.Paragraph
	encoder, decoder     *widgets.Thumbnail
	best                 *widgets.Thumbnail
	norm, decNorm, bias  *widgets.ValueRow
	cosine, rhoHat, peak *widgets.ValueRow
	bars                 *widgets.Thumbnail
	strongest            *widgets.Thumbnail
	target               float64 // the mean activation that is wanted, 0 for none
	pictures             *fyne.Container
	trained              []fyne.CanvasObject // what weights from a file do not have
	details              *fyne.Container
	object               fyne.CanvasObject
}

// Sizes of the pane's pictures in units.
const (
	tileSide    = 84
	barsWidth   = 268
	barsHeight  = 72
	sheetWidth  = 268
	sheetHeight = 84
)

func newInspector(move func(delta int)) *inspector {
	v := &inspector{move: move}
	v.title = widgets.NewSectionLabel("Unit")
	v.hint = widgets.NewParagraph("Click a filter, or press an arrow key, to see what its unit does.", rightWidth-26)
	v.encoder, v.decoder, v.best = widgets.NewThumbnail(tileSide, tileSide), widgets.NewThumbnail(tileSide, tileSide), widgets.NewThumbnail(tileSide, tileSide)
	v.norm, v.decNorm = widgets.NewValueRow("‖w‖ encoder"), widgets.NewValueRow("‖w‖ decoder")
	v.bias, v.cosine = widgets.NewValueRow("bias"), widgets.NewValueRow("cos(encoder, decoder)")
	v.rhoHat, v.peak = widgets.NewValueRow("ρ̂"), widgets.NewValueRow("largest activation")
	v.rhoHat.SetTipFunc(func() string {
		if v.target > 0 {
			return "Mean activation over all training examples; the sparsity term pulls it to ρ"
		}
		return "Mean activation over the examples that are looked at; nothing asks for a certain one"
	})
	v.bars = widgets.NewClearThumbnail(barsWidth, barsHeight)
	v.strongest = widgets.NewClearThumbnail(sheetWidth, sheetHeight)
	previous := widgets.NewFlatButton("", theme.NavigateBackIcon(), func() { move(-1) })
	previous.SetTip("The unit before (left arrow)")
	next := widgets.NewFlatButton("", theme.NavigateNextIcon(), func() { move(1) })
	next.SetTip("The unit after (right arrow)")
	head := container.New(rowLayout{gap: 2, stretch: 0}, v.title, previous, next)

	captioned := func(t *widgets.Thumbnail, text, tip string) fyne.CanvasObject {
		label := widgets.NewCaption(text)
		label.SetTip(tip)
		return container.New(columnLayout{gap: 2}, t, label)
	}
	decoder := captioned(v.decoder, "decoder", "The weights from this unit to the output")
	best := captioned(v.best, "best input", "w/‖w‖: of all inputs of length 1, the one that excites the unit most (the bias is left out)")
	v.pictures = container.New(rowLayout{gap: 8, stretch: -1}, captioned(v.encoder, "encoder", "The weights from the input to this unit"), decoder, best)
	activation, strongest := widgets.NewSectionLabel("Activation, log count"), widgets.NewSectionLabel("Strongest examples")
	v.trained = []fyne.CanvasObject{decoder, best, v.rhoHat, v.peak, v.bias, v.decNorm, v.cosine, activation, v.bars, strongest}
	v.details = container.New(columnLayout{gap: 2},
		v.pictures,
		widgets.NewSectionLabel("Numbers"), v.rhoHat, v.peak, v.bias, v.norm, v.decNorm, v.cosine,
		activation, v.bars,
		strongest, v.strongest,
	)
	v.details.Hide()
	column := container.New(columnLayout{gap: 4}, head, v.hint, v.details)
	v.object = widgets.NewVScroll(container.New(insetLayout{13, 4, 13, 8}, column))
	return v
}

// request returns what the pane wants to see.
func (v *inspector) request(unit int, scale float32) inspectorRequest {
	px := func(u float32) int { return int(u * scale) }
	return inspectorRequest{unit: unit, tile: px(tileSide), bars: image.Pt(px(barsWidth), px(barsHeight))}
}

// show shows the pictures of a frame, and the numbers when text is due.
func (v *inspector) show(f *unitFrame, text bool) {
	if f == nil {
		v.title.SetText("Unit")
		v.details.Hide()
		v.hint.Show()
		return
	}
	if v.hint.Visible() {
		v.hint.Hide()
		v.details.Show()
		text = true
	}
	setShown(f.encoder != nil, v.pictures)
	setShown(f.encoder != nil && !f.bare, v.strongest)
	setShown(!f.bare, v.trained...)
	v.encoder.SetImage(f.encoder)
	v.decoder.SetImage(f.decoder)
	v.best.SetImage(f.best)
	v.bars.SetImage(f.bars)
	v.strongest.SetImage(f.strongest)
	if !text {
		return
	}
	v.title.SetText(fmt.Sprintf("Unit %d", f.unit.Index))
	colour := fyne.ThemeColorName("")
	if f.unit.Dead && !f.bare {
		colour = ColorNameWarn
		v.title.SetText(fmt.Sprintf("Unit %d, dead", f.unit.Index))
	}
	v.rhoHat.SetColour(colour)
	v.target = f.target
	name := "mean activation"
	if f.target > 0 {
		name = fmt.Sprintf("ρ̂ (target %.3g)", f.target)
	}
	v.rhoHat.SetName(name)
	v.rhoHat.SetValue(fmt.Sprintf("%.4f", f.rhoHat))
	v.peak.SetValue(fmt.Sprintf("%.3f", f.unit.Max))
	v.bias.SetValue(signed(f.unit.Bias))
	v.norm.SetValue(fmt.Sprintf("%.3f", f.unit.EncoderNorm))
	v.decNorm.SetValue(fmt.Sprintf("%.3f", f.unit.DecoderNorm))
	v.cosine.SetValue(rounded(f.unit.Cosine))
}
