package app

import (
	"errors"
	"image"
	"time"

	"filterscope/engine/recipe"
)

// radial photographs the RBF view: each task, and what the user may meet there.
func (p *photographer) radial(variant string) {
	v := p.w.rbf
	show := func(name string, change func(*recipe.Recipe)) {
		r, err := recipe.Open(name)
		if err != nil {
			p.err = errors.Join(p.err, err)
			return
		}
		if change != nil {
			change(&r)
		}
		p.ui(func() { p.w.openRBF(r) })
		p.until(60*time.Second, func() bool {
			return v.frame != nil && v.frame.solution != nil && !v.frame.busy && v.frame.req.key.rbf == r.RBF
		})
	}
	settled := func() { p.until(60*time.Second, func() bool { return !v.run && !v.frame.busy }) }

	show("rbf-1d", nil)
	p.ui(func() {
		n := networkOf(v.frame)
		x, y := v.frame.panels.basis.Handle(n.Centres.At(8, 0))
		from := image.Pt(int(x), int(y))
		v.dragged(from, from.Add(image.Pt(6, 0)), false)
		v.dragged(from, from.Add(image.Pt(24, 0)), true)
		v.wheel(3, from.Add(image.Pt(24, 0)))
		v.pointer, v.inside = from.Add(image.Pt(24, 120)), true
		v.hover()
	})
	p.shoot(variant + "-rbf-1-curve")
	p.ui(v.toggleWeighted)
	p.shoot(variant + "-rbf-2-weighted")
	p.ui(func() {
		v.toggleWeighted()
		v.inside = false
		v.hover()
	})
	show("rbf-sinc", nil)
	p.shoot(variant + "-rbf-3-selection")
	show("rbf-train", nil)
	settled()
	p.shoot(variant + "-rbf-4-trained")
	show("rbf-field", nil)
	p.shoot(variant + "-rbf-5-field")
	p.ui(func() {
		v.edit(func(r *recipe.Recipe) {
			r.RBF.Centres, r.RBF.Count, r.RBF.Kernel, r.RBF.Width = recipe.CentresGrid, 25, "gaussian", 0.4
		})
		v.mode.Select(int(fieldMap))
		v.selected = 12
		v.ask()
	})
	p.shoot(variant + "-rbf-6-map")
	p.ui(func() { v.mode.Select(int(fieldBoth)) })
	show("rbf-image", nil)
	p.until(60*time.Second, func() bool { return centresOf(v.frame.solution) >= 120 })
	p.ui(func() { v.toggle() })
	p.shoot(variant + "-rbf-7-image")
	show("rbf-star", nil)
	p.shoot(variant + "-rbf-8-star")
	show("rbf-torus", nil)
	p.shoot(variant + "-rbf-9-torus")
	p.ui(v.exportDialog)
	p.shoot(variant + "-rbf-10-export")
	p.ui(p.closeDialog)
	p.ui(func() {
		v.setTask(recipe.TaskCurve)
		v.edit(func(r *recipe.Recipe) { r.RBF.Function, r.RBF.Expression = recipe.FunctionExpression, "1/x" })
	})
	p.shoot(variant + "-rbf-11-fault")
	p.ui(func() {
		v.undo()
		p.w.showView(viewFilters)
	})
}
