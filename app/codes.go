package app

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// codesView shows the codes of a network: the probe on a plane of them, what
// places of that plane decode to, what each unit does to a picture, and which
// units matter.
type codesView struct {
	w *Window

	modes   *widgets.Segmented
	state   *widgets.Readout
	axes    *widgets.Choice
	unitX   *widgets.Stepper
	unitY   *widgets.Stepper
	images  *widgets.CheckRow
	decode  *widgets.CheckRow
	size    *widgets.Stepper
	again   *widgets.ActionButton
	sorted  *widgets.CheckRow
	tools   *fyne.Container
	picture *widgets.Picture
	card    *codeCard
	lasso   *lasso
	sliders *codeSliders
	side    *fyne.Container
	note    *widgets.Paragraph // in place of the picture
	start   *widgets.ActionButton
	caption *widgets.Readout
	object  fyne.CanvasObject

	alone   bool // open without a run
	req     codesRequest
	pointer image.Point
	inside  bool
	frame   *frame
}

// Sizes of the grid, and what it starts with.
const leastGrid, mostGrid, firstGrid = 8, 24, 16

// Axes of the map and the grid.
const (
	axesUnits      = "two units"
	axesComponents = "principal components"
)

func newCodesView(w *Window) *codesView {
	v := &codesView{w: w}
	v.req = codesRequest{grid: firstGrid, chosen: [2]int{-1, -1}, plane: planeRequest{x: -1, y: -1}, sorted: true, unit: -1, decode: true}
	v.picture = widgets.NewPicture()
	v.picture.SetMinSize(fyne.NewSize(320, 240))
	v.picture.OnView = func(image.Rectangle, image.Point) { v.w.ask() }
	v.picture.OnHover = func(p image.Point, inside bool) {
		v.pointer, v.inside = p, inside
		v.readout()
	}
	v.picture.OnPick = v.pick

	v.modes = widgets.NewSegmented([]string{"Map", "Grid", "Traverse", "Samples", "Importance"}, func(i int) { v.setMode(codesMode(i)) })
	for i, tip := range []string{
		"The codes of the probe in the plane of two units or of the first two principal components",
		"What the places of that plane decode to",
		"What each unit of the code does to the decoded picture; and the way from one example to another",
		"Pictures decoded from random codes",
		"Which units the reconstruction needs, and how many dimensions the codes fill",
	} {
		v.modes.SetItemTip(i, tip)
	}
	v.state = widgets.NewMutedReadout(24).AlignRight()
	v.axes = widgets.NewChoice([]string{axesUnits, axesComponents}, func(option string) { v.setAxes(option == axesComponents) })
	v.axes.SetTip("What lies along the axes")
	stepper := func(text string, unit *int) *widgets.Stepper {
		s := widgets.NewStepper(text+" auto", text+" unit 000", func(delta int) { v.stepUnit(unit, delta) }, func() {
			*unit = -1
			v.changed()
		})
		s.SetTip("The unit along " + text + "; a click on it chooses one of the most active again")
		return s
	}
	v.unitX, v.unitY = stepper("x", &v.req.plane.x), stepper("y", &v.req.plane.y)
	v.images = widgets.NewCheckRow("Images", func(on bool) {
		v.req.images = on
		v.changed()
	})
	v.images.SetTip("Draw the examples at their places, as many as do not overlap (T)")
	v.decode = widgets.NewCheckRow("Decode", func(on bool) {
		v.req.decode = on
		v.aim()
	})
	v.decode.SetChecked(true)
	v.decode.SetTip("Decode the place under the pointer")
	v.size = widgets.NewStepper(gridText(firstGrid), "24×24", func(delta int) { v.setGrid(v.req.grid + 4*delta) }, func() { v.setGrid(firstGrid) })
	v.size.SetTip("Pictures along each side of the plane")
	v.again = widgets.NewActionButton("Again", theme.ViewRefreshIcon(), func() {
		v.req.turn++
		v.changed()
	})
	v.again.SetTip("Draw other random codes")
	v.sorted = widgets.NewCheckRow("Sorted", func(on bool) {
		v.req.sorted = on
		v.changed()
	})
	v.sorted.SetChecked(true)
	v.sorted.SetTip("The most important units first, not in the order of their index")
	v.card, v.sliders = newCodeCard(), newCodeSliders(v)

	v.tools = container.New(rowLayout{gap: 8, stretch: -1}, v.axes, v.unitX, v.unitY, v.images, v.decode, v.size, v.again, v.sorted)
	stage := func(o fyne.CanvasObject, upper, lower float32) fyne.CanvasObject {
		return container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, upper, 12, lower}, o))
	}
	head := container.New(columnLayout{}, stage(container.New(rowLayout{gap: 12, stretch: 1}, v.modes, v.state), 5, 2), stage(v.tools, 2, 5))
	v.caption = widgets.NewMutedReadout(30)
	v.note = newNote()
	v.start = widgets.NewActionButton("Start “Digit map”", theme.MediaPlayIcon(), v.startExample)
	v.start.Hide()
	empty := container.NewCenter(container.New(columnLayout{gap: 10}, v.note, container.NewCenter(v.start)))
	v.side = container.NewStack(widgets.NewPanel(ColorNameStage), v.card.object, v.sliders.object)
	v.lasso = newLasso(v)
	body := container.New(sideLayout{}, container.NewBorder(nil, v.lasso.object, nil, nil, container.NewStack(v.picture, empty)), v.side)
	v.object = container.NewBorder(head, stage(v.caption, 3, 3), nil, nil, body)
	v.setMode(codesMap)
	return v
}

