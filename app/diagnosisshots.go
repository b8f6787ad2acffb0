package app

import (
	"errors"
	"time"

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

	p.open("strokes", func(r *recipe.Recipe) { r.Model.Beta = 100 })
	p.ui(p.w.start)
	p.until(patience, func() bool { return p.step() >= 40 && said() })
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
