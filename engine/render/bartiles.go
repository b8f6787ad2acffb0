package render

import (
	"math"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// barHeight is the height of a tile of bars, odd: zero is the middle row.
const barHeight = 25

// BarGeometry returns the tile that shows n weights as bars side by side: one
// pixel a weight, up for positive ones, down for negative ones.
func BarGeometry(n int) dataset.Geometry {
	return dataset.Geometry{Width: n, Height: barHeight, Channels: 1}
}

// BarTiles returns the tiles of bars of w, one unit a row, for [Draw] with the
// contrast c of w and the geometry of [BarGeometry]: a weight as large as the
// scale of its unit fills the half of its tile. It is for weights on features
// that form no image.
func BarTiles[T linalg.Float](w linalg.Matrix[T], c Contrast) linalg.Matrix[T] {
	c.mustFit(w.Rows)
	tiles := linalg.NewMatrix[T](w.Rows, w.Cols*barHeight)
	const middle = barHeight / 2
	for i := range w.Rows {
		scale, centre := c.Scales[i], c.centre(i)
		if !(scale > 0) {
			continue
		}
		to := tiles.Row(i)
		for y := range barHeight { // of the tile's own middle grey
			for x := range w.Cols {
				to[y*w.Cols+x] = T(centre)
			}
		}
		for x, v := range w.Row(i) {
			share := (float64(v) - centre) / scale
			n := int(math.Round(middle * min(max(share, -1), 1)))
			for y := 1; y <= max(n, -n); y++ {
				if n > 0 {
					to[(middle-y)*w.Cols+x] = T(centre + scale)
				} else {
					to[(middle+y)*w.Cols+x] = T(centre - scale)
				}
			}
		}
	}
	return tiles
}
