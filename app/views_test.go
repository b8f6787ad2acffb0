package app

import (
	"bytes"
	"fmt"
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// finished opens a window on a tiny run that has ended.
func finished(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.run(tiny(t))
	d.untilEnded()
	d.settle()
	return d
}

// pixelOf is the place of weight (x, y) of a unit in the mosaic.
func pixelOf(g render.Grid, unit, x, y int) image.Point {
	return g.Cell(unit).Min.Add(image.Pt(x*g.Zoom+g.Zoom/2, y*g.Zoom+g.Zoom/2))
}

// The line tells the exact weight under the pointer, of what is shown: encoder or decoder.
func TestHoverTellsTheWeight(t *testing.T) {
	alone(t)
	d := finished(t)
	res := d.session.run.result
	encoder := linalg.MatrixOf(4, 16, res.Parameters[:64])
	decoder := res.Trained().Decoder(0)
	for _, which := range []struct {
		name string
		w    linalg.Matrix[float64]
	}{{"encoder", encoder}, {"decoder", decoder}} {
		for unit := range 4 {
			x, y := (unit+1)%4, 3-unit
			point(d.filters.picture, pixelOf(d.filters.grid, unit, x, y))
			want := fmt.Sprintf("unit %d · pixel (%d, %d) · w = %s · tile ±", unit, x, y, signed(float64(float32(which.w.At(unit, 4*y+x)))))
			if got := d.readout.Text(); !strings.HasPrefix(got, want) {
				t.Errorf("%s: the line says %q, want %q", which.name, got, want)
			}
		}
		d.char('e')
		d.settle()
	}
	d.filters.picture.MouseOut()
	if got := d.readout.Text(); got != "" {
		t.Errorf("off the picture the line says %q", got)
	}
}

// A pointer at rest is told about weights that change below it.
func TestHoverFollowsTheRun(t *testing.T) {
	d := newDesk(t)
	r := endless(t)
	r.Optimizer.LearningRate = 0.05
	d.run(r)
	point(d.filters.picture, pixelOf(d.filters.grid, 2, 1, 1))
	first := d.readout.Text()
	if first == "" {
		t.Fatal("nothing under the pointer")
	}
	d.until("another weight", func() bool { return d.readout.Text() != first })
	d.key(fyne.KeySpace)
	d.until("the pause", func() bool { return d.phase == train.Paused })
	d.settle()
	w := linalg.MatrixOf(4, 16, d.session.run.mailbox.Newest().Parameters[:64])
	if want := "w = " + signed(float64(w.At(2, 5))) + " "; !strings.Contains(d.readout.Text(), want) {
		t.Errorf("paused, the line says %q, want %q", d.readout.Text(), want)
	}
}

// Clicks and keys select; the inspector tells about the unit.
func TestSelectUnit(t *testing.T) {
	alone(t)
	d := finished(t)
	if d.inspector.details.Visible() {
		t.Error("the inspector tells about no unit")
	}
	click(d.filters.picture, pixelOf(d.filters.grid, 2, 1, 1))
	if d.unit != 2 || d.filters.unit != 2 {
		t.Fatalf("selected %d and %d, want 2", d.unit, d.filters.unit)
	}
	d.until("the inspector", func() bool { return d.inspector.details.Visible() })
	check := func(unit int) {
		t.Helper()
		d.until("the unit's frame", func() bool { return d.frame.unit != nil && d.frame.unit.unit.Index == unit })
		res := d.session.run.result
		theta := make([]float32, len(res.Parameters))
		linalg.Convert(linalg.MatrixOf(1, len(theta), theta), linalg.MatrixOf(1, len(theta), res.Parameters))
		rows := make([]int, 200)
		for i := range rows {
			rows[i] = i
		}
		spec, probe := res.Problem.Spec(), res.Problem.Examples(rows)
		weights := weightsOf(spec, theta, 0)
		weights.Decoder = network.Outgoing(spec, theta, 0)
		codes := linalg.NewMatrix[float32](probe.Rows, weights.Encoder.Rows)
		network.NewNetwork[float32](spec).Encode(theta, 0, probe, codes)
		activations := make([]float64, codes.Rows)
		for i := range activations {
			activations[i] = float64(codes.At(i, unit))
		}
		want := analysis.Describe(*weights, unit, activations, 0.1, 32)
		if diff := cmp.Diff(want, d.frame.unit.unit); diff != "" {
			t.Errorf("unit %d: %s", unit, diff)
		}
		if d.frame.unit.rhoHat != res.RhoHat[unit] || d.frame.unit.target != 0.1 {
			t.Errorf("ρ̂ %v of ρ %v, want %v of 0.1", d.frame.unit.rhoHat, d.frame.unit.target, res.RhoHat[unit])
		}
	}
	check(2)
	if d.filters.grid.Columns != 2 {
		t.Fatalf("%d columns", d.filters.grid.Columns)
	}
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyLeft, 2}, {fyne.KeyRight, 3}, {fyne.KeyRight, 3}, {fyne.KeyUp, 1}, {fyne.KeyLeft, 0}, {fyne.KeyDown, 2}} {
		d.key(step.key)
		if d.unit != step.want {
			t.Fatalf("%s selects %d, want %d", step.key, d.unit, step.want)
		}
	}
	for _, want := range []int{1, 0, 0} {
		if d.inspector.move(-1); d.unit != want {
			t.Fatalf("the unit before is %d, want %d", d.unit, want)
		}
	}
	d.inspector.move(1)
	check(d.unit)
	d.key(fyne.KeyEscape)
	if d.unit != -1 || d.filters.unit != -1 || d.inspector.details.Visible() {
		t.Error("Escape leaves a unit selected")
	}
	d.settle()
	if d.inspector.details.Visible() {
		t.Error("a frame brings the unit back")
	}
	d.key(fyne.KeyRight) // from none: the first
	if d.unit != 0 {
		t.Errorf("selected %d, want 0", d.unit)
	}
}

