package train_test

import (
	"slices"
	"strings"
	"testing"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// order is something to do with a run when it stands held after so many steps.
type order struct {
	step int
	do   func(c *train.Control)
}

func stop(c *train.Control) { c.Stop() }

// ordered trains on p, from a state unless that is nil, and carries the orders out;
// a run goes on after each.
func ordered(t *testing.T, p *train.Problem, from *train.State, orders ...order) (*train.Result, error) {
	t.Helper()
	control, box := train.NewControl(), train.NewMailbox[train.Snapshot]()
	control.Pause()
	at := 0
	if from != nil {
		at = from.Step()
	}
	if len(orders) > 0 && orders[0].step > at {
		control.Step(orders[0].step - at)
	}
	go func() {
		left := orders
		for {
			s, err := box.Take(t.Context())
			if err != nil || s.Phase.Ended() {
				return
			}
			if s.Phase != train.Paused || len(left) > 0 && s.Step < left[0].step {
				continue
			}
			if len(left) == 0 {
				control.Resume()
				continue
			}
			left[0].do(control)
			if left = left[1:]; len(left) > 0 {
				control.Step(left[0].step - s.Step)
			} else {
				control.Resume()
			}
		}
	}()
	return train.Run(t.Context(), p, train.Options{Control: control, Mailbox: box, State: from})
}

// sameEnd reports differences in what two runs have learned, to the last bit.
func sameEnd(t *testing.T, want, got *train.Result) {
	t.Helper()
	if !slices.Equal(want.Parameters, got.Parameters) {
		t.Error("the parameters differ")
	}
	if !slices.Equal(want.Terms, got.Terms) || !slices.Equal(want.RhoHat, got.RhoHat) {
		t.Errorf("terms %v and %v", want.Terms, got.Terms)
	}
	if want.Steps != got.Steps || want.Reason != got.Reason {
		t.Errorf("%d and %d steps, %q and %q", want.Steps, got.Steps, want.Reason, got.Reason)
	}
}

// restless are recipes whose next step depends on much besides the parameters.
func restless(t *testing.T, precision string) map[string]*train.Problem {
	all := map[string]*train.Problem{}
	for _, kind := range networks {
		all[kind] = prepareKind(t, kind, precision)
	}
	for _, method := range recipe.Methods() {
		for name, change := range map[string]func(o *recipe.Optimizer){
			"": func(*recipe.Optimizer) {},
			" nesterov, ramp": func(o *recipe.Optimizer) {
				o.Nesterov, o.Momentum, o.MomentumRamp = true, 0.9, 200
			},
			" plateau": func(o *recipe.Optimizer) {
				o.Schedule = recipe.Schedule{Name: "plateau", Patience: 1, Factor: 0.5}
				o.Patience, o.MinDelta, o.RestoreBest, o.ClipNorm = 3, 1e-3, true, 0.1
			},
		} {
			r := small(method, precision)
			change(&r.Optimizer)
			all["sparse "+method+name] = prepare(t, r, cloud(200, 8))
		}
	}
	r, data := ofKind(recipe.KindRBM, precision)
	r.Model.VisibleUnits, r.Model.Beta, r.Model.K = "gaussian", 0.1, 2
	r.Optimizer.LearningRate, r.Optimizer.Momentum, r.Optimizer.Epochs = 0.01, 0.9, 40
	all["machine with a velocity, chains and a target"] = prepare(t, r, data)
	r, data = ofKind(recipe.KindDeep, precision)
	r.Model.Activation, r.Model.Sparsity, r.Model.Beta, r.Model.InputDropout = "sigmoid", "kl", 0.3, 0.2
	r.Optimizer.Epochs = 40
	all["deep with a target"] = prepare(t, r, data)
	return all
}

// A run that is stopped and goes on from its state learns what an unbroken one
// does.
func TestGoOn(t *testing.T) {
	for name, p := range restless(t, "float32") {
		t.Run(name, func(t *testing.T) {
			whole, err := train.Run(t.Context(), p, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if whole.State != nil {
				t.Error("a run that is done has a state to go on from")
			}
			for _, step := range []int{1, whole.Steps / 2, whole.Steps - 1} {
				first, err := ordered(t, p, nil, order{step, stop})
				if err != nil {
					t.Fatal(err)
				}
				if first.State == nil || first.State.Step() != step {
					t.Fatalf("stopped after %d steps with the state %+v", step, first.State)
				}
				for range 2 { // a state is good for several runs
					second, err := train.Run(t.Context(), p, train.Options{State: first.State})
					if err != nil {
						t.Fatal(err)
					}
					sameEnd(t, whole, second)
				}
			}
		})
	}
}

// A run that a rate has spoiled goes on from its last good step as if nothing
// had happened, also when an earlier change lies between that and the last
// state that was kept.
func TestGoOnAfterFailure(t *testing.T) {
	for name, p := range restless(t, "float64") {
		if !p.Recipe.Optimizer.Minibatch() {
			continue // a line search takes no such step
		}
		bounded := []string{recipe.KindSelection, recipe.KindDenoising, recipe.KindRBM, pretrained}
		if slices.Contains(bounded, name) || p.Recipe.Optimizer.ClipNorm > 0 {
			continue // which no rate spoils, or not at once
		}
		t.Run(name, func(t *testing.T) {
			h := train.HyperOf(p.Recipe)
			wild := h
			h.LearningRate /= 2
			wild.LearningRate = 1e300
			slower := func(c *train.Control) { c.Tweak(h) }
			spoil := func(c *train.Control) { c.Tweak(wild) }
			all, err := train.Run(t.Context(), p, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			early := max(1, all.Steps/2-1)
			whole, err := ordered(t, p, nil, order{early, slower})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range []int{early + 1, whole.Steps - 1} {
				failed, err := ordered(t, p, nil, order{early, slower}, order{step, spoil})
				if err == nil || failed.State == nil {
					t.Fatalf("spoiled after %d steps: %v, state %v", step, err, failed.State)
				}
				if got := failed.State.Step(); got != step {
					t.Errorf("spoiled after %d steps, the good state is that of %d", step, got)
				}
				again, err := train.Run(t.Context(), p.With(h), train.Options{State: failed.State})
				if err != nil {
					t.Fatal(err)
				}
				sameEnd(t, whole, again)
			}
		})
	}
}

// A momentum can be taken away from, or given to, a run that goes on from a state.
func TestGoOnMomentum(t *testing.T) {
	for _, momenta := range [][2]float64{{0, 0.5}, {0.5, 0}} {
		r := small(recipe.MethodSGD, "float64")
		r.Optimizer.Momentum = momenta[0]
		p := prepare(t, r, cloud(200, 8))
		h := train.HyperOf(r)
		h.Momentum = momenta[1]
		whole, err := ordered(t, p, nil, order{5, func(c *train.Control) { c.Tweak(h) }})
		if err != nil {
			t.Fatal(err)
		}
		first, err := ordered(t, p, nil, order{5, stop})
		if err != nil {
			t.Fatal(err)
		}
		second, err := train.Run(t.Context(), p.With(h), train.Options{State: first.State})
		if err != nil {
			t.Fatal(err)
		}
		sameEnd(t, whole, second)
	}
}

// What belongs to another method or network is refused.
func TestGoOnRefused(t *testing.T) {
	sgd := prepare(t, small(recipe.MethodSGD, "float32"), cloud(200, 8))
	stopped, err := ordered(t, sgd, nil, order{2, stop})
	if err != nil {
		t.Fatal(err)
	}
	wide := small(recipe.MethodSGD, "float32")
	wide.Model.Hidden++
	for name, p := range map[string]*train.Problem{
		"another rule":      prepare(t, small(recipe.MethodAdam, "float32"), cloud(200, 8)),
		"a line search":     prepare(t, small(recipe.MethodLBFGS, "float32"), cloud(200, 8)),
		"another precision": prepare(t, small(recipe.MethodSGD, "float64"), cloud(200, 8)),
		"another size":      prepare(t, wide, cloud(200, 8)),
		"a machine":         prepareKind(t, recipe.KindRBM, "float32"),
	} {
		if _, err := train.Run(t.Context(), p, train.Options{State: stopped.State}); err == nil || !strings.Contains(err.Error(), "go on from step 2") {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}
