package widgets_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"github.com/google/go-cmp/cmp"

	"filterscope/widgets"
)

func TestActionButton(t *testing.T) {
	n := 0
	b := widgets.NewPrimaryButton("Run", theme.MediaPlayIcon(), func() { n++ }).Reserve("Run", "Pause", "Continue")
	cv := show(t, container.NewHBox(b), 300, 60, 1)
	before := b.MinSize()
	runes := 0
	cv.SetOnTypedRune(func(rune) { runes++ })

	test.Tap(b)
	key(b, fyne.KeySpace, fyne.KeyReturn, fyne.KeyTab)
	b.TypedRune(' ') // arrives beside the key; must not toggle the run a second time
	b.TypedRune('n')
	if n != 3 || runes != 1 {
		t.Errorf("pressed %d times, %d runes passed on; want 3, 1", n, runes)
	}
	b.Set("Continue", theme.MediaPauseIcon())
	if b.MinSize() != before {
		t.Errorf("MinSize = %v, was %v", b.MinSize(), before)
	}
	b.SetEnabled(false)
	test.Tap(b)
	key(b, fyne.KeySpace)
	if n != 3 {
		t.Error("a disabled button was pressed")
	}
}

func TestCheckRow(t *testing.T) {
	var got []bool
	c := widgets.NewCheckRow("pixel space", func(on bool) { got = append(got, on) })
	show(t, c, 200, 40, 1)
	c.SetChecked(true) // no callback
	test.Tap(c)
	key(c, fyne.KeySpace)
	c.TypedRune(' ')
	c.Disable()
	test.Tap(c)
	if diff := cmp.Diff([]bool{false, true}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestSelectRow(t *testing.T) {
	var got []string
	r := widgets.NewSelectRow("Optimiser", []string{"L-BFGS", "SGD", "Adam"}, func(s string) { got = append(got, s) })
	cv := show(t, container.NewVBox(r), 240, 200, 1)
	r.SetSelected("SGD") // no callback
	key(r.Choice(), fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft)
	r.SetSelected("something else")
	key(r.Choice(), fyne.KeyRight)
	if diff := cmp.Diff([]string{"Adam", "SGD", "L-BFGS"}, got); diff != "" {
		t.Errorf("chosen (-want +got):\n%s", diff)
	}

	got = nil
	test.Tap(r.Choice())
	if cv.Overlays().Top() == nil {
		t.Fatal("a click did not open the list")
	}
	cv.Overlays().Remove(cv.Overlays().Top())
	r.Disable()
	test.Tap(r.Choice())
	key(r.Choice(), fyne.KeyRight)
	if cv.Overlays().Top() != nil || got != nil {
		t.Error("a disabled list was used")
	}
}

func TestCard(t *testing.T) {
	taps, opens := 0, 0
	c := widgets.NewCard("Pen strokes", "Digits", "MNIST")
	c.OnTapped = func() { taps++ }
	c.OnActivated = func() { opens++ }
	cv := show(t, c, 220, 220, 1)
	test.Tap(c)
	if taps != 1 || opens != 0 {
		t.Fatalf("after a click: %d taps, %d activations", taps, opens)
	}
	if cv.Focused() != c {
		t.Error("a click did not take the focus")
	}
	test.Tap(c)
	key(c, fyne.KeyReturn, fyne.KeySpace)
	if taps != 2 || opens != 2 {
		t.Errorf("after a double click, Enter and Space: %d taps, %d activations; want 2, 2", taps, opens)
	}
}

func TestReadoutKeepsItsRoom(t *testing.T) {
	r := widgets.NewReadout(12)
	v := widgets.NewValueRow("cos(encoder, decoder)")
	show(t, container.NewVBox(r, v), 120, 80, 1)
	rMin, vMin := r.MinSize(), v.MinSize()
	long := "unit 22 · pixel (12, 9) · w = −0.183"
	r.SetText(long)
	v.SetValue(long)
	if r.MinSize() != rMin || v.MinSize() != vMin {
		t.Errorf("MinSize = %v and %v, were %v and %v", r.MinSize(), v.MinSize(), rMin, vMin)
	}
	if r.Text() != long || v.Value() != long {
		t.Error("the text itself was shortened")
	}
}

func TestBannerTakesNoRoomWhileHidden(t *testing.T) {
	b := widgets.NewBanner()
	changed := 0
	b.OnChanged = func() { changed++ }
	box := container.NewVBox(b)
	show(t, box, 400, 100, 1)
	if h := box.MinSize().Height; h != 0 {
		t.Errorf("a hidden banner takes %v units", h)
	}
	b.Set(widgets.Warning, "Viewing step 9 600", widgets.Action{Label: "Back to live"})
	low := box.MinSize().Height
	b.Set(widgets.Failure, strings.Repeat("a long sentence ", 20))
	b.Set(widgets.Failure, strings.Repeat("a long sentence ", 20))
	if h := box.MinSize().Height; h != low || h < 28 || changed != 2 {
		t.Errorf("heights %v and %v, changed %d times; want the same of at least 28, twice", low, h, changed)
	}
	b.Clear()
	b.Clear()
	if b.Text() != "" || b.Visible() || changed != 3 {
		t.Errorf("after Clear: %q, visible %v, changed %d times", b.Text(), b.Visible(), changed)
	}
}

// A banner says in advance whether a width is enough for its sentence: two lines, beside its buttons.
func TestBannerFits(t *testing.T) {
	begin(t)
	b := widgets.NewBanner()
	b.Set(widgets.Notice, "Hidden 196 → 100: counts from the next start on.")
	alone := leastWidth(b)
	b.Set(widgets.Notice, "Hidden 196 → 100: counts from the next start on.", widgets.Action{Label: "Restart"}, widgets.Action{Label: "Undo"})
	beside := leastWidth(b)
	if alone < 120 || alone > 260 || beside < alone+100 {
		t.Errorf("fits from %v units on, with buttons from %v", alone, beside)
	}
	b.Set(widgets.Notice, "Reading /a/path/without/any/space/that/is/longer/than/a/line.png")
	if b.Fits(300) {
		t.Error("a word that is shortened is said to fit")
	}
}

func leastWidth(b *widgets.Banner) float32 {
	w := float32(60)
	for !b.Fits(w) && w < 5000 {
		w++
	}
	return w
}

func TestThumbnailZoomsByWholeNumbers(t *testing.T) {
	for _, c := range []struct {
		name        string
		side, scale float32
		cell, want  int // the image is 4·cell wide and 5·cell high
	}{
		{"fits", 116, 1, 7, 3},
		{"scale 2", 116, 2, 7, 6},
		{"larger than the room", 20, 1, 7, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			th := widgets.NewThumbnail(c.side, c.side)
			show(t, container.NewHBox(th), c.side, c.side, c.scale)
			th.SetImage(letterF(c.cell))
			if got := th.Zoom(); got != c.want {
				t.Errorf("Zoom() = %d, want %d", got, c.want)
			}
		})
	}
}

func TestProgressLine(t *testing.T) {
	p := widgets.NewProgressLine()
	show(t, p, 100, 20, 1)
	nan := 0.0
	for _, c := range []struct{ set, want float64 }{{0.5, 0.5}, {-1, 0}, {2, 1}, {nan / nan, 0}} {
		p.SetFraction(c.set)
		if p.Fraction() != c.want {
			t.Errorf("Fraction() = %v after %v, want %v", p.Fraction(), c.set, c.want)
		}
	}
}

// Everything that can be clicked is at least 28 units high.
func TestHitTargets(t *testing.T) {
	objects := map[string]fyne.CanvasObject{
		"button":    widgets.NewActionButton("Stop", nil, nil),
		"flat":      widgets.NewFlatButton("", theme.InfoIcon(), nil),
		"tabs":      widgets.NewTabBar([]string{"Filters"}, nil),
		"segmented": widgets.NewSegmented([]string{"Tile"}, nil),
		"stepper":   widgets.NewStepper("1×", "", nil, nil),
		"number":    widgets.NewNumberEntry(widgets.NumberSpec{Label: "λ"}),
		"select":    widgets.NewSelectRow("Kind", []string{"a"}, nil),
		"choice":    widgets.NewChoice([]string{"a"}, nil),
		"check":     widgets.NewCheckRow("invert", nil),
	}
	show(t, container.NewVBox(), 100, 100, 1)
	for name, o := range objects {
		if h := o.MinSize().Height; h < 28 {
			t.Errorf("%s is %v units high", name, h)
		}
		if w := o.MinSize().Width; w < 28 {
			t.Errorf("%s is %v units wide", name, w)
		}
	}
}
