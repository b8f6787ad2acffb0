package app

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/npy"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
)

// writeNPY writes a matrix of rows×cols values f(i, j).
func writeNPY(t *testing.T, path string, rows, cols int, f func(i, j int) float64) {
	t.Helper()
	values := make([]float64, rows*cols)
	for k := range values {
		values[k] = f(k/cols, k%cols)
	}
	writeTo(t, path, func(out io.Writer) error { return npy.Write(out, &npy.Array{Shape: []int{rows, cols}, Data: values}) })
}

func wave(i, j int) float64 { return math.Sin(float64(i+1) * float64(j)) }

func TestLikeWeights(t *testing.T) {
	dir := t.TempDir()
	shapes := map[string]func(path string){
		"W1.npy":           func(path string) { writeNPY(t, path, 5, 49, wave) },
		"encoder.npy":      func(path string) { writeNPY(t, path, 2000, 7, wave) },
		"few.npy":          func(path string) { writeNPY(t, path, 9, 64, wave) },
		"positive.npy":     func(path string) { writeNPY(t, path, 9, 64, func(i, j int) float64 { return math.Abs(wave(i, j)) }) },
		"oblong.npy":       func(path string) { writeNPY(t, path, 9, 65, wave) },
		"many.npy":         func(path string) { writeNPY(t, path, fewUnits+1, 64, wave) },
		"data.npy":         func(path string) { writeNPY(t, path, 9, 64, wave) },
		"x.npy":            func(path string) { writeNPY(t, path, 9, 64, wave) },
		"broken W.npy":     func(path string) { writeText(t, path, "\x93NUMPY") },
		"weights.mat":      func(path string) { writeText(t, path, strings.Repeat("\xff", 300)) },
		"opt theta100.npy": func(path string) { writeNPY(t, path, 1, 16*8*2+16+8, wave) },
	}
	for name, write := range shapes {
		path := filepath.Join(dir, name)
		write(path)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		want := name == "W1.npy" || name == "encoder.npy" || name == "few.npy" || name == "opt theta100.npy"
		if got := likeWeights(t.Context(), path, info.Size()); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// exhibitDesk opens a window on a file of weights.
func exhibitDesk(t *testing.T, path string) *desk {
	t.Helper()
	d := newDesk(t)
	d.choose(tiny(t))
	d.Open(path)
	d.exhibited(func(*exhibit) bool { return true })
	return d
}

// exhibited waits until weights are shown that the condition holds for.
func (d *desk) exhibited(want func(e *exhibit) bool) {
	d.t.Helper()
	d.until("the weights", func() bool {
		f := d.frame
		return f != nil && f.run.exhibit != nil && f.filters != nil && want(f.run.exhibit) && f.run == d.session.run
	})
}

func TestExhibit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "W1.npy")
	writeNPY(t, path, 12, 64, wave)
	d := exhibitDesk(t, path)
	recipe := d.session.recipe.Name
	if recipe != "tiny" || d.session.canTrainOn() || d.session.stale() || d.view != viewFilters {
		t.Errorf("recipe %s, view %d", recipe, d.view)
	}
	if w := d.frame.filters.shown; w.Rows != 12 || w.Cols != 64 || math.Abs(float64(w.At(3, 5))-wave(3, 5)) > 1e-6 {
		t.Errorf("shown %d×%d, %v", w.Rows, w.Cols, w.At(3, 5))
	}
	if text := d.filters.caption.Text(); !strings.Contains(text, "12 filters of 8×8") || !strings.Contains(text, "W1") {
		t.Errorf("caption %q", text)
	}
	if !strings.Contains(d.banner.Text(), "W1.npy is shown as weights") {
		t.Errorf("banner %q", d.banner.Text())
	}
	if got := filepath.Base(d.exportPath(".png")); got != "W1_filters.png" {
		t.Errorf("export to %s", got)
	}
	d.char('e')
	if d.filters.req.decoder {
		t.Error("there is no decoder")
	}
	d.filters.choose(4)
	d.until("the unit", func() bool { return d.frame.unit != nil && d.frame.unit.encoder != nil })
	if d.inspector.bars.Visible() || !d.inspector.norm.Visible() {
		t.Error("the inspector tells what is not known")
	}
	for _, view := range []viewID{viewCurves, viewReconstruct} {
		d.showView(view)
		d.settle()
		note := map[viewID]string{viewCurves: d.curves.note.Text(), viewReconstruct: d.reconstruct.note.Text()}[view]
		if !strings.HasPrefix(note, "These weights came from W1.npy: ") {
			t.Errorf("view %d says %q", view, note)
		}
	}
	if d.modelNow() != nil {
		t.Error("weights are saved as a model")
	}
	d.showView(viewFilters)
	d.start()
	d.until("a run of the recipe", func() bool { return d.session.run != nil && d.session.run.exhibit == nil })
	if d.filters.exhibit.object.Visible() || d.session.previous != nil {
		t.Error("the weights are still there")
	}
	d.untilEnded()
}

