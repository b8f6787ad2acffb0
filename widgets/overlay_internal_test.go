package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"github.com/google/go-cmp/cmp"
)

// clock stands for the timers of an overlay: nothing happens until run is called.
type clock struct{ waiting []*job }

type job struct {
	d    time.Duration
	f    func()
	over bool
}

func (c *clock) after(d time.Duration, f func()) func() {
	j := &job{d: d, f: f}
	c.waiting = append(c.waiting, j)
	return func() { j.over = true }
}

// run lets every timer not stopped fire, and returns their times.
func (c *clock) run() []time.Duration {
	var times []time.Duration
	waiting := c.waiting
	c.waiting = nil
	for _, j := range waiting {
		if !j.over {
			times = append(times, j.d)
			j.f()
		}
	}
	return times
}

func overlaid(t *testing.T, o fyne.CanvasObject) (*Overlay, *clock, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	test.ApplyTheme(t, theme.DefaultTheme())
	c := &clock{}
	over := NewOverlay(o)
	over.after = c.after
	w := test.NewTempWindow(t, over)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(600, 400))
	return over, c, w
}

func TestToasts(t *testing.T) {
	o, c, _ := overlaid(t, container.NewVBox())
	opened := 0
	o.Toast("Saved a.png", Action{Label: "Open folder", Do: func() { opened++ }})
	for _, s := range []string{"b", "c", "d"} {
		o.Toast(s)
	}
	if diff := cmp.Diff([]string{"b", "c", "d"}, o.Toasts()); diff != "" {
		t.Errorf("only the newest stay (-want +got):\n%s", diff)
	}
	c.run()
	if n := len(o.Toasts()); n != 0 {
		t.Errorf("%d toasts after their time", n)
	}
	o.Toast("Saved a.png", Action{Label: "Open folder", Do: func() { opened++ }})
	test.Tap(o.toasts[0].buttons[0])
	if opened != 1 || len(o.Toasts()) != 0 {
		t.Errorf("opened %d times, %d toasts left; want 1, 0", opened, len(o.Toasts()))
	}
	if times := c.run(); times != nil {
		t.Errorf("a timer of a toast that was taken still fired: %v", times)
	}
}

func TestTooltip(t *testing.T) {
	b := NewActionButton("Run", nil, nil)
	text := "Start training (Space)"
	b.SetTipFunc(func() string { return text })
	wrapped := Tip(canvas.NewText("ρ̂", nil), func() string { return "mean activation" })
	o, c, w := overlaid(t, container.NewVBox(b, wrapped))

	test.MoveMouse(w.Canvas(), fyne.NewPos(10, 10))
	if o.Tip() != "" {
		t.Error("a tooltip appeared at once")
	}
	c.run()
	if o.Tip() != text {
		t.Errorf("Tip() = %q, want %q", o.Tip(), text)
	}
	test.MoveMouse(w.Canvas(), fyne.NewPos(500, 300))
	if o.Tip() != "" {
		t.Error("the tooltip stayed when the pointer left")
	}

	test.MoveMouse(w.Canvas(), fyne.NewPos(10, 10))
	test.MoveMouse(w.Canvas(), fyne.NewPos(500, 300))
	if times := c.run(); times != nil || o.Tip() != "" {
		t.Errorf("a tooltip armed and left appeared: %q", o.Tip())
	}

	test.MoveMouse(w.Canvas(), fyne.NewPos(10, 10))
	c.run()
	test.Tap(b)
	if o.Tip() != "" {
		t.Error("the tooltip stayed after a click")
	}

	test.MoveMouse(w.Canvas(), wrapped.Position().AddXY(5, 5))
	if times := c.run(); len(times) != 1 || times[0] != tipQuick {
		t.Errorf("delays %v right after another tooltip, want %v", times, tipQuick)
	}
	if o.Tip() != "mean activation" {
		t.Errorf("Tip() = %q", o.Tip())
	}

	test.MoveMouse(w.Canvas(), fyne.NewPos(500, 300))
	text = ""
	test.MoveMouse(w.Canvas(), fyne.NewPos(10, 10))
	c.run()
	if o.Tip() != "" {
		t.Error("an empty tooltip appeared")
	}
}

// A dialog above the window shows its own tooltips or none, never one below itself.
func TestTooltipUnderADialog(t *testing.T) {
	b := NewActionButton("Run", nil, nil)
	o, _, w := overlaid(t, b)
	if overlayOf(b) != o {
		t.Fatal("the window's overlay was not found")
	}
	inner := NewOverlay(NewActionButton("OK", nil, nil))
	dialog.ShowCustom("Export", "Close", inner, w)
	if got := overlayOf(b); got != inner {
		t.Errorf("overlay with a dialog open = %p, want the dialog's own %p", got, inner)
	}
}

func TestTipPosition(t *testing.T) {
	box, room := fyne.NewSize(100, 30), fyne.NewSize(400, 300)
	for _, c := range []struct {
		name string
		at   fyne.Position
		want fyne.Position
	}{
		{"below and right", fyne.NewPos(50, 50), fyne.NewPos(58, 68)},
		{"at the right edge", fyne.NewPos(390, 50), fyne.NewPos(298, 68)},
		{"at the bottom", fyne.NewPos(50, 290), fyne.NewPos(58, 252)},
	} {
		if got := tipPosition(c.at, box, room); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
