package app

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// digitMap is a variational autoencoder on few digits, which trains in no time.
func digitMap(latent int) recipe.Recipe {
	r := mapRecipe()
	r.Name, r.Data.Count, r.Data.Validation, r.Seed = "tiny-map", 240, 0, 3
	r.Model.Layers, r.Model.DecoderLayers, r.Model.Latent = []int{16}, []int{16}, latent
	r.Optimizer.Epochs, r.Optimizer.Batch = 4, 40
	return r
}

// codes opens a window on the codes of a run that has ended.
func codes(t *testing.T, r recipe.Recipe) *desk {
	t.Helper()
	d := newDesk(t)
	d.choose(r)
	d.session.start(false)
	d.until("a run", func() bool { return d.frame != nil && d.frame.weights != nil })
	d.untilEnded()
	d.char('4')
	d.settle()
	return d
}

// Without a run the view says what it needs, and its button starts one.
func TestCodesWithoutARun(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.char('4')
	d.until("the view", func() bool { return d.codes.start.Visible() })
	if d.view != viewCodes || !d.views.Visible() || !d.codes.start.Visible() || !strings.Contains(d.codes.note.Text(), "need a run") {
		t.Fatalf("view %d, note %q", d.view, d.codes.note.Text())
	}
	d.codes.startExample()
	d.until("codes", func() bool { return d.view == viewCodes && d.codes.set() != nil })
	if d.codes.start.Visible() || d.codes.note.Visible() {
		t.Errorf("the note stays: %q", d.codes.note.Text())
	}
	d.choose(recipe.Builtin()[0])
	if d.views.Visible() {
		t.Error("the gallery does not come back")
	}
}

// Codes are those of the newest parameters, one a probe example.
func TestCodesOfARun(t *testing.T) {
	alone(t)
	d := codes(t, digitMap(2))
	f := d.frame.codes
	if f.set == nil || f.image == nil {
		t.Fatal("no map")
	}
	if s := f.set; s.codes.Rows != 240 || s.units() != 2 || len(s.kl) != 2 || s.step != d.session.run.result.Steps {
		t.Errorf("%d codes of %d units, %d divergences, iteration %d", s.codes.Rows, s.units(), len(s.kl), s.step)
	}
	if got := d.codes.caption.Text(); !strings.Contains(got, "at the means of their codes") {
		t.Errorf("caption %q", got)
	}
	// Pointing at an example names it and decodes its place.
	at, ok := f.scatter.Place(17)
	if !ok {
		t.Fatal("example 17 is off the map")
	}
	point(d.codes.picture, at)
	d.until("a decoded place", func() bool { return d.frame.codes.aimed != nil && d.frame.codes.req.aimed })
	nearest := f.scatter.Point(float64(at.X)+0.5, float64(at.Y)+0.5)
	if want := f.set.aboutExample(nearest); !strings.HasSuffix(d.readout.Text(), want) {
		t.Errorf("the line says %q, want %q", d.readout.Text(), want)
	}
	z := []float32{float32(f.scatter.ValueX(float64(at.X) + 0.5)), float32(f.scatter.ValueY(float64(at.Y) + 0.5))}
	if want := decoded(f.set, z); !sameRow(d.frame.codes.decoded.Row(0), want) {
		t.Error("the decoded picture is not that of the place")
	}
	// The pointer alone draws no map again.
	if d.frame.codes.image != f.image {
		t.Error("the map was drawn again")
	}
	click(d.codes.picture, at)
	if d.codes.req.chosen != [2]int{nearest, -1} {
		t.Errorf("chosen %v, want %d", d.codes.req.chosen, nearest)
	}
	d.char('t')
	d.until("images on the map", func() bool { return d.frame.codes.req.images && len(d.frame.codes.scatter.Tiles) > 20 })
}

