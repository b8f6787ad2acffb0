package recipe

import (
	"fmt"
	"slices"
	"strings"

	"filterscope/engine/nn"
	"filterscope/engine/optim"
	"filterscope/engine/selection"
)

// namesOf returns the names under which recipes know the values of all.
func namesOf[T fmt.Stringer](all []T) []string {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = v.String()
	}
	return names
}

// Activations lists the activations that a layer of a kind of model may have:
// those of the hidden layers, and those of the output layer.
func Activations(kind string) (hidden, output []string) {
	switch kind {
	case KindSparse:
		return nil, []string{DecoderSigmoid, DecoderLinear}
	case KindVariational:
		all := slices.DeleteFunc(namesOf(nn.Activations()), func(name string) bool { return name == "maxout" })
		return all, all
	}
	all := namesOf(nn.Activations())
	return all, append(slices.Clone(all), DecoderSoftmax)
}

// Choices lists the valid values of a key of [model] that is one of several
// words, and nil for another key.
func Choices(kind, key string) []string {
	hidden, output := Activations(kind)
	switch key {
	case "activation", "latent_activation":
		return hidden
	case "decoder":
		return output
	case "loss":
		if kind == KindVariational { // whose cross-entropy is distribution = "bernoulli"
			return []string{"squared-error", "absolute", "huber"}
		}
		return namesOf(nn.Losses())
	case "scaling":
		return []string{"half-sum", "sum", "mean"}
	case "corruption":
		return []string{"none", "masking", "gaussian", "salt-and-pepper"}
	case "sparsity":
		return []string{"none", "kl", "l1"}
	case "initialiser":
		if kind == KindRBM {
			return []string{"normal", "uniform"}
		}
		return []string{"ufldl", "glorot", "he", "normal"}
	case "visible_units", "hidden_units":
		return []string{"binary", "gaussian", "rectified"}
	case "distribution":
		return []string{"bernoulli", "gaussian", "fixed-gaussian", "exponential", "loss"}
	}
	return nil
}

// validate reports the faults of a model that is trained.
func (m Model) validate(v *validator) {
	for _, key := range modelKeys[m.Kind] {
		if choices := Choices(m.Kind, key); choices != nil && key != "distribution" {
			v.oneOf("model."+key, m.word(key), choices...)
		}
	}
	not := func(key string) bool { return !m.Has(key) }
	if m.Has("hidden") {
		v.whole("model.hidden", m.Hidden, 1, MostUnits)
	}
	if m.Has("layers") {
		if len(m.Layers) == 0 && m.Kind != KindVariational || len(m.Layers) > maxLayers {
			v.fault("model.layers", m.Layers, fmt.Sprintf("a list of 1 to %d sizes, such as [200, 50]", maxLayers))
		}
		v.sizes("model.layers", m.Layers)
	}
	if m.Has("decoder_layers") {
		v.sizes("model.decoder_layers", m.DecoderLayers)
		v.whole("model.latent", m.Latent, 1, MostUnits)
		v.whole("model.samples", m.Samples, 1, 1000)
		v.number("model.kl_weight", m.KLWeight, m.KLWeight >= 0, "0 or more")
		v.whole("model.warm_up", m.WarmUp, 0, maxSteps)
		m.validateDistribution(v)
	}
	share := func(key string, s float64, most string, ok bool) {
		v.number("model."+key, s, s >= 0 && ok, "0 to "+most)
	}
	if m.Has("level") && m.Corruption != "none" {
		share("level", m.Level, "1, a share of the inputs", m.Level <= 1 || m.Corruption == "gaussian")
	}
	share("input_dropout", m.InputDropout, "below 1", not("input_dropout") || m.InputDropout < 1)
	for _, s := range m.Dropout {
		share("dropout", s, "below 1", s < 1)
	}
	if n := len(m.Dropout); m.Has("dropout") && n > 1 && n != len(m.AllLayers()) {
		v.fault("model.dropout", m.Dropout, fmt.Sprintf("one share, or one for each of %d hidden layers", len(m.AllLayers())))
	}
	if m.Has("huber") && m.Loss == "huber" {
		v.number("model.huber", m.Huber, m.Huber > 0, "more than 0")
	}
	if m.Has("init_scale") && m.Initialiser == "normal" {
		v.number("model.init_scale", m.InitScale, m.InitScale > 0, "more than 0")
	}
	if m.Kind == KindRBM {
		v.whole("model.k", m.K, 1, 1000)
		if m.Persistent {
			v.whole("model.chains", m.Chains, 1, 100_000)
		}
	}
	v.whole("model.pretrain", m.Pretrain, 0, maxSteps)
	if m.Has("softmax_iterations") {
		v.whole("model.softmax_iterations", m.SoftmaxIterations, 1, maxSteps)
	}
	if m.Kind == KindSelection {
		if err := m.Selection().Validate(); err != nil {
			v.faults = append(v.faults, fmt.Errorf("model: %w", err))
		}
	}
	v.number("model.lambda", m.Lambda, m.Lambda >= 0, "0 or more")
	v.number("model.l1", m.L1, m.L1 >= 0, "0 or more")
	v.number("model.max_w2", m.MaxW2, m.MaxW2 >= 0, "0 or more; 0 for no limit")
	v.number("model.softmax_lambda", m.SoftmaxLambda, m.SoftmaxLambda >= 0, "0 or more")
	v.number("model.beta", m.Beta, m.Beta >= 0, "0 or more")
	if m.Has("rho") {
		v.number("model.rho", m.Rho, m.Rho > 0 && m.Rho < 1, "a number between 0 and 1, for example 0.05")
	}
	m.validatePairs(v)
}

