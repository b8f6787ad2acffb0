package train_test

import (
	"math"
	"strings"
	"testing"

	"filterscope/engine/recipe"
)

// H2O's rectifier in the output of centred data is the case that bites.
func TestOutOfReach(t *testing.T) {
	data := crosses() // of 32 values 4 are below 0, 2 below −1 and 2 above 1
	for _, test := range []struct {
		kind, set, want string // "" for nothing to say
	}{
		{recipe.KindDeep, "model.decoder=linear", ""},
		{recipe.KindDeep, "model.decoder=elu", "6.25 % of the values cannot be reconstructed: they go from -3 to 3, and outputs of elu only from -1 up"},
		{recipe.KindDeep, "model.decoder=relu", "12.5 % of the values cannot be reconstructed: they go from -3 to 3, and outputs of relu only from 0 up; linear ones have no bounds"},
		{recipe.KindDeep, "model.decoder=tanh", "12.5 % of the values cannot be reconstructed: they go from -3 to 3, and outputs of tanh only from -1 to 1"},
		{recipe.KindSparse, "model.decoder=sigmoid", "18.8 % of the values"},
		{recipe.KindSparse, "model.decoder=linear", ""},
		{recipe.KindLinear, "model.lambda=0", ""},
	} {
		r := recipe.DefaultOf(test.kind)
		r.Model.Layers = nil
		if r.Model.Has("layers") {
			r.Model.Layers = []int{2}
		}
		r, err := r.Set(test.set)
		if err != nil {
			t.Fatal(err)
		}
		got := prepare(t, r, data).OutOfReach()
		if (got == "") != (test.want == "") || !strings.HasPrefix(got, test.want) {
			t.Errorf("%s %s: %q, want %q", test.kind, test.set, got, test.want)
		}
	}
}

// The logarithm of a Gaussian's variance goes through the activation of the
// output layer, as in DL4J.
func TestBoundedVariance(t *testing.T) {
	for _, test := range []struct{ distribution, decoder, want string }{
		{"gaussian", "linear", ""},
		{"fixed-gaussian", "tanh", ""},
		{"gaussian", "tanh", "the gaussian distribution has only variances from 0.368 to 2.72, since their logarithms go through tanh outputs"},
		{"gaussian:3+exponential:1", "relu", "the gaussian distribution has only variances of 1 and more, "},
		{"fixed-gaussian:3+exponential:1", "sigmoid", "the exponential distribution has only rates from 1 to 2.72, "},
	} {
		r := recipe.DefaultOf(recipe.KindVariational)
		r.Model.Layers, r.Model.DecoderLayers, r.Model.Latent = []int{2}, []int{2}, 1
		r.Model.Distribution, r.Model.Decoder = test.distribution, test.decoder
		data := crosses()
		for i := range data.Doubles {
			data.Doubles[i] = math.Abs(data.Doubles[i])
		}
		got := prepare(t, r, data).OutOfReach()
		if (got == "") != (test.want == "") || !strings.HasPrefix(got, test.want) {
			t.Errorf("%s, %s: %q, want %q", test.distribution, test.decoder, got, test.want)
		}
	}
}
