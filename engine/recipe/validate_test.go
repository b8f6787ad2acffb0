package recipe_test

import (
	"strings"
	"testing"

	"filterscope/engine/recipe"
)

// What each kind of model and optimiser refuses, one sentence each.
func TestValidateKinds(t *testing.T) {
	for _, test := range []struct {
		kind string
		set  []string
		want string // "" when the recipe is good
	}{
		{recipe.KindDeep, []string{"model.layers=[]"}, "model.layers = []: want a list of 1 to 20 sizes"},
		{recipe.KindDeep, []string{"model.layers=[5, 0]"}, "model.layers[1] = 0: want 1 to"},
		{recipe.KindDeep, []string{"model.loss=cross-entropy"}, `model.decoder = "linear": want sigmoid`},
		{recipe.KindDeep, []string{"model.loss=cross-entropy", "model.decoder=sigmoid"}, ""},
		{recipe.KindDeep, []string{"model.sparsity=kl"}, `model.sparsity = "kl": want l1 or none, or activation = "sigmoid"`},
		{recipe.KindDeep, []string{"model.sparsity=kl", "model.activation=sigmoid"}, ""},
		{recipe.KindDeep, []string{"model.tied=true", "model.activation=maxout"}, "model.tied = true: want false: maxout units"},
		{recipe.KindDeep, []string{"model.tied=true", "model.mirror=false"}, "model.tied = true: want false, or mirror = true"},
		{recipe.KindDeep, []string{"model.tied=true", "model.mirror=false", "model.layers=[9, 3, 9]"}, ""},
		{recipe.KindDeep, []string{"model.dropout=[0.1, 0.2]"}, "one for each of 3 hidden layers"},
		{recipe.KindDeep, []string{"model.dropout=[1.0]"}, "model.dropout = 1: want 0 to below 1"},
		{recipe.KindDeep, []string{"model.input_dropout=1.0"}, "model.input_dropout = 1: want 0 to below 1"},
		{recipe.KindDeep, []string{"model.max_w2=1"}, ""},
		{recipe.KindDeep, []string{"model.max_w2=1", "optimizer.method=lbfgs"}, "model.max_w2 = 1: want 0, or a minibatch method"},
		{recipe.KindDenoising, []string{"model.level=1.5"}, "model.level = 1.5: want 0 to 1"},
		{recipe.KindDenoising, []string{"model.level=1.5", "model.corruption=gaussian"}, ""},
		{recipe.KindVariational, []string{"model.decoder=linear"}, `model.decoder = "linear": want sigmoid, which a Bernoulli distribution has`},
		{recipe.KindVariational, []string{"model.distribution=gaussian+bernoulli"}, "want a number of features for each part"},
		{recipe.KindVariational, []string{"model.distribution=poisson"}, `"poisson": want one of bernoulli`},
		{recipe.KindVariational, []string{"model.samples=0"}, "model.samples = 0: want 1 to 1000"},
		{recipe.KindRBM, []string{"optimizer.method=adam"}, `optimizer.method = "adam": want sgd`},
		{recipe.KindRBM, []string{"model.hidden_units=rectified", "model.beta=1"}, "model.beta = 1: want 0"},
		{recipe.KindRBM, []string{"model.hidden_units=gaussian", "model.visible_units=gaussian"}, `model.hidden_units = "gaussian": want binary or rectified`},
		{recipe.KindStacked, []string{"optimizer.patience=3"}, "optimizer.patience = 3: want 0"},
		{recipe.KindStacked, []string{"optimizer.method=adam", "optimizer.schedule.name=plateau"}, `optimizer.schedule.name = "plateau": want another schedule`},
		{recipe.KindStacked, []string{"optimizer.method=adam", "optimizer.schedule.name=cosine"}, ""},
		{recipe.KindSelection, []string{"model.breaks=[2.0]"}, "model: "},
	} {
		r := recipe.DefaultOf(test.kind)
		for _, set := range test.set {
			var err error
			if r, err = r.Set(set); err != nil {
				t.Fatal(err)
			}
		}
		err := r.Validate()
		if test.want == "" {
			if err != nil {
				t.Errorf("%s %v: Validate() = %v", test.kind, test.set, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %v: Validate() = %v, want %q in it", test.kind, test.set, err, test.want)
		}
	}
}