// Selection returns the network of a selection.
func (m Model) Selection() selection.Spec {
	s := selection.DefaultSpec()
	s.Hidden, s.Operations, s.Pieces, s.Breaks = m.Hidden, m.Operations, m.Pieces, m.Breaks
	s.Low, s.High, s.Temperature, s.Rivalry, s.Entropy = m.Low, m.High, m.Temperature, m.Rivalry, m.Entropy
	return s
}

// validatePairs reports values that do not go with one another.
func (m Model) validatePairs(v *validator) {
	quoted := func(s string) string { return fmt.Sprintf("%q", s) }
	if m.Has("scaling") && m.Loss == "cross-entropy" && m.Decoder != DecoderSigmoid && m.Decoder != DecoderSoftmax {
		v.fault("model.decoder", quoted(m.Decoder), "sigmoid or softmax, which loss = \"cross-entropy\" needs")
	}
	if m.Has("softmax_axis") && m.Decoder == DecoderSoftmax {
		v.whole("model.softmax_axis", m.SoftmaxAxis, -3, 2)
		if m.Loss != "cross-entropy" {
			v.fault("model.loss", quoted(m.Loss), "cross-entropy, the loss of decoder = \"softmax\"")
		}
	}
	if m.Has("sparsity") && m.Sparsity == "kl" && m.Activation != "sigmoid" {
		v.fault("model.sparsity", quoted(m.Sparsity), "l1 or none, or activation = \"sigmoid\": kl compares mean activations between 0 and 1")
	}
	if m.Tied && (m.Activation == "maxout" || m.Decoder == "maxout") {
		v.fault("model.tied", true, "false: maxout units have two sets of weights")
	}
	if m.Tied && m.Kind == KindDeep && !m.Mirror && !slices.Equal(m.Layers, reversed(m.Layers)) {
		v.fault("model.tied", true, "false, or mirror = true: the decoder must mirror the encoder")
	}
	if m.Kind == KindRBM && m.HiddenUnits != "binary" && m.Beta > 0 {
		v.fault("model.beta", m.Beta, "0: a sparsity target is for binary hidden units")
	}
	if m.Kind == KindRBM && m.HiddenUnits == "gaussian" && m.VisibleUnits != "binary" {
		v.fault("model.hidden_units", quoted(m.HiddenUnits), "binary or rectified: two layers without a bound have no distribution")
	}
}

func reversed(list []int) []int {
	back := slices.Clone(list)
	slices.Reverse(back)
	return back
}

// AllLayers returns the units of all hidden layers, the codes among them: of a
// mirrored deep autoencoder also the decoder's.
func (m Model) AllLayers() []int {
	if !m.Has("layers") {
		return []int{m.Hidden}
	}
	all := slices.Clone(m.Layers)
	if m.Kind == KindDeep && m.Mirror {
		for i := len(m.Layers) - 2; i >= 0; i-- {
			all = append(all, m.Layers[i])
		}
	}
	return all
}

