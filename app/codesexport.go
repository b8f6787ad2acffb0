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

// picture is what is saved.
func (f *codesFrame) picture() picture {
	p := onScreen(f.image)
	if f.zooms() {
		p = picture{
			zooms: true,
			size:  func(zoom int) image.Point { return f.exportGrid(zoom).Size() },
			draw:  f.exportImage,
		}
	}
	p.meta = map[string]string{"Codes": f.sentence()}
	return p
}

// exportImage draws the pictures at a zoom.
func (f *codesFrame) exportImage(zoom int) image.Image {
	grid := f.exportGrid(zoom)
	img := image.NewRGBA(grid.Bounds())
	render.DrawImages(img, img.Rect, f.tiles, grid, f.set.probe.span, render.Options{})
	return img
}
