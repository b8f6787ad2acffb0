package rbf

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"filterscope/engine/linalg"
)

// inBothKernels runs a test with plain Go, and with the vectors of the processor if
// it has them.
func inBothKernels(t *testing.T, f func(t *testing.T)) {
	before := linalg.Kernel()
	defer func() {
		if err := linalg.SetKernel(before); err != nil {
			t.Error(err)
		}
	}()
	for _, name := range []string{linalg.Kernels()[0], "generic"} {
		if err := linalg.SetKernel(name); err != nil {
			t.Fatal(err)
		}
		t.Run(name, f)
	}
}

// TestPassAccuracy measures errors in ulps against package math, which is itself
// within 1 ulp.
func TestPassAccuracy(t *testing.T) {
	for _, c := range []struct {
		name    string
		pass    func([]float64)
		truth   func(s float64) float64
		numbers func(rng *rand.Rand) []float64
		most    float64 // ulps: 2 of ours, those of math, and of the products
	}{
		{
			"thin plate", thinPlate,
			func(s float64) float64 { return s * math.Log(s) / 2 },
			func(rng *rand.Rand) []float64 {
				return []float64{
					math.Exp(rng.Float64()*1300 - 650), 0.5 + rng.Float64(),
					1 + (rng.Float64()-0.5)*0.02, 1 + (rng.Float64()-0.5)*1e-6,
				}
			}, 4,
		},
		{
			"gaussian", gaussians,
			func(s float64) float64 { return math.Exp(-s) },
			func(rng *rand.Rand) []float64 {
				return []float64{rng.Float64() * 708, rng.Float64(), rng.Float64() * 20, rng.Float64() * 1e-6}
			}, 3,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBothKernels(t, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(1, 2))
				worst, at := 0.0, 0.0
				for range 50000 {
					in := c.numbers(rng)
					out := slices.Clone(in)
					c.pass(out)
					for i, s := range in {
						want := c.truth(s)
						ulp := math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want)
						if e := math.Abs(out[i]-want) / ulp; e > worst || math.IsNaN(e) {
							worst, at = e, s
						}
					}
				}
				t.Logf("at most %.2f ulp, at %v", worst, at)
				if !(worst <= c.most) {
					t.Errorf("off by %.2f ulp at %v", worst, at)
				}
			})
		})
	}
}

// TestPassLimits: nothing odd happens at the ends of the range.
func TestPassLimits(t *testing.T) {
	inBothKernels(t, func(t *testing.T) {
		v := []float64{0, 0x1p-1022, 1e-310, 1, 0.6875, 1.375, math.Nextafter(1, 0), math.Nextafter(1, 2), 0x1p+1000}
		in := slices.Clone(v)
		thinPlate(v)
		for i, s := range in {
			want := 0.0
			if s > 0x1p-1000 {
				want = s * math.Log(s) / 2
			}
			if math.Abs(v[i]-want) > 1e-15*math.Abs(want) {
				t.Errorf("thin plate at %g: %g, want %g", s, v[i], want)
			}
		}
		v = []float64{0, 708, 708.1, 1e300, math.Inf(1), 1e-310, math.MaxFloat64}
		gaussians(v)
		want := []float64{1, math.Exp(-708), 0, 0, 0, 1, 0}
		for i := range v {
			if math.Abs(v[i]-want[i]) > 1e-15*want[i] {
				t.Errorf("gaussian %d: %g, want %g", i, v[i], want[i])
			}
		}
	})
}

// TestPassPlaces: a value does not depend on its place in a vector, nor on the
// length of it.
func TestPassPlaces(t *testing.T) {
	inBothKernels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 3))
		axis, other := make([]float64, 13), make([]float64, 13)
		for i := range axis {
			axis[i], other[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		for _, pass := range []func([]float64){thinPlate, gaussians} {
			all := func(from, to int) []float64 {
				v := make([]float64, to-from)
				squares(v, axis[from:to], 0.3)
				addSquares(v, other[from:to], -0.2)
				pass(v)
				return v
			}
			want := all(0, len(axis))
			for from := range axis {
				for to := from; to <= len(axis); to++ {
					if got := all(from, to); !slices.Equal(got, want[from:to]) {
						t.Fatalf("%d to %d: %v, want %v", from, to, got, want[from:to])
					}
				}
			}
		}
	})
}

// TestApply: every kernel is the same in vectors as one by one.
func TestApply(t *testing.T) {
	inBothKernels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(4, 4))
		for _, k := range Kernels() {
			v := make([]float64, 103)
			for i := range v {
				v[i] = rng.ExpFloat64()
			}
			v[7] = 0
			in := slices.Clone(v)
			k.apply(v)
			for i, s := range in {
				if want := k.squared(s); math.Abs(v[i]-want) > 5e-16*math.Abs(want) || math.Abs(v[i]-k.At(math.Sqrt(s))) > 1e-14*(1+math.Abs(want)) {
					t.Errorf("%v at √%v: %v, want %v", k, s, v[i], want)
				}
			}
		}
	})
}