// The modes draw for every kind of network; while it trains, when it is held and
// when it has ended.
func TestCodesOfEveryKind(t *testing.T) {
	alone(t)
	for _, kind := range []string{
		recipe.KindSparse, recipe.KindDeep, recipe.KindDenoising, recipe.KindVariational, recipe.KindRBM, recipe.KindLinear, recipe.KindStacked,
	} {
		t.Run(kind, func(t *testing.T) {
			r := recipe.DefaultOf(kind)
			r.Data = recipe.Data{Source: recipe.SourceDigits, Count: 60}
			r.Preprocess = []preprocess.Spec{{Step: "scale"}}
			switch r.Model.Hidden = min(r.Model.Hidden, 9); kind {
			case recipe.KindDeep, recipe.KindVariational, recipe.KindStacked:
				r.Model.Layers = []int{12, 5}
			}
			r.Optimizer.Iterations, r.Optimizer.Epochs, r.Optimizer.Batch = 3, 2, 20
			r.Model.SoftmaxIterations = min(r.Model.SoftmaxIterations, 3)
			if err := r.Validate(); err != nil {
				t.Fatal(err)
			}
			d := codes(t, r)
			for _, m := range []codesMode{codesMap, codesGrid, codesTraverse, codesSamples, codesImportance} {
				d.codes.setMode(m)
				d.until("a picture", func() bool {
					f := d.frame.codes
					return f != nil && f.req.mode == m && f.image != nil && (m != codesImportance || f.importance.done == f.set.units())
				})
				d.settle()
				if d.codes.caption.Text() == "" || d.codes.note.Visible() {
					t.Errorf("mode %d says %q, and %q instead of a picture", m, d.codes.caption.Text(), d.codes.note.Text())
				}
			}
		})
	}
}

// Nothing is encoded for other views, and while a run goes on only now and then.
func TestCodesOnlyWhenSeen(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	for range 3 {
		d.settle()
	}
	if d.frame.codes != nil {
		t.Error("codes are drawn for another view")
	}
	d.char('4')
	d.until("codes", func() bool { return d.frame.codes != nil && d.frame.codes.set != nil })
	first := d.frame.codes.set
	d.until("other codes", func() bool { return d.frame.codes.set != first })
	d.menu("Stop")
	d.untilEnded()
	d.settle()
	if d.frame.snap.Phase != train.Stopped || d.frame.codes.set.step != d.session.run.result.Steps {
		t.Errorf("the codes are those of iteration %d of %d", d.frame.codes.set.step, d.session.run.result.Steps)
	}
}

// The sliders decode at once, and the buttons set them all.
func TestCodesSliders(t *testing.T) {
	alone(t)
	d := codes(t, digitMap(3))
	v := d.codes
	v.setMode(codesTraverse)
	d.until("sliders", func() bool { return len(v.sliders.sliders.Rows()) == 3 && d.frame.codes.rows != nil })
	unit := v.sliders.order[1]
	low, high := v.set().reach(unit)
	v.sliders.sliders.SetValue(1, high)
	v.sliders.moved(1, high)
	d.until("the moved unit", func() bool {
		return d.frame.codes.slide.unit == unit && d.frame.codes.slide.code[unit] == float32(high)
	})
	f := d.frame.codes
	if want := decoded(f.set, f.slide.code); !sameRow(f.decoded.Row(0), want) {
		t.Error("the picture is not that of the sliders")
	}
	if low >= high || len(f.rows) != 4 || f.rows[1].Marked != f.rows[1].Images.Rows-1 {
		t.Errorf("slider from %v to %v, %d rows", low, high, len(f.rows))
	}
	for k, example := range f.ends { // both ways lead from A to B
		for _, row := range f.rows[2:] {
			if got := row.Images.Row(k * (row.Images.Rows - 1)); !sameRow(got, decoded(f.set, f.set.code(example))) {
				t.Errorf("%q does not end at example %d", row.Title, example)
			}
		}
	}
	if a, b := f.set.probe.label(f.ends[0]), f.set.probe.label(f.ends[1]); a == b {
		t.Errorf("from class %s to class %s", a, b)
	}
	v.sliders.fromExample()
	if got := v.req.slide.code; !sameRow(got, f.set.code(f.ends[0])) {
		t.Errorf("sliders at %v", got)
	}
	v.sliders.random()
	first := v.req.slide.code
	v.sliders.random()
	if sameRow(first, v.req.slide.code) {
		t.Error("two random codes are the same")
	}
}

// Until somebody moves them, the sliders rest at the mean of the codes while the network learns.
func TestCodesSlidersRest(t *testing.T) {
	d := newDesk(t)
	d.choose(digitMap(3))
	d.session.start(true)
	d.until("the first step", func() bool { return d.frame != nil && d.frame.weights != nil && d.phase == train.Paused })
	d.char('4')
	v := d.codes
	v.setMode(codesTraverse)
	d.until("sliders", func() bool { return len(v.sliders.sliders.Rows()) == 3 && d.frame.codes.rows != nil })
	early, unit := v.req.slide.code, v.req.slide.unit
	d.key(fyne.KeySpace)
	d.untilEnded()
	d.settle()
	f := d.frame.codes
	if sameRow(f.slide.code, early) || !sameRow(f.slide.code, f.set.code(-1)) || f.slide.unit != unit {
		t.Errorf("unit %d of the code %v is shown, want unit %d of the mean %v", f.slide.unit, f.slide.code, unit, f.set.code(-1))
	}
	for i, row := range v.sliders.sliders.Rows() {
		if want := float64(float32(f.set.mean[v.sliders.order[i]])); row.Value != want {
			t.Errorf("%s at %v, want %v", row.Name, row.Value, want)
		}
	}
	v.sliders.moved(0, 1.5)
	d.settle()
	if got := d.frame.codes.slide.code[v.sliders.order[0]]; got != 1.5 {
		t.Errorf("moved to 1.5, decoded at %v", got)
	}
}

