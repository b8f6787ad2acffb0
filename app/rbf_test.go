package app

import (
	"fmt"
	"image"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// radial opens a window on the RBF view of a built-in recipe, and waits for its
// picture.
func radial(t *testing.T, name string, change func(*recipe.Recipe)) *desk {
	t.Helper()
	d := newDesk(t)
	r, err := recipe.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&r)
	}
	d.openRBF(r)
	d.solved()
	return d
}

// solved waits until the view shows its state as it is now, at rest.
func (d *desk) solved() {
	d.t.Helper()
	v := d.rbf
	d.until("the solution", func() bool {
		f := v.frame
		return f != nil && !f.busy && f.image != nil && !v.run && f.req.key == v.request().key && f.req.size == v.request().size && f.req.selected == v.selected &&
			(f.fault != nil || f.solution != nil && sameButDraft(f.solution.key, f.req.key))
	})
}

// haul drags over a picture.
func haul(p *widgets.Picture, from image.Point, to ...image.Point) {
	p.MouseDown(point(p, from))
	for _, at := range to {
		p.Dragged(&fyne.DragEvent{PointEvent: point(p, at).PointEvent})
	}
	p.DragEnd()
}

// handle is where the mark of a centre stands.
func (d *desk) handle(i int) image.Point {
	x, y := d.rbf.frame.panels.basis.Handle(networkOf(d.rbf.frame).Centres.At(i, 0))
	return image.Pt(int(x), int(y))
}

// The seed's example has the numbers of docs/methods.md, and the read-out says
// them.
func TestRBFCurve(t *testing.T) {
	alone(t)
	d := radial(t, "rbf-1d", nil)
	o := d.rbf.frame.solution.outcome
	if math.Abs(o.TestRMSE-0.0409806) > 1e-6 || math.Abs(o.Condition/2.031e6-1) > 1e-3 {
		t.Errorf("test RMSE %v, condition %v", o.TestRMSE, o.Condition)
	}
	if light, word := d.rbf.readout.light.State(); light != widgets.LightAmber || word != "ill conditioned" {
		t.Errorf("light %v %q", light, word)
	}
	if d.rbf.readout.advice.Text() == "" || d.rbf.frame.image == nil || uniform(d.rbf.frame.image) {
		t.Error("no advice, or no picture")
	}
}

// A dragged centre moves with the pointer and the weights follow; one undo takes
// the whole drag back.
func TestRBFDragRefits(t *testing.T) {
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	before, was := networkOf(v.frame).Clone(), v.frame.solution.outcome
	at := d.handle(7)
	to := at.Add(image.Pt(11, 3))
	haul(v.picture, at, at.Add(image.Pt(6, 0)), at.Add(image.Pt(9, 1)), to)
	d.solved()
	n := networkOf(v.frame)
	want := v.frame.panels.basis.Basis.ValueX(float64(to.X) + 0.5)
	if got := n.Centres.At(7, 0); math.Abs(got-want) > 1e-9 || v.selected != 7 {
		t.Errorf("centre 7 at %v, the pointer is at %v; %d is selected", got, want, v.selected)
	}
	if n.Weights[7] == before.Weights[7] || v.frame.solution.outcome.TestRMSE == was.TestRMSE {
		t.Error("the weights were not fitted again")
	}
	if n.Centres.At(6, 0) != before.Centres.At(6, 0) {
		t.Error("another centre moved")
	}
	d.menu("Undo")
	d.solved()
	if n := networkOf(v.frame); n.Centres.At(7, 0) != before.Centres.At(7, 0) || v.frame.solution.outcome.TestRMSE != was.TestRMSE {
		t.Error("undo does not take the drag back")
	}
	d.menu("Redo")
	d.solved()
	if n := networkOf(v.frame); math.Abs(n.Centres.At(7, 0)-want) > 1e-9 {
		t.Error("redo does not make the drag again")
	}
}

