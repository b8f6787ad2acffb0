package app

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"filterscope/engine/dataset"
	"filterscope/engine/figure"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/network"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// exportTo exports the picture of the view through the dialog's own work.
func (d *desk) exportTo(path string, zoom int) {
	d.t.Helper()
	d.export.zoom = zoom
	d.writeFile(path, d.exportJob(d.frame, filepath.Ext(path)), d.exportDialog)
	d.until("the file", func() bool {
		toasts := d.overlay.Toasts()
		return len(toasts) > 0 && toasts[len(toasts)-1] == "Written: "+path
	})
}

// sizeOf is the size that the dialog states.
func (d *desk) sizeOf(f *frame, zoom int) image.Point {
	d.t.Helper()
	p, ok := d.pictureOf(f)
	if !ok {
		d.t.Fatal("there is no picture to export")
	}
	return p.size(zoom)
}

func readPNG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// plain copies a picture into one with its origin at (0, 0).
func plain(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

func samePixels(a, b image.Image) bool {
	return a.Bounds().Size() == b.Bounds().Size() && bytes.Equal(plain(a).Pix, plain(b).Pix)
}

// decimated takes every k-th pixel.
func decimated(img image.Image, k int) image.Image {
	from := plain(img)
	out := image.NewRGBA(image.Rect(0, 0, from.Rect.Dx()/k, from.Rect.Dy()/k))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, from.RGBAAt(x*k, y*k))
		}
	}
	return out
}

// In every scale and colour the exported mosaic is that of the screen: the size that was stated, an enlargement of the
// 1× export, with the same levels as the tiles on the screen.
func TestExportMosaic(t *testing.T) {
	alone(t)
	d := finished(t)
	dir := t.TempDir()
	for i := range 5 {
		for j, change := range []func(){
			func() {}, d.filters.toggleInvert, d.filters.cycleMap, d.filters.toggleLock, d.filters.toggleDecoder,
			func() { d.filters.setColumns(3) }, func() { d.filters.setColumns(0) },
		} {
			change()
			d.settle()
			name := filepath.Join(dir, strconv.Itoa(i)+"-"+strconv.Itoa(j)+"-")
			d.exportTo(name+"1.png", 1)
			d.exportTo(name+"4.png", 4)
			one, four := readPNG(t, name+"1.png"), readPNG(t, name+"4.png")
			if got, want := four.Bounds().Size(), d.sizeOf(d.frame, 4); got != want {
				t.Errorf("%s: %v pixels, %v were stated", name, got, want)
			}
			if !samePixels(decimated(four, 4), one) {
				t.Errorf("%s: every fourth pixel of 4× is not 1×", name)
			}
			f := d.frame.filters
			if f.preset() {
				if want := render.DisplayNetwork(f.shown, 4, false); !samePixels(want, one) {
					t.Errorf("%s: not display_network's picture", name)
				}
				continue
			}
			// The tiles on the screen, wherever they lie, have the levels of those in the file.
			screen, file := d.filters.grid, f.exportGrid(1)
			for unit := range 4 {
				for y := range 4 {
					for x := range 4 {
						a := f.image.At(pixelOf(screen, unit, x, y).Sub(f.at).X, pixelOf(screen, unit, x, y).Sub(f.at).Y)
						p := pixelOf(file, unit, x, y)
						r, g, b, _ := a.RGBA()
						r2, g2, b2, _ := one.At(p.X, p.Y).RGBA()
						if r != r2 || g != g2 || b != b2 {
							t.Fatalf("%s: unit %d (%d, %d) is %v on the screen, %v in the file", name, unit, x, y, a, one.At(p.X, p.Y))
						}
					}
				}
			}
		}
		d.filters.cycleScale()
	}
}

// The file of a running mosaic has the contrast of the screen, which follows the weights slowly.
func TestExportOfARunningMosaic(t *testing.T) {
	d := newDesk(t)
	r := endless(t)
	r.Optimizer.LearningRate = 0.05
	d.run(r)
	d.filters.cycleScale()
	d.filters.cycleScale() // global: its number is a round one on the screen
	d.until("a global frame", func() bool {
		return d.frame.contrast.Scaling.Scale == render.ScaleGlobal && d.frame.filters != nil && d.step() > 50
	})
	path := filepath.Join(t.TempDir(), "running.png")
	f := d.frame
	var b bytes.Buffer
	d.export.zoom = 1
	if err := d.exportJob(f, ".png").write(&b); err != nil {
		t.Fatal(err)
	}
	writeText(t, path, b.String())
	want := render.Indexed(f.filters.shown, f.filters.exportGrid(1), f.contrast, f.filters.req.options)
	if !samePixels(readPNG(t, path), want) {
		t.Error("the file has not the contrast of the screen")
	}
}

