package app

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// button returns what a button of the diagnosis does.
func (d *desk) remedyOf(kind analysis.Kind, label string) func() {
	d.t.Helper()
	bad, _ := d.diagnosis.findings()
	f, ok := bad.Find(kind)
	if !ok {
		d.t.Fatalf("no finding about %v: %v", kind, bad)
	}
	for _, r := range d.remedies(f) {
		if strings.HasPrefix(r.label, label) {
			return r.do
		}
	}
	d.t.Fatalf("no button %q for %v: %v", label, kind, d.remedies(f))
	return nil
}

func (d *desk) found(kind analysis.Kind) func() bool {
	return func() bool {
		bad, _ := d.diagnosis.findings()
		_, ok := bad.Find(kind)
		return ok
	}
}

// A healthy run has one quiet line, and the block costs nothing while it is folded.
func TestDiagnosisOfHealthyRun(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.choose(tiny(t))
	if bad, fine := d.diagnosis.findings(); bad != nil || fine != nil {
		t.Errorf("before a run: %v, %v", bad, fine)
	}
	d.run(tiny(t))
	d.untilEnded()
	d.until("a diagnosis", func() bool { return d.diagnosis.frame != nil && d.diagnosis.frame.phase.Ended() })
	_, fine := d.diagnosis.findings()
	if text := strings.Join(fine, ", "); !strings.Contains(text, "0 of 4 units dead") {
		t.Errorf("all is well: %q", text)
	}
	d.diagnosis.toggle()
	d.settle()
	if d.asked.diagnose || d.frame.diagnosed {
		t.Error("folded, a diagnosis is made")
	}
	d.diagnosis.toggle()
	d.settle()
	if !d.frame.diagnosed {
		t.Error("unfolded, none is made")
	}
}

// Units without weights are dead: they get new ones, all others keep theirs.
func TestReinitialiseDead(t *testing.T) {
	d := newDesk(t)
	d.run(endless(t))
	d.toggle()
	d.until("the pause", func() bool { return d.phase == train.Paused })
	run := d.session.run
	theta := run.problem.InitialParameters()
	w, _ := run.problem.Spec().Layout().Find("encoder.0.weight")
	b, _ := run.problem.Spec().Layout().Find("encoder.0.bias")
	for i := range 16 {
		theta[w.Offset+2*16+i] = 0
	}
	theta[b.Offset+2] = -20
	d.session.launch(run.problem, train.Options{From: theta}, true)
	d.until("the dead unit", d.found(analysis.DeadUnits))
	bad, _ := d.diagnosis.findings()
	f, _ := bad.Find(analysis.DeadUnits)
	if len(f.Units) != 1 || f.Units[0] != 2 {
		t.Fatalf("dead: %v, want unit 2", f.Units)
	}
	d.diagnosis.cycle(f.Units)
	if d.unit != 2 {
		t.Errorf("unit %d is selected", d.unit)
	}
	held := d.session.run
	d.remedyOf(analysis.DeadUnits, "New weights")()
	d.until("the run with new weights", func() bool { return d.session.run != held && d.frame != nil && d.step() > 0 })
	norm := 0.0
	for _, v := range d.frame.weights.Encoder.Row(2) {
		norm += float64(v) * float64(v)
	}
	if norm == 0 || d.frame.weights.Bias[2] < -10 {
		t.Errorf("unit 2 has weights of length %v and the bias %v", math.Sqrt(norm), d.frame.weights.Bias[2])
	}
}