// The wheel over a centre changes its width; several notches are undone as one.
func TestRBFWheel(t *testing.T) {
	alone(t)
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	at := d.handle(4)
	ev := point(v.picture, at)
	for range 3 {
		v.picture.Scrolled(&fyne.ScrollEvent{PointEvent: ev.PointEvent, Scrolled: fyne.NewDelta(0, 25)})
	}
	d.solved()
	if got, want := networkOf(v.frame).Widths[4], 1.5*math.Pow(wheelStep, 3); math.Abs(got-want) > 1e-12 {
		t.Errorf("width %v, want %v", got, want)
	}
	v.undo()
	d.solved()
	if got := networkOf(v.frame).Widths[4]; got != 1.5 {
		t.Errorf("width %v after undo", got)
	}
}

// Centres come and go by double click, Insert and Delete.
func TestRBFAddAndRemove(t *testing.T) {
	alone(t)
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	at := d.handle(3).Sub(image.Pt(0, 60))
	click(v.picture, at)
	click(v.picture, at)
	d.solved()
	if n := networkOf(v.frame); n.Centres.Rows != 21 || v.selected != 20 {
		t.Fatalf("%d centres, %d is selected", n.Centres.Rows, v.selected)
	}
	if got, want := networkOf(v.frame).Centres.At(20, 0), v.frame.panels.basis.Basis.ValueX(float64(at.X)+0.5); math.Abs(got-want) > 1e-9 {
		t.Errorf("the new centre is at %v, the click at %v", got, want)
	}
	d.key(fyne.KeyDelete)
	d.solved()
	d.key(fyne.KeyInsert)
	d.solved()
	if n := networkOf(v.frame); n.Centres.Rows != 21 {
		t.Errorf("%d centres", n.Centres.Rows)
	}
	d.key(fyne.KeyEscape)
	d.key(fyne.KeyDelete) // nothing is selected
	d.solved()
	if n := networkOf(v.frame); n.Centres.Rows != 21 || v.selected != -1 {
		t.Errorf("%d centres, %d selected", n.Centres.Rows, v.selected)
	}
}

// What is under the pointer is told in full.
func TestRBFHover(t *testing.T) {
	alone(t)
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	b := v.frame.panels.basis
	point(v.picture, image.Pt(int(b.Fit.PixelX(2)), b.Fit.Area.Min.Y+20))
	for _, want := range []string{"x ", "fit ", "target ", "residual ", "φ"} {
		if !strings.Contains(d.readout.Text(), want) {
			t.Errorf("the line says %q, want %q", d.readout.Text(), want)
		}
	}
	if v.readout.near[0].Value() == "" {
		t.Error("no basis function is named")
	}
	at := d.handle(2)
	point(v.picture, at)
	if !strings.Contains(d.readout.Text(), "centre 3: μ ") {
		t.Errorf("over a mark the line says %q", d.readout.Text())
	}
}

// A formula is judged as it is typed, and counts only when it is right.
func TestRBFExpression(t *testing.T) {
	alone(t)
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	v.edit(func(r *recipe.Recipe) { r.RBF.Function, r.RBF.Expression = recipe.FunctionExpression, "sin(x)" })
	d.solved()
	e := v.form.expression
	write := func(text string) {
		d.window.Canvas().Focus(e.Field())
		e.Field().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
		for _, r := range text {
			e.Field().TypedRune(r)
		}
	}
	write("sin(x)*fog(x)")
	if column, message := e.Fault(); column != 8 || !strings.HasPrefix(message, "column 8: ") {
		t.Errorf("column %d, %q", column, message)
	}
	d.window.Canvas().Unfocus()
	if got := v.state.recipe.RBF.Expression; got != "sin(x)" {
		t.Errorf("the recipe took %q", got)
	}
	if !strings.Contains(d.banner.Text(), `"fog" is not known`) {
		t.Errorf("banner %q", d.banner.Text())
	}
	write("cos(x)")
	if d.banner.Visible() {
		t.Errorf("good again, banner %q", d.banner.Text())
	}
	d.window.Canvas().Unfocus()
	d.solved()
	if got := v.frame.solution.study.Truth([]float64{0}); got != 1 {
		t.Errorf("the curve is %v at 0", got)
	}
	v.edit(func(r *recipe.Recipe) { r.RBF.Expression = "1/(x-x)" })
	d.solved()
	if v.frame.fault == nil || !strings.Contains(d.banner.Text(), "choose another") {
		t.Errorf("a curve without values: %v, banner %q", v.frame.fault, d.banner.Text())
	}
	v.undo()
	d.solved()
	if v.frame.fault != nil || d.banner.Visible() {
		t.Errorf("after undo: %v, banner %q", v.frame.fault, d.banner.Text())
	}
}