// TestExhibitChoices shows the same file in other ways.
func TestExhibitChoices(t *testing.T) {
	alone(t)
	path := filepath.Join(t.TempDir(), "W.npy")
	writeNPY(t, path, 36, 24, wave)
	d := exhibitDesk(t, path)
	bar := d.filters.exhibit
	// 24 values are no square, but the columns of 36 are.
	if e := d.session.run.exhibit; e.tile.Width != 6 || d.frame.filters.shown.Rows != 24 {
		t.Fatalf("tile %+v of %d", e.tile, d.frame.filters.shown.Rows)
	}
	bar.transpose.Tapped(nil)
	d.exhibited(func(e *exhibit) bool { return e.choice.transpose })
	if w := d.frame.filters.shown; w.Rows != 36 || !d.frame.filters.bars {
		t.Errorf("transposed: %d rows", w.Rows)
	}
	bar.tile.OnCommit("6x4")
	d.exhibited(func(e *exhibit) bool { return e.tile.Width == 6 })
	if w := d.frame.filters.shown; w.Rows != 36 || math.Abs(float64(w.At(2, 7))-wave(2, 7)) > 1e-6 {
		t.Errorf("6×4: %v", w.At(2, 7))
	}
	bar.columns.Tapped(nil)
	d.exhibited(func(e *exhibit) bool { return e.choice.columns })
	if w := d.frame.filters.shown; math.Abs(float64(w.At(2, 1))-wave(2, 4)) > 1e-6 {
		t.Errorf("by columns: %v, want %v", w.At(2, 1), wave(2, 4))
	}
	bar.tile.OnCommit("5x5")
	d.until("the refusal", func() bool { return strings.Contains(d.banner.Text(), "25 pixels") })
	if bar.shown.tile.Width != 6 || d.session.run.exhibit == nil {
		t.Error("the tile before is gone")
	}
	if _, message := bar.tile.Check("a"); message == "" {
		t.Error("any text is a tile")
	}
}

// TestExhibitThrough looks through a whitening matrix of the same file.
func TestExhibitThrough(t *testing.T) {
	w, z := linalg.NewMatrix[float64](3, 16), linalg.NewMatrix[float64](16, 16)
	for i := range w.Data {
		w.Data[i] = wave(1, i)
	}
	for i := range 16 {
		z.Set(i, i, 2)
	}
	arrays := []modelio.Array{{Name: "ZCAWhite", Shape: []int{16, 16}, Values: z.Data}, {Name: "W", Shape: []int{3, 16}, Values: w.Data}}
	e := &exhibit{path: "x.mat", arrays: arrays, all: modelio.FindFilters(arrays)}
	c := e.first(1)
	if c.through != "ZCAWhite" {
		t.Fatalf("through %q", c.through)
	}
	got, g, err := e.choosing(c).weights()
	if err != nil || g != (dataset.Geometry{Width: 4, Height: 4, Channels: 1}) || math.Abs(got.At(1, 2)-2*w.At(1, 2)) > 1e-12 {
		t.Errorf("%v, %+v, %v", err, g, got.At(1, 2))
	}
	c.through = ""
	if got, _, _ = e.choosing(c).weights(); got.At(1, 2) != w.At(1, 2) {
		t.Error("directly they are changed")
	}
	arrays[1].Values[3] = math.NaN()
	if _, _, err = e.choosing(c).weights(); err == nil {
		t.Error("NaN is shown")
	}
}

// TestOtherReading takes the banner's offer, to and fro.
func TestOtherReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "W1.npy")
	writeNPY(t, path, 40, 64, func(i, j int) float64 { return math.Abs(wave(i, j)) })
	d := exhibitDesk(t, path)
	d.openData([]string{path}, readData, "")
	d.until("a run on it", func() bool {
		return d.session.run != nil && d.session.run.exhibit == nil && d.session.stage == training
	})
	if d.session.run.problem.Data.N != 40 || d.session.run.problem.Data.Geometry.Width != 8 {
		t.Errorf("data of %d", d.session.run.problem.Data.N)
	}
	if !strings.Contains(d.banner.Text(), "is taken for data") {
		t.Errorf("banner %q", d.banner.Text())
	}
	d.openData([]string{path}, readWeights, "")
	d.exhibited(func(*exhibit) bool { return true })
	d.until("the end of the run before", d.session.previous.ended)
	d.session.goBack()
	if d.session.run.exhibit != nil || d.session.previous != nil {
		t.Error("the run before is not called back")
	}
}

// TestUFLDLWeights looks at the files of UFLDL's exercises, where they are.
func TestUFLDLWeights(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set")
	}
	for name, want := range map[string]struct {
		units   int
		tile    dataset.Geometry
		through string
	}{
		"layer1.mat":        {200, dataset.Geometry{Width: 28, Height: 28, Channels: 1}, ""},
		"STL10Features.mat": {400, dataset.Geometry{Width: 8, Height: 8, Channels: 3}, "ZCAWhite"},
	} {
		path := filepath.Join(shared, "data/reference/ufldl-octave", name)
		if !likeWeights(t.Context(), path, 0) {
			t.Errorf("%s is not like weights", name)
		}
		e, err := openExhibit(path)
		if err != nil {
			t.Fatal(err)
		}
		w, g, err := e.weights()
		if err != nil || w.Rows != want.units || g != want.tile || !e.choice.columns || e.choice.through != want.through {
			t.Errorf("%s: %v, %d of %+v, %+v", name, err, w.Rows, g, e.choice)
		}
	}
}

// A model file of another program, without a recipe, is shown as weights.
func TestForeignModel(t *testing.T) {
	alone(t)
	path := filepath.Join(t.TempDir(), "other.safetensors")
	values := make([]float64, 5*49)
	for k := range values {
		values[k] = wave(2, k)
	}
	m := &modelio.Model{Precision: "float32"}
	m.Add("layer.0.weight", values, 5, 49)
	writeTo(t, path, func(out io.Writer) error { return modelio.Write(out, m) })
	d := exhibitDesk(t, path)
	if w := d.frame.filters.shown; w.Rows != 5 || w.Cols != 49 {
		t.Errorf("%d×%d", w.Rows, w.Cols)
	}
	if !strings.Contains(d.banner.Text(), "other.safetensors is shown as weights") {
		t.Errorf("banner %q", d.banner.Text())
	}
}
