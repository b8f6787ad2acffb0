package app

import (
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"filterscope/engine/dataset/npy"
	"filterscope/engine/modelio"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// data photographs the Data view in its states, and weights from a file.
func (p *photographer) data(variant string) {
	v := p.w.data
	shown := func() {
		p.until(60*time.Second, func() bool {
			f := v.frame
			return f != nil && !f.busy && previewKey(f.req) == previewKey(v.req) && f.req.detail == v.req.detail && f.req.stage == v.req.stage
		})
	}
	r, err := recipe.Open("edges")
	if err != nil {
		p.err = errors.Join(p.err, err)
		return
	}
	p.ui(func() {
		p.w.choose(r)
		p.w.showView(viewData)
	})
	shown()
	p.shoot(variant + "-30-data")
	p.ui(func() { v.addStep(preprocess.ZCA) })
	shown()
	p.ui(func() { v.showDetail(detailSpectrum) })
	shown()
	p.shoot(variant + "-31-data-whitened")
	p.ui(func() {
		v.undoStep()
		v.showDetail(detailMoments)
	})
	shown()
	p.shoot(variant + "-32-data-moments")
	p.ui(func() {
		v.showDetail(detailSource)
		v.moveStage(-1)
	})
	shown()
	p.shoot(variant + "-33-data-source")
	p.ui(func() {
		v.showDetail(detailExamples)
		p.w.edit(func(r *recipe.Recipe) { r.Data = recipe.Data{Source: recipe.SourceFiles} })
	})
	shown()
	p.shoot(variant + "-34-data-none")
	p.ui(p.w.banner.Clear)

	path := filepath.Join(p.dir, "weights.npy")
	defer func() { p.err = errors.Join(p.err, os.Remove(path)) }()
	p.err = errors.Join(p.err, modelio.WriteFile(path, func(out io.Writer) error { return npy.Write(out, gabors(64, 12)) }))
	p.ui(func() {
		p.w.choose(r)
		p.w.Open(path)
	})
	p.until(30*time.Second, func() bool { return p.w.frame != nil && p.w.frame.run.exhibit != nil && p.w.frame.filters != nil })
	p.ui(func() { p.w.filters.choose(9) })
	p.shoot(variant + "-35-weights")
	p.key("", '2')
	p.shoot(variant + "-36-weights-curves")
	p.key("", '1')
}

// gabors returns n edges of every direction on side×side pixels, as a file of
// weights might hold them.
func gabors(n, side int) *npy.Array {
	a := &npy.Array{Shape: []int{n, side * side}}
	for i := range n {
		sin, cos := math.Sincos(float64(i) * math.Pi / float64(n) * 3)
		cx, cy := 0.25+0.5*math.Mod(float64(i)*0.618, 1), 0.25+0.5*math.Mod(float64(i)*0.414, 1)
		for k := range side * side {
			x, y := float64(k%side)/float64(side)-cx, float64(k/side)/float64(side)-cy
			a.Data = append(a.Data, math.Sin(12*(x*cos+y*sin))*math.Exp(-14*(x*x+y*y)))
		}
	}
	return a
}
