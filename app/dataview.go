package app

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/engine/dataset"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// dataView shows the data of the recipe and what each step of the preprocessing
// does to them; there steps are added, moved and removed.
type dataView struct {
	edit    func(change func(*recipe.Recipe))
	changed func() // ask for a frame
	hovered func(text string)
	arrived func()          // other data are there than before
	faulted func(err error) // the data could not be used
	list    func(warnings []dataset.Warning)

	source   *widgets.Readout
	stop     *widgets.ActionButton // give loading up, or take it up again
	left     *widgets.ActionButton // list the files left out
	set      *widgets.Choice       // to fetch
	fetch    *widgets.ActionButton
	top      *fyne.Container // of source and buttons
	progress *widgets.ProgressLine
	cards    []*stageCard
	row      *fyne.Container   // of the cards and the list of steps to add
	scroll   *container.Scroll // of the row
	add      *widgets.ActionButton
	undo     *widgets.ActionButton
	advice   *fyne.Container
	lines    []*widgets.Paragraph
	choice   *widgets.Segmented
	about    *widgets.Readout
	picture  *widgets.Picture
	note     *widgets.Paragraph // in place of the picture
	object   fyne.CanvasObject

	recipe  recipe.Recipe // as shown
	past    [][]preprocess.Spec
	req     dataRequest
	frame   *dataFrame
	pointer image.Point
	inside  bool
}

// maxAdvice is how many sentences of advice there is room for.
const maxAdvice = 3

func newDataView(edit func(func(*recipe.Recipe)), changed func(), hovered func(string), buttons ...fyne.CanvasObject) *dataView {
	v := &dataView{edit: edit, changed: changed, hovered: hovered}
	v.source = widgets.NewReadout(30)
	v.progress = widgets.NewProgressLine()
	v.stop = widgets.NewActionButton("Cancel", theme.CancelIcon(), v.stopOrLoad)
	v.stop.Hide()
	v.left = widgets.NewActionButton("List", theme.WarningIcon(), func() { v.list(v.frame.warnings) })
	v.left.SetTip("The files that were left out, and why")
	v.left.Hide()
	v.set = widgets.NewChoice(nil, nil)
	v.set.SetTip("Which published set of images to fetch")
	v.fetch = widgets.NewActionButton("Fetch", theme.DownloadIcon(), nil)
	v.fetch.SetTip("Download the set into your data folder, unless it is there, and use it")
	v.top = container.New(rowLayout{gap: 8, stretch: 0}, append([]fyne.CanvasObject{v.source, v.left, v.stop, v.set, v.fetch}, buttons...)...)
	v.add = widgets.NewActionButton("Add a step…", theme.ContentAddIcon(), v.offerSteps)
	v.add.SetTip("Add a step at the end of the preprocessing")
	v.undo = widgets.NewActionButton("Undo", theme.ContentUndoIcon(), v.undoStep)
	v.undo.SetTip("Take the last change of the steps back (Ctrl+Z)")
	v.undo.SetEnabled(false)
	v.row = container.New(rowTopLayout{gap: 10})
	v.advice = container.New(columnLayout{gap: 2})
	for range maxAdvice {
		line := widgets.NewParagraph("", 860)
		line.Hide()
		v.lines = append(v.lines, line)
		v.advice.Add(line)
	}
	v.choice = widgets.NewSegmented([]string{"Examples", "Mean and deviation", "Spectrum", "Source image"}, func(i int) { v.showDetail(dataDetail(i)) })
	v.choice.SetItemTip(0, "The examples after the selected step; the wheel scrolls")
	v.choice.SetItemTip(1, "Mean and standard deviation of each feature over the examples")
	v.choice.SetItemTip(2, "Variance along each principal component: what whitening makes equal")
	v.choice.SetItemTip(3, "An image that patches were cut from, with a box around each; the arrow keys change the image")
	v.about = widgets.NewMutedReadout(30)
	v.picture = widgets.NewPicture()
	v.picture.SetMinSize(fyne.NewSize(320, 120))
	v.picture.OnView = func(visible image.Rectangle, size image.Point) {
		v.req.visible, v.req.size = visible, size
		v.changed()
	}
	v.picture.OnHover = func(p image.Point, inside bool) {
		v.pointer, v.inside = p, inside
		v.readout()
	}
	v.picture.OnPick = func(p image.Point, _ fyne.KeyModifier) { v.pick(p) }
	v.picture.OnKey = func(ev *fyne.KeyEvent) bool { return v.key(ev.Name) }
	v.req.example = -1
	stage := func(o fyne.CanvasObject, left, upper, right, lower float32) fyne.CanvasObject {
		return container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{left, upper, right, lower}, o))
	}
	v.scroll = widgets.NewHScroll(v.row)
	steps := container.New(columnLayout{gap: 6}, v.scroll, v.advice)
	tools := container.New(rowLayout{gap: 12, stretch: 1}, v.choice, v.about)
	head := container.New(columnLayout{}, stage(v.top, 12, 5, 12, 3), v.progress, stage(steps, 12, 4, 12, 6), stage(tools, 12, 3, 12, 5))
	v.note = newNote()
	v.object = container.NewBorder(head, nil, nil, nil, container.NewStack(v.picture, container.NewCenter(v.note)))
	return v
}

