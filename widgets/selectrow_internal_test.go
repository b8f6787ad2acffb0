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
