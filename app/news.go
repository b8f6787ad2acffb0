package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/table"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// loading tells how far the data are.
func (w *Window) loading(done, total int, what string) {
	text := fmt.Sprintf("%s of %s %s", thousands(done), thousands(total), what)
	if strings.Contains(what, ".") { // the name of a file
		text = fmt.Sprintf("Reading %s of %s: %s", thousands(done), thousands(total), what)
	}
	if total <= 0 { // nobody knows how many there will be
		text = capital(what)
		if done > 0 {
			text += ": " + thousands(done)
		}
	}
	w.say(topicLoading, widgets.Notice, text, widgets.Action{Label: "Cancel", Do: w.session.cancelLoad})
	w.transport.progress.SetFraction(float64(done) / float64(max(1, total)))
}

// began shows a run that has just started.
func (w *Window) began(run *activeRun) {
	w.banner.Clear()
	if w.fromCard {
		w.showFirst(run.problem.Recipe)
	}
	if w.view.apart() {
		w.showView(viewFilters)
	}
	w.phase = train.Running
	tile, bars := tileOf(run.problem)
	other := w.filters.geometry != tile
	w.filters.begin(run.problem.Spec().Layers(), tile, bars)
	w.curves.reset()
	w.reconstruct.reset()
	w.codes.reset()
	w.diagnosis.show(nil)
	w.selection.reset(run)
	setShown(!w.selection.object.Visible(), w.filters.object)
	if w.unit >= w.filters.n || other {
		w.selectUnit(-1)
	}
	w.frame, w.lastShown = nil, run
	w.pump.follow(run)
	w.wish()
	if run.exhibit != nil {
		w.showView(viewFilters)
	}
	w.offerReading(run)
}

// failed shows why something did not work.
func (w *Window) failed(title string, err error) {
	w.logger.Warn(title, "error", err)
	if large, ok := errors.AsType[*largeError](err); ok {
		w.askLarge(large)
		return
	}
	if choose, ok := errors.AsType[*dataset.ChooseError](err); ok && w.session.recipe.Data.Path != "" {
		path := w.session.recipe.Data.Path
		w.say(topicOther, widgets.Notice, fmt.Sprintf("%s holds %d arrays: which one is the data?", filepath.Base(path), len(choose.Variables)),
			widgets.Action{Label: "Choose…", Do: func() { w.chooseArray([]string{path}, choose.Variables) }}, widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
		return
	}
	if cell, ok := errors.AsType[*table.CellError](err); ok && cell.Missing && w.session.tried.Data.Missing != "mean" {
		again := func(label, missing string) widgets.Action {
			r := w.session.tried
			r.Data.Missing = missing
			return widgets.Action{Label: label, Do: func() { w.session.startWith(r) }}
		}
		w.say(topicOther, widgets.Failure, title+": "+oneLine(err), again("Fill with means", "mean"), again("Leave lines out", "skip"))
		return
	}
	if _, ok := errors.AsType[*train.TooLargeError](err); ok {
		w.say(topicOther, widgets.Failure, capital(oneLine(err))+".", widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
		return
	}
	switch {
	case errors.Is(err, train.ErrNoData):
		w.say(topicOther, widgets.Notice, "This recipe learns from pictures of yours: choose a folder of photographs, or drop one on the window.",
			widgets.Action{Label: "Choose a folder…", Do: w.openFolderDialog}, widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
	case errors.Is(err, dataset.ErrNoMNIST):
		w.say(topicOther, widgets.Notice, "MNIST is not on this computer: fetch its four files (11.6 MB), or choose the folder they are in.",
			widgets.Action{Label: "Fetch MNIST", Do: w.fetchMNIST}, widgets.Action{Label: "Choose the folder…", Do: w.openFolderDialog})
	default:
		w.say(topicOther, widgets.Failure, title+": "+oneLine(err),
			widgets.Action{Label: "Open other data…", Do: w.openDialog}, widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
	}
}

// askLarge asks before much memory is taken.
func (w *Window) askLarge(e *largeError) {
	w.say(topicOther, widgets.Warning, "The data are large: "+e.estimate.String()+".",
		widgets.Action{Label: "Load", Do: func() {
			w.session.cache.allow(e.recipe)
			w.banner.Clear()
			if w.view == viewData {
				w.data.again()
				return
			}
			w.session.startWith(e.recipe)
		}}, widgets.Action{Label: "Cancel", Do: w.banner.Clear})
}

// warned names the files that could not be used.
func (w *Window) warned(p *train.Problem) {
	warnings := p.Warnings
	n := len(warnings)
	text := fmt.Sprintf("%d files were left out: %s", n, warnings[0])
	if n == 1 {
		text = "One file was left out: " + warnings[0].String()
		if warnings[0].Path == p.Recipe.Data.Path { // cells or lines of it
			text = warnings[0].String()
		}
	}
	actions := []widgets.Action{{Label: "Dismiss", Do: w.banner.Clear}}
	if n > 1 {
		actions = append([]widgets.Action{{Label: "List", Do: func() { w.listWarnings(warnings) }}}, actions...)
	}
	w.say(topicOther, widgets.Warning, text, actions...)
}

// finished tells how a run ended.
func (w *Window) finished(run *activeRun) {
	w.refresh()
	if run.err != nil {
		w.fail(run)
	} else if run.result.Phase == train.Done {
		text := fmt.Sprintf("Done: %s in %s", resultText(run.result.Terms, &run.result.History),
			duration(time.Duration(run.result.Seconds*float64(time.Second))))
		if s := run.mailbox.Newest(); endedEarly(s) {
			text += "; " + s.Reason
		}
		w.overlay.Toast(text)
	}
}

// showFirst changes to the view that shows what a recipe is about, for the run
// that starts from its card.
func (w *Window) showFirst(r recipe.Recipe) {
	w.reconstruct.setKind(r.Model.Kind)
	w.reconstruct.setPanel(r.Show == recipe.ShowPanel)
	switch r.Show {
	case recipe.ShowCurves:
		w.showView(viewCurves)
	case recipe.ShowReconstruct, recipe.ShowPanel:
		w.showView(viewReconstruct)
	case recipe.ShowCodes:
		w.codes.setMode(codesMap)
		w.showView(viewCodes)
	case recipe.ShowImportance:
		w.codes.setMode(codesImportance)
		w.showView(viewCodes)
	default:
		w.showView(viewFilters)
	}
}
