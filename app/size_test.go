package app

import (
	"log/slog"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestFits: the window fits a screen of 1024×680 units.
func TestFits(t *testing.T) {
	alone(t)
	a := test.NewTempApp(t)
	a.Settings().SetTheme(NewTheme("dark"))
	w := New(a, func(f func()) { f() }, slog.New(slog.DiscardHandler))
	parts := map[string]fyne.CanvasObject{
		"window": w.overlay, "gallery": w.gallery.object, "filters": w.filters.object, "curves": w.curves.object,
		"reconstruct": w.reconstruct.object, "transport": w.transport.object, "form": w.form.object, "inspector": w.inspector.object,
	}
	for name, o := range parts {
		t.Logf("%s %v", name, o.MinSize())
	}
	if m := w.overlay.MinSize(); m.Width > 1024 || m.Height > 640 {
		t.Errorf("least size of the window = %v, want at most 1024×640", m)
	}
}
