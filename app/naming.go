package app

import (
	"bytes"
	"strings"
	"sync"

	"filterscope/engine/recipe"
)

// A recipe keeps its name while the form edits it; what leaves the window, and
// the window's title, has it under a name that is true.

// edited ends the name of a recipe that is no more what its name stands for.
const edited = "-edited"

// trueName returns r under a name that is true, when origin is what its own name
// stands for: the same while nothing but the place of the data differs, with an
// ending when other values do, and that of its kind when it has become a model of
// another kind, of which the sentences about the recipe say nothing.
func trueName(r, origin recipe.Recipe) recipe.Recipe {
	switch {
	case r.Model.Kind != origin.Model.Kind:
		r.Name, r.Title, r.About, r.LookFor, r.Show = r.Model.Kind, kindName(r.Model.Kind), "", "", ""
	case !bytes.Equal(nameless(r), nameless(origin)) && !strings.HasSuffix(r.Name, edited):
		r.Name += edited
		r.Title += ", edited"
	}
	return r
}

// nameless is the text of a recipe without names, sentences and places.
func nameless(r recipe.Recipe) []byte {
	r.Name, r.Title, r.About, r.LookFor, r.Show = "", "", "", "", ""
	r.Data.Path, r.Data.Paths = "", nil
	return r.Encode()
}

// builtin are the recipes that come with the program, read once.
var builtin = sync.OnceValue(recipe.Builtin)

// named returns a recipe of the session under a name that is true.
func (s *session) named(r recipe.Recipe) recipe.Recipe { return trueName(r, s.originOf(r)) }

// originOf returns what the name of a recipe stands for: the built-in recipe, or
// the one that was opened under that name.
func (s *session) originOf(r recipe.Recipe) recipe.Recipe {
	for _, b := range builtin() {
		if b.Name == r.Name {
			return b
		}
	}
	if opened, ok := s.known[r.Name]; ok {
		return opened
	}
	return r
}

// remember makes r what its name stands for, unless that is a built-in recipe.
func (s *session) remember(r recipe.Recipe) {
	if s.known == nil {
		s.known = map[string]recipe.Recipe{}
	}
	s.known[r.Name] = r
}

// met remembers r if its name is new.
func (s *session) met(r recipe.Recipe) {
	if _, ok := s.known[r.Name]; !ok {
		s.remember(r)
	}
}

// shownRecipe is the recipe of what the window shows, under a name that is true:
// of the run where its views show it, else of the form.
func (w *Window) shownRecipe() recipe.Recipe {
	switch run := w.session.run; {
	case w.view == viewRBF:
		return w.session.named(w.rbf.state.recipe)
	case w.view != viewData && run != nil:
		return w.session.named(run.recipe())
	}
	return w.session.named(w.session.recipe)
}

// runName is the true name of the present run's recipe.
func (w *Window) runName() string { return w.session.named(w.session.run.recipe()).Name }

// entitle writes the window's title.
func (w *Window) entitle() {
	title := "Filterscope"
	if run := w.session.run; run != nil || w.view == viewRBF {
		title = w.shownRecipe().Title + " – " + title
	}
	if title != w.window.Title() {
		w.window.SetTitle(title)
	}
}
