package app

import (
	"slices"
	"strconv"

	"filterscope/engine/nn"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// kindOptions are the models that can be chosen, by the names that people know.
var kindOptions = []option{
	{recipe.KindSparse, "Sparse autoencoder"},
	{recipe.KindDeep, "Deep autoencoder"},
	{recipe.KindDenoising, "Denoising autoencoder"},
	{recipe.KindVariational, "Variational autoencoder"},
	{recipe.KindRBM, "Boltzmann machine (RBM)"},
	{recipe.KindLinear, "Linear layer (identity)"},
	{recipe.KindStacked, "Stacked AE + softmax"},
}

// axisOptions are the axes of an example.
var axisOptions = []option{{"-1", "the last"}, {"0", "0, rows"}, {"1", "1, columns"}, {"2", "2, channels"}}

// kindsFor lists them for a recipe: a selection has data of its own and is only
// there in a recipe of one.
func kindsFor(r recipe.Recipe) []option {
	if r.Model.Kind == recipe.KindSelection {
		return append(slices.Clone(kindOptions), option{recipe.KindSelection, kindName(recipe.KindSelection)})
	}
	return kindOptions
}

// kindName is what people call a kind of model.
func kindName(kind string) string {
	switch kind {
	case recipe.KindSelection:
		return "Soft selection"
	case recipe.KindRBF:
		return "Radial basis functions"
	}
	return labelOf(kindOptions, kind)
}

// setKind gives a recipe a model of another kind: as the user left it, or that
// kind's own.
func (f *form) setKind(r *recipe.Recipe, kind string) {
	f.kept[r.Model.Kind] = *r
	next := r.WithKind(kind)
	if was, ok := f.kept[kind]; ok {
		next.Model, next.Optimizer = was.Model, was.Optimizer
		if (was.Data.Source == recipe.SourcePieces) != (r.Data.Source == recipe.SourcePieces) {
			next.Data, next.Preprocess = was.Data, was.Preprocess
		}
	}
	*r = next
}

// addModel adds the fields of the network.
func (f *form) addModel() {
	f.section("Model", nil)
	f.kind = f.choice("", "What is trained", kindsFor,
		func(r recipe.Recipe) string { return r.Model.Kind }, f.setKind, nil)
	f.preset = f.choice("", "Model and optimiser as a system people know has them; the data stay as they are", presetOptions, presetOf,
		func(r *recipe.Recipe, name string) { usePreset(r, name) }, func(r recipe.Recipe) bool { return presets[r.Model.Kind] != nil })
	f.unfit = widgets.NewParagraph("", formWidth)
	f.unfit.SetColour(ColorNameWarn)
	f.row(formRow{object: f.unfit, shown: func(recipe.Recipe) bool { return f.unfit.Text() != "" }})

	f.hidden = f.whole("Hidden", 1, recipe.MostUnits, "Hidden units: one filter each", func(r *recipe.Recipe) *int { return &r.Model.Hidden }, has("hidden"))
	f.layers = f.list("Layers", "Units of the hidden layers, from the input on", func(r *recipe.Recipe) *[]int { return &r.Model.Layers },
		both(has("layers"), func(r recipe.Recipe) bool { return r.Model.Kind != recipe.KindVariational }), 1)
	f.check("Mirrored", "The decoder has the same layers backwards; without it the list is of all hidden layers and the narrowest holds the codes",
		func(r *recipe.Recipe) *bool { return &r.Model.Mirror }, has("mirror"))
	f.list("Encoder", "Units of the layers from the input to the code; none is allowed", func(r *recipe.Recipe) *[]int { return &r.Model.Layers },
		has("decoder_layers"), 0)
	f.whole("Latent", 1, recipe.MostUnits, "Units of the code: two make a map", func(r *recipe.Recipe) *int { return &r.Model.Latent }, has("latent"))
	f.list("Decoder", "Units of the layers from the code to the output; none is allowed", func(r *recipe.Recipe) *[]int { return &r.Model.DecoderLayers },
		has("decoder_layers"), 0)

	f.word("Visible", "Kind of the visible units: binary for values between 0 and 1, gaussian for standardised ones", "visible_units",
		func(r *recipe.Recipe) *string { return &r.Model.VisibleUnits })
	f.word("Units", "Kind of the hidden units", "hidden_units", func(r *recipe.Recipe) *string { return &r.Model.HiddenUnits })

	f.activation = f.choice("Activation", "Of the hidden layers", wordsOf("activation"), func(r recipe.Recipe) string { return r.Model.Activation },
		func(r *recipe.Recipe, v string) {
			m := &r.Model
			if m.Kind == recipe.KindDeep && sameOutput(*r) { // which the tick below says
				m.Decoder = v
			}
			m.Activation = v
		}, has("activation"))
	f.output = f.choice("Output", "Activation of the output layer: linear for any data, sigmoid for data from 0 to 1, softmax for shares", wordsOf("decoder"),
		func(r recipe.Recipe) string { return r.Model.Decoder },
		func(r *recipe.Recipe, v string) {
			if r.Model.Decoder = v; v == recipe.DecoderSoftmax {
				r.Model.Loss = nn.CrossEntropy.String() // its only one
			}
		}, has("decoder"))
	f.axis = f.choice("Softmax axis", "Along which the outputs are shares that add up to 1: the channels of each pixel, say", func(recipe.Recipe) []option { return axisOptions },
		func(r recipe.Recipe) string { return strconv.Itoa(r.Model.SoftmaxAxis) },
		func(r *recipe.Recipe, v string) { r.Model.SoftmaxAxis, _ = strconv.Atoi(v) },
		both(has("softmax_axis"), func(r recipe.Recipe) bool { return r.Model.Decoder == recipe.DecoderSoftmax }))
	f.same = f.checkOf("Same as hidden, as in H2O", "The output layer has the activation of the hidden ones; else it is linear", sameOutput,
		func(r *recipe.Recipe, on bool) {
			r.Model.Decoder = recipe.DecoderLinear
			if on {
				r.Model.Decoder = r.Model.Activation
			}
		}, func(r recipe.Recipe) bool {
			return r.Model.Kind == recipe.KindDeep && r.Model.Activation != recipe.DecoderLinear
		})
	f.unreachable = widgets.NewParagraph("", formWidth)
	f.unreachable.SetColour(ColorNameWarn)
	f.row(formRow{object: f.unreachable, shown: func(recipe.Recipe) bool { return f.unreachable.Text() != "" }})

	f.choice("Likelihood", "How likely an input is under its reconstruction", likelihoods, func(r recipe.Recipe) string { return r.Model.Distribution },
		func(r *recipe.Recipe, v string) { r.Model.Distribution = v }, has("distribution"))
	f.word("Loss", "What the reconstruction is judged by", "loss", func(r *recipe.Recipe) *string { return &r.Model.Loss })
	f.real(widgets.NumberSpec{Label: "δ Huber", MinOpen: true, Max: 1e6}, "Up to this distance the loss is a square, beyond it a straight line",
		func(r *recipe.Recipe) *float64 { return &r.Model.Huber },
		both(has("huber"), judgedByLoss, func(r recipe.Recipe) bool { return r.Model.Loss == "huber" }))

	f.word("Corruption", "What is done to the inputs that have to be repaired: anew at every step, but once and for all with L-BFGS and the conjugate gradient. Salt and pepper are the largest and the least value of the data", "corruption", func(r *recipe.Recipe) *string { return &r.Model.Corruption })
	f.number(widgets.NumberSpec{Label: "Level", Max: 10, Badge: badgeLive}, "Share of the inputs that is corrupted, or the standard deviation of the noise",
		func(r recipe.Recipe) float64 { return r.Model.Level }, func(r *recipe.Recipe, v float64) { r.Model.Level = v },
		both(has("level"), func(r recipe.Recipe) bool { return r.Model.Corruption != "none" }))
	f.whole("Gibbs steps", 1, 1000, "k: how often the machine goes from the visible units to the hidden ones and back at every step",
		func(r *recipe.Recipe) *int { return &r.Model.K }, has("k"))
	f.check("Persistent chains (PCD)", "The chains go on where they were, instead of starting at the examples (CD)",
		func(r *recipe.Recipe) *bool { return &r.Model.Persistent }, has("persistent"))
	f.whole("Chains", 1, 100_000, "How many chains go on", func(r *recipe.Recipe) *int { return &r.Model.Chains },
		both(has("chains"), func(r recipe.Recipe) bool { return r.Model.Persistent }))
	f.check("Fine-tune at the end", "Train all layers and the softmax together once each is trained alone",
		func(r *recipe.Recipe) *bool { return &r.Model.FineTune }, has("fine_tune"))
	f.whole("Pre-train", 0, 10_000_000, "For how many epochs (iterations of L-BFGS) each layer of the encoder is trained alone before all of them together; 0 for not",
		func(r *recipe.Recipe) *int { return &r.Model.Pretrain }, has("pretrain"))

	f.addMoreModel()
	f.addSelection()
}

// addMoreModel adds the fields of the network that are seldom changed.
func (f *form) addMoreModel() {
	f.moreOf("More of the model")
	f.check("Tied weights", "The decoder has the weights of the encoder, transposed", func(r *recipe.Recipe) *bool { return &r.Model.Tied }, has("tied"))
	f.choice("Scaling", "Whether the loss of an example is half the sum over its features, the sum, or the mean", wordsOf("scaling"),
		func(r recipe.Recipe) string { return r.Model.Scaling }, func(r *recipe.Recipe, v string) { r.Model.Scaling = v }, has("scaling"))
	f.choice("Code", "Activation of the code: DL4J’s pzxActivation", wordsOf("latent_activation"),
		func(r recipe.Recipe) string { return r.Model.LatentActivation },
		func(r *recipe.Recipe, v string) { r.Model.LatentActivation = v }, has("latent_activation"))
	f.whole("Samples L", 1, 1000, "Codes drawn for an example at every step; drawn once with L-BFGS and the conjugate gradient", func(r *recipe.Recipe) *int { return &r.Model.Samples }, has("samples"))
	f.whole("Warm-up", 0, 10_000_000, "Steps over which the KL weight grows from 0", func(r *recipe.Recipe) *int { return &r.Model.WarmUp }, has("warm_up"))
	f.text("Composite", "Several likelihoods side by side, each with its number of features: gaussian:10+bernoulli:5", checkDistribution,
		func(r recipe.Recipe) string { return r.Model.Distribution },
		func(r *recipe.Recipe, v string) { r.Model.Distribution = v }, has("distribution"))
	f.dropInputs = f.real(widgets.NumberSpec{Label: "Drop inputs", Symbol: "share", Max: 1, MaxOpen: true}, "Share of the inputs set to 0 while training, drawn once with L-BFGS and the conjugate gradient: H2O’s input_dropout_ratio",
		func(r *recipe.Recipe) *float64 { return &r.Model.InputDropout }, has("input_dropout"))
	f.text("Dropout", "Share of the units silenced while training, drawn once with L-BFGS and the conjugate gradient: one for all hidden layers, or one for each, as in 0.2, 0.5", checkShares,
		func(r recipe.Recipe) string { return sharesText(r.Model.Dropout) },
		func(r *recipe.Recipe, v string) { r.Model.Dropout, _ = parseShares(v) }, has("dropout"))
	f.real(widgets.NumberSpec{Label: "Max-norm", Max: 1e6}, "Cap on the sum of squares of the weights into a unit; 0 for none: H2O’s max_w2",
		func(r *recipe.Recipe) *float64 { return &r.Model.MaxW2 }, has("max_w2"))
	f.check("Means, not samples, of inputs", "The visible units take their probabilities in the chains instead of samples",
		func(r *recipe.Recipe) *bool { return &r.Model.VisibleMeans }, has("visible_means"))
	f.word("Start", "How the first weights are drawn", "initialiser", func(r *recipe.Recipe) *string { return &r.Model.Initialiser })
	f.real(widgets.NumberSpec{Label: "Start σ", Symbol: "σ", MinOpen: true, Max: 100}, "Standard deviation of the first weights",
		func(r *recipe.Recipe) *float64 { return &r.Model.InitScale },
		both(has("init_scale"), func(r recipe.Recipe) bool { return r.Model.Initialiser == "normal" }))
	f.fold = nil
}

// addSelection adds the fields of a soft selection.
func (f *form) addSelection() {
	f.text("Operations", "What there is to choose from, as formulas in x", checkList, func(r recipe.Recipe) string { return listText(r.Model.Operations, plainText) },
		func(r *recipe.Recipe, v string) { r.Model.Operations = split(v) }, has("operations"))
	f.text("Pieces", "The function to learn, one formula between two breaks", checkList, func(r recipe.Recipe) string { return listText(r.Model.Pieces, plainText) },
		func(r *recipe.Recipe, v string) { r.Model.Pieces = split(v) }, has("pieces"))
	f.text("Breaks", "Where one piece ends and the next begins", checkNumbers, func(r recipe.Recipe) string { return listText(r.Model.Breaks, widgets.FormatNumber) },
		func(r *recipe.Recipe, v string) { r.Model.Breaks, _ = parseNumbers(v) }, has("breaks"))
	ends := widgets.NumberSpec{Label: "x from", Symbol: "x", Min: -1e6, Max: 1e6}
	f.real(ends, "Where the function begins", func(r *recipe.Recipe) *float64 { return &r.Model.Low }, has("low"))
	ends.Label = "x to"
	f.real(ends, "Where the function ends", func(r *recipe.Recipe) *float64 { return &r.Model.High }, has("high"))
	f.real(widgets.NumberSpec{Label: "Softness", MinOpen: true, Max: 1e6}, "Temperature that divides the inputs of the softmax: small ones make it harder",
		func(r *recipe.Recipe) *float64 { return &r.Model.Temperature }, has("temperature"))
	f.real(widgets.NumberSpec{Label: "Rivalry", Max: 1e6}, "Weight of the loss of every operation alone, where it is chosen",
		func(r *recipe.Recipe) *float64 { return &r.Model.Rivalry }, has("rivalry"))
	f.real(widgets.NumberSpec{Label: "Entropy", Max: 1e6}, "Weight of the entropy of the shares: larger ones make it choose",
		func(r *recipe.Recipe) *float64 { return &r.Model.Entropy }, has("entropy"))
}

// word adds a list of the words that a key of the model can be.
func (f *form) word(label, tip, key string, field func(*recipe.Recipe) *string) *widgets.SelectRow {
	shown := has(key)
	if key == "loss" {
		shown = both(shown, judgedByLoss)
	}
	return f.choice(label, tip, wordsOf(key), func(r recipe.Recipe) string { return *field(&r) },
		func(r *recipe.Recipe, v string) { *field(r) = v }, shown)
}

// list adds a field for the sizes of layers, at least so many.
func (f *form) list(label, tip string, field func(*recipe.Recipe) *[]int, shown func(recipe.Recipe) bool, least int) *widgets.TextField {
	return f.text(label, tip, func(text string) (int, string) { return checkSizes(text, least) },
		func(r recipe.Recipe) string { return sizesText(*field(&r)) },
		func(r *recipe.Recipe, v string) { *field(r), _, _ = parseSizes(v) }, shown)
}

// wordsOf returns the values of a key of the model with their words.
func wordsOf(key string) func(recipe.Recipe) []option {
	return func(r recipe.Recipe) []option { return formOptions(recipe.Choices(r.Model.Kind, key)) }
}

// likelihoods lists the distributions, and the recipe's own if it is of several
// parts.
func likelihoods(r recipe.Recipe) []option {
	options := wordsOf("distribution")(r)
	if v := r.Model.Distribution; labelOf(options, v) == v && !slices.ContainsFunc(options, func(o option) bool { return o.value == v }) {
		options = append(options, option{v, "composite"})
	}
	return options
}

// sameOutput reports whether the output layer has the activation of the hidden
// ones, and that is not just linear.
func sameOutput(r recipe.Recipe) bool {
	return r.Model.Decoder == r.Model.Activation && r.Model.Activation != nn.Linear.String()
}

// judgedByLoss reports whether the loss counts: not in a variational
// autoencoder that is judged by a likelihood.
func judgedByLoss(r recipe.Recipe) bool {
	return r.Model.Kind != recipe.KindVariational || r.Model.Distribution == "loss"
}
