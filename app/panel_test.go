package app

import (
	"image"
	"math"
	"strings"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// panelled opens the panel of a desk's run.
func panelled(t *testing.T, d *desk, name string) *panelFrame {
	t.Helper()
	d.char('3')
	d.reconstruct.setPanel(false) // some recipes show it first
	d.settle()
	if got := d.reconstruct.panel.Text(); got != name {
		t.Fatalf("the button says %q, want %q", got, name)
	}
	d.reconstruct.setPanel(true)
	d.until("the panel", func() bool { return d.frame.panel != nil })
	if d.frame.sheet != nil {
		t.Error("the examples are drawn, too")
	}
	return d.frame.panel
}

// The threshold of anomalies goes where it is dragged, and the line below counts what lies above.
func TestAnomalies(t *testing.T) {
	alone(t)
	d := finished(t)
	f := panelled(t, d, "Anomalies")
	if !strings.Contains(f.caption, "2 of 200 examples above") {
		t.Errorf("the line says %q", f.caption)
	}
	size := f.image.Rect.Size()
	low, ok := f.drag(image.Pt(size.X/4, size.Y/6))
	high, fine := f.drag(image.Pt(size.X/2, size.Y/6))
	if !ok || !fine || low >= high {
		t.Fatalf("thresholds %v and %v", low, high)
	}
	d.reconstruct.pick(image.Pt(size.X/4, size.Y/6))
	d.until("the threshold", func() bool { return strings.Contains(d.frame.panel.caption, "set by hand") })
	tools := d.reconstruct.anomaly
	if got := tools.limit.Value(); math.Abs(got/low-1) > 1e-3 || len(widgets.FormatNumber(got)) > 9 || tools.rule.Selected() != thresholdByHand {
		t.Errorf("dragged to %v, the field says %v, %s", low, got, tools.rule.Selected())
	}
	d.enter(tools.limit, "1e3")
	d.until("the typed threshold", func() bool {
		return strings.HasPrefix(d.frame.panel.caption, "0 of 200 examples above 1000, set by hand")
	})
	d.enter(tools.limit, "-1")
	if tools.limit.Message() == "" || d.reconstruct.req.panel.threshold != 1000 {
		t.Errorf("a negative threshold is taken: %v", d.reconstruct.req.panel.threshold)
	}
	for _, r := range thresholdRules {
		tools.rule.OnChange(r.name)
		d.until(r.name, func() bool { return strings.Contains(d.frame.panel.caption, ", "+r.tip+" ·") })
		if tools.rule.Selected() != r.name || d.frame.panel.byHand {
			t.Errorf("the choice says %q, want %q", tools.rule.Selected(), r.name)
		}
	}
	d.reconstruct.choose(worstExamples)
	d.settle()
	if d.frame.sheet == nil || d.frame.panel != nil {
		t.Error("choosing examples does not show them")
	}
}

// Chains go on by themselves after the training has ended, until they are held.
func TestDreaming(t *testing.T) {
	d := trained(t, "rbm-digits", func(r *recipe.Recipe) { r.Optimizer.Epochs, r.Model.Hidden = 1, 12 })
	first := panelled(t, d, "Dreaming")
	if !strings.Contains(first.caption, "not the objective") {
		t.Errorf("the line says %q", first.caption)
	}
	d.until("another picture", func() bool { return d.frame.panel != first && !samePixels(d.frame.panel.image, first.image) })
	d.reconstruct.setHeld(true)
	d.settle()
	still := d.frame.panel
	d.reconstruct.changed()
	d.settle()
	if !samePixels(d.frame.panel.image, still.image) {
		t.Error("held chains move")
	}
	d.reconstruct.press()
	d.until("the chains anew", func() bool { return !samePixels(d.frame.panel.image, still.image) })
	anew := d.frame.panel
	d.reconstruct.setNoise(true)
	d.until("noise", func() bool { return !samePixels(d.frame.panel.image, anew.image) })
}

// The panel of a stacked autoencoder counts examples by class.
func TestClasses(t *testing.T) {
	alone(t)
	d := trained(t, "ufldl-stacked", func(r *recipe.Recipe) {
		r.Data.Validation = 0.2
		r.Model.Layers, r.Model.SoftmaxIterations, r.Optimizer.Iterations = []int{12, 8}, 5, 5
	})
	f := panelled(t, d, "Classes")
	size, said := f.image.Rect.Size(), 0
	for y := 0; y < size.Y; y += 10 {
		for x := 0; x < size.X; x += 10 {
			if strings.HasPrefix(f.hover(image.Pt(x, y)), "class ") {
				said++
			}
		}
	}
	if said == 0 {
		t.Error("no cell says what it counts")
	}
}

// The matrix says its numbers under the pointer.
func TestMatrix(t *testing.T) {
	alone(t)
	d := trained(t, "keras-narrow", func(r *recipe.Recipe) {
		r.Data = recipe.Data{Source: recipe.SourceNormal, Count: 2000, Features: 12, Mean: 1.109, Deviation: 0.0012}
		r.Optimizer.Epochs = 1
	})
	f := panelled(t, d, "Matrix")
	if got := f.hover(image.Pt(20, 20)); !strings.HasPrefix(got, "W(0, 0) = ") {
		t.Errorf("the line says %q", got)
	}
	d.until("a word about R² below 0", d.found(analysis.Plateau))
	if _, fine := d.diagnosis.findings(); len(fine) > 0 {
		t.Errorf("all is well: %q", fine)
	}
}
