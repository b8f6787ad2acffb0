package app

import (
	"fmt"
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/dataset"
	"filterscope/engine/network"
	"filterscope/engine/render"
	"filterscope/widgets"
)

// zooms are the enlargements that a mosaic can have; 0 is fit.
var zooms = []int{1, 2, 3, 4, 6, 8, 12, 16, 24, 32}

// Size of the scale bar in units: of each of its halves, and of the room for it
// with its labels.
const (
	legendHalf   = 40
	legendWidth  = 210
	legendHeight = 18
)

// maxZoom is the largest of zooms.
const maxZoom = 32

// fitMargin is what stays free around a mosaic that fits, device pixels.
const fitMargin = 1

// filtersView shows the learned filters as a mosaic.
type filtersView struct {
	changed  func()         // what the view wants to see has changed
	selected func(unit int) // the user picked a unit
	hovered  func(text string)

	picture *widgets.Picture
	legend  *widgets.Thumbnail
	caption *widgets.Readout
	dead    *widgets.Badge
	scale   *widgets.Segmented
	lock    *widgets.CheckRow
	maps    *widgets.Choice
	which   *widgets.Choice
	layer   *widgets.Choice
	method  *widgets.Readout // how the filters of the layer are made
	several *fyne.Container  // of the two, shown when there are several layers
	zoom    *widgets.Stepper
	exhibit *exhibitBar
	object  fyne.CanvasObject

	layers   []network.Layer  // of the network
	n        int              // filters
	geometry dataset.Geometry // of a tile
	bars     bool             // tiles are bars, not images
	grid     render.Grid
	req      filterRequest
	fixed    int // chosen zoom, 0 is fit
	columns  int // chosen columns, 0 is automatic
	gap      int // device pixels between tiles
	unit     int // selected, -1 none
	marked   unitMarks
	pointer  image.Point
	inside   bool
	frame    *frame
}

func newFiltersView(changed func(), selected func(int), hovered func(string), chosen func(exhibitChoice)) *filtersView {
	v := &filtersView{changed: changed, selected: selected, hovered: hovered, unit: -1, gap: 2}
	v.picture = widgets.NewPicture()
	v.picture.SetMinSize(fyne.NewSize(320, 240))
	v.picture.OnView = func(image.Rectangle, image.Point) { v.arrange() }
	v.picture.OnHover = func(p image.Point, inside bool) {
		v.pointer, v.inside = p, inside
		v.readout()
	}
	v.picture.OnPick = v.pick
	v.picture.OnZoom = v.zoomAbout
	v.picture.OnKey = v.key

	v.scale = widgets.NewSegmented([]string{"Tile", "Blend", "Global", "Unit", "UFLDL"}, func(i int) {
		v.req.scaling = render.Scaling{Scale: render.Scale(i), Blend: 0.5}
		v.setLock(false)
		v.changed()
	})
	for i, tip := range []string{
		"Each filter has its own contrast, with a floor that keeps noise grey",
		"Halfway between one contrast for all and one for each",
		"One contrast for all filters: 99.5 % of the weights fit into it",
		"Each filter divided by its length, then one contrast for all",
		"As UFLDL's display_network: the mean of all weights is the middle grey",
	} {
		v.scale.SetItemTip(i, tip)
	}
	v.lock = widgets.NewCheckRow("Lock", func(on bool) {
		v.req.lock = on
		v.changed()
	})
	v.lock.SetTip("Keep the present contrast while the weights change (L)")
	v.maps = widgets.NewChoice([]string{"grey", "blue–orange", "on black"}, func(string) { v.pickMap() })
	v.maps.SetTip("Colours of the weights; zero is always the middle (M)")
	v.which = widgets.NewChoice([]string{"encoder", "decoder"}, func(option string) {
		v.req.decoder = option == "decoder"
		v.changed()
	})
	v.which.SetTip("Which weights of each unit to show (E)")
	v.layer = widgets.NewChoice(nil, func(name string) {
		v.setLayer(slices.IndexFunc(v.layers, func(y network.Layer) bool { return layerName(y) == name }))
	})
	v.layer.SetTip("Whose units to show (Y); those of a deeper layer as weighted sums of the filters below")
	v.zoom = widgets.NewStepper("Fit", "Fit 16×", v.stepZoom, func() { v.setZoom(0) })
	v.zoom.SetTip("Device pixels a weight; 0 fits the window")
	v.caption = widgets.NewMutedReadout(30)
	v.dead = widgets.NewBadge("", ColorNameWarn)
	v.dead.Hide()
	v.legend = widgets.NewClearThumbnail(legendWidth, legendHeight)

	tools := container.New(rowLayout{gap: 8, stretch: 4}, v.scale, v.lock, v.maps, v.which, widgets.NewSpace(4, 4), v.zoom)
	v.method = widgets.NewMutedReadout(20)
	v.several = container.New(rowLayout{gap: 8, stretch: 1}, v.layer, v.method) // a row of its own: the other one is full
	v.several.Hide()
	bar := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 4, 12, 3}, container.New(columnLayout{gap: 3}, tools, v.several)))
	foot := container.NewStack(widgets.NewPanel(ColorNameStage),
		container.New(insetLayout{12, 3, 12, 3}, container.New(rowLayout{gap: 8, stretch: 0}, v.caption, v.dead, v.legend)))
	v.exhibit = newExhibitBar(chosen)
	v.object = container.NewBorder(container.New(columnLayout{}, bar, v.exhibit.object), foot, nil, nil, v.picture)
	return v
}

