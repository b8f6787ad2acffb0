package app

import (
	"context"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/engine/experiment"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/widgets"
)

// rbfView shows radial basis functions: a curve, a field, an image or a surface,
// with the form on its left, the read-out on its right and a transport of its
// own at the bottom. It has its own recipe and its own worker; a network that
// trains in the other views goes on beside it.
type rbfView struct {
	w         *Window
	worker    *rbfWorker
	live      live
	asked     int // requests made
	form      *rbfForm
	readout   *rbfReadout
	transport *transport

	picture  *widgets.Picture
	weighted *widgets.CheckRow
	mode     *widgets.Segmented
	value    *widgets.NumberEntry // of a point to be added
	ellipses *widgets.CheckRow
	cloud    *widgets.CheckRow
	home     *widgets.ActionButton
	keys     *widgets.Readout
	tools    *fyne.Container
	caption  *widgets.Readout
	object   fyne.CanvasObject

	state    rbfState
	undone   []rbfState // to go back to, the newest last
	redone   []rbfState
	merging  string // what the newest change was part of: more of it is one change
	mergedAt time.Time

	selected int // centre, -1 for none
	point    int // of a field, -1 for none
	camera   render.Camera
	turning  bool
	drag     *rbfDrag
	pointer  image.Point
	inside   bool
	hoverAt  time.Time // when the texts about the pointer were written
	settling bool      // they will be written again soon

	run               bool
	steps, turn, stop int

	exported string // label of what was exported last

	frame   *rbfFrame
	textAt  time.Time         // when the texts were written
	textOf  *rbfFrame         // and of what
	said    error             // the fault that the banner tells
	opening bool              // a file is being read: if it cannot be, the state before comes back
	base    *experiment.Study // that the form speaks of
	loaded  string            // what it says was loaded
	onFrame func(*rbfFrame)   // for the smoke mode, the screenshots and the tests
}

// undoDepth is how many changes can be taken back.
const undoDepth = 200

func newRBFView(w *Window) *rbfView {
	v := &rbfView{w: w, selected: -1, point: -1, camera: render.DefaultCamera()}
	v.worker = newRBFWorker(w.do, v.show)
	v.live = newLive(v.tick)
	v.form = newRBFForm(v.edit, v.setTask, w.openDialog, v.refused)
	v.readout = newRBFReadout(v.moveSelected, v.widenSelected, v.addHere, v.removeSelected, v.refused)
	v.transport = newTransport(v.toggle, v.step, v.stopHere, v.restart, w.exportDialog)
	v.transport.start.Reserve("Train", "Pause", "Resume", "Cancel", "Compute", "Train on")
	v.transport.start.SetTip("Move centres, widths and weights downhill, or let the image grow; press again to pause (Space)")
	v.transport.step.SetTip("One step (.)")
	v.transport.stop.SetTip("Keep what has been trained as it is")
	v.transport.restart.SetTip("Forget what has been trained and begin again (Ctrl+R)")

	v.picture = widgets.NewPicture()
	v.picture.SetMinSize(fyne.NewSize(320, 240))
	v.picture.OnView = func(image.Rectangle, image.Point) { v.ask() }
	v.picture.OnHover = func(p image.Point, inside bool) {
		moved := p != v.pointer || inside != v.inside
		v.pointer, v.inside = p, inside
		if moved && v.drag == nil {
			v.hover()
		} else {
			v.follow()
		}
	}
	v.picture.OnPick = func(p image.Point, _ fyne.KeyModifier) { v.pick(p) }
	v.picture.OnOpen = v.openAt
	v.picture.OnDrag = v.dragged
	v.picture.OnZoom = v.wheel
	v.picture.OnKey = v.keyed

	v.weighted = widgets.NewCheckRow("Weighted basis functions", func(bool) { v.ask() })
	v.weighted.SetTip("Show w·φ, stacked: positive ones upwards, negative ones downwards; their difference is the fit (B)")
	v.mode = widgets.NewSegmented([]string{"Both", "Map", "Relief"}, func(int) { v.ask() })
	v.mode.SetItemTip(1, "Heat map with contour lines")
	v.mode.SetItemTip(2, "A surface that turns under the mouse")
	v.value = widgets.NewNumberEntry(widgets.NumberSpec{Label: "New value", Symbol: "value", Min: -1e9, Max: 1e9, Hint: "The value of a point that a click on the map adds"})
	v.value.OnRefused = func(text string) { v.refused("New value, " + text) }
	v.ellipses = widgets.NewCheckRow("Gaussians", func(bool) { v.ask() })
	v.ellipses.SetTip("Circles of one σ around every Gaussian of the reconstruction")
	v.cloud = widgets.NewCheckRow("Points", func(bool) { v.ask() })
	v.cloud.SetTip("The points that the surface goes through")
	v.home = widgets.NewActionButton("", theme.HomeIcon(), func() {
		v.camera = render.DefaultCamera()
		v.ask()
	})
	v.home.SetTip("Look from the front left again (0)")
	v.keys = widgets.NewMutedReadout(10)
	v.tools = container.New(rowLayout{gap: 10, stretch: 6}, v.mode, v.weighted, v.ellipses, v.cloud,
		container.New(fixedLayout{152}, v.value), v.home, v.keys)
	v.caption = widgets.NewMutedReadout(30)
	bar := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 5, 12, 5}, v.tools))
	foot := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 3, 12, 3}, v.caption))
	v.object = container.NewBorder(bar, foot, nil, nil, v.picture)
	v.state = rbfState{recipe: rbfRecipe(recipe.TaskCurve)}
	return v
}

