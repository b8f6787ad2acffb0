package train_test

import (
	"testing"

	"filterscope/engine/nn"
	"filterscope/engine/recipe"
)

// Two ReLU units as a code fall silent together for some examples, which sets the
// layer behind on its kinks as long as its biases are 0.
func TestGradCheckBesideKinks(t *testing.T) {
	data := cloud(60, 8)
	for i := range data.Singles {
		data.Singles[i] -= 0.5
	}
	for seed := range uint64(5) {
		r, _ := ofKind(recipe.KindDeep, "float64")
		r.Seed, r.Model.Layers, r.Model.Activation = seed, []int{5, 2}, "relu"
		checks, err := prepare(t, r, data).GradCheck(nn.DefaultCheck())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if !(c.RelError < 1e-7) {
				t.Errorf("seed %d: %v", seed, c)
			}
		}
	}
}
