package figure_test

import (
	"image/color"
	"testing"

	"filterscope/engine/figure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// Outlines cover the same pixels as the text drawn by the image canvas.
func TestOutlinesAreTheText(t *testing.T) {
	const text = "λ = 3e−3, ρ̂ Zoë β"
	face := font.DefaultCache.Lookup(plot.DefaultFont, 40)
	draw := func(fill func(c vg.Canvas)) *vgimg.Canvas {
		c := vgimg.NewWith(vgimg.UseWH(400, 60), vgimg.UseDPI(72))
		c.SetColor(color.Black)
		fill(c)
		return c
	}
	at := vg.Point{X: 10, Y: 20}
	want := draw(func(c vg.Canvas) { c.FillString(face, at, text) }).Image()
	got := draw(func(c vg.Canvas) { figure.FillOutlines(c, face, at, text) }).Image()
	ink, difference := 0, 0
	for y := range 60 {
		for x := range 400 {
			a, b := color.GrayModel.Convert(got.At(x, y)).(color.Gray).Y, color.GrayModel.Convert(want.At(x, y)).(color.Gray).Y
			ink += 255 - int(b)
			difference += max(int(a)-int(b), int(b)-int(a))
		}
	}
	// The image canvas hints and places glyphs on whole pixels, so that edges
	// differ; a glyph out of place differs by all of its ink, twice.
	if ink == 0 || difference > ink/3 {
		t.Errorf("outlines differ by %d of %d", difference, ink)
	}
}
