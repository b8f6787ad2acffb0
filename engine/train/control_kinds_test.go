package train_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// TestKindsPaused holds a run of every kind, lets it take two steps and go on:
// it learns what an unbroken one does.
func TestKindsPaused(t *testing.T) {
	for _, kind := range networks {
		t.Run(kind, func(t *testing.T) {
			whole, err := train.Run(t.Context(), prepareKind(t, kind, "float32"), train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			control, box := train.NewControl(), train.NewMailbox[train.Snapshot]()
			control.Pause()
			control.Step(2)
			go func() {
				for {
					s, err := box.Take(t.Context())
					if err != nil {
						return
					}
					if s.Phase == train.Paused && s.Step >= 2 {
						control.Resume()
						return
					}
				}
			}()
			broken, err := train.Run(t.Context(), prepareKind(t, kind, "float32"), train.Options{Control: control, Mailbox: box})
			if err != nil {
				t.Fatal(err)
			}
			same(t, "held and not", whole, broken)
		})
	}
}

// TestKindsTweaked changes each number that a kind can change while it trains,
// and sees that it matters.
func TestKindsTweaked(t *testing.T) {
	for _, kind := range networks {
		r, _ := ofKind(kind, "float64")
		for key, set := range map[string]func(*train.Hyper){
			"lambda": func(h *train.Hyper) { h.Lambda += 0.5 }, "l1": func(h *train.Hyper) { h.L1 += 0.5 },
			"kl_weight": func(h *train.Hyper) { h.KLWeight += 3 }, "level": func(h *train.Hyper) { h.Level += 0.4 },
		} {
			if !r.Model.Has(key) {
				continue
			}
			t.Run(kind+"/"+key, func(t *testing.T) {
				p := prepareKind(t, kind, "float64")
				plain, err := train.Run(t.Context(), p, train.Options{})
				if err != nil {
					t.Fatal(err)
				}
				control, h := train.NewControl(), train.HyperOf(p.Recipe)
				set(&h)
				control.Tweak(h)
				tweaked, err := train.Run(t.Context(), p, train.Options{Control: control})
				if err != nil {
					t.Fatal(err)
				}
				if slices.Equal(plain.Parameters, tweaked.Parameters) {
					t.Error("the new value changes nothing")
				}
				if train.HyperOf(tweaked.Recipe) != h {
					t.Errorf("the recipe has %+v, want %+v", train.HyperOf(tweaked.Recipe), h)
				}
			})
		}
	}
}

// TestKindsDiverge trains at a rate that no network survives: the run ends with
// an error that names the step, and keeps finite parameters.
func TestKindsDiverge(t *testing.T) {
	for _, kind := range []string{recipe.KindSparse, recipe.KindDeep, recipe.KindVariational, recipe.KindLinear, recipe.KindRBM} {
		t.Run(kind, func(t *testing.T) {
			r, data := ofKind(kind, "float32")
			r.Model.Lambda = 1
			r.Optimizer.Method, r.Optimizer.LearningRate, r.Optimizer.Epochs = recipe.MethodSGD, 1e20, 20
			res, err := train.Run(t.Context(), prepare(t, r, data), train.Options{})
			if err == nil || !strings.Contains(err.Error(), "step") || strings.Contains(err.Error(), "goroutine") {
				t.Fatalf("the error is %v", err)
			}
			for _, v := range res.Parameters {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("a parameter is %v after %v", v, err)
				}
			}
		})
	}
}
