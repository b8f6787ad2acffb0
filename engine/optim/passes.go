package optim

import (
	"math"
	"slices"
)

// This file holds the passes over the vectors. Each runs over the chunks in
// parallel, writes sums into its chunk's part of l.partial, and adds those up
// in chunk order.

func (l *LBFGS) bindPasses() {
	l.passes.norms = l.normsChunk
	l.passes.anchor = l.anchorChunk
	l.passes.add = l.addChunk
	l.passes.slope = l.slopeChunk
	l.passes.combine = l.combineChunk
	l.passes.descend = l.descendChunk
	l.passes.move = l.moveChunk
}

// sums returns the part of l.partial that belongs to a chunk.
func (l *LBFGS) sums(chunk int) []float64 {
	return l.partial[chunk*l.width : (chunk+1)*l.width]
}

// total adds up number k of all chunks.
func (l *LBFGS) total(k int) float64 {
	sum := 0.0
	for c := range l.chunks.count {
		sum += l.partial[c*l.width+k]
	}
	return sum
}

// largest returns the largest number k of all chunks.
func (l *LBFGS) largest(k int) float64 {
	m := 0.0
	for c := range l.chunks.count {
		m = max(m, l.partial[c*l.width+k])
	}
	return m
}

// Places in a chunk's sums: the gradient's norms and the new pair's products
// come first, then two products for each slot.
const (
	atGradMax = iota
	atGradSum
	atSY
	atSS
	atYY
	atPairs
)

func gradNorms(sums, g []float64) {
	largest, sum := 0.0, 0.0
	for _, v := range g {
		v = math.Abs(v)
		if v > largest { // not max, which is slower for the sake of NaN: the sum tells that
			largest = v
		}
		sum += v
	}
	sums[atGradMax], sums[atGradSum] = largest, sum
}

// anchorPass takes the told gradient as the iterate's and renews its products
// with the stored pairs, unless the gradient is not finite.
func (l *LBFGS) anchorPass() (finite bool) {
	l.chunks.run(l.passes.norms)
	gMax, gSum := l.largest(atGradMax), l.total(atGradSum)
	if math.IsNaN(gSum - gSum) {
		return false
	}
	l.gMax, l.gSum = gMax, gSum
	l.chunks.run(l.passes.anchor)
	for k, slot := range l.order {
		l.sg[slot], l.yg[slot] = l.total(atPairs+2*k), l.total(atPairs+2*k+1)
	}
	return true
}

func (l *LBFGS) normsChunk(chunk, from, to int) {
	gradNorms(l.sums(chunk), l.told[from:to])
}

func (l *LBFGS) anchorChunk(chunk, from, to int) {
	copy(l.g[from:to], l.told[from:to])
	l.dots(l.sums(chunk), from, to)
}

// dots stores s·g and y·g of each slot in use.
func (l *LBFGS) dots(sums []float64, from, to int) {
	for k, slot := range l.order {
		sums[atPairs+2*k], sums[atPairs+2*k+1] = l.pairs.dots(slot, from, to, l.g)
	}
}

// stepPass makes the trial point the iterate, stores the pair of the step when
// its curvature is positive, and computes the products of the next recursion.
func (l *LBFGS) stepPass() {
	slots := l.set.Memory + 1
	kept := l.order
	l.order = append(l.order, l.free) // capacity is one more than Memory
	l.chunks.run(l.passes.add)
	l.gMax, l.gSum = l.largest(atGradMax), l.total(atGradSum)
	for k, slot := range l.order {
		sg, yg := l.total(atPairs+2*k), l.total(atPairs+2*k+1)
		// y = g' - g of the new pair saves half of the products.
		l.sy[slot*slots+l.free] = sg - l.sg[slot]
		l.yy[slot*slots+l.free], l.yy[l.free*slots+slot] = yg-l.yg[slot], yg-l.yg[slot]
		l.sg[slot], l.yg[slot] = sg, yg
	}
	sy, ss, yy := l.total(atSY), l.total(atSS), l.total(atYY)
	l.sy[l.free*slots+l.free], l.yy[l.free*slots+l.free] = sy, yy
	if !(sy > minCosine*math.Sqrt(ss)*math.Sqrt(yy)) {
		l.order = kept
		return
	}
	if len(l.order) == slots {
		l.free = l.order[0]
		copy(l.order, l.order[1:])
		l.order = l.order[:slots-1]
		return
	}
	l.free = l.unused()
}

// unused returns the first slot that holds no pair in use.
func (l *LBFGS) unused() int {
	slot := 0
	for slices.Contains(l.order, slot) {
		slot++
	}
	return slot
}

func (l *LBFGS) addChunk(chunk, from, to int) {
	sums := l.sums(chunk)
	gradNorms(sums, l.told[from:to])
	sums[atSY], sums[atSS], sums[atYY] = l.pairs.add(l.free, from, to, l.x, l.g, l.trial, l.told)
	l.dots(sums, from, to)
}

// slope returns the told gradient times the direction.
func (l *LBFGS) slope() float64 {
	l.chunks.run(l.passes.slope)
	return l.total(0)
}

func (l *LBFGS) slopeChunk(chunk, from, to int) {
	l.sums(chunk)[0] = dot(l.told[from:to], l.d[from:to])
}

// dot returns a·b as the sum of four interleaved partial sums.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	n := len(a) &^ 3
	for i := 0; i < n; i += 4 {
		p, q := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += p[0] * q[0]
		s1 += p[1] * q[1]
		s2 += p[2] * q[2]
		s3 += p[3] * q[3]
	}
	for i := n; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// combinePass builds the direction from its coefficients, moves the trial point
// along it, and returns the slope.
func (l *LBFGS) combinePass() float64 {
	l.chunks.run(l.passes.combine)
	return l.total(0)
}

func (l *LBFGS) combineChunk(chunk, from, to int) {
	d, g := l.d[from:to], l.g[from:to]
	for i := range d {
		d[i] = l.cg * g[i]
	}
	k := len(l.order) % 2
	if k == 1 { // pair the odd one with nothing
		i := l.order[0]
		l.pairs.combine(l.d, from, to, i, i, l.cs[i], l.cy[i], 0, 0)
	}
	for ; k < len(l.order); k += 2 {
		i, j := l.order[k], l.order[k+1]
		l.pairs.combine(l.d, from, to, i, j, l.cs[i], l.cy[i], l.cs[j], l.cy[j])
	}
	l.sums(chunk)[0] = dot(g, d)
	l.moveChunk(chunk, from, to)
}

// descendPass takes the direction of steepest descent; otherwise as combinePass.
func (l *LBFGS) descendPass() float64 {
	l.chunks.run(l.passes.descend)
	return l.total(0)
}

func (l *LBFGS) descendChunk(chunk, from, to int) {
	d, g := l.d[from:to], l.g[from:to]
	for i := range d {
		d[i] = -g[i]
	}
	l.sums(chunk)[0] = dot(g, d)
	l.moveChunk(chunk, from, to)
}

// moveTo sets the trial point to x + t·d.
func (l *LBFGS) moveTo(t float64) {
	l.step = t
	l.chunks.run(l.passes.move)
}

func (l *LBFGS) moveChunk(_, from, to int) {
	x, d, trial := l.x[from:to], l.d[from:to], l.trial[from:to]
	t := l.step
	for i := range trial {
		trial[i] = x[i] + t*d[i]
	}
}