// A unit that the next run has not is not selected any more.
func TestSelectionOfASmallerRun(t *testing.T) {
	alone(t)
	d := finished(t)
	d.filters.choose(3)
	d.enter(d.form.hidden, "2")
	d.menu("Restart")
	d.until("the small run", func() bool { return d.frame != nil && d.frame.run.problem.Recipe.Model.Hidden == 2 })
	d.settle()
	if d.unit != -1 {
		t.Errorf("unit %d is selected", d.unit)
	}
}

// The paused inspector describes the weights that are there, not those of a quarter of a second ago.
func TestInspectorIsFresh(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r := endless(t)
	r.Optimizer.LearningRate = 0.05
	d.run(r)
	d.filters.choose(1)
	d.until("a description", func() bool { return d.frame.unit != nil })
	d.key(fyne.KeySpace)
	d.until("the pause", func() bool { return d.phase == train.Paused })
	for range 3 {
		d.char('.')
		at := d.step()
		d.until("a step", func() bool { return d.step() > at && d.phase == train.Paused })
		d.settle()
		want := d.session.run.mailbox.Newest().Parameters[64+1] // bias of unit 1
		if got := d.frame.unit.unit.Bias; got != float64(want) {
			t.Errorf("the inspector tells of a bias of %v, the weights have %v", got, want)
		}
	}
}

