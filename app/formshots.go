package app

import (
	"errors"
	"fmt"
	"time"

	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// forms photographs the left column for every kind of model: as it comes, and
// with everything open.
func (p *photographer) forms(variant string) {
	r, err := recipe.Open("strokes")
	if err != nil {
		p.err = errors.Join(p.err, err)
		return
	}
	p.ui(func() { p.w.choose(p.w.gallery.recipes[len(p.w.gallery.recipes)/2]) })
	p.shoot(variant + "-38-gallery")
	p.ui(func() { p.w.choose(p.w.gallery.recipes[len(p.w.gallery.recipes)-1]) })
	p.shoot(variant + "-39-gallery-end")
	f := p.w.form
	open := func(on bool) {
		for _, h := range f.more {
			if h.Open() != on {
				h.Tapped(nil)
			}
		}
	}
	for i, o := range kindOptions {
		p.ui(func() {
			p.w.choose(r)
			p.w.edit(func(r *recipe.Recipe) { f.setKind(r, o.value) })
		})
		p.shoot(fmt.Sprintf("%s-%d-form-%s", variant, 40+i, o.value))
		p.ui(func() { open(true) })
		p.shoot(fmt.Sprintf("%s-%d-form-%s-more", variant, 40+i, o.value))
		p.ui(func() { open(false) })
	}
	p.ui(func() {
		p.w.choose(r)
		p.w.edit(func(r *recipe.Recipe) { f.setKind(r, recipe.KindDeep) })
		p.w.start()
	})
	p.until(60*time.Second, func() bool { return p.step() >= 30 })
	p.ui(func() { p.w.filters.nextLayer() })
	p.until(10*time.Second, func() bool { return p.w.frame != nil && p.w.frame.filters != nil && p.w.frame.filters.req.layer == 1 })
	p.ui(func() { p.w.filters.choose(7) })
	p.shoot(variant + "-51-layer")
	p.ui(func() { p.w.edit(func(r *recipe.Recipe) { f.setKind(r, recipe.KindRBM) }) })
	p.shoot(variant + "-52-other-model")
	p.ui(func() {
		p.w.choose(r)
		p.w.edit(func(r *recipe.Recipe) {
			r.Preprocess = []preprocess.Spec{{Step: preprocess.H2ONormalise}}
			f.setKind(r, recipe.KindDeep)
			r.Model.Activation, r.Model.Decoder = "relu", "relu"
			r.Optimizer.Schedule = scheduleOf("plateau")
			r.Optimizer.ClipNorm, r.Optimizer.Patience = 5, 3
		})
		type into interface{ TypedRune(rune) }
		p.w.window.Canvas().Focus(f.layers.Field())
		f.layers.Field().(into).TypedRune('x')
	})
	p.shoot(variant + "-50-form-faults")
	p.ui(func() {
		p.w.window.Canvas().Unfocus()
		f.layers.SetValue(sizesText([]int{200, 50}))
		p.w.banner.Set(widgets.Notice, "")
		p.w.banner.Clear()
	})
}