func gridText(n int) string { return fmt.Sprintf("%d×%d", n, n) }

// changed asks for a frame that shows what the view wants now.
func (v *codesView) changed() {
	if v.w.overlay != nil {
		v.w.ask()
	}
}

// aim asks for a frame that differs from the last one only in what is under the
// pointer, or under a slider.
func (v *codesView) aim() {
	if v.w.view != viewCodes || v.w.overlay == nil {
		return
	}
	r := v.w.asked
	r.codes = v.request(r.scale, v.w.unit)
	v.w.asked = r
	v.w.pump.ask(r)
}

// setMode changes what is shown.
func (v *codesView) setMode(m codesMode) {
	v.req.mode = m
	v.modes.Select(int(m))
	plane := m == codesMap || m == codesGrid
	setShown(plane, v.axes, v.unitX, v.unitY)
	setShown(m == codesMap, v.images, v.decode, v.card.object)
	setShown(m == codesTraverse, v.sliders.object)
	setShown(m == codesMap || m == codesTraverse, v.side)
	setShown(m == codesGrid, v.size)
	setShown(m == codesSamples, v.again)
	setShown(m == codesImportance, v.sorted)
	setShown(m == codesMap && len(v.lasso.examples) > 0, v.lasso.object)
	v.picture.OnDrag = nil
	if m == codesMap {
		v.picture.OnDrag = v.lasso.drag
	}
	v.lasso.trace()
	v.tools.Refresh()
	v.object.Refresh()
	v.picture.SetMarks(nil)
	v.caption.SetText("")
	v.changed()
}

func (v *codesView) setGrid(n int) {
	v.req.grid = min(max(n, leastGrid), mostGrid)
	v.size.SetText(gridText(v.req.grid))
	v.size.SetRange(v.req.grid > leastGrid, v.req.grid < mostGrid)
	v.changed()
}

// set returns the codes shown, nil for none.
func (v *codesView) set() *codeSet {
	if v.frame == nil || v.frame.codes == nil {
		return nil
	}
	return v.frame.codes.set
}

// stepUnit takes the next unit along an axis.
func (v *codesView) stepUnit(unit *int, delta int) {
	s := v.set()
	if s == nil {
		return
	}
	x, y := s.pair(v.req.plane)
	other := x
	if unit == &v.req.plane.x {
		*unit, other = x, y
	} else {
		*unit = y
	}
	for n := *unit + delta; n >= 0 && n < s.units(); n += delta {
		if n != other {
			*unit = n
			break
		}
	}
	v.setAxes(false)
}

