package app

import (
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// dataDesk opens a window on its Data view, with the data of r.
func dataDesk(t *testing.T, r recipe.Recipe) *desk {
	t.Helper()
	d := newDesk(t)
	d.loops()
	d.choose(r)
	d.showView(viewData)
	d.previewed()
	return d
}

// loops runs the goroutine of the Data view until the test ends.
func (d *desk) loops() {
	ctx, cancel := context.WithCancel(context.Background())
	go d.dataDrawer.loop(ctx)
	d.t.Cleanup(func() {
		cancel()
		d.until("the drawer to end", func() bool {
			select {
			case <-d.dataDrawer.ended:
				return true
			default:
				return false
			}
		})
	})
}

// previewed waits until the view shows the recipe as it is now.
func (d *desk) previewed() {
	d.t.Helper()
	d.until("the data", func() bool {
		f := d.data.frame
		return f != nil && !f.busy && previewKey(f.req) == previewKey(d.data.req) && f.req.detail == d.data.req.detail &&
			f.req.stage == d.data.req.stage && (f.fault != nil || len(f.cards) == len(d.data.cards))
	})
}

func stepNames(r recipe.Recipe) string {
	var names []string
	for _, s := range r.Preprocess {
		names = append(names, s.Step)
	}
	return strings.Join(names, " ")
}

func TestDataViewEditsSteps(t *testing.T) {
	alone(t)
	d := dataDesk(t, tiny(t))
	if n := len(d.data.cards); n != 2 {
		t.Fatalf("%d cards for one step", n)
	}
	d.data.addStep("zca")
	d.data.addStep("ufldl-normalise")
	if got := stepNames(d.session.recipe); got != "scale zca ufldl-normalise" {
		t.Fatalf("steps %q", got)
	}
	d.previewed()
	if s := d.data.frame.preview.Stages[3]; s.Low < 0.1-1e-9 || s.High > 0.9+1e-9 {
		t.Errorf("after ufldl-normalise %v to %v", s.Low, s.High)
	}
	d.data.cards[2].value.OnCommit(0.5)
	if e := d.session.recipe.Preprocess[1].Epsilon; e == nil || *e != 0.5 {
		t.Errorf("ε = %v", e)
	}
	d.data.moveStep(2, -1)
	if got := stepNames(d.session.recipe); got != "scale ufldl-normalise zca" || d.data.req.stage != 2 {
		t.Errorf("steps %q, stage %d", got, d.data.req.stage)
	}
	d.data.removeStep(0)
	for range 5 {
		d.data.undoStep()
	}
	if got := stepNames(d.session.recipe); got != "scale" {
		t.Errorf("after undoing all %q", got)
	}
	if d.data.undo.Disabled() == false {
		t.Error("there is still something to undo")
	}
}

func TestDataViewAdvises(t *testing.T) {
	alone(t)
	d := dataDesk(t, tiny(t))
	d.data.removeStep(0)
	d.previewed()
	if !d.data.lines[0].Visible() || !strings.Contains(d.data.lines[0].Text(), "Sigmoid output but data outside [0, 1]") {
		t.Errorf("advice %q", d.data.lines[0].Text())
	}
}

func TestDataViewDetails(t *testing.T) {
	alone(t)
	d := dataDesk(t, tiny(t))
	for detail, about := range map[dataDetail]string{
		detailExamples: "scale", detailMoments: "scale", detailSpectrum: "90 % of the variance in",
		detailSource: "picture.png (1 of 1), 40×40 px · 200 patches cut from it",
	} {
		d.data.showDetail(detail)
		d.previewed()
		if d.data.frame.detail == nil || !strings.Contains(d.data.about.Text(), about) {
			t.Errorf("detail %d: %q, want %q", detail, d.data.about.Text(), about)
		}
	}
	d.data.showDetail(detailExamples)
	d.previewed()
	d.data.pick(d.data.frame.grid.Cell(3).Min)
	if d.data.req.detail != detailSource || d.data.req.example != 3 {
		t.Errorf("a click shows detail %d of example %d", d.data.req.detail, d.data.req.example)
	}
}

// TestDataViewSharesData checks that a run takes the data that the view has
// loaded.
func TestDataViewSharesData(t *testing.T) {
	d := dataDesk(t, tiny(t))
	data := d.data.frame.preview.Data
	d.start()
	d.until("a run", func() bool { return d.session.run != nil })
	if d.session.run.problem.Data != data {
		t.Error("the run loaded its data again")
	}
	if d.view != viewFilters {
		t.Errorf("the run is shown in view %d", d.view)
	}
}

// The strips and charts of a table tell what is under the pointer.
func TestDataViewReadsTables(t *testing.T) {
	alone(t)
	path := filepath.Join(t.TempDir(), "table.csv")
	writeText(t, path, "long,wide\n1,2\n3,4\n5,9\n")
	r := tableRecipe(2)
	r.Data.Path = path
	d := dataDesk(t, r)
	content := d.data.picture.Content()
	point(d.data.picture, image.Pt(content.X*3/4, content.Y/2))
	if got := d.readout.Text(); got != "example 2 · feature 2 (wide) = -0.3397" && got != "example 2 · feature 2 (wide) = −0.3397" {
		t.Errorf("the strip says %q", got)
	}
	for detail, want := range map[dataDetail]string{detailMoments: "feature 1 · mean", detailSpectrum: "principal component 1 · variance"} {
		d.data.showDetail(detail)
		d.until("the chart", func() bool { return len(d.data.frame.series.Series) > 0 && d.data.frame.req.detail == detail })
		point(d.data.picture, d.data.frame.chart.Area.Min.Add(image.Pt(2, 20)))
		if got := d.readout.Text(); !strings.HasPrefix(got, want) {
			t.Errorf("the chart says %q, want %q", got, want)
		}
	}
}

// Loading can be given up, and taken up again.
func TestDataViewGivesUp(t *testing.T) {
	d := newDesk(t)
	d.loops()
	<-d.session.cache.turn // as another load would
	d.choose(tiny(t))
	d.showView(viewData)
	d.until("the loading", func() bool { return d.data.frame != nil && d.data.frame.loading })
	if !d.data.stop.Visible() || d.data.note.Text() == "" || !d.data.note.Visible() {
		t.Error("the view is blank, or cannot be stopped")
	}
	d.data.stopOrLoad()
	d.until("the end of it", func() bool { return d.data.frame.fault == errCancelled })
	if got := d.data.note.Text(); got != "Loading was given up." {
		t.Errorf("the view says %q", got)
	}
	d.session.cache.turn <- struct{}{}
	d.data.stopOrLoad()
	d.previewed()
	if d.data.preview() == nil || d.data.stop.Visible() || d.data.note.Visible() {
		t.Errorf("the view says %q", d.data.source.Text())
	}
	if got := d.form.count.Value(); got != "200, 4×4 px" {
		t.Errorf("the form says %q", got)
	}
}

// Keys undo steps and select stages; the picture can be exported.
func TestDataViewKeys(t *testing.T) {
	d := dataDesk(t, tiny(t))
	d.data.addStep("zca")
	d.previewed()
	d.key(fyne.KeyLeft)
	if d.data.req.stage != 1 || !d.data.cards[1].card.Selected() {
		t.Errorf("stage %d", d.data.req.stage)
	}
	d.key(fyne.KeyRight)
	d.key(fyne.KeyRight)
	if d.data.req.stage != 2 {
		t.Errorf("stage %d", d.data.req.stage)
	}
	d.previewed()
	d.menu("Undo")
	if got := stepNames(d.session.recipe); got != "scale" {
		t.Errorf("steps %q", got)
	}
	d.previewed()
	for _, detail := range []dataDetail{detailExamples, detailSource} {
		d.data.showDetail(detail)
		d.until("the picture", func() bool {
			return d.data.frame.detail != nil && d.data.frame.req.detail == detail && !d.data.frame.busy
		})
		d.menu("Picture of this view…")
		path := filepath.Join(t.TempDir(), "data.png")
		for _, o := range test.LaidOutObjects(d.window.Canvas().Overlays().Top()) {
			if e, ok := o.(*pathEntry); ok {
				e.SetText(path)
			}
		}
		want := d.data.frame.pictureSize()
		d.press("Export")
		d.until("the file", func() bool { _, err := os.Stat(path); return err == nil })
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		c, err := png.DecodeConfig(in)
		_ = in.Close()
		if err != nil || c.Width != want.X || c.Height != want.Y {
			t.Errorf("%v, %d×%d, want %v", err, c.Width, c.Height, want)
		}
	}
}

func TestDataViewFault(t *testing.T) {
	alone(t)
	r := tiny(t)
	r.Data = recipe.Data{Source: recipe.SourceFiles, Path: filepath.Join(t.TempDir(), "table.csv")}
	r.Preprocess = []preprocess.Spec{{Step: "scale"}}
	writeText(t, r.Data.Path, "a,b\n1,2\n3,x\n")
	d := dataDesk(t, r)
	if text := d.data.source.Text(); !strings.HasPrefix(text, "The data could not be used: ") || !strings.Contains(text, "x") {
		t.Errorf("the view says %q", text)
	}
	d.key(fyne.KeyEscape)
}
