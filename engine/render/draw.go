package render

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"math"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// NearBlack is the default colour of the gaps. It does not follow the theme:
// a surround changes the greys that people perceive.
var NearBlack = color.RGBA{8, 8, 8, 255}

// Options says how levels become colours. The zero value is the default: grey
// on a near-black mat, row-major pixels, tiles in the order of the rows.
type Options struct {
	// Map colours the levels. Filters of three channels are drawn in their
	// own colours, whatever the map.
	Map Map
	// Invert exchanges the ends of the map: level l is drawn as 254−l.
	Invert bool
	// Transpose takes the pixels of a filter column by column, as MATLAB
	// stores them, instead of row by row.
	Transpose bool
	// Mat is the colour of the gaps and of whatever is not a tile; the zero
	// colour means [NearBlack]. It is drawn opaque.
	Mat color.RGBA
	// Order[i] is the row of the matrix that cell i shows, for sorted
	// mosaics; rows out of range leave the cell empty. nil means row i.
	Order []int
}

func (o Options) mat() color.RGBA {
	if o.Mat == (color.RGBA{}) {
		return NearBlack
	}
	return color.RGBA{o.Mat.R, o.Mat.G, o.Mat.B, 255}
}

// row returns the row of the matrix that cell i shows, -1 for none.
func (o Options) row(i, rows int) int {
	if o.Order != nil {
		if i >= len(o.Order) {
			return -1
		}
		i = o.Order[i]
	}
	if i < 0 || i >= rows {
		return -1
	}
	return i
}

// Feature returns the index, in the row of a filter or an image, of the first
// channel of the pixel (px, py) that [Grid.At] or [Sheet.At] found.
func (o Options) Feature(g dataset.Geometry, px, py int) int {
	if o.Transpose {
		return (px*g.Height + py) * g.Channels
	}
	return (py*g.Width + px) * g.Channels
}

// Draw draws the part of a mosaic that lies in view, in output pixels of grid,
// so that view.Min comes to dst's top-left corner. Every pixel of dst that
// view covers is written; view may reach beyond the mosaic.
//
// w is n×d, one filter a row, d = grid.Geometry.Features(); c is of n tiles.
// It panics when they do not fit together.
func Draw[T linalg.Float](dst *image.RGBA, view image.Rectangle, w linalg.Matrix[T], grid Grid, c Contrast, o Options) {
	c.mustFit(w.Rows)
	mustMatch(w, grid.Geometry)
	if grid.Geometry.Channels == 3 {
		o.Map = Grey
	}
	target := rgbaTarget{dst: dst, words: o.Map.words(o.Invert)}
	levels := func(i int, to []uint8) bool {
		row := o.row(i, w.Rows)
		if row >= 0 {
			quantise(to, w.Row(row), c.centre(row), c.Scales[row], grid.Geometry, o.Transpose)
		}
		return row >= 0
	}
	target.draw(view, grid, o.mat(), levels)
}

// layout is what a picture made of tiles is drawn by: a Grid or a Sheet.
type layout interface {
	cells() int                    // numbered from 0
	Cell(i int) image.Rectangle    // output pixels of cell i
	tile() (dataset.Geometry, int) // of every cell: its geometry and zoom
}

func mustMatch[T linalg.Float](w linalg.Matrix[T], g dataset.Geometry) {
	if w.Cols != g.Features() && w.Rows > 0 {
		panic(fmt.Sprintf("render: %d×%d matrix for tiles of %d×%d×%d", w.Rows, w.Cols, g.Width, g.Height, g.Channels))
	}
}

// rgbaTarget draws tiles of levels into an RGBA image through a colour table.
type rgbaTarget struct {
	dst   *image.RGBA
	clip  image.Rectangle // the part of dst to write
	words *words
}

// draw fills view of the layout; levels(i, to) writes the levels of cell i, or
// reports that it has none.
func (t *rgbaTarget) draw(view image.Rectangle, l layout, mat color.RGBA, levels func(i int, to []uint8) bool) {
	shift := t.dst.Rect.Min.Sub(view.Min)
	t.clip = view.Add(shift).Intersect(t.dst.Rect)
	if t.clip.Empty() {
		return
	}
	fill(t.dst, t.clip, mat)
	g, zoom := l.tile()
	scratch := make([]uint8, g.Features())
	for i := range l.cells() {
		cell := l.Cell(i).Add(shift)
		if cell.Overlaps(t.clip) && levels(i, scratch) {
			t.blit(cell.Min, scratch, g, zoom)
		}
	}
}