// Training moves the centres and can be held, stepped, kept and taken back.
func TestRBFTraining(t *testing.T) {
	d := radial(t, "rbf-1d", func(r *recipe.Recipe) {
		r.RBF.Count, r.RBF.Train, r.RBF.Test = 6, 40, 40
		r.Optimizer.Method, r.Optimizer.Epochs, r.Optimizer.LearningRate = recipe.MethodAdam, 100_000, 0.01
	})
	v := d.rbf
	before := networkOf(v.frame).Centres.At(2, 0)
	d.char('.')
	d.until("one step", func() bool { return v.frame.run.taken == 1 })
	d.key(fyne.KeySpace)
	d.until("some steps", func() bool { return v.frame.run.taken > 20 })
	if got := v.transport.start.Text(); got != "Pause" {
		t.Errorf("the button says %q", got)
	}
	d.key(fyne.KeySpace)
	d.until("a pause", func() bool { return !v.frame.req.run })
	taken, moved := v.frame.run.taken, networkOf(v.frame).Centres.At(2, 0)
	if moved == before {
		t.Error("the centres do not move")
	}
	v.stopHere()
	d.solved()
	if got := networkOf(v.frame).Centres.At(2, 0); got != moved || v.frame.run.begun {
		t.Errorf("stopped at %v, kept %v (after %d steps)", moved, got, taken)
	}
	v.undo()
	d.solved()
	if got := networkOf(v.frame).Centres.At(2, 0); got != before {
		t.Errorf("undone: %v, want %v", got, before)
	}
}

// Clicks on the map add points, drags move them, the wheel raises them.
func TestRBFField(t *testing.T) {
	alone(t)
	d := radial(t, "rbf-field", func(r *recipe.Recipe) { r.RBF.Resolution = 24 })
	v := d.rbf
	n := v.frame.solution.study.Train.Len()
	v.value.SetValue(3)
	view, at := v.frame.panels.field, v.frame.panels.fieldAt
	place := func(x, y float64) image.Point { return at.Min.Add(image.Pt(int(view.PixelX(x)), int(view.PixelY(y)))) }
	free := image.Point{}
	for x := -0.9; x < 0.9 && free == (image.Point{}); x += 0.03 {
		if p := place(x, 0.1); view.Point(local(p, at)) < 0 {
			free = p
		}
	}
	click(v.picture, free)
	d.solved()
	p := v.frame.solution.study.Train
	if p.Len() != n+1 || p.Y[n] != 3 || v.point != n {
		t.Fatalf("%d points, the last %v; %d selected", p.Len(), p.Y[p.Len()-1], v.point)
	}
	haul(v.picture, free, free.Add(image.Pt(5, 0)), free.Add(image.Pt(9, 8)))
	d.solved()
	moved := v.frame.solution.study.Train
	if moved.X.At(n, 0) <= p.X.At(n, 0) || moved.X.At(n, 1) >= p.X.At(n, 1) || moved.Len() != n+1 {
		t.Errorf("moved from %v to %v", p.X.Row(n), moved.X.Row(n))
	}
	ev := point(v.picture, free.Add(image.Pt(9, 8)))
	v.picture.Scrolled(&fyne.ScrollEvent{PointEvent: ev.PointEvent, Scrolled: fyne.NewDelta(0, -25)})
	d.solved()
	if got := v.frame.solution.study.Train.Y[n]; got >= 3 {
		t.Errorf("value %v after the wheel", got)
	}
	d.key(fyne.KeyDelete)
	d.solved()
	if got := v.frame.solution.study.Train.Len(); got != n {
		t.Errorf("%d points after Delete", got)
	}
	camera := v.camera
	relief := v.frame.panels.reliefAt
	middle := relief.Min.Add(relief.Size().Div(2))
	haul(v.picture, middle, middle.Add(image.Pt(20, 5)), middle.Add(image.Pt(40, 10)))
	if v.camera == camera || v.turning {
		t.Error("the surface does not turn")
	}
}

