package network_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
)

// cases returns a recipe for every combination of the choices that its model
// has, tiny, named by them.
func cases(kind string, choices ...[]func(*recipe.Model) string) map[string]recipe.Recipe {
	all := map[string]recipe.Recipe{}
	var build func(names []string, m recipe.Model, rest [][]func(*recipe.Model) string)
	build = func(names []string, m recipe.Model, rest [][]func(*recipe.Model) string) {
		if len(rest) > 0 {
			for _, choose := range rest[0] {
				changed := m
				build(append(names[:len(names):len(names)], choose(&changed)), changed, rest[1:])
			}
			return
		}
		r := recipe.DefaultOf(kind)
		r.Model, r.Seed = m, 5
		if kind == recipe.KindSelection {
			r.Data.Source, r.Preprocess = recipe.SourcePieces, nil
		}
		all[strings.Join(names, " ")] = r
	}
	m := recipe.DefaultModel(kind)
	m.Hidden, m.Lambda = 3, 0.01
	build(nil, m, choices)
	return all
}

// each makes a choice of every word that is valid for a key.
func each(kind, key string, set func(*recipe.Model, string)) []func(*recipe.Model) string {
	var all []func(*recipe.Model) string
	for _, word := range recipe.Choices(kind, key) {
		all = append(all, func(m *recipe.Model) string { set(m, word); return word })
	}
	return all
}

func activation(m *recipe.Model, word string) { m.Activation = word }
func decoder(m *recipe.Model, word string)    { m.Decoder = word }
func loss(m *recipe.Model, word string)       { m.Loss, m.Huber = word, 0.2 }
func scaling(m *recipe.Model, word string)    { m.Scaling = word }
func sparsity(m *recipe.Model, word string)   { m.Sparsity, m.Beta, m.Rho = word, 0.3, 0.2 }
func corruption(m *recipe.Model, word string) { m.Corruption, m.Level = word, 0.3 }

func shape(name string, set func(*recipe.Model)) func(*recipe.Model) string {
	return func(m *recipe.Model) string { set(m); return name }
}

// allGradients lists what TestGradients checks.
func allGradients() map[string]map[string]recipe.Recipe {
	type model = *recipe.Model
	both := func(name string, set func(model)) []func(model) string {
		return []func(model) string{shape("no "+name, func(model) {}), shape(name, set)}
	}
	deep, noisy, vae := recipe.KindDeep, recipe.KindDenoising, recipe.KindVariational
	shapes := []func(model) string{
		shape("tied", func(m model) { m.Layers, m.Mirror, m.Tied = []int{4, 3}, true, true }),
		shape("mirror", func(m model) { m.Layers, m.Mirror = []int{4, 3}, true }),
		shape("asymmetric", func(m model) { m.Layers, m.Mirror = []int{4, 2, 3, 5}, false }),
	}
	dropout := both("dropout", func(m model) { m.Dropout, m.InputDropout, m.L1 = []float64{0.3}, 0.2, 0.01 })
	size := []func(model) string{shape("4-2-3", func(m model) { m.Layers, m.DecoderLayers, m.Latent = []int{4}, []int{3}, 2 })}
	distributions := []func(model) string{}
	for _, d := range []string{
		"bernoulli", "gaussian", "fixed-gaussian", "exponential", "loss",
		"gaussian:2+bernoulli:3", "exponential:1+loss:2+fixed-gaussian:2",
	} {
		distributions = append(distributions, shape(d, func(m model) { m.Distribution = d }))
	}
	return map[string]map[string]recipe.Recipe{
		"sparse": cases(recipe.KindSparse, each(recipe.KindSparse, "decoder", decoder),
			both("penalty", func(m model) { m.Beta, m.Rho = 3, 0.1 })),
		"deep": cases(deep, each(deep, "activation", activation), each(deep, "decoder", decoder), each(deep, "loss", loss),
			shapes, dropout),
		"deep scaling": cases(deep, each(deep, "activation", activation), each(deep, "loss", loss), each(deep, "scaling", scaling), shapes[:1]),
		"deep sparsity": cases(deep, each(deep, "activation", activation), each(deep, "sparsity", sparsity), each(deep, "loss", loss), shapes, dropout,
			both("all layers", func(m model) { m.SparseAll = true })),
		"denoising": cases(noisy, each(noisy, "activation", activation), each(noisy, "decoder", decoder), each(noisy, "loss", loss),
			each(noisy, "corruption", corruption), both("tied", func(m model) { m.Tied = true })),
		"denoising sparsity": cases(noisy, each(noisy, "activation", activation), each(noisy, "corruption", corruption), each(noisy, "sparsity", sparsity)),
		"variational": cases(vae, size, each(vae, "activation", activation), each(vae, "decoder", decoder), distributions,
			both("samples", func(m model) { m.Samples, m.KLWeight, m.WarmUp = 3, 0.7, 10 })),
		"variational loss": cases(vae, size, each(vae, "activation", activation), each(vae, "loss", loss),
			[]func(model) string{shape("loss", func(m model) { m.Distribution = "loss" })},
			each(vae, "activation", func(m model, word string) { m.LatentActivation = word })),
		"linear": cases(recipe.KindLinear, each(recipe.KindLinear, "scaling", scaling)),
		"selection": cases(recipe.KindSelection,
			both("temperature", func(m model) { m.Temperature = 0.5 }),
			both("rivalry", func(m model) { m.Rivalry = 0.1 }), both("entropy", func(m model) { m.Entropy = 0.1 })),
	}
}

