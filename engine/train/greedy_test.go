package train_test

import (
	"slices"
	"testing"

	"filterscope/engine/autoencoder"
	"filterscope/engine/dataset"
	"filterscope/engine/network"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// TestGreedy pre-trains two layers: the first is what an autoencoder of that
// layer alone learns from the data, the second what one learns from the codes of
// the first, and the rest of the run what all learn from there.
func TestGreedy(t *testing.T) {
	for _, method := range []string{recipe.MethodAdam, recipe.MethodLBFGS} {
		t.Run(method, func(t *testing.T) {
			r, data := ofKind(pretrained, "float64")
			r.Optimizer.Method = method
			p := prepare(t, r, data)
			d := p.Spec().(network.Deep).Model
			steps := d.Pretraining()
			theta := p.InitialParameters()

			alone := r
			alone.Model.Pretrain, alone.Optimizer.Epochs, alone.Optimizer.Iterations = 0, r.Model.Pretrain, r.Model.Pretrain
			alone.Model.Layers = []int{6}
			first := start(t, alone, prepare(t, alone, data), d, theta, steps, 0)
			codes := &dataset.Dataset{Name: "codes", N: data.N, D: 6, Doubles: first.Trained().Encode(first.Problem, 0).Clone().Data}
			alone.Model.Layers, alone.Model.Decoder = []int{3}, alone.Model.Activation
			second := start(t, alone, prepare(t, alone, codes), d, theta, steps, 1)
			d.Stack(theta, [][]float64{first.Parameters, second.Parameters})
			want, err := train.Run(t.Context(), p, train.Options{From: theta})
			if err != nil {
				t.Fatal(err)
			}

			got, err := train.Run(t.Context(), p, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Parameters, want.Parameters) {
				t.Error("the parameters are not those of one stage after the other")
			}
			if got.Steps != first.Steps+second.Steps+want.Steps {
				t.Errorf("%d steps, want %d + %d + %d", got.Steps, first.Steps, second.Steps, want.Steps)
			}
			for k, name := range got.History.Names {
				if h := got.History; len(h.Terms[k]) != len(h.Steps) || len(h.Steps) < got.Steps {
					t.Errorf("%d values of the %s term at %d points of %d steps", len(h.Terms[k]), name, len(h.Steps), got.Steps)
				}
			}
			var notes []string
			for _, e := range got.Events {
				notes = append(notes, e.Text)
			}
			if !slices.Equal(notes, []string{"layer 1 of 2", "layer 2 of 2", "all layers together"}) {
				t.Errorf("stages %q", notes)
			}
			if len(want.Events) != 0 {
				t.Errorf("a run that trains on has the stages %v", want.Events)
			}
		})
	}
}

// start trains step k of pre-training by itself, from where the whole starts.
func start(t *testing.T, r recipe.Recipe, p *train.Problem, d autoencoder.Deep, theta []float64, steps []autoencoder.Deep, k int) *train.Result {
	t.Helper()
	own := make([]float64, steps[k].Layout().Size())
	d.Unstack(own, theta, k)
	res, err := train.Run(t.Context(), p, train.Options{From: own})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// A run that waits for no gain waits for that of the whole.
func TestGreedyPatience(t *testing.T) {
	r, data := ofKind(pretrained, "float32")
	r.Model.Pretrain, r.Optimizer.Epochs, r.Optimizer.Patience, r.Optimizer.MinDelta = 6, 9, 1, 1e9
	p := prepare(t, r, data)
	res, err := train.Run(t.Context(), p, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	perEpoch := data.N / r.Optimizer.Batch
	if want := (6+6)*perEpoch + 2*perEpoch; res.Steps != want {
		t.Errorf("ended at step %d, want %d: two epochs after both layers", res.Steps, want)
	}
}