// rbfRecipe returns the first built-in recipe of a task.
func rbfRecipe(task string) recipe.Recipe {
	for _, r := range recipe.Builtin() {
		if r.IsRBF() && r.RBF.Task == task {
			return r
		}
	}
	panic("app: rbfRecipe: no recipe of task " + task) // built in
}

// loop runs the worker until ctx ends.
func (v *rbfView) loop(ctx context.Context) { v.worker.loop(ctx) }

// up reports whether the view is to be seen.
func (v *rbfView) up() bool { return v.w.view == viewRBF }

// take shows another recipe; run starts what goes step by step at once.
func (v *rbfView) take(r recipe.Recipe, run bool) {
	v.set(rbfState{recipe: r}, "")
	v.undone = nil
	v.turnTo(r, run)
}

// turnTo shows a recipe that has become the state.
func (v *rbfView) turnTo(r recipe.Recipe, run bool) {
	v.selected, v.point = -1, -1
	v.camera = render.DefaultCamera()
	v.run = run && (r.RBF.Task == recipe.TaskImage || r.RBF.TrainByGradient)
	v.turn++
	v.refresh()
	v.ask()
}

// setTask changes to the first recipe of another task.
func (v *rbfView) setTask(task string) {
	if task != v.state.recipe.RBF.Task {
		r := rbfRecipe(task)
		v.set(rbfState{recipe: r}, "")
		v.turnTo(r, true)
	}
}

// set makes a state the present one. Changes that are part of the same thing,
// such as a drag, are undone as one.
func (v *rbfView) set(s rbfState, part string) {
	if v.worker == nil {
		return
	}
	same := part != "" && part == v.merging && time.Since(v.mergedAt) < 2*time.Second
	if !same && v.state.recipe.Name != "" {
		v.undone = append(v.undone, v.state)
		if len(v.undone) > undoDepth {
			v.undone = v.undone[1:]
		}
	}
	v.merging, v.mergedAt = part, time.Now()
	v.redone = nil
	v.state = s
	v.ask()
}

// edit changes the recipe from the form.
func (v *rbfView) edit(change func(*recipe.Recipe)) {
	r := v.state.recipe
	change(&r)
	mend(&r.RBF)
	if err := r.Validate(); err != nil {
		v.refused(oneLine(err))
		v.refresh()
		return
	}
	next := v.state.with(r)
	if n := networkOf(v.frame); n != nil && v.frame.run.begun && r.Optimizer != v.state.recipe.Optimizer && next.recipe.RBF == v.state.recipe.RBF {
		next.edit = v.state.adopt(n) // goes on from here with the other optimiser
		next.edit.fixed = n
	}
	if r.RBF != v.state.recipe.RBF || r.Seed != v.state.recipe.Seed {
		v.run = v.run && r.RBF.Task == recipe.TaskImage
	}
	v.refused("")
	v.set(next, "")
	v.refresh()
}

