package app

import (
	"fmt"
	"image/color"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// ask sends the pump what is to be seen now.
func (w *Window) ask() {
	if w.pump == nil || w.overlay == nil {
		return
	}
	scale := float32(1)
	if x, _ := w.window.Canvas().PixelCoordinateForPosition(fyne.NewPos(1000, 0)); x > 0 {
		scale = float32(x) / 1000
	}
	w.curves.refresh()
	w.reconstruct.refresh()
	r := request{view: w.view, scale: scale, look: w.look(), spark: w.transport.sparkSize(scale)}
	r.filters, r.curves, r.sheet, r.codes = w.filters.req, w.curves.req, w.reconstruct.req, w.codes.request(scale, w.unit)
	r.filters.legend = int(legendHalf * scale)
	r.selection = w.selection.request()
	r.diagnose = w.diagnosis.watching()
	r.inspector = w.inspector.request(w.unit, scale)
	w.asked = r
	w.pump.ask(r)
	w.rbf.ask()
	w.dataDrawer.ask(w.data.request(w.view == viewData, scale, r.look))
	if w.session.run != nil {
		w.wish()
	}
}

// show shows a frame of the pump.
func (w *Window) show(f *frame) {
	if f.run != w.lastShown || f.snap == nil {
		return
	}
	w.frame = f
	if f.fault != nil && w.banner.Text() == "" {
		w.say(topicOther, widgets.Failure, "The picture could not be drawn: "+oneLine(f.fault)+".",
			widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
	}
	w.rates.tick()
	if f.view == w.view {
		switch f.view {
		case viewFilters:
			if f.selection != nil {
				w.selection.show(f.selection)
				break
			}
			w.filters.show(f)
			w.filters.picture.Poll()
		case viewCurves:
			w.curves.show(f)
			w.curves.picture.Poll()
		case viewReconstruct:
			w.reconstruct.show(f)
			w.reconstruct.picture.Poll()
		case viewCodes:
			w.codes.show(f)
			w.codes.picture.Poll()
		}
	}
	if f.diagnosed {
		w.diagnosis.show(f.diagnosis)
	}
	due := f.snap.Phase != train.Running || f.snap.Phase != w.phase || time.Since(w.textAt) >= textEvery
	if w.unit >= 0 && f.unit != nil && f.unit.unit.Index == w.unit {
		w.inspector.show(f.unit, due)
	}
	if f.spark != nil && due {
		w.transport.spark.SetImage(f.spark)
	}
	if due {
		w.texts(f)
	}
	if f.snap.Phase != w.phase {
		w.phase = f.snap.Phase
		w.transport.enable(w.session, w.phase)
	}
	if w.onFrame != nil {
		w.onFrame(f)
	}
}

// texts writes the numbers of a frame into the labels.
func (w *Window) texts(f *frame) {
	w.textAt = time.Now()
	if w.session.stage != loading && f.run.exhibit == nil { // then it tells how far that is
		w.transport.show(f.snap, f.run.problem.Recipe.Optimizer.Minibatch())
	}
	switch f.view {
	case viewRBF:
		return // the line of facts is the RBF view's
	case viewFilters:
		w.filters.describe(f)
		w.selection.describe()
	case viewCurves:
		w.curves.describe(f)
	case viewReconstruct:
		w.reconstruct.describe(f)
	case viewCodes:
		w.codes.describe(f)
	}
	if e := f.run.exhibit; e != nil {
		w.facts.SetText("weights from " + filepath.Base(e.path))
		w.transport.showExhibit(e)
		return
	}
	r := f.run.problem.Recipe
	text := fmt.Sprintf("%s · %s · %s", sizesOf(f.run.problem), r.Precision, linalg.Kernel())
	if rate := w.rates.perSecond(); f.snap.Phase == train.Running && w.rates.behind(f.snap.PerSecond) {
		text += fmt.Sprintf(" · UI %d Hz", rate)
	}
	w.facts.SetText(text)
}

// sizesOf names the numbers of units from the input to the output: 784–196–784.
func sizesOf(p *train.Problem) string {
	sizes := []string{fmt.Sprint(p.Data.D)}
	for _, y := range p.Spec().Layers() {
		sizes = append(sizes, fmt.Sprint(y.Units))
	}
	switch p.Recipe.Model.Kind {
	case recipe.KindRBM, recipe.KindLinear:
	default:
		sizes = append(sizes, fmt.Sprint(p.Spec().Outputs()))
	}
	return strings.Join(sizes, "–")
}

// look returns the colours of the theme for the pump.
func (w *Window) look() look {
	th, v := w.app.Settings().Theme(), w.app.Settings().ThemeVariant()
	if w.variant == "dark" {
		v = theme.VariantDark
	} else if w.variant == "light" {
		v = theme.VariantLight
	}
	rgba := func(name fyne.ThemeColorName) color.RGBA {
		c := color.NRGBAModel.Convert(th.Color(name, v)).(color.NRGBA)
		return color.RGBA{c.R, c.G, c.B, 255}
	}
	l := look{
		dark: v == theme.VariantDark, panel: rgba(ColorNamePanel), stage: rgba(ColorNameStage), mat: rgba(ColorNameMat),
		accent: rgba(theme.ColorNamePrimary), warn: rgba(ColorNameWarn),
		font: th.Font(fyne.TextStyle{}).Content(),
	}
	l.theme.Background, l.theme.Grid, l.theme.Text = rgba(ColorNameMat), rgba(theme.ColorNameSeparator), rgba(ColorNameMuted)
	return l
}

// frameRate counts frames.
type frameRate struct {
	since time.Time
	n     int
	rate  int
}

func (r *frameRate) tick() {
	r.n++
	if d := time.Since(r.since); d >= time.Second {
		r.rate = int(float64(r.n)/d.Seconds() + 0.5)
		r.since, r.n = time.Now(), 0
	}
}

func (r *frameRate) perSecond() int { return r.rate }

// behind reports whether frames come more slowly than there is news to show.
func (r *frameRate) behind(newsPerSecond float64) bool {
	return r.rate > 0 && float64(r.rate) < 0.5*min(newsPerSecond, 20)
}
