package render

import (
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// finite reports whether v is neither infinite nor NaN.
func finite(v float64) bool { return v-v == 0 }

// centres returns the centre of each tile, nil for zero.
func centres[T linalg.Float](w linalg.Matrix[T], centre Centre) []float64 {
	if centre == CentreZero {
		return nil
	}
	c := make([]float64, w.Rows)
	total, count := 0.0, 0
	for i := range w.Rows {
		sum, n := 0.0, 0
		for _, v := range w.Row(i) {
			if x := float64(v); finite(x) {
				sum += x
				n++
			}
		}
		if n > 0 && centre == CentreTile {
			c[i] = sum / float64(n)
		}
		total += sum
		count += n
	}
	if centre == CentreGlobal && count > 0 {
		for i := range c {
			c[i] = total / float64(count)
		}
	}
	for i, v := range c {
		if !finite(v) { // the sum overflowed
			c[i] = 0
		}
	}
	return c
}

// largest returns the largest |v| of each tile.
func largest[T linalg.Float](w linalg.Matrix[T], centres []float64) []float64 {
	m := make([]float64, w.Rows)
	for i := range m {
		c := 0.0
		if centres != nil {
			c = centres[i]
		}
		most := 0.0
		for _, v := range w.Row(i) {
			if a := math.Abs(float64(v) - c); a > most && finite(a) {
				most = a
			}
		}
		m[i] = most
	}
	return m
}

// norms returns the Euclidean norm of each tile. It is taken relative to the
// largest |v|, so that no square overflows or vanishes.
func norms[T linalg.Float](w linalg.Matrix[T], centres []float64) []float64 {
	n := largest(w, centres)
	for i, most := range n {
		c, k := 0.0, inverse(most)
		if centres != nil {
			c = centres[i]
		}
		sum := 0.0
		for _, v := range w.Row(i) {
			if x := (float64(v) - c) * k; finite(x) {
				sum += x * x
			}
		}
		if n[i] = most * math.Sqrt(sum); !finite(n[i]) {
			n[i] = 0
		}
	}
	return n
}

// magnitude returns the smallest number that at least share of the finite |v|
// do not exceed, where v is divided by the norm of its tile when norms are
// given (tiles without a norm count as zeros).
//
// Positive floating-point numbers are ordered as their bits are, so it finds
// the number 16 bits at a time by counting: four quick passes, exact, without
// a copy of the weights.
func magnitude[T linalg.Float](w linalg.Matrix[T], centres, norms []float64, share float64) float64 {
	var prefix uint64
	rank := -1
	counts := make([]int, 1<<16)
	for shift := 48; shift >= 0; shift -= 16 {
		clear(counts)
		total := 0
		mask := ^uint64(0) << (shift + 16) // 0 in the first pass
		for i := range w.Rows {
			c, k := 0.0, 1.0
			if centres != nil {
				c = centres[i]
			}
			if norms != nil {
				k = inverse(norms[i])
			}
			for _, v := range w.Row(i) {
				bits := math.Float64bits((float64(v)-c)*k) &^ (1 << 63)
				if bits&mask == prefix && bits < 0x7ff<<52 {
					counts[bits>>shift&0xffff]++
					total++
				}
			}
		}
		if rank < 0 {
			if total == 0 {
				return 0
			}
			rank = max(0, int(math.Ceil(share*float64(total)))-1)
		}
		for digit, n := range counts {
			if rank < n {
				prefix |= uint64(digit) << shift
				break
			}
			rank -= n
		}
	}
	return math.Float64frombits(prefix)
}

// inverse returns 1/s, and 0 for a scale too small or too large to divide by.
func inverse(s float64) float64 {
	if k := 1 / s; finite(k) {
		return k
	}
	return 0
}

// BestInput returns w/‖w‖₂: the input of norm at most 1 that excites a unit
// with the weights w most (UFLDL, "Visualizing a Trained Autoencoder"). A zero
// w gives zeros.
func BestInput[T linalg.Float](w []T) []T {
	k := inverse(norms(linalg.MatrixOf(1, len(w), w), nil)[0])
	best := slices.Clone(w)
	for j, v := range w {
		best[j] = T(float64(v) * k)
	}
	return best
}
