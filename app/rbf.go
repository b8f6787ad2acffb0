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
	together time.Duration // changes of the same part within this time are one

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
	v := &rbfView{w: w, selected: -1, point: -1, camera: render.DefaultCamera(), together: mergeWithin}
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
	bar := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 4, 12, 3}, v.tools))
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
