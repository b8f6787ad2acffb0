package app

import (
	"bytes"
	"slices"

	"filterscope/engine/recipe"
)

// preset is a model and an optimiser as a system or a paper has them.
type preset struct {
	name      string
	model     func(m *recipe.Model) // changes the kind's default
	optimizer func(o *recipe.Optimizer)
}

// presets are those of each kind of model.
var presets = map[string][]preset{
	recipe.KindSparse: {
		{"UFLDL, edges: 25", func(m *recipe.Model) {}, full(400)},
		{"UFLDL, MNIST: 196", func(m *recipe.Model) { m.Hidden, m.Lambda, m.Rho = 196, 3e-3, 0.1 }, full(400)},
		{"UFLDL, colour: 400", func(m *recipe.Model) {
			m.Hidden, m.Decoder, m.Lambda, m.Beta, m.Rho = 400, recipe.DecoderLinear, 3e-3, 5, 0.035
		}, full(400)},
	},
	recipe.KindDeep: {
		{"H2O: tanh 200-200", func(m *recipe.Model) {
			m.Layers, m.Mirror, m.Activation, m.Decoder = []int{200, 200}, false, "tanh", "tanh"
		}, func(o *recipe.Optimizer) {
			o.Method, o.LearningRate, o.Decay, o.Epsilon, o.Epochs, o.Batch = recipe.MethodAdadelta, 1, 0.99, 1e-8, 10, 20
		}},
		{"Keras: 32 ReLU", func(m *recipe.Model) {
			m.Layers, m.Activation, m.Decoder, m.Loss, m.Scaling = []int{32}, "relu", "sigmoid", "cross-entropy", "mean"
		}, adam(50, 256)},
		{"Hinton 1000-500-250-30", func(m *recipe.Model) {
			m.Layers, m.Decoder, m.Loss = []int{1000, 500, 250, 30}, "sigmoid", "cross-entropy"
		}, adam(20, 128)},
	},
	recipe.KindDenoising: {
		{"DL4J: masking 0.3", func(m *recipe.Model) {}, descent(20, 20, 0.1)},
		{"Theano dA: 500", func(m *recipe.Model) { m.Hidden = 500 }, descent(15, 20, 0.1)},
	},
	recipe.KindVariational: {
		{"DL4J: leaky ReLU, 2 codes", func(m *recipe.Model) {
			m.Layers, m.DecoderLayers, m.Latent, m.Activation, m.Lambda = []int{256, 256}, []int{256, 256}, 2, "leaky-relu", 1e-4
		}, func(o *recipe.Optimizer) {
			o.Method, o.LearningRate, o.Epochs, o.Batch = recipe.MethodRMSprop, 1e-3, 20, 128
		}},
		{"PyTorch: 400-20-400", func(m *recipe.Model) {}, adam(10, 128)},
		{"2-D map", func(m *recipe.Model) { m.Latent, m.Activation = 2, "tanh" }, adam(30, 100)},
	},
	recipe.KindRBM: {
		{"scikit-learn: PCD, 256", func(m *recipe.Model) {}, descent(10, 10, 0.1)},
		{"Theano: PCD-15, 500", func(m *recipe.Model) {
			m.Hidden, m.K, m.Chains, m.Initialiser = 500, 15, 20, "uniform"
		}, descent(15, 20, 0.1)},
	},
	recipe.KindLinear: {
		{"Keras: one Dense layer", func(m *recipe.Model) {}, descent(100, 32, 0.01)},
	},
	recipe.KindStacked: {
		{"UFLDL stacked: 200-200", func(m *recipe.Model) {}, full(400)},
		{"UFLDL self-taught: 200", func(m *recipe.Model) { m.Layers, m.FineTune = []int{200}, false }, full(400)},
	},
}

func full(iterations int) func(*recipe.Optimizer) {
	return func(o *recipe.Optimizer) { o.Method, o.Iterations = recipe.MethodLBFGS, iterations }
}

func adam(epochs, batch int) func(*recipe.Optimizer) {
	return func(o *recipe.Optimizer) {
		o.Method, o.LearningRate, o.Epochs, o.Batch = recipe.MethodAdam, 1e-3, epochs, batch
	}
}

func descent(epochs, batch int, rate float64) func(*recipe.Optimizer) {
	return func(o *recipe.Optimizer) {
		o.Method, o.LearningRate, o.Epochs, o.Batch, o.Momentum = recipe.MethodSGD, rate, epochs, batch, 0
	}
}

// noPreset is shown where the values are of no preset.
const noPreset = "Presets…"

// apply returns the recipe with the model and the optimiser of the preset.
func (p preset) apply(r recipe.Recipe) recipe.Recipe {
	r.Model, r.Optimizer = recipe.DefaultModel(r.Model.Kind), recipe.DefaultOptimizer(r.Model.Kind)
	p.model(&r.Model)
	p.optimizer(&r.Optimizer)
	return r
}

func presetOptions(r recipe.Recipe) []option {
	var options []option
	for _, p := range presets[r.Model.Kind] {
		options = append(options, option{p.name, p.name})
	}
	return options
}

// presetOf names the preset that the recipe has, up to what its method does not
// use.
func presetOf(r recipe.Recipe) string {
	text := r.Encode()
	at := slices.IndexFunc(presets[r.Model.Kind], func(p preset) bool {
		other := p.apply(r)
		other.Optimizer = leaveOut(other.Optimizer, r.Optimizer)
		return bytes.Equal(other.Encode(), text)
	})
	if at < 0 {
		return noPreset
	}
	return presets[r.Model.Kind][at].name
}

// leaveOut returns o with the values of another optimiser where its method does
// not use them.
func leaveOut(o, other recipe.Optimizer) recipe.Optimizer {
	if o.Minibatch() {
		o.Iterations, o.Memory = other.Iterations, other.Memory
	} else {
		o.Epochs, o.Batch, o.LearningRate = other.Epochs, other.Batch, other.LearningRate
	}
	if o.Method != recipe.MethodSGD {
		o.Momentum = other.Momentum
	}
	return o
}

// usePreset gives the recipe the model and the optimiser of a preset.
func usePreset(r *recipe.Recipe, name string) {
	for _, p := range presets[r.Model.Kind] {
		if p.name == name {
			*r = p.apply(*r)
			return
		}
	}
}
