package app

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// Start, snapshots, done: everything in the window is that of the last one.
func TestRunToTheEnd(t *testing.T) {
	d := newDesk(t)
	d.choose(tiny(t))
	if !d.gallery.object.Visible() || d.views.Visible() {
		t.Fatal("before the first start the gallery is not to be seen")
	}
	var steps []int
	d.onFrame = func(f *frame) { steps = append(steps, f.snap.Step) }
	d.key(fyne.KeySpace)
	if got := d.transport.start.Text(); got != "Cancel" {
		t.Errorf("while the data are loaded the button says %q, want Cancel", got)
	}
	d.untilEnded()
	if !slices.IsSorted(steps) {
		t.Errorf("frames went back in time: %v", steps)
	}
	if d.gallery.object.Visible() || !d.views.Visible() {
		t.Error("the gallery covers the run")
	}
	run := d.session.run
	if d.frame.snap != run.mailbox.Newest() {
		t.Error("the frame that stays is not that of the final snapshot")
	}
	want := make([]float32, len(run.result.Parameters))
	linalg.Convert(linalg.MatrixOf(1, len(want), want), linalg.MatrixOf(1, len(want), run.result.Parameters))
	if diff := cmp.Diff(want, d.frame.theta); diff != "" {
		t.Errorf("the weights shown are not the result's: %s", diff)
	}
	if got := d.transport.start.Text(); got != "Train on" {
		t.Errorf("after the run the button says %q, want Train on", got)
	}
	if toasts := d.overlay.Toasts(); len(toasts) != 1 || !strings.Contains(toasts[0], "J ") {
		t.Errorf("toasts %q, want one with the objective", toasts)
	}
	if d.transport.stop.Disabled() == false {
		t.Error("Stop is enabled after the end")
	}
	if text := d.filters.caption.Text(); !strings.HasPrefix(text, "4 encoder filters of 4×4") {
		t.Errorf("caption %q", text)
	}
}

// A run that is done before its last step says why, in its toast and for good beside the step.
func TestEndedEarly(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r := tiny(t)
	r.Optimizer.Iterations, r.Optimizer.Patience, r.Optimizer.MinDelta = 50, 2, 1e6
	d.choose(r)
	d.start()
	d.untilEnded()
	d.settle()
	const want = "no gain of more than 1e+06 since step 10; the least loss was "
	if got := d.transport.speed.Text(); !strings.Contains(got, want) {
		t.Errorf("beside step %d stands %q, want %q in it", d.step(), got, want)
	}
	if toasts := d.overlay.Toasts(); len(toasts) != 1 || !strings.Contains(toasts[0], want) {
		t.Errorf("toasts %q, want %q in one", toasts, want)
	}
}

func TestPauseStepResumeStop(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	d.key(fyne.KeySpace)
	d.until("the pause", func() bool { return d.phase == train.Paused })
	if got := d.transport.start.Text(); got != "Resume" {
		t.Errorf("paused, the button says %q", got)
	}
	at := d.step()
	d.char('.')
	d.until("one step", func() bool { return d.step() == at+1 && d.phase == train.Paused })
	d.char('>')
	d.until("ten steps", func() bool { return d.step() == at+11 && d.phase == train.Paused })
	d.settle()
	if d.step() != at+11 {
		t.Errorf("at step %d, want %d", d.step(), at+11)
	}
	d.key(fyne.KeySpace)
	d.until("the run to go on", func() bool { return d.phase == train.Running && d.step() > at+11 })
	d.menu("Stop")
	d.untilEnded()
	if d.session.run.result.Phase != train.Stopped || d.phase != train.Stopped {
		t.Errorf("phases %v and %v, want stopped", d.session.run.result.Phase, d.phase)
	}
	if d.session.run.err != nil || d.banner.Visible() {
		t.Errorf("stopping gives %v and the banner %q", d.session.run.err, d.banner.Text())
	}
	d.menu("Stop") // twice does nothing
	d.menu("Ten steps")
}

// Space pressed faster than the run answers: what counts is how often.
func TestSpaceIsNotLost(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	for range 4 {
		d.key(fyne.KeySpace)
	}
	if d.session.run.held {
		t.Fatal("pressed four times, the run is held")
	}
	d.key(fyne.KeySpace)
	d.until("the pause", func() bool { return d.phase == train.Paused })
	d.key(fyne.KeySpace, fyne.KeySpace)
	if !d.session.run.held {
		t.Error("resumed and paused at once, the run is not held")
	}
	d.settle() // it may have gone on for a moment
	d.until("the pause", func() bool { return d.phase == train.Paused })
}