// blit enlarges one tile of levels by zoom and draws the part of it that lies
// in the clip, its top-left corner at at.
func (t *rgbaTarget) blit(at image.Point, levels []uint8, g dataset.Geometry, zoom int) {
	x0, x1 := max(t.clip.Min.X, at.X), min(t.clip.Max.X, at.X+g.Width*zoom)
	y0, y1 := max(t.clip.Min.Y, at.Y), min(t.clip.Max.Y, at.Y+g.Height*zoom)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	var above []uint8 // the last line drawn
	source := -1      // and the row of the tile that it shows
	for y := y0; y < y1; y++ {
		from := t.dst.PixOffset(x0, y)
		line := t.dst.Pix[from : from+4*(x1-x0)]
		py := (y - at.Y) / zoom
		if py == source {
			copy(line, above)
			continue
		}
		row := levels[py*g.Width*g.Channels : (py+1)*g.Width*g.Channels]
		above, source = line, py
		px := (x0 - at.X) / zoom
		left := zoom - (x0-at.X)%zoom // output pixels that px still has
		for len(line) > 0 {
			var c uint32
			if g.Channels == 1 {
				c = t.words[row[px]]
			} else {
				p := row[3*px : 3*px+3]
				c = t.words[p[0]]&0xff | t.words[p[1]]&0xff00 | t.words[p[2]]&0xff0000 | 0xff<<24
			}
			n := min(left, len(line)/4)
			for ; n >= 2; n -= 2 {
				binary.LittleEndian.PutUint64(line, uint64(c)|uint64(c)<<32)
				line = line[8:]
			}
			if n == 1 {
				binary.LittleEndian.PutUint32(line, c)
				line = line[4:]
			}
			px, left = px+1, zoom
		}
	}
}

// fill paints the part of a rectangle that lies in dst.
func fill(dst *image.RGBA, r image.Rectangle, c color.RGBA) {
	r = r.Intersect(dst.Rect)
	if r.Empty() {
		return
	}
	first := dst.Pix[dst.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
	binary.LittleEndian.PutUint32(first, word(c))
	for n := 4; n < len(first); n *= 2 {
		copy(first[n:], first[:n])
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(dst.Pix[dst.PixOffset(r.Min.X, y):], first)
	}
}

// Levels of the checkerboard that stands for weights that are not finite.
const (
	brokenDark  = Zero - 24
	brokenLight = Zero + 24
)

// roundingBias makes the low byte of a float64's bits the level: adding
// 1.5·2^52 to a small number leaves its nearest integer, halves to even, in
// the low bits, and the 127 shifts -127…127 to 0…254.
const roundingBias = 0x1.8p52 + Zero

// quantise writes the levels of one tile, row by row, to dst.
func quantise[T linalg.Float](dst []uint8, w []T, centre, scale float64, g dataset.Geometry, transpose bool) {
	k := Zero * inverse(scale)
	if !finite(k) {
		k = 0
	}
	if !transpose && g.Channels == 1 {
		for j, v := range w[:len(dst)] {
			x := (float64(v) - centre) * k
			switch {
			case x > Zero:
				x = Zero
			case x < -Zero:
				x = -Zero
			}
			if !finite(float64(v)) {
				dst[j] = broken(j%g.Width, j/g.Width)
				continue
			}
			dst[j] = uint8(math.Float64bits(x + roundingBias))
		}
		return
	}
	each(dst, g, transpose,
		func(j int) float64 { return float64(w[j]) },
		func(v float64) uint8 { return level((v - centre) * k) })
}

// level returns the level of a scaled weight, x = 127·(v−c)/s, finite.
func level(x float64) uint8 {
	return uint8(math.Float64bits(min(max(x, -Zero), Zero) + roundingBias))
}

// broken returns the level of a weight at (px, py) that is not finite.
func broken(px, py int) uint8 {
	if (px+py)%2 == 0 {
		return brokenDark
	}
	return brokenLight
}