// relu-nan in small: it fails at once, and learns once gradients are clipped.
func TestRemediesOfNaN(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r := tiny(t)
	r.Model = recipe.DefaultModel(recipe.KindDeep)
	r.Model.Layers, r.Model.Activation, r.Model.Decoder = []int{12, 8}, "relu", "linear"
	r.Model.Initialiser, r.Model.InitScale = "normal", 8
	r.Optimizer.Method, r.Optimizer.LearningRate, r.Optimizer.Batch, r.Optimizer.Epochs = recipe.MethodSGD, 0.01, 20, 200
	r.Precision = "float32"
	d.choose(r)
	d.start()
	d.untilEnded()
	d.until("the card", func() bool { return strings.HasPrefix(d.banner.Text(), "Training stopped at step") })
	if text := d.banner.Text(); !strings.Contains(text, "the last good parameters are kept; step 1 changed the weights by") {
		t.Errorf("the card says %q", text)
	}
	for _, v := range d.frame.theta {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			t.Fatal("the weights shown are not finite")
		}
	}
	d.until("the finding", d.found(analysis.NotFinite))
	labels := func() (names []string) {
		bad, _ := d.diagnosis.findings()
		f, _ := bad.Find(analysis.NotFinite)
		for _, r := range d.remedies(f) {
			names = append(names, r.label)
		}
		return names
	}
	// Step 1 spoilt the weights: nobody is sent back to them.
	if got, want := labels(), []string{"He weights, clip at 5", "Clip at 5, restart"}; !slices.Equal(got, want) {
		t.Fatalf("offered are %q, want %q", got, want)
	}
	d.edit(func(r *recipe.Recipe) { r.Optimizer.ClipNorm = 7 })
	if got, want := labels(), []string{"He weights, restart"}; !slices.Equal(got, want) {
		t.Errorf("clipped already, offered are %q, want %q", got, want)
	}
	d.edit(func(r *recipe.Recipe) { r.Model.Activation = "tanh" })
	if got, want := labels(), []string{"Rate 0.001, restart"}; !slices.Equal(got, want) {
		t.Errorf("when neither fits, offered are %q, want %q", got, want)
	}
	d.edit(func(r *recipe.Recipe) { r.Model.Activation, r.Optimizer.ClipNorm = "relu", 0 })
	first := d.session.run
	d.remedyOf(analysis.NotFinite, "He weights, clip at 5")()
	d.until("a run that learns", func() bool { return d.session.run != first && d.frame != nil && d.step() > 200 })
	r = d.session.run.problem.Recipe
	if r.Model.Initialiser != "he" || r.Optimizer.ClipNorm != clipNorm || d.session.run.err != nil {
		t.Errorf("initialiser %s, clip %v, error %v", r.Model.Initialiser, r.Optimizer.ClipNorm, d.session.run.err)
	}
}

