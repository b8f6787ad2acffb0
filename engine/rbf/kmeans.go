package rbf

import (
	"math"
	"math/rand/v2"

	"filterscope/engine/linalg"
)

// maxRounds bounds Lloyd's iteration; it usually stops long before.
const maxRounds = 100

// KMeans returns the means of at most count clusters of the rows of x, N×d, found
// by Lloyd's iteration from a k-means++ start (Arthur & Vassilvitskii 2007); fewer
// when x has fewer different rows. The same seed gives the same centres.
func KMeans(x linalg.Matrix[float64], count int, seed uint64) linalg.Matrix[float64] {
	rng := rand.New(rand.NewPCG(seed, streamMeans))
	centres := rows(x, spread(x, count, rng))
	k := centres.Rows
	owner := make([]int, x.Rows)
	for i := range owner {
		owner[i] = -1
	}
	far := make([]float64, x.Rows) // squared distance of each point from its centre
	sizes := make([]int, k)
	for range maxRounds {
		if !assign(x, centres, owner, far) {
			break
		}
		clear(sizes)
		centres.Zero()
		for i, j := range owner {
			sizes[j]++
			linalg.Axpy(1, x.Row(i), centres.Row(j))
		}
		for j, n := range sizes {
			if n > 0 {
				linalg.Scale(1/float64(n), centres.Row(j))
				continue
			}
			// Nobody is nearest to it: it goes where the error is largest.
			worst := 0
			for i, s := range far {
				if s > far[worst] {
					worst = i
				}
			}
			copy(centres.Row(j), x.Row(worst))
			far[worst] = 0
		}
	}
	return centres
}

// spread draws at most count different rows, each with a probability in proportion
// to its squared distance from the nearest one drawn before.
func spread(x linalg.Matrix[float64], count int, rng *rand.Rand) []int {
	if x.Rows == 0 || count < 1 {
		return nil
	}
	chosen := []int{rng.IntN(x.Rows)}
	nearest := make([]float64, x.Rows)
	for i := range nearest {
		nearest[i] = math.Inf(1)
	}
	for len(chosen) < min(count, x.Rows) {
		last := x.Row(chosen[len(chosen)-1])
		total := 0.0
		for i, s := range nearest {
			nearest[i] = min(s, squaredDistance(x.Row(i), last))
			total += nearest[i]
		}
		if total == 0 { // every row is the same as one that was drawn
			break
		}
		left := rng.Float64() * total
		pick := -1
		for i, s := range nearest {
			if s > 0 {
				pick = i
				if left -= s; left < 0 {
					break
				}
			}
		}
		chosen = append(chosen, pick)
	}
	return chosen
}

// assign finds the nearest centre of every row, the first of equally near ones,
// and reports whether any has changed.
func assign(x, centres linalg.Matrix[float64], owner []int, far []float64) bool {
	changed := make([]bool, (x.Rows+blockRows-1)/blockRows)
	inBlocks(x.Rows, func(first, last int) {
		for i := first; i < last; i++ {
			best, least := 0, math.Inf(1)
			for j := range centres.Rows {
				if s := squaredDistance(x.Row(i), centres.Row(j)); s < least {
					best, least = j, s
				}
			}
			if owner[i] != best {
				owner[i] = best
				changed[first/blockRows] = true
			}
			far[i] = least
		}
	})
	for _, c := range changed {
		if c {
			return true
		}
	}
	return false
}
