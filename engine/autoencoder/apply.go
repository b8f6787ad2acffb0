package autoencoder

import (
	"fmt"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// applyBlock is the number of examples one part of Encode or Reconstruct
// works on.
const applyBlock = 126

// Encode writes the codes σ(W1 x + b1) of the examples x (n×visible) to dst
// (n×hidden). It panics when the shapes do not fit.
func Encode[T linalg.Float](s Sparse, theta []T, x, dst linalg.Matrix[T]) {
	check("Encode", s, theta, x)
	if dst.Rows != x.Rows || dst.Cols != s.Hidden {
		panic(fmt.Sprintf("autoencoder: Encode: %d×%d into %d×%d for %d hidden units", x.Rows, x.Cols, dst.Rows, dst.Cols, s.Hidden))
	}
	at := s.split()
	layer(nn.Sigmoid, linalg.MatrixOf(s.Hidden, s.Visible, theta), theta[at.b1:at.w2], x, dst)
}

// Reconstruct writes the reconstructions f(W2 a + b2) of the examples x
// (n×visible) to dst, which has the same shape and may be x itself. It panics
// when the shapes do not fit.
func Reconstruct[T linalg.Float](s Sparse, theta []T, x, dst linalg.Matrix[T]) {
	check("Reconstruct", s, theta, x)
	if dst.Rows != x.Rows || dst.Cols != x.Cols {
		panic(fmt.Sprintf("autoencoder: Reconstruct: %d×%d into %d×%d", x.Rows, x.Cols, dst.Rows, dst.Cols))
	}
	codes := linalg.NewMatrix[T](x.Rows, s.Hidden)
	Encode(s, theta, x, codes)
	Decode(s, theta, codes, dst)
}

// Decode writes the reconstructions f(W2 a + b2) of the codes a (n×hidden) to
// dst (n×visible). It panics when the shapes do not fit.
func Decode[T linalg.Float](s Sparse, theta []T, codes, dst linalg.Matrix[T]) {
	if len(theta) != s.size() || codes.Cols != s.Hidden || dst.Rows != codes.Rows || dst.Cols != s.Visible {
		panic(fmt.Sprintf("autoencoder: Decode: %d×%d into %d×%d with %d parameters for %d-%d", codes.Rows, codes.Cols, dst.Rows, dst.Cols, len(theta), s.Visible, s.Hidden))
	}
	at := s.split()
	layer(s.Decoder, linalg.MatrixOf(s.Visible, s.Hidden, theta[at.w2:]), theta[at.b2:], codes, dst)
}

// layer sets dst = f(x·wᵀ + b) row by row.
func layer[T linalg.Float](f nn.Activation, w linalg.Matrix[T], b []T, x, dst linalg.Matrix[T]) {
	var p linalg.Packed[T]
	p.Pack(w, true)
	linalg.Parallel((x.Rows+applyBlock-1)/applyBlock, func(i int) {
		first, last := i*applyBlock, min((i+1)*applyBlock, x.Rows)
		out := dst.Slice(first, last)
		linalg.MulPacked(out, x.Slice(first, last), &p)
		linalg.Activate(f.Func(), out, b, nil)
	})
}

func check[T linalg.Float](name string, s Sparse, theta []T, x linalg.Matrix[T]) {
	if len(theta) != s.size() || x.Cols != s.Visible {
		panic(fmt.Sprintf("autoencoder: %s: %d parameters and %d×%d examples for %d-%d-%d",
			name, len(theta), x.Rows, x.Cols, s.Visible, s.Hidden, s.Visible))
	}
}
