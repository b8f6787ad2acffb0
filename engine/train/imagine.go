package train

import (
	"context"
	"math/rand/v2"

	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/rbm"
)

// Imagine returns side² examples that a variational autoencoder makes up, one a
// row, as the network sees them: the means of p(x|z) for codes z drawn from the
// prior, or with grid for a map of the first two units of the code at quantiles
// of the prior, row by row from the top, the others 0. With grid the code must
// have two units.
func (t *Trained) Imagine(s network.Variational, side int, grid bool, seed uint64) linalg.Matrix[float64] {
	codes := linalg.NewMatrix[float64](side*side, s.Model.Latent)
	if grid {
		places := variational.Quantiles(side)
		codes = variational.Grid(make([]float64, s.Model.Latent), 0, 1, places, places)
	} else {
		rng := rand.New(rand.NewPCG(seed, streamSamples))
		for i := range codes.Data {
			codes.Data[i] = rng.NormFloat64()
		}
	}
	made := linalg.NewMatrix[float64](codes.Rows, s.Visible())
	network.NewNetwork[float64](s).Decode(t.Parameters, codes, made)
	return made
}

// Fantasies returns the means of the visible units of n Gibbs chains of a
// machine, one a row, after so many steps. The chains start at examples of p drawn by
// the seed, or with a nil p from noise (see rbm.Noise). It ends early with the cause of
// ctx when that ends.
func (t *Trained) Fantasies(ctx context.Context, s network.RBM, p *Problem, n, steps int, seed uint64, progress Progress) (linalg.Matrix[float64], error) {
	rng := rand.New(rand.NewPCG(seed, streamSamples))
	var start linalg.Matrix[float64]
	if p == nil {
		start = rbm.Noise(s.Model, t.Parameters, n, rng)
	} else {
		start = linalg.NewMatrix[float64](n, s.Visible())
		linalg.Convert(start, p.Examples(drawn(rng, n, p.Data.N)))
	}
	chain := rbm.NewChain(s.Model, t.Parameters, start, seed^streamSamples)
	const some = 10
	for done := 0; done < steps; done += some {
		if ctx.Err() != nil {
			return start, context.Cause(ctx)
		}
		chain.Step(min(some, steps-done))
		progress(done, steps, "Gibbs steps")
	}
	return chain.Means().Clone(), nil
}

// drawn returns n examples out of all, each once before any comes again.
func drawn(rng *rand.Rand, n, all int) []int {
	order, out := rng.Perm(all), make([]int, n)
	for i := range out {
		out[i] = order[i%all]
	}
	return out
}

// Likelihoods are what is said of a variational autoencoder over examples, means
// in nats.
type Likelihoods struct {
	Samples        int     `json:"samples"`        // codes drawn for each example
	Reconstruction float64 `json:"reconstruction"` // ln p(x|z)
	Importance     float64 `json:"log_likelihood"` // ln p(x), by importance sampling
	Active         int     `json:"active_units"`   // of the code
	Latent         int     `json:"latent_units"`
}

// Likelihoods returns the reconstruction log-probability, ln p(x) by importance
// sampling with so many codes an example, and the active units of a variational
// autoencoder at theta. It returns variational.ErrNoProbability where
// reconstructions are judged by a plain loss, and ends early with the cause of ctx when that ends.
func (p *Problem) Likelihoods(ctx context.Context, s network.Variational, theta []float64, samples int) (Likelihoods, error) {
	const block = 500 // rows at a time, so that the work can be cancelled
	l := Likelihoods{Samples: samples, Latent: s.Model.Latent}
	o, x := variational.NewObjective[float64](s.Model), p.rows64()
	for first := 0; first < x.Rows; first += block {
		if ctx.Err() != nil {
			return l, context.Cause(ctx)
		}
		part := x.Slice(first, min(first+block, x.Rows))
		seed := p.Recipe.Seed ^ uint64(first+1)<<20
		of, err := o.ReconstructionLogProbability(theta, part, seed, samples)
		if err != nil {
			return l, err
		}
		under, err := o.LogProbability(theta, part, seed, samples)
		if err != nil {
			return l, err
		}
		for i := range of {
			l.Reconstruction += of[i] / float64(x.Rows)
			l.Importance += under[i] / float64(x.Rows)
		}
	}
	means := linalg.NewMatrix[float64](x.Rows, s.Model.Latent)
	o.Encode(theta, x, means, linalg.Matrix[float64]{})
	_, l.Active = variational.ActiveUnits(means, variational.ActiveThreshold)
	return l, nil
}
