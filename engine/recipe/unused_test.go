package recipe_test

import (
	"strings"
	"testing"

	"filterscope/engine/recipe"
)

func TestUnused(t *testing.T) {
	for _, test := range []struct {
		kind string
		set  []string
		key  string
		want string // "" when the key counts
	}{
		{recipe.KindSparse, nil, "optimizer.iterations", ""},
		{recipe.KindSparse, nil, "optimizer.memory", ""},
		{recipe.KindSparse, nil, "optimizer.epochs", "minibatch methods"},
		{recipe.KindSparse, nil, "optimizer.clip_norm", "this recipe has lbfgs"},
		{recipe.KindSparse, []string{"optimizer.schedule.name=step"}, "optimizer.schedule.name", "minibatch methods"},
		{recipe.KindSparse, []string{"optimizer.method=cg"}, "optimizer.memory", "of method lbfgs"},
		{recipe.KindDeep, nil, "optimizer.iterations", "lbfgs and cg"},
		{recipe.KindDeep, nil, "optimizer.clip_norm", ""},
		{recipe.KindDeep, nil, "optimizer.beta1", ""},
		{recipe.KindDeep, nil, "optimizer.momentum", "of method sgd"},
		{recipe.KindDeep, nil, "optimizer.decay", "rmsprop and adadelta"},
		{recipe.KindDeep, nil, "optimizer.restore_best", "optimizer.patience"},
		{recipe.KindDeep, []string{"optimizer.patience=3"}, "optimizer.restore_best", ""},
		{recipe.KindDeep, nil, "optimizer.schedule.floor", "this recipe has constant"},
		{recipe.KindDeep, []string{"optimizer.schedule.name=cosine"}, "optimizer.schedule.floor", ""},
		{recipe.KindDeep, []string{"optimizer.schedule.name=cosine"}, "optimizer.schedule.every", "of schedule step"},
		{recipe.KindRBM, nil, "optimizer.momentum_ramp", ""},
		{recipe.KindRBM, nil, "optimizer.nesterov", "plain momentum"},
		{recipe.KindRBM, nil, "optimizer.clip_value", "no gradient to clip"},
		{recipe.KindSparse, nil, "model.lambda", ""},
		{recipe.KindSparse, nil, "model.rho", ""},
		{recipe.KindSparse, []string{"model.beta=0"}, "model.rho", "model.beta = above 0"},
		{recipe.KindDeep, nil, "model.huber", `model.loss = "huber", and this recipe has "squared-error"`},
		{recipe.KindDeep, []string{"model.loss=huber"}, "model.huber", ""},
		{recipe.KindDeep, nil, "model.softmax_axis", `model.decoder = "softmax"`},
		{recipe.KindDeep, nil, "model.init_scale", `model.initialiser = "normal"`},
		{recipe.KindDeep, nil, "model.sparse_all", `model.sparsity = "kl" or "l1"`},
		{recipe.KindDeep, []string{"model.sparsity=l1"}, "model.beta", ""},
		{recipe.KindDeep, []string{"model.sparsity=l1"}, "model.rho", `model.sparsity = "kl"`},
		{recipe.KindDenoising, []string{"model.corruption=none"}, "model.level", "model.corruption"},
		{recipe.KindVariational, nil, "model.huber", `model.distribution = "loss"`},
		{recipe.KindVariational, []string{"model.distribution=loss"}, "model.loss", ""},
		{recipe.KindRBM, []string{"model.persistent=false"}, "model.chains", "model.persistent = true"},
		{recipe.KindRBM, nil, "model.chains", ""},
	} {
		r := recipe.DefaultOf(test.kind)
		for _, set := range test.set {
			var err error
			if r, err = r.Set(set); err != nil {
				t.Fatal(err)
			}
		}
		got := r.Unused(test.key)
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s %v: Unused(%s) = %q, want %q in it", test.kind, test.set, test.key, got, test.want)
		}
	}
}