// An image grows to its last Gaussian and every one makes it better.
func TestRBFImage(t *testing.T) {
	d := radial(t, "rbf-image", func(r *recipe.Recipe) { r.RBF.Count, r.RBF.Resolution = 12, 32 })
	v := d.rbf
	d.until("the growth", func() bool { return v.frame.run.ended })
	psnr := v.frame.solution.psnr
	if centresOf(v.frame.solution) != 12 || len(psnr) != 13 || !(psnr[12] > psnr[0]+3) {
		t.Errorf("%d Gaussians, PSNR %v", centresOf(v.frame.solution), psnr)
	}
}

// Every built-in recipe has a picture, whatever the window's size.
func TestRBFEveryRecipe(t *testing.T) {
	alone(t)
	d := newDesk(t)
	for _, r := range recipe.Builtin() {
		if !r.IsRBF() {
			continue
		}
		if r.RBF.Task == recipe.TaskSurface {
			r.RBF.Train, r.RBF.Resolution = 120, 16
		}
		r.Optimizer.Epochs, r.RBF.Count = 20, min(r.RBF.Count, 12)
		d.choose(r)
		d.start()
		d.until(r.Name, func() bool {
			f := d.rbf.frame
			return f != nil && f.req.key.rbf == r.RBF && f.solution != nil && !f.busy && !d.rbf.run
		})
		d.solved()
		if f := d.rbf.frame; f.fault != nil || uniform(f.image) {
			t.Errorf("%s: fault %v", r.Name, f.fault)
		}
		if len(d.rbf.frame.exports()) < 2 {
			t.Errorf("%s: nothing to export", r.Name)
		}
		for _, e := range d.rbf.frame.exports() {
			if err := e.write(io.Discard); err != nil {
				t.Errorf("%s: %s: %v", r.Name, e.label, err)
			}
		}
		d.showView(viewFilters)
	}
}

// A file that cannot be used is told in one sentence, and the picture before
// stays.
func TestRBFBadFiles(t *testing.T) {
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	folder := t.TempDir()
	for name, text := range map[string]string{
		"broken.ply":  "ply\nformat ascii 1.0\nelement vertex 5\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n",
		"nan.xyz":     "0 0 0\n1 0 NaN\n0 1 1\n",
		"equal.xyz":   "1 1 1\n1 1 1\n1 1 1\n",
		"letters.csv": "x,y\n1,2\n3,four\n",
		"one.csv":     "1,2\n",
	} {
		path := filepath.Join(folder, name)
		writeText(t, path, text)
		state := v.state
		d.Open(path)
		d.said()
		text := d.banner.Text()
		if strings.Contains(text, "\n") || strings.Count(strings.TrimSuffix(text, "."), ". ") > 0 || !strings.HasPrefix(text, "The file could not be used: ") {
			t.Errorf("%s: banner %q", name, text)
		}
		d.solved()
		if v.state.recipe.RBF != state.recipe.RBF || v.frame.fault != nil {
			t.Errorf("%s: the state is %+v", name, v.state.recipe.RBF)
		}
	}
}

