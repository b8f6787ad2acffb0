package optim

import (
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// This file holds the passes over the vectors. Each runs over the chunks in
// parallel, writes sums into its chunk's part of l.partial, and adds those up
// in chunk order.

func (l *LBFGS) bindPasses() {
	l.passes.norms = l.normsChunk
	l.passes.anchor = l.anchorChunk
	l.passes.look = l.lookChunk
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
	atSlope
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
	l.dots(l.sums(chunk), chunk, l.g[from:to])
}

// dots stores s·g and y·g of each slot in use.
func (l *LBFGS) dots(sums []float64, chunk int, g []float64) {
	for k, slot := range l.order {
		sums[atPairs+2*k], sums[atPairs+2*k+1] = l.pairs.dots(slot, chunk, g)
	}
}

// lookPass returns the told gradient times the direction. On the way it makes
// the pair of the step to the trial point and all its products: nearly every
// trial is accepted, and stepPass then has no vector to read again.
func (l *LBFGS) lookPass() (slope float64) {
	kept := l.order
	l.order = append(l.order, l.free) // capacity is one more than Memory
	l.chunks.run(l.passes.look)
	l.order = kept
	return l.total(atSlope)
}

func (l *LBFGS) lookChunk(chunk, from, to int) {
	sums, told := l.sums(chunk), l.told[from:to]
	p := &l.looked[chunk]
	l.pairs.make(l.free, chunk, l.next[from:to], l.x[from:to], l.g[from:to], l.trial[from:to], told, l.d[from:to], p)
	sums[atSY], sums[atSS], sums[atYY], sums[atSlope] = p.SY, p.SS, p.YY, p.Slope
	sums[atGradMax], sums[atGradSum] = p.GradMax, p.GradSum
	l.dots(sums, chunk, told)
}

// stepPass makes the trial point the iterate, after lookPass, and stores the
// pair of the step when its curvature is positive.
func (l *LBFGS) stepPass() {
	l.x, l.trial = l.trial, l.x
	l.g, l.next = l.next, l.g
	slots := l.set.Memory + 1
	kept := l.order
	l.order = append(l.order, l.free)
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

// combinePass builds the direction from its coefficients, moves the trial point
// along it, and returns the slope.
func (l *LBFGS) combinePass() float64 {
	l.chunks.run(l.passes.combine)
	return l.total(0)
}

func (l *LBFGS) combineChunk(chunk, from, to int) {
	d, g := l.d[from:to], l.g[from:to]
	for i, v := range g {
		d[i] = l.cg * v
	}
	k := len(l.order) % 2
	if k == 1 { // pair the odd one with nothing
		i := l.order[0]
		l.pairs.combine(d, chunk, i, i, l.cs[i], l.cy[i], 0, 0)
	}
	for ; k < len(l.order); k += 2 {
		i, j := l.order[k], l.order[k+1]
		l.pairs.combine(d, chunk, i, j, l.cs[i], l.cy[i], l.cs[j], l.cy[j])
	}
	l.moveChunk(chunk, from, to)
}

// descendPass takes the direction of steepest descent; otherwise as combinePass.
func (l *LBFGS) descendPass() float64 {
	l.chunks.run(l.passes.descend)
	return l.total(0)
}

func (l *LBFGS) descendChunk(chunk, from, to int) {
	d := l.d[from:to]
	for i, v := range l.g[from:to] {
		d[i] = -v
	}
	l.moveChunk(chunk, from, to)
}

// moveTo sets the trial point to x + t·d.
func (l *LBFGS) moveTo(t float64) {
	l.step = t
	l.chunks.run(l.passes.move)
}

// moveChunk moves the trial point and leaves the slope g·d in the first sum.
func (l *LBFGS) moveChunk(chunk, from, to int) {
	l.sums(chunk)[0] = linalg.Advance(l.trial[from:to], l.x[from:to], l.d[from:to], l.g[from:to], l.step)
}
