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
