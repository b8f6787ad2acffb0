package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"filterscope/engine/dataset"
	"filterscope/engine/experiment"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// openDialog lets the user choose a file.
func (w *Window) openDialog() {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			w.failed("That could not be opened", err)
			return
		}
		if r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close()
		w.Open(path)
	}, w.window)
	d.SetTitleText("Open images, data, a model or a recipe")
	d.SetConfirmText("Open")
	d.Resize(dialogSize(w.window))
	d.Show()
}

// openFolderDialog lets the user choose a folder of images or IDX files.
func (w *Window) openFolderDialog() {
	d := dialog.NewFolderOpen(func(f fyne.ListableURI, err error) {
		if err != nil {
			w.failed("That could not be opened", err)
			return
		}
		if f != nil {
			w.Open(f.Path())
		}
	}, w.window)
	d.SetTitleText("Open a folder of images or of IDX files")
	d.SetConfirmText("Open this folder")
	d.Resize(dialogSize(w.window))
	d.Show()
}

func dialogSize(w fyne.Window) fyne.Size {
	size := w.Canvas().Size()
	return fyne.NewSize(size.Width*0.8, size.Height*0.8)
}

// openDropped opens what was dropped on the window: files, folders, or both.
func (w *Window) openDropped(uris []fyne.URI) {
	if len(uris) == 0 || w.window.Canvas().Overlays().Top() != nil { // a dialog speaks of what is there now
		return
	}
	paths := make([]string, len(uris))
	for i, u := range uris {
		paths[i] = u.Path()
	}
	w.openAll(paths)
}

// openAll opens one thing, or several as one set of data.
func (w *Window) openAll(paths []string) {
	if len(paths) == 1 {
		w.Open(paths[0])
		return
	}
	for _, path := range paths {
		if ending := strings.ToLower(filepath.Ext(path)); ending == ".toml" || ending == ".safetensors" {
			w.failed("Several things were dropped at once", fmt.Errorf("drop %s alone: only data can be opened together", filepath.Base(path)))
			return
		}
	}
	w.opening++
	w.banner.Clear()
	w.openData(paths, readData, "")
}

// Open opens a recipe, a model, weights, or data at path; data are trained on by
// a recipe that suits them.
func (w *Window) Open(path string) {
	w.opening++
	w.offered = ""
	w.banner.Clear()
	switch strings.ToLower(filepath.Ext(path)) {
	case ".toml":
		r, err := recipe.Open(path)
		if err != nil {
			w.failed("The recipe could not be opened", err)
			return
		}
		if r.IsRBF() {
			w.openRBF(r)
			return
		}
		w.leaving(func() {
			w.session.remember(r)
			w.choose(r)
		})
	case ".safetensors":
		w.openModel(path)
	default:
		if w.openPoints(path) {
			return
		}
		if _, err := os.Stat(path); err != nil {
			w.failed("That could not be opened", fmt.Errorf("%s is not there, or may not be read", path))
			return
		}
		w.openData([]string{path}, readGuess, "")
	}
}

// patience is how long a look at files goes on before the banner speaks of it.
const patience = 300 * time.Millisecond

// openData trains on the data at the paths, or shows the weights there. What they
// are, and which recipe suits them, is found out elsewhere: a folder may take a
// while to look through. It counts only if nothing else was opened meanwhile.
func (w *Window) openData(paths []string, as reading, variable string) {
	w.opening++
	turn := w.opening
	ctx, cancel := context.WithCancelCause(context.Background())
	if w.giveUp != nil {
		w.giveUp(errCancelled)
	}
	w.giveUp = cancel
	current := func() bool { return !w.closing && turn == w.opening }
	late := time.AfterFunc(patience, func() {
		w.do(func() {
			if current() && ctx.Err() == nil {
				w.say(topicSurvey, widgets.Notice, "Looking at "+pathsText(paths)+"…", widgets.Action{Label: "Cancel", Do: func() {
					cancel(errCancelled)
					w.opening++
					w.banner.Clear()
				}})
			}
		})
	})
	go func() {
		found, err := guarded(func() (survey, error) { return surveyOf(ctx, paths, as, variable) })
		late.Stop()
		w.do(func() {
			cancel(nil)
			if !current() {
				return
			}
			if w.topic == topicSurvey {
				w.topic = topicOther
				w.banner.Clear()
			}
			w.surveyed(found, variable, err)
		})
	}()
}

// surveyed goes on with what a look at files has found.
func (w *Window) surveyed(s survey, variable string, err error) {
	switch {
	case err != nil:
		w.failed("That could not be opened", err)
		return
	case s.weights:
		w.openWeights(s.paths[0])
		return
	case s.choose != nil:
		w.chooseArray(s.paths, s.choose.Variables)
		return
	}
	r := suit(w.session.recipe, s.paths, s.material)
	r.Data.Variable = variable
	if err := r.Validate(); err != nil {
		w.failed("The values on the left do not fit", err)
		return
	}
	if w.view == viewData { // there one looks before one trains
		w.edit(func(now *recipe.Recipe) { *now = r })
		return
	}
	w.session.startWith(r)
}

