package train

import (
	"math"
	"testing"

	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// TestValidation checks that held examples take no part in the fit, and that
// their objective is the one of a problem made of them alone.
func TestValidation(t *testing.T) {
	r := recipe.Default()
	r.Precision = "float64"
	r.Model.Hidden = 3
	r.Preprocess = []preprocess.Spec{{Step: "standardise"}}
	r.Data.Validation = 0.25
	data := ramp(100)
	p, err := PrepareData(t.Context(), r, data, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Data.N != 75 || p.Held.N != 25 {
		t.Fatalf("%d and %d examples", p.Data.N, p.Held.N)
	}
	alone := r
	alone.Data.Validation = 0
	q, err := PrepareData(t.Context(), alone, data.Head(75), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	theta := p.InitialParameters()
	a, _ := p.Evaluate(HyperOf(r), theta, nil)
	b, _ := q.Evaluate(HyperOf(r), theta, nil)
	if a.Total() != b.Total() {
		t.Errorf("objective %v with others held back, %v alone", a.Total(), b.Total())
	}
	if q.Validate(HyperOf(r), theta) != nil {
		t.Error("validation without held examples")
	}
	// The last 25 examples through the pipeline fitted on the first 75.
	held, err := preprocess.ApplyRows[float64](p.Pipeline, data, 75, 25)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := evaluate(p.Spec(), HyperOf(r), inputs[float64]{held, held}, theta, nil)
	if got := p.Validate(HyperOf(r), theta).Total(); math.Abs(got-want.Total()) > 1e-15 {
		t.Errorf("validation objective %v, want %v", got, want.Total())
	}
	r.Data.Validation = 0.999
	if _, err := PrepareData(t.Context(), r, data, nil, nil); err == nil {
		t.Error("nothing left to train on: no error")
	}
}