func TestExportReconstructions(t *testing.T) {
	alone(t)
	d := finished(t)
	d.char('3')
	d.settle()
	dir := t.TempDir()
	d.exportTo(filepath.Join(dir, "1.png"), 1)
	d.exportTo(filepath.Join(dir, "3.png"), 3)
	one, three := readPNG(t, filepath.Join(dir, "1.png")), readPNG(t, filepath.Join(dir, "3.png"))
	if got, want := three.Bounds().Size(), d.sizeOf(d.frame, 3); got != want {
		t.Errorf("%v pixels, %v were stated", got, want)
	}
	if !samePixels(decimated(three, 3), one) {
		t.Error("every third pixel of 3× is not 1×")
	}
	s := d.frame.sheet
	layout := render.NewSheet(s.layout.N, s.layout.Rows, s.layout.Geometry, s.layout.Columns, 1, 1)
	want := image.NewRGBA(layout.Bounds())
	render.DrawSheet(want, want.Rect, layout, s.matrices(), render.Options{})
	if !samePixels(want, one) {
		t.Error("the file is not render's picture")
	}
}

// Filters that are marked are exported alone, with the contrast that they have among all.
func TestExportMarkedFilters(t *testing.T) {
	alone(t)
	d := finished(t)
	v := d.filters
	at := func(unit int) image.Point { return v.grid.Cell(unit).Min.Add(image.Pt(1, 1)) }
	v.pick(at(3), 0)
	v.pick(at(0), fyne.KeyModifierShortcutDefault)
	v.pick(at(2), fyne.KeyModifierShortcutDefault)
	v.pick(at(2), fyne.KeyModifierShortcutDefault) // taken back
	if got := v.marked.units(v.n); !slices.Equal(got, []int{0, 3}) {
		t.Fatalf("marked are %v, want 0 and 3", got)
	}
	if text := v.caption.Text(); !strings.HasPrefix(text, "2 marked: Export saves them alone") {
		t.Errorf("the line says %q", text)
	}
	if name := filepath.Base(d.exportPath(".png")); name != "tiny_filters_marked_000008.png" {
		t.Errorf("the name proposed is %s", name)
	}
	dir := t.TempDir()
	d.exportTo(filepath.Join(dir, "2.png"), 2)
	got := readPNG(t, filepath.Join(dir, "2.png"))
	f := d.frame.filters
	all := render.Indexed(f.shown, f.exportGrid(2), d.frame.contrast, f.req.options)
	for i, unit := range []int{0, 3} {
		part := image.NewRGBA(image.Rectangle{Max: f.exportGrid(2).Cell(unit).Size()})
		draw.Draw(part, part.Rect, all, f.exportGrid(2).Cell(unit).Min, draw.Src)
		tile := image.NewRGBA(part.Rect)
		draw.Draw(tile, tile.Rect, got, f.markedGrid([]int{0, 3}, 2).Cell(i).Min, draw.Src)
		if !samePixels(part, tile) {
			t.Errorf("filter %d is another picture than in the mosaic", unit)
		}
	}
	if got.Bounds().Size() != d.sizeOf(d.frame, 2) {
		t.Errorf("%v pixels, %v were stated", got.Bounds().Size(), d.sizeOf(d.frame, 2))
	}
	v.pick(at(1), 0)
	v.pick(at(3), fyne.KeyModifierShift)
	if got := v.marked.units(v.n); !slices.Equal(got, []int{1, 2, 3}) || v.unit != 1 {
		t.Errorf("marked are %v beside unit %d, want 1 to 3", got, v.unit)
	}
	d.escape()
	if v.marked != nil || v.unit != -1 {
		t.Errorf("Esc leaves %v marked", v.marked)
	}
}

