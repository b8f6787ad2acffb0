package optim

import "filterscope/engine/linalg"

// history is the store of (s, y) pairs, s = x' - x and y = g' - g, of an
// L-BFGS. It has one slot more than pairs are kept, so that a new pair can be
// looked at before the oldest is given up. Its methods but the last two work
// on one chunk, and all slices they take are of that chunk.
type history interface {
	// make stores the pair of the step from (x, g) to (xNew, gNew) in a slot,
	// copies gNew, and sets sums to the pair's own products and gNew's with d.
	make(slot, chunk int, copied, x, g, xNew, gNew, d []float64, sums *linalg.PairSums)
	// dots returns s·g and y·g of a slot.
	dots(slot, chunk int, g []float64) (sg, yg float64)
	// combine adds a·s + b·y of slot i and c·s + d·y of slot j to dst.
	combine(dst []float64, chunk, i, j int, a, b, c, d float64)
	// pair copies a slot's vectors out; setPair puts them back, exactly.
	pair(slot int) (s, y []float64)
	setPair(slot int, s, y []float64)
}

// pairs stores the history in T; float32 halves the memory and, at 300,000
// parameters, the time. All products are of the stored (rounded) numbers, so
// that the recursion sees one consistent set of pairs.
//
// A pass over the pairs is as fast as memory. So what belongs to a chunk lies
// together, slot after slot and s before y: the processor fetches ahead along
// one stream instead of twenty.
type pairs[T linalg.Float] struct {
	n, slots int
	data     []T
}

// pairStride is the distance of two vectors of a chunk: not a multiple of 4 KB,
// or their elements would fall on the same lines of the first-level cache.
const pairStride = chunkLen + 32

func newPairs[T linalg.Float](slots, n int) *pairs[T] {
	chunks := (n + chunkLen - 1) / chunkLen
	return &pairs[T]{n: n, slots: slots, data: make([]T, 2*slots*chunks*pairStride)}
}

// at returns a chunk of the s and y of a slot.
func (p *pairs[T]) at(slot, chunk int) (s, y []T) {
	size := min(chunkLen, p.n-chunk*chunkLen)
	s = p.data[2*(chunk*p.slots+slot)*pairStride:]
	return s[:size], s[pairStride : pairStride+size]
}

func (p *pairs[T]) make(slot, chunk int, copied, x, g, xNew, gNew, d []float64, sums *linalg.PairSums) {
	s, y := p.at(slot, chunk)
	linalg.PairMake(s, y, copied, x, g, xNew, gNew, d, sums)
}

func (p *pairs[T]) dots(slot, chunk int, g []float64) (sg, yg float64) {
	s, y := p.at(slot, chunk)
	return linalg.PairDots(s, y, g)
}

func (p *pairs[T]) combine(dst []float64, chunk, i, j int, a, b, c, d float64) {
	s, y := p.at(i, chunk)
	u, v := p.at(j, chunk)
	linalg.PairAdd(dst, s, y, u, v, a, b, c, d)
}

func (p *pairs[T]) pair(slot int) (s, y []float64) {
	for chunk := 0; chunk*chunkLen < p.n; chunk++ {
		a, b := p.at(slot, chunk)
		s, y = append(s, linalg.Converted[float64](a)...), append(y, linalg.Converted[float64](b)...)
	}
	return s, y
}

func (p *pairs[T]) setPair(slot int, s, y []float64) {
	for chunk := 0; chunk*chunkLen < p.n; chunk++ {
		a, b := p.at(slot, chunk)
		for i := range a {
			a[i], b[i] = T(s[chunk*chunkLen+i]), T(y[chunk*chunkLen+i])
		}
	}
}
