package app

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// Every key does one thing, stands in a menu and in the key list, and only shortcuts with a modifier are the menus'.
func TestKeyTable(t *testing.T) {
	alone(t)
	d := newDesk(t)
	shortcuts, keys, chars := map[string]string{}, map[fyne.KeyName]string{}, map[rune]string{}
	labels := map[string]bool{}
	for _, a := range d.actions {
		name := a.menu + " / " + a.label
		if labels[name] {
			t.Errorf("%s is there twice", name)
		}
		labels[name] = true
		if a.item == nil || a.item.Shortcut != a.shortcut || a.run == nil {
			t.Errorf("%s is in no menu", name)
		}
		bound := 0
		if a.shortcut != nil {
			bound++
			if other, ok := shortcuts[a.shortcut.ShortcutName()]; ok {
				t.Errorf("%s and %s share %s", name, other, a.shortcut.ShortcutName())
			}
			shortcuts[a.shortcut.ShortcutName()] = name
		}
		if a.key != "" {
			bound++
			if other, ok := keys[a.key]; ok {
				t.Errorf("%s and %s share %s", name, other, a.key)
			}
			keys[a.key] = name
		}
		if a.char != 0 {
			bound++
			if other, ok := chars[lower(a.char)]; ok {
				t.Errorf("%s and %s share %c", name, other, a.char)
			}
			chars[lower(a.char)] = name
		}
		if bound > 1 {
			t.Errorf("%s has %d keys", name, bound)
		}
		if (bound == 1) != (a.hint != "") {
			t.Errorf("%s has %d keys and the hint %q", name, bound, a.hint)
		}
		if a.char != 0 && !strings.EqualFold(a.hint, string(a.char)) {
			t.Errorf("%s: the key is %c, the hint %q", name, a.char, a.hint)
		}
	}
	items, quits := 0, 0
	for _, m := range d.window.MainMenu().Items {
		for _, item := range m.Items {
			if !item.IsSeparator {
				items++
			}
			if item.IsQuit {
				quits++
			}
		}
	}
	if items != len(d.actions) || quits != 1 {
		t.Errorf("the menus have %d items for %d actions, %d of them quit", items, len(d.actions), quits)
	}
}

// Every action can be used in every state: gallery, loading, running, paused, ended, each view. Nothing panics, and a
// dialog that opens can be closed.
func TestEveryActionEverywhere(t *testing.T) {
	alone(t)
	closeDialogs := func(d *desk) {
		overlays := d.window.Canvas().Overlays()
		for overlays.Top() != nil {
			overlays.Remove(overlays.Top())
		}
	}
	skip := map[string]bool{
		"Quit": true,
		// Fyne's file dialogs and new themes take long, and are the same in every state.
		"Open…": true, "Open folder…": true, "Follow the system's colours": true, "Light": true, "Dark": true,
	}
	states := []struct {
		name  string
		reach func(d *desk)
	}{
		{"gallery", func(d *desk) {}},
		{"loading", func(d *desk) { d.start() }},
		{"running", func(d *desk) { d.run(endless(t)) }},
		{"ended", func(d *desk) { d.run(tiny(t)); d.untilEnded() }},
	}
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			d := newDesk(t)
			for _, view := range []viewID{viewFilters, viewReconstruct} {
				d.choose(tiny(t))
				s.reach(d)
				for _, a := range d.actions {
					if skip[a.label] {
						continue
					}
					d.view = view
					d.perform(a)
					closeDialogs(d)
					d.q.drain()
				}
			}
		})
	}
}