// Step without a run does the first step and holds; the run after that is not held.
func TestStepBeforeStart(t *testing.T) {
	d := newDesk(t)
	d.choose(endless(t))
	d.char('.')
	d.char('.') // while loading it does nothing
	d.until("the first step", func() bool { return d.step() == 1 && d.phase == train.Paused })
	d.menu("Restart")
	d.until("a run that goes on", func() bool { return d.session.stage == training && d.step() > 1 })
}

func TestStepThatCannotStart(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r := endless(t)
	r.Model.Rho = 1.2
	d.choose(r)
	d.char('.')
	if !strings.Contains(d.banner.Text(), "model.rho") {
		t.Errorf("banner %q", d.banner.Text())
	}
	d.choose(endless(t))
	d.key(fyne.KeySpace)
	d.until("a run that goes on", func() bool { return d.step() > 1 })
}

func TestRestart(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	d.key(fyne.KeySpace)
	d.until("the pause", func() bool { return d.phase == train.Paused })
	first := d.session.run
	d.menu("Restart")
	if d.session.run != first {
		t.Error("the run is gone before the data of the next are there")
	}
	d.menu("Restart") // twice at once makes one run
	d.until("another run", func() bool { return d.session.run != first && d.frame != nil })
	<-first.done
	if first.result.Phase != train.Stopped {
		t.Errorf("the first run is %v", first.result.Phase)
	}
	d.until("a run that goes on", func() bool { return d.phase == train.Running && d.step() > 0 })
	if d.frame.run != d.session.run {
		t.Error("the frame is of another run")
	}
	d.stopRun()
	d.untilEnded()
	d.key(fyne.KeySpace)
	d.until("a third run", func() bool { return d.session.active() && d.phase == train.Running })
}

// Loading that is given up, or fails, leaves the run as it was.
func TestRunSurvivesLoading(t *testing.T) {
	for _, held := range []bool{false, true} {
		t.Run(fmt.Sprintf("held=%v", held), func(t *testing.T) {
			d := newDesk(t)
			d.run(endless(t))
			if held {
				d.key(fyne.KeySpace)
				d.until("the pause", func() bool { return d.phase == train.Paused })
			}
			run, before := d.session.run, d.session.recipe

			d.menu("Restart")
			d.key(fyne.KeySpace) // Cancel
			if d.session.stage != training || d.session.run != run {
				t.Fatalf("after cancelling: stage %v", d.session.stage)
			}
			nonsense := filepath.Join(t.TempDir(), "nonsense.bin")
			writeText(t, nonsense, "this is no data")
			d.Open(nonsense)
			d.said()
			if !strings.Contains(d.banner.Text(), "nonsense.bin") {
				t.Errorf("banner %q does not name the file", d.banner.Text())
			}
			if d.session.run != run || !d.session.active() || !d.views.Visible() {
				t.Fatal("the run is lost")
			}
			if diff := cmp.Diff(before, d.session.recipe); diff != "" {
				t.Errorf("the recipe is another: %s", diff)
			}
			model := filepath.Join(t.TempDir(), "bad.safetensors")
			writeText(t, model, "nor is this a model")
			d.Open(model)
			d.until("the banner", func() bool { return strings.Contains(d.banner.Text(), "model could not be opened") })
			d.settle()
			at := d.step()
			if held {
				d.char('.')
				d.until("a step", func() bool { return d.step() == at+1 && d.phase == train.Paused })
				return
			}
			d.until("the run to go on", func() bool { return d.step() > at && d.phase == train.Running })
		})
	}
}

// A load that was given up says nothing more, whatever it still brings.
func TestCancelLoading(t *testing.T) {
	d := newDesk(t)
	r, err := recipe.Open("edges") // draws leaves for a while
	if err != nil {
		t.Fatal(err)
	}
	d.choose(r)
	d.start()
	d.loading(10, 100, "things")
	if !strings.Contains(d.banner.Text(), "10 of 100 things") {
		t.Errorf("banner %q", d.banner.Text())
	}
	d.key(fyne.KeySpace)
	if d.session.stage != choosing || d.banner.Visible() {
		t.Errorf("after cancelling: stage %v, banner %q", d.session.stage, d.banner.Text())
	}
	d.start()
	d.loading(10, 100, "things")
	d.choose(tiny(t)) // another card
	if d.session.stage != choosing || d.banner.Visible() {
		t.Errorf("after another choice: stage %v, banner %q", d.session.stage, d.banner.Text())
	}
	d.start()
	d.untilEnded()
	if d.session.run.problem.Recipe.Name != "tiny" {
		t.Errorf("ran %s", d.session.run.problem.Recipe.Name)
	}
}

