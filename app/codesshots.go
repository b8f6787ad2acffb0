package app

import (
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"filterscope/engine/recipe"
)

// codes photographs the Codes view: empty, on a map of digits while that trains
// and afterwards, and on a network with many units.
func (p *photographer) codes(variant string) {
	v := p.w.codes
	drawn := func(m codesMode, ready func(f *codesFrame) bool) {
		p.ui(func() { v.setMode(m) })
		p.until(30*time.Second, func() bool {
			f := p.w.frame
			return f != nil && f.codes != nil && f.codes.image != nil && f.codes.req.mode == m && (ready == nil || ready(f.codes))
		})
	}
	p.ui(func() {
		p.w.choose(recipe.Builtin()[0])
		p.w.showView(viewCodes)
	})
	p.shoot(variant + "-40-codes-no-run")
	r := mapRecipe()
	r.Data.Count, r.Optimizer.Epochs, r.Optimizer.LearningRate = 5000, 40, 3e-3
	p.ui(func() {
		p.w.choose(r)
		p.w.session.start(true)
		p.w.showView(viewCodes)
	})
	drawn(codesMap, nil)
	p.shoot(variant + "-41-codes-untrained")
	p.ui(p.w.toggle)
	p.until(60*time.Second, func() bool { return p.w.session.run.ended() || p.step() > 60 })
	p.shoot(variant + "-42-codes-running")
	p.until(180*time.Second, func() bool { return p.w.session.run.ended() && p.w.frame.snap.Phase.Ended() })
	drawn(codesMap, nil)
	p.ui(func() {
		v.chooseExample(0, 3)
		v.chooseExample(1, 25)
		f := p.w.frame.codes
		at, _ := f.scatter.Place(40)
		v.pointer, v.inside = at, true
		v.readout()
	})
	p.shoot(variant + "-43-codes-map")
	p.ui(v.toggleImages)
	drawn(codesMap, func(f *codesFrame) bool { return f.req.images })
	p.shoot(variant + "-44-codes-images")
	p.ui(v.toggleImages)
	p.ui(func() { v.inside = false })
	drawn(codesGrid, nil)
	p.shoot(variant + "-45-codes-grid")
	drawn(codesTraverse, nil)
	p.ui(func() { v.sliders.put([]float32{0.9, -0.8}, 0) })
	p.shoot(variant + "-46-codes-traverse")
	drawn(codesSamples, nil)
	p.shoot(variant + "-47-codes-samples")
	drawn(codesImportance, func(f *codesFrame) bool { return f.importance.done == f.set.units() })
	p.shoot(variant + "-48-codes-importance")

	many, err := recipe.Open("strokes")
	if err != nil {
		p.err = errors.Join(p.err, err)
		return
	}
	many.Optimizer.Iterations = 120
	p.ui(func() {
		p.w.choose(many)
		p.w.start()
		p.w.showView(viewCodes)
	})
	p.until(120*time.Second, func() bool {
		return p.w.session.run != nil && p.w.session.run.ended() && p.w.frame != nil && p.w.frame.snap.Phase.Ended()
	})
	drawn(codesImportance, func(f *codesFrame) bool { return f.importance.done == f.set.units() })
	p.ui(func() { v.pickUnit(p.w.frame.codes.unitOrder[2]) })
	p.shoot(variant + "-49-importance-many")
	drawn(codesTraverse, nil)
	p.shoot(variant + "-50-traverse-many")
	p.ui(func() { v.setAxes(true) })
	drawn(codesMap, func(f *codesFrame) bool { return f.req.plane.components })
	p.shoot(variant + "-51-map-components")
	p.ui(func() {
		v.setAxes(false)
		v.setMode(codesMap)
	})
	p.key(fyne.KeyEscape, 0)
	p.key("", '1')
}
