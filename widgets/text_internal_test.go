package widgets

import (
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Sizes that are kept are Fyne's, for every size and style, and there is an end to how many are kept.
func TestMeasured(t *testing.T) {
	test.NewTempApp(t)
	for range 2 {
		for _, style := range []fyne.TextStyle{plain, bold, mono} {
			for _, size := range []float32{11, 13} {
				if got, want := widthOf("0.25 → Wide", size, style), fyne.MeasureText("0.25 → Wide", size, style).Width; got != want {
					t.Errorf("size %v, style %+v: width %v, want %v", size, style, got, want)
				}
			}
		}
	}
	m := measure{sizes: map[textKey]fyne.Size{}}
	for i := range mostMeasured + 10 {
		m.sizes[textKey{text: strconv.Itoa(i)}] = fyne.Size{}
	}
	m.of("one more", 13, plain)
	if len(m.sizes) != 1 {
		t.Errorf("%d sizes are kept", len(m.sizes))
	}
}
