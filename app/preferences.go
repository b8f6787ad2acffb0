package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// Keys of the preferences.
const (
	prefVariant = "variant"
	prefWidth   = "window.width"
	prefHeight  = "window.height"
	prefRight   = "column.right"
	prefLeft    = "column.left"
	prefRecipe  = "recipe"
	prefFolder  = "export.folder"
	prefZoom    = "export.zoom"
	prefGap     = "mosaic.gap"
	prefMap     = "mosaic.map"
	prefScale   = "mosaic.scale"
)

// Least and first size of the window in units.
const (
	firstWidth, firstHeight = 1280, 760 // with a title bar on a screen of 1280×800
	leastWidth, leastHeight = 1024, 640
)

// restorePreferences puts the window back as it was left.
func (w *Window) restorePreferences() {
	p := w.app.Preferences()
	w.variant = p.StringWithFallback(prefVariant, "system")
	width := max(leastWidth, p.FloatWithFallback(prefWidth, firstWidth))
	height := max(leastHeight, p.FloatWithFallback(prefHeight, firstHeight))
	w.window.Resize(fyne.NewSize(float32(width), float32(height)))
	w.window.SetMaster()
	setShown(p.BoolWithFallback(prefLeft, true), w.left)
	w.filters.gap = min(max(p.IntWithFallback(prefGap, w.filters.gap), 0), 8)
	w.filters.restore(p.Int(prefMap), p.Int(prefScale))
	if name := p.String(prefRecipe); name != "" {
		for _, r := range recipe.Builtin() {
			if r.Name == name {
				w.session.recipe = r
			}
		}
	}
}

// savePreferences remembers how the window is left.
func (w *Window) savePreferences() {
	p := w.app.Preferences()
	if !w.window.FullScreen() {
		size := w.window.Canvas().Size()
		p.SetFloat(prefWidth, float64(size.Width))
		p.SetFloat(prefHeight, float64(size.Height))
	}
	p.SetBool(prefLeft, w.left.Visible())
	p.SetInt(prefGap, w.filters.gap)
	p.SetInt(prefMap, int(w.filters.req.options.Map))
	p.SetInt(prefScale, w.filters.scale.Selected())
	p.SetString(prefRecipe, w.session.recipe.Name)
}

// preferRight reports whether the user wants the column about one unit.
func (w *Window) preferRight() bool { return w.app.Preferences().BoolWithFallback(prefRight, true) }

// newColumnScroll returns a scrolling column of fields, which the wheel moves
// wherever the pointer is.
func newColumnScroll(content fyne.CanvasObject) *container.Scroll {
	s := widgets.NewVScroll(nil)
	s.Content = container.NewStack(content, widgets.NewWheelCover(s.Scrolled))
	return s
}

// newScroll returns content in a scrolling area of a least size.
func newScroll(content fyne.CanvasObject, width, height float32) *container.Scroll {
	s := widgets.NewVScroll(content)
	s.SetMinSize(fyne.NewSize(width, height))
	return s
}
