package render_test

import (
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

func TestBarTiles(t *testing.T) {
	w := linalg.MatrixOf(3, 4, []float32{1, -0.5, 0, 0.25, 0, 0, 0, 0, -2, 2, 1, -1})
	c := render.Measure(w, render.Scaling{Scale: render.ScaleTile})
	g := render.BarGeometry(4)
	tiles := render.BarTiles(w, c)
	if tiles.Cols != g.Features() {
		t.Fatalf("%d values for tiles of %d", tiles.Cols, g.Features())
	}
	// Bars counted in pixels, upwards positive.
	want := [3][4]int{{12, -6, 0, 3}, {0, 0, 0, 0}, {-12, 12, 6, -6}}
	for i := range 3 {
		for x := range 4 {
			n := 0
			for y := range g.Height {
				switch v := tiles.At(i, y*4+x); {
				case v > 0 && y < g.Height/2:
					n++
				case v < 0 && y > g.Height/2:
					n--
				case v != 0:
					t.Errorf("unit %d, weight %d: %v in row %d", i, x, v, y)
				}
			}
			if n != want[i][x] {
				t.Errorf("unit %d, weight %d: a bar of %d, want %d", i, x, n, want[i][x])
			}
		}
	}
}
