package rbm

import (
	"math/rand/v2"

	"filterscope/engine/linalg"
)

// Stages are cut into parts by shape alone. Minibatches are small and the
// weights change with every step, so the weights are never packed: going up,
// the examples are, and W·Vᵀ comes out transposed, which is how the way down
// (Hᵀ)ᵀ·W wants its samples.
//
// Both ways are cut along the hidden units, so that a core keeps its share of the
// weights in its own cache from step to step; to move weights that another
// core has changed takes as long as to multiply them. Going down, each of a few blocks
// of hidden units makes a sum of its own, and those are added up.
const (
	stripRows  = 14      // hidden units a kernel takes at a time
	partStrips = 4       // of them in a part of the way up, at most
	downBlocks = 4       // of hidden units in the way down
	visibleCol = 64      // visible units a part of the way down computes: two panels
	serialBy   = 1 << 18 // multiplications of one product not worth a second core
)

// gibbs samples one layer given the other, for the rows of v and z.
type gibbs[T linalg.Float] struct {
	spec         Spec
	weight       linalg.Matrix[T]
	vBias, hBias []T

	seed, stages uint64
	sources      []source

	v  linalg.Matrix[T] // visible, one row a chain or example
	z  linalg.Matrix[T] // means of the hidden units of those rows
	zT []T              // workspace of the way up, hidden × rows
	hT linalg.Matrix[T] // samples of hidden units, hidden × chains

	job struct { // what the stage works on
		way[T]
		v, z   linalg.Matrix[T]
		zT     linalg.Matrix[T]
		means  linalg.Matrix[T] // down: where to keep the means, if anywhere
		packed linalg.Packed[T]
	}
	energy              []float64 // by part: of the rows before way.chain, of the others
	sums                []T       // of the way down, chains × visible for each block but the first
	pack, up, down, add func(int)
}

// way is one way up, for the rows first to last-1 of v; draw alone also says whether visible
// units are sampled on the way down.
type way[T linalg.Float] struct {
	first, last int
	data        linalg.Matrix[T] // what the first of the rows become before, if anything
	chain       int              // rows from here on are chains
	draw        bool             // sample the hidden units of the chains
	measure     bool             // add up the hidden part of the free energies

	// then, unless it is nil, is called for hidden units whose means are ready, on
	// any goroutine, and may do with their weights and z what it likes.
	then func(part, first, last int)
}

// source is the random stream of one part of a stage.
type source struct {
	pcg *rand.PCG
	rng *rand.Rand
}

func newGibbs[T linalg.Float](s Spec, theta []T, seed uint64) *gibbs[T] {
	g := &gibbs[T]{spec: s, seed: seed}
	g.use(theta)
	g.sources = make([]source, max(parts(s.Hidden), pieces(s.Visible, visibleCol)))
	for i := range g.sources {
		pcg := rand.NewPCG(0, 0)
		g.sources[i] = source{pcg, rand.New(pcg)}
	}
	g.energy = make([]float64, 2*parts(s.Hidden))
	g.pack, g.up, g.down, g.add = g.packPart, g.upPart, g.downPart, g.addPart
	return g
}

// use takes another parameter vector.
func (g *gibbs[T]) use(theta []T) {
	g.weight, g.vBias, g.hBias = split(g.spec, theta)
}

// resize makes room for rows rows of v and z.
func (g *gibbs[T]) resize(rows int) {
	s := g.spec
	g.v = linalg.MatrixOf(rows, s.Visible, grow(g.v.Data, rows*s.Visible))
	g.z = linalg.MatrixOf(rows, s.Hidden, grow(g.z.Data, rows*s.Hidden))
	g.zT = grow(g.zT, rows*s.Hidden)
}

// resizeChains makes room for the hidden samples of that many chains.
func (g *gibbs[T]) resizeChains(chains int) {
	g.hT = linalg.MatrixOf(g.spec.Hidden, chains, grow(g.hT.Data, chains*g.spec.Hidden))
}

// hidden sets the rows of z to the means given those rows of v. With draw set, the
// chains are sampled into hT. With measure set it returns Σ f(b + W v) over
// the rows before w.chain, and over the others.
func (g *gibbs[T]) hidden(w way[T]) (data, chains float64) {
	j := &g.job
	rows := w.last - w.first
	j.way, j.v, j.z = w, g.v.Slice(w.first, w.last), g.z.Slice(w.first, w.last)
	j.zT = linalg.MatrixOf(g.spec.Hidden, rows, g.zT)
	j.packed.Reset(j.v, true)
	g.stage(pieces(g.spec.Visible, visibleCol), rows*g.spec.size(), g.pack)
	n := parts(g.spec.Hidden)
	g.stage(n, rows*g.spec.size(), g.up)
	if w.measure {
		for i := range n {
			data += g.energy[2*i]
			chains += g.energy[2*i+1]
		}
	}
	return data, chains
}

// packPart packs a few visible units of the rows that go up.
func (g *gibbs[T]) packPart(i int) {
	j := &g.job
	first, last := span(i, g.spec.Visible, visibleCol)
	for r := range j.data.Rows {
		copy(j.v.Row(r)[first:last], j.data.Row(r)[first:last])
	}
	j.packed.PackRows(first, last, j.v, true)
}

