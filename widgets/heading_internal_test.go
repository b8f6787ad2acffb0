package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// A heading that is too long is drawn smaller before it is cut off.
func TestHeadingFits(t *testing.T) {
	test.NewTempApp(t)
	h := NewHeading("Boltzmann machine (RBM)")
	w := test.NewTempWindow(t, h)
	w.SetPadded(false)
	full := widthOf(h.text, lookOf(h).text()*1.7, bold)
	for _, c := range []struct {
		width float32
		whole bool
	}{{full + 20, true}, {full * 0.8, true}, {full * 0.3, false}} {
		w.Resize(fyne.NewSize(c.width, 60))
		h.Resize(fyne.NewSize(c.width, 40))
		if whole := h.label.Text == h.text; whole != c.whole {
			t.Errorf("%v wide, want %v: it says %q", c.width, full, h.label.Text)
		}
		if got := widthOf(h.label.Text, h.label.TextSize, bold); got > c.width+1 {
			t.Errorf("%v wide: the text is %v wide", c.width, got)
		}
	}
}
