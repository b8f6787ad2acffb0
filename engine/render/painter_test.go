package render_test

import (
	"image"
	"image/color"
	"testing"

	"filterscope/engine/render"
)

// Every picture can be drawn into a part of a larger one: the same pixels
// there, none elsewhere, and a mapping in the larger one's coordinates.
func TestPainterDrawsIntoAPart(t *testing.T) {
	theme := render.LightTheme()
	stacked := bumps(100, 6)
	stacked.Weighted, stacked.Selected = true, 2
	field := peaksField(20)
	for _, test := range []struct {
		name string
		draw func(p *render.Painter, dst *image.RGBA) image.Rectangle
	}{
		{"basis", func(p *render.Painter, dst *image.RGBA) image.Rectangle {
			return p.Basis(dst, bumps(100, 6), theme).Span()
		}},
		{"stack", func(p *render.Painter, dst *image.RGBA) image.Rectangle { return p.Basis(dst, stacked, theme).Span() }},
		{"field", func(p *render.Painter, dst *image.RGBA) image.Rectangle { return p.Field(dst, field, theme).Area }},
		{"outline", func(p *render.Painter, dst *image.RGBA) image.Rectangle { return p.Outline(dst, star(), theme).Area }},
		{"surface", func(p *render.Painter, dst *image.RGBA) image.Rectangle {
			return p.Surface(dst, peaksSurface(20), theme).Area
		}},
		{"sentence", func(p *render.Painter, dst *image.RGBA) image.Rectangle {
			p.Field(dst, render.Field{}, theme)
			return image.Rectangle{Max: dst.Rect.Size()}.Add(dst.Rect.Min)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPainter(t)
			alone := image.NewRGBA(image.Rect(0, 0, 240, 200))
			area := test.draw(p, alone)
			whole := image.NewRGBA(image.Rect(0, 0, 320, 300))
			at := image.Pt(37, 59)
			part := whole.SubImage(alone.Rect.Add(at)).(*image.RGBA)
			if got := test.draw(p, part); got != area.Add(at) {
				t.Errorf("area %v, want %v", got, area.Add(at))
			}
			for y := range 300 {
				for x := range 320 {
					q := image.Pt(x, y).Sub(at)
					want := color.RGBA{}
					if q.In(alone.Rect) {
						want = alone.RGBAAt(q.X, q.Y)
					}
					got := whole.RGBAAt(x, y)
					if d := max(int(got.R)-int(want.R), int(want.R)-int(got.R)); d > 1 || got.A != want.A {
						t.Fatalf("(%d,%d) is %v, want %v", x, y, got, want)
					}
				}
			}
		})
	}
}
