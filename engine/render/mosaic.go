package render

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"slices"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// MosaicOptions describes a whole mosaic.
type MosaicOptions struct {
	Geometry dataset.Geometry
	Columns  int // 0: as UFLDLColumns
	Zoom     int // output pixels a source pixel; 0 is 1
	// Gap is the space around the tiles in pixels at zoom 1; it grows with
	// the zoom, so that every Zoom-th pixel of a picture is the zoom-1 picture.
	Gap     int
	Scaling Scaling
	Options
}

// grid returns the layout of n tiles.
func (o MosaicOptions) grid(n int) Grid {
	zoom := max(1, o.Zoom)
	return NewGrid(n, o.Geometry, o.Columns, zoom, o.Gap*zoom)
}

// Mosaic draws all filters of w (n×d, one a row) as one picture.
func Mosaic[T linalg.Float](w linalg.Matrix[T], o MosaicOptions) *image.RGBA {
	grid := o.grid(w.Rows)
	img := image.NewRGBA(grid.Bounds())
	Draw(img, img.Rect, w, grid, Measure(w, o.Scaling), o.Options)
	return img
}

// Tile draws the one filter w enlarged, without a border. A scale of 0 means
// its own largest |w|; centre is the weight drawn as the middle level.
func Tile[T linalg.Float](w []T, g dataset.Geometry, zoom int, centre, scale float64, o Options) *image.RGBA {
	m := linalg.MatrixOf(1, len(w), w)
	c := Contrast{Scales: []float64{scale}, Centres: []float64{centre}}
	if scale == 0 {
		c.Scales = largest(m, c.Centres)
	}
	grid := NewGrid(1, g, 1, zoom, 0)
	img := image.NewRGBA(grid.Bounds())
	o.Order = nil
	Draw(img, img.Rect, m, grid, c, o)
	return img
}

// Indexed draws the whole grid as [Draw] does, in the smallest kind of image
// that holds it: *image.Gray for the grey map on a grey mat, *image.Paletted
// for the diverging maps (colour index = level before inversion, 255 = mat),
// *image.RGBA for filters of three channels, or on a coloured mat.
func Indexed[T linalg.Float](w linalg.Matrix[T], grid Grid, c Contrast, o Options) image.Image {
	mat := o.mat()
	if grid.Geometry.Channels != 1 || (o.Map == Grey && (mat.R != mat.G || mat.G != mat.B)) {
		img := image.NewRGBA(grid.Bounds())
		Draw(img, img.Rect, w, grid, c, o)
		return img
	}
	c.mustFit(w.Rows)
	mustMatch(w, grid.Geometry)
	bounds := grid.Bounds()
	pix := bytes.Repeat([]byte{Levels}, bounds.Dx()*bounds.Dy())
	if o.Map == Grey {
		pix = bytes.Repeat([]byte{mat.R}, len(pix))
	}
	levels := make([]uint8, grid.Geometry.Features())
	for i := range grid.N {
		row := o.row(i, w.Rows)
		if row < 0 {
			continue
		}
		quantise(levels, w.Row(row), c.centre(row), c.Scales[row], grid.Geometry, o.Transpose)
		cell := grid.Cell(i)
		for y := range cell.Dy() {
			line := pix[(cell.Min.Y+y)*bounds.Dx()+cell.Min.X:]
			source := levels[y/grid.Zoom*grid.Geometry.Width:]
			for x := range cell.Dx() {
				l := source[x/grid.Zoom]
				if o.Map == Grey && o.Invert {
					l = Levels - 1 - l
				}
				line[x] = l
			}
		}
	}
	if o.Map == Grey {
		return &image.Gray{Pix: pix, Stride: bounds.Dx(), Rect: bounds}
	}
	palette := make(color.Palette, 0, Levels+1)
	for _, c := range o.Map.Palette() {
		palette = append(palette, c)
	}
	if o.Invert {
		slices.Reverse(palette)
	}
	palette = append(palette, mat)
	return &image.Paletted{Pix: pix, Stride: bounds.Dx(), Rect: bounds, Palette: palette}
}

// LegendRange returns the weight at the top of the legend, and whether it is
// one number for all tiles; with tile scales it is the largest of them.
func (c Contrast) LegendRange() (scale float64, shared bool) {
	switch c.Scaling.Scale {
	case ScaleGlobal, ScaleUnit:
		return c.Global, true
	}
	for _, s := range c.Scales {
		scale = math.Max(scale, s)
	}
	return scale, false
}
