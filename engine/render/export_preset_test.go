package render_test

import (
	"image"
	"testing"

	"filterscope/engine/render"
)

// The UFLDL preset at zoom k decimates to display_network's own picture; other
// scales are the picture of the screen.
func TestExport(t *testing.T) {
	w := gabors(7, 6)
	o := render.MosaicOptions{Geometry: grey(6, 6), Zoom: 3, Gap: 2, Scaling: render.Scaling{Scale: render.ScaleUFLDL}}
	large := render.Export(w, o).(*image.Gray)
	small := render.DisplayNetwork(w, 6, false)
	if large.Rect.Max != small.Rect.Max.Mul(3) {
		t.Fatalf("size %v, want 3 times %v", large.Rect.Max, small.Rect.Max)
	}
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			if got, want := large.GrayAt(3*x+2, 3*y+1), small.GrayAt(x, y); got != want {
				t.Fatalf("pixel (%d,%d) = %v, want %v", x, y, got, want)
			}
		}
	}
	o.Scaling.Scale = render.ScaleTile
	if got, want := toRGBA(render.Export(w, o)).Pix, render.Mosaic(w, o).Pix; string(got) != string(want) {
		t.Error("the exported picture is not the one on the screen")
	}
}
