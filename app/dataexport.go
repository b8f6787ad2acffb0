package app

import (
	"fmt"
	"image"
	"io"
	"math"
	"path/filepath"

	"fyne.io/fyne/v2/widget"

	"filterscope/app/cli"
	"filterscope/engine/render"
)

// maxExported is how many examples of a sheet are exported.
const maxExported = 1000

// exportData asks for a place and writes the picture of the Data view.
func (w *Window) exportData() {
	f := w.data.frame
	if f == nil || f.preview == nil || f.detail == nil {
		return
	}
	meta := map[string]string{
		"Software": "Filterscope " + cli.Version(), "Recipe": w.session.named(f.req.recipe).Name, "Data": f.preview.Data.Name, "Stage": f.preview.Stages[f.stage()].Name,
	}
	j := job{func(out io.Writer) error { return render.EncodePNG(out, f.picture(), meta) }}
	size := f.pictureSize()
	name := newPathEntry(w.exportPath(".png"))
	items := []*widget.FormItem{
		widget.NewFormItem("Size", widget.NewLabel(fmt.Sprintf("%d × %d pixels, as shown", size.X, size.Y))), widget.NewFormItem("File", w.pathRow(name)),
	}
	w.askPath(name, withEnding(".png"), items, "Export the picture of this view", "Export", func(path string) {
		w.app.Preferences().SetString(prefFolder, filepath.Dir(path))
		w.writeFile(path, j, w.exportData)
	})
}

// stage is the stage that the frame shows.
func (f *dataFrame) stage() int { return min(max(f.req.stage, 0), len(f.preview.Stages)-1) }

// sheetGrid is the arrangement of the exported examples.
func (f *dataFrame) sheetGrid() (grid render.Grid, ok bool) {
	s := &f.preview.Stages[f.stage()]
	if f.req.detail != detailExamples || !drawable(s.Geometry) || f.grid.N == 0 {
		return grid, false
	}
	return render.NewGrid(min(f.grid.N, maxExported), s.Geometry, f.grid.Columns, f.grid.Zoom, f.grid.Zoom), true
}

// pictureSize is the size of picture.
func (f *dataFrame) pictureSize() image.Point {
	if grid, ok := f.sheetGrid(); ok {
		return grid.Size()
	}
	return f.detail.Rect.Size()
}

// picture returns what is exported: the whole sheet of the examples, or the
// detail as it is on the screen.
func (f *dataFrame) picture() image.Image {
	grid, ok := f.sheetGrid()
	if !ok {
		return f.detail
	}
	k := f.stage()
	s := &f.preview.Stages[k]
	img := image.NewRGBA(grid.Bounds())
	render.DrawImages(img, img.Rect, s.Rows, grid, rangeOf(s, k == 0, f.preview.Data.FullScale), render.Options{Mat: f.req.look.mat})
	return img
}

// shrunk returns an image of w×h pixels with every k×k of them averaged into
// one; pixels at the right and lower edge have fewer to average.
func shrunk(pixels []float64, w, h, channels, k int) (small []float64, smallW, smallH int) {
	smallW, smallH = (w+k-1)/k, (h+k-1)/k
	small = make([]float64, smallW*smallH*channels)
	for y := range h {
		for x := range w {
			from, to := (y*w+x)*channels, ((y/k)*smallW+x/k)*channels
			for c := range channels {
				small[to+c] += pixels[from+c]
			}
		}
	}
	for y := range smallH {
		for x := range smallW {
			n := float64(min(k, w-x*k) * min(k, h-y*k))
			for c := range channels {
				small[(y*smallW+x)*channels+c] /= n
			}
		}
	}
	return small, smallW, smallH
}

// reduction is how many times smaller an image is drawn so that it fits a view.
func reduction(image, view image.Point) int {
	over := max(float64(image.X)/float64(max(1, view.X)), float64(image.Y)/float64(max(1, view.Y)))
	return max(1, int(math.Ceil(over)))
}
