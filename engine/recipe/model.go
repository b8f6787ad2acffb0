package recipe

import (
	"slices"

	"filterscope/engine/selection"
)

// Kinds of model.
const (
	KindSparse      = "sparse"      // UFLDL's sparse autoencoder: one hidden layer of sigmoid units
	KindDeep        = "deep"        // any number of hidden layers: H2O's, Keras's
	KindDenoising   = "denoising"   // one hidden layer that repairs corrupted input: DL4J's
	KindVariational = "variational" // DL4J's, PyTorch's
	KindRBM         = "rbm"         // restricted Boltzmann machine
	KindLinear      = "linear"      // one dense layer that learns the identity: Keras's
	KindStacked     = "stacked"     // layers pre-trained one by one, a softmax on top, fine-tuning: UFLDL's
	KindSelection   = "selection"   // operations chosen by softmax
	KindRBF         = "rbf"         // radial basis functions, for filterscope rbf
)

// Kinds lists the valid values of model.kind.
func Kinds() []string {
	return []string{
		KindSparse, KindDeep, KindDenoising, KindVariational, KindRBM, KindLinear, KindStacked, KindSelection, KindRBF,
	}
}

// Values of model.decoder that are spoken of by name.
const (
	DecoderSigmoid = "sigmoid"
	DecoderLinear  = "linear"
	DecoderSoftmax = "softmax" // over Model.SoftmaxAxis
)

// Model is the network and its objective. A recipe holds the keys that mean
// something for its kind (see ModelKeys); the other fields are zero. Of an RBF
// network that is the kind alone: the rest is in the [rbf] table.
type Model struct {
	Kind   string `toml:"kind"`
	Hidden int    `toml:"hidden"` // hidden units
	// Layers are the units of the hidden layers: with Mirror, or for another kind
	// than deep, those of the encoder, the last of them the codes of a deep
	// autoencoder; without Mirror all of them, as H2O's hidden, where the narrowest
	// one holds the codes.
	Layers        []int `toml:"layers"`
	Mirror        bool  `toml:"mirror"`
	DecoderLayers []int `toml:"decoder_layers"` // of a variational autoencoder, from the codes on
	Latent        int   `toml:"latent"`         // units of the code of a variational autoencoder

	Tied       bool   `toml:"tied"`       // the decoder has the transposed weights of the encoder
	Activation string `toml:"activation"` // of the hidden layers
	Decoder    string `toml:"decoder"`    // activation of the output layer
	// SoftmaxAxis is the axis of an example that decoder = "softmax" makes shares along: of
	// an image 0 for its rows, 1 its columns and 2 the channels of a pixel; negative
	// ones are counted from the last.
	SoftmaxAxis int `toml:"softmax_axis"`

	Loss    string  `toml:"loss"`    // squared-error, absolute, huber, cross-entropy
	Huber   float64 `toml:"huber"`   // δ of loss = "huber"
	Scaling string  `toml:"scaling"` // half-sum, sum or mean over the features

	// Distribution judges the reconstructions of a variational autoencoder:
	// bernoulli, gaussian, fixed-gaussian, exponential, or loss for the plain Loss;
	// several with numbers of features side by side, "gaussian:10+bernoulli:5".
	Distribution     string  `toml:"distribution"`
	LatentActivation string  `toml:"latent_activation"` // DL4J's pzxActivation
	Samples          int     `toml:"samples"`           // L, codes drawn for an example
	KLWeight         float64 `toml:"kl_weight"`         // β of a variational autoencoder
	WarmUp           int     `toml:"warm_up"`           // steps over which kl_weight grows from 0

	Corruption   string    `toml:"corruption"`    // none, masking, gaussian, salt-and-pepper
	Level        float64   `toml:"level"`         // share of inputs corrupted, or standard deviation of the noise
	InputDropout float64   `toml:"input_dropout"` // share of inputs set to 0 while training: H2O's input_dropout_ratio
	Dropout      []float64 `toml:"dropout"`       // share of silenced units of each hidden layer, or one for all

	VisibleUnits string `toml:"visible_units"` // binary, gaussian or rectified
	HiddenUnits  string `toml:"hidden_units"`
	K            int    `toml:"k"`          // Gibbs steps
	Persistent   bool   `toml:"persistent"` // PCD instead of CD
	Chains       int    `toml:"chains"`     // persistent chains
	VisibleMeans bool   `toml:"visible_means"`

	Lambda   float64 `toml:"lambda"` // λ, weight decay
	L1       float64 `toml:"l1"`     // λ₁ of Σ|w|
	MaxW2    float64 `toml:"max_w2"` // cap on Σw² of the weights into a unit; 0 means none
	Sparsity string  `toml:"sparsity"`
	// SparseAll penalises the activity of every hidden layer, as H2O does, not that of
	// the codes alone.
	SparseAll bool    `toml:"sparse_all"`
	Beta      float64 `toml:"beta"` // β, weight of the sparsity term
	Rho       float64 `toml:"rho"`  // ρ, the mean activation wanted of every hidden unit

	// Pretrain is for how many epochs, or iterations of a full-batch method, each layer
	// of a deep encoder is trained alone before all are trained together; 0 for not.
	Pretrain int `toml:"pretrain"`

	SoftmaxLambda float64 `toml:"softmax_lambda"` // weight decay of the softmax layer
	FineTune      bool    `toml:"fine_tune"`      // train all layers together at the end
	// SoftmaxIterations are those of a full-batch method on the softmax alone.
	SoftmaxIterations int `toml:"softmax_iterations"`

	// Of a selection: the operations to choose from, and the target, which between
	// two Breaks is one of Pieces, from Low to High. Temperature divides the inputs of
	// the softmax, Rivalry and Entropy weigh terms; see selection.Spec.
	Operations  []string  `toml:"operations"`
	Pieces      []string  `toml:"pieces"`
	Breaks      []float64 `toml:"breaks"`
	Low         float64   `toml:"low"`
	High        float64   `toml:"high"`
	Temperature float64   `toml:"temperature"`
	Rivalry     float64   `toml:"rivalry"`
	Entropy     float64   `toml:"entropy"`

	Initialiser string  `toml:"initialiser"` // ufldl, glorot, he or normal
	InitScale   float64 `toml:"init_scale"`  // standard deviation of initialiser = "normal"
}

