package render

import (
	"image"
	"math"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// Range is the fixed range of pixel data: Lo is drawn black, Hi white. Pixel
// data is never scaled by what happens to be in the picture.
type Range struct{ Lo, Hi float64 }

// UnitRange is the range of intensities in [0, 1].
func UnitRange() Range { return Range{0, 1} }

// DrawImages draws the part of a sheet of images that lies in view, as [Draw]
// does for filters: x is n×d, one image a row; grey value
// round(255·(v−Lo)/(Hi−Lo)), clamped. The map of o is not used.
func DrawImages[T linalg.Float](dst *image.RGBA, view image.Rectangle, x linalg.Matrix[T], grid Grid, r Range, o Options) {
	mustMatch(x, grid.Geometry)
	target := rgbaTarget{dst: dst, words: greyWords(o.Invert)}
	target.draw(view, grid, o.mat(), func(i int, to []uint8) bool {
		row := o.row(i, x.Rows)
		if row >= 0 {
			r.quantise(to, grid.Geometry, o.Transpose, func(j int) float64 { return float64(x.At(row, j)) })
		}
		return row >= 0
	})
}

// Images draws all images of x (n×d, one a row) as one picture. The scaling of
// o is not used.
func Images[T linalg.Float](x linalg.Matrix[T], r Range, o MosaicOptions) *image.RGBA {
	grid := o.grid(x.Rows)
	img := image.NewRGBA(grid.Bounds())
	DrawImages(img, img.Rect, x, grid, r, o.Options)
	return img
}

// greyWords is the table of grey values 0 to 255.
func greyWords(invert bool) *words {
	var t words
	for v := range t {
		g := uint32(v)
		if invert {
			g = 255 - g
		}
		t[v] = g | g<<8 | g<<16 | 0xff<<24
	}
	return &t
}

// quantise writes the grey values of one image to dst, row by row. value(j) is
// its feature j. What is not finite becomes the checkerboard.
func (r Range) quantise(dst []uint8, g dataset.Geometry, transpose bool, value func(j int) float64) {
	k := 255 * inverse(r.Hi-r.Lo)
	each(dst, g, transpose, value, func(v float64) uint8 {
		return uint8(math.Round(min(max((v-r.Lo)*k, 0), 255)))
	})
}

// each sets dst, row by row, to level(value(j)) of feature j.
func each(dst []uint8, g dataset.Geometry, transpose bool, value func(int) float64, level func(float64) uint8) {
	for i := range dst {
		px, py, j := i/g.Channels%g.Width, i/g.Channels/g.Width, i
		if transpose {
			j = (px*g.Height+py)*g.Channels + i%g.Channels
		}
		if v := value(j); finite(v) {
			dst[i] = level(v)
		} else {
			dst[i] = broken(px, py)
		}
	}
}
