package app

import (
	"errors"
	"time"

	"filterscope/engine/recipe"
)

// kinds photographs what each kind of model has to show besides its filters.
func (p *photographer) kinds(variant string) {
	for _, k := range []struct {
		recipe, name string
		panel        bool
		change       func(r *recipe.Recipe)
	}{
		{"dl4j-denoising", "50-denoising", false, func(r *recipe.Recipe) { r.Data.Count, r.Optimizer.Epochs = 2000, 5 }},
		{"dl4j-denoising", "51-anomalies", true, func(r *recipe.Recipe) { r.Data.Count, r.Optimizer.Epochs = 2000, 3 }},
		{"rbm-digits", "52-dreaming", true, func(r *recipe.Recipe) { r.Data.Count, r.Optimizer.Epochs = 2000, 5 }},
		{"keras-identity", "53-matrix", true, func(r *recipe.Recipe) { r.Data.Count, r.Optimizer.Epochs = 10000, 20 }},
		{"ufldl-stacked", "54-classes", true, func(r *recipe.Recipe) {
			r.Data = recipe.Data{Source: recipe.SourceDigits, Count: 1500, Validation: 0.2}
			r.Model.Layers, r.Optimizer.Iterations = []int{64, 36}, 40
		}},
	} {
		r, err := recipe.Open(k.recipe)
		if err != nil {
			p.err = errors.Join(p.err, err)
			return
		}
		k.change(&r)
		p.ui(func() {
			p.w.choose(r)
			p.w.start()
		})
		p.until(60*time.Second, func() bool {
			run := p.w.session.run
			return run != nil && run.problem.Recipe.Name == r.Name && run.ended()
		})
		p.ui(func() { p.w.reconstruct.setPanel(false) })
		p.key("", '3')
		p.until(10*time.Second, func() bool { return p.w.frame != nil && p.w.frame.sheet != nil })
		if k.panel {
			p.ui(func() { p.w.reconstruct.setPanel(true) })
			p.until(10*time.Second, func() bool { return p.w.frame.panel != nil })
		}
		p.shoot(variant + "-" + k.name)
		p.ui(func() { p.w.reconstruct.setPanel(false) })
		p.key("", '2')
		p.shoot(variant + "-" + k.name + "-curves")
		p.key("", '1')
	}
}
