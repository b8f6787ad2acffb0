package optim

import (
	"math"
	"slices"
)

// This file holds the passes of L-BFGS; see descentpasses.go.

// Places in a chunk's sums: the products of the new pair, then two products
// for each slot.
const (
	atSY = atOwn + iota
	atSS
	atYY
	atPairs
)

// adopt implements course: it renews the gradient's products with the pairs.
func (l *LBFGS) adopt() {
	l.chunks.run(l.own.adopt)
	for k, slot := range l.order {
		l.sg[slot], l.yg[slot] = l.total(atPairs+2*k), l.total(atPairs+2*k+1)
	}
}

func (l *LBFGS) adoptChunk(chunk, from, to int) {
	copy(l.g[from:to], l.told[from:to])
	l.dots(l.sums(chunk), chunk, l.g[from:to])
}

// dots stores s·g and y·g of each slot in use.
func (l *LBFGS) dots(sums []float64, chunk int, g []float64) {
	for k, slot := range l.order {
		sums[atPairs+2*k], sums[atPairs+2*k+1] = l.pairs.dots(slot, chunk, g)
	}
}

// look implements course. On the way it makes the pair of the step to the trial
// point and all its products: nearly every trial is accepted, and arrive then
// has no vector to read again.
func (l *LBFGS) look() (slope float64) {
	kept := l.order
	l.order = append(l.order, l.free) // capacity is one more than Memory
	l.chunks.run(l.own.look)
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

// arrive implements course: it stores the pair of the step when its curvature
// is positive.
func (l *LBFGS) arrive() {
	l.swap()
	slots := l.set.Memory + 1
	kept := l.order
	l.order = append(l.order, l.free)
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
	l.chunks.run(l.own.combine)
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
