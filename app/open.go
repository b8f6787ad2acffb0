package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"filterscope/engine/dataset"
	"filterscope/engine/experiment"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
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

// openDropped opens what was dropped on the window: one file, one folder, or
// several files of one folder.
func (w *Window) openDropped(uris []fyne.URI) {
	switch {
	case len(uris) == 0:
	case w.window.Canvas().Overlays().Top() != nil: // a dialog speaks of what is there now
	case len(uris) == 1:
		w.Open(uris[0].Path())
	default:
		w.failed("Several things were dropped at once", fmt.Errorf("drop one file, or the folder they are in: %s", filepath.Dir(uris[0].Path())))
	}
}

// Open opens a recipe, a model, or data at path; data are trained on by a
// recipe that suits them.
func (w *Window) Open(path string) {
	w.opening++
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
		w.leaving(func() { w.choose(r) })
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
		w.openData(path)
	}
}

// openData trains on the data at path. Which recipe suits them is found out
// elsewhere: a folder may take a while to look through. It counts only if nothing
// else was opened meanwhile.
func (w *Window) openData(path string) {
	turn := w.opening
	go func() {
		photographs := picturesAt(path)
		w.do(func() {
			if w.closing || turn != w.opening {
				return
			}
			r := suit(w.session.recipe, path, photographs)
			if err := r.Validate(); err != nil {
				w.failed("The values on the left do not fit", err)
				return
			}
			w.session.startWith(r)
		})
	}()
}

// suit returns a recipe for the data at path: the present one when it is about
// files of the same kind already, otherwise UFLDL's for photographs or for
// digits.
func suit(r recipe.Recipe, path string, photographs bool) recipe.Recipe {
	own := r.Data.Source == recipe.SourceFiles || r.Data.Source == recipe.SourceMNIST
	if own && photographs == (r.Data.PatchSize > 0) {
		return r.WithData(path)
	}
	name := "ufldl-mnist"
	if photographs {
		name = "ufldl-patches"
	}
	other, err := recipe.Open(name)
	if err != nil {
		panic("app: suit: " + err.Error()) // built in
	}
	other.Data.Source = recipe.SourceFiles
	return other.WithData(path)
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
	w.session.open(func(ctx context.Context) (*finishedRun, error) { return loadModel(ctx, path) })
}

// loadModel reads a model and prepares its data.
func loadModel(ctx context.Context, path string) (*finishedRun, error) {
	model, err := modelio.Load(path)
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
	text := widget.NewLabel(strings.Join(lines, "\n"))
	text.Wrapping = fyne.TextWrapBreak
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
