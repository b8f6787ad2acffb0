package app

import (
	"time"

	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/widgets"
)

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

// mergeWithin is the time between two notches of the wheel, or two presses of a key,
// up to which they are undone as one.
const mergeWithin = 2 * time.Second

// set makes a state the present one. Changes that are part of the same thing,
// such as a drag however long it takes, are undone as one.
func (v *rbfView) set(s rbfState, part string) {
	if v.worker == nil {
		return
	}
	same := part != "" && part == v.merging && (v.drag != nil || time.Since(v.mergedAt) < v.together)
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