// What stands in the place of the examples or of the filters is exported as it is seen: matrices and mosaics weight by weight.
func TestExportPanels(t *testing.T) {
	alone(t)
	saved := func(d *desk, zoom int) image.Image {
		path := filepath.Join(t.TempDir(), strconv.Itoa(zoom)+".png")
		d.exportTo(path, zoom)
		img := readPNG(t, path)
		if got, want := img.Bounds().Size(), d.sizeOf(d.frame, zoom); got != want {
			t.Errorf("%v pixels, %v were stated", got, want)
		}
		return img
	}
	t.Run("anomalies", func(t *testing.T) {
		d := finished(t)
		f := panelled(t, d, "Anomalies")
		if !samePixels(saved(d, 4), f.image) {
			t.Error("the file is not what the panel shows")
		}
		if name := filepath.Base(d.exportPath(".png")); name != "tiny_anomalies_000008.png" {
			t.Errorf("the name proposed is %s", name)
		}
	})
	t.Run("classes", func(t *testing.T) {
		d := trained(t, "ufldl-stacked", func(r *recipe.Recipe) {
			r.Data.Validation = 0.2
			r.Model.Layers, r.Model.SoftmaxIterations, r.Optimizer.Iterations = []int{12, 8}, 5, 5
		})
		f := panelled(t, d, "Classes")
		if !samePixels(saved(d, 4), f.image) {
			t.Error("the file is not what the panel shows")
		}
		if name := filepath.Base(d.exportPath(".png")); !strings.HasPrefix(name, "ufldl-stacked-edited_classes_") {
			t.Errorf("the name proposed is %s", name)
		}
	})
	t.Run("dreaming", func(t *testing.T) {
		d := trained(t, "rbm-digits", func(r *recipe.Recipe) { r.Optimizer.Epochs, r.Model.Hidden = 1, 12 })
		panelled(t, d, "Dreaming")
		d.reconstruct.setHeld(true)
		d.settle()
		one := saved(d, 1)
		if !samePixels(decimated(saved(d, 3), 3), one) {
			t.Error("every third pixel of 3× is not 1×")
		}
		if got, want := one.Bounds().Size(), image.Pt(8*29+1+4+12, 8*29+1); got != want {
			t.Errorf("%v pixels, want %v: the chains beside 64 rows of 12 units", got, want)
		}
	})
	t.Run("matrix", func(t *testing.T) {
		d := trained(t, "keras-identity", func(r *recipe.Recipe) { r.Data.Count, r.Data.Features, r.Optimizer.Epochs = 200, 12, 2 })
		panelled(t, d, "Matrix")
		img := plain(saved(d, 2))
		w := network.Filters(d.session.run.problem.Spec(), d.frame.theta, 0)
		for i := range 12 {
			for j := range 12 {
				want := render.Indexed(linalg.MatrixOf(1, 1, []float32{w.At(i, j)}), render.NewGrid(1, dataset.Geometry{Width: 1, Height: 1, Channels: 1}, 1, 1, 0),
					render.Contrast{Scales: []float64{1}, Centres: []float64{0}}, render.Options{})
				if got := img.RGBAAt(2*j+1, 2*i); got != plain(want).RGBAAt(0, 0) {
					t.Fatalf("W(%d, %d) = %v is drawn %v", i, j, w.At(i, j), got)
				}
			}
		}
	})
	t.Run("selection", func(t *testing.T) {
		d := newDesk(t)
		r, err := recipe.Open("soft-selection")
		if err != nil {
			t.Fatal(err)
		}
		r.Optimizer.Epochs = 20
		d.choose(r)
		d.start()
		d.untilEnded()
		d.until("the last picture", func() bool { return d.selection.frame != nil && d.selection.frame.step == 20 })
		if !samePixels(saved(d, 4), d.frame.selection.image) {
			t.Error("the file is not what the view shows")
		}
	})
}

func TestExportCurves(t *testing.T) {
	alone(t)
	d := finished(t)
	d.char('2')
	d.settle()
	for ending, begins := range map[string]string{".png": "\x89PNG", ".svg": "<?xml", ".pdf": "%PDF"} {
		path := filepath.Join(t.TempDir(), "curves"+ending)
		d.exportTo(path, 1)
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(got), begins) {
			t.Errorf("%s begins with %q", ending, got[:8])
		}
		var want bytes.Buffer
		s := d.frame.snap
		data := figure.CurvesData{Title: "Tiny", Curves: curvesOf(s.History, s.Events, false, false, true)}
		if err := figure.WriteCurves(&want, ending, data); err != nil {
			t.Fatal(err)
		}
		if ending != ".pdf" && !bytes.Equal(got, want.Bytes()) { // a PDF holds its date
			t.Errorf("%s is not figure's own", ending)
		}
		if ending == ".png" {
			if size := readPNG(t, path).Bounds().Size(); size != image.Pt(1280, 800) {
				t.Errorf("%v pixels, the dialog says 1280×800", size)
			}
		}
	}
}

