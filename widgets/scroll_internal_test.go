package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// The wheel moves what a tooltip is about away from the pointer, and the tooltip goes with it. At the end of its way an
// area does not move, and the tooltip stays.
func TestTooltipGoesWhenScrolled(t *testing.T) {
	for name, scroll := range map[string]func(fyne.CanvasObject) *container.Scroll{"down": NewVScroll, "sideways": NewHScroll} {
		b := NewActionButton("Run", nil, nil)
		b.SetTip("Start training")
		s := scroll(container.NewGridWrap(fyne.NewSize(3000, 3000), container.NewVBox(container.NewHBox(b))))
		o, c, w := overlaid(t, s)
		at := fyne.NewPos(12, 12)
		point := func() {
			test.MoveMouse(w.Canvas(), fyne.NewPos(500, 300))
			test.MoveMouse(w.Canvas(), at)
			c.run()
		}
		point()
		test.Scroll(w.Canvas(), at, 10, 10)
		if o.Tip() == "" {
			t.Errorf("%s: the tooltip went though nothing moved", name)
		}
		test.Scroll(w.Canvas(), at, -4, -4)
		if o.Tip() != "" {
			t.Errorf("%s: the tooltip stayed: %q", name, o.Tip())
		}
		if c.run(); o.Tip() != "" {
			t.Errorf("%s: the tooltip came back: %q", name, o.Tip())
		}
		point()
		if o.Tip() == "" {
			t.Errorf("%s: no tooltip after scrolling", name)
		}
	}
}

// Who clicks into a field types there, and a tooltip would lie over the fields below it.
func TestTooltipGoesWhenTyping(t *testing.T) {
	e := NewNumberEntry(NumberSpec{Label: "Hidden", Min: 1, Max: 100, Hint: "Hidden units"})
	text := NewTextRow("Layers")
	text.SetTip("Sizes of the layers")
	o, c, w := overlaid(t, container.NewVBox(e, text))
	for _, field := range []struct {
		obj   fyne.Widget
		entry interface {
			fyne.Focusable
			desktop.Mouseable
		}
	}{{e, e.field}, {text, text.field}} {
		for name, do := range map[string]func(){
			"a click": func() { field.entry.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary}) },
			"a digit": func() { field.entry.TypedRune('7') },
			"a key":   func() { field.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace}) },
		} {
			test.MoveMouse(w.Canvas(), fyne.NewPos(500, 300))
			test.MoveMouse(w.Canvas(), field.obj.Position().AddXY(8, 8))
			c.run()
			if o.Tip() == "" {
				t.Fatalf("no tooltip over %T", field.obj)
			}
			do()
			if o.Tip() != "" {
				t.Errorf("%T: the tooltip stayed after %s: %q", field.obj, name, o.Tip())
			}
		}
	}
}
