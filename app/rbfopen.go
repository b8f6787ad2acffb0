package app

import (
	"filterscope/engine/recipe"
)

// openRBF shows the RBF view with a recipe and starts what goes step by step.
func (w *Window) openRBF(r recipe.Recipe) {
	if r.Name != w.rbf.state.recipe.Name || r.RBF != w.rbf.state.recipe.RBF {
		w.rbf.take(r, true)
	}
	w.rbf.run = r.RBF.Task == recipe.TaskImage || r.RBF.TrainByGradient
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