// Points of the user's become a curve, a field or a surface by their columns.
func TestRBFOpenPoints(t *testing.T) {
	alone(t)
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	folder := t.TempDir()
	table := func(name string, columns int, row func(i int) []float64) string {
		var b strings.Builder
		for i := range 60 {
			b.WriteString(strings.Trim(strings.ReplaceAll(fmt.Sprint(row(i)[:columns]), " ", ","), "[]") + "\n")
		}
		path := filepath.Join(folder, name)
		writeText(t, path, b.String())
		return path
	}
	row := func(i int) []float64 {
		a := float64(i) * 2 * math.Pi / 60
		return []float64{math.Cos(a) + float64(i)/50, math.Sin(a), math.Cos(3 * a)}
	}
	d.Open(table("two.csv", 2, row))
	d.solved()
	if b := v.state.recipe.RBF; b.Task != recipe.TaskCurve || v.frame.fault != nil || v.frame.solution.study.Train.Len() != 60 {
		t.Errorf("two columns: %+v, %v", b, v.frame.fault)
	}
	d.Open(table("three.csv", 3, row))
	d.solved()
	if b := v.state.recipe.RBF; b.Task != recipe.TaskField || v.frame.fault != nil {
		t.Errorf("three columns: %+v, %v", b, v.frame.fault)
	}
	v.take(rbfRecipe(recipe.TaskSurface), false)
	d.solved()
	d.Open(table("circle.csv", 2, func(i int) []float64 {
		a := float64(i) * 2 * math.Pi / 60
		return []float64{math.Cos(a), math.Sin(a)}
	}))
	d.solved()
	if s := v.frame.solution; v.state.recipe.RBF.Task != recipe.TaskSurface || s == nil || len(s.contour) != 1 {
		t.Errorf("a circle: %+v, %v", v.state.recipe.RBF, v.frame.fault)
	}
	v.undo()
	d.solved()
	if v.state.recipe.RBF.Path != "" {
		t.Error("undo does not bring the recipe before back")
	}
}

// A saved model opens as it was, with the centres that were moved.
func TestRBFModel(t *testing.T) {
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	v.selected = 5
	v.moveSelected(0, -1.25)
	d.solved()
	want := networkOf(v.frame)
	path := filepath.Join(t.TempDir(), "mine.safetensors")
	if err := modelio.Save(path, v.frame.result().Model()); err != nil {
		t.Fatal(err)
	}
	v.take(rbfRecipe(recipe.TaskField), false)
	d.solved()
	d.showView(viewFilters)
	d.Open(path)
	d.until("the model", func() bool { return d.view == viewRBF && v.state.recipe.RBF.Task == recipe.TaskCurve })
	d.solved()
	got := networkOf(v.frame)
	if got == nil || got.Centres.At(5, 0) != -1.25 || got.Weights[5] != want.Weights[5] {
		t.Fatalf("opened: %+v", got)
	}
	haul(v.picture, d.handle(5), d.handle(5).Add(image.Pt(6, 0)), d.handle(5).Add(image.Pt(12, 0)))
	d.solved()
	if n := networkOf(v.frame); n.Weights[5] == want.Weights[5] || v.frame.solution.trained {
		t.Error("a drag does not fit the opened model again")
	}
}

// The network that trains in the other views goes on while the RBF view is up,
// and is there afterwards.
func TestRBFBesideTraining(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	run := d.session.run
	d.char('5')
	d.solved()
	step := d.step()
	d.until("the training to go on", func() bool { return d.step() > step })
	d.char('1')
	d.settle()
	if d.session.run != run || !d.session.active() || d.view != viewFilters || !d.transport.object.Visible() {
		t.Error("the run is not there any more")
	}
	d.stopRun()
	d.untilEnded()
}

