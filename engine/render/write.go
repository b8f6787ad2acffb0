package render

import (
	"fmt"
	"image"
	"image/color"
)

// Write writes lines of text from the point at down, one below the other, and
// returns the height of all of them in pixels.
func Write(dst *image.RGBA, at image.Point, typeface *Typeface, theme Theme, lines ...string) int {
	theme = theme.complete()
	text := typeface.size(theme.px(theme.TextSize))
	pitch := text.ascent + int(theme.px(8))
	for i, s := range lines {
		text.draw(dst, float64(at.X), at.Y+text.ascent+i*pitch, s, theme.Text)
	}
	return len(lines) * pitch
}

// Fill makes all of dst one colour.
func Fill(dst *image.RGBA, c color.RGBA) { fill(dst, dst.Rect, opaqueColour(c)) }

// DrawCounts draws a square matrix of counts, such as a confusion matrix: the
// share of each count in its row as a shade of accent, and the number in the cell.
// side is that of a cell in pixels; names stand before the rows and above the
// columns. It returns the rectangle of the cells.
func DrawCounts(dst *image.RGBA, at image.Point, side int, counts [][]int, names []string, typeface *Typeface, theme Theme, accent color.RGBA) image.Rectangle {
	theme = theme.complete()
	text := typeface.size(theme.px(theme.TextSize))
	left := 0.0
	for _, n := range names {
		left = max(left, text.width(n)+theme.px(6))
	}
	corner := at.Add(image.Pt(int(left), text.ascent+int(theme.px(6))))
	for i, row := range counts {
		sum := 0
		for _, n := range row {
			sum += n
		}
		middle := (side + text.ascent) / 2
		text.drawEnd(dst, float64(corner.X)-theme.px(6), corner.Y+i*side+middle, names[i], theme.Text)
		x := float64(corner.X + i*side + side/2)
		text.drawMiddle(dst, x, corner.Y-int(theme.px(4)), names[i], theme.Text, x-float64(side), x+float64(side))
		for j, n := range row {
			cell := image.Rect(0, 0, side-1, side-1).Add(corner).Add(image.Pt(j*side, i*side))
			share := float64(n) / float64(max(sum, 1))
			fill(dst, cell, mix(theme.Grid, accent, share))
			if n > 0 {
				x := float64(cell.Min.X+cell.Max.X) / 2
				ink := theme.Text
				if share > 0.5 {
					ink = theme.Background
				}
				text.drawMiddle(dst, x, cell.Min.Y+middle, fmt.Sprint(n), ink, float64(cell.Min.X), float64(cell.Max.X))
			}
		}
	}
	return image.Rectangle{corner, corner.Add(image.Pt(side*len(counts), side*len(counts)))}
}