// mend makes values that a change left without sense fit it.
func mend(b *recipe.RBF) {
	if b.Interpolates() {
		b.Normalised, b.TrainByGradient = false, false
		if b.Widths == recipe.WidthsPerCentre {
			b.Widths = recipe.WidthsNearest
		}
	}
	if b.Kernel == "thin-plate-spline" {
		b.Normalised = false
	}
}

// refused tells why a value does not count, "" that all are good again.
func (v *rbfView) refused(text string) {
	switch {
	case text != "":
		v.w.say(topicField, widgets.Warning, "Not valid: "+text+". The value before still counts.")
	case v.w.topic == topicField && v.form.faulty() == "":
		v.w.topic = topicOther
		v.w.banner.Clear()
	}
}

// undo takes the newest change back: first what has been trained.
func (v *rbfView) undo() {
	if v.frame != nil && v.frame.run.begun && v.state.recipe.RBF.Task != recipe.TaskImage && (v.state.edit == nil || v.state.edit.fixed == nil) {
		v.run = false
		v.turn++
		v.ask()
		return
	}
	if len(v.undone) == 0 {
		return
	}
	v.redone = append(v.redone, v.state)
	v.back(v.undone[len(v.undone)-1])
	v.undone = v.undone[:len(v.undone)-1]
}

// redo makes the change again that was taken back last.
func (v *rbfView) redo() {
	if len(v.redone) == 0 {
		return
	}
	v.undone = append(v.undone, v.state)
	v.back(v.redone[len(v.redone)-1])
	v.redone = v.redone[:len(v.redone)-1]
}

func (v *rbfView) back(s rbfState) {
	if s.recipe.RBF.Task != v.state.recipe.RBF.Task {
		v.selected, v.point = -1, -1
	}
	v.state, v.merging, v.run = s, "", false
	v.refresh()
	v.ask()
}

// refresh shows the state in the form and the tools.
func (v *rbfView) refresh() {
	if v.form == nil || v.transport == nil {
		return
	}
	loaded := "not yet"
	if v.frame != nil && v.frame.solution != nil && v.frame.solution.key.rbf.Task == v.state.recipe.RBF.Task {
		loaded = loadedText(v.frame.solution)
	}
	v.form.show(v.state.recipe, loaded)
	task := v.state.recipe.RBF.Task
	dim3 := v.frame != nil && v.frame.solution != nil && v.frame.solution.implicit != nil && v.frame.solution.implicit.Dim() == 3
	setShown(task == recipe.TaskCurve, v.weighted)
	setShown(task == recipe.TaskField, v.mode, v.tools.Objects[4])
	setShown(task == recipe.TaskImage, v.ellipses)
	setShown(task == recipe.TaskSurface && dim3, v.cloud)
	setShown(task == recipe.TaskField || task == recipe.TaskSurface && dim3, v.home)
	v.tools.Refresh()
	v.enable()
}

// loadedText says what was read or drawn.
func loadedText(s *rbfSolution) string {
	switch {
	case s.study == nil:
		return ""
	case s.key.rbf.Task == recipe.TaskImage:
		return sizeText(s.study.Image.Width, s.study.Image.Height) + " px"
	case s.key.rbf.Task == recipe.TaskSurface:
		return thousands(s.study.Cloud.Points.Rows) + " points"
	}
	return thousands(s.study.Train.Len()) + " points"
}

// key is what the solution that is to be seen now depends on.
func (v *rbfView) key() rbfKey {
	return rbfKey{
		rbf: v.state.recipe.RBF, seed: v.state.recipe.Seed, edit: v.state.edit,
		draft: v.drag != nil && (v.drag.kind == dragCentre || v.drag.kind == dragPoint),
	}
}

