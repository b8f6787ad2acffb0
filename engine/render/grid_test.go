package render_test

import (
	"image"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/render"

	"pgregory.net/rapid"
)

func TestUFLDLColumns(t *testing.T) {
	// 25, 196, 200 and 400 are derived in methods.md A5.
	for n, want := range map[int]int{0: 1, 1: 1, 2: 2, 3: 3, 5: 3, 12: 4, 25: 5, 64: 8, 100: 10, 196: 14, 200: 17, 400: 20} {
		if got := render.UFLDLColumns(n); got != want {
			t.Errorf("UFLDLColumns(%d) = %d, want %d", n, got, want)
		}
	}
}

func drawGrid(t *rapid.T) render.Grid {
	return render.NewGrid(
		rapid.IntRange(0, 30).Draw(t, "n"),
		dataset.Geometry{Width: rapid.IntRange(1, 6).Draw(t, "width"), Height: rapid.IntRange(1, 6).Draw(t, "height"), Channels: 1},
		rapid.IntRange(0, 9).Draw(t, "columns"), rapid.IntRange(1, 4).Draw(t, "zoom"), rapid.IntRange(0, 3).Draw(t, "gap"))
}

// Every pixel of the mosaic lies either in the cell that At names or in none.
func TestGridAtAgreesWithCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t)
		owner := map[image.Point]int{}
		for i := range g.N {
			cell := g.Cell(i)
			if !cell.In(g.Bounds()) || cell.Dx() != g.Geometry.Width*g.Zoom || cell.Dy() != g.Geometry.Height*g.Zoom {
				t.Fatalf("cell %d is %v in %v", i, cell, g.Bounds())
			}
			for y := cell.Min.Y; y < cell.Max.Y; y++ {
				for x := cell.Min.X; x < cell.Max.X; x++ {
					owner[image.Pt(x, y)] = i
				}
			}
		}
		for y := -2; y < g.Size().Y+2; y++ {
			for x := -2; x < g.Size().X+2; x++ {
				p := image.Pt(x, y)
				unit, px, py, ok := g.At(p)
				want, have := owner[p]
				if ok != have || (ok && unit != want) {
					t.Fatalf("At(%v) = %d, %v, want %d, %v", p, unit, ok, want, have)
				}
				at := g.Cell(unit).Min
				if ok && (px != (x-at.X)/g.Zoom || py != (y-at.Y)/g.Zoom) {
					t.Fatalf("At(%v) is pixel (%d,%d)", p, px, py)
				}
			}
		}
	})
}

func TestGridGapSurroundsEverything(t *testing.T) {
	g := render.NewGrid(6, grey(4, 3), 3, 2, 5)
	if want := image.Pt(5+3*13, 5+2*11); g.Size() != want {
		t.Errorf("Size() = %v, want %v", g.Size(), want)
	}
	if want := image.Rect(18, 16, 26, 22); g.Cell(4) != want {
		t.Errorf("Cell(4) = %v, want %v", g.Cell(4), want)
	}
}

func TestNeighbour(t *testing.T) {
	g := render.NewGrid(8, grey(2, 2), 3, 1, 1) // 3, 3 and 2 tiles
	for _, test := range []struct{ i, dx, dy, want int }{
		{4, 1, 0, 5},
		{5, 1, 0, 5},
		{0, -1, 0, 0},
		{4, 0, -1, 1},
		{1, 0, -5, 1},
		{5, 0, 1, 7}, // below the end of the last row
		{6, 0, 1, 6},
		{0, 5, 5, 7},
	} {
		if got := g.Neighbour(test.i, test.dx, test.dy); got != test.want {
			t.Errorf("Neighbour(%d, %d, %d) = %d, want %d", test.i, test.dx, test.dy, got, test.want)
		}
	}
}

func TestFitZoomIsTheLargestThatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t)
		w, h := rapid.IntRange(1, 300).Draw(t, "viewW"), rapid.IntRange(1, 300).Draw(t, "viewH")
		zoom := render.FitZoom(g.N, g.Geometry, g.Columns, g.Gap, w, h)
		fits := func(zoom int) bool {
			s := g.WithZoom(zoom).Size()
			return s.X <= w && (s.Y <= h || g.N == 0)
		}
		if zoom > 1 && !fits(zoom) {
			t.Fatalf("zoom %d does not fit", zoom)
		}
		if g.N > 0 && fits(zoom+1) {
			t.Fatalf("zoom %d fits, got %d", zoom+1, zoom)
		}
	})
}

func TestFitChoosesColumns(t *testing.T) {
	for _, test := range []struct {
		name                string
		n, side, w, h       int
		columns, zoom, rows int
	}{
		{"square view keeps the square", 64, 28, 470, 470, 8, 2, 8},
		{"wide view", 25, 8, 1000, 230, 9, 9, 3},
		{"tall view", 6, 10, 100, 600, 1, 9, 6},
		{"too small for anything", 100, 28, 50, 50, 10, 1, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := render.Fit(test.n, grey(test.side, test.side), 1, test.w, test.h)
			if g.Columns != test.columns || g.Zoom != test.zoom || g.Rows != test.rows {
				t.Errorf("Fit = %d×%d at zoom %d, want %d×%d at zoom %d", g.Columns, g.Rows, g.Zoom, test.columns, test.rows, test.zoom)
			}
		})
	}
}
