package app

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"filterscope/engine/experiment"
	"filterscope/engine/recipe"
)

// openRBF shows the RBF view with a recipe and starts what goes step by step.
func (w *Window) openRBF(r recipe.Recipe) {
	if r.Name != w.rbf.state.recipe.Name || r.RBF != w.rbf.state.recipe.RBF || r.Seed != w.rbf.state.recipe.Seed {
		w.rbf.take(r, true)
	}
	w.rbf.run = r.RBF.Task == recipe.TaskImage || r.RBF.TrainByGradient
	w.showView(viewRBF)
}

// openPoints opens a file of points, or in the RBF view a picture, there, and
// reports whether it did; other files are for the other views.
func (w *Window) openPoints(path string) bool {
	up := w.view == viewRBF || w.session.run == nil && w.session.recipe.IsRBF() // or its card is chosen
	task := taskFor(path, up, w.rbf.state.recipe.RBF.Task)
	if task == "" {
		return false
	}
	if !isThere(path) {
		return false // which is told of all files alike
	}
	w.rbf.openFile(path, task)
	w.showView(viewRBF)
	return true
}

// taskFor returns the task that a file is for, "" when it is none of the RBF
// view's.
func taskFor(path string, up bool, task string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".ply", ".xyz", ".pts", ".asc":
		return recipe.TaskSurface
	}
	if pictureName(path) {
		if up && task == recipe.TaskImage {
			return task
		}
		return ""
	}
	if !up {
		return ""
	}
	switch columns := pointColumns(path); {
	case (columns == 2 || columns == 3) && task == recipe.TaskSurface:
		return task
	case columns == 2:
		return recipe.TaskCurve
	case columns == 3:
		return recipe.TaskField
	case columns == 4 || columns == 6: // with normals
		return recipe.TaskSurface
	}
	return ""
}

// arrayShape finds the shape in the header of an .npy file.
var arrayShape = regexp.MustCompile(`'shape':\s*\(\s*\d+\s*,\s*(\d+)\s*,?\s*\)`)

// pointColumns returns how many columns a table or an array of numbers has, by
// its beginning; 0 when it is neither.
func pointColumns(path string) int {
	ending := strings.ToLower(filepath.Ext(path))
	if ending != ".csv" && ending != ".tsv" && ending != ".txt" && ending != ".npy" {
		return 0
	}
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	head, _ := io.ReadAll(io.LimitReader(f, 4096))
	if ending == ".npy" {
		if found := arrayShape.FindSubmatch(head); found != nil {
			n, _ := strconv.Atoi(string(found[1]))
			return n
		}
		return 0
	}
	for line := range bytes.Lines(head) {
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		for _, separator := range []string{";", "\t", ","} {
			if n := strings.Count(text, separator); n > 0 {
				return n + 1
			}
		}
		return len(strings.Fields(text))
	}
	return 0
}

// openFile shows the data of a file in a task.
func (v *rbfView) openFile(path, task string) {
	r := v.state.recipe
	if r.RBF.Task != task {
		r = rbfRecipe(task)
	}
	r.Title = filepath.Base(path)
	r.Name = strings.TrimSuffix(r.Title, filepath.Ext(path))
	r = r.WithData(path)
	switch task {
	case recipe.TaskCurve:
		r.RBF.TrainByGradient = false
		r.RBF.Widths, r.RBF.WidthNeighbours = recipe.WidthsNearest, 4 // one and a half times the distance of a grid
	case recipe.TaskSurface:
		r.RBF.Smoothing = -1
		if ending := strings.ToLower(filepath.Ext(path)); ending == ".ply" || ending == ".xyz" {
			setSpace(&r.RBF, true)
		}
	}
	v.set(rbfState{recipe: r}, "")
	v.opening = true
	v.turnTo(r, true)
}

// setSpace sets what suits a surface in space, or a curve in the plane.
func setSpace(b *recipe.RBF, space bool) {
	if space {
		b.Kernel, b.Resolution = "linear", 64
	} else {
		b.Kernel, b.Resolution = "thin-plate-spline", 128
	}
}

// openResult shows a saved model as it was saved.
func (w *Window) openResult(r *experiment.Result) {
	v := w.rbf
	v.set(rbfState{recipe: r.Study.Recipe, edit: &rbfEdit{opened: r, fixed: r.Network}}, "")
	v.undone = nil
	v.turnTo(r.Study.Recipe, false)
	w.showView(viewRBF)
}

// restart starts a new run, or in the RBF view what goes step by step there.
func (w *Window) restart() {
	if w.view == viewRBF {
		w.rbf.restart()
		return
	}
	w.start()
}

// toggleWeighted shows the basis functions times their weights, or bare.
func (v *rbfView) toggleWeighted() {
	v.weighted.SetChecked(!v.weighted.Checked())
	v.ask()
}

// deselect selects nothing.
func (v *rbfView) deselect() {
	v.selected, v.point = -1, -1
	v.ask()
}
