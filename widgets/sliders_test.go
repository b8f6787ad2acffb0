package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"filterscope/widgets"
)

// sliders is a column of n sliders from −3 to 3 with room for eight.
func sliders(t *testing.T, n int) (s *widgets.Sliders, moved func() (i int, value float64)) {
	t.Helper()
	row, to := -1, 0.0
	s = widgets.NewSliders(func(i int, value float64) { row, to = i, value })
	rows := make([]widgets.Slider, n)
	for i := range rows {
		rows[i] = widgets.Slider{Name: "unit", Note: "KL 0.1", Low: -3, High: 3}
	}
	s.SetRows(rows)
	show(t, s, 340, 8*28, 1)
	return s, func() (int, float64) { return row, to }
}

func at(x, y float32) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Button: desktop.MouseButtonPrimary}
}

// A click moves the slider under the pointer, a drag follows it, whatever row it crosses.
func TestSlidersFollowThePointer(t *testing.T) {
	s, moved := sliders(t, 5)
	s.MouseDown(at(150, 2*28+14))
	i, first := moved()
	if i != 2 || first <= -3 || first >= 3 {
		t.Fatalf("slider %d moved to %v", i, first)
	}
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(180, 4)}})
	if i, v := moved(); i != 2 || v <= first {
		t.Errorf("dragged, slider %d is at %v, was %v", i, v, first)
	}
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(900, 4)}})
	if _, v := moved(); v != 3 {
		t.Errorf("beyond the end it is at %v", v)
	}
	s.DragEnd()
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(100, 4)}})
	if got := s.Rows()[2].Value; got != 3 {
		t.Errorf("after the drag it moves on to %v", got)
	}
	s.MouseDown(at(150, 7*28)) // below the last row
	if i, _ := moved(); i != 2 {
		t.Errorf("slider %d moved", i)
	}
}

// The keys choose and move, and bring rows that are out of sight; so does the wheel.
func TestSlidersKeysAndWheel(t *testing.T) {
	s, moved := sliders(t, 20)
	key := func(n fyne.KeyName) { s.TypedKey(&fyne.KeyEvent{Name: n}) }
	for range 11 {
		key(fyne.KeyDown)
	}
	key(fyne.KeyRight)
	if i, v := moved(); i != 11 || v < 0.05 || v > 0.07 {
		t.Errorf("slider %d moved to %v, want 11 to 0.06", i, v)
	}
	key(fyne.KeyReturn)
	if _, v := moved(); v != 0 {
		t.Errorf("Enter moves it to %v", v)
	}
	s.MouseDown(at(300, 14)) // the top row is number 4 now
	if i, _ := moved(); i != 4 {
		t.Errorf("at the top is slider %d, want 4", i)
	}
	s.MouseUp(at(300, 14))
	s.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -500)})
	s.MouseDown(at(100, 7*28+14))
	if i, _ := moved(); i != 19 {
		t.Errorf("scrolled, at the bottom is slider %d, want 19", i)
	}
	s.SetRows(nil)
	key(fyne.KeyRight)
	s.MouseDown(at(100, 14))
	if i, _ := moved(); i != 19 {
		t.Errorf("of no sliders number %d moved", i)
	}
}
