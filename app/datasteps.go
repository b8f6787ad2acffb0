package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"filterscope/engine/preprocess"
)

// stepAbout says what each step does.
var stepAbout = map[string]string{
	preprocess.Scale:              "divides by full intensity, so that pixels are 0 to 1",
	preprocess.RemoveDC:           "takes each example's own mean away",
	preprocess.UFLDLNormalise:     "removes the DC, cuts at three deviations, maps to 0.1 to 0.9",
	preprocess.SubtractMean:       "takes each feature's mean over all examples away",
	preprocess.Standardise:        "gives each feature mean 0 and standard deviation 1",
	preprocess.StandardiseExample: "gives each example mean 0 and standard deviation 1",
	preprocess.H2ONormalise:       "makes each feature (x − mean) / (max − min)",
	preprocess.OneHot:             "makes a feature of each category of a text column",
	preprocess.PCA:                "whitens and keeps the strongest principal components",
	preprocess.ZCA:                "whitens: all directions vary alike, and images stay images",
	preprocess.Binarise:           "makes values 1 from a threshold on, and 0 below it",
}

// offerSteps opens the list of steps to add below the button, with what each does.
func (v *dataView) offerSteps() {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(v.add)
	if canvas == nil {
		return
	}
	var items []*fyne.MenuItem
	for _, name := range preprocess.Names() {
		label := name
		if about := stepAbout[name]; about != "" {
			label += ": " + about
		}
		items = append(items, fyne.NewMenuItem(label, func() { v.addStep(name) }))
	}
	pop := widget.NewPopUpMenu(fyne.NewMenu("", items...), canvas)
	pop.ShowAtRelativePosition(fyne.NewPos(0, v.add.Size().Height+1), v.add)
}

// moveStage selects the stage before or after the selected one.
func (v *dataView) moveStage(delta int) {
	if k := v.req.stage + delta; k >= 0 && k < len(v.cards) {
		v.selectStage(k)
		v.reveal(k)
	}
}

// reveal scrolls the row of cards to stage k.
func (v *dataView) reveal(k int) {
	card := v.cards[k].object
	left, right := card.Position().X, card.Position().X+card.Size().Width
	switch x, width := v.scroll.Offset.X, v.scroll.Size().Width; {
	case left < x:
		v.scroll.ScrollToOffset(fyne.NewPos(left, 0))
	case right > x+width:
		v.scroll.ScrollToOffset(fyne.NewPos(right-width, 0))
	}
}
