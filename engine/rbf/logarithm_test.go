package rbf

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestThinPlate measures the error in ulps of the logarithm in it, against
// math.Log, which is itself within 1 ulp.
func TestThinPlate(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	worst, at := 0.0, 0.0
	check := func(s float64) {
		v := []float64{s}
		thinPlate(v)
		want := s * math.Log(s) / 2
		ulp := math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want)
		if e := math.Abs(v[0]-want) / ulp; e > worst {
			worst, at = e, s
		}
	}
	for range 100000 {
		check(math.Exp(rng.Float64()*1300 - 650))
		check(0.5 + rng.Float64())
		check(1 + (rng.Float64()-0.5)*0.02)
		check(1 + (rng.Float64()-0.5)*1e-6)
	}
	for _, s := range []float64{1, 0.6875, 1.375, 0x1p+1000, math.Nextafter(1, 0), math.Nextafter(1, 2)} {
		check(s)
	}
	t.Logf("at most %.2f ulp, at %v", worst, at)
	if worst > 4 { // 2 of the logarithm, the products, and those of math.Log
		t.Errorf("off by %.2f ulp at %v", worst, at)
	}
	v := []float64{0, 0x1p-1022, 1e-310}
	thinPlate(v)
	if v[0] != 0 || v[1] != 0 || v[2] != 0 {
		t.Errorf("at almost 0: %v", v)
	}
}
