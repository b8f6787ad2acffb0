package train_test

import (
	"slices"
	"strings"
	"testing"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// A run whose loss stops falling ends early, and takes its best weights back:
// those of the lowest loss of all, also where the last gain that counted is
// further back.
func TestPatience(t *testing.T) {
	for _, tt := range []struct {
		delta  float64
		reason string
	}{
		{0, "no gain since step "},
		{1e-6, "no gain of more than 1e-06 since step "},
		{1, "no gain of more than 1 since step "},
	} {
		r := small(recipe.MethodSGD, "float64")
		r.Optimizer.Epochs, r.Optimizer.LearningRate, r.Optimizer.Momentum = 500, 1, 0
		r.Optimizer.Schedule = recipe.Schedule{Name: "exponential", Factor: 0.5} // so that it comes to rest
		r.Data.Validation = 0.25
		r.Optimizer.Patience, r.Optimizer.MinDelta, r.Optimizer.RestoreBest = 3, tt.delta, true
		p := prepare(t, r, cloud(200, 8))
		res, err := train.Run(t.Context(), p, train.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(res.Reason, tt.reason) || res.Steps == 0 {
			t.Fatalf("%d steps: %s", res.Steps, res.Reason)
		}
		course, ok := res.History.Measure(train.MeasureValidation)
		if !ok {
			t.Fatal("no validation loss in the history")
		}
		best := slices.Min(course.Values[1:]) // the start is not an epoch
		if got := p.Validate(train.HyperOf(r), res.Parameters).Total(); got != best {
			t.Errorf("least gain %v: validation loss %v with the weights kept, %v was the best", tt.delta, got, best)
		}
		rates, ok := res.History.Measure(train.MeasureRate)
		if !ok || !slices.IsSortedFunc(rates.Values, func(a, b float64) int {
			if a >= b {
				return -1
			}
			return 1
		}) {
			t.Errorf("learning rates %v, want falling ones", rates.Values)
		}
	}
}

// Clipping keeps a run finite that otherwise is not.
func TestClippingCures(t *testing.T) {
	r, err := recipe.Open("relu-nan")
	if err != nil {
		t.Fatal(err)
	}
	r.Data.Count, r.Optimizer.Epochs = 500, 2
	p, err := train.Prepare(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Run(t.Context(), p, train.Options{}); err == nil || !strings.Contains(err.Error(), "last good parameters are kept") {
		t.Errorf("as it is: %v, want a failure", err)
	}
	r.Model.Initialiser, r.Optimizer.ClipNorm = "he", 5
	if p, err = train.Prepare(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	start, _ := p.Evaluate(train.HyperOf(r), p.InitialParameters(), nil)
	res, err := train.Run(t.Context(), p, train.Options{})
	if err != nil || !(res.Terms.Total() < start.Total()) {
		t.Errorf("with He's weights and clipping: %v, J from %v to %v", err, start.Total(), res.Terms.Total())
	}
}

// A momentum that was 0 can be given to a run that goes on.
func TestMomentumTweak(t *testing.T) {
	r := small(recipe.MethodSGD, "float64")
	r.Optimizer.Momentum = 0
	p := prepare(t, r, cloud(100, 8))
	plain, err := train.Run(t.Context(), p, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	control := train.NewControl()
	h := train.HyperOf(r)
	h.Momentum = 0.8
	control.Tweak(h)
	pushed, err := train.Run(t.Context(), p, train.Options{Control: control})
	if err != nil {
		t.Fatal(err)
	}
	r.Optimizer.Momentum = 0.8
	want, err := train.Run(t.Context(), prepare(t, r, cloud(100, 8)), train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(pushed.Parameters, want.Parameters) || slices.Equal(pushed.Parameters, plain.Parameters) {
		t.Error("a momentum given before the first step is not that of the recipe")
	}
}

// A rate that was lowered below the floor of its schedule stays where it is.
func TestFloorAboveRate(t *testing.T) {
	r := small(recipe.MethodSGD, "float64")
	r.Optimizer.Schedule = recipe.Schedule{Name: "cosine", Floor: 0.02}
	p := prepare(t, r, cloud(100, 8))
	h := train.HyperOf(r)
	h.LearningRate = 0.01
	res, err := train.Run(t.Context(), p.With(h), train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rates, _ := res.History.Measure(train.MeasureRate)
	for _, v := range rates.Values {
		if v != 0.01 {
			t.Fatalf("the rates are %v, want 0.01 throughout", rates.Values)
		}
	}
}