// request is what the view wants to see now.
func (v *rbfView) request() rbfRequest {
	scale := float32(1)
	if x, _ := v.w.window.Canvas().PixelCoordinateForPosition(fyne.NewPos(1000, 0)); x > 0 {
		scale = float32(x) / 1000
	}
	_, size := v.picture.View()
	v.asked++
	px := func(u float32) int { return int(u * scale) }
	return rbfRequest{
		key: v.key(), recipe: v.state.recipe, shown: v.up(),
		number: v.asked,
		run:    v.run, steps: v.steps, turn: v.turn, stop: v.stop,
		size: size, reduction: image.Pt(px(barsWidth), px(reductionHeight)), scale: scale, look: v.w.look(),
		camera: v.camera, draft: v.turning, mode: fieldMode(v.mode.Selected()), weighted: v.weighted.Checked(),
		ellipses: v.ellipses.Checked(), points: v.cloud.Checked(), selected: v.selected,
	}
}

// ask sends the worker what is to be seen now.
func (v *rbfView) ask() {
	if v.w.rbf == nil { // being built
		return
	}
	switch {
	case v.quick():
		v.live.want()
	case v.up() || v.frame != nil:
		v.live.due = false
		v.worker.ask(v.request())
	}
}

// show shows a frame of the worker.
func (v *rbfView) show(f *rbfFrame) {
	if v.frame != nil && f.req.number < v.frame.req.number {
		return // overtaken by one drawn here
	}
	v.frame = f
	if f.solution != nil && f.req.key.rbf == v.state.recipe.RBF {
		v.opening = false
	}
	if f.run.ended && v.run && f.req.turn == v.turn {
		v.run = false
	}
	v.tellFault(f)
	if f.image != nil && v.up() {
		size := f.image.Rect.Size()
		v.picture.SetContent(size.X, size.Y)
		v.picture.SetFrame(f.image, image.Point{})
		v.picture.Poll() // which tells of the pointer again
	}
	if s := f.solution; s != nil && (s.base != v.base || loadedText(s) != v.loaded) {
		other := s.base != v.base
		v.base, v.loaded = s.base, loadedText(s)
		v.refresh()
		if other {
			v.notes(f)
			v.proposeValue(f)
		}
	}
	switch {
	case !v.up():
	case f.run.running || v.moving():
		if time.Since(v.textAt) >= textEvery {
			v.texts(f)
		} else {
			v.settleSoon()
		}
	default:
		v.texts(f)
	}
	v.enable()
	if v.onFrame != nil {
		v.onFrame(f)
	}
}

// tellFault shows in the banner why nothing can be fitted, and takes it away.
func (v *rbfView) tellFault(f *rbfFrame) {
	if f.fault == nil || f.fault == errCancelled {
		if v.said != nil && f.solution != nil && f.fault == nil {
			v.said = nil
			v.w.topic = topicOther
			v.w.banner.Clear()
		}
		return
	}
	if v.said != nil && v.said.Error() == f.fault.Error() || f.req.key.edit != v.state.edit || f.req.key.rbf != v.state.recipe.RBF {
		return
	}
	if v.opening && len(v.undone) > 0 {
		v.opening = false
		v.undo()
		v.redone = nil
		v.w.say(topicOther, widgets.Failure, "The file could not be used: "+oneLine(f.fault)+".", widgets.Action{Label: "Dismiss", Do: v.w.banner.Clear})
		return
	}
	v.said = f.fault
	actions := []widgets.Action{{Label: "Dismiss", Do: v.w.banner.Clear}}
	if len(v.undone) > 0 {
		actions = append([]widgets.Action{{Label: "Undo", Do: v.undo}}, actions...)
	}
	v.w.say(topicOther, widgets.Failure, capital(oneLine(f.fault))+".", actions...)
}

// notes says what is worth knowing about the data.
func (v *rbfView) notes(f *rbfFrame) {
	if f.solution == nil || f.solution.study == nil || len(f.solution.base.Notes) == 0 {
		return
	}
	v.w.say(topicOther, widgets.Notice, capital(f.solution.base.Notes[0])+".", widgets.Action{Label: "Dismiss", Do: v.w.banner.Clear})
}

