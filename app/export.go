package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"filterscope/engine/figure"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/render"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// exportZooms are the enlargements of exported pictures.
var exportZooms = []int{1, 2, 3, 4, 6, 8, 12, 16}

// exporter remembers the last export of each view, to do it again.
type exporter struct {
	zoom int
	last map[viewID]string // path written last
}

// job writes one file; it holds everything it needs, so that it may run on any
// goroutine while the window goes on.
type job struct {
	write func(out io.Writer) error
}

// exportDialog asks for size and place, and writes the picture of the view.
func (w *Window) exportDialog() {
	if w.view == viewRBF {
		w.rbf.exportDialog()
		return
	}
	if w.view == viewData {
		w.exportData()
		return
	}
	f := w.frame
	if f == nil || f.snap == nil {
		return
	}
	shown, ok := w.pictureOf(f)
	if !ok && w.view != viewCurves {
		w.overlay.Toast("There is no picture in this view yet")
		return
	}
	if w.export.zoom == 0 {
		w.export.zoom = min(max(w.app.Preferences().IntWithFallback(prefZoom, 4), 1), 16)
	}
	size := widget.NewLabel("")
	name := newPathEntry(w.exportPath(".png"))
	show := func() {
		if w.view == viewCurves {
			size.SetText("PNG of 1280 × 800 pixels, or SVG or PDF with the fonts inside")
			return
		}
		size.SetText(shown.says(w.export.zoom))
	}
	for ok && !shown.fits(w.export.zoom) {
		w.export.zoom-- // remembered from a smaller picture
	}
	show()
	items := []*widget.FormItem{}
	complete := withEnding(".png")
	if w.view == viewCurves {
		format := widget.NewSelect(nil, nil)
		for _, f := range figure.Formats() {
			format.Options = append(format.Options, strings.ToUpper(f))
		}
		format.Selected = format.Options[0]
		format.OnChanged = func(s string) {
			base := strings.TrimSuffix(name.Text, filepath.Ext(name.Text))
			name.SetText(base + "." + strings.ToLower(s))
			show()
		}
		name.OnChanged = func(path string) {
			if f := strings.ToUpper(strings.TrimPrefix(filepath.Ext(path), ".")); slices.Contains(format.Options, f) && f != format.Selected {
				format.SetSelected(f)
			}
		}
		complete = func(path string) string { return withEnding("." + strings.ToLower(format.Selected))(path) }
		items = append(items, widget.NewFormItem("Format", format))
	} else if shown.zooms {
		var offered []string
		for _, z := range exportZooms {
			if shown.fits(z) {
				offered = append(offered, fmt.Sprintf("%d×", z))
			}
		}
		zoom := widget.NewSelect(offered, func(s string) {
			w.export.zoom, _ = strconv.Atoi(strings.TrimSuffix(s, "×"))
			show()
		})
		zoom.Selected = fmt.Sprintf("%d×", w.export.zoom)
		items = append(items, widget.NewFormItem("Zoom", zoom))
	}
	items = append(items, widget.NewFormItem("Size", size), widget.NewFormItem("File", w.pathRow(name)))
	w.askPath(name, complete, items, "Export the picture of this view", "Export", func(path string) {
		w.app.Preferences().SetInt(prefZoom, w.export.zoom)
		if w.export.last == nil {
			w.export.last = map[viewID]string{}
		}
		w.export.last[w.view] = path
		w.writeFile(path, w.exportJob(f, filepath.Ext(path)), w.exportDialog)
	})
}

// pathRow is a field for a path with a button that chooses the folder.
func (w *Window) pathRow(name *pathEntry) fyne.CanvasObject {
	choose := widget.NewButton("Folder…", func() {
		d := dialog.NewFolderOpen(func(f fyne.ListableURI, err error) {
			if err == nil && f != nil {
				name.SetText(filepath.Join(f.Path(), filepath.Base(name.Text)))
			}
		}, w.window)
		d.Resize(dialogSize(w.window))
		d.Show()
	})
	return container.NewBorder(nil, nil, nil, choose, name)
}