// λ reaches the run at its next step, and the run remembers when.
func TestTweak(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	d.enter(d.form.lambda, "0.02")
	d.until("the tweak", func() bool { return d.frame.snap.Hyper.Lambda == 0.02 })
	d.until("the event", func() bool { return len(d.frame.snap.Events) == 1 })
	if got := d.frame.snap.Events[0].Text; got != "λ 0.0001 → 0.02" {
		t.Errorf("event %q", got)
	}
	if d.banner.Visible() {
		t.Errorf("a live value brings the banner %q", d.banner.Text())
	}
	d.char('2')
	d.until("the caption", func() bool { return strings.Contains(d.curves.caption.Text(), "λ 0.0001 → 0.02") })
	d.stopRun()
	d.untilEnded()
	if got := d.session.run.result.Recipe.Model.Lambda; got != 0.02 {
		t.Errorf("the model has λ %v", got)
	}

	// After the end it waits for the training to go on.
	d.enter(d.form.lambda, "0.03")
	d.key(fyne.KeySpace)
	d.until("the training to go on", func() bool { return d.session.active() && d.frame != nil && d.step() > 0 })
	if got := d.frame.snap.Hyper.Lambda; got != 0.03 {
		t.Errorf("it goes on with λ %v, want 0.03", got)
	}
}

// Training goes on from the weights that are there; Restart begins anew; the run before can be had back.
func TestTrainOn(t *testing.T) {
	d := newDesk(t)
	d.run(tiny(t))
	d.untilEnded()
	first := d.session.run
	d.char('.')
	d.until("one more step", func() bool {
		return d.session.run != first && d.frame != nil && d.phase == train.Paused && d.step() == 1
	})
	if got, want := d.frame.snap.History.Total[0], first.result.Terms.Total(); math.Abs(got-want) > 1e-4*want {
		t.Errorf("it goes on from J %v, the run before ended at %v", got, want)
	}
	d.menu("Back to the run before")
	if d.session.run == first {
		d.until("the first run", func() bool { return d.frame != nil && d.frame.run == first && d.phase == train.Done })
	} else {
		t.Fatal("the run before is not there")
	}
	d.menu("Restart")
	d.until("a new run", func() bool { return d.session.run != first && d.frame != nil && d.frame.snap.History.Len() > 0 })
	if got, want := d.frame.snap.History.Total[0], first.result.History.Total[0]; got != want {
		t.Errorf("restarted, J begins at %v, want %v", got, want)
	}
}

// An invalid value changes nothing and says why.
func TestInvalidValue(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.run(endless(t))
	d.enter(d.form.rho, "1.2")
	if got := d.banner.Text(); !strings.Contains(got, "0 < ρ < 1") {
		t.Errorf("the banner says %q", got)
	}
	d.menu("Restart")
	if d.session.stage == loading {
		t.Error("a run starts although a field is invalid")
	}
	if d.session.recipe.Model.Rho != 0.1 || d.session.run.hyper.Rho != 0.1 {
		t.Errorf("ρ %v", d.session.recipe.Model.Rho)
	}
	d.enter(d.form.rho, "0.2")
	if d.form.faulty() != "" || d.banner.Visible() {
		t.Errorf("the form still finds fault: %q, %q", d.form.faulty(), d.banner.Text())
	}
}

// A cold edit waits, says so, and Undo puts the values back; values that were
// changed live stay.
func TestColdEdit(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	d.enter(d.form.beta, "2")
	d.enter(d.form.rate, "0.002")
	d.enter(d.form.hidden, "9")
	if !strings.Contains(d.banner.Text(), "idden 4 → 9: counts from the next start on") {
		t.Fatalf("banner %q", d.banner.Text())
	}
	if d.session.run.problem.Recipe.Model.Hidden != 4 {
		t.Error("the run has changed")
	}
	d.session.undo()
	if d.banner.Visible() {
		t.Errorf("undone, the banner says %q", d.banner.Text())
	}
	r := d.session.recipe
	if r.Model.Hidden != 4 || r.Model.Beta != 2 || r.Optimizer.LearningRate != 0.002 {
		t.Errorf("undone: hidden %d, β %v, rate %v; want 4, 2, 0.002", r.Model.Hidden, r.Model.Beta, r.Optimizer.LearningRate)
	}
	d.enter(d.form.hidden, "9")
	d.menu("Restart")
	d.until("the new run", func() bool { return d.frame != nil && d.frame.run.problem.Recipe.Model.Hidden == 9 })
	if d.banner.Visible() {
		t.Errorf("restarted, the banner says %q", d.banner.Text())
	}
	if d.filters.grid.N != 9 {
		t.Errorf("the mosaic has %d tiles", d.filters.grid.N)
	}
}

