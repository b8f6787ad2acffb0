package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"filterscope/engine/dataset"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// menuHeight is at least the height of the menus, which the test driver does not
// show.
const menuHeight = 28

// small is a window with a run that took a moment.
func small(t *testing.T) *desk {
	return trained(t, "strokes", func(r *recipe.Recipe) { r.Model.Hidden, r.Optimizer.Iterations = 4, 1 })
}

// The mosaics of 100 and of 196 filters of 28×28 are as large as whole numbers
// allow in the windows that people have, and nothing of them is cut.
func TestMosaicRoom(t *testing.T) {
	alone(t)
	d := small(t)
	for _, tt := range []struct {
		width, height float32
		filters, zoom int
	}{
		{1280, 760, 100, 2}, {1280, 760, 196, 1}, {1600, 1000, 100, 3}, {1600, 1000, 196, 2}, {1920, 1080, 196, 2},
	} {
		d.window.Resize(fyne.NewSize(tt.width, tt.height-menuHeight))
		d.filters.reset(tt.filters, dataset.Geometry{Width: 28, Height: 28, Channels: 1}, false)
		_, view := d.filters.picture.View()
		size := d.filters.grid.Size()
		if d.filters.grid.Zoom != tt.zoom || size.X > view.X || size.Y > view.Y {
			t.Errorf("%v×%v: %d filters at %d×, %v in a view of %v; want %d×", tt.width, tt.height, tt.filters, d.filters.grid.Zoom, size, view, tt.zoom)
		}
	}
}

// A banner hides nothing of the picture and moves nothing, and what it says can
// be read to its end, beside the exact values or in their place.
func TestBannerRoom(t *testing.T) {
	alone(t)
	d := small(t)
	driver := fyne.CurrentApp().Driver()
	for _, tt := range []struct {
		width  float32
		text   string
		values bool // still to be seen
	}{
		{1280, "Hidden 196 → 100: counts from the next start on.", true},
		{1280, "A network of these sizes has 15.69 billion parameters and takes about 701.4 GiB of memory to train: want at most 134.2 million parameters in 11.8 GiB, so smaller layers.", true},
		{1024, "Hidden 196 → 100: counts from the next start on.", true},
		{1024, "A network of these sizes has 15.69 billion parameters and takes about 701.4 GiB of memory to train: want at most 134.2 million parameters in 11.8 GiB, so smaller layers.", false},
	} {
		d.window.Resize(fyne.NewSize(tt.width, 760-menuHeight))
		d.banner.Clear()
		at, size := driver.AbsolutePositionForObject(d.filters.picture), d.filters.picture.Size()
		values := driver.AbsolutePositionForObject(d.readout)
		if !d.facts.Visible() || !d.readout.Visible() {
			t.Fatalf("%v: no strip without a banner", tt.width)
		}
		d.say(topicOther, widgets.Failure, tt.text, widgets.Action{Label: "Restart"}, widgets.Action{Label: "Dismiss"})
		if now := driver.AbsolutePositionForObject(d.filters.picture); now != at || d.filters.picture.Size() != size {
			t.Errorf("%v: the picture moved from %v, %v to %v, %v", tt.width, at, size, now, d.filters.picture.Size())
		}
		top := driver.AbsolutePositionForObject(d.banner)
		if top.Y < at.Y+size.Height || top.Y+d.banner.Size().Height > 760-menuHeight || top.X+d.banner.Size().Width > tt.width {
			t.Errorf("%v: the banner lies at %v, %v; the picture ends at %v", tt.width, top, d.banner.Size(), at.Y+size.Height)
		}
		if !d.banner.Fits(d.banner.Size().Width) {
			t.Errorf("%v: %q is cut", tt.width, tt.text)
		}
		if d.readout.Visible() != tt.values || d.facts.Visible() {
			t.Errorf("%v: exact values %v, facts %v", tt.width, d.readout.Visible(), d.facts.Visible())
		}
		if now := driver.AbsolutePositionForObject(d.readout); tt.values && (now != values || now.X+d.readout.Size().Width > top.X) {
			t.Errorf("%v: the exact values moved from %v to %v, %v wide", tt.width, values, now, d.readout.Size().Width)
		}
	}
}

// A view that waits for the first picture of a run says nothing of the run
// before.
func TestResetViews(t *testing.T) {
	d := newDesk(t)
	for _, caption := range []*widgets.Readout{d.curves.caption, d.reconstruct.caption, d.codes.caption, d.selection.caption, d.filters.caption} {
		caption.SetText("J 40.65")
	}
	d.curves.reset()
	d.reconstruct.reset()
	d.codes.reset()
	d.selection.reset(nil)
	d.filters.reset(0, dataset.Geometry{}, false)
	for i, caption := range []*widgets.Readout{d.curves.caption, d.reconstruct.caption, d.codes.caption, d.selection.caption, d.filters.caption} {
		if caption.Text() != "" {
			t.Errorf("caption %d still says %q", i, caption.Text())
		}
	}
}
