package variational

import (
	"math/rand/v2"

	"filterscope/engine/linalg"
)

// Noise says where the noise of an evaluation comes from.
type Noise struct {
	Seed uint64 // of the run
	Step uint64 // counted from 0; another step has other noise
	// Given is used instead of drawn noise unless it is nil: Samples × examples ×
	// Latent numbers, sample by sample.
	Given []float64
}

// draw is the noise of one block of an evaluation.
type draw struct {
	Noise
	first  int // example of the evaluation with which the block begins, a multiple of sampleRows
	of     int // examples of the evaluation
	sample int // number of the first sample
}

// generators are those of the parts of a stage, kept because making one
// allocates.
type generators []*generator

type generator struct {
	source rand.PCG
	rng    *rand.Rand
}

// ready makes sure there are so many.
func (g *generators) ready(parts int) {
	for len(*g) < parts {
		n := new(generator)
		n.rng = rand.New(&n.source)
		*g = append(*g, n)
	}
}

// streamNoise keeps this noise from streams that are made of the seed alone.
const streamNoise = 0x7661726e6f697365 // "varnoise"

// fill writes the noise of one sample for the part of a block that begins with
// its example first.
func fill[T linalg.Float](g *generators, d *draw, part, sample int, eps linalg.Matrix[T], first int) {
	if d.Given != nil {
		for i := range eps.Rows {
			at := ((d.sample+sample)*d.of + d.first + first + i) * eps.Cols
			linalg.ConvertVector(eps.Row(i), d.Given[at:at+eps.Cols])
		}
		return
	}
	n := (*g)[part]
	place := uint64((d.first + first) / sampleRows)
	n.source.Seed(d.Seed^streamNoise, mix(mix(mix(d.Step)^uint64(d.sample+sample))^place))
	for i := range eps.Rows {
		row := eps.Row(i)
		for j := range row {
			row[j] = T(n.rng.NormFloat64())
		}
	}
}

// mix scatters the bits of v, one to one (the finaliser of SplitMix64, Steele,
// Lea & Flood 2014).
func mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}
