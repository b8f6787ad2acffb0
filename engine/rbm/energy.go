package rbm

import (
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/linalg"
)

// FreeEnergy sets dst to the free energies F(v), in nats and up to a constant
// that does not depend on v or the parameters, of the rows of x (n×visible). dst has n elements. See the
// package comment for the formula. It panics when the shapes do not fit.
func FreeEnergy[T linalg.Float](s Spec, theta []T, x linalg.Matrix[T], dst []float64) {
	check("FreeEnergy", s, theta, x)
	if len(dst) != x.Rows {
		panic(fmt.Sprintf("rbm: FreeEnergy: %d×%d examples into %d", x.Rows, x.Cols, len(dst)))
	}
	weight, a, b := split(s, theta)
	var p linalg.Packed[T]
	p.Pack(weight, true)
	linalg.Parallel(pieces(x.Rows, applyBlock), func(i int) {
		first, last := span(i, x.Rows, applyBlock)
		z := linalg.NewMatrix[T](last-first, s.Hidden)
		linalg.MulPacked(z, x.Slice(first, last), &p)
		for r := range z.Rows {
			dst[first+r] = visibleEnergy(s.VisibleUnit, x.Row(first+r), a) - hiddenEnergy(s.HiddenUnit, z.Slice(r, r+1), b)
		}
	})
}

// MeanFreeEnergy returns the mean of FreeEnergy over the rows of x. Its
// difference between held-out and training data grows when a machine
// overfits (Hinton 2010, section 6); the value alone means nothing.
func MeanFreeEnergy[T linalg.Float](s Spec, theta []T, x linalg.Matrix[T]) float64 {
	f := make([]float64, x.Rows)
	FreeEnergy(s, theta, x, f)
	return mean(f)
}

// PseudoLikelihood sets dst to a stochastic estimate, in nats, of the
// log-pseudo-likelihood Σ_i log P(x_i | the others) of each row of x (n×visible,
// binary): visible · log σ(F(x̃)-F(x)), where x̃ is x with one
// feature flipped that rng draws for each row. That is scikit-learn's
// BernoulliRBM.score_samples. It panics when shapes do not fit or visible units are not
// binary.
func PseudoLikelihood[T linalg.Float](s Spec, theta []T, x linalg.Matrix[T], rng *rand.Rand, dst []float64) {
	pseudo("PseudoLikelihood", s, theta, x, dst, func() int { return rng.IntN(s.Visible) })
}

// PseudoLikelihoodOf does as PseudoLikelihood but flips the same feature in
// every row. The mean of dst is what Theano's tutorial shows, which takes the next
// feature with each minibatch, and rounds x to 0 and 1 first; the mean over
// all features is the pseudo-likelihood itself.
func PseudoLikelihoodOf[T linalg.Float](s Spec, theta []T, x linalg.Matrix[T], feature int, dst []float64) {
	pseudo("PseudoLikelihoodOf", s, theta, x, dst, func() int { return feature })
}

func pseudo[T linalg.Float](name string, s Spec, theta []T, x linalg.Matrix[T], dst []float64, feature func() int) {
	if s.VisibleUnit != Binary {
		panic(fmt.Sprintf("rbm: %s: %s visible units cannot be flipped", name, s.VisibleUnit))
	}
	FreeEnergy(s, theta, x, dst)
	flipped := x.Clone()
	for i := range flipped.Rows {
		k := feature()
		flipped.Set(i, k, 1-flipped.At(i, k))
	}
	other := make([]float64, x.Rows)
	FreeEnergy(s, theta, flipped, other)
	for i, f := range dst {
		dst[i] = -float64(s.Visible) * softplus(f-other[i]) // log σ(z) = -log(1+exp(-z))
	}
}

// visibleEnergy returns -a·v, or ½‖v-a‖² for units that have no upper bound.
func visibleEnergy[T linalg.Float](u Unit, v, a []T) float64 {
	sum := 0.0
	if u == Binary {
		for i, x := range v {
			sum -= float64(x) * float64(a[i])
		}
		return sum
	}
	for i, x := range v {
		d := float64(x) - float64(a[i])
		sum += d * d
	}
	return sum / 2
}

// hiddenEnergy returns Σ f(z + b) over all rows of z, which it overwrites.
func hiddenEnergy[T linalg.Float](u Unit, z linalg.Matrix[T], b []T) float64 {
	f := linalg.Softplus
	if u != Binary {
		f = linalg.Identity
	}
	linalg.Activate(f, z, b, nil)
	sum := 0.0
	for r := range z.Rows {
		row := z.Row(r)
		switch u {
		case Binary:
			var even, odd float64
			for len(row) >= 2 {
				even += float64(row[0])
				odd += float64(row[1])
				row = row[2:]
			}
			if len(row) > 0 {
				even += float64(row[0])
			}
			sum += even + odd
		case Gaussian:
			sum += linalg.Squares(row) / 2
		case Rectified:
			for _, x := range row {
				sum += softplusIntegral(float64(x))
			}
		}
	}
	return sum
}

// softplus returns log(1+exp x) without overflow.
func softplus(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

// softplusIntegral returns -Li₂(-exp x), the integral of log(1+exp t) from -∞ to
// x. The dilogarithm comes from its series of Bernoulli numbers in
// w = log(1+exp(-|x|)) ≤ log 2, whose terms fall like (w/2π)^n, and for
// x > 0 from the inversion -Li₂(-exp x) = π²/6 + x²/2 + Li₂(-exp(-x)) (Lewin,
// Polylogarithms and Associated Functions, 1.7).
func softplusIntegral(x float64) float64 {
	w := math.Log1p(math.Exp(-math.Abs(x)))
	q := w * w
	series := w + q/4 + w*q*(1.0/36+q*(-1.0/3600+q*(1.0/211680+q*(-1.0/10886400+q*(1.0/526901760-q*691.0/16999766784000)))))
	if x > 0 {
		return math.Pi*math.Pi/6 + x*x/2 - series
	}
	return series
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
