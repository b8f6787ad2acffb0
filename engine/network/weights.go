package network

import (
	"slices"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Dense is a layer of weights, out × in, with one bias for each of its rows. A
// unit of several linear pieces has as many rows.
type Dense[T linalg.Float] struct {
	Weight linalg.Matrix[T]
	Bias   []T
}

// DenseLayers copies the layers of weights from the input to the output, and
// reports whether s is a plain stack of them: a sparse, deep, denoising or
// linear autoencoder. The weights of a tied decoder are written out.
func DenseLayers[T linalg.Float](s Spec, theta []T) ([]Dense[T], bool) {
	switch s.(type) {
	case Sparse, Deep, Linear:
	default:
		return nil, false
	}
	layout, layers, links := s.Layout(), s.Layers(), s.links()
	var all []Dense[T]
	for k, l := range links {
		bias := layout[len(layout)-1].Name // the decoder's last
		if k < len(layers) {
			bias = layers[k].Bias
		}
		l.pieces = 1
		b, _ := layout.Find(bias)
		all = append(all, Dense[T]{weights(s, theta, l).Clone(), slices.Clone(nn.View(theta, b).Data)})
	}
	return all, true
}
