package app

import (
	"fmt"
	"image"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset/npy"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// loadedRun waits until the session has a run on N examples.
func (d *desk) loadedRun(n int) {
	d.t.Helper()
	d.until("a run", func() bool {
		return d.session.stage == training && d.session.run != nil && d.session.run.problem.Data.N == n
	})
}

// Several files dropped at once are read together; the bad one is named.
func TestDropSeveral(t *testing.T) {
	d := newDesk(t)
	d.choose(tiny(t))
	dir := t.TempDir()
	paths := []string{filepath.Join(dir, "a.png"), filepath.Join(dir, "b.png"), filepath.Join(dir, "c.png")}
	writePNG(t, paths[0], 40, 1)
	writePNG(t, paths[1], 40, 2)
	writeText(t, paths[2], "no image")
	d.dropped(paths...)
	d.loadedRun(200)
	run := d.session.run
	if data := run.problem.Data; len(data.Sources) != 2 || len(run.problem.Recipe.Data.Paths) != 3 || sourceText(run.problem.Recipe) != "3 files" {
		t.Errorf("sources %q of %+v", data.Sources, run.problem.Recipe.Data)
	}
	if !strings.Contains(d.banner.Text(), "c.png") {
		t.Errorf("banner %q", d.banner.Text())
	}
	d.untilEnded()
}

// A table of numbers and names gets a recipe of its own, and its labels.
func TestSuitTable(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	var text, two strings.Builder
	text.WriteString("length,width,height,kind\n")
	two.WriteString("length,colour,kind\n")
	for i := range 40 {
		fmt.Fprintf(&text, "%d,%d,%d,%s\n", i%7, i%5, i%3, []string{"oak", "elm"}[i%2])
		fmt.Fprintf(&two, "%d,%s,%s\n", i%7, []string{"red", "blue", "green"}[i%3], []string{"oak", "elm"}[i%2])
	}
	one, both := filepath.Join(dir, "one.csv"), filepath.Join(dir, "two.csv")
	writeText(t, one, text.String())
	writeText(t, both, two.String())

	s, err := surveyOf(t.Context(), []string{one}, readGuess, "")
	if err != nil || !s.material.table || s.material.features != 4 || s.material.label != "kind" {
		t.Fatalf("%+v, %v", s, err)
	}
	r := suit(tiny(t), s.paths, s.material)
	if r.Name != suitsTable || r.Model.Hidden != 2 || r.Model.Decoder != recipe.DecoderLinear || stepNames(r) != "standardise" || r.Data.Label != "kind" {
		t.Errorf("%+v", r)
	}
	s, err = surveyOf(t.Context(), []string{both}, readGuess, "")
	if err != nil || s.material.label != "" || !s.material.categories {
		t.Fatalf("%+v, %v", s, err)
	}
	if r = suit(r, s.paths, s.material); stepNames(r) != "one-hot standardise" || r.Data.Label != "" || !r.Data.Categories {
		t.Errorf("%+v", r)
	}

	d := newDesk(t)
	d.Open(one)
	d.loadedRun(40)
	if labels := d.session.run.problem.Data.LabelNames; len(labels) != 2 {
		t.Errorf("labels %q", labels)
	}
	if !d.form.labels.Visible() || d.form.labels.Selected() != "kind" || d.form.colour.Visible() {
		t.Error("the form does not offer the labels")
	}
	d.untilEnded()
	d.form.labels.Choice().OnChange(labelsNone)
	if d.session.recipe.Data.Label != "none" {
		t.Errorf("label %q", d.session.recipe.Data.Label)
	}
}

// A stack of large images is cut into patches; of several arrays one is asked for.
func TestOpenArrays(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	stack, several := filepath.Join(dir, "stack.npz"), filepath.Join(dir, "several.npz")
	values := make([]float64, 3*64*64)
	for i := range values {
		values[i] = math.Sin(float64(i))
	}
	array := func(shape ...int) *npy.Array {
		n := 1
		for _, s := range shape {
			n *= s
		}
		return &npy.Array{Shape: shape, Data: values[:n]}
	}
	writeTo(t, stack, func(out io.Writer) error {
		return npy.WriteZip(out, []npy.Named{{Name: "pictures", Array: array(3, 64, 64)}})
	})
	writeTo(t, several, func(out io.Writer) error {
		return npy.WriteZip(out, []npy.Named{{Name: "left", Array: array(30, 7)}, {Name: "right", Array: array(50, 5)}})
	})
	d := newDesk(t)
	d.choose(tiny(t))
	d.Open(stack)
	d.loadedRun(200)
	if r := d.session.run.problem.Recipe; r.Data.PatchSize != 4 || r.Data.Whiten {
		t.Errorf("%+v", r.Data)
	}
	d.untilEnded()
	d.Open(several)
	d.until("the question", d.dialogOpen)
	d.press("Open")
	d.loadedRun(30)
	if r := d.session.run.problem.Recipe; r.Data.Variable != "left" || r.Name != suitsTable {
		t.Errorf("%s: %+v", r.Name, r.Data)
	}
	d.untilEnded()
}

// A load that takes much memory is asked about before.
func TestLargeLoad(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.session.cache.large = 1000
	r := tiny(t)
	d.choose(r)
	d.start()
	d.until("the question", func() bool {
		return strings.HasPrefix(d.banner.Text(), "The data are large: 200 examples of 16 values")
	})
	if d.session.stage != choosing {
		t.Errorf("stage %v", d.session.stage)
	}
	d.pressBanner("Cancel")
	if d.banner.Visible() || d.session.run != nil {
		t.Error("Cancel does not cancel")
	}
	d.start()
	d.said()
	d.pressBanner("Load")
	d.loadedRun(200)
	d.untilEnded()
}

func TestLargeLoadInDataView(t *testing.T) {
	d := newDesk(t)
	d.session.cache.large = 1000
	d.loops()
	d.choose(tiny(t))
	d.showView(viewData)
	d.until("the question", func() bool { return strings.HasPrefix(d.banner.Text(), "The data are large") })
	d.pressBanner("Load")
	d.previewed()
	if d.data.preview() == nil {
		t.Errorf("the view says %q", d.data.source.Text())
	}
}

func TestSetColour(t *testing.T) {
	r := tiny(t)
	setColour(&r, true)
	if !r.Data.Colour || r.Model.Decoder != recipe.DecoderLinear || stepNames(r) != "scale subtract-mean zca" {
		t.Errorf("%+v", r)
	}
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
	r.Preprocess = []preprocess.Spec{{Step: "scale"}}
	setColour(&r, false)
	setColour(&r, true)
	if stepNames(r) != "scale" {
		t.Error("steps of the user's own are replaced")
	}
	if !mayBeColoured(r) || mayBeColoured(recipe.Default()) {
		t.Error("colours are offered for the wrong data")
	}
}

func TestShrunk(t *testing.T) {
	small, w, h := shrunk([]float64{1, 3, 5, 5, 7, 9, 2, 4, 6}, 3, 3, 1, 2)
	if w != 2 || h != 2 || fmt.Sprint(small) != "[4 7 3 6]" {
		t.Errorf("%d×%d %v", w, h, small)
	}
	for _, c := range []struct{ image, view, want int }{{100, 200, 1}, {200, 200, 1}, {201, 200, 2}, {1000, 300, 4}} {
		if got := reduction(image.Pt(c.image, 10), image.Pt(c.view, 100)); got != c.want {
			t.Errorf("%d in %d: %d", c.image, c.view, got)
		}
	}
	if _, err := surveyOf(t.Context(), []string{"none"}, readGuess, ""); err == nil {
		t.Error("a file that is not there is looked at")
	}
}

func TestDifferences(t *testing.T) {
	from := tiny(t)
	to := from
	to.Model.Hidden = 9
	to.Data.Colour = true
	if got := differences(from, to, false); got != "colour on, hidden 4 → 9" {
		t.Errorf("%q", got)
	}
	if got := differences(to, from, false); got != "hidden 9 → 4, no colour" {
		t.Errorf("%q", got)
	}
	to = from
	to.Preprocess = []preprocess.Spec{{Step: "scale"}, {Step: "zca", Epsilon: new(0.2)}}
	if got := differences(from, to, false); got != "the steps of the preprocessing changed" {
		t.Errorf("%q", got)
	}
	other := to
	other.Preprocess = []preprocess.Spec{{Step: "scale"}, {Step: "zca", Epsilon: new(0.5)}}
	if got := differences(to, other, false); got != "epsilon 0.2 → 0.5" {
		t.Errorf("%q", got)
	}
}

// A table with missing cells is refused with what can be done, which the banner does.
func TestOpenMissingCells(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gaps.csv")
	var text strings.Builder
	text.WriteString("length,width,height\n")
	for i := range 40 {
		fmt.Fprintf(&text, "%d,%d,%s\n", i%7, i%5, []string{"", "1", "2", "4"}[i%4])
	}
	writeText(t, path, text.String())
	for _, c := range []struct {
		button string
		n      int
	}{{"Fill with means", 40}, {"Leave lines out", 30}} {
		d := newDesk(t)
		d.Open(path)
		d.said()
		if text := d.banner.Text(); !strings.Contains(text, "line 2, column 3 (height): the cell is empty; fill it, or choose data.missing = mean") {
			t.Errorf("the banner says %q", text)
		}
		d.pressBanner(c.button)
		d.loadedRun(c.n)
		if r := d.session.run.problem.Recipe; r.Name != suitsTable || stepNames(r) != "standardise" {
			t.Errorf("%s: the recipe %s prepares by %q", c.button, r.Name, stepNames(r))
		}
		if text := d.banner.Text(); !strings.Contains(text, "gaps.csv: 10 ") {
			t.Errorf("%s: the banner says %q", c.button, text)
		}
	}
}
