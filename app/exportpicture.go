package app

import (
	"fmt"
	"image"
	"path/filepath"

	"filterscope/app/cli"
	"filterscope/engine/render"
)

// picture is what a view shows as it is saved in a PNG file. Its functions hold
// all they need, so that they may run on any goroutine while the window goes on.
type picture struct {
	zooms bool // drawn anew with any whole number of pixels a pixel; else it is as on the screen
	what  string
	size  func(zoom int) image.Point
	draw  func(zoom int) image.Image
	meta  map[string]string // further text of the file
}

// onScreen is a picture that is saved as it is shown.
func onScreen(img *image.RGBA) picture {
	return picture{
		size: func(int) image.Point { return img.Rect.Size() },
		draw: func(int) image.Image { return img },
	}
}

// mostPixels bounds a side of a picture that is saved.
const mostPixels = 16384

// fits reports whether the picture may be saved at a zoom.
func (p picture) fits(zoom int) bool {
	s := p.size(zoom)
	return zoom == 1 || max(s.X, s.Y) <= mostPixels
}

// says describes the picture in the dialog.
func (p picture) says(zoom int) string {
	s := p.size(zoom)
	text := fmt.Sprintf("%d × %d pixels, ", s.X, s.Y)
	if p.what != "" {
		text = p.what + ", " + text
	}
	if p.zooms {
		return text + "no resampling"
	}
	return text + "as on the screen"
}

// pictureOf returns the picture of the present view, false when there is none
// yet or it is a chart with formats of its own.
func (w *Window) pictureOf(f *frame) (picture, bool) {
	switch {
	case w.view == viewFilters && f.selection != nil:
		return onScreen(f.selection.image), true
	case w.view == viewFilters && f.filters != nil:
		return w.filterPicture(f), true
	case w.view == viewReconstruct && f.panel != nil:
		return f.panel.saved, f.panel.saved.draw != nil
	case w.view == viewReconstruct && f.sheet != nil:
		return f.sheet.picture(), true
	case w.view == viewCodes && f.codes != nil && f.codes.image != nil:
		return f.codes.picture(), true
	}
	return picture{}, false
}

// filterPicture is the mosaic with the contrast that it has on the screen: of all
// filters, or of several that are marked.
func (w *Window) filterPicture(f *frame) picture {
	ff, contrast := f.filters, f.contrast
	p := picture{zooms: true, meta: map[string]string{"Scale": ff.req.scaling.Scale.String()}}
	if layers := w.filters.layers; len(layers) > 1 {
		p.meta["Layer"] = layers[ff.req.layer].Name
	}
	marked := w.filters.marked.units(ff.shown.Rows)
	if len(marked) == 0 {
		p.size = func(zoom int) image.Point { return ff.exportGrid(zoom).Size() }
		p.draw = func(zoom int) image.Image { return ff.exportImage(contrast, zoom) }
		return p
	}
	p.what, p.meta["Units"] = fmt.Sprintf("%d marked filters", len(marked)), fmt.Sprint(marked)
	p.size = func(zoom int) image.Point { return ff.markedGrid(marked, zoom).Size() }
	p.draw = func(zoom int) image.Image { return ff.markedImage(contrast, marked, zoom) }
	return p
}

// preset reports whether the mosaic is exported as display_network draws it,
// with its own columns and gaps.
func (f *filterFrame) preset() bool {
	q := f.req
	return q.scaling.Scale == render.ScaleUFLDL && !q.lock && q.grid.Geometry.Width == q.grid.Geometry.Height && q.grid.Geometry.Channels == 1
}

// exportGrid arranges the exported mosaic as it is on the screen, with gaps of
// one weight.
func (f *filterFrame) exportGrid(zoom int) render.Grid {
	columns := f.req.grid.Columns
	if f.preset() {
		columns = 0
	}
	return render.NewGrid(f.shown.Rows, f.req.grid.Geometry, columns, zoom, zoom)
}

// exportImage draws the mosaic with the contrast that it has on the screen.
func (f *filterFrame) exportImage(contrast render.Contrast, zoom int) image.Image {
	if f.preset() {
		return render.Export(f.shown, render.MosaicOptions{
			Geometry: f.req.grid.Geometry, Zoom: zoom, Scaling: f.req.scaling, Options: f.req.options,
		})
	}
	return f.draw(f.exportGrid(zoom), contrast, f.req.options)
}

// markedGrid arranges a few filters, in rows no longer than those of the mosaic.
func (f *filterFrame) markedGrid(units []int, zoom int) render.Grid {
	return render.NewGrid(len(units), f.req.grid.Geometry, min(f.req.grid.Columns, len(units)), zoom, zoom)
}

// markedImage draws a few filters with the contrast that they have among all.
func (f *filterFrame) markedImage(contrast render.Contrast, units []int, zoom int) image.Image {
	options := f.req.options
	options.Order = units
	return f.draw(f.markedGrid(units, zoom), contrast, options)
}

func (f *filterFrame) draw(grid render.Grid, contrast render.Contrast, options render.Options) image.Image {
	if f.bars {
		return render.Indexed(render.BarTiles(f.shown, contrast), grid, contrast, options)
	}
	return render.Indexed(f.shown, grid, contrast, options)
}

// picture is the sheet of reconstructions, with gaps of one pixel.
func (s *sheetFrame) picture() picture {
	layout := func(zoom int) render.Sheet {
		return render.NewSheet(s.layout.N, s.layout.Rows, s.layout.Geometry, s.layout.Columns, zoom, zoom)
	}
	return picture{
		zooms: true,
		size:  func(zoom int) image.Point { return layout(zoom).Size() },
		draw: func(zoom int) image.Image {
			sheet := layout(zoom)
			img := image.NewRGBA(sheet.Bounds())
			render.DrawSheet(img, img.Rect, sheet, s.matrices(), render.Options{})
			return img
		},
	}
}

// metaOf is the text that every picture of a run carries.
func (w *Window) metaOf(f *frame) map[string]string {
	software := "Filterscope " + cli.Version()
	if e := f.run.exhibit; e != nil {
		return map[string]string{"Software": software, "Source": filepath.Base(e.path), "Array": e.caption("")}
	}
	return map[string]string{
		"Software": software, "Recipe": w.session.named(f.run.recipe()).Name,
		"Seed": fmt.Sprint(f.run.problem.Recipe.Seed), "Step": fmt.Sprint(f.snap.Step),
	}
}
