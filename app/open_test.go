package app

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"filterscope/engine/recipe"
)

// A recipe that is opened stands in the gallery, ready to start.
func TestOpenRecipe(t *testing.T) {
	d := newDesk(t)
	r := tiny(t)
	path := filepath.Join(t.TempDir(), "mine.toml")
	writeText(t, path, string(r.Encode()))
	d.Open(path)
	if d.session.stage != choosing || d.session.recipe.Name != "tiny" {
		t.Errorf("stage %v, recipe %s", d.session.stage, d.session.recipe.Name)
	}
	d.key(fyne.KeySpace)
	d.untilEnded()

	for text, want := range map[string]string{
		"version = 1\ncolour = 'red'\n":    "unknown key colour",
		"version = 1\n[model]\nrho = 1.2":  "model.rho",
		"version = 1\n[model\n":            "line 2",
		strings.Repeat("\x00\xff", 10_000): "The recipe could not be opened",
	} {
		writeText(t, path, text)
		run := d.session.run
		d.Open(path)
		if !strings.Contains(d.banner.Text(), want) || strings.Contains(d.banner.Text(), "\n") {
			t.Errorf("banner %q, want %q in one line", d.banner.Text(), want)
		}
		if d.session.run != run {
			t.Error("a bad recipe takes the run away")
		}
	}
}

// A recipe whose count is 0 takes all examples; the form has no quarrel with that.
func TestRecipeOfAllExamples(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r := tiny(t)
	r.Data.Count = 0
	d.choose(r)
	if d.form.faulty() != "" || d.form.examples.Message() != "" {
		t.Errorf("the form says %q", d.form.faulty())
	}
}

// A picture is cut into patches by a recipe that suits it; so is a folder, whose bad file is named while the good ones
// are used.
func TestOpenPictures(t *testing.T) {
	d := newDesk(t)
	folder := t.TempDir()
	writePNG(t, filepath.Join(folder, "a.png"), 40, 1)
	writePNG(t, filepath.Join(folder, "b.png"), 40, 2)
	writeText(t, filepath.Join(folder, "broken.png"), "not a picture")
	writeText(t, filepath.Join(folder, "notes.txt"), "not one either")

	d.choose(tiny(t))
	d.Open(filepath.Join(folder, "a.png"))
	d.untilEnded()
	if r := d.session.run.problem.Recipe; r.Data.PatchSize != 4 || r.Data.Path != filepath.Join(folder, "a.png") || r.Model.Hidden != 4 {
		t.Errorf("the present recipe would have suited, took %+v", r)
	}

	d.dropped(folder)
	d.until("the run on the folder", func() bool {
		return d.session.run.problem.Recipe.Data.Path == folder && d.session.stage == training
	})
	if !strings.Contains(d.banner.Text(), "broken.png") {
		t.Errorf("banner %q does not name the bad file", d.banner.Text())
	}
	if got := d.session.run.problem.Data.N; got == 0 {
		t.Error("the good files are not used")
	}
	d.stopRun()
	d.untilEnded()
	if !strings.Contains(d.banner.Text(), "broken.png") {
		t.Errorf("the end of the run takes the warning away: %q", d.banner.Text())
	}
}

// dropped drops the files on the window.
func (d *desk) dropped(paths ...string) {
	uris := make([]fyne.URI, len(paths))
	for i, p := range paths {
		uris[i] = storage.NewFileURI(p)
	}
	d.openDropped(uris)
}

func TestDrop(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.choose(tiny(t))
	folder := t.TempDir()
	writePNG(t, filepath.Join(folder, "a.png"), 40, 1)
	d.dropped()
	d.dropped(filepath.Join(folder, "a.toml"), filepath.Join(folder, "b.png"))
	if !strings.Contains(d.banner.Text(), "a.toml") || d.session.stage != choosing {
		t.Errorf("banner %q", d.banner.Text())
	}
	d.showKeys()
	d.dropped(filepath.Join(folder, "a.png"))
	if d.session.stage != choosing {
		t.Error("a drop goes through an open dialog")
	}
}

