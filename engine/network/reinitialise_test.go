package network

import (
	"math/rand/v2"
	"slices"
	"testing"

	"filterscope/engine/recipe"
)

// The units that are named get other weights in and out and another bias, and
// nothing else moves.
func TestReinitialise(t *testing.T) {
	deep := recipe.DefaultModel(recipe.KindDeep)
	deep.Layers, deep.Mirror = []int{6, 3}, true
	tied := deep
	tied.Tied = true
	for name, m := range map[string]recipe.Model{
		"sparse": recipe.DefaultModel(recipe.KindSparse), "rbm": recipe.DefaultModel(recipe.KindRBM), "deep": deep, "tied": tied,
		"variational": recipe.DefaultModel(recipe.KindVariational),
	} {
		r := recipe.Default()
		r.Model = m
		s, err := Of(r, Input{Visible: 10})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		theta := s.Init(rand.New(rand.NewPCG(1, 1)))
		for layer, y := range s.Layers() {
			units := []int{0, y.Units - 1}
			got, err := Reinitialise(s, theta, layer, units, rand.New(rand.NewPCG(2, 2)))
			if err != nil {
				t.Fatalf("%s, layer %d: %v", name, layer, err)
			}
			before, after := weights(s, theta, s.links()[layer]), weights(s, got, s.links()[layer])
			out0, out1 := weights(s, theta, s.links()[layer+1]), weights(s, got, s.links()[layer+1])

			for u := range y.Units {
				renewed := !slices.Equal(before.Row(u), after.Row(u))
				if renewed != slices.Contains(units, u) {
					t.Errorf("%s, layer %d: weights of unit %d renewed: %v", name, layer, u, renewed)
				}
				outgoing := false
				for i := range out0.Rows {
					outgoing = outgoing || out0.At(i, u) != out1.At(i, u)
				}
				if outgoing != slices.Contains(units, u) {
					t.Errorf("%s, layer %d: weights out of unit %d renewed: %v", name, layer, u, outgoing)
				}

			}
			again, _ := Reinitialise(s, theta, layer, units, rand.New(rand.NewPCG(2, 2)))
			if !slices.Equal(again, got) {
				t.Errorf("%s, layer %d: the same stream gives other weights", name, layer)
			}
		}
		for _, c := range []struct{ layer, unit int }{{-1, 0}, {len(s.Layers()), 0}, {0, -1}, {0, 1 << 20}} {
			if _, err := Reinitialise(s, theta, c.layer, []int{c.unit}, rand.New(rand.NewPCG(1, 1))); err == nil {
				t.Errorf("%s: layer %d, unit %d: no error", name, c.layer, c.unit)
			}
		}
		if _, err := Reinitialise(s, theta[1:], 0, []int{0}, rand.New(rand.NewPCG(1, 1))); err == nil {
			t.Errorf("%s: a short vector gives no error", name)
		}
	}
}