// A click on a bar selects the unit; the picture that is saved has whole pixels.
func TestCodesImportanceAndExport(t *testing.T) {
	alone(t)
	d := codes(t, tiny(t))
	v := d.codes
	v.setMode(codesImportance)
	d.until("the importance", func() bool { f := d.frame.codes; return f.importance != nil && f.importance.done == 4 })
	d.settle()
	f := d.frame.codes
	a := f.bars.Area
	click(v.picture, image.Pt(a.Min.X+a.Dx()*3/8, (a.Min.Y+a.Max.Y)/2))
	if want := f.unitOrder[1]; d.unit != want {
		t.Errorf("unit %d is selected, want %d", d.unit, want)
	}
	for i := 1; i < 4; i++ {
		if f.importance.increase[f.unitOrder[i-1]] < f.importance.increase[f.unitOrder[i]] {
			t.Errorf("the order is %v of %v", f.unitOrder, f.importance.increase)
		}
	}
	// As analysis says over all examples at once.
	n, s := f.importance.examples, f.set
	want := analysis.Ablate(s.codes.Slice(0, n), s.probe.x.Slice(0, n), func(z linalg.Matrix[float32]) linalg.Matrix[float32] {
		out := linalg.NewMatrix[float32](z.Rows, s.probe.x.Cols)
		network.NewNetwork[float32](s.probe.problem.Spec()).Decode(s.theta, z, out)
		return out
	}, s.mean, nil, analysis.Classes{})
	for j, rise := range want.Increase {
		if got := f.importance.increase[j]; !near(got, rise) {
			t.Errorf("unit %d: %v, want %v", j, got, rise)
		}
	}
	v.setMode(codesGrid)
	v.setGrid(8)
	d.until("the grid", func() bool { f := d.frame.codes; return f.req.mode == codesGrid && f.tiles.Rows == 64 })
	f = d.frame.codes
	if got := f.picture().size(3); got != image.Pt(8*4*3, 8*4*3) {
		t.Errorf("the exported grid is %v", got)
	}
	once, thrice := f.exportImage(1), f.exportImage(3)
	for y := range 32 {
		for x := range 32 {
			if once.At(x, y) != thrice.At(3*x+1, 3*y+2) {
				t.Fatalf("pixel (%d, %d) differs at zoom 3", x, y)
			}
		}
	}
}

// decoded is the reconstruction of a code, by a network of its own.
func decoded(s *codeSet, z []float32) []float32 {
	out := linalg.NewMatrix[float32](1, s.probe.x.Cols)
	network.NewNetwork[float32](s.probe.problem.Spec()).Decode(s.theta, linalg.MatrixOf(1, len(z), z), out)
	return out.Row(0)
}

func sameRow(a, b []float32) bool {
	for i := range b {
		if d := float64(a[i] - b[i]); d > 1e-5 || d < -1e-5 {
			return false
		}
	}
	return len(a) == len(b)
}

// Of units that have learnt the same, the map shows one.
func TestCodesPairOfUnlikeUnits(t *testing.T) {
	s := &codeSet{codes: linalg.NewMatrix[float32](4, 3), mean: make([]float64, 3), order: []int{0, 1, 2}, silent: make([]bool, 3)}
	for i, row := range [][]float32{{3, 2.9, 1}, {-3, -2.9, 1}, {3, 2.9, -1}, {-3, -2.9, -1}} {
		copy(s.codes.Row(i), row)
	}
	for _, c := range []struct{ x, y, wantX, wantY int }{
		{-1, -1, 0, 2}, // 1 does what 0 does
		{2, -1, 2, 0},
		{-1, 0, 1, 0}, // what somebody chose stays
		{0, 1, 0, 1},
	} {
		if x, y := s.pair(planeRequest{x: c.x, y: c.y}); x != c.wantX || y != c.wantY {
			t.Errorf("asked for %d and %d: %d and %d, want %d and %d", c.x, c.y, x, y, c.wantX, c.wantY)
		}
	}
}