// With a field focused, keys go to the field; Escape there leaves it, and only then deselects.
func TestKeysInAField(t *testing.T) {
	alone(t)
	d := finished(t)
	d.filters.choose(1)
	d.typeInto(d.form.hidden, "12")
	field := d.form.hidden.Field()
	field.TypedRune(' ')
	field.TypedRune('3')
	if d.view != viewFilters || d.session.active() {
		t.Error("keys in a field reach the window")
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if d.session.recipe.Model.Hidden != 4 || d.unit != 1 {
		t.Errorf("after Escape: hidden %d, unit %d", d.session.recipe.Model.Hidden, d.unit)
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if d.window.Canvas().Focused() != nil {
		t.Error("a second Escape does not leave the field")
	}
}

func TestPreferences(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r, err := recipe.Open("strokes")
	if err != nil {
		t.Fatal(err)
	}
	d.choose(r)
	d.window.Resize(fyne.NewSize(1400, 900))
	d.filters.cycleGap()
	d.filters.cycleMap()
	d.filters.cycleScale()
	d.toggleLeft()
	d.toggleRight()
	d.shut()

	d = anotherDesk(t)
	if d.session.recipe.Name != "strokes" || d.filters.gap != 4 || d.left.Visible() || d.preferRight() || d.variant != "dark" {
		t.Errorf("restored: recipe %s, gap %d, left %v, right %v, %s", d.session.recipe.Name, d.filters.gap, d.left.Visible(), d.preferRight(), d.variant)
	}
	if q := d.filters.req; q.options.Map != render.Map(1) || q.scaling.Scale != render.ScaleBlend || d.filters.scale.Selected() != 1 {
		t.Errorf("restored: map %v, scale %v", q.options.Map, q.scaling.Scale)
	}
	if got := d.window.Canvas().Size(); got != fyne.NewSize(1400, 900) {
		t.Errorf("size %v", got)
	}
	d.shut()

	p := testApp().Preferences() // as a hand might have edited them
	p.SetFloat(prefWidth, -3)
	p.SetInt(prefGap, -5)
	p.SetInt(prefZoom, 0)
	p.SetInt(prefMap, 99)
	p.SetInt(prefScale, -7)
	p.SetString(prefRecipe, "no such recipe")
	p.SetString(prefVariant, "pink")
	d = anotherDesk(t)
	d.run(tiny(t))
	d.untilEnded()
	d.settle()
	d.exportDialog()
	if d.window.Canvas().Size().Width < leastWidth || d.export.zoom < 1 || d.filters.gap < 0 {
		t.Errorf("width %v, zoom %d, gap %d", d.window.Canvas().Size().Width, d.export.zoom, d.filters.gap)
	}
}

// Closing ends the run and the pump, whatever goes on, and the window last.
func TestClose(t *testing.T) {
	for _, c := range []struct {
		name  string
		reach func(d *desk)
	}{
		{"gallery", func(*desk) {}},
		{"loading", func(d *desk) { d.choose(endless(t)); d.start() }},
		{"running", func(d *desk) { d.run(endless(t)) }},
		{"paused", func(d *desk) {
			d.run(endless(t))
			d.key(fyne.KeySpace)
			d.until("the pause", func() bool { return d.phase == train.Paused })
		}},
		{"restarting", func(d *desk) { d.run(endless(t)); d.start() }},
		{"dialog", func(d *desk) { d.run(tiny(t)); d.untilEnded(); d.exportDialog() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			c.reach(d)
			run := d.session.run
			d.window.SetOnClosed(func() {
				d.closed = true
				select {
				case <-d.pump.ended:
				default:
					t.Error("the pump goes on after the window")
				}
				if run != nil && !run.ended() {
					t.Error("the run goes on after the window")
				}
			})
			d.close()
			d.close() // twice does nothing
			d.until("the window to close", func() bool { return d.closed })
			if d.session.run != run {
				t.Error("a run began while the window closed")
			}
		})
	}
}

// Quitting by a signal ends the run and remembers the window as closing does.
func TestStopped(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	run := d.session.run
	d.window.Resize(fyne.NewSize(1300, 850))
	d.Stopped()
	if !run.ended() {
		t.Error("the run goes on")
	}
	if got := testApp().Preferences().Float(prefWidth); got != 1300 {
		t.Errorf("the width remembered is %v", got)
	}
	d.Stopped()
	d.stop()
	<-d.pump.ended
	d.window.Close()
}

// A window at rest draws nothing: sooner or later there is a while in which nothing comes.
func TestIdle(t *testing.T) {
	rest := func(d *desk, what string) {
		d.t.Helper()
		d.until("rest: "+what, func() bool {
			time.Sleep(200 * time.Millisecond)
			return d.q.length() == 0
		})
	}
	d := newDesk(t)
	rest(d, "gallery")
	d.run(endless(t))
	d.key(fyne.KeySpace)
	d.until("the pause", func() bool { return d.phase == train.Paused })
	d.filters.choose(1)
	for _, r := range "123" {
		d.char(r)
		d.settle()
		rest(d, "paused, view "+string(r))
	}
	d.stopRun()
	d.untilEnded()
	rest(d, "ended")
}

// The gallery keeps nothing of the run before.
func TestGalleryForgets(t *testing.T) {
	d := finished(t)
	d.menu("Recipes…")
	if !d.gallery.object.Visible() || d.session.run != nil {
		t.Fatal("the gallery is not there")
	}
	d.until("the pump to forget", func() bool {
		d.pump.mu.Lock()
		defer d.pump.mu.Unlock()
		return d.pump.run == nil && d.pump.snap == nil && d.pump.full == nil
	})
	if d.frame != nil || d.filters.frame != nil || d.curves.frame != nil || d.reconstruct.frame != nil || d.lastShown != nil {
		t.Error("the window keeps the run")
	}
	if d.transport.position.Text() != "" || d.transport.restart.Disabled() == false {
		t.Error("the transport speaks of the run")
	}
}

// Leaving a run that goes on is asked about.
func TestBackToGalleryAsks(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	run := d.session.run
	d.menu("Recipes…")
	d.press("Keep it")
	if d.session.run != run || !d.session.active() {
		t.Fatal("the run is lost")
	}
	d.menu("Recipes…")
	d.press("End it")
	<-run.done
	if d.session.run != nil || !d.gallery.object.Visible() {
		t.Error("the run is still there")
	}
}

// The window has something to show in every state, in both themes.
func TestNothingBlank(t *testing.T) {
	alone(t)
	d := newDesk(t)
	look := func(what string) {
		t.Helper()
		for _, o := range test.LaidOutObjects(d.window.Content()) { // Fyne's software painter wants a colour, its other one does not
			if r, ok := o.(*canvas.Rectangle); ok && r.FillColor == nil {
				r.FillColor = color.Transparent
			}
		}
		img := d.window.Canvas().Capture()
		b := img.Bounds()
		colours := map[[3]uint32]bool{}
		for y := b.Min.Y; y < b.Max.Y; y += 5 {
			for x := b.Min.X; x < b.Max.X; x += 5 {
				r, g, bl, a := img.At(x, y).RGBA()
				if a != 0xffff {
					t.Fatalf("%s: (%d, %d) is transparent", what, x, y)
				}
				colours[[3]uint32{r, g, bl}] = true
			}
		}
		if len(colours) < 16 {
			t.Errorf("%s: %d colours", what, len(colours))
		}
		if dir := os.Getenv("FILTERSCOPE_CAPTURE"); dir != "" {
			writeCapture(t, dir+"/"+what+".png", img)
		}
	}
	for _, variant := range []string{"dark", "light"} {
		d.setVariantOnce(variant)
		d.choose(recipe.Builtin()[0])
		look(variant + " gallery")
		d.run(tiny(t))
		d.untilEnded()
		d.filters.choose(2)
		for _, r := range "123" {
			d.char(r)
			d.settle()
			look(variant + " view " + string(r))
		}
		d.Open("/no such file")
		look(variant + " error")
		d.banner.Clear()
	}
	test.ApplyTheme(t, NewTheme("dark"))
}

func writeCapture(t *testing.T, path string, img image.Image) {
	writeTo(t, path, func(out io.Writer) error { return png.Encode(out, img) })
}
