package render_test

import (
	"image"
	"math"
	"slices"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"

	"pgregory.net/rapid"
)

func TestImagesKeepBytes(t *testing.T) {
	x := linalg.NewMatrix[float64](1, 256)
	for v := range x.Data {
		x.Data[v] = float64(v)
	}
	img := render.Images(x, render.Range{Hi: 255}, render.MosaicOptions{Geometry: grey(16, 16)})
	opaque(t, img)
	for v := range 256 {
		if got := img.Pix[4*v]; got != uint8(v) {
			t.Fatalf("byte %d is drawn as %d", v, got)
		}
	}
}

func TestImagesAreNotScaledByTheirContent(t *testing.T) {
	x := linalg.MatrixOf(1, 4, []float32{0.5, 0.25, 2, -1})
	img := render.Images(x, render.UnitRange(), render.MosaicOptions{Geometry: grey(4, 1)})
	for i, want := range []uint8{128, 64, 255, 0} {
		if got := img.Pix[4*i]; got != want {
			t.Errorf("pixel %d = %d, want %d", i, got, want)
		}
	}
}

func TestSheetAtAgreesWithTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := render.NewSheet(rapid.IntRange(1, 9).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "rows"),
			grey(rapid.IntRange(1, 4).Draw(t, "w"), rapid.IntRange(1, 4).Draw(t, "h")),
			rapid.IntRange(0, 5).Draw(t, "columns"), rapid.IntRange(1, 3).Draw(t, "zoom"), rapid.IntRange(0, 2).Draw(t, "gap"))
		type place struct{ example, row, px, py int }
		want := map[image.Point]place{}
		for e := range s.N {
			for r := range s.Rows {
				tile := s.Tile(e, r)
				if !tile.In(s.Bounds()) {
					t.Fatalf("tile %v outside %v", tile, s.Bounds())
				}
				for y := range tile.Dy() {
					for x := range tile.Dx() {
						want[tile.Min.Add(image.Pt(x, y))] = place{e, r, x / s.Zoom, y / s.Zoom}
					}
				}
			}
		}
		for y := -1; y <= s.Size().Y; y++ {
			for x := -1; x <= s.Size().X; x++ {
				p := image.Pt(x, y)
				e, r, px, py, ok := s.At(p)
				if w, have := want[p]; ok != have || (ok && w != place{e, r, px, py}) {
					t.Fatalf("At(%v) = %v %v, want %v %v", p, place{e, r, px, py}, ok, w, have)
				}
			}
		}
	})
}

func TestFitSheetFillsTheView(t *testing.T) {
	s := render.FitSheet(8, 3, grey(28, 28), 1, 500, 400)
	if size := s.Size(); s.Zoom != 2 || size.X > 500 || size.Y > 400 {
		t.Errorf("zoom %d, size %v, %d columns", s.Zoom, size, s.Columns)
	}
	if s := render.FitSheet(100, 3, grey(28, 28), 1, 300, 50); s.Zoom != 1 || s.Size().X > 300 {
		t.Errorf("too small a view: zoom %d, size %v", s.Zoom, s.Size())
	}
}

func TestSheetGolden(t *testing.T) {
	input := gabors(5, 9)
	for i, v := range input.Data {
		input.Data[i] = 1 / (1 + math.Exp(-v))
	}
	output := input.Clone()
	for i := range output.Data {
		output.Data[i] += 0.2 * math.Sin(float64(i))
	}
	rows := render.Reconstructions(input, output, render.UnitRange(), 0.5, render.BlueWhiteOrange)
	if got, want := rows[2].Value(1, 3), output.At(1, 3)-input.At(1, 3); got != want {
		t.Errorf("error of pixel 3 of example 1 = %v, want %v", got, want)
	}
	sheet := render.NewSheet(5, 3, grey(9, 9), 3, 3, 1)
	img := image.NewRGBA(sheet.Bounds())
	render.DrawSheet(img, img.Rect, sheet, rows, render.Options{})
	opaque(t, img)
	golden(t, "sheet", img)
}

func TestSheetLabels(t *testing.T) {
	typeface, err := render.NewTypeface(nil)
	if err != nil {
		t.Fatal(err)
	}
	x := linalg.NewMatrix[float64](5, 16)
	for i := range x.Data {
		x.Data[i] = float64(i%7) / 6
	}
	sheet := render.NewSheet(5, 2, grey(4, 4), 3, 10, 2)
	sheet.Foot = 15
	row := render.SheetRow[float64]{X: x, Range: render.UnitRange()}
	img := image.NewRGBA(sheet.Bounds())
	render.DrawSheet(img, img.Rect, sheet, []render.SheetRow[float64]{row, row}, render.Options{})
	bare := slices.Clone(img.Pix)
	label := func(i int) string { return [...]string{"0.123", "4.5", "", "1e+03", "far too long for a tile"}[i] }
	render.DrawSheetLabels(img, img.Rect, sheet, label, typeface, render.DarkTheme())
	golden(t, "sheetlabels", img)
	for i := range 5 { // tiles are left alone
		for r := range 2 {
			tile := sheet.Tile(i, r)
			for y := tile.Min.Y; y < tile.Max.Y; y++ {
				from := img.PixOffset(tile.Min.X, y)
				if !slices.Equal(bare[from:from+4*tile.Dx()], img.Pix[from:from+4*tile.Dx()]) {
					t.Fatalf("a label lies over row %d of example %d", r, i)
				}
			}
		}
	}
}
