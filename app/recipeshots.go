package app

import (
	"errors"
	"time"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// recipeTime is how long a recipe is trained for its pictures at the most; what
// takes longer is stopped and photographed as it is then.
const recipeTime = 2 * time.Minute

// walkRecipes opens every built-in recipe that is trained, or those of the given
// names, trains it, and takes a picture of each view. mnist is a folder with the
// files of MNIST, for those that want it; without one they are left out, as those
// are that want pictures of the user's.
func (p *photographer) walkRecipes(mnist string, names []string) {
	all := recipe.Builtin()
	if len(names) > 0 {
		all = nil
		for _, name := range names {
			r, err := recipe.Open(name)
			p.err = errors.Join(p.err, err)
			if err == nil {
				all = append(all, r)
			}
		}
	}
	p.ui(func() { p.w.setVariantOnce("light") })
	for _, r := range all {
		switch {
		case r.IsRBF(), r.Data.Source == recipe.SourceFiles && r.Data.Path == "":
			continue
		case r.Data.Source == recipe.SourceMNIST:
			if mnist == "" {
				continue
			}
			r.Data.Path = mnist
		}
		p.photographRecipe(r)
	}
	p.finish()
}

func (p *photographer) photographRecipe(r recipe.Recipe) {
	p.ui(func() { p.w.choose(r) })
	p.shoot(r.Name + "-0-chosen")
	p.ui(p.w.start)
	ended := p.until(recipeTime, func() bool {
		return p.w.session.run != nil && p.w.session.run.ended() && p.w.phase.Ended() || p.w.banner.Visible() && p.w.phase == train.Failed
	})
	if !ended {
		p.ui(p.w.stopRun)
		p.until(30*time.Second, func() bool { return p.w.phase.Ended() })
	}
	for i, view := range p.views() {
		p.key("", view)
		time.Sleep(time.Second)
		p.shoot(r.Name + "-" + string('1'+rune(i)) + "-" + viewNames[view])
	}
	p.key("", '1')
}

// viewNames names the pictures of the views by their keys.
var viewNames = map[rune]string{'1': "filters", '2': "curves", '3': "reconstruct", '4': "codes"}

// views are the keys of the views that show a run.
func (p *photographer) views() []rune { return []rune{'1', '2', '3', '4'} }
