package app

import (
	"fmt"
	"math"
	"slices"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// codeProbe is the examples of a run whose codes are shown. It is immutable.
type codeProbe struct {
	problem  *train.Problem
	x        linalg.Matrix[float32] // as the network sees them
	class    []int                  // nil without labels
	names    []string               // of classes
	tiles    linalg.Matrix[float32] // as they are drawn
	pictured pictured
	tile     dataset.Geometry
	span     render.Range // of tiles
	prior    bool         // codes have a prior to draw from, the standard normal distribution
}

// mostClasses bounds the labels that are taken for classes.
const mostClasses = 56

func newCodeProbe(problem *train.Problem, x linalg.Matrix[float32]) *codeProbe {
	p := &codeProbe{problem: problem, x: x, tile: sheetTile(problem)}
	_, p.prior = problem.Spec().(network.Variational)
	if labels := problem.Data.Labels; len(labels) >= x.Rows {
		p.class, p.names = labels[:x.Rows], problem.Data.LabelNames
		if most := slices.Max(p.class); p.names == nil && slices.Min(p.class) >= 0 && most < mostClasses {
			for k := range most + 1 {
				p.names = append(p.names, fmt.Sprint(k))
			}
		}
	}
	p.span = render.UnitRange()
	p.pictured = picturedAs(problem, x)
	switch data := problem.Data; p.pictured {
	case picturedSeen:
		p.tiles = x
	case picturedStrips:
		p.tiles, p.span = strips(x), spread(x)
	default:
		p.tiles = linalg.NewMatrix[float32](x.Rows, data.D)
		row := linalg.NewMatrix[float64](1, data.D)
		for i := range x.Rows {
			data.Read(row.Row(0), i)
			linalg.Convert(p.tiles.Slice(i, i+1), row)
		}
		p.span = spread(p.tiles)
		if data.FullScale > 0 {
			p.span = render.Range{Lo: 0, Hi: data.FullScale}
		}
	}
	return p
}

// tilesOf returns reconstructions as tiles; example is the one from which they
// take back what the preprocessing threw away.
func (p *codeProbe) tilesOf(made linalg.Matrix[float32], example int) linalg.Matrix[float32] {
	problem := p.problem
	switch p.pictured {
	case picturedSeen:
		return made
	case picturedStrips:
		return strips(made)
	}
	out := linalg.NewMatrix[float32](made.Rows, problem.Data.D)
	for k := range made.Rows {
		row := linalg.NewMatrix[float64](1, made.Cols)
		linalg.Convert(row, made.Slice(k, k+1))
		if back, err := problem.Pipeline.Invert(problem.Data, max(example, 0), row); err == nil {
			linalg.Convert(out.Slice(k, k+1), back)
		}
	}
	return out
}

// label names the class of an example, "" when it has none.
func (p *codeProbe) label(example int) string {
	switch {
	case example < 0 || example >= len(p.class):
		return ""
	case p.class[example] >= 0 && p.class[example] < len(p.names):
		return p.names[p.class[example]]
	}
	return fmt.Sprint(p.class[example])
}

// codeSet is the codes of the probe at one moment of a run, and what they add up
// to. It is immutable.
type codeSet struct {
	probe *codeProbe
	of    *train.Snapshot
	step  int
	theta []float32
	codes linalg.Matrix[float32] // examples × units

	mean, deviation []float64 // of each unit: of its aggregate posterior, if it has one
	low, high       []float64 // range of the codes of each unit
	bounds          nn.Activation
	kl              []float64 // nats an example of each unit of a variational autoencoder, else nil
	silent          []bool    // units that carry nothing
	active          int       // the others
	order           []int     // units, most active first
	finite          bool
}

// newCodeSet encodes the probe.
func newCodeSet(p *codeProbe, net network.Network[float32], full *train.Snapshot, rho float64) *codeSet {
	spec := p.problem.Spec()
	layer := spec.Layers()[spec.Code()]
	n, h := p.x.Rows, layer.Units
	s := &codeSet{probe: p, of: full, step: full.Step, theta: full.Parameters, codes: linalg.NewMatrix[float32](n, h), bounds: layer.Activation}
	s.mean, s.deviation = make([]float64, h), make([]float64, h)
	s.low, s.high, s.silent = make([]float64, h), make([]float64, h), make([]bool, h)
	noise := make([]float64, h) // mean variance of the posteriors
	if v, ok := spec.(network.Variational); ok {
		logVar := linalg.NewMatrix[float32](n, h)
		variational.NewObjective[float32](v.Model).Encode(s.theta, p.x, s.codes, logVar)
		s.kl = unitKL(s.codes, logVar, noise)
	} else {
		net.Encode(s.theta, spec.Code(), p.x, s.codes)
	}
	a := analysis.Observe(s.codes, layer.Activation)
	weight := make([]float64, h)
	for j := range h {
		s.mean[j], s.deviation[j] = a.Mean[j], math.Sqrt(a.Variance[j]+noise[j])
		weight[j] = a.Variance[j]
		s.low[j], s.high[j] = math.Inf(1), math.Inf(-1)
	}
	s.finite = true
	for i := range n {
		for j, v := range s.codes.Row(i) {
			s.low[j], s.high[j] = min(s.low[j], float64(v)), max(s.high[j], float64(v))
			s.finite = s.finite && v-v == 0
		}
	}
	if s.kl != nil {
		variances, _ := variational.ActiveUnits(s.codes, variational.ActiveThreshold)
		for j, v := range variances {
			s.silent[j] = v <= variational.ActiveThreshold
		}
		weight = s.kl
	} else {
		for _, j := range a.Dead(rho) {
			s.silent[j] = true
		}
	}
	for j := range h {
		s.order = append(s.order, j)
		if !s.silent[j] {
			s.active++
		}
	}
	slices.SortStableFunc(s.order, func(a, b int) int {
		switch {
		case weight[a] > weight[b]:
			return -1
		case weight[a] < weight[b]:
			return 1
		}
		return 0
	})
	return s
}

// unitKL returns the mean KL divergence of each unit's posterior from the prior
// in nats, and writes the mean of its variances to noise.
func unitKL(mean, logVar linalg.Matrix[float32], noise []float64) []float64 {
	kl := make([]float64, mean.Cols)
	for i := range mean.Rows {
		variances := logVar.Row(i)
		for j, m := range mean.Row(i) {
			l := float64(variances[j])
			v := math.Exp(l)
			noise[j] += v / float64(mean.Rows)
			kl[j] += 0.5 * (float64(m)*float64(m) + v - 1 - l) / float64(mean.Rows)
		}
	}
	return kl
}

// units is the number of units of the code.
func (s *codeSet) units() int { return s.codes.Cols }

// reach returns the range that a slider of unit j has: three standard deviations
// around the mean, as far as its activation goes.
func (s *codeSet) reach(j int) (low, high float64) {
	width := 3 * s.deviation[j]
	if !(width > 1e-6) {
		width = 1e-6
		if s.kl != nil {
			width = 3
		}
	}
	least, most := s.bounds.Range()
	return max(s.mean[j]-width, least), min(s.mean[j]+width, most)
}

// code returns the code of an example, the mean of all for -1.
func (s *codeSet) code(example int) []float32 {
	if example >= 0 && example < s.codes.Rows {
		return slices.Clone(s.codes.Row(example))
	}
	z := make([]float32, s.units())
	for j := range z {
		z[j] = float32(s.mean[j])
	}
	return z
}
