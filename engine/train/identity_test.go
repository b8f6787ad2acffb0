package train_test

import (
	"math"
	"strings"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// learned trains a built-in recipe with some changes and returns its course.
func learned(t *testing.T, name string, changes ...string) (*train.Problem, *train.Result) {
	t.Helper()
	p := problemOf(t, name, changes...)
	res, err := train.Run(t.Context(), p, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p, res
}

// verdict is what the conditioning check says of a problem of the linear kind
// before it is trained.
func verdict(t *testing.T, p *train.Problem, epochs float64) analysis.Finding {
	t.Helper()
	all := make([]int, p.Data.N)
	for i := range all {
		all[i] = i
	}
	m, err := analysis.MomentsOf(p.Examples(all))
	if err != nil {
		t.Fatal(err)
	}
	o, n := p.Recipe.Optimizer, p.Visible()
	c, err := analysis.Condition(m, analysis.Descent{
		LearningRate: o.LearningRate, Batch: o.Batch, Examples: p.Data.N, Outputs: n, Biases: true, InitialVariance: 1 / float64(n),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.Verdict(epochs, nil)
}

// TestIdentityLaw wants the loss of Keras's example to follow
// (1/6)·exp(−0.0347 t) within 5 % from the first epoch on. Fewer examples at a
// rate that makes up for it give the same law.
func TestIdentityLaw(t *testing.T) {
	const epochs = 40
	_, res := learned(t, "keras-identity", "data.count=20000", "data.validation=0", "optimizer.learning_rate=0.035", "optimizer.epochs=40")
	perEpoch, before, worst := float64(res.Steps)/epochs, 0.0, 0.0
	for i, step := range res.History.Steps {
		at := (before + step) / 2 / perEpoch // a point is the mean over the steps since the last one
		before = step
		if at >= 1 {
			worst = max(worst, math.Abs(6*res.History.Total[i]*math.Exp(0.0347*at)-1))
		}
	}
	if worst > 0.05 {
		t.Errorf("the loss leaves the law by %.1f %%", 100*worst)
	}
}

// TestNarrowIdentity wants the narrow numbers found hopeless before training,
// and so it is; normalised an example at a time they are learned at once.
func TestNarrowIdentity(t *testing.T) {
	p, res := learned(t, "keras-narrow", "data.count=8000", "optimizer.epochs=2")
	if v := verdict(t, p, 200); v.Kind != analysis.IllConditioned || v.Remedy != analysis.NormalisePerExample {
		t.Errorf("the check says %q", v.Sentence)
	}
	if r2 := lastR2(t, res); r2 > -0.9 {
		t.Errorf("R² = %v of data that cannot be learned", r2)
	}
	p, res = learned(t, "keras-identity-normalised", "data.count=80000", "optimizer.epochs=3")
	if v := verdict(t, p, 20); v.Kind == analysis.RateTooHigh {
		t.Errorf("the check says %q", v.Sentence)
	}
	if r2 := lastR2(t, res); r2 < 0.999 {
		t.Errorf("R² = %v after three epochs, want 0.999", r2)
	}
}

// lastR2 returns R² as it was measured after the last epoch.
func lastR2(t *testing.T, res *train.Result) float64 {
	t.Helper()
	for _, m := range res.History.Measures {
		if m.Name == train.MeasureR2 {
			return m.Values[len(m.Values)-1]
		}
	}
	t.Fatal("R² was not measured")
	return 0
}

// TestOutlook wants the same said by the run itself before its first step, and
// nothing where nothing can be foretold.
func TestOutlook(t *testing.T) {
	for _, test := range []struct {
		recipe string
		set    []string
		want   analysis.Kind
		says   string
	}{
		{"keras-narrow", []string{"data.count=8000", "optimizer.epochs=20"}, analysis.IllConditioned, "This data cannot be learned at this rate (in 20 epochs W−I shrinks by "},
		{"keras-narrow", []string{"data.count=80000", "optimizer.epochs=20"}, analysis.IllConditioned, "normalise per example, then it takes "},
		{"keras-identity-normalised", []string{"data.count=80000", "optimizer.epochs=20"}, analysis.Learnable, "The identity is learned in "},
		{"keras-identity", []string{"data.count=8000", "optimizer.learning_rate=50.0"}, analysis.RateTooHigh, "Training would diverge at the rate 50"},
	} {
		p := problemOf(t, test.recipe, test.set...)
		f, ok, err := p.Outlook(t.Context())
		if err != nil || !ok || f.Kind != test.want || !strings.Contains(f.Sentence, test.says) {
			t.Errorf("%s %v: %v %v, %v; want %v and %q", test.recipe, test.set, f, ok, err, test.want, test.says)
		}
	}
	for _, set := range []string{"optimizer.method=adam", "model.lambda=0.1", "model.scaling=sum", "model.kind=deep"} {
		if f, ok, err := problemOf(t, "keras-narrow", "data.count=100", set).Outlook(t.Context()); ok || err != nil {
			t.Errorf("%s: %v, %v", set, f, err)
		}
	}
}

// problemOf returns the problem of a built-in recipe with changes.
func problemOf(t *testing.T, name string, set ...string) *train.Problem {
	t.Helper()
	r, err := recipe.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set {
		if r, err = r.Set(s); err != nil {
			t.Fatal(err)
		}
	}
	p, err := train.Prepare(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
