package network

import (
	"fmt"
	"math/rand/v2"

	"filterscope/engine/nn"
)

// Reinitialise returns theta with new incoming weights, a new bias and new
// outgoing weights for the given units of a layer, an index in Spec.Layers: those
// that Init draws from rng for these units. All others stay as they are, and so
// does theta. Of a variational autoencoder's code the part that gives the mean is
// renewed. It returns an error when there is no such layer or unit, or when theta
// has not the length of the layout.
func Reinitialise(s Spec, theta []float64, layer int, units []int, rng *rand.Rand) ([]float64, error) {
	layout, layers := s.Layout(), s.Layers()
	if len(theta) != layout.Size() {
		return nil, fmt.Errorf("%d parameters, the network has %d", len(theta), layout.Size())
	}
	if layer < 0 || layer >= len(layers) {
		return nil, fmt.Errorf("layer %d: want 0 to %d", layer, len(layers)-1)
	}
	for _, u := range units {
		if u < 0 || u >= layers[layer].Units {
			return nil, fmt.Errorf("unit %d: want 0 to %d", u, layers[layer].Units-1)
		}
	}
	fresh := s.Init(rng)
	renewed := append([]float64(nil), theta...)
	links := s.links()
	renewLink(layout, links[layer], true, renewed, fresh, units)
	if layer+1 < len(links) {
		renewLink(layout, links[layer+1], false, renewed, fresh, units)
	}
	if t, ok := layout.Find(layers[layer].Bias); ok {
		pieces := t.Len() / layers[layer].Units
		for _, u := range units {
			from := t.Offset + u*pieces
			copy(renewed[from:from+pieces], fresh[from:from+pieces])
		}
	}
	return renewed, nil
}

// renewLink copies the weights that lead into the units, or out of them.
func renewLink(layout nn.Layout, l link, into bool, to, from []float64, units []int) {
	t, ok := layout.Find(l.tensor)
	if !ok {
		return
	}
	dst, src := nn.View(to, t), nn.View(from, t)
	pieces := max(l.pieces, 1)
	for _, u := range units {
		switch {
		case into != l.transposed: // a unit is a row, or as many as it has pieces
			rows := pieces
			if !into {
				rows = 1
			}
			for k := u * rows; k < (u+1)*rows; k++ {
				copy(dst.Row(k), src.Row(k))
			}
		default:
			for i := range dst.Rows {
				dst.Set(i, u, src.At(i, u))
			}
		}
	}
}