// askPath shows a form that ends in a path, which complete makes whole; a file
// that is there is replaced only after a question.
func (w *Window) askPath(name *pathEntry, complete func(path string) string, items []*widget.FormItem, title, confirm string, save func(path string)) {
	d := dialog.NewForm(title, confirm, "Cancel", items, func(ok bool) {
		path := strings.TrimSpace(name.Text)
		if !ok || path == "" {
			return
		}
		path = complete(path)
		w.app.Preferences().SetString(prefFolder, filepath.Dir(path))
		if _, err := os.Stat(path); err != nil {
			save(path)
			return
		}
		w.confirm("Replace the file?", path+" is there already.", "Replace", "Keep it", func() { save(path) })
	}, w.window)
	name.OnSubmitted = func(string) { d.Submit() }
	name.escape = d.Hide
	d.Resize(fyne.NewSize(620, d.MinSize().Height))
	d.Show()
	w.window.Canvas().Focus(name)
}

// withEnding returns a completion that gives paths the ending if they have
// another one or none.
func withEnding(ending string) func(path string) string {
	return func(path string) string {
		if strings.EqualFold(filepath.Ext(path), ending) {
			return path
		}
		return path + ending
	}
}

// pathEntry is a field for a path in a dialog: Enter accepts, Esc closes.
type pathEntry struct {
	widget.Entry
	escape func()
}

func newPathEntry(path string) *pathEntry {
	e := &pathEntry{}
	e.ExtendBaseWidget(e)
	e.SetText(path)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *pathEntry) TypedKey(ev *fyne.KeyEvent) {
	if ev.Name == fyne.KeyEscape && e.escape != nil {
		e.escape()
		return
	}
	e.Entry.TypedKey(ev)
}

