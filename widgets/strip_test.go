package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"filterscope/widgets"
)

// choices is what TabBar and Segmented have in common.
type choices interface {
	fyne.Widget
	fyne.Focusable
	fyne.Tappable
	Select(i int)
	Selected() int
	SetItemEnabled(i int, on bool)
}

func TestChoicesInARow(t *testing.T) {
	labels := []string{"Tile", "Blend", "Global", "Unit"}
	for name, build := range map[string]func(func(int)) choices{
		"tabs":      func(f func(int)) choices { return widgets.NewTabBar(labels, f) },
		"segmented": func(f func(int)) choices { return widgets.NewSegmented(labels, f) },
	} {
		t.Run(name, func(t *testing.T) {
			var got []int
			s := build(func(i int) { got = append(got, i) })
			cv := show(t, s, 400, 40, 1)
			s.SetItemEnabled(2, false)
			before := s.MinSize()
			var window []fyne.KeyName
			cv.SetOnTypedKey(func(ev *fyne.KeyEvent) { window = append(window, ev.Name) })

			s.Select(1) // no callback
			key(s, fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft, fyne.KeyHome, fyne.KeyEnd, fyne.KeySpace)
			if diff := cmp.Diff([]int{3, 1, 0, 3}, got); diff != "" {
				t.Errorf("keys chose (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]fyne.KeyName{fyne.KeySpace}, window); diff != "" {
				t.Errorf("keys that reached the window (-want +got):\n%s", diff)
			}

			got = nil
			test.TapAt(s, fyne.NewPos(20, 14))  // the first
			test.TapAt(s, fyne.NewPos(20, 14))  // again: no news
			test.TapAt(s, fyne.NewPos(399, 14)) // beside the last
			if diff := cmp.Diff([]int{0}, got); diff != "" {
				t.Errorf("clicks chose (-want +got):\n%s", diff)
			}
			s.Select(99)
			if s.Selected() != -1 {
				t.Errorf("Selected() = %d after choosing nothing", s.Selected())
			}
			if s.MinSize() != before {
				t.Errorf("MinSize = %v, was %v", s.MinSize(), before)
			}
			if cv.Focused() != nil {
				t.Error("a click left the focus on the row")
			}
		})
	}
}

func TestStepper(t *testing.T) {
	var got []int
	s := widgets.NewStepper("Fit 2×", "Fit 16×", func(d int) { got = append(got, d) }, func() { got = append(got, 0) })
	show(t, container.NewHBox(s), 300, 40, 1)
	before := s.MinSize()
	right := s.Size().Width - 5
	for _, x := range []float32{5, 50, right} {
		test.TapAt(s, fyne.NewPos(x, 14))
	}
	key(s, fyne.KeyUp, fyne.KeyLeft, fyne.KeyReturn)
	s.SetRange(false, true)
	test.TapAt(s, fyne.NewPos(5, 14))
	key(s, fyne.KeyLeft)
	if diff := cmp.Diff([]int{-1, 0, 1, 1, -1, 0}, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	s.SetText("Fit 16×")
	s.SetText("1×")
	if s.MinSize() != before {
		t.Errorf("MinSize = %v, was %v", s.MinSize(), before)
	}
}
