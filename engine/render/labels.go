package render

import (
	"image"
	"image/color"
)

// DrawLabels writes label(i) below each tile i of the grid that lies in view,
// centred, where the grid's gap leaves room; dst shows the rectangle view of
// the mosaic. An empty label is left out.
func DrawLabels(dst *image.RGBA, view image.Rectangle, grid Grid, label func(i int) string, typeface *Typeface, theme Theme) {
	theme = theme.complete()
	text := typeface.size(min(theme.px(theme.TextSize), float64(grid.Gap)))
	at := dst.Rect.Min.Sub(view.Min)
	for i := range grid.N {
		cell := grid.Cell(i)
		below := image.Rect(cell.Min.X, cell.Max.Y, cell.Max.X, cell.Max.Y+grid.Gap)
		if !below.Overlaps(view) {
			continue
		}
		below = below.Add(at)
		text.drawMiddle(dst, float64(below.Min.X+below.Max.X)/2, below.Max.Y-(grid.Gap-text.ascent)/2, label(i), theme.Text,
			float64(below.Min.X), float64(below.Max.X))
	}
}

// DrawSheetLabels writes label(i) below the rows of each example i of the sheet
// that lies in view, centred, where the sheet's Foot leaves room; dst shows the
// rectangle view of the sheet. What is wider than a tile is left out.
func DrawSheetLabels(dst *image.RGBA, view image.Rectangle, sheet Sheet, label func(example int) string, typeface *Typeface, theme Theme) {
	theme = theme.complete()
	text := typeface.size(min(theme.px(theme.TextSize), float64(sheet.Foot)))
	at := dst.Rect.Min.Sub(view.Min)
	for i := range sheet.N {
		cell := sheet.Tile(i, sheet.Rows-1)
		below := image.Rect(cell.Min.X, cell.Max.Y, cell.Max.X, cell.Max.Y+sheet.Gap+sheet.Foot)
		if !below.Overlaps(view) {
			continue
		}
		below = below.Add(at)
		s := label(i)
		if text.width(s) > float64(below.Dx()+sheet.Gap) {
			continue
		}
		text.drawMiddle(dst, float64(below.Min.X+below.Max.X)/2, below.Max.Y-(below.Dy()-text.ascent)/2, s, theme.Text,
			float64(below.Min.X-sheet.Gap), float64(below.Max.X+sheet.Gap))
	}
}

// Strip draws values, one example a row, as a grey picture of the size of dst:
// features from left to right, examples from top to bottom, Lo of r black, Hi
// white. Where there are more values than pixels some are left out. It is for
// data that are no images.
func Strip(dst *image.RGBA, examples, features int, value func(i, j int) float64, r Range) {
	if examples == 0 || features == 0 || dst.Rect.Empty() {
		return
	}
	for y := range dst.Rect.Dy() {
		i := y * examples / dst.Rect.Dy()
		for x := range dst.Rect.Dx() {
			v := (value(i, x*features/dst.Rect.Dx()) - r.Lo) / (r.Hi - r.Lo)
			g := uint8(255*min(max(v, 0), 1) + 0.5) // of NaN 0
			dst.SetRGBA(dst.Rect.Min.X+x, dst.Rect.Min.Y+y, color.RGBA{g, g, g, 255})
		}
	}
}
