package variational

import (
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/linalg"
)

// Encode writes mean and log-variance of q(z|x) of the examples x (n×Visible)
// to mean and logVar (n×Latent); logVar is left out when it has no rows. The
// mean is what is called the code of an example. Encode panics when the shapes
// do not fit.
func (o *Objective[T]) Encode(theta []T, x, mean, logVar linalg.Matrix[T]) {
	n := o.spec.Latent
	if len(theta) != o.size || x.Cols != o.spec.Visible || mean.Rows != x.Rows || mean.Cols != n ||
		(logVar.Rows != 0 && (logVar.Rows != x.Rows || logVar.Cols != n)) {
		panic(fmt.Sprintf("variational: Encode: %d×%d examples into %d×%d and %d×%d with %d parameters for %d features, codes of %d and %d parameters",
			x.Rows, x.Cols, mean.Rows, mean.Cols, logVar.Rows, logVar.Cols, len(theta), o.spec.Visible, n, o.size))
	}
	o.theta = theta
	for first := 0; first < x.Rows; first += evaluateRows {
		o.x = x.Slice(first, min(first+evaluateRows, x.Rows))
		o.encode()
		for i := range o.x.Rows {
			heads := o.layers[o.heads].act.Row(i)
			copy(mean.Row(first+i), heads[:n])
			if logVar.Rows != 0 {
				copy(logVar.Row(first+i), heads[n:])
			}
		}
	}
	o.theta, o.x = nil, linalg.Matrix[T]{}
}

// Decode writes the mean of p(x|z), or what a loss compares with x, for the
// codes z (n×Latent) to dst (n×Visible). It panics when the shapes do not fit.
func (o *Objective[T]) Decode(theta []T, z, dst linalg.Matrix[T]) {
	o.reconstruct("Decode", theta, z, dst, nil)
}

// Draw writes one draw from p(x|z) for each of the codes z (n×Latent) to dst
// (n×Visible); a loss has no distribution, so its features are as in Decode.
// Draw panics when the shapes do not fit.
func (o *Objective[T]) Draw(theta []T, z linalg.Matrix[T], rng *rand.Rand, dst linalg.Matrix[T]) {
	o.reconstruct("Draw", theta, z, dst, rng)
}

// Reconstruct writes the reconstruction of the examples x (n×Visible) from the
// means of their codes to dst, which has the same shape and may be x itself.
// It panics when the shapes do not fit.
func (o *Objective[T]) Reconstruct(theta []T, x, dst linalg.Matrix[T]) {
	codes := linalg.NewMatrix[T](x.Rows, o.spec.Latent)
	o.Encode(theta, x, codes, linalg.Matrix[T]{})
	o.Decode(theta, codes, dst)
}

func (o *Objective[T]) reconstruct(name string, theta []T, z, dst linalg.Matrix[T], rng *rand.Rand) {
	if len(theta) != o.size || z.Cols != o.spec.Latent || dst.Rows != z.Rows || dst.Cols != o.spec.Visible {
		panic(fmt.Sprintf("variational: %s: %d×%d codes into %d×%d with %d parameters for codes of %d, %d features and %d parameters",
			name, z.Rows, z.Cols, dst.Rows, dst.Cols, len(theta), o.spec.Latent, o.spec.Visible, o.size))
	}
	o.theta = theta
	for first := 0; first < z.Rows; first += evaluateRows {
		part := z.Slice(first, min(first+evaluateRows, z.Rows))
		reshape(&o.z, part.Rows, part.Cols)
		for i := range part.Rows {
			copy(o.z.Row(i), part.Row(i))
		}
		o.decode()
		for i := range o.bands {
			o.read(&o.bands[i], dst.Slice(first, first+part.Rows), rng)
		}
	}
	o.theta = nil
}

// read turns the outputs of one distribution into its mean, or, with an rng,
// into a draw.
func (o *Objective[T]) read(b *band, dst linalg.Matrix[T], rng *rand.Rand) {
	l := &o.layers[len(o.layers)-1]
	out := dst.Columns(b.first, b.first+b.Features)
	for i := range out.Rows {
		copy(out.Row(i), l.act.Row(i)[b.first:])
	}
	o.activate(b, out)
	var logVar linalg.Matrix[T]
	if b.Kind == Gaussian && rng != nil {
		logVar = l.act.Columns(b.logVar, b.logVar+b.Features)
		o.activate(b, logVar)
	}
	for i := range out.Rows {
		row := out.Row(i)
		switch {
		case b.Kind == Exponential:
			for j, v := range row {
				mean := math.Exp(-float64(v))
				if rng != nil {
					mean *= rng.ExpFloat64()
				}
				row[j] = T(mean)
			}
		case rng == nil:
		case b.Kind == Bernoulli:
			for j, p := range row {
				row[j] = 0
				if rng.Float64() < float64(p) {
					row[j] = 1
				}
			}
		case b.Kind == Gaussian:
			for j, s := range logVar.Row(i) {
				row[j] += T(math.Exp(float64(s)/2) * rng.NormFloat64())
			}
		case b.Kind == FixedGaussian:
			for j := range row {
				row[j] += T(math.Sqrt(b.Variance) * rng.NormFloat64())
			}
		}
	}
}
