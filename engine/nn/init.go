package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Initialiser is how the weights of a layer with in inputs and out units are
// drawn. Its text is its name.
type Initialiser uint8

// The initialisers; the zero value is UFLDL.
const (
	UFLDL  Initialiser = iota // U[-r, r], r = √6/√(in+out+1): UFLDL's initializeParameters.m
	Glorot                    // U[-r, r], r = √6/√(in+out): Glorot & Bengio 2010; H2O's UniformAdaptive
	He                        // N(0, 2/in): He et al. 2015, for ReLU and its kin
	Normal                    // N(0, s²) with a chosen s
)

var initialiserNames = [...]string{"ufldl", "glorot", "he", "normal"}

// String returns the name used in recipes.
func (i Initialiser) String() string {
	if i.Valid() {
		return initialiserNames[i]
	}
	return fmt.Sprintf("initialiser %d", uint8(i))
}

// Valid reports whether i is one of the initialisers.
func (i Initialiser) Valid() bool { return int(i) < len(initialiserNames) }

// ParseInitialiser returns the initialiser of that name.
func ParseInitialiser(name string) (Initialiser, error) {
	return ParseName[Initialiser]("initialiser", name, initialiserNames[:])
}

// MarshalText returns the name used in recipes.
func (i Initialiser) MarshalText() ([]byte, error) {
	if !i.Valid() {
		return nil, fmt.Errorf("unknown %s", i)
	}
	return []byte(i.String()), nil
}

// UnmarshalText parses the name used in recipes.
func (i *Initialiser) UnmarshalText(text []byte) error {
	v, err := ParseInitialiser(string(text))
	if err == nil {
		*i = v
	}
	return err
}

// Fill draws the weights w of a layer with in inputs and out units; scale is
// the standard deviation of Normal.
func (i Initialiser) Fill(rng *rand.Rand, w []float64, in, out int, scale float64) {
	switch i {
	case Glorot:
		FillUniform(rng, w, math.Sqrt(6)/math.Sqrt(float64(in+out)))
	case He:
		FillNormal(rng, w, math.Sqrt(2/float64(in)))
	case Normal:
		FillNormal(rng, w, scale)
	default:
		FillUniform(rng, w, UFLDLRadius(in, out))
	}
}

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

// FillNormal draws every element of w from N(0, s²).
func FillNormal(rng *rand.Rand, w []float64, s float64) {
	for i := range w {
		w[i] = s * rng.NormFloat64()
	}
}
