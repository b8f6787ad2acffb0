package rbm

import (
	"math/rand/v2"

	"filterscope/engine/linalg"
)

// gibbs samples one layer given the other, for the rows of v and z. Weights are kept twice: with a
// row for each visible unit, which the way up and learning take where a visible value is
// not 0, and with a row for each hidden unit, which the way down takes where a sample is not 0.
//
// All three are cut along the visible units, so that a core keeps its share of the weights, and of the
// visible values, in its own cache from step to step: to move what another core has
// changed takes as long as to multiply it. Going up, each part makes a sum of its own for all
// hidden units, and those are added up.
type gibbs[T linalg.Float] struct {
	spec         Spec
	up           linalg.Matrix[T]   // weights, visible × hidden, padded
	down         []linalg.Matrix[T] // the same by part of the visible units, hidden × those units, padded
	vBias, hBias []T

	seed, stages uint64
	sources      []source

	examples int              // rows of v and z that are no chains; the chains follow
	v        linalg.Matrix[T] // visible
	z        linalg.Matrix[T] // means of the hidden units
	h        linalg.Matrix[T] // samples of hidden units, chains × hidden
	lists    []lists[T]       // of v, by part of the visible units
	hRows    []linalg.Entries[T]

	job      sweep[T]  // what the stage works on
	together int       // parts of the visible units that make a sum of the way up
	sums     []T       // of the way up, rows × hidden for each but the first
	work     []T       // rows × hidden
	energy   []float64 // by part of the hidden units: of the rows before job.chain, of the others
	visible  func(part int)
	hidden   func(part int)
}

const (
	unitVector  = 16      // units are parted in whole vectors of the widest kernel
	visibleUnit = 13      // of them in a part of the visible units, at most
	hiddenUnit  = 4       // and in one of the hidden units
	listColumns = 48      // visible units that learn at a time: their weights stay in the first-level cache
	togetherBy  = 1 << 23 // multiplications of the way up not worth a sum, which goes from core to core, for each part
	serialBy    = 1 << 18 // multiplications of one product not worth a second core
)

// source is the random stream of one part of a stage. Two cores that draw at the same time must not
// write to one line of the cache.
type source struct {
	pcg rand.PCG
	rng *rand.Rand
	_   [104]byte
}

func newGibbs[T linalg.Float](s Spec, theta []T, seed uint64) *gibbs[T] {
	visible, hidden := parts(s.Visible, visibleUnit), parts(s.Hidden, hiddenUnit)
	g := &gibbs[T]{
		spec: s, seed: seed, up: linalg.NewPadded[T](s.Visible, s.Hidden), vBias: make([]T, s.Visible), hBias: make([]T, s.Hidden),
		lists: make([]lists[T], visible), hRows: make([]linalg.Entries[T], hidden),
		sources: make([]source, max(visible, hidden)), energy: make([]float64, 2*hidden),
	}
	for i := range g.lists {
		first, last := part(i, visible, s.Visible)
		g.down = append(g.down, linalg.NewPadded[T](s.Hidden, last-first))
		g.lists[i].columns = make([]linalg.Entries[T], pieces(last-first, listColumns))
	}
	for i := range g.sources {
		g.sources[i].rng = rand.New(&g.sources[i].pcg)
	}
	g.visible, g.hidden = g.visibleTask, g.hiddenPart
	g.use(theta)
	return g
}

// use copies another parameter vector.
func (g *gibbs[T]) use(theta []T) {
	w, a, b := split(g.spec, theta)
	copy(g.vBias, a)
	copy(g.hBias, b)
	linalg.Parallel(len(g.down), func(i int) {
		first, last := g.part(i)
		for j := range w.Rows {
			copy(g.down[i].Row(j), w.Row(j)[first:last])
		}
		linalg.Transpose(g.up.Slice(first, last), g.down[i], 0, w.Rows)
	})
}

// parameters copies the parameter vector to theta.
func (g *gibbs[T]) parameters(theta []T) {
	w, a, b := split(g.spec, theta)
	copy(a, g.vBias)
	copy(b, g.hBias)
	linalg.Parallel(len(g.down), func(i int) {
		first, last := g.part(i)
		for j := range w.Rows {
			copy(w.Row(j)[first:last], g.down[i].Row(j))
		}
	})
}

// part returns the visible units of part i.
func (g *gibbs[T]) part(i int) (first, last int) { return part(i, len(g.down), g.spec.Visible) }

// resize makes room for that many rows of v and z. The samples of chains stay as
// long as their number does.
func (g *gibbs[T]) resize(examples, chains int) {
	s := g.spec
	g.examples = examples
	g.v = padded(g.v, examples+chains, s.Visible)
	g.z = padded(g.z, examples+chains, s.Hidden)
	g.work = grow(g.work, g.z.Rows*s.Hidden)
	g.together = 1
	if len(g.down)%2 == 0 && g.z.Rows*s.size() < togetherBy {
		g.together = 2
	}
	g.sums = grow(g.sums, (len(g.down)-1)*g.z.Rows*g.z.Stride)
	g.h = linalg.MatrixOf(chains, s.Hidden, grow(g.h.Data, chains*s.Hidden))
}

// listSamples lists hidden samples that hiddenPart did not make.
func (g *gibbs[T]) listSamples() {
	for i := range g.hRows {
		first, last := part(i, len(g.hRows), g.spec.Hidden)
		g.hRows[i].Columns(g.h.Columns(first, last), first)
	}
}

// stage runs the parts of one stage, on this goroutine alone when the work is
// small, and gives every stage random streams of its own.
func (g *gibbs[T]) stage(parts, work int, f func(int)) {
	g.stages++
	if work >= serialBy {
		linalg.Parallel(parts, f)
		return
	}
	for i := range parts {
		f(i)
	}
}

// source returns the stream of part i of this stage.
func (g *gibbs[T]) source(i int) *source {
	s := &g.sources[i]
	s.pcg.Seed(scatter(g.seed+g.stages), scatter(g.seed^scatter(uint64(i)+1)+g.stages))
	return s
}

// scatter turns neighbouring numbers into far ones: the finaliser of SplitMix64
// (Steele, Lea & Flood 2014). PCG takes a seed as it is.
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
