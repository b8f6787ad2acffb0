package network_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
)

// set writes numbers into a tensor of theta.
func set(t *testing.T, s network.Spec, theta []float64, name string, values ...float64) {
	t.Helper()
	tensor, ok := s.Layout().Find(name)
	if !ok || tensor.Len() != len(values) {
		t.Fatalf("%s: %v %v, %d numbers", name, ok, tensor.Shape, len(values))
	}
	copy(theta[tensor.Offset:], values)
}

func flat(m linalg.Matrix[float64]) []float64 { return m.Clone().Data[:m.Rows*m.Cols] }

// TestFilters compares filters and outgoing weights with products by hand: two
// inputs, hidden layers of two units and of one.
func TestFilters(t *testing.T) {
	type want struct{ filters, outgoing []float64 }
	for _, tt := range []struct {
		name    string
		change  func(*recipe.Model)
		tensors map[string][]float64
		layers  []want
	}{
		{
			"tied", func(m *recipe.Model) { m.Layers, m.Mirror, m.Tied = []int{2, 1}, true, true },
			map[string][]float64{"encoder.0.weight": {1, 2, 3, 4}, "encoder.1.weight": {5, 6}},
			[]want{
				// Outgoing of the first: W0 of the decoder's last layer (Wᵀ) after W1ᵀ W1.
				{[]float64{1, 2, 3, 4}, []float64{5 * 23, 5 * 34, 6 * 23, 6 * 34}},
				{[]float64{23, 34}, []float64{23, 34}},                 // 5·(1, 2) + 6·(3, 4)
				{[]float64{115, 170, 138, 204}, []float64{1, 2, 3, 4}}, // 5 and 6 times (23, 34)
			},
		},
		{
			"asymmetric", func(m *recipe.Model) { m.Layers, m.Mirror = []int{2, 1}, false },
			map[string][]float64{"encoder.0.weight": {1, 2, 3, 4}, "encoder.1.weight": {5, 6}, "decoder.0.weight": {7, 8}},
			[]want{
				{[]float64{1, 2, 3, 4}, []float64{35, 40, 42, 48}},
				{[]float64{23, 34}, []float64{7, 8}},
			},
		},
		{
			"maxout", func(m *recipe.Model) { m.Layers, m.Mirror, m.Activation = []int{2, 1}, false, "maxout" },
			map[string][]float64{ // the first of two pieces counts
				"encoder.0.weight": {1, 2, -9, -9, 3, 4, -9, -9}, "encoder.1.weight": {5, 6, -9, -9}, "decoder.0.weight": {7, 8},
			},
			[]want{
				{[]float64{1, 2, 3, 4}, []float64{35, 40, 42, 48}},
				{[]float64{23, 34}, []float64{7, 8}},
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := recipe.DefaultOf(recipe.KindDeep)
			tt.change(&r.Model)
			s, err := network.Of(r, network.Input{Visible: 2})
			if err != nil {
				t.Fatal(err)
			}
			theta := make([]float64, s.Layout().Size())
			for name, values := range tt.tensors {
				set(t, s, theta, name, values...)
			}
			if len(s.Layers()) != len(tt.layers) {
				t.Fatalf("%d layers, want %d", len(s.Layers()), len(tt.layers))
			}
			for k, want := range tt.layers {
				if got := flat(network.Filters(s, theta, k)); !slices.Equal(got, want.filters) {
					t.Errorf("Filters of layer %d = %v, want %v", k, got, want.filters)
				}
				if got := flat(network.Outgoing(s, theta, k)); !slices.Equal(got, want.outgoing) {
					t.Errorf("Outgoing of layer %d = %v, want %v", k, got, want.outgoing)
				}
			}
		})
	}
}

// TestShapes checks for every kind that filters, biases, codes and their
// reconstructions have the shapes of its layers, that the codes decode to the
// reconstructions, and that the start follows from the seed alone.
func TestShapes(t *testing.T) {
	for _, kind := range recipe.Kinds() {
		if kind == recipe.KindRBF {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			r, visible := recipe.DefaultOf(kind), 6
			if kind == recipe.KindSelection {
				visible = 1
			}
			s, err := network.Of(r, network.Input{Visible: visible, Classes: 3})
			if err != nil {
				t.Fatal(err)
			}
			theta := s.Init(rand.New(rand.NewPCG(1, 2)))
			if !slices.Equal(theta, s.Init(rand.New(rand.NewPCG(1, 2)))) || slices.Equal(theta, s.Init(rand.New(rand.NewPCG(2, 2)))) {
				t.Error("the start does not follow from the seed")
			}
			x := linalg.NewMatrix[float64](3, visible)
			for i := range x.Data {
				x.Data[i] = float64(i%5) / 5
			}
			net := network.NewNetwork[float64](s)
			for k, layer := range s.Layers() {
				if f := network.Filters(s, theta, k); f.Rows != layer.Units || f.Cols != visible {
					t.Errorf("layer %d: filters %d×%d, want %d×%d", k, f.Rows, f.Cols, layer.Units, visible)
				}
				if b := network.Biases(s, theta, k); len(b) != layer.Units {
					t.Errorf("layer %d: %d biases, want %d", k, len(b), layer.Units)
				}
				values := linalg.NewMatrix[float64](3, layer.Units)
				net.Encode(theta, k, x, values)
				for _, v := range flat(values) {
					if !(v >= layer.Low && v <= layer.High) {
						t.Fatalf("layer %d: a value of %v, want %v to %v", k, v, layer.Low, layer.High)
					}
				}
				if k != s.Code() || kind == recipe.KindSelection {
					continue
				}
				from, whole := linalg.NewMatrix[float64](3, visible), linalg.NewMatrix[float64](3, visible)
				net.Decode(theta, values, from)
				net.Reconstruct(theta, x, whole)
				if !slices.Equal(flat(from), flat(whole)) {
					t.Errorf("the codes decode to %v, want %v", flat(from), flat(whole))
				}
			}
			if s.Layout().Size() != len(theta) || nn.NewLayout(s.Layout()...).Size() != len(theta) {
				t.Error("the layout has another size than the parameters")
			}
		})
	}
}
