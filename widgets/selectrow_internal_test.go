package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// The badge of a row of choices gives way to an option that needs its room.
func TestSelectRowBadge(t *testing.T) {
	test.NewTempApp(t)
	r := NewSelectRow("Prepare", []string{"none", "a rather long option"}, nil)
	w := test.NewTempWindow(t, r)
	w.Resize(fyne.NewSize(214, 60))
	badge := r.choice.badge
	if badge.Text() != "" || badge.Size().Width > 0 {
		t.Error("a badge that was not asked for")
	}
	r.SetBadge("new run")
	if !badge.Visible() || badge.Size().Width == 0 {
		t.Error("no badge beside a short option")
	}
	r.SetSelected("a rather long option")
	if badge.Visible() {
		t.Error("the badge covers a long option")
	}
}

// So does that of a number, also while it is typed.
func TestNumberEntryBadge(t *testing.T) {
	test.NewTempApp(t)
	e := NewNumberEntry(NumberSpec{Label: "Deviation", Max: 10, Badge: "new run"})
	w := test.NewTempWindow(t, e)
	w.Resize(fyne.NewSize(214, 60))
	for _, step := range []struct {
		do   func()
		want bool
	}{
		{func() { e.SetValue(0.5) }, true},
		{func() { e.SetValue(0.0012380764) }, false},
		{func() { e.SetValue(2) }, true},
		{func() { e.field.SetText("2.00000000001") }, false},
		{func() { e.SetBadge("") }, false},
	} {
		step.do()
		if got := e.badge.Visible(); got != step.want {
			t.Errorf("%q: badge %v, want %v", e.field.Text, got, step.want)
		}
	}
}
