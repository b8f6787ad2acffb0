package train_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/dataset"
	"filterscope/engine/modelio"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// cloud returns n examples of d numbers in [0.1, 0.9] that lie near a plane, so
// that there is something to learn.
func cloud(n, d int) *dataset.Dataset {
	rng := rand.New(rand.NewPCG(3, 4))
	data := &dataset.Dataset{Name: "cloud", N: n, D: d, FullScale: 1, Singles: make([]float32, n*d)}
	for i := range n {
		a, b := rng.Float64(), rng.Float64()
		for j := range d {
			w := float64(j) / float64(d)
			data.Singles[i*d+j] = float32(0.1 + 0.7*(a*w+b*(1-w)) + 0.1*rng.Float64())
		}
	}
	return data
}

// small is a recipe that trains on cloud in milliseconds.
func small(method, precision string) recipe.Recipe {
	r := recipe.Default()
	r.Precision = precision
	r.Model.Hidden, r.Model.Rho = 6, 0.2
	r.Optimizer = recipe.Optimizer{
		Method: method, Iterations: 40, Memory: 5,
		Epochs: 4, Batch: 30, LearningRate: 0.05, Momentum: 0.5,
	}
	return r
}

func prepare(t *testing.T, r recipe.Recipe, data *dataset.Dataset) *train.Problem {
	t.Helper()
	p, err := train.PrepareData(t.Context(), r, data, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// same reports differences in what two runs have learned, to the last bit.
func same(t *testing.T, what string, want, got *train.Result) {
	t.Helper()
	if !slices.Equal(want.Parameters, got.Parameters) {
		t.Errorf("%s: the parameters differ", what)
	}
	if !slices.Equal(want.Terms, got.Terms) || !slices.Equal(want.RhoHat, got.RhoHat) {
		t.Errorf("%s: terms %v and %v", what, want.Terms, got.Terms)
	}
	if want.Steps != got.Steps || want.Evaluations != got.Evaluations {
		t.Errorf("%s: %d and %d steps, %d and %d evaluations", what, want.Steps, got.Steps, want.Evaluations, got.Evaluations)
	}
	if !slices.Equal(want.History.Steps, got.History.Steps) || !slices.Equal(want.History.Total, got.History.Total) {
		t.Errorf("%s: the histories differ", what)
	}
}

// methods are all ways to train.
var methods = []string{recipe.MethodLBFGS, recipe.MethodSGD, recipe.MethodAdam}

func TestRun(t *testing.T) {
	for _, method := range methods {
		for _, precision := range []string{"float32", "float64"} {
			t.Run(method+"/"+precision, func(t *testing.T) {
				p := prepare(t, small(method, precision), cloud(100, 8))
				begun, _ := p.Evaluate(train.HyperOf(p.Recipe), p.InitialParameters(), nil)
				res, err := train.Run(t.Context(), p, train.Options{})
				if err != nil {
					t.Fatal(err)
				}
				steps := 40
				if method != recipe.MethodLBFGS {
					steps = 4 * 3 // epochs × full minibatches of 30 in 100
				}
				if res.Steps != steps && !strings.HasPrefix(res.Reason, "converged") || res.Phase != train.Done {
					t.Errorf("%d steps, %v: %s", res.Steps, res.Phase, res.Reason)
				}
				if !(res.Terms.Total() < 0.8*begun.Total()) {
					t.Errorf("the objective went from %v to %v", begun.Total(), res.Terms.Total())
				}
				full, rhoHat := p.Evaluate(train.HyperOf(res.Recipe), res.Parameters, nil)
				if math.Abs(full.Total()-res.Terms.Total()) > 1e-12 || !slices.Equal(rhoHat, res.RhoHat) {
					t.Errorf("Terms = %v, the parameters give %v", res.Terms, full)
				}
				h := res.History
				if h.Len() < steps || h.Steps[h.Len()-1] != float64(res.Steps) {
					t.Errorf("history of %d points to step %v of %d", h.Len(), h.Steps[h.Len()-1], res.Steps)
				}
			})
		}
	}
}

// A run that is paused, stepped and resumed has the bits of an unbroken one.
func TestPauseAndStepKeepTheBits(t *testing.T) {
	for _, method := range methods {
		t.Run(method, func(t *testing.T) {
			p := prepare(t, small(method, "float32"), cloud(100, 8))
			want, err := train.Run(t.Context(), p, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			control, box := train.NewControl(), train.NewMailbox[train.Snapshot]()
			control.Pause()
			ended := make(chan *train.Result)
			go func() {
				res, err := train.Run(t.Context(), p, train.Options{Control: control, Mailbox: box})
				if err != nil {
					t.Error(err)
				}
				ended <- res
			}()
			held := func(step int) *train.Snapshot {
				t.Helper()
				for {
					s, err := box.Take(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					if s.Phase == train.Paused && s.Step == step {
						return s
					}
					if s.Step > step {
						t.Fatalf("step %d, want to be held at %d", s.Step, step)
					}
				}
			}
			first := held(0)
			if first.Terms.Total() == 0 || first.Evaluations != 0 || first.Parameters == nil {
				t.Errorf("held at the start: J %v after %d evaluations", first.Terms.Total(), first.Evaluations)
			}
			for i := range 5 {
				control.Step(1)
				held(i + 1)
			}
			control.Step(2)
			control.Step(1) // three in all, be they merged or not
			held(8)
			control.Resume()
			for range 50 { // wherever in the line search these fall
				control.Pause()
				control.Resume()
			}
			same(t, "held and stepped", want, <-ended)
		})
	}
}

// Acceptance 5: the model file is the same whatever GOMAXPROCS.
func TestSameBitsOnAnyNumberOfProcessors(t *testing.T) {
	for _, method := range methods {
		for _, precision := range []string{"float32", "float64"} {
			t.Run(method+"/"+precision, func(t *testing.T) {
				r := small(method, precision)
				r.Model.Hidden = 40
				r.Optimizer.Iterations, r.Optimizer.Epochs, r.Optimizer.Batch = 6, 1, 250
				var files [2]strings.Builder
				for i := range files {
					func() {
						defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(i + 1))
						p := prepare(t, r, cloud(1000, 64))
						res, err := train.Run(t.Context(), p, train.Options{})
						if err != nil {
							t.Fatal(err)
						}
						if err := modelio.Write(&files[i], res.Model()); err != nil {
							t.Fatal(err)
						}
					}()
				}
				if files[0].String() != files[1].String() {
					t.Error("the model differs between one processor and two")
				}
			})
		}
	}
}

func TestSeedMatters(t *testing.T) {
	var total [2]float64
	for i := range total {
		r := small(recipe.MethodLBFGS, "float64")
		r.Seed, r.Optimizer.Iterations = uint64(i+1), 3
		res, err := train.Run(t.Context(), prepare(t, r, cloud(50, 8)), train.Options{})
		if err != nil {
			t.Fatal(err)
		}
		total[i] = res.Terms.Total()
	}
	if total[0] == total[1] {
		t.Error("two seeds, one result")
	}
}

func TestTweak(t *testing.T) {
	for _, method := range methods {
		t.Run(method, func(t *testing.T) {
			r := small(method, "float64")
			p := prepare(t, r, cloud(100, 8))
			control, box := train.NewControl(), train.NewMailbox[train.Snapshot]()
			control.Step(3)
			control.Tweak(train.Hyper{Lambda: 1, Beta: 1, Rho: 1.2, LearningRate: 0.04}) // refused: no such ρ
			ended := make(chan *train.Result)
			go func() {
				res, err := train.Run(t.Context(), p, train.Options{Control: control, Mailbox: box})
				if err != nil {
					t.Error(err)
				}
				ended <- res
			}()
			for s, _ := box.Take(t.Context()); s.Phase != train.Paused; {
				s, _ = box.Take(t.Context())
			}
			tweaked := train.HyperOf(p.Recipe)
			tweaked.Lambda, tweaked.Beta, tweaked.Rho, tweaked.LearningRate = 0.05, 0.5, 0.3, 0.04
			control.Tweak(tweaked)
			control.Resume() // only now: a run that goes on may be over before the next line
			res := <-ended
			if got := train.HyperOf(res.Recipe); got != tweaked {
				t.Errorf("the recipe of the result has %+v, want %+v", got, tweaked)
			}
			var texts []string
			for _, e := range res.Events {
				texts = append(texts, e.Text)
				if e.Step < 3 {
					t.Errorf("event %+v before the tweak", e)
				}
			}
			want := []string{"λ 0.0001 → 0.05", "β 3 → 0.5", "ρ 0.2 → 0.3", "learning rate 0.05 → 0.04"}
			if diff := cmp.Diff(want, texts); diff != "" {
				t.Error(diff)
			}
			// The end is a minimum of the new objective, as far as a short run goes:
			// lower than where the old objective ends.
			old, err := train.Run(t.Context(), p, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			before, _ := p.Evaluate(tweaked, old.Parameters, nil)
			if !(res.Terms.Total() < before.Total()) {
				t.Errorf("J = %v under the new numbers, %v without a tweak", res.Terms.Total(), before.Total())
			}
			if full, _ := p.Evaluate(tweaked, res.Parameters, nil); math.Abs(full.Total()-res.Terms.Total()) > 1e-12 {
				t.Errorf("Terms = %v, the parameters give %v", res.Terms, full)
			}
		})
	}
}

func TestStop(t *testing.T) {
	for _, method := range methods {
		t.Run(method, func(t *testing.T) {
			p := prepare(t, small(method, "float32"), cloud(100, 8))
			begun, _ := p.Evaluate(train.HyperOf(p.Recipe), p.InitialParameters(), nil)
			stopped := func(res *train.Result, err error) {
				t.Helper()
				if err != nil || res.Phase != train.Stopped || !strings.HasPrefix(res.Reason, "stopped at step 0") {
					t.Fatalf("%v, %v: %s", err, res.Phase, res.Reason)
				}
				// Minibatch methods hold the parameters in float32.
				if math.Abs(res.Terms.Total()-begun.Total()) > 1e-8 || !slices.Equal(res.Parameters, p.InitialParameters()) && method == recipe.MethodLBFGS {
					t.Errorf("stopped before the start: %v, want %v", res.Terms, begun)
				}
				if len(res.RhoHat) != p.Recipe.Model.Hidden || res.History.Len() != 1 {
					t.Errorf("%d mean activations, %d points", len(res.RhoHat), res.History.Len())
				}
			}
			cancelled, cancel := context.WithCancel(t.Context())
			cancel()
			stopped(train.Run(cancelled, p, train.Options{}))
			control := train.NewControl()
			control.Pause()
			control.Stop()
			stopped(train.Run(t.Context(), p, train.Options{Control: control}))

			// Cancelled while held: the run ends, with what it has learned.
			ctx, cancel := context.WithCancel(t.Context())
			control, box := train.NewControl(), train.NewMailbox[train.Snapshot]()
			control.Step(2)
			go func() {
				for s, err := box.Take(ctx); err == nil && s.Phase != train.Paused; {
					s, err = box.Take(ctx)
				}
				cancel()
			}()
			res, err := train.Run(ctx, p, train.Options{Control: control, Mailbox: box})
			if err != nil || res.Phase != train.Stopped || res.Steps != 2 {
				t.Errorf("%v, %v after %d steps", err, res.Phase, res.Steps)
			}
			if last := box.Newest(); last.Phase != train.Stopped || last.Step != 2 || !slices.Equal(last.Terms, res.Terms) || last.Parameters == nil {
				t.Errorf("last snapshot: %v at step %d, %v", last.Phase, last.Step, last.Terms)
			}
		})
	}
}

func TestNotFinite(t *testing.T) {
	finite := func(v []float64) bool {
		return !slices.ContainsFunc(v, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
	}
	run := func(t *testing.T, r recipe.Recipe, data *dataset.Dataset, want ...string) *train.Result {
		t.Helper()
		box := train.NewMailbox[train.Snapshot]()
		res, err := train.Run(t.Context(), prepare(t, r, data), train.Options{Mailbox: box})
		if err == nil {
			t.Fatalf("no error, J = %v after %d steps", res.Terms.Total(), res.Steps)
		}
		for _, w := range append(want, "the last good parameters are kept") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("error %q, want %q in it", err, w)
			}
		}
		if last := box.Newest(); last.Phase != train.Failed || last.Err == nil || res.Phase != train.Failed || res.Reason != err.Error() {
			t.Errorf("last snapshot %v with %v, result %v", last.Phase, last.Err, res.Phase)
		}
		if !finite(res.Parameters) {
			t.Error("the parameters are not finite")
		}
		return res
	}
	for _, precision := range []string{"float32", "float64"} {
		t.Run("sgd/"+precision, func(t *testing.T) {
			r := small(recipe.MethodSGD, precision)
			r.Optimizer.LearningRate = 1e30
			if res := run(t, r, cloud(100, 8), "step ", "weight decay term"); !finite([]float64{res.Terms.Total()}) {
				t.Errorf("terms %v", res.Terms)
			}
		})
		t.Run("adam, last step/"+precision, func(t *testing.T) {
			r := small(recipe.MethodAdam, precision)
			r.Optimizer.LearningRate, r.Optimizer.Epochs, r.Optimizer.Batch = 1e300, 1, 100
			p := prepare(t, r, cloud(100, 8))
			res := run(t, r, cloud(100, 8), "step 1: ")
			for i, v := range p.InitialParameters() {
				if float32(v) != float32(res.Parameters[i]) {
					t.Fatal("the step that led to infinity was not taken back")
				}
			}
		})
	}
	huge := cloud(100, 8) // its squared error is beyond float64, as is float32's product
	huge.Singles, huge.Doubles = nil, make([]float64, 800)
	for i := range huge.Doubles {
		huge.Doubles[i] = 1e200 * float64(i%7)
	}
	t.Run("lbfgs, start", func(t *testing.T) {
		r := small(recipe.MethodLBFGS, "float64")
		res := run(t, r, huge, "step 1: the reconstruction term is +Inf")
		if !slices.Equal(res.Parameters, prepare(t, r, huge).InitialParameters()) {
			t.Error("the parameters are not the initial ones")
		}
	})
	t.Run("sgd, start", func(t *testing.T) {
		run(t, small(recipe.MethodSGD, "float64"), huge, "step 1: the reconstruction term is +Inf")
	})
	t.Run("lbfgs, tweak", func(t *testing.T) {
		p := prepare(t, small(recipe.MethodLBFGS, "float64"), cloud(100, 8))
		control, box := train.NewControl(), train.NewMailbox[train.Snapshot]()
		control.Step(3)
		go func() {
			for s, err := box.Take(t.Context()); err == nil && s.Phase != train.Paused; {
				s, err = box.Take(t.Context())
			}
			control.Tweak(train.Hyper{Lambda: math.MaxFloat64, Beta: 3, Rho: 0.2})
			control.Resume()
		}()
		res, err := train.Run(t.Context(), p, train.Options{Control: control, Mailbox: box})
		if err == nil || !strings.Contains(err.Error(), "step 4: the weight decay term is +Inf") {
			t.Errorf("error %v", err)
		}
		if !finite(res.Parameters) || !finite([]float64{res.Terms.Total()}) || res.Steps != 3 {
			t.Errorf("%d steps, %v", res.Steps, res.Terms)
		}
	})
}

// A panic in the objective is an error of the run, not of the program.
func TestPanicEndsTheRun(t *testing.T) {
	for _, method := range methods {
		p := prepare(t, small(method, "float64"), cloud(100, 8))
		train.Spoil(p) // a bug: the network is not made for these data
		box := train.NewMailbox[train.Snapshot]()
		res, err := train.Run(t.Context(), p, train.Options{Mailbox: box})
		if err == nil || !strings.HasPrefix(err.Error(), "internal error at step 0: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v", method, err)
		}
		if res.Phase != train.Failed || box.Newest().Phase != train.Failed {
			t.Errorf("%s: %v", method, res.Phase)
		}
	}
}

func TestGradCheckWantsFloat64(t *testing.T) {
	p := prepare(t, small(recipe.MethodLBFGS, "float32"), cloud(20, 8))
	if _, err := p.GradCheck(nn.DefaultCheck()); err == nil || !strings.Contains(err.Error(), "float64") {
		t.Errorf("GradCheck() = %v", err)
	}
	p = prepare(t, small(recipe.MethodLBFGS, "float64"), cloud(20, 8))
	checks, err := p.GradCheck(nn.DefaultCheck())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if !(c.RelError < 1e-7) {
			t.Error(c)
		}
	}
	if x := p.Examples([]int{3, 1}); x.Rows != 2 || x.Cols != 8 || x.At(1, 2) != float32(cloud(20, 8).Singles[8+2]) {
		t.Error("Examples() does not return the examples")
	}
}
