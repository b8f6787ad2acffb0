package train_test

import (
	"math"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/train"
)

// The update ratio is that of single steps: of the first of all, and of the first
// of every epoch after.
func TestUpdateRatio(t *testing.T) {
	r := small("sgd", "float64")
	data := cloud(120, 8)
	p := prepare(t, r, data)
	res, err := train.Run(t.Context(), p, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, ok := res.History.Measure(train.MeasureUpdate)
	if want := []float64{1, 5, 9, 13}; !ok || len(got.Steps) != len(want) || got.Steps[1] != want[1] {
		t.Fatalf("measured at steps %v, want %v", got.Steps, want)
	}
	control := train.NewControl()
	control.Step(1)
	mailbox := train.NewMailbox[train.Snapshot]()
	go func() {
		for {
			s, err := mailbox.Take(t.Context())
			if err != nil {
				return
			}
			if s.Step == 1 && s.Phase == train.Paused {
				control.Stop()
				return
			}
		}
	}()
	one, err := train.Run(t.Context(), p, train.Options{Control: control, Mailbox: mailbox})
	if err != nil {
		t.Fatal(err)
	}
	if want := analysis.UpdateRatio(p.InitialParameters(), one.Parameters, 1); math.Abs(got.Values[0]-want) > 1e-12 {
		t.Errorf("the first step is recorded as 10^%v, and was 10^%v", got.Values[0], want)
	}
}

// A run from renewed weights begins where they are.
func TestReinitialised(t *testing.T) {
	p := prepare(t, small("lbfgs", "float64"), cloud(60, 8))
	theta := p.InitialParameters()
	a, err := p.Reinitialised(theta, 0, []int{2})
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for i := range theta {
		if a[i] != theta[i] {
			moved++
		}
	}
	if want := 2 * 8; moved != want { // its bias stays 0
		t.Errorf("%d parameters are others, want %d", moved, want)
	}
	if _, err := p.Reinitialised(theta, 1, []int{0}); err == nil {
		t.Error("a layer that is not there gives no error")
	}
}