// TestGradients compares the gradients of every model that a recipe may
// describe, on all examples and on a minibatch, with central differences.
func TestGradients(t *testing.T) {
	for group, recipes := range allGradients() {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			checked, worst := 0, 0.0
			for i, name := range slices.Sorted(maps.Keys(recipes)) {
				r := recipes[name]
				if r.Validate() != nil || testing.Short() && i%7 > 0 {
					continue // a pair that recipes do not allow
				}
				checked++
				worst = max(worst, checkGradient(t, name, r))
			}
			if checked == 0 {
				t.Error("no recipe is valid")
			}
			t.Logf("%d of %d recipes are valid, the worst relative error is %.2g", checked, len(recipes), worst)
		})
	}
}

// TestSoftmaxAxes does so for outputs that are shares along each axis of images
// and rows, whose values add up to 1 there, to something else, or to 0.
func TestSoftmaxAxes(t *testing.T) {
	worst := 0.0
	for _, shape := range [][]int{nil, {2, 3}, {2, 3, 2}} {
		for axis := -max(1, len(shape)); axis < max(1, len(shape)); axis++ {
			for _, kind := range []string{recipe.KindDeep, recipe.KindDenoising} {
				for name, r := range cases(kind, each(kind, "activation", activation), each(kind, "scaling", scaling)) {
					r.Model.Decoder, r.Model.Loss, r.Model.SoftmaxAxis = recipe.DecoderSoftmax, "cross-entropy", axis
					if testing.Short() && r.Model.Activation != "tanh" {
						continue
					}
					r.Model.Tied = r.Model.Activation != "maxout"
					if kind == recipe.KindDeep {
						r.Model.Layers = []int{4, 3}
					}
					if err := r.Validate(); err != nil {
						t.Fatal(err)
					}
					worst = max(worst, checkGradient(t, fmt.Sprintf("%s %s, axis %d of %v", kind, name, axis, shape), r, shape...))
				}
			}
		}
	}
	t.Logf("the worst relative error is %.2g", worst)
}

// An axis that the examples do not have is refused in one sentence, and so is one
// of a single value.
func TestSoftmaxAxisRefused(t *testing.T) {
	r := recipe.DefaultOf(recipe.KindDeep)
	r.Model.Decoder, r.Model.Loss = recipe.DecoderSoftmax, "cross-entropy"
	for _, tt := range []struct {
		axis  int
		shape []int
		want  string
	}{
		{2, []int{4, 5}, "model.softmax_axis = 2: the examples are 4 × 5 (rows × columns): want 0 to 1, or -1 for the last"},
		{1, nil, "model.softmax_axis = 1: the examples are 20 (features): want 0 to 0, or -1 for the last"},
		{0, []int{1, 10, 2}, "model.softmax_axis = 0: the examples are 1 × 10 × 2 (rows × columns × channels): want an axis with 2 values or more, as a single one always has the share 1"},
	} {
		r.Model.SoftmaxAxis = tt.axis
		if _, err := network.Of(r, network.Input{Visible: 20, Shape: tt.shape}); err == nil || err.Error() != tt.want {
			t.Errorf("axis %d of %v: %v, want %s", tt.axis, tt.shape, err, tt.want)
		}
	}
}

// checkGradient returns the worst relative error over the tensors of a recipe for
// rows, or for images of that shape.
func checkGradient(t *testing.T, name string, r recipe.Recipe, shape ...int) float64 {
	const visible, n = 5, 4
	features := visible
	if len(shape) > 0 {
		features = 1
		for _, d := range shape {
			features *= d
		}
	}
	if r.Model.Kind == recipe.KindSelection {
		features = 1
	}
	s, err := network.Of(r, network.Input{Visible: features, Shape: shape, Low: -0.5, High: 1.5})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return 0
	}
	rng := rand.New(rand.NewPCG(7, 7))
	x := linalg.NewMatrix[float64](n, features)
	for i := range x.Data {
		x.Data[i] = 0.05 + 0.9*rng.Float64()
	}
	if r.Model.Decoder == recipe.DecoderSoftmax {
		clear(x.Row(n - 1)[:features/2]) // places without a class
	}
	y := x
	if sel, ok := s.(network.Selection); ok {
		y = network.Targets(sel, x)
	}
	theta := s.Init(rng)
	for i := range theta {
		theta[i] += 0.3 * rng.NormFloat64() // biases too
	}
	o := network.NewObjective[float64](s)
	o.SetHyper(network.HyperOf(r))
	const epsilon = 1e-5
	rounding := 1e-15 * (1 + math.Abs(o.Evaluate(theta, x, y, nil).Total())) / epsilon // of a difference
	worst := 0.0
	for how, f := range map[string]func(theta, grad []float64) nn.Terms{
		"all":   func(theta, grad []float64) nn.Terms { return o.Evaluate(theta, x, y, grad) },
		"batch": func(theta, grad []float64) nn.Terms { return o.Batch(theta, x, y, 3, grad) },
	} {
		if _, ok := s.(network.Sparse); ok && how == "batch" || r.Model.Has("sparsity") && r.Model.Sparsity != "none" && how == "batch" {
			continue // the penalty sees a running mean, which moves between two evaluations
		}
		config := nn.CheckConfig{Epsilon: epsilon, Kinks: network.Kinks(s)}
		for _, c := range nn.CheckGradient(s.Layout(), theta, func(theta, grad []float64) float64 {
			return f(theta, grad).Total()
		}, config) {
			if c.RelError < 1e-7 {
				worst = max(worst, c.RelError)
			} else if !(c.MaxDiff <= rounding) { // leaky units may leave next to nothing of a gradient
				t.Errorf("%s, %s: %s", name, how, c)
			}
		}
	}
	return worst
}