// proposeValue fills in what a click on the map would add: the top of the values
// there are.
func (v *rbfView) proposeValue(f *rbfFrame) {
	if f.solution == nil || f.solution.key.rbf.Task != recipe.TaskField || f.solution.study.Train.Len() == 0 {
		return
	}
	top := f.solution.study.Train.Y[0]
	for _, y := range f.solution.study.Train.Y {
		top = max(top, y)
	}
	v.value.SetValue(round2(top))
}

// moveSelected puts the selected centre at another place along an axis.
func (v *rbfView) moveSelected(axis int, x float64) {
	n := v.geometry()
	if n == nil || v.selected < 0 || v.selected >= n.Centres.Rows || axis >= n.Centres.Cols {
		return
	}
	at := append([]float64(nil), n.Centres.Row(v.selected)...)
	at[axis] = x
	v.run = false
	v.set(v.state.withCentre(n, v.selected, at, n.Widths[v.selected]), "")
}

// widenSelected gives the selected centre another width.
func (v *rbfView) widenSelected(width float64) {
	n := v.geometry()
	if n == nil || v.selected < 0 || v.selected >= n.Centres.Rows {
		return
	}
	v.run = false
	v.set(v.state.withCentre(n, v.selected, n.Centres.Row(v.selected), width), "")
}

// trainable reports whether the state has something that goes step by step.
func (v *rbfView) trainable() bool {
	b := v.state.recipe.RBF
	return b.Task == recipe.TaskImage || b.Task == recipe.TaskCurve || b.Task == recipe.TaskField && !b.Interpolates()
}

// toggle runs, pauses, or gives up what is being worked out.
func (v *rbfView) toggle() {
	f := v.frame
	switch {
	case f != nil && f.busy:
		v.stop++
	case f != nil && f.fault != nil:
		v.turn++
	case !v.trainable():
		return
	case f != nil && f.run.ended && !v.run:
		v.keep()
		v.turn++
		v.run = true
	default:
		v.run = !v.run
	}
	v.enable()
	v.ask()
}

// step takes one step.
func (v *rbfView) step() {
	if v.trainable() {
		v.run = false
		v.steps++
		v.ask()
	}
}

// stopHere keeps what has been trained.
func (v *rbfView) stopHere() {
	v.run = false
	if v.frame != nil && v.frame.busy {
		v.stop++
	} else {
		v.keep()
	}
	v.enable()
	v.ask()
}

// keep makes what has been trained the state, so that it can be undone.
func (v *rbfView) keep() {
	f := v.frame
	if f == nil || !f.run.begun || f.solution == nil || f.solution.network == nil || v.state.recipe.RBF.Task == recipe.TaskImage {
		return
	}
	e := v.state.adopt(f.solution.network)
	e.fixed = f.solution.network
	v.set(rbfState{v.state.recipe, e}, "")
}

// restart forgets what has been trained, or works everything out again.
func (v *rbfView) restart() {
	v.turn++
	if v.trainable() {
		v.run = true
	}
	v.ask()
}

// points returns the training points of the frame, for a change of them.
func (v *rbfView) points() (experiment.Points, bool) {
	if v.frame == nil || v.frame.solution == nil || v.state.recipe.RBF.Task != recipe.TaskField {
		return experiment.Points{}, false
	}
	if e := v.state.edit; e != nil && e.points.Len() > 0 {
		return e.points, true
	}
	return v.frame.solution.study.Train, true
}

// withPoint returns points with one changed.
func withPoint(p experiment.Points, i int, at []float64, y float64) experiment.Points {
	out := experiment.Points{X: p.X.Clone(), Y: append([]float64(nil), p.Y...)}
	copy(out.X.Row(i), at)
	out.Y[i] = y
	return out
}

// plusPoint returns points with one more.
func plusPoint(p experiment.Points, at []float64, y float64) experiment.Points {
	return experiment.Points{X: withRow(p.X, at), Y: append(append([]float64(nil), p.Y...), y)}
}

// minusPoint returns points without one.
func minusPoint(p experiment.Points, i int) experiment.Points {
	y := append([]float64(nil), p.Y[:i]...)
	return experiment.Points{X: withoutRow(p.X, i), Y: append(y, p.Y[i+1:]...)}
}
