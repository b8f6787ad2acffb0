package app

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"filterscope/engine/recipe"
)

// TestGalleryReveals: the arrow keys go through all cards, and the chosen one is
// always to be seen.
func TestGalleryReveals(t *testing.T) {
	alone(t)
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

// Every card shows the whole of its sentence, in windows of all widths, and no
// card lies over another.
func TestGalleryTexts(t *testing.T) {
	alone(t)
	d := newDesk(t)
	for _, size := range []fyne.Size{{Width: 1280, Height: 760}, {Width: 1600, Height: 1000}, {Width: 1024, Height: 680}, {Width: 1920, Height: 1080}} {
		d.window.Resize(size)
		g, driver := d.gallery, fyne.CurrentApp().Driver()
		bottom := map[float32]float32{} // of the cards in a column
		for i, card := range g.cards {
			var shown []string
			for _, o := range test.WidgetRenderer(card).Objects() {
				if line, ok := o.(*canvas.Text); ok && line.Text != "" {
					shown = append(shown, line.Text)
				}
			}
			r := g.recipes[i]
			if got, want := strings.Join(shown, " "), r.Title+" "+r.LookFor+" "+cardTag(r); got != want {
				t.Errorf("%v: a card shows %q, want %q", size, got, want)
			}
			at := driver.AbsolutePositionForObject(card)
			if at.Y < bottom[at.X] {
				t.Errorf("%v: %s begins at %v, the card above ends at %v", size, r.Name, at.Y, bottom[at.X])
			}
			bottom[at.X] = at.Y + card.Size().Height
		}
		end := driver.AbsolutePositionForObject(g.scroll.Content).Y + g.scroll.Content.Size().Height
		for x, y := range bottom {
			if y > end {
				t.Errorf("%v: the column at %v ends at %v, what scrolls at %v", size, x, y, end)
			}
		}
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
	alone(t)
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
