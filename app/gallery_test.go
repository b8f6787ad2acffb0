package app

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"filterscope/engine/recipe"
)

// TestGalleryReveals: the arrow keys go through all cards, and the chosen one is
// always to be seen.
func TestGalleryReveals(t *testing.T) {
	d := newDesk(t)
	d.window.Resize(fyne.NewSize(1280, 800))
	g := d.gallery
	seen := map[string]bool{}
	for range 2 * len(g.cards) {
		for i, card := range g.cards {
			if !card.Selected() {
				continue
			}
			seen[g.recipes[i].Name] = true
			driver := fyne.CurrentApp().Driver()
			top := driver.AbsolutePositionForObject(card).Y - driver.AbsolutePositionForObject(g.scroll).Y
			if top < 0 || top+card.Size().Height > g.scroll.Size().Height {
				t.Fatalf("%s is selected at %v of %v", g.recipes[i].Name, top, g.scroll.Size().Height)
			}
		}
		d.key(fyne.KeyRight)
	}
	if len(seen) != len(g.recipes) {
		t.Errorf("%d of %d cards were selected", len(seen), len(g.recipes))
	}
	d.key(fyne.KeyUp)
	if want := g.recipes[len(g.recipes)-1-g.columns()].Name; d.session.recipe.Name != want {
		t.Errorf("a row up is %s, want %s", d.session.recipe.Name, want)
	}
}

func TestCardTags(t *testing.T) {
	for _, r := range recipe.Builtin() {
		kind, data, ok := strings.Cut(cardTag(r), " · ")
		if !ok || kind == "" {
			t.Errorf("%s: %q names no kind", r.Name, cardTag(r))
		}
		if wants := r.Data.Source == recipe.SourceFiles && !r.IsRBF(); wants != strings.Contains(data, "your") {
			t.Errorf("%s: %q, with data from %q", r.Name, cardTag(r), r.Data.Source)
		}
	}
}

// A run that starts from a card shows first what its recipe is about; one that
// starts again stays in the view that the user has gone to.
func TestShowFirst(t *testing.T) {
	for _, tt := range []struct {
		show  string
		view  viewID
		mode  codesMode
		panel bool
	}{
		{"", viewFilters, codesMap, false},
		{recipe.ShowCurves, viewCurves, codesMap, false},
		{recipe.ShowPanel, viewReconstruct, codesMap, true},
		{recipe.ShowImportance, viewCodes, codesImportance, false},
	} {
		t.Run(tt.show, func(t *testing.T) {
			d := trained(t, "dl4j-denoising", func(r *recipe.Recipe) { r.Show, r.Model.Hidden, r.Optimizer.Epochs = tt.show, 4, 1 })
			if d.view != tt.view || d.codes.req.mode != tt.mode || d.reconstruct.req.panel.on != tt.panel {
				t.Errorf("view %d, mode %d, panel %v", d.view, d.codes.req.mode, d.reconstruct.req.panel.on)
			}
			d.char('3')
			first := d.session.run
			d.start()
			d.until("another run", func() bool { return d.session.run != first && d.session.run.ended() })
			if d.view != viewReconstruct {
				t.Errorf("view %d after a restart", d.view)
			}
		})
	}
}
