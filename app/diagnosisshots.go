package app

import (
	"errors"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// diagnoses photographs what is said of training that goes well, that fails,
// that collapses and that cannot work, and a selection.
func (p *photographer) diagnoses(variant string) {
	const patience = 60 * time.Second
	said := func() bool { return p.w.diagnosis.frame != nil }
	p.train("strokes", 400)
	p.until(patience, func() bool { return p.step() >= 60 && said() })
	p.shoot(variant + "-60-diagnosis-good")

	p.train("relu-nan", 0)
	p.until(patience, func() bool { return p.w.phase == train.Failed })
	p.shoot(variant + "-61-diagnosis-nan")
	p.ui(func() {
		for _, r := range p.w.remedies(analysis.Finding{Kind: analysis.NotFinite, Remedy: analysis.ClipGradients}) {
			r.do()
			break
		}
	})
	p.until(patience, func() bool { return p.w.phase == train.Running && p.step() > 1000 && said() })
	p.shoot(variant + "-61-diagnosis-cured")

	p.open("strokes", func(r *recipe.Recipe) { // of L-BFGS β = 100 makes no collapse: it fits ρ̂ first
		r.Model.Beta, r.Data.Count = 100, 2000
		r.Optimizer.Method, r.Optimizer.LearningRate, r.Optimizer.Batch, r.Optimizer.Epochs = recipe.MethodSGD, 0.1, 50, 200
	})
	p.ui(p.w.start)
	p.until(patience, func() bool {
		bad, _ := p.w.diagnosis.findings()
		_, ok := bad.Find(analysis.Collapse)
		return ok
	})
	p.shoot(variant + "-62-diagnosis-collapsed")

	p.open("keras-narrow", func(*recipe.Recipe) {})
	p.until(patience, func() bool { return p.w.diagnosis.verdict != nil })
	p.shoot(variant + "-63-diagnosis-linear")

	p.train("soft-selection", 0)
	p.until(patience, func() bool { return p.step() > 2000 })
	p.shoot(variant + "-64-selection")
	p.until(patience, func() bool { return p.w.phase.Ended() })
	p.shoot(variant + "-65-selection-done")
	p.key("", '3')
	p.shoot(variant + "-66-selection-reconstruct")
	p.key("", '1')
}

// open chooses the recipe of that name, changed.
func (p *photographer) open(name string, change func(*recipe.Recipe)) {
	r, err := recipe.Open(name)
	if err != nil {
		p.err = errors.Join(p.err, err)
		return
	}
	change(&r)
	p.ui(func() { p.w.choose(r) })
}
