package widgets

import (
	"image"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"pgregory.net/rapid"
)

// At any scale and position, an object placed on a rectangle of device pixels is painted exactly there by the GL
// painter, which rounds both ends of an object to whole device pixels, and the middle of every such pixel, as well as
// the position GLFW reports for it, is found again under the pointer. (The test driver shifts absolute positions by two
// and three units, so that this cannot be shown with a window at fractional scales.)
func TestGeometryIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.SampledFrom([]float32{1, 1.1, 1.25, 1.3, 1.5, 1.7, 2, 2.4}).Draw(t, "scale")
		pos := fyne.NewPos(rapid.Float32Range(0, 1500).Draw(t, "x"), rapid.Float32Range(0, 900).Draw(t, "y"))
		g := geometry{scale: scale, corner: fyne.NewPos(pos.X*scale, pos.Y*scale)}
		g.origin = image.Pt(int(math.Ceil(float64(g.corner.X)-eps)), int(math.Ceil(float64(g.corner.Y)-eps)))

		x, y := rapid.IntRange(-50, 1500).Draw(t, "px"), rapid.IntRange(-50, 900).Draw(t, "py")
		w, h := rapid.IntRange(1, 900).Draw(t, "w"), rapid.IntRange(1, 900).Draw(t, "h")
		o := canvas.NewRectangle(nil)
		g.place(o, image.Rect(x, y, x+w, y+h))

		round := func(units float32) int { return int(math.Round(float64(units * scale))) }
		at := pos.Add(o.Position())
		end := at.Add(o.Size())
		got := image.Rect(round(at.X), round(at.Y), round(end.X), round(end.Y))
		want := image.Rect(x, y, x+w, y+h).Add(g.origin)
		if got != want {
			t.Fatalf("painted at %v, want %v", got, want)
		}
		for _, in := range []float32{0, 0.5} { // the pixel's own corner, which is what GLFW reports, and its middle
			device := fyne.NewPos(float32(want.Min.X)+in, float32(want.Min.Y)+in)
			pointer := fyne.NewPos(device.X/scale-pos.X, device.Y/scale-pos.Y)
			if p := g.pixel(pointer); p != image.Pt(x, y) {
				t.Fatalf("pointer %v of the pixel finds %v, want (%d,%d)", in, p, x, y)
			}
		}
	})
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		name  string
		text  string
		width float32
	}{
		{"all of it", "reconstruction", 400},
		{"some of it", "reconstruction", 60},
		{"nothing", "reconstruction", 3},
		{"no room", "reconstruction", -5},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := fit(c.text, c.width, 13, plain)
			if w := widthOf(got, 13, plain); got != "" && w > c.width+0.5 {
				t.Errorf("fit(%q, %v) = %q, %v wide", c.text, c.width, got, w)
			}
			if c.width == 400 && got != c.text {
				t.Errorf("fit(%q, %v) = %q", c.text, c.width, got)
			}
		})
	}
}
