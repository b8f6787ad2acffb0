package app

import (
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/recipe"
)

func TestTrueName(t *testing.T) {
	origin, err := recipe.Open("dl4j-denoising")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, want, title string
		change            func(r *recipe.Recipe)
	}{
		{"nothing", "dl4j-denoising", origin.Title, func(*recipe.Recipe) {}},
		{"the folder", "dl4j-denoising", origin.Title, func(r *recipe.Recipe) { r.Data.Path = "elsewhere" }},
		{"a value", "dl4j-denoising-edited", origin.Title + ", edited", func(r *recipe.Recipe) { r.Optimizer.LearningRate /= 2 }},
		{"the seed", "dl4j-denoising-edited", origin.Title + ", edited", func(r *recipe.Recipe) { r.Seed++ }},
		{"edited before", "old-edited", "Old", func(r *recipe.Recipe) { r.Name, r.Title, r.Model.Hidden = "old-edited", "Old", 7 }},
		{"the kind", "rbm", "Boltzmann machine (RBM)", func(r *recipe.Recipe) { *r = r.WithKind(recipe.KindRBM) }},
	} {
		r := origin
		tt.change(&r)
		got := trueName(r, origin)
		if got.Name != tt.want || got.Title != tt.title {
			t.Errorf("%s: %q, %q; want %q, %q", tt.name, got.Name, got.Title, tt.want, tt.title)
		}
		if other := got.Model.Kind != origin.Model.Kind; other != (got.About == "") || other != (got.LookFor == "") {
			t.Errorf("%s: says %q, look for %q", tt.name, got.About, got.LookFor)
		}
	}
}

// No recipe is called edited that nobody has edited, in the gallery or as the RBF
// view takes it.
func TestNamesOfBuiltin(t *testing.T) {
	alone(t)
	d := newDesk(t)
	for _, r := range recipe.Builtin() {
		d.choose(r)
		if got := d.session.named(d.session.recipe).Name; got != r.Name {
			t.Errorf("%s is called %q", r.Name, got)
		}
		if got := d.session.named(d.rbf.state.recipe).Name; r.IsRBF() && got != r.Name {
			t.Errorf("%s is called %q in the RBF view", r.Name, got)
		}
	}
}

// An edited recipe is exported, saved and shown in the title under a name that
// says so, which goes when the values are back; one that became another kind of
// model has the name of that.
func TestNameOfEdited(t *testing.T) {
	d := trained(t, "dl4j-denoising", func(r *recipe.Recipe) {
		r.Name, r.Title, r.Model.Hidden, r.Optimizer.Epochs = "mine", "Mine", 4, 1
	})
	check := func(what, export, title string) {
		t.Helper()
		if got := filepath.Base(d.exportPath(".png")); !strings.HasPrefix(got, export+"_filters_") {
			t.Errorf("%s: exported as %s, want %s_filters_…", what, got, export)
		}
		if got := d.metaOf(d.frame)["Recipe"]; got != export {
			t.Errorf("%s: the picture says that it is of %q, want %q", what, got, export)
		}
		if got := string(d.modelNow().Recipe); !strings.Contains(got, `name = "`+export+`"`) {
			t.Errorf("%s: the model is called %s", what, got)
		}
		if got := d.window.Title(); got != title+" – Filterscope" {
			t.Errorf("%s: the window is called %q", what, got)
		}
	}
	d.until("a frame", func() bool { return d.frame != nil && d.frame.snap.Phase.Ended() })
	check("trained", "mine", "Mine")
	d.edit(func(r *recipe.Recipe) { r.Model.Hidden = 5 })
	check("edited, not started", "mine", "Mine")
	again := func() {
		before := d.session.run
		d.start()
		d.until("another run", func() bool {
			return d.session.run != before && d.session.run.ended() && d.frame != nil && d.frame.run == d.session.run && d.frame.snap.Phase.Ended()
		})
	}
	again()
	check("edited", "mine-edited", "Mine, edited")
	d.edit(func(r *recipe.Recipe) { r.Model.Hidden = 4 })
	again()
	check("back", "mine", "Mine")
	d.edit(func(r *recipe.Recipe) { *r = r.WithKind(recipe.KindLinear); r.Optimizer.Epochs = 1 })
	again()
	check("another kind", "linear", "Linear layer (identity)")

	d.backToGallery()
	if d.window.Title() != "Filterscope" || d.gallery.title.Text() != "Linear layer (identity)" || d.gallery.lookFor.Visible() {
		t.Errorf("the gallery of %q speaks of %q", d.window.Title(), d.gallery.title.Text())
	}
}
