package network

import (
	"slices"

	"filterscope/engine/autoencoder"
	"filterscope/engine/nn"
)

// Kinks reports whether the objective of s or its slope has kinks, beside which
// a central difference is wrong.
func Kinks(s Spec) bool {
	bent := func(fs ...nn.Activation) bool {
		return slices.ContainsFunc(fs, func(f nn.Activation) bool {
			return f == nn.ReLU || f == nn.LeakyReLU || f == nn.ELU || f == nn.Maxout
		})
	}
	uneven := func(l nn.Loss) bool { return l == nn.Absolute || l == nn.Huber }
	switch s := s.(type) {
	case Deep:
		d := s.Model
		return bent(d.Activation, d.Output) || uneven(d.Loss) || d.L1 > 0 || d.Sparsity == autoencoder.L1Sparsity
	case Variational:
		if bent(s.Model.Hidden, s.Model.LatentActivation) {
			return true
		}
		for _, d := range s.Model.Outputs {
			if bent(d.Activation) || uneven(d.Loss) {
				return true
			}
		}
	case Selection:
		return bent(s.Model.Activation)
	}
	return false
}