// Distributions returns the parts of model.distribution: the name of each, and
// how many features it describes, 0 for all of a single one.
func (m Model) Distributions() (names []string, features []int, err error) {
	for part := range strings.SplitSeq(m.Distribution, "+") {
		name, count, many := strings.Cut(strings.TrimSpace(part), ":")
		n := 0
		if many {
			if _, err := fmt.Sscanf(count, "%d", &n); err != nil || n < 1 {
				return nil, nil, fmt.Errorf("%q: want a number of features after the colon", part)
			}
		}
		if !slices.Contains(Choices(KindVariational, "distribution"), name) {
			return nil, nil, fmt.Errorf("%q: want %s", name, oneOfThese(Choices(KindVariational, "distribution")))
		}
		names, features = append(names, name), append(features, n)
	}
	if len(names) > 1 && slices.Contains(features, 0) {
		return nil, nil, fmt.Errorf("%q: want a number of features for each part, as in gaussian:10+bernoulli:5", m.Distribution)
	}
	return names, features, nil
}

func (m Model) validateDistribution(v *validator) {
	names, _, err := m.Distributions()
	if err != nil {
		v.faults = append(v.faults, fmt.Errorf("model.distribution = %w", err))
		return
	}
	if slices.Contains(names, "bernoulli") && len(names) == 1 && m.Decoder != DecoderSigmoid {
		v.fault("model.decoder", fmt.Sprintf("%q", m.Decoder), "sigmoid, which a Bernoulli distribution has")
	}
}

// word returns the value of a key that is one of several words.
func (m Model) word(key string) string {
	switch key {
	case "activation":
		return m.Activation
	case "latent_activation":
		return m.LatentActivation
	case "decoder":
		return m.Decoder
	case "loss":
		return m.Loss
	case "scaling":
		return m.Scaling
	case "corruption":
		return m.Corruption
	case "sparsity":
		return m.Sparsity
	case "initialiser":
		return m.Initialiser
	case "visible_units":
		return m.VisibleUnits
	case "hidden_units":
		return m.HiddenUnits
	}
	return m.Distribution
}

// maxLayers bounds the layers of a network.
const maxLayers = 20

func (v *validator) sizes(key string, list []int) {
	for i, n := range list {
		v.whole(fmt.Sprintf("%s[%d]", key, i), n, 1, MostUnits)
	}
}

// Schedules lists the valid values of optimizer.schedule.name.
func Schedules() []string { return optim.ScheduleNames() }

func (o Optimizer) validate(v *validator) {
	v.oneOf("optimizer.method", o.Method, Methods()...)
	v.whole("optimizer.patience", o.Patience, 0, maxSteps)
	v.number("optimizer.min_delta", o.MinDelta, o.MinDelta >= 0, "0 or more")
	if !o.Minibatch() {
		v.whole("optimizer.iterations", o.Iterations, 1, maxSteps)
		if o.Method == MethodLBFGS {
			v.whole("optimizer.memory", o.Memory, 1, 1000)
		}
		return
	}
	below1 := func(key string, n float64) {
		v.number("optimizer."+key, n, n >= 0 && n < 1, "0 to below 1")
	}
	v.whole("optimizer.epochs", o.Epochs, 1, maxSteps)
	v.whole("optimizer.batch", o.Batch, 1, maxCount)
	v.number("optimizer.learning_rate", o.LearningRate, o.LearningRate > 0, "more than 0")
	below1("momentum", o.Momentum)
	below1("momentum_start", o.MomentumStart)
	v.number("optimizer.momentum_ramp", o.MomentumRamp, o.MomentumRamp >= 0, "0 or more examples")
	below1("decay", o.Decay)
	below1("beta1", o.Beta1)
	below1("beta2", o.Beta2)
	below1("epsilon", o.Epsilon)
	v.number("optimizer.clip_value", o.ClipValue, o.ClipValue >= 0, "0 or more; 0 for no limit")
	v.number("optimizer.clip_norm", o.ClipNorm, o.ClipNorm >= 0, "0 or more; 0 for no limit")
	if o.Schedule.Name == "" {
		return
	}
	if v.oneOf("optimizer.schedule.name", o.Schedule.Name, Schedules()...); slices.Contains(Schedules(), o.Schedule.Name) {
		if _, err := o.Schedule.Optim(); err != nil {
			v.faults = append(v.faults, fmt.Errorf("optimizer.schedule: %w", err))
		}
		if floor := o.Schedule.Floor; floor > o.LearningRate && o.Schedule.unused("floor") == "" {
			v.fault("optimizer.schedule.floor", floor, fmt.Sprintf("at most the learning rate, %v", o.LearningRate))
		}
	}
}