// setAxes puts principal components along the axes, or units.
func (v *codesView) setAxes(components bool) {
	v.req.plane.components = components
	v.axes.SetSelected(map[bool]string{false: axesUnits, true: axesComponents}[components])
	v.changed()
}

// toggleImages draws the examples at their places, or dots.
func (v *codesView) toggleImages() {
	v.req.images = !v.req.images
	v.images.SetChecked(v.req.images)
	v.changed()
}

// reset prepares the view for another run, or for none.
func (v *codesView) reset() {
	v.frame = nil
	v.req.chosen, v.req.slide = [2]int{-1, -1}, nil
	v.req.plane.x, v.req.plane.y, v.req.aimed = -1, -1, false
	v.card.clear()
	v.sliders.clear()
	v.lasso.drop()
	v.note.Hide()
	v.start.Hide()
	v.caption.SetText("")
	v.state.SetText("")
	v.picture.SetMarks(nil)
	v.picture.SetContent(0, 0)
	v.picture.SetFrame(nil, image.Point{})
	if v.w.session != nil && v.w.session.run == nil {
		v.say("Codes are what a network makes of an example on its way through the narrowest layer. They need a run: start the recipe on the left, or this one.")
		v.start.Show()
	}
}

// startExample starts the recipe that the view is made for.
func (v *codesView) startExample() {
	v.w.choose(mapRecipe())
	v.w.session.start(false)
	v.w.showView(viewCodes)
}

// mapRecipe is a variational autoencoder that lays digits out on a plane, trained
// in a few seconds.
func mapRecipe() recipe.Recipe {
	if r, err := recipe.Open("vae-2d"); err == nil {
		return r
	}
	r := recipe.Default()
	r.Name, r.Title = "digit-map", "Digit map"
	r.About = "A variational autoencoder with a code of two numbers lays all digits out on a plane."
	r.LookFor = "The map in the Codes view: every place decodes to a digit, and neighbours look alike."
	r.Data = recipe.Data{Source: recipe.SourceDigits, Count: 10000}
	r.Model = recipe.DefaultModel(recipe.KindVariational)
	r.Model.Layers, r.Model.DecoderLayers, r.Model.Latent, r.Model.Activation = []int{256}, []int{256}, 2, "tanh"
	r.Optimizer.Method, r.Optimizer.LearningRate, r.Optimizer.Batch, r.Optimizer.Epochs = recipe.MethodAdam, 1e-3, 100, 30
	return r
}

// request returns what the view wants to see.
func (v *codesView) request(scale float32, unit int) codesRequest {
	v.req.visible, v.req.size = v.picture.View()
	v.req.tile = int(cardTile * scale)
	v.req.unit = -1
	if v.codeShown() {
		v.req.unit = unit
	}
	return v.req
}

// codeShown reports whether the selected unit is one of the code.
func (v *codesView) codeShown() bool {
	run := v.w.session.run
	return run != nil && v.w.filters != nil && v.w.filters.req.layer == run.problem.Spec().Code()
}

// say shows a sentence in place of the picture, "" hides it.
func (v *codesView) say(text string) { setNote(v.note, text) }

// show shows a frame.
func (v *codesView) show(f *frame) {
	before := v.frame
	v.frame = f
	c := f.codes
	switch {
	case f.run.exhibit != nil:
		v.say(exhibitNote(f.run, "there are no examples to encode"))
		return
	case c == nil || c.set == nil:
		return
	}
	v.start.Hide()
	v.say(c.fault)
	if c.fault != "" {
		v.picture.SetFrame(nil, image.Point{})
		return
	}
	if c.req.mode != v.req.mode || c.image == nil {
		return // of what was shown before
	}
	if before == nil || before.codes == nil || before.codes.image != c.image {
		v.picture.SetContent(c.content.X, c.content.Y)
		v.picture.SetFrame(c.image, c.at)
	}
	v.card.show(c)
	v.lasso.trace()
	if c.req.mode == codesTraverse {
		v.sliders.show(c.set)
	}
	v.mark()
	v.readout()
}