// chooseArray asks which array of a file holds the data.
func (w *Window) chooseArray(paths []string, arrays []dataset.Variable) {
	options := make([]string, len(arrays))
	for i, a := range arrays {
		options[i] = a.String()
	}
	choice := widget.NewSelect(options, nil)
	choice.SetSelectedIndex(0)
	items := []*widget.FormItem{widget.NewFormItem("Array", choice)}
	d := dialog.NewForm("Which array of "+pathsText(paths)+" holds the examples?", "Open", "Cancel", items, func(ok bool) {
		if i := choice.SelectedIndex(); ok && i >= 0 {
			w.openData(paths, readData, arrays[i].Name)
		}
	}, w.window)
	d.Resize(fyne.NewSize(520, d.MinSize().Height))
	d.Show()
}

// openWeights shows the arrays of a file as filters.
func (w *Window) openWeights(path string) {
	w.showExhibit(func() (*exhibit, error) { return openExhibit(path) })
}

// showExhibit shows what get returns in place of a run.
func (w *Window) showExhibit(get func() (*exhibit, error)) {
	w.session.open("The weights could not be shown", func(ctx context.Context) (*finishedRun, error) {
		e, err := get()
		if err != nil {
			return nil, err
		}
		return e.finished(ctx)
	})
}

// exhibitChosen shows the weights of the present file another way.
func (w *Window) exhibitChosen(c exhibitChoice) {
	if run := w.session.run; run != nil && run.exhibit != nil {
		e := run.exhibit
		w.showExhibit(func() (*exhibit, error) { return e.choosing(c), nil })
	}
}

// offerReading says what an array file was taken for, and offers the other
// reading.
func (w *Window) offerReading(run *activeRun) {
	if e := run.exhibit; e != nil {
		if key := "weights " + e.path; w.offered != key {
			w.offered = key
		} else {
			return
		}
		text := filepath.Base(e.path) + " is shown as weights, one filter a row."
		if strings.EqualFold(filepath.Ext(e.path), ".safetensors") {
			w.say(topicOther, widgets.Notice, text, widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
			return
		}
		w.say(topicOther, widgets.Notice, text,
			widgets.Action{Label: "Train on it as data", Do: func() { w.openData([]string{e.path}, readData, "") }},
			widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
		return
	}
	d := run.problem.Recipe.Data
	key := "data " + d.Path
	if d.Source != recipe.SourceFiles || !arraysFile(d.Path) || w.offered == key {
		return
	}
	w.offered = key
	w.say(topicOther, widgets.Notice, fmt.Sprintf("%s is taken for data: %s examples of %d values.", filepath.Base(d.Path), thousands(run.problem.Data.N), run.problem.Data.D),
		widgets.Action{Label: "Show it as weights", Do: func() { w.openData([]string{d.Path}, readWeights, "") }},
		widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
}

// picturesAt reports whether path is an image or a folder in which images
// outnumber the files of examples, so that patches are to be cut. Other files
// do not count.
func picturesAt(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return pictureName(path)
	}
	pictures, others, looked := 0, 0, 0
	_ = filepath.WalkDir(path, func(p string, d os.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
		case pictureName(p):
			pictures++
		case examplesName(p):
			others++
		}
		looked++
		if looked > 1000 {
			return filepath.SkipAll
		}
		return nil
	})
	return pictures > others
}

// examplesName reports whether a file of that name may hold examples.
func examplesName(path string) bool {
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(path)), ".gz")
	switch filepath.Ext(name) {
	case ".npy", ".npz", ".csv", ".tsv":
		return true
	}
	return strings.HasSuffix(name, "ubyte") || strings.Contains(name, "idx")
}

func pictureName(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm", ".pnm":
		return true
	}
	return false
}

// openModel shows a saved model: its recipe's data are loaded, and the model
// takes the place of a run that has ended.
func (w *Window) openModel(path string) {
	w.session.open("The model could not be opened", func(ctx context.Context) (*finishedRun, error) { return loadModel(ctx, path) })
}

// loadModel reads a model and prepares its data.
func loadModel(ctx context.Context, path string) (*finishedRun, error) {
	model, err := modelio.Load(path)
	if err != nil || len(model.Recipe) == 0 { // of another program
		if e, other := openExhibit(path); other == nil {
			return e.finished(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	if experiment.IsModel(model) {
		r, err := experiment.Open(ctx, model, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		return &finishedRun{rbf: r}, nil
	}
	trained, err := train.Open(model)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	problem, err := trained.Prepare(ctx, trained.Recipe, nil)
	if err != nil {
		return nil, fmt.Errorf("the model is whole, but the data it was trained on could not be loaded: %w", err)
	}
	f := &finishedRun{problem: problem}
	steps, _ := strconv.Atoi(model.Metadata["iterations"]) // 0 in files of other programs
	f.result, f.last = train.Finished(problem, trained.Parameters, steps)
	return f, nil
}

// listWarnings shows all files that were left out.
func (w *Window) listWarnings(warnings []dataset.Warning) {
	lines := make([]string, len(warnings))
	for i, warning := range warnings {
		lines[i] = warning.String()
	}
	slices.Sort(lines)
	text := widget.NewLabel(strings.Join(lines, "\n"))
	text.Wrapping = fyne.TextWrapWord
	dialog.NewCustom("Files that were left out", "Close", container.NewStack(newScroll(text, 560, 320)), w.window).Show()
}

// oneLine joins the lines of an error.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// capital writes the first letter large.
func capital(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	if 'a' <= r[0] && r[0] <= 'z' {
		r[0] += 'A' - 'a'
	}
	return string(r)
}
