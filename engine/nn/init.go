package nn

import (
	"math"
	"math/rand/v2"
)

// UFLDLRadius returns the r of the UFLDL initialiser, which draws weights from
// U[-r, r]: r = sqrt(6)/sqrt(hidden+visible+1) (initializeParameters.m of the
// sparse autoencoder exercise).
func UFLDLRadius(visible, hidden int) float64 {
	return math.Sqrt(6) / math.Sqrt(float64(hidden+visible+1))
}

// FillUniform draws every element of w from U[-r, r).
func FillUniform(rng *rand.Rand, w []float64, r float64) {
	for i := range w {
		w[i] = (2*rng.Float64() - 1) * r
	}
}