// modelKeys lists the keys of [model] that mean something, by kind, besides
// kind itself.
var modelKeys = map[string][]string{
	KindSparse: {"hidden", "decoder", "lambda", "beta", "rho"},
	KindDeep: {
		"layers", "mirror", "tied", "activation", "decoder", "softmax_axis", "loss", "huber", "scaling", "input_dropout", "dropout",
		"lambda", "l1", "max_w2", "sparsity", "sparse_all", "beta", "rho", "initialiser", "init_scale", "pretrain",
	},
	KindDenoising: {
		"hidden", "tied", "activation", "decoder", "softmax_axis", "loss", "huber", "scaling", "corruption", "level",
		"lambda", "l1", "max_w2", "sparsity", "beta", "rho", "initialiser", "init_scale",
	},
	KindVariational: {
		"layers", "decoder_layers", "latent", "activation", "decoder", "distribution", "loss", "huber", "latent_activation",
		"samples", "kl_weight", "warm_up", "lambda", "initialiser", "init_scale",
	},
	KindRBM: {
		"hidden", "visible_units", "hidden_units", "k", "persistent", "chains", "visible_means",
		"lambda", "l1", "beta", "rho", "initialiser",
	},
	KindLinear:    {"scaling", "lambda", "initialiser", "init_scale"},
	KindStacked:   {"layers", "lambda", "beta", "rho", "softmax_lambda", "softmax_iterations", "fine_tune"},
	KindSelection: {"hidden", "operations", "pieces", "breaks", "low", "high", "temperature", "rivalry", "entropy"},
	KindRBF:       {},
}

// ModelKeys lists the keys of [model] that mean something for a kind, kind
// itself left out.
func ModelKeys(kind string) []string { return modelKeys[kind] }

// isModelKey reports whether a kind has the key.
func isModelKey(key string) bool {
	for _, keys := range modelKeys {
		if slices.Contains(keys, key) {
			return true
		}
	}
	return false
}

// Has reports whether the key of [model] means something for m.
func (m Model) Has(key string) bool { return key == "kind" || slices.Contains(modelKeys[m.Kind], key) }

// DefaultModel returns a complete model of a kind: of the system it comes from,
// or the one of Default for a kind that does not exist.
func DefaultModel(kind string) Model {
	deep := Model{
		Kind: kind, Activation: "tanh", Decoder: DecoderLinear, Loss: "squared-error", Huber: 1, Scaling: "half-sum",
		SoftmaxAxis: -1, Sparsity: "none", Rho: 0.05, Initialiser: "glorot", InitScale: 0.01,
	}
	switch kind {
	case KindDeep:
		deep.Layers, deep.Mirror = []int{200, 50}, true
		return deep
	case KindDenoising: // DL4J's AutoEncoder layer
		deep.Hidden, deep.Activation, deep.Decoder, deep.Loss = 100, "sigmoid", "sigmoid", "cross-entropy"
		deep.Tied, deep.Corruption, deep.Level = true, "masking", 0.3
		return deep
	case KindVariational: // PyTorch's example
		return Model{
			Kind: kind, Layers: []int{400}, DecoderLayers: []int{400}, Latent: 20, Activation: "relu", Decoder: DecoderSigmoid,
			Distribution: "bernoulli", Loss: "squared-error", Huber: 1, LatentActivation: "linear", Samples: 1, KLWeight: 1,
			Initialiser: "glorot", InitScale: 0.01,
		}
	case KindRBM: // scikit-learn's BernoulliRBM
		return Model{
			Kind: kind, Hidden: 256, VisibleUnits: "binary", HiddenUnits: "binary", K: 1, Persistent: true, Chains: 10,
			Rho: 0.1, Initialiser: "normal",
		}
	case KindLinear: // Keras's Dense
		return Model{Kind: kind, Scaling: "mean", Initialiser: "glorot", InitScale: 0.01}
	case KindStacked: // UFLDL's exercise
		return Model{Kind: kind, Layers: []int{200, 200}, Lambda: 3e-3, Beta: 3, Rho: 0.1, SoftmaxLambda: 1e-4, SoftmaxIterations: 100, FineTune: true}
	case KindSelection:
		d := selection.DefaultSpec()
		return Model{
			Kind: kind, Hidden: d.Hidden, Operations: d.Operations, Pieces: d.Pieces, Breaks: d.Breaks, Low: d.Low, High: d.High,
			Temperature: d.Temperature, Rivalry: d.Rivalry, Entropy: d.Entropy,
		}
	case KindRBF:
		return Model{Kind: kind}
	}
	return Model{Kind: KindSparse, Hidden: 25, Decoder: DecoderSigmoid, Lambda: 1e-4, Beta: 3, Rho: 0.01}
}