// exportPath proposes a path: the folder of the last export, and a name that
// says what the picture is.
func (w *Window) exportPath(ending string) string {
	folder := w.app.Preferences().String(prefFolder)
	if folder == "" {
		folder, _ = os.UserHomeDir()
		if pictures := filepath.Join(folder, "Pictures"); isFolder(pictures) {
			folder = pictures
		}
	}
	view := [...]string{"filters", "curves", "reconstructions", "codes", "rbf", "data"}[w.view]
	if w.frame != nil && w.frame.panel != nil && w.view == viewReconstruct {
		view = strings.ToLower(panelName(w.frame.run.problem.Recipe.Model.Kind))
	}
	if w.view == viewCodes {
		view += "_" + w.codes.req.mode.String()
	}
	if w.view == viewFilters && w.filters.req.decoder {
		view = "decoder"
	}
	if layers := w.filters.layers; w.view == viewFilters && len(layers) > 1 {
		view += "_" + strings.ReplaceAll(layers[w.filters.req.layer].Name, " ", "-")
	}
	if w.view == viewFilters && len(w.filters.marked.units(w.filters.n)) > 0 {
		view += "_marked"
	}
	step := 0
	if w.frame != nil && w.frame.snap != nil {
		step = w.frame.snap.Step
	}
	if run := w.session.run; run != nil && run.exhibit != nil && w.view == viewFilters {
		return filepath.Join(folder, run.problem.Recipe.Name+"_"+view+ending) // of the file
	}
	return filepath.Join(folder, fmt.Sprintf("%s_%s_%06d%s", w.shownRecipe().Name, view, step, ending))
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// exportJob returns the work of writing the picture of the view.
func (w *Window) exportJob(f *frame, ending string) job {
	if w.view == viewCurves {
		data := figure.CurvesData{
			Title:  w.session.named(f.run.recipe()).Title,
			Curves: curvesOf(f.snap.History, f.snap.Events, false, w.curves.req.seconds, w.curves.req.log),
		}
		return job{func(out io.Writer) error {
			return figure.WriteCurves(out, strings.TrimPrefix(strings.ToLower(ending), "."), data)
		}}
	}
	p, ok := w.pictureOf(f)
	if !ok {
		return job{func(io.Writer) error { return errors.New("there is no picture in this view yet") }}
	}
	meta, zoom := w.metaOf(f), w.export.zoom
	maps.Copy(meta, p.meta)
	for !p.fits(zoom) {
		zoom-- // remembered from a smaller picture
	}
	return job{func(out io.Writer) error { return render.EncodePNG(out, p.draw(zoom), meta) }}
}

// exportAgain repeats the last export of this view under the next free name.
func (w *Window) exportAgain() {
	if w.view == viewRBF {
		w.rbf.exportAgain()
		return
	}
	if w.view == viewData {
		w.exportData()
		return
	}
	if w.frame == nil || w.export.last[w.view] == "" {
		w.exportDialog()
		return
	}
	ending := filepath.Ext(w.export.last[w.view])
	w.writeFile(freePath(w.exportPath(ending)), w.exportJob(w.frame, ending), w.exportDialog)
}

// freePath returns a path where there is no file yet: the given one, or one with a
// number.
func freePath(path string) string {
	free, ending := path, filepath.Ext(path)
	for i := 2; ; i++ {
		if _, err := os.Stat(free); err != nil {
			return free
		}
		free = strings.TrimSuffix(path, ending) + "_" + strconv.Itoa(i) + ending
	}
}

// writeFile does the job off the UI goroutine and tells how it went; again asks
// for another place.
func (w *Window) writeFile(path string, j job, again func()) {
	go func() {
		var b bytes.Buffer // a fault in drawing leaves no file behind
		_, err := guarded(func() (struct{}, error) { return struct{}{}, j.write(&b) })
		if err == nil {
			err = modelio.WriteFile(path, func(out io.Writer) error {
				_, err := out.Write(b.Bytes())
				return err
			})
		}
		w.do(func() {
			if err != nil {
				w.say(topicOther, widgets.Failure, "The file was not written: "+oneLine(err),
					widgets.Action{Label: "Choose another place…", Do: again}, widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
				return
			}
			w.overlay.Toast("Written: "+path, widgets.Action{Label: "Copy path", Do: func() { w.app.Clipboard().SetContent(path) }})
		})
	}()
}

// saveDialog asks for a path, proposing a name, and writes a file there.
func (w *Window) saveDialog(title, called, ending string, j job) {
	folder := filepath.Dir(w.exportPath(ending))
	name := newPathEntry(filepath.Join(folder, called+ending))
	w.askPath(name, withEnding(ending), []*widget.FormItem{widget.NewFormItem("File", w.pathRow(name))}, title, "Save", func(path string) {
		w.writeFile(path, j, func() { w.saveDialog(title, called, ending, j) })
	})
}

func (w *Window) saveRecipeDialog() {
	r := w.session.recipe
	if w.view == viewRBF {
		r = w.rbf.state.recipe
	}
	r = w.session.named(r)
	text := r.Encode()
	w.saveDialog("Save the recipe", r.Name, ".toml", job{func(out io.Writer) error {
		_, err := out.Write(text)
		return err
	}})
}

// saveModelDialog saves the network as it is now, also while it trains.
func (w *Window) saveModelDialog() {
	if w.view == viewRBF {
		w.rbf.saveModelDialog()
		return
	}
	if m := w.modelNow(); m != nil {
		w.saveDialog("Save the model", w.runName(), ".safetensors", job{func(out io.Writer) error { return modelio.Write(out, m) }})
	}
}

func (w *Window) saveWeightsDialog() {
	if m := w.modelNow(); m != nil {
		w.saveDialog("Save the weights", w.runName(), ".npz", job{func(out io.Writer) error { return modelio.WriteNPZ(out, m) }})
	}
}

// modelNow returns the model of the run that has ended, or of the newest
// snapshot of the one that goes on.
func (w *Window) modelNow() *modelio.Model {
	run := w.session.run
	if run == nil || run.exhibit != nil {
		return nil
	}
	if run.ended() && run.result != nil {
		result := *run.result
		result.Recipe = w.session.named(result.Recipe)
		return result.Model()
	}
	if w.frame == nil || w.frame.theta == nil {
		return nil
	}
	theta := make([]float64, len(w.frame.theta))
	linalg.Convert(linalg.MatrixOf(1, len(theta), theta), linalg.MatrixOf(1, len(theta), w.frame.theta))
	now := *run.problem
	now.Recipe = w.session.named(run.recipe()) // with the values that were changed meanwhile
	return train.ModelOf(&now, theta, w.frame.weightsStep)
}