// reset prepares the view for n filters in tiles of that geometry: images, or
// bars.
func (v *filtersView) reset(n int, g dataset.Geometry, bars bool) {
	if n != v.n || g != v.geometry {
		v.n, v.geometry, v.bars = n, g, bars
		v.fixed = 0
	}
	v.frame, v.marked = nil, nil
	v.legend.SetImage(nil)
	v.caption.SetText("")
	v.dead.Hide()
	v.picture.SetFrame(nil, image.Point{})
	v.arrange()
}

// showExhibit shows what can be chosen of weights from a file, nil for a run.
func (v *filtersView) showExhibit(e *exhibit) {
	if e != nil && v.req.decoder {
		v.toggleDecoder() // there is none
	}
	before := v.exhibit.object.Visible()
	setShown(e == nil, v.which)
	v.exhibit.show(e)
	if before != v.exhibit.object.Visible() {
		v.object.Refresh()
	}
}

// arrange lays the mosaic out for the present view and asks for a frame.
func (v *filtersView) arrange() {
	_, size := v.picture.View()
	if v.n == 0 || !v.geometry.IsImage() || size.X < 2 || size.Y < 2 {
		v.grid = render.Grid{}
		v.picture.SetContent(0, 0)
		v.changed()
		return
	}
	switch {
	case v.fixed > 0 && v.columns == 0 && v.grid.N == v.n && v.grid.Gap == v.gap && v.grid.Geometry == v.geometry:
		v.grid = v.grid.WithZoom(v.fixed) // the arrangement stays while zooming
	case v.fixed > 0:
		v.grid = render.NewGrid(v.n, v.geometry, v.columns, v.fixed, v.gap)
	case v.columns > 0:
		zoom := render.FitZoom(v.n, v.geometry, v.columns, v.gap, size.X, size.Y)
		v.grid = render.NewGrid(v.n, v.geometry, v.columns, min(zoom, maxZoom), v.gap)
	default:
		v.grid = fitGrid(v.n, v.geometry, v.gap, size.Sub(image.Pt(2*fitMargin, 2*fitMargin)))
	}
	s := v.grid.Size()
	v.picture.SetContent(s.X, s.Y)
	visible, _ := v.picture.View()
	v.req.grid, v.req.visible = v.grid, visible
	v.redraw()
	if v.fixed == 0 {
		v.zoom.SetText(fmt.Sprintf("Fit %d×", v.grid.Zoom))
	} else {
		v.zoom.SetText(fmt.Sprintf("%d×", v.fixed))
	}
	v.zoom.SetRange(v.grid.Zoom > zooms[0], v.grid.Zoom < maxZoom)
	v.mark()
	v.changed()
}