// Choosing another method for the next run leaves the learning rate of this one.
func TestOtherMethodLeavesRate(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	d.form.method.Choice().TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft}) // from Adam
	if d.session.recipe.Optimizer.Method != recipe.MethodAdadelta {
		t.Fatalf("method %s", d.session.recipe.Optimizer.Method)
	}
	d.key(fyne.KeySpace)
	d.until("the pause", func() bool { return d.phase == train.Paused })
	if s := d.frame.snap; s.Hyper.LearningRate != 1e-4 || len(s.Events) != 0 {
		t.Errorf("the run learns at %v: %v", s.Hyper.LearningRate, s.Events)
	}
}

// What is edited while the data are loaded counts as if it had been edited after that.
func TestEditWhileLoading(t *testing.T) {
	d := newDesk(t)
	d.choose(endless(t))
	d.start()
	d.enter(d.form.lambda, "0.02")
	d.enter(d.form.hidden, "7")
	d.until("the tweak", func() bool { return d.frame != nil && d.frame.snap.Hyper.Lambda == 0.02 })
	if d.session.run.problem.Recipe.Model.Hidden != 4 {
		t.Error("the run has another size than it was started with")
	}
	if !strings.Contains(d.banner.Text(), "idden 4 → 7") {
		t.Errorf("banner %q", d.banner.Text())
	}
}

// Ctrl+R takes the number that is still being typed.
func TestShortcutCommitsField(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	d.typeInto(d.form.hidden, "6")
	if d.session.recipe.Model.Hidden != 4 {
		t.Fatal("a value counts before it is committed")
	}
	d.menu("Restart")
	d.until("the new run", func() bool { return d.frame != nil && d.frame.run.problem.Recipe.Model.Hidden == 6 })
}

// The last numbers of the reconstructions are those of the last weights.
func TestErrorsAreFresh(t *testing.T) {
	d := newDesk(t)
	r := endless(t)
	r.Optimizer.LearningRate = 0.05
	d.run(r)
	d.char('3')
	d.until("a sheet", func() bool { return d.frame.sheet != nil })
	d.stopRun()
	d.untilEnded()
	d.settle()
	mean := 0.0
	run := d.session.run
	for _, e := range analysis.SquaredErrors(run.problem.Examples(upTo(200)), reconstructed(run)) {
		mean += e / 200
	}
	if got := d.frame.sheet.mean; math.Abs(got-mean) > 1e-5*mean {
		t.Errorf("the mean error shown is %v, want %v", got, mean)
	}
}

// A run that fails says where, keeps its last good weights, and can be restarted.
func TestFailedRun(t *testing.T) {
	d := newDesk(t)
	r := endless(t)
	r.Optimizer.Method, r.Optimizer.LearningRate, r.Model.Decoder = recipe.MethodSGD, 1000, recipe.DecoderLinear
	d.choose(r)
	d.start()
	d.enter(d.form.hidden, "5") // a notice waits too: the failure matters more
	d.untilEnded()
	d.until("the banner", func() bool { return strings.HasPrefix(d.banner.Text(), "Training stopped at") })
	if d.phase != train.Failed {
		t.Errorf("phase %v", d.phase)
	}
	for i, v := range d.frame.theta {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			t.Fatalf("weight %d shown is %v", i, v)
		}
	}
	d.enter(d.form.hidden, "4")
	d.enter(d.form.rate, "0.001")
	d.key(fyne.KeySpace)
	d.until("another run", func() bool { return d.session.active() && d.phase == train.Running && d.step() > 0 })
	if d.banner.Visible() {
		t.Errorf("banner %q", d.banner.Text())
	}
}

// Bad data: one sentence, in the gallery as well, and the recipe as it was.
func TestBadData(t *testing.T) {
	d := newDesk(t)
	small := filepath.Join(t.TempDir(), "small.png")
	writePNG(t, small, 1, 1)
	empty := t.TempDir()
	for _, c := range []struct{ path, want string }{
		{small, "small.png"},
		{empty, "empty"},
		{filepath.Join(empty, "none.png"), "is not there"},
	} {
		d.choose(tiny(t))
		before := d.session.recipe
		d.Open(c.path)
		d.said()
		text := d.banner.Text()
		if !strings.Contains(text, c.want) && !strings.Contains(text, filepath.Base(c.path)) {
			t.Errorf("%s: the banner says %q", c.path, text)
		}
		if strings.Contains(text, "\n") || strings.Contains(text, "internal error") {
			t.Errorf("%s: the banner says %q", c.path, text)
		}
		if diff := cmp.Diff(before, d.session.recipe); diff != "" {
			t.Errorf("%s: the recipe is another: %s", c.path, diff)
		}
	}
	r := tiny(t)
	r.Data.Path = ""
	d.choose(r)
	d.start()
	d.until("the banner", func() bool { return strings.Contains(d.banner.Text(), "This recipe learns from pictures of yours") })
}
