package rbf

import (
	"math/rand/v2"
	"slices"

	"filterscope/engine/linalg"
)

// Streams of random numbers by purpose: changing one leaves the others.
const (
	streamSubset = 0x52424601 + iota
	streamMeans
)

// Grid returns at most count centres on a regular grid that reaches from lo to
// hi, both of length d, inclusive. In one dimension there are exactly count, as
// NumPy's linspace; in more the axis with the widest gaps gets the next line of
// centres as long as enough are left for all its lines. An axis with one line has it in the
// middle.
func Grid(lo, hi []float64, count int) linalg.Matrix[float64] {
	d := len(lo)
	if count < 1 || d == 0 {
		return linalg.NewMatrix[float64](0, d)
	}
	lines := make([]int, d)
	for j := range lines {
		lines[j] = 1
	}
	for total := 1; ; {
		widest := -1
		for j := range lines {
			gap := (hi[j] - lo[j]) / float64(lines[j])
			if total/lines[j]*(lines[j]+1) <= count && gap > 0 &&
				(widest < 0 || gap > (hi[widest]-lo[widest])/float64(lines[widest])) {
				widest = j
			}
		}
		if widest < 0 {
			break
		}
		total = total / lines[widest] * (lines[widest] + 1)
		lines[widest]++
	}
	total := 1
	for _, l := range lines {
		total *= l
	}
	c := linalg.NewMatrix[float64](total, d)
	for i := range total {
		left := i
		for j := d - 1; j >= 0; j-- {
			at := left % lines[j]
			left /= lines[j]
			v := lo[j]/2 + hi[j]/2
			if lines[j] > 1 {
				v = lo[j] + float64(at)*((hi[j]-lo[j])/float64(lines[j]-1))
				if at == lines[j]-1 {
					v = hi[j]
				}
			}
			c.Set(i, j, v)
		}
	}
	return c
}

// Subset returns count different rows of x, drawn at random, in their order in
// x; all of them when there are not more.
func Subset(x linalg.Matrix[float64], count int, seed uint64) linalg.Matrix[float64] {
	rng := rand.New(rand.NewPCG(seed, streamSubset))
	index := rng.Perm(x.Rows)[:max(0, min(count, x.Rows))]
	slices.Sort(index)
	return rows(x, index)
}

// All returns a copy of the rows of x.
func All(x linalg.Matrix[float64]) linalg.Matrix[float64] { return x.Clone() }

// rows returns a copy of some rows of x.
func rows(x linalg.Matrix[float64], index []int) linalg.Matrix[float64] {
	c := linalg.NewMatrix[float64](len(index), x.Cols)
	for i, from := range index {
		copy(c.Row(i), x.Row(from))
	}
	return c
}