// Under the crosshair the line tells the values of the history.
func TestCurvesReadout(t *testing.T) {
	alone(t)
	d := finished(t)
	d.char('2')
	d.settle()
	f := d.frame.curves
	if f == nil {
		t.Fatal("no chart")
	}
	h := d.frame.snap.History
	i := h.Len() / 2
	point(d.curves.picture, image.Pt(int(f.chart.PixelX(h.Steps[i])), (f.chart.Area.Min.Y+f.chart.Area.Max.Y)/2))
	got := d.readout.Text()
	want := []string{fmt.Sprintf("iteration %.0f", h.Steps[i]), fmt.Sprintf("objective %.6g", h.Total[i])}
	for k, name := range h.Names {
		want = append(want, fmt.Sprintf("%s %.6g", name, h.Terms[k][i]))
	}
	if got != strings.Join(want, " · ") {
		t.Errorf("the line says %q, want %q", got, strings.Join(want, " · "))
	}
	d.curves.picture.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if want := fmt.Sprintf("iteration %.0f · objective %.6g", h.Steps[i+1], h.Total[i+1]); !strings.HasPrefix(d.readout.Text(), want) {
		t.Errorf("one to the right the line says %q, want %q", d.readout.Text(), want)
	}
	for range h.Len() + 2 {
		d.curves.picture.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	if !strings.HasPrefix(d.readout.Text(), "iteration 0 ") {
		t.Errorf("at the left end the line says %q", d.readout.Text())
	}
	d.curves.setLog(false)
	d.settle()
	if d.frame.curves.series.LogY {
		t.Error("the axis is still logarithmic")
	}
	d.curves.smooth.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	d.settle()
	d.curves.picture.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	i, _ = d.frame.curves.chart.At(float64(d.curves.pointer.X))
	y := d.frame.curves.series.Series[0].Y[i]
	if want := fmt.Sprintf("iteration %.0f · objective %.4g (raw %.4g) · reconstruction ", h.Steps[i], y, h.Total[i]); !strings.HasPrefix(d.readout.Text(), want) || y == h.Total[i] {
		t.Errorf("smoothed, the line says %q, want %q", d.readout.Text(), want)
	}
}

// Reconstructions: fixed, shuffled and worst examples, their exact values, and the same again until asked.
func TestReconstruct(t *testing.T) {
	alone(t)
	d := finished(t)
	d.char('3')
	d.settle()
	sheet := d.frame.sheet
	if sheet == nil {
		t.Fatal("no sheet")
	}
	for k, n := range sheet.examples {
		if n != k {
			t.Fatalf("fixed examples %v", sheet.examples)
		}
	}
	run := d.session.run
	input := run.problem.Examples(sheet.examples)
	output := run.result.Trained().Reconstruct(run.problem)
	for k, row := range []string{"input", "reconstruction", "error"} {
		x, y := 2, 1
		point(d.reconstruct.picture, pixelOf3(sheet.layout, 5, k, x, y))
		in, out := float64(input.At(5, 4*y+x)), output.At(5, 4*y+x)
		want := fmt.Sprintf("example 5 · %s · pixel (2, 1) · input %.3f, output %.3f, error ", row, in, out)
		if got := d.readout.Text(); !strings.HasPrefix(got, want) {
			t.Errorf("the line says %q, want %q", got, want)
		}
	}

	d.menu("Examples: shuffle")
	d.settle()
	shuffled := d.frame.sheet.examples
	if cmp.Equal(shuffled, sheet.examples) {
		t.Error("shuffled examples are the fixed ones")
	}
	d.settle()
	if !cmp.Equal(shuffled, d.frame.sheet.examples) {
		t.Error("shuffled examples change by themselves")
	}
	d.reconstruct.choose(shuffledExamples)
	d.settle()
	if cmp.Equal(shuffled, d.frame.sheet.examples) {
		t.Error("shuffled again, the examples are the same")
	}

	d.menu("Examples: worst")
	d.settle()
	all := analysis.SquaredErrors(d.frame.run.problem.Examples(upTo(200)), reconstructed(run))
	worst, mean := 0, 0.0
	for i, e := range all {
		mean += e / float64(len(all))
		if e > all[worst] {
			worst = i
		}
	}
	got := d.frame.sheet
	if d := got.mean - mean; got.probe != 200 || d*d > 1e-12*mean*mean {
		t.Errorf("the mean error over %d is %v, want %v over 200", got.probe, got.mean, mean)
	}
	if got.examples[0] != worst {
		t.Errorf("the worst example is %d, want %d", got.examples[0], worst)
	}
	for k := 1; k < len(got.errors); k++ {
		if got.errors[k] > got.errors[k-1]*(1+1e-9) {
			t.Errorf("errors are not in order: %v", got.errors)
		}
	}
}

// pixelOf3 is the place of a pixel of an example's row in a sheet.
func pixelOf3(s render.Sheet, k, row, x, y int) image.Point {
	for py := range s.Size().Y {
		for px := range s.Size().X {
			if a, b, c, d, ok := s.At(image.Pt(px, py)); ok && a == k && b == row && c == x && d == y {
				return image.Pt(px, py)
			}
		}
	}
	return image.Point{}
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func reconstructed(run *activeRun) linalg.Matrix[float32] {
	out := run.result.Trained().Reconstruct(run.problem)
	single := linalg.NewMatrix[float32](out.Rows, out.Cols)
	linalg.Convert(single, out)
	return single
}

// Every picture on the screen is what render draws, pixel by pixel; zoom changes the size alone.
func TestMosaicIsRenders(t *testing.T) {
	alone(t)
	d := finished(t)
	for _, zoom := range []int{0, 3, 16} {
		d.filters.setZoom(zoom)
		d.settle()
		f := d.frame.filters
		visible, _ := d.filters.picture.View()
		want := image.NewRGBA(image.Rectangle{Max: visible.Size()})
		render.Draw(want, visible, f.shown, d.filters.grid, render.Measure(f.shown, render.Scaling{Blend: 0}), render.Options{})
		if f.at != visible.Min || !bytes.Equal(want.Pix, f.image.Pix) {
			t.Errorf("zoom %d: the frame is not render's picture of %v", zoom, visible)
		}
		if d.filters.picture.Frame() != f.image {
			t.Errorf("zoom %d: the picture shows another image", zoom)
		}
	}
}

// Keys of the view change what is drawn, and the captions say so.
func TestFilterKeys(t *testing.T) {
	alone(t)
	d := finished(t)
	draws := func(r rune, what string, want func(f *frame) bool) {
		t.Helper()
		d.char(r)
		d.settle()
		if !want(d.frame) {
			t.Errorf("%c: %s", r, what)
		}
	}
	draws('n', "scale blend", func(f *frame) bool {
		return f.contrast.Scaling.Scale == render.ScaleBlend && d.filters.scale.Selected() == 1
	})
	draws('n', "scale global", func(f *frame) bool { return strings.Contains(d.filters.caption.Text(), "global scale, clipped ") })
	draws('l', "locked", func(*frame) bool {
		return d.filters.lock.Checked() && strings.Contains(d.filters.caption.Text(), "locked")
	})
	draws('n', "another scale unlocks", func(*frame) bool { return !d.filters.req.lock })
	draws('n', "UFLDL", func(*frame) bool { return strings.Contains(d.filters.caption.Text(), "grey is the mean") })
	draws('n', "round to tile", func(f *frame) bool { return f.contrast.Scaling.Scale == render.ScaleTile })
	before := d.frame.filters.image
	draws('i', "inverted", func(f *frame) bool { return !bytes.Equal(before.Pix, f.filters.image.Pix) })
	d.char('I')
	draws('m', "colours", func(f *frame) bool { return f.filters.req.options.Map == render.Map(1) })
	draws('g', "gap", func(f *frame) bool { return f.filters.req.grid.Gap == 4 })
	draws('+', "zoom", func(f *frame) bool { return d.filters.fixed == f.filters.req.grid.Zoom })
	draws('0', "fit", func(*frame) bool { return d.filters.fixed == 0 })
}

// The filters of a table are bars, learned by a recipe that suits it; nothing of the run before stays.
func TestTable(t *testing.T) {
	alone(t)
	d := finished(t)
	path := t.TempDir() + "/table.csv"
	var text strings.Builder
	for i := range 60 {
		fmt.Fprintf(&text, "%d,%d,%d\n", i%7, (i*i)%11, i%3)
	}
	writeText(t, path, text.String())
	d.Open(path)
	d.until("the table's run", func() bool { return d.frame != nil && d.frame.run.problem.Data.D == 3 && d.frame.weights != nil })
	d.stopRun()
	d.untilEnded()
	d.settle()
	if got := d.filters.caption.Text(); !strings.Contains(got, "2 encoder filters of 3 features as bars") {
		t.Errorf("caption %q", got)
	}
	if r := d.session.recipe; r.Name != suitsTable || r.Model.Decoder != recipe.DecoderLinear {
		t.Errorf("recipe %s, decoder %s", r.Name, r.Model.Decoder)
	}
	for _, v := range []rune{'2', '3', '1'} {
		d.char(v)
		d.settle()
	}
	d.filters.choose(0) // no tile, but a unit may stay selected elsewhere
	d.settle()
}

// Whitened filters can be seen in pixel space.
func TestPixelSpace(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r := tiny(t)
	r.Preprocess = preparations()[4].steps // ZCA
	r.Model.Decoder = recipe.DecoderLinear
	d.run(r)
	d.untilEnded()
	d.settle()
	d.char('w')
	d.settle()
	if !strings.Contains(d.filters.caption.Text(), "pixel space") {
		t.Errorf("caption %q", d.filters.caption.Text())
	}
	want := d.session.run.result.Trained().Filters(0)
	for unit := range 4 {
		for j := range 16 {
			if got := float64(d.frame.filters.shown.At(unit, j)); !near(got, want.At(unit, j)) {
				t.Fatalf("unit %d, pixel %d: %v, want %v", unit, j, got, want.At(unit, j))
			}
		}
	}
}

func near(a, b float64) bool {
	d := a - b
	return d*d <= 1e-10*(1+b*b)
}