func (g *gibbs[T]) upPart(i int) {
	j := &g.job
	first, last := part(i, parts(g.spec.Hidden), g.spec.Hidden)
	bias := g.hBias[first:last]
	out := j.zT.Slice(first, last)
	linalg.MulPacked(out, g.weight.Slice(first, last), &j.packed)
	linalg.Transpose(j.z, j.zT, first, last)
	z := j.z.Columns(first, last)
	if j.measure {
		copied := linalg.MatrixOf(z.Rows, z.Cols, out.Data)
		for r := range z.Rows {
			copy(copied.Row(r), z.Row(r))
		}
		g.energy[2*i] = hiddenEnergy(g.spec.HiddenUnit, copied.Slice(0, j.chain-j.first), bias)
		g.energy[2*i+1] = hiddenEnergy(g.spec.HiddenUnit, copied.Slice(j.chain-j.first, z.Rows), bias)
	}
	linalg.Activate(g.spec.HiddenUnit.mean(), z, bias, nil)
	if j.draw {
		s := g.source(i)
		for r := j.chain - j.first; r < z.Rows; r++ {
			sample(g.spec.HiddenUnit, s, z.Row(r), g.hT.Data[first*g.hT.Stride+r-(j.chain-j.first):], g.hT.Stride)
		}
	}
	if j.then != nil {
		j.then(i, first, last)
	}
}

// visible sets the rows of v from first on to samples given the hidden samples
// hT, or to their means when draw is not set. Means are kept in means, too,
// unless that is empty.
func (g *gibbs[T]) visible(first int, draw bool, means linalg.Matrix[T]) {
	j := &g.job
	j.v, j.draw, j.means = g.v.Slice(first, g.v.Rows), draw, means
	n := pieces(g.spec.Visible, visibleCol)
	g.sums = grow(g.sums, (blocks(g.spec.Hidden)-1)*len(j.v.Data))
	g.stage(blocks(g.spec.Hidden)*n, j.v.Rows*g.spec.size(), g.down)
	g.stage(n, j.v.Rows*g.spec.size(), g.add)
}

// downPart multiplies one block of the weights with its samples, for a few visible units.
func (g *gibbs[T]) downPart(i int) {
	n := pieces(g.spec.Visible, visibleCol)
	block, units := i/n, parts(g.spec.Hidden)
	top, _ := part(block*units/blocks(g.spec.Hidden), units, g.spec.Hidden)
	end, _ := part((block+1)*units/blocks(g.spec.Hidden), units, g.spec.Hidden)
	first, last := span(i%n, g.spec.Visible, visibleCol)
	linalg.MulTrans(g.sum(block).Columns(first, last), g.hT.Slice(top, end), g.weight.Slice(top, end).Columns(first, last), false)
}

// sum is where a block of the way down puts its products: the first in place.
func (g *gibbs[T]) sum(block int) linalg.Matrix[T] {
	v := g.job.v
	if block == 0 {
		return v
	}
	return linalg.MatrixOf(v.Rows, v.Cols, g.sums[(block-1)*len(v.Data):block*len(v.Data)])
}

// addPart adds up the sums of a few visible units and makes means and samples of them.
func (g *gibbs[T]) addPart(i int) {
	j := &g.job
	first, last := span(i, g.spec.Visible, visibleCol)
	v := j.v.Columns(first, last)
	for b := 1; b < blocks(g.spec.Hidden); b++ {
		sum := g.sum(b).Columns(first, last)
		for r := range v.Rows {
			linalg.Blend(1, 1, sum.Row(r), v.Row(r))
		}
	}
	linalg.Activate(g.spec.VisibleUnit.mean(), v, g.vBias[first:last], nil)
	var s *source
	if j.draw {
		s = g.source(i)
	}
	for r := range v.Rows {
		if j.means.Rows > 0 {
			copy(j.means.Row(r)[first:last], v.Row(r))
		}
		if j.draw {
			sample(g.spec.VisibleUnit, s, v.Row(r), v.Row(r), 1)
		}
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

// parts is the number of parts that the way up over n hidden units has: even, so that two cores have
// the same to do.
func parts(n int) int {
	strips := pieces(n, stripRows)
	if even := (pieces(strips, partStrips) + 1) &^ 1; even <= strips {
		return even
	}
	return 1
}

// blocks is the number of blocks that the way down over n hidden units has.
func blocks(n int) int { return min(parts(n), downBlocks) }

// part returns the hidden units of part i of count, in whole strips.
func part(i, count, n int) (first, last int) {
	strips := pieces(n, stripRows)
	return min(i*strips/count*stripRows, n), min((i+1)*strips/count*stripRows, n)
}

func pieces(n, size int) int { return (n + size - 1) / size }

// span returns what part i of a stage over n units works on.
func span(i, n, size int) (first, last int) {
	return i * size, min((i+1)*size, n)
}

// grow returns s with length n, in its own memory if there is enough of it.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