// suit keeps a recipe that can take the data and finds one for those it cannot; odd paths do no harm.
func TestSuit(t *testing.T) {
	folder := t.TempDir()
	make1 := func(name string, files ...string) string {
		dir := filepath.Join(folder, name)
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			writeText(t, filepath.Join(dir, f), "")
		}
		return dir
	}
	photos := make1("photos", "a.JPG", "b.png", "readme.txt", "Thumbs.db", ".DS_Store", "index.html", "x.xmp", "y.xmp")
	digits := make1("digits", "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "sample.png")
	empty := make1("empty")
	odd := make1("odd [1] ünïcode #?%", "ä.png")
	patches, digitsRecipe := recipe.Default(), recipe.Default()
	patches.Data = recipe.Data{Source: recipe.SourceFiles, PatchSize: 8}
	patches.Name = "patches"
	digitsRecipe.Data = recipe.Data{Source: recipe.SourceMNIST}
	digitsRecipe.Name = "digits"
	for _, c := range []struct {
		r    recipe.Recipe
		path string
		want string
	}{
		{patches, photos, "patches"},
		{patches, filepath.Join(photos, "a.JPG"), "patches"},
		{patches, odd, "patches"},
		{patches, digits, "ufldl-mnist"},
		{patches, filepath.Join(digits, "train-images-idx3-ubyte.gz"), "ufldl-mnist"},
		{patches, "table.CSV", "ufldl-mnist"},
		{digitsRecipe, photos, "ufldl-patches"},
		{digitsRecipe, filepath.Join(odd, "ä.png"), "ufldl-patches"},
		{digitsRecipe, digits, "digits"},
		{digitsRecipe, "table.npy", "digits"},
		{digitsRecipe, empty, "digits"},
		{digitsRecipe, "", "digits"},
		{digitsRecipe, filepath.Join(folder, "none"), "digits"},
	} {
		got := suit(c.r, []string{c.path}, material{pictures: picturesAt(c.path)})
		if got.Name != c.want || got.Data.Path != c.path {
			t.Errorf("%s with %q gives %s with %q, want %s", c.r.Name, c.path, got.Name, got.Data.Path, c.want)
		}
		if err := got.Validate(); err != nil {
			t.Errorf("%s with %q: %v", c.r.Name, c.path, err)
		}
	}
}

func TestOpenModelThatIsNone(t *testing.T) {
	alone(t)
	d := newDesk(t)
	path := filepath.Join(t.TempDir(), "x.safetensors")
	writeText(t, path, strings.Repeat("\xff", 4096))
	d.Open(path)
	d.said()
	if !strings.Contains(d.banner.Text(), "The model could not be opened") || strings.Contains(d.banner.Text(), "internal error") {
		t.Errorf("banner %q", d.banner.Text())
	}
	if d.session.stage != choosing || !d.gallery.object.Visible() {
		t.Error("the gallery is gone")
	}
}

func TestParseTask(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a b.png")
	writeText(t, file, "")
	for _, c := range []struct {
		args []string
		want Task
		err  string
	}{
		{nil, Task{}, ""},
		{[]string{file}, Task{paths: []string{file}}, ""},
		{[]string{file, file}, Task{paths: []string{file, file}}, ""},
		{[]string{"shots", "dir"}, Task{shots: "dir"}, ""},
		{[]string{"shots"}, Task{}, "want filterscope shots DIR"},
		{[]string{"shots", "dir", "recipes"}, Task{shots: "dir", recipes: true, limit: recipeTime}, ""},
		{[]string{"shots", "dir", "recipes=soon"}, Task{}, "want a time"},
		{[]string{"smoke", "views"}, Task{views: true}, ""},
		{[]string{"smoke"}, Task{smoke: true}, ""},
		{[]string{"--frobnicate"}, Task{}, "there is no such command"},
		{[]string{file, "-x"}, Task{}, "-x is neither a command"},
		{[]string{"no-such-file"}, Task{}, "neither a command"},
	} {
		got, err := ParseTask(c.args)
		if !reflect.DeepEqual(got, c.want) || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("ParseTask(%q) = %+v, %v", c.args, got, err)
		}
	}
}
