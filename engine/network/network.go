package network

import (
	"filterscope/engine/autoencoder"
	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/rbm"
)

// Network uses the parameters of a Spec.
type Network[T linalg.Float] interface {
	// Encode writes the values of a layer (an index in Spec.Layers) for the
	// examples x (n×visible) to dst (n×units).
	Encode(theta []T, layer int, x, dst linalg.Matrix[T])
	// Decode writes the reconstructions of codes (n×units of Spec.Code) to dst
	// (n×visible).
	Decode(theta []T, codes, dst linalg.Matrix[T])
	// Reconstruct writes the reconstructions of x to dst, of the same shape.
	Reconstruct(theta []T, x, dst linalg.Matrix[T])
}

// NewNetwork returns the network of s, which must be valid.
func NewNetwork[T linalg.Float](s Spec) Network[T] {
	switch s := s.(type) {
	case Sparse:
		return shallow[T, autoencoder.Sparse]{s.Model, autoencoder.Encode[T], autoencoder.Decode[T], autoencoder.Reconstruct[T]}
	case Deep:
		return deepNetwork[T]{n: autoencoder.NewNetwork[T](s.Model), size: s.Layout().Size()}
	case Stacked:
		return deepNetwork[T]{n: autoencoder.NewNetwork[T](s.Model), size: s.Model.Layout().Size()}
	case Linear:
		return linearNetwork[T]{autoencoder.NewNetwork[T](s.Model)}
	case Variational:
		return &variationalNetwork[T]{o: variational.NewObjective[T](s.Model), spec: s}
	case RBM:
		return shallow[T, rbm.Spec]{s.Model, rbm.Encode[T], rbm.Decode[T], rbm.Reconstruct[T]}
	case Selection:
		return selectionNetwork[T]{s.Model}
	}
	panic("network: NewNetwork: unknown kind of network")
}

// shallow is a network of one layer of codes, which functions of its spec use.
type shallow[T linalg.Float, Spec any] struct {
	spec                        Spec
	encode, decode, reconstruct func(s Spec, theta []T, x, dst linalg.Matrix[T])
}

func (n shallow[T, Spec]) Encode(theta []T, _ int, x, dst linalg.Matrix[T]) {
	n.encode(n.spec, theta, x, dst)
}

func (n shallow[T, Spec]) Decode(theta []T, codes, dst linalg.Matrix[T]) {
	n.decode(n.spec, theta, codes, dst)
}

func (n shallow[T, Spec]) Reconstruct(theta []T, x, dst linalg.Matrix[T]) {
	n.reconstruct(n.spec, theta, x, dst)
}

// deepNetwork is a deep autoencoder whose parameters are the first size ones.
type deepNetwork[T linalg.Float] struct {
	n    *autoencoder.Network[T]
	size int
}

func (n deepNetwork[T]) Encode(theta []T, layer int, x, dst linalg.Matrix[T]) {
	n.n.Encode(theta[:n.size], layer, x, dst)
}

func (n deepNetwork[T]) Decode(theta []T, codes, dst linalg.Matrix[T]) {
	n.n.Decode(theta[:n.size], codes, dst)
}

func (n deepNetwork[T]) Reconstruct(theta []T, x, dst linalg.Matrix[T]) {
	n.n.Reconstruct(theta[:n.size], x, dst)
}

type linearNetwork[T linalg.Float] struct{ n *autoencoder.Network[T] }

func (n linearNetwork[T]) Encode(theta []T, _ int, x, dst linalg.Matrix[T]) {
	n.n.Reconstruct(theta, x, dst)
}

// Decode copies: the codes are the reconstructions.
func (n linearNetwork[T]) Decode(_ []T, codes, dst linalg.Matrix[T]) {
	for i := range codes.Rows {
		copy(dst.Row(i), codes.Row(i))
	}
}

func (n linearNetwork[T]) Reconstruct(theta []T, x, dst linalg.Matrix[T]) {
	n.n.Reconstruct(theta, x, dst)
}

type variationalNetwork[T linalg.Float] struct {
	o    *variational.Objective[T]
	spec Variational
}

func (n *variationalNetwork[T]) Encode(theta []T, layer int, x, dst linalg.Matrix[T]) {
	s := n.spec.Model
	if layer == n.spec.Code() {
		n.o.Encode(theta, x, dst, linalg.Matrix[T]{})
		return
	}
	values, links := x, n.spec.links()
	if layer > n.spec.Code() {
		values = linalg.NewMatrix[T](x.Rows, s.Latent)
		n.o.Encode(theta, x, values, linalg.Matrix[T]{})
	}
	first := 0
	if layer > n.spec.Code() {
		first = n.spec.Code() + 1
	}
	layers, layout := n.spec.Layers(), n.spec.Layout()
	for k := first; k <= layer; k++ {
		out := dst
		if k < layer {
			out = linalg.NewMatrix[T](x.Rows, layers[k].Units)
		}
		w, _ := layout.Find(links[k].tensor)
		b, _ := layout.Find(layers[k].Bias)
		linalg.Gemm(false, true, 1, values, nn.View(theta, w), 0, out)
		nn.Activate(s.Hidden, out, nn.View(theta, b).Data, nil)
		values = out
	}
}

func (n *variationalNetwork[T]) Decode(theta []T, codes, dst linalg.Matrix[T]) {
	n.o.Decode(theta, codes, dst)
}

func (n *variationalNetwork[T]) Reconstruct(theta []T, x, dst linalg.Matrix[T]) {
	n.o.Reconstruct(theta, x, dst)
}