// The dialog: it proposes a name, adds the ending, asks before it replaces, and does the same again under another name.
func TestExportDialog(t *testing.T) {
	alone(t)
	d := finished(t)
	d.menu("Picture of this view…")
	if !d.dialogOpen() {
		t.Fatal("no dialog")
	}
	d.menu("Restart") // a shortcut while a dialog is open does nothing
	d.char('2')
	d.key(fyne.KeySpace)
	if d.session.stage != training || d.view != viewFilters {
		t.Fatal("keys reach the window through the dialog")
	}
	want := d.exportPath(".png")
	d.press("Export")
	d.until("the file", func() bool { return len(d.overlay.Toasts()) > 1 })
	if !exists(want) || d.dialogOpen() {
		t.Fatalf("%s is not there", want)
	}
	if !strings.HasSuffix(want, "tiny_filters_000008.png") {
		t.Errorf("the name proposed is %s", want)
	}

	writeText(t, want, "precious")
	d.exportDialog()
	d.press("Export")
	if !d.dialogOpen() {
		t.Fatal("it does not ask before it replaces")
	}
	d.press("Keep it")
	if got, _ := os.ReadFile(want); string(got) != "precious" {
		t.Error("the file is replaced although the answer was no")
	}
	d.exportDialog()
	d.press("Export")
	d.press("Replace")
	d.until("the file", func() bool { got, _ := os.ReadFile(want); return string(got) != "precious" })

	d.menu("The same again")
	again := strings.TrimSuffix(want, ".png") + "_2.png"
	d.until("another file", func() bool { return exists(again) })
	if !samePixels(readPNG(t, want), readPNG(t, again)) {
		t.Error("the same again is another picture")
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// A dialog that is open while the run is replaced writes what it was opened for.
func TestExportOutlivesTheRun(t *testing.T) {
	d := finished(t)
	d.enter(d.form.hidden, "9")
	d.menu("Restart")
	f := d.frame
	d.exportDialog()
	path := d.exportPath(".png")
	d.until("the new run", func() bool { return d.frame != nil && d.frame.run != f.run && d.frame.weights != nil })
	d.press("Export")
	d.until("the file", func() bool { return exists(path) })
	if got, want := readPNG(t, path).Bounds().Size(), d.sizeOf(f, 4); got != want {
		t.Errorf("%v pixels, want %v", got, want)
	}
}

// A folder that cannot be written into: one sentence, and the old file stays.
func TestExportFails(t *testing.T) {
	alone(t)
	d := finished(t)
	folder := t.TempDir()
	notAFolder := filepath.Join(folder, "file")
	writeText(t, notAFolder, "precious")
	for _, path := range []string{filepath.Join(notAFolder, "x.png"), folder, filepath.Join(folder, "none", "x.png")} {
		d.banner.Clear()
		d.export.zoom = 2
		d.writeFile(path, d.exportJob(d.frame, ".png"), d.exportDialog)
		d.said()
		if text := d.banner.Text(); !strings.HasPrefix(text, "The file was not written: write "+path) {
			t.Errorf("banner %q", text)
		}
	}
	if got, _ := os.ReadFile(notAFolder); string(got) != "precious" {
		t.Error("the old file is gone")
	}
	d.banner.Clear()
	d.writeFile(filepath.Join(folder, "y.png"), job{func(out io.Writer) error {
		_, _ = out.Write([]byte("half"))
		panic("a fault in drawing")
	}}, d.exportDialog)
	d.said()
	if exists(filepath.Join(folder, "y.png")) {
		t.Error("a fault in drawing leaves half a file")
	}
	left, _ := os.ReadDir(folder)
	if len(left) != 1 {
		t.Errorf("the folder holds %v", left)
	}
}

// Model, weights and recipe are those of the run; a model can be saved while it trains, and opened again.
func TestSaveAndOpenModel(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	d.enter(d.form.lambda, "0.02")
	d.until("the tweak", func() bool { return d.frame.snap.Hyper.Lambda == 0.02 })
	live := d.modelNow()
	if r, err := recipe.Parse(live.Recipe); err != nil || r.Model.Lambda != 0.02 {
		t.Errorf("a model saved while training has λ %v (%v), want 0.02", r.Model.Lambda, err)
	}
	d.stopRun()
	d.untilEnded()
	m := d.modelNow()
	path := filepath.Join(t.TempDir(), "tiny.safetensors")
	writeTo(t, path, func(out io.Writer) error { return modelio.Write(out, m) })
	want := d.session.run.result
	d.shut()

	d = newDesk(t)
	d.Open(path)
	d.until("the model", func() bool { return d.frame != nil && d.frame.weights != nil })
	d.settle()
	if d.phase != train.Done || d.session.active() {
		t.Errorf("an opened model is %v", d.phase)
	}
	got := d.session.run.result
	for i, v := range want.Parameters {
		if got.Parameters[i] != v {
			t.Fatalf("parameter %d is %v, want %v", i, got.Parameters[i], v)
		}
	}
	if d.session.recipe.Model.Lambda != 0.02 || d.banner.Visible() {
		t.Errorf("λ %v, banner %q", d.session.recipe.Model.Lambda, d.banner.Text())
	}
	if d.transport.start.Text() != "Train on" || d.frame.filters == nil {
		t.Error("the model is not shown")
	}
}
