package experiment_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/experiment"
	"filterscope/engine/recipe"
)

// The seed's example and its ridge table: methods.md E1.
func TestSeedExample(t *testing.T) {
	for _, test := range []struct {
		changes          []string
		rmse, weight     float64
		relative, weighs float64
	}{
		{nil, 0.0409806108, 2.85e4, 1e-6, 2e-3},
		{[]string{"rbf.readout=ridge", "rbf.lambda=1e-8"}, 0.0595, 1152, 1e-3, 1e-3},
		{[]string{"rbf.readout=ridge", "rbf.lambda=1e-6"}, 0.0859, 147, 1e-3, 4e-3},
		{[]string{"rbf.readout=ridge", "rbf.lambda=1e-4"}, 0.1285, 27.1, 1e-3, 2e-3},
		{[]string{"rbf.readout=ridge", "rbf.lambda=1e-2"}, 0.1927, 5.7, 1e-3, 1e-2},
	} {
		s := prepare(t, "rbf-1d", test.changes...)
		n, _, err := s.Network()
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Fit(n)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.TestRMSE/test.rmse-1) > test.relative || math.Abs(got.MaxWeight/test.weight-1) > test.weighs {
			t.Errorf("%v: test RMSE %g, weights up to %g, want %g and %g", test.changes, got.TestRMSE, got.MaxWeight, test.rmse, test.weight)
		}
		if test.changes == nil && (math.Abs(got.Condition/2030942.9242473396-1) > 1e-3 || math.Abs(got.TrainRMSE-0.0409598950) > 1e-9 ||
			math.Abs(got.MaxError-0.1282) > 1e-4 || got.Rank != 20) {
			t.Errorf("condition %g, train RMSE %g, largest error %g, rank %d", got.Condition, got.TrainRMSE, got.MaxError, got.Rank)
		}
	}
}

// Every choice of centres, widths and read-out fits.
func TestChoices(t *testing.T) {
	for _, task := range []string{"rbf-1d", "rbf-field"} {
		for _, centres := range recipe.Centres(open(t, task).RBF.Task) {
			for _, widths := range recipe.Widths() {
				for _, kernel := range []string{"gaussian", "cubic"} {
					if task == "rbf-field" && centres == recipe.CentresAll {
						continue // interpolated
					}
					name := fmt.Sprint(task, " ", centres, " ", widths, " ", kernel)
					s := prepare(t, task, "rbf.centres="+centres, "rbf.widths="+widths, "rbf.kernel="+kernel, "rbf.count=18",
						"rbf.width=0.6", "rbf.readout=ridge-gcv")
					n, selection, err := s.Network()
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					got, err := s.Fit(n)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					if !(got.TestRMSE < 0.8) {
						t.Errorf("%s: test RMSE %g", name, got.TestRMSE)
					}
					if centres == recipe.CentresOLS && (len(selection.Reduction) == 0 || n.Centres.Rows != len(selection.Index)) {
						t.Errorf("%s: selection of %d centres", name, len(selection.Index))
					}
					if centres != recipe.CentresAll && n.Centres.Rows > 18 {
						t.Errorf("%s: %d centres", name, n.Centres.Rows)
					}
				}
			}
		}
	}
}

// What is too large to be fitted is refused before its centres are looked for,
// which would take hours.
func TestTooManyCentres(t *testing.T) {
	for _, centres := range []string{recipe.CentresGrid, recipe.CentresSubset, recipe.CentresKMeans, recipe.CentresOLS, recipe.CentresAll} {
		s := prepare(t, "rbf-1d", "rbf.train=100000", "rbf.centres="+centres, "rbf.count=20000")
		if _, _, err := s.Network(); err == nil || !strings.Contains(err.Error(), "use fewer centres, or fewer points") {
			t.Errorf("%s: %v", centres, err)
		}
	}
}

// A width means the same to the interpolator as to a network with all points as
// centres.
func TestInterpolatorWidth(t *testing.T) {
	for _, kernel := range []string{"gaussian", "inverse-multiquadric"} {
		s := prepare(t, "rbf-field", "rbf.train=40", "rbf.kernel="+kernel, "rbf.width=0.3", "rbf.degree=-1")
		in, outcome, err := s.Interpolate(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n, _, err := s.Network()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Fit(n); err != nil {
			t.Fatal(err)
		}
		x := experiment.Lattice(s.Low, s.High, 7)
		got, err := in.At(t.Context(), x)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range n.Predict(x) {
			if math.Abs(got[i]-want) > 1e-6 {
				t.Fatalf("%s: %g, want %g", kernel, got[i], want)
			}
		}
		if outcome.TrainRMSE > 1e-9 || s.Degree() != -1 {
			t.Errorf("%s: train RMSE %g, degree %d", kernel, outcome.TrainRMSE, s.Degree())
		}
	}
}

func TestTrainer(t *testing.T) {
	for _, test := range []struct {
		changes []string
		steps   int
		below   float64 // the objective, relative to the start
	}{
		{nil, 1200, 0.02},
		{[]string{"optimizer.method=lbfgs", "optimizer.iterations=60"}, 60, 0.05},
		{[]string{"optimizer.method=sgd", "optimizer.epochs=50", "optimizer.learning_rate=0.1"}, 50, 0.9},
	} {
		s := prepare(t, "rbf-train", test.changes...)
		n, _, err := s.Network()
		if err != nil {
			t.Fatal(err)
		}
		before, err := s.Fit(n)
		if err != nil {
			t.Fatal(err)
		}
		start := n.Clone()
		trainer, err := s.Trainer(n)
		if err != nil {
			t.Fatal(err)
		}
		for done := false; !done; {
			_, done = trainer.Step()
		}
		values := trainer.Objectives()
		if trainer.Taken() > test.steps || len(values) != trainer.Taken()+1 || values[len(values)-1] > test.below*values[0] {
			t.Errorf("%v: %d steps from %g to %g: %s", test.changes, trainer.Taken(), values[0], values[len(values)-1], trainer.Reason())
		}
		if after := s.Measure(trainer.Network()); after.TrainRMSE >= before.TrainRMSE || trainer.Reason() == "" {
			t.Errorf("%v: RMSE from %g to %g", test.changes, before.TrainRMSE, after.TrainRMSE)
		}
		if !cmp.Equal(n, start) {
			t.Errorf("%v: the network it started from changed", test.changes)
		}
		if again, done := trainer.Step(); !done || again != values[len(values)-1] || len(trainer.Objectives()) != len(values) {
			t.Errorf("%v: a step after the end changes it", test.changes)
		}
	}
}

// A training that diverges ends with its last good network.
func TestTrainerDiverges(t *testing.T) {
	s := prepare(t, "rbf-train", "optimizer.method=sgd", "optimizer.learning_rate=1e200")
	n, _, err := s.Network()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Fit(n); err != nil {
		t.Fatal(err)
	}
	trainer, err := s.Trainer(n)
	if err != nil {
		t.Fatal(err)
	}
	for done := false; !done; {
		_, done = trainer.Step()
	}
	if got := s.Measure(trainer.Network()); !(got.TrainRMSE < math.Inf(1)) || trainer.Taken() > 5 {
		t.Errorf("RMSE %g after %d steps: %s", got.TrainRMSE, trainer.Taken(), trainer.Reason())
	}
}
