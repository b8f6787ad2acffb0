package app

import (
	"slices"

	"filterscope/engine/optim"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// formWords are the words for values of a model and an optimiser, where people
// have others than recipes.
var formWords = map[string]string{
	recipe.MethodLBFGS: "L-BFGS", recipe.MethodCG: "conj. gradient", recipe.MethodSGD: "SGD",
	recipe.MethodAdagrad: "Adagrad", recipe.MethodRMSprop: "RMSprop", recipe.MethodAdadelta: "Adadelta", recipe.MethodAdam: "Adam",
	"h2o": "H2O annealing", "plateau": "on a plateau",
	"relu": "ReLU", "leaky-relu": "leaky ReLU", "elu": "ELU",
	"squared-error": "squared error", "huber": "Huber", "half-sum": "half the sum",
	"masking": "set to 0", "gaussian": "Gaussian", "salt-and-pepper": "salt and pepper",
	"kl": "KL to a target", "l1": "L1", "ufldl": "UFLDL", "glorot": "Glorot", "he": "He",
	"bernoulli": "Bernoulli", "fixed-gaussian": "Gaussian, σ = 1", "loss": "plain loss",
}

// formOptions gives values their words.
func formOptions(values []string) []option {
	out := make([]option, len(values))
	for i, v := range values {
		out[i] = option{v, v}
		if w, ok := formWords[v]; ok {
			out[i].label = w
		}
	}
	return out
}

// addTraining adds the penalties.
func (f *form) addTraining() {
	f.section("Penalties", func(r recipe.Recipe) bool { return r.Model.Has("lambda") })
	f.number(widgets.NumberSpec{Label: "KL weight", Max: 1000, Badge: badgeLive}, "β: how much the distance of the codes from the normal distribution counts",
		func(r recipe.Recipe) float64 { return r.Model.KLWeight }, func(r *recipe.Recipe, v float64) { r.Model.KLWeight = v }, has("kl_weight"))
	live := func(label, tip string, most float64, field func(*recipe.Recipe) *float64, shown func(recipe.Recipe) bool) *widgets.NumberEntry {
		return f.real(widgets.NumberSpec{Label: label, Max: most, Badge: badgeLive}, tip, field, shown)
	}
	f.lambda = live("λ decay", "Weight decay: λ/2 times the sum of squared weights", 100, func(r *recipe.Recipe) *float64 { return &r.Model.Lambda }, has("lambda"))
	live("L1 decay", "λ₁ times the sum of the sizes of all weights: many become 0", 100, func(r *recipe.Recipe) *float64 { return &r.Model.L1 }, has("l1"))
	f.word("Sparsity", "What keeps most units quiet: the distance of their mean activation from a target, or the size of all activations", "sparsity",
		func(r *recipe.Recipe) *string { return &r.Model.Sparsity })
	f.check("Of all hidden layers", "The sparsity term is on every hidden layer, as in H2O, not on the codes alone",
		func(r *recipe.Recipe) *bool { return &r.Model.SparseAll }, both(has("sparse_all"), func(r recipe.Recipe) bool { return r.Model.Sparsity != "none" }))
	f.beta = live("β sparsity", "Weight of the sparsity term", 1000, func(r *recipe.Recipe) *float64 { return &r.Model.Beta },
		both(has("beta"), func(r recipe.Recipe) bool { return !r.Model.Has("sparsity") || r.Model.Sparsity != "none" }))
	f.rho = f.real(widgets.NumberSpec{Label: "ρ target", Max: 1, MinOpen: true, MaxOpen: true, Badge: badgeLive}, "Mean activation wanted of every hidden unit",
		func(r *recipe.Recipe) *float64 { return &r.Model.Rho }, both(has("rho"), wantsTarget))
	f.real(widgets.NumberSpec{Label: "λ softmax", Max: 100}, "Weight decay of the softmax layer",
		func(r *recipe.Recipe) *float64 { return &r.Model.SoftmaxLambda }, has("softmax_lambda"))
}

// wantsTarget reports whether a mean activation is wanted of the units.
func wantsTarget(r recipe.Recipe) bool {
	switch {
	case r.Model.Has("sparsity"):
		return r.Model.Sparsity == "kl"
	case r.Model.Kind == recipe.KindRBM:
		return r.Model.Beta > 0
	}
	return true
}

// follows reports whether the recipe has one of the methods.
func follows(methods ...string) func(recipe.Recipe) bool {
	return func(r recipe.Recipe) bool { return !divergence(r) && slices.Contains(methods, r.Optimizer.Method) }
}

// divergence reports whether the model learns by contrastive divergence, which
// has a rate and a momentum and no other choice.
func divergence(r recipe.Recipe) bool { return r.Model.Kind == recipe.KindRBM }

func minibatch(r recipe.Recipe) bool { return divergence(r) || r.Optimizer.Minibatch() }

// stepWord is what one step of the optimiser is called.
func stepWord(r recipe.Recipe) string {
	if minibatch(r) {
		return "step"
	}
	return "iteration"
}

func descends(r recipe.Recipe) bool { return !divergence(r) && r.Optimizer.Minibatch() }

// addOptimizer adds how the objective is minimised.
func (f *form) addOptimizer() {
	f.section("Optimiser", nil)
	f.method = f.choice("Method", "L-BFGS and the conjugate gradient look at all examples at every step, and draw noise once, the others at minibatches",
		func(recipe.Recipe) []option { return formOptions(recipe.Methods()) },
		func(r recipe.Recipe) string { return r.Optimizer.Method }, f.setMethod, func(r recipe.Recipe) bool { return !divergence(r) })
	f.whole("Iterations", 1, 10_000_000, "Steps, about one evaluation of all examples each",
		func(r *recipe.Recipe) *int { return &r.Optimizer.Iterations }, func(r recipe.Recipe) bool { return !minibatch(r) })
	f.whole("Softmax", 1, 10_000_000, "Iterations of the softmax layer alone",
		func(r *recipe.Recipe) *int { return &r.Model.SoftmaxIterations },
		both(has("softmax_iterations"), func(r recipe.Recipe) bool { return !minibatch(r) }))
	f.whole("Epochs", 1, 10_000_000, "Passes over all examples", func(r *recipe.Recipe) *int { return &r.Optimizer.Epochs }, minibatch)
	f.whole("Batch", 1, 10_000_000, "Examples a minibatch; as many as there are makes every step one of all",
		func(r *recipe.Recipe) *int { return &r.Optimizer.Batch }, minibatch)
	f.rate = f.real(widgets.NumberSpec{Label: "Rate", Symbol: "rate", MinOpen: true, Max: 1000, Badge: badgeLive}, "Learning rate: size of a step",
		func(r *recipe.Recipe) *float64 { return &r.Optimizer.LearningRate }, minibatch)
	f.real(widgets.NumberSpec{Label: "Momentum", Max: 1, MaxOpen: true, Badge: badgeLive}, "Share of the last step that goes on",
		func(r *recipe.Recipe) *float64 { return &r.Optimizer.Momentum },
		func(r recipe.Recipe) bool { return divergence(r) || r.Optimizer.Method == recipe.MethodSGD })
	f.choice("Schedule", "How the learning rate changes during the run", func(recipe.Recipe) []option { return formOptions(recipe.Schedules()) },
		func(r recipe.Recipe) string {
			if r.Optimizer.Schedule.Name == "" {
				return "constant"
			}
			return r.Optimizer.Schedule.Name
		},
		func(r *recipe.Recipe, v string) { r.Optimizer.Schedule = scheduleOf(v) }, minibatch)
	f.addSchedule()
	f.addMoreOptimizer()
}

// scheduleOf returns the named schedule with its defaults in it.
func scheduleOf(name string) recipe.Schedule {
	d, err := optim.DefaultSchedule(name)
	if err != nil || name == "constant" {
		return recipe.Schedule{}
	}
	return recipe.Schedule{
		Name: name, Factor: d.Factor, Every: d.Every, Floor: d.Floor, WarmUp: d.WarmUp,
		Anneal: d.Annealing, Patience: d.Patience, Cooldown: d.Cooldown,
	}
}

// addSchedule adds the fields of the schedules.
func (f *form) addSchedule() {
	on := func(names ...string) func(recipe.Recipe) bool {
		return func(r recipe.Recipe) bool { return minibatch(r) && slices.Contains(names, r.Optimizer.Schedule.Name) }
	}
	at := func(r *recipe.Recipe) *recipe.Schedule { return &r.Optimizer.Schedule }
	f.real(widgets.NumberSpec{Label: "Factor", MinOpen: true, Max: 1}, "What the rate is multiplied by: at every step, over an epoch, or on a plateau",
		func(r *recipe.Recipe) *float64 { return &at(r).Factor }, on("step", "exponential", "plateau"))
	f.real(widgets.NumberSpec{Label: "Every", MinOpen: true, Max: 1e6}, "Epochs from one step of the rate to the next", func(r *recipe.Recipe) *float64 { return &at(r).Every }, on("step"))
	f.real(widgets.NumberSpec{Label: "Floor", Max: 1000}, "The rate does not fall below it", func(r *recipe.Recipe) *float64 { return &at(r).Floor }, on("cosine", "plateau"))
	f.whole("Warm-up", 0, 10_000_000, "Steps in which the rate first climbs to its full size", func(r *recipe.Recipe) *int { return &at(r).WarmUp }, on("cosine"))
	f.real(widgets.NumberSpec{Label: "Annealing", Max: 1}, "The rate is divided by 1 + this times the examples seen", func(r *recipe.Recipe) *float64 { return &at(r).Anneal }, on("h2o"))
	f.whole("Patience", 1, 10_000_000, "Epochs without a gain before the rate is cut", func(r *recipe.Recipe) *int { return &at(r).Patience }, on("plateau"))
	f.whole("Cooldown", 0, 10_000_000, "Epochs after a cut that do not count", func(r *recipe.Recipe) *int { return &at(r).Cooldown }, on("plateau"))
}

// addMoreOptimizer adds what is seldom changed.
func (f *form) addMoreOptimizer() {
	f.moreOf("More of the training")
	at := func(r *recipe.Recipe) *recipe.Optimizer { return &r.Optimizer }
	f.whole("Memory", 1, 1000, "Pairs of past steps that L-BFGS keeps", func(r *recipe.Recipe) *int { return &at(r).Memory }, follows(recipe.MethodLBFGS))
	sgd := follows(recipe.MethodSGD)
	rolls := func(r recipe.Recipe) bool { return r.Optimizer.Momentum > 0 }
	moving := both(func(r recipe.Recipe) bool { return divergence(r) || sgd(r) }, rolls)
	f.check("Nesterov", "Look ahead along the momentum before every step", func(r *recipe.Recipe) *bool { return &at(r).Nesterov }, both(sgd, rolls))
	f.real(widgets.NumberSpec{Label: "Ramp over", Symbol: "examples", Max: 1e12}, "Examples over which the momentum grows to its value, as in H2O; 0 for none",
		func(r *recipe.Recipe) *float64 { return &at(r).MomentumRamp }, moving)
	f.real(widgets.NumberSpec{Label: "Ramp from", Symbol: "momentum", Max: 1, MaxOpen: true}, "Momentum at the beginning of the ramp",
		func(r *recipe.Recipe) *float64 { return &at(r).MomentumStart }, both(moving, func(r recipe.Recipe) bool { return r.Optimizer.MomentumRamp > 0 }))
	f.constant("Decay", "Memory of the squared gradients", func(o *recipe.Optimizer) *float64 { return &o.Decay },
		func(r optim.Rule) float64 { return r.Decay }, follows(recipe.MethodRMSprop, recipe.MethodAdadelta))
	f.constant("β₁", "Memory of the gradients", func(o *recipe.Optimizer) *float64 { return &o.Beta1 },
		func(r optim.Rule) float64 { return r.Beta1 }, follows(recipe.MethodAdam))
	f.constant("β₂", "Memory of the squared gradients", func(o *recipe.Optimizer) *float64 { return &o.Beta2 },
		func(r optim.Rule) float64 { return r.Beta2 }, follows(recipe.MethodAdam))
	f.constant("ε", "Keeps divisions finite", func(o *recipe.Optimizer) *float64 { return &o.Epsilon },
		func(r optim.Rule) float64 { return r.Epsilon }, follows(recipe.MethodAdagrad, recipe.MethodRMSprop, recipe.MethodAdadelta, recipe.MethodAdam))
	f.real(widgets.NumberSpec{Label: "Clip values", Symbol: "limit", Max: 1e9}, "Largest element of a gradient; 0 for any",
		func(r *recipe.Recipe) *float64 { return &at(r).ClipValue }, descends)
	f.real(widgets.NumberSpec{Label: "Clip norm", Symbol: "limit", Max: 1e9}, "Largest length of a gradient; 0 for any",
		func(r *recipe.Recipe) *float64 { return &at(r).ClipNorm }, descends)
	f.real(widgets.NumberSpec{Label: "Held back", Symbol: "share", Max: 1, MaxOpen: true}, "Share of the examples that is not trained on but measured",
		func(r *recipe.Recipe) *float64 { return &r.Data.Validation }, nil)
	f.check("… drawn at random", "Draw the examples that are held back, instead of taking the last ones",
		func(r *recipe.Recipe) *bool { return &r.Data.ValidationRandom }, func(r recipe.Recipe) bool { return r.Data.Validation > 0 })
	f.whole("Patience", 0, 10_000_000, "End after so many epochs without a gain (of a full-batch method, tens of iterations); 0 never",
		func(r *recipe.Recipe) *int { return &at(r).Patience }, nil)
	patient := func(r recipe.Recipe) bool { return r.Optimizer.Patience > 0 }
	f.real(widgets.NumberSpec{Label: "Least gain", Symbol: "gain", Max: 1e9}, "A smaller one does not count against the patience",
		func(r *recipe.Recipe) *float64 { return &at(r).MinDelta }, patient)
	f.check("Restore the best weights", "Take the weights of the epoch with the lowest loss when the run ends", func(r *recipe.Recipe) *bool { return &at(r).RestoreBest }, patient)
	f.choice("Precision", "float32 is about twice as fast and learns the same", func(recipe.Recipe) []option { return formOptions([]string{"float32", "float64"}) },
		func(r recipe.Recipe) string { return r.Precision }, func(r *recipe.Recipe, v string) { r.Precision = v }, nil)
	f.whole64("Seed", "The same seed gives the same run, bit for bit")
	f.fold = nil
}

// whole64 adds the field of the seed.
func (f *form) whole64(label, tip string) {
	f.number(widgets.NumberSpec{Label: label, Max: 1 << 53, Integer: true}, tip,
		func(r recipe.Recipe) float64 { return float64(r.Seed) }, func(r *recipe.Recipe, v float64) { r.Seed = uint64(v) }, nil)
}

// constant adds a field for a constant of a method, which has a usual value of
// its own where the recipe says 0.
func (f *form) constant(label, tip string, field func(*recipe.Optimizer) *float64, usual func(optim.Rule) float64, shown func(recipe.Recipe) bool) {
	of := func(method string) float64 {
		rule, err := optim.DefaultRule(method)
		if err != nil {
			return 0
		}
		return usual(rule)
	}
	f.number(widgets.NumberSpec{Label: label, MinOpen: true, Max: 1, MaxOpen: true}, tip, func(r recipe.Recipe) float64 {
		if v := *field(&r.Optimizer); v != 0 {
			return v
		}
		return of(r.Optimizer.Method)
	}, func(r *recipe.Recipe, v float64) {
		if v == of(r.Optimizer.Method) {
			v = 0
		}
		*field(&r.Optimizer) = v
	}, shown)
}

// setMethod changes the method of optimisation: its rate and constants are as
// the user left them, or the usual ones.
func (f *form) setMethod(r *recipe.Recipe, method string) {
	o := &r.Optimizer
	if method == o.Method {
		return
	}
	f.methods[o.Method] = *o
	next, ok := f.methods[method]
	if !ok {
		next.LearningRate = usualRate(method)
	}
	o.Method, o.LearningRate = method, next.LearningRate
	o.Decay, o.Beta1, o.Beta2, o.Epsilon = next.Decay, next.Beta1, next.Beta2, next.Epsilon
}

// usualRate is the learning rate to begin with.
func usualRate(method string) float64 {
	switch method {
	case recipe.MethodAdam, recipe.MethodRMSprop:
		return 1e-3
	case recipe.MethodAdadelta:
		return 1
	}
	return recipe.Default().Optimizer.LearningRate
}