// redraw draws the newest weights at once, so that picture and frames move
// together when the arrangement changes; the pump's frame follows.
func (v *filtersView) redraw() {
	if v.frame == nil || v.frame.filters == nil {
		return
	}
	shown, visible := v.frame.filters.shown, v.req.visible.Intersect(v.grid.Bounds())
	if visible.Empty() || shown.Rows != v.grid.N || shown.Cols != v.geometry.Features() { // bars are left to the pump
		return
	}
	img := image.NewRGBA(image.Rectangle{Max: visible.Size()})
	render.Draw(img, visible, shown, v.grid, v.frame.contrast, v.req.options)
	v.picture.SetFrame(img, visible.Min)
}

// fitGrid fits n tiles into a view: in the nearly square arrangement that
// people know from UFLDL, unless another one makes the tiles much larger. Where none
// fits, the rows are as wide as the view, so that only up and down is there more.
func fitGrid(n int, g dataset.Geometry, gap int, view image.Point) render.Grid {
	const much = 0.85
	best := render.Fit(n, g, gap, view.X, view.Y)
	columns := render.UFLDLColumns(n)
	zoom := render.FitZoom(n, g, columns, gap, view.X, view.Y)
	usual := render.NewGrid(n, g, columns, zoom, gap)
	if size := best.Size(); size.X > view.X || size.Y > view.Y {
		return render.NewGrid(n, g, max(1, (view.X-gap)/(g.Width+gap)), 1, gap)
	}
	if size := usual.Size(); size.X > view.X || size.Y > view.Y || float64(zoom) < much*float64(best.Zoom) {
		return best
	}
	return usual
}

// nextZoom returns the step of zooms above or below z.
func nextZoom(z, delta int) int {
	if delta > 0 {
		for _, s := range zooms {
			if s > z {
				return s
			}
		}
		return maxZoom
	}
	for i := len(zooms) - 1; i >= 0; i-- {
		if zooms[i] < z {
			return zooms[i]
		}
	}
	return zooms[0]
}

func (v *filtersView) stepZoom(delta int) { v.setZoom(nextZoom(v.grid.Zoom, delta)) }

func (v *filtersView) setZoom(z int) {
	v.fixed = z
	v.arrange()
}

// zoomAbout zooms by the wheel; the weight under the pointer stays there.
func (v *filtersView) zoomAbout(steps int, about image.Point) {
	if v.grid.N == 0 {
		return
	}
	old := v.grid.Size()
	next := nextZoom(v.grid.Zoom, steps)
	to := v.grid.WithZoom(next)
	now := to.Size()
	v.fixed = next
	v.picture.ZoomTo(now.X, now.Y, about, image.Pt(about.X*now.X/max(1, old.X), about.Y*now.Y/max(1, old.Y)))
	v.arrange()
}

// key moves the selection.
func (v *filtersView) key(ev *fyne.KeyEvent) bool {
	if v.grid.N == 0 {
		return false
	}
	dx, dy := 0, 0
	switch ev.Name {
	case fyne.KeyLeft:
		dx = -1
	case fyne.KeyRight:
		dx = 1
	case fyne.KeyUp:
		dy = -1
	case fyne.KeyDown:
		dy = 1
	default:
		return false
	}
	v.move(dx, dy)
	return true
}

// move selects the neighbour of the selected unit.
func (v *filtersView) move(dx, dy int) {
	if v.grid.N == 0 {
		return
	}
	unit := 0
	if v.unit >= 0 {
		unit = v.grid.Neighbour(v.unit, dx, dy)
	}
	v.choose(unit)
	v.picture.Reveal(v.grid.Cell(unit))
}

// next selects the unit delta after the selected one, across the ends of rows.
func (v *filtersView) next(delta int) {
	if v.grid.N == 0 {
		return
	}
	unit := 0
	if v.unit >= 0 {
		unit = min(max(v.unit+delta, 0), v.grid.N-1)
	}
	v.choose(unit)
	v.picture.Reveal(v.grid.Cell(unit))
}

// show shows a new frame.
func (v *filtersView) show(f *frame) {
	v.frame = f
	if f.filters == nil {
		return
	}
	v.picture.SetFrame(f.filters.image, f.filters.at)
	if f.filters.legend != nil {
		v.legend.SetImage(f.filters.legend)
	}
	v.readout()
}