// newDataView returns the Data view of the window.
func (w *Window) newDataView() *dataView {
	open := widgets.NewActionButton("Open your own…", theme.FolderOpenIcon(), w.openDialog)
	open.SetTip("An image, a folder of images, IDX, MAT, NPY or CSV files (Ctrl+O); dropping them on the window does the same")
	v := newDataView(w.edit, w.ask, w.hovered, open)
	v.arrived, v.list = w.refresh, w.listWarnings
	v.faulted = func(err error) {
		_, large := errors.AsType[*largeError](err)
		_, choose := errors.AsType[*dataset.ChooseError](err)
		if large || choose || errors.Is(err, dataset.ErrNoMNIST) || errors.Is(err, train.ErrNoData) { // there is something to do about it
			w.failed("The data could not be used", err)
		}
	}
	v.set.SetOptions(w.fetcher.titles())
	v.set.SetSelected(w.fetcher.titles()[0])
	v.fetch.OnTapped = func() {
		for _, s := range w.fetcher.sets() {
			if setTitle(s) == v.set.Selected() {
				w.fetchSet(s)
			}
		}
	}
	return v
}

// stageCard is a stage with the buttons that move and remove its step.
type stageCard struct {
	card                *widgets.Card
	earlier, later, out *widgets.ActionButton
	value               *widgets.NumberEntry
	object              *fyne.Container
}

// stepKeys lists the settings of steps that a card shows.
var stepKeys = map[string]struct {
	label string
	spec  widgets.NumberSpec
	get   func(s *preprocess.Spec) **float64
	start float64
}{
	preprocess.ZCA: {
		"ε",
		widgets.NumberSpec{Label: "ε", Min: 0, Max: 100},
		func(s *preprocess.Spec) **float64 { return &s.Epsilon }, preprocess.DefaultEpsilon,
	},
	preprocess.PCA: {
		"kept",
		widgets.NumberSpec{Label: "kept", Min: 0, MinOpen: true, Max: 1},
		func(s *preprocess.Spec) **float64 { return &s.Variance }, preprocess.DefaultVariance,
	},
	preprocess.Binarise: {
		"from",
		widgets.NumberSpec{Label: "from", Min: -1e9, Max: 1e9},
		func(s *preprocess.Spec) **float64 { return &s.Threshold }, preprocess.DefaultThreshold,
	},
}

// newStageCard returns the card of stage k: 0 the data as loaded, k the step
// k−1.
func (v *dataView) newStageCard(k int) *stageCard {
	c := &stageCard{card: widgets.NewCard("", "", "")}
	c.card.OnTapped = func() { v.selectStage(k) }
	c.earlier = widgets.NewFlatButton("", theme.NavigateBackIcon(), func() { v.moveStep(k-1, -1) })
	c.earlier.SetTip("Take this step earlier")
	c.later = widgets.NewFlatButton("", theme.NavigateNextIcon(), func() { v.moveStep(k-1, 1) })
	c.later.SetTip("Take this step later")
	c.out = widgets.NewFlatButton("", theme.CancelIcon(), func() { v.removeStep(k - 1) })
	c.out.SetTip("Leave this step out")
	buttons := container.New(rowLayout{gap: 2, stretch: -1}, c.earlier, c.later, c.out)
	c.object = container.New(columnLayout{gap: 2}, c.card, buttons)
	if k == 0 {
		buttons.Hide()
		return c
	}
	key, ok := stepKeys[v.recipe.Preprocess[k-1].Step]
	if !ok {
		return c
	}
	c.value = widgets.NewNumberEntry(key.spec)
	c.value.OnCommit = func(x float64) {
		v.change(func(steps []preprocess.Spec) []preprocess.Spec {
			*key.get(&steps[k-1]) = &x
			return steps
		})
	}
	c.object.Add(c.value)
	return c
}

