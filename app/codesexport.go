package app

import (
	"image"

	"filterscope/engine/render"
)

// exportGrid arranges the exported pictures as they are on the screen: those of
// the plane without gaps, samples with gaps of one pixel.
func (f *codesFrame) exportGrid(zoom int) render.Grid {
	gap := 0
	if f.req.mode == codesSamples {
		gap = zoom
	}
	return render.NewGrid(f.tiles.Rows, f.grid.Geometry, f.grid.Columns, zoom, gap)
}

// zooms reports whether what is shown is exported pixel by pixel at a zoom;
// charts are as on the screen.
func (f *codesFrame) zooms() bool { return f.req.mode == codesGrid || f.req.mode == codesSamples }

// exportSize is the size of the exported picture in pixels.
func (f *codesFrame) exportSize(zoom int) image.Point {
	switch {
	case f.image == nil:
		return image.Point{}
	case f.zooms():
		return f.exportGrid(zoom).Size()
	}
	return f.image.Rect.Size()
}

// exportImage draws the picture that is saved.
func (f *codesFrame) exportImage(zoom int) image.Image {
	if !f.zooms() {
		return f.image
	}
	grid := f.exportGrid(zoom)
	img := image.NewRGBA(grid.Bounds())
	render.DrawImages(img, img.Rect, f.tiles, grid, f.set.probe.span, render.Options{})
	return img
}
