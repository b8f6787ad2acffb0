package app

import (
	"errors"
	"strings"
	"time"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// recipeTime is how long a recipe is trained for its pictures at the most, unless
// told; what takes longer is stopped and photographed as it is then.
const recipeTime = 2 * time.Minute

// walkRecipes opens every built-in recipe, or those of the given names, trains
// it, and takes pictures of its views, in light and in dark. A name may be
// followed by = and the path of the data. mnist is a folder with the files of
// MNIST, for those that want it. Recipes without their data are left out.
func (p *photographer) walkRecipes(mnist string, names []string) {
	all := recipe.Builtin()
	if len(names) > 0 {
		all = nil
		for _, argument := range names {
			name, path, _ := strings.Cut(argument, "=")
			r, err := recipe.Open(name)
			p.err = errors.Join(p.err, err)
			if err == nil {
				r.Data.Path = path
				all = append(all, r)
			}
		}
	}
	p.both("gallery")
	for _, r := range all {
		if r.Data.Source == recipe.SourceMNIST && r.Data.Path == "" {
			r.Data.Path = mnist
		}
		switch {
		case r.IsRBF():
			p.photographRadial(r)
		case r.Data.Path == "" && (r.Data.Source == recipe.SourceMNIST || r.Data.Source == recipe.SourceFiles):
		default:
			p.photographRecipe(r)
		}
	}
	p.finish()
}

// both takes a picture in each variant.
func (p *photographer) both(name string) {
	for _, variant := range []string{"dark", "light"} {
		p.ui(func() { p.w.setVariantOnce(variant) })
		time.Sleep(500 * time.Millisecond)
		p.shoot(name + "-" + variant)
	}
}

// photographRecipe photographs a recipe when it has been chosen, in the view that
// it is then trained in, and in each view and panel that has something to show.
func (p *photographer) photographRecipe(r recipe.Recipe) {
	p.ui(func() { p.w.choose(r) })
	p.shoot(r.Name + "-0-chosen-light")
	p.ui(p.w.start)
	ended := p.until(p.limit, func() bool {
		return p.w.session.run != nil && p.w.session.run.ended() && p.w.phase.Ended() || p.w.banner.Visible() && p.w.phase == train.Failed
	})
	if !ended {
		p.ui(p.w.stopRun)
		p.until(30*time.Second, func() bool { return p.w.phase.Ended() })
	}
	p.both(r.Name + "-1-first")
	p.ui(func() { p.w.reconstruct.setPanel(false) })
	for _, view := range []struct {
		key  rune
		name string
	}{{'1', "filters"}, {'2', "curves"}, {'3', "reconstruct"}} {
		p.key("", view.key)
		p.both(r.Name + "-2-" + view.name)
	}
	p.ui(func() { p.w.reconstruct.setPanel(true) })
	time.Sleep(3 * time.Second)
	p.both(r.Name + "-3-panel")
	p.ui(func() { p.w.reconstruct.setPanel(false) })
	p.key("", '4')
	modes := []codesMode{codesMap, codesImportance}
	if r.Model.Kind == recipe.KindVariational {
		modes = []codesMode{codesMap, codesGrid, codesTraverse, codesSamples, codesImportance}
	}
	for _, m := range modes {
		p.ui(func() { p.w.codes.setMode(m) })
		time.Sleep(time.Second)
		p.both(r.Name + "-4-" + codesNames[m])
	}
	p.ui(func() { p.w.codes.setMode(codesMap) })
	p.key("", '1')
}

// codesNames names the pictures of the Codes view.
var codesNames = map[codesMode]string{
	codesMap: "codes", codesGrid: "grid", codesTraverse: "traverse", codesSamples: "samples", codesImportance: "importance",
}

// photographRadial photographs an RBF recipe as it opens and, if it trains or
// grows, as it ends.
func (p *photographer) photographRadial(r recipe.Recipe) {
	v := p.w.rbf
	p.ui(func() { p.w.choose(r) })
	p.shoot(r.Name + "-0-chosen-light")
	p.ui(p.w.start)
	p.until(p.limit, func() bool {
		return v.frame != nil && v.frame.solution != nil && !v.frame.busy && v.frame.req.key.rbf == r.RBF && !v.run
	})
	p.both(r.Name + "-1-first")
}