// show follows the recipe of the session.
func (v *dataView) show(r recipe.Recipe) {
	names := func(steps []preprocess.Spec) (all []string) {
		for _, s := range steps {
			all = append(all, s.Step)
		}
		return all
	}
	same := r.IsRBF() == v.recipe.IsRBF() && len(v.cards) == len(r.Preprocess)+1 && slices.Equal(names(r.Preprocess), names(v.recipe.Preprocess))
	if dataKey(r) != dataKey(v.recipe) {
		v.past = nil
		v.req.stage, v.req.source, v.req.example = len(r.Preprocess), 0, -1
	}
	before := previewKey(v.req)
	v.recipe, v.req.recipe = r, r
	v.req.halted = v.req.halted && previewKey(v.req) == before
	if !same {
		v.rebuild()
	}
	for k, s := range r.Preprocess {
		if key, ok := stepKeys[s.Step]; ok {
			x := key.start
			if p := *key.get(&s); p != nil {
				x = *p
			}
			v.cards[k+1].value.SetValue(x)
		}
	}
	v.undo.SetEnabled(len(v.past) > 0)
}

// rebuild makes the cards anew.
func (v *dataView) rebuild() {
	v.cards = nil
	var objects []fyne.CanvasObject
	for k := range len(v.recipe.Preprocess) + 1 {
		c := v.newStageCard(k)
		c.earlier.SetEnabled(k > 1)
		c.later.SetEnabled(k < len(v.recipe.Preprocess))
		v.cards = append(v.cards, c)
		objects = append(objects, c.object)
	}
	steps := container.New(columnLayout{gap: 6}, v.add, v.undo)
	objects = append(objects, steps)
	if v.recipe.IsRBF() {
		objects = nil
	}
	v.req.stage = min(v.req.stage, len(v.recipe.Preprocess))
	v.row.Objects = objects
	v.row.Refresh()
	v.titles()
}

// titles writes the texts of the cards.
func (v *dataView) titles() {
	for k, c := range v.cards {
		title, text, tag := "as loaded", "", ""
		if k > 0 {
			title = fmt.Sprintf("%d · %s", k, v.recipe.Preprocess[k-1].Step)
		}
		if p := v.preview(); p != nil && k < len(p.Stages) && len(p.Stages) == len(v.cards) {
			s := &p.Stages[k]
			mean := s.Mean
			if math.Abs(mean) < 1e-9*s.Deviation { // rounding
				mean = 0
			}
			text = fmt.Sprintf("%s to %s, mean %s, σ %s", short(s.Low), short(s.High), short(mean), short(s.Deviation))
			tag = fmt.Sprintf("%d features", s.Rows.Cols)
			if drawable(s.Geometry) {
				tag = fmt.Sprintf("%d×%d px", s.Geometry.Width, s.Geometry.Height)
			}
		}
		c.card.SetTexts(title, text, tag)
		c.card.SetSelected(k == v.req.stage)
	}
}

// short writes a number in few digits.
func short(x float64) string { return strings.Replace(fmt.Sprintf("%.3g", x), "-", "−", 1) }

// preview returns what is shown, nil for nothing.
func (v *dataView) preview() *train.Preview {
	if v.frame == nil {
		return nil
	}
	return v.frame.preview
}

func (v *dataView) selectStage(k int) {
	v.req.stage = k
	v.titles()
	v.changed()
}

// change edits a copy of the steps; other recipes may share them.
func (v *dataView) change(f func(steps []preprocess.Spec) []preprocess.Spec) {
	v.past = append(v.past, v.recipe.Preprocess)
	steps := f(slices.Clone(v.recipe.Preprocess))
	v.edit(func(r *recipe.Recipe) { r.Preprocess = steps })
}

func (v *dataView) addStep(name string) {
	v.req.stage = len(v.recipe.Preprocess) + 1
	v.change(func(steps []preprocess.Spec) []preprocess.Spec { return append(steps, preprocess.Spec{Step: name}) })
}

func (v *dataView) moveStep(k, by int) {
	if to := k + by; to >= 0 && to < len(v.recipe.Preprocess) {
		v.req.stage = to + 1
		v.change(func(steps []preprocess.Spec) []preprocess.Spec {
			steps[k], steps[to] = steps[to], steps[k]
			return steps
		})
	}
}

func (v *dataView) removeStep(k int) {
	v.change(func(steps []preprocess.Spec) []preprocess.Spec { return slices.Delete(steps, k, k+1) })
}

// undoStep takes the last change of the steps back.
func (v *dataView) undoStep() {
	if n := len(v.past); n > 0 {
		steps := v.past[n-1]
		v.past = v.past[:n-1]
		v.edit(func(r *recipe.Recipe) { r.Preprocess = steps })
	}
}

