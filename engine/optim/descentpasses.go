package optim

import (
	"math"

	"filterscope/engine/linalg"
)

// This file holds the passes over the vectors that all minimisers need. Each
// runs over the chunks in parallel, writes sums into its chunk's part of
// m.partial, and adds those up in chunk order.

// Places in a chunk's sums that every look fills; the minimiser's own follow.
const (
	atGradMax = iota
	atGradSum
	atSlope
	atOwn
)

// sums returns the part of m.partial that belongs to a chunk.
func (m *descent) sums(chunk int) []float64 {
	return m.partial[chunk*m.width : (chunk+1)*m.width]
}

// total adds up number k of all chunks.
func (m *descent) total(k int) float64 {
	sum := 0.0
	for c := range m.chunks.count {
		sum += m.partial[c*m.width+k]
	}
	return sum
}

// largest returns the largest number k of all chunks.
func (m *descent) largest(k int) float64 {
	largest := 0.0
	for c := range m.chunks.count {
		largest = max(largest, m.partial[c*m.width+k])
	}
	return largest
}

// normsPass takes the norms of the told gradient, unless it is not finite.
func (m *descent) normsPass() (finite bool) {
	m.chunks.run(m.passes.norms)
	gMax, gSum := m.largest(atGradMax), m.total(atGradSum)
	if math.IsNaN(gSum - gSum) {
		return false
	}
	m.gMax, m.gSum = gMax, gSum
	return true
}

func (m *descent) normsChunk(chunk, from, to int) {
	gradNorms(m.sums(chunk), m.told[from:to])
}

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

// swap makes the trial point the iterate, with the norms that look found.
func (m *descent) swap() {
	m.x, m.trial = m.trial, m.x
	m.g, m.next = m.next, m.g
	m.gMax, m.gSum = m.largest(atGradMax), m.total(atGradSum)
}

// descendPass takes the direction of steepest descent, moves the trial point
// along it, and returns the slope.
func (m *descent) descendPass() float64 {
	m.chunks.run(m.passes.descend)
	return m.total(0)
}

func (m *descent) descendChunk(chunk, from, to int) {
	d := m.d[from:to]
	for i, v := range m.g[from:to] {
		d[i] = -v
	}
	m.moveChunk(chunk, from, to)
}

// moveTo sets the trial point to x + t·d.
func (m *descent) moveTo(t float64) {
	m.step = t
	m.chunks.run(m.passes.move)
}

// moveChunk moves the trial point and leaves the slope g·d in the first sum.
func (m *descent) moveChunk(chunk, from, to int) {
	m.sums(chunk)[0] = linalg.Advance(m.trial[from:to], m.x[from:to], m.d[from:to], m.g[from:to], m.step)
}
