package render

import (
	"image"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// ImageRow is images side by side under a title.
type ImageRow struct {
	Title  string
	Images linalg.Matrix[float32] // one a row
	Zoom   int
	Marked int // the emphasised image, -1 for none
}

// ImageRowView is where the images of a row lie: those of its grid, whose corner
// is at At.
type ImageRowView struct {
	Grid Grid
	At   image.Point
}

// Image returns the image of the row at a pixel, -1 for none, and the pixel in
// it.
func (v ImageRowView) Image(p image.Point) (i, px, py int) {
	i, px, py, ok := v.Grid.At(p.Sub(v.At))
	if !ok {
		return -1, 0, 0
	}
	return i, px, py
}

// ImageRowsHeight returns the height in pixels that rows of images of that height take at
// the given zooms.
func (t Theme) ImageRowsHeight(height int, zooms ...int) int {
	t = t.complete()
	sum := int(t.px(chartEdge))
	for _, z := range zooms {
		sum += int(t.px(imageRowTitle)) + height*z + 2*imageRowGap + int(t.px(imageRowSpace))
	}
	return sum
}

// imageRowTitle is the room for a title, imageRowSpace that under a row in units,
// imageRowGap that between images in pixels.
const imageRowTitle, imageRowSpace, imageRowGap = 19, 4, 2

// ImageRows draws rows of images of one geometry and range from the top of dst
// down, and returns where they are; what has no room is cut off.
func (p *Painter) ImageRows(dst *image.RGBA, rows []ImageRow, g dataset.Geometry, r Range, theme Theme) []ImageRowView {
	theme = theme.complete()
	fill(dst, dst.Rect, theme.Background)
	text := p.typeface.size(theme.px(theme.TextSize))
	edge := int(theme.px(chartEdge))
	at := dst.Rect.Min.Add(image.Pt(edge, edge))
	var views []ImageRowView
	for _, row := range rows {
		text.draw(dst, float64(at.X), at.Y+text.ascent, row.Title, mix(theme.Background, theme.Text, 0.8))
		at.Y += int(theme.px(imageRowTitle))
		grid := NewGrid(row.Images.Rows, g, max(row.Images.Rows, 1), row.Zoom, imageRowGap)
		views = append(views, ImageRowView{grid, at})
		part := dst.SubImage(grid.Bounds().Add(at)).(*image.RGBA)
		if !part.Rect.Empty() && row.Images.Rows > 0 {
			view := part.Rect.Sub(at)
			DrawImages(part, view, row.Images, grid, r, Options{Mat: theme.Background})
		}
		if row.Marked >= 0 && row.Marked < row.Images.Rows {
			cell := grid.Cell(row.Marked).Add(at)
			for _, side := range []image.Rectangle{
				image.Rect(cell.Min.X-2, cell.Min.Y-2, cell.Max.X+2, cell.Min.Y), image.Rect(cell.Min.X-2, cell.Max.Y, cell.Max.X+2, cell.Max.Y+2),
				image.Rect(cell.Min.X-2, cell.Min.Y, cell.Min.X, cell.Max.Y), image.Rect(cell.Max.X, cell.Min.Y, cell.Max.X+2, cell.Max.Y),
			} {
				fill(dst, side, theme.accent())
			}
		}
		at.Y += grid.Size().Y + int(theme.px(imageRowSpace))
	}
	return views
}