// loaded returns the data that the view has loaded for r, nil for none.
func (v *dataView) loaded(r recipe.Recipe) *dataset.Dataset {
	if p := v.preview(); p != nil && dataKey(p.Recipe) == dataKey(r) {
		return p.Data
	}
	return nil
}

// again loads the data once more, after what was in the way is gone.
func (v *dataView) again() {
	v.req.turn++
	v.req.halted = false
	v.changed()
}

// stopOrLoad gives loading up, or takes it up again.
func (v *dataView) stopOrLoad() {
	if v.req.halted || v.frame != nil && v.frame.fault != nil {
		v.again()
		return
	}
	v.req.halted = true
	v.changed()
}

// setFetching shows how far a download is.
func (v *dataView) setFetching(on bool, fraction float64) {
	v.fetch.SetEnabled(!on)
	v.progress.SetFraction(fraction)
}

// request returns what the view wants to see.
func (v *dataView) request(shown bool, scale float32, l look) dataRequest {
	v.req.shown, v.req.scale, v.req.look = shown, scale, l
	v.req.card = image.Pt(int(156*scale), int(112*scale))
	v.req.visible, v.req.size = v.picture.View()
	return v.req
}

// receive shows a frame.
func (v *dataView) receive(f *dataFrame) {
	if !f.req.shown {
		return
	}
	before, data := v.frame, v.loaded(v.recipe)
	v.frame = f
	fraction := 0.0
	if f.busy && f.total > 0 {
		fraction = float64(f.done) / float64(f.total)
	}
	if !v.fetch.Disabled() { // else the line is the download's
		v.progress.SetFraction(fraction)
	}
	v.tools(f)
	if f.fault != nil && f.fault != errCancelled && (before == nil || before.fault != f.fault) {
		v.faulted(f.fault)
	}
	if now := v.loaded(v.recipe); now != data {
		v.arrived()
	}
	v.source.SetText(v.sourceLine(f))
	note := ""
	if f.detail == nil {
		note = cmp.Or(capital(f.about), v.whatToDo(f), v.sourceLine(f))
	}
	setNote(v.note, note)
	for k, c := range v.cards {
		if k < len(f.cards) && len(f.cards) == len(v.cards) {
			c.card.SetImage(f.cards[k])
		} else {
			c.card.SetImage(nil)
		}
	}
	v.titles()
	v.showAdvice(f)
	v.picture.SetContent(f.content.X, f.content.Y)
	v.picture.SetFrame(f.detail, f.at)
	v.about.SetText(v.aboutLine(f))
	v.picture.Poll()
	v.readout()
}

// tools shows the buttons that mean something now.
func (v *dataView) tools(f *dataFrame) {
	before := v.top.MinSize().Width
	setShown(f.loading || f.fault != nil && v.whatToDo(f) == "", v.stop)
	text, icon, tip := "Cancel", theme.CancelIcon(), "Give loading up"
	if !f.loading {
		text, icon, tip = "Load again", theme.ViewRefreshIcon(), "Try once more"
	}
	v.stop.Set(text, icon)
	v.stop.SetTip(tip)
	setShown(len(f.warnings) > 0 && !f.loading, v.left)
	v.left.SetText(fmt.Sprintf("%d left out", len(f.warnings)))
	if v.top.MinSize().Width != before {
		v.top.Refresh()
	}
}

// pick points out an example in the image it was cut from.
func (v *dataView) pick(p image.Point) {
	f := v.frame
	if f == nil || f.preview == nil || f.req.detail != detailExamples || f.preview.Data.Origins == nil {
		return
	}
	if i, _, _, ok := f.grid.At(p); ok && i < len(f.preview.Examples) {
		v.req.example = f.preview.Examples[i]
		v.req.source = f.preview.Data.Origins[v.req.example].Source
		v.showDetail(detailSource)
	}
}

// key changes the source image.
func (v *dataView) key(name fyne.KeyName) bool {
	p := v.preview()
	if p == nil || v.req.detail != detailSource || len(p.Data.Sources) == 0 {
		return false
	}
	switch name {
	case fyne.KeyRight, fyne.KeyDown:
		v.req.source = min(v.req.source+1, len(p.Data.Sources)-1)
	case fyne.KeyLeft, fyne.KeyUp:
		v.req.source = max(v.req.source-1, 0)
	default:
		return false
	}
	v.req.example = -1
	v.changed()
	return true
}

// showDetail changes what is shown of the selected stage.
func (v *dataView) showDetail(d dataDetail) {
	v.req.detail = d
	v.choice.Select(int(d))
	v.picture.ScrollTo(image.Point{})
	v.changed()
}