// A collapsed layer has two ways out, and each has one button.
func TestRemediesOfCollapse(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r := endless(t)
	r.Optimizer.Method, r.Optimizer.LearningRate, r.Model.Beta = recipe.MethodSGD, 0.1, 3
	d.run(r)
	for _, c := range []struct {
		name   string
		remedy analysis.Remedy
		want   []string
	}{
		{"no sparsity term", analysis.ReinitialiseDead, []string{"New weights", "Halve the rate"}},
		{"silenced by β", analysis.LowerBeta, []string{"β = 0.3", "New weights"}},
	} {
		var got []string
		for _, r := range d.remedies(analysis.Finding{Kind: analysis.Collapse, Remedy: c.remedy, Units: []int{1}}) {
			got = append(got, r.label)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A rate that spoils the run is taken back with the weights from before it.
func TestRestoreAfterTweak(t *testing.T) {
	d := newDesk(t)
	r := endless(t)
	r.Optimizer.Method, r.Optimizer.LearningRate, r.Model.Decoder = recipe.MethodSGD, 0.05, recipe.DecoderLinear
	d.run(r)
	d.until("a good state", func() bool { return d.session.run.good.last() != nil && d.step() > 100 })
	bad := d.session.run
	d.live(func(r *recipe.Recipe) { r.Optimizer.LearningRate = 1000 })
	d.untilEnded()
	d.until("the finding", d.found(analysis.NotFinite))
	good := bad.good.last()
	d.remedyOf(analysis.NotFinite, "Restore step")()
	d.until("the run that goes on", func() bool { return d.session.run != bad && d.frame != nil && d.frame.snap.History.Len() > 0 })
	if got := d.session.run.hyper.LearningRate; got != 0.025 {
		t.Errorf("it goes on with the rate %v, want half of what was good, 0.025", got)
	}
	if got, want := d.frame.snap.History.Total[0], good.Terms.Total(); got > 2*want {
		t.Errorf("it goes on from J %v, where J was %v", got, want)
	}
}

// A good state is one that the next point of the curve confirms.
func TestGoodState(t *testing.T) {
	var g goodState
	see := func(points int, total float64) {
		s := &train.Snapshot{Step: points, State: &train.State{}, Terms: nn.Terms{{Name: "a", Value: total}}}
		s.History.Steps = make([]float64, points)
		g.see(s)
	}
	see(1, 10)
	if g.last() != nil {
		t.Error("good without confirmation")
	}
	see(2, 8)
	see(3, 7)
	see(4, 900) // the step after 3 went wrong: its parameters may be of that
	see(5, 900)
	if s := g.last(); s == nil || s.Step != 2 {
		t.Fatalf("the good state is %+v, want that of step 2", s)
	}
	see(6, math.Inf(1))
	see(7, math.NaN())
	if g.last().Step != 2 {
		t.Errorf("the good state is that of step %d", g.last().Step)
	}
}

// A run that ends high above what it had reached has lost what it learned.
func TestUndone(t *testing.T) {
	curve := func(values ...float64) analysis.Curve {
		c := analysis.Curve{Values: values, PerEpoch: 1}
		for i := range values {
			c.Steps = append(c.Steps, float64(i))
		}
		return c
	}
	rng := rand.New(rand.NewPCG(3, 1))
	var noisy []float64 // trained on from good weights: nothing but noise
	for range 400 {
		noisy = append(noisy, 70+1.7*rng.NormFloat64())
	}
	if found := undone(curve(noisy...)); found != nil {
		t.Errorf("noise: %v", found)
	}
	if undone(curve(append(noisy, 90, 91, 90, 92, 91)...)) == nil {
		t.Error("a jump out of the noise is not noticed")
	}
	falls := []float64{9, 8, 7, 6, 5, 4, 3, 2, 1, 1}
	for _, c := range []struct {
		name string
		tail []float64
		want bool
	}{
		{"stays low", []float64{1, 1, 1, 1, 1}, false},
		{"one outlier", []float64{1, 1, 30, 1, 1}, false},
		{"flat and high", []float64{30, 30, 30, 30, 30}, true},
		{"a little up", []float64{2, 2, 2, 2, 2}, false},
	} {
		if got := undone(curve(append(falls[:len(falls):len(falls)], c.tail...)...)) != nil; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// The data of the question are diagnosed before a step is taken; normalised per
// example they are learned.
func TestForeseen(t *testing.T) {
	d := newDesk(t)
	r, err := recipe.Open("keras-narrow")
	if err != nil {
		t.Fatal(err)
	}
	r.Data.Count, r.Data.Features = 2000, 12
	d.choose(r)
	d.until("the verdict", d.found(analysis.IllConditioned))
	if d.session.run != nil {
		t.Fatal("a run began")
	}
	d.remedyOf(analysis.IllConditioned, "Normalise per example")()
	d.until("the verdict on that", func() bool {
		return d.diagnosis.verdict != nil && d.diagnosis.verdict.finding.Kind == analysis.Learnable
	})
	d.until("the run", func() bool { return d.session.run != nil && d.frame != nil && d.step() > 0 })
	steps := d.session.run.problem.Recipe.Preprocess
	if len(steps) != 1 || steps[0].Step != "standardise-example" {
		t.Errorf("it trains after %v", steps)
	}
}

// A selection is shown in the place of filters.
func TestSelectionView(t *testing.T) {
	alone(t)
	d := newDesk(t)
	r, err := recipe.Open("soft-selection")
	if err != nil {
		t.Fatal(err)
	}
	r.Optimizer.Epochs, r.Optimizer.LearningRate = 2000, 0.02
	d.choose(r)
	d.start()
	d.until("the picture", func() bool { return d.selection.frame != nil })
	if !d.selection.object.Visible() || d.filters.object.Visible() {
		t.Error("the filters are shown")
	}
	d.untilEnded()
	d.until("the last picture", func() bool { return d.selection.frame.step == 2000 })
	if got := d.selection.frame.right; got < 0.95 {
		t.Errorf("%.3f of the places are right", got)
	}
	d.char('3')
	d.settle()
	if got := d.reconstruct.note.Text(); got != selectionNote || !d.reconstruct.note.Visible() {
		t.Errorf("the note says %q", got)
	}
	d.char('1')
	d.run(tiny(t))
	if d.selection.object.Visible() || !d.filters.object.Visible() {
		t.Error("the selection is still shown")
	}
}

// Contrastive divergence has no gradient to clip, so that is not offered for a
// machine that diverged; a lower rate is.
func TestRemedyOfMachine(t *testing.T) {
	d := newDesk(t)
	r, err := recipe.Open("rbm-digits")
	if err != nil {
		t.Fatal(err)
	}
	r.Model.VisibleUnits, r.Optimizer.LearningRate = "gaussian", 0.1
	d.choose(r)
	var labels []string
	for _, remedy := range d.remedies(analysis.Finding{Kind: analysis.NotFinite, Remedy: analysis.RestoreGood}) {
		labels = append(labels, remedy.label)
	}
	if want := []string{"Rate 0.01, restart"}; !slices.Equal(labels, want) {
		t.Errorf("remedies %q, want %q", labels, want)
	}
}