// Fields are shown only where they mean something, and refuse what they cannot
// be.
func TestRBFForm(t *testing.T) {
	alone(t)
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	shown := func() string {
		var names []string
		for _, n := range v.form.numbers {
			if n.Visible() {
				names = append(names, n.Spec().Label)
			}
		}
		return strings.Join(names, ", ")
	}
	if got := shown(); !strings.Contains(got, "Width σ") || strings.Contains(got, "λ ridge") || strings.Contains(got, "Offset") {
		t.Errorf("a curve has %s", got)
	}
	v.edit(func(r *recipe.Recipe) { r.RBF.Readout = recipe.ReadoutRidge })
	d.solved()
	if got := shown(); !strings.Contains(got, "λ ridge") || strings.Contains(got, "Cut-off") {
		t.Errorf("ridge has %s", got)
	}
	v.edit(func(r *recipe.Recipe) { r.RBF.From = 99 })
	if !strings.Contains(d.banner.Text(), "rbf.to") || v.state.recipe.RBF.From != -5 {
		t.Errorf("banner %q, from %v", d.banner.Text(), v.state.recipe.RBF.From)
	}
	v.setTask(recipe.TaskSurface)
	d.solved()
	if got := shown(); !strings.Contains(got, "Offset") || strings.Contains(got, "Width σ") {
		t.Errorf("a surface has %s", got)
	}
}

// What was changed by hand stays as long as it means something.
func TestRBFStateWith(t *testing.T) {
	base := rbfRecipe(recipe.TaskCurve)
	centres := linalg.MatrixOf(2, 1, []float64{1, 2})
	s := rbfState{recipe: base, edit: &rbfEdit{centres: centres, widths: []float64{1, 1}}}
	tests := []struct {
		name            string
		change          func(*recipe.Recipe)
		centres, widths int
		gone            bool
	}{
		{"kernel", func(r *recipe.Recipe) { r.RBF.Kernel = "multiquadric" }, 2, 2, false},
		{"width", func(r *recipe.Recipe) { r.RBF.Width = 2 }, 2, 0, false},
		{"count", func(r *recipe.Recipe) { r.RBF.Count = 5 }, 0, 0, false},
		{"noise", func(r *recipe.Recipe) { r.RBF.Noise = 0.1 }, 0, 0, true},
		{"seed", func(r *recipe.Recipe) { r.Seed = 99 }, 0, 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := base
			test.change(&r)
			e := s.with(r).edit
			if (e == nil) != test.gone {
				t.Fatalf("edit %v", e)
			}
			if e != nil && (e.centres.Rows != test.centres || len(e.widths) != test.widths) {
				t.Errorf("%d centres, %d widths", e.centres.Rows, len(e.widths))
			}
		})
	}
	if s.edit.centres.Rows != 2 || len(s.edit.widths) != 2 {
		t.Error("the state was written to")
	}
}

// The number of columns is found in the first bytes of a file.
func TestPointColumns(t *testing.T) {
	folder := t.TempDir()
	for _, test := range []struct {
		name, text string
		want       int
	}{
		{"a.csv", "x,y\n1,2\n", 2},
		{"b.csv", "# points\n\n1;2;3\n", 3},
		{"c.txt", "1 2\n", 2},
		{"d.tsv", "1\t2\t3\n", 3},
		{"e.csv", "", 0},
		{"f.npy", "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (60, 3), }", 3},
		{"g.npy", "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'shape': (60,), }", 0},
		{"h.png", "1,2", 0},
	} {
		path := filepath.Join(folder, test.name)
		writeText(t, path, test.text)
		if got := pointColumns(path); got != test.want {
			t.Errorf("%s: %d columns, want %d", test.name, got, test.want)
		}
	}
	if got := pointColumns(filepath.Join(folder, "none.csv")); got != 0 {
		t.Errorf("a file that is not there has %d columns", got)
	}
}

// The same again writes what was written last, as another file.
func TestRBFExportAgain(t *testing.T) {
	d := radial(t, "rbf-1d", nil)
	v := d.rbf
	d.menu("The same again")
	if !d.dialogOpen() {
		t.Fatal("nothing was exported yet, and it does not ask")
	}
	d.press("Export")
	want := v.path(".png")
	d.until("the file", func() bool { return exists(want) })
	again := strings.TrimSuffix(want, ".png") + "_2.png"
	d.menu("The same again")
	if d.dialogOpen() {
		t.Fatal("it asks although it knows")
	}
	d.until("another file", func() bool { return exists(again) })
	if !samePixels(readPNG(t, want), readPNG(t, again)) {
		t.Error("the same again is another picture")
	}
}
