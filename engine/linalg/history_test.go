package linalg

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestOptimiserPasses compares the passes over parameter vectors with plain
// Go, for every length around the kernels' unit.
func TestOptimiserPasses(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { testOptimiserPasses[float32](t, 1e-6) })
		t.Run("float64", func(t *testing.T) { testOptimiserPasses[float64](t, 1e-14) })
	})
}

func testOptimiserPasses[T Float](t *testing.T, tol float64) {
	rng := rand.New(rand.NewPCG(7, 7))
	for n := range 100 {
		// Each vector has an element beyond its end that nothing may change.
		doubles := func() []float64 { return fenced[float64](rng, 1, n, 1).Data }
		elements := func() []T { return fenced[T](rng, 1, n, 1).Data }
		x, g, xNew, gNew, d := doubles(), doubles(), doubles(), doubles(), doubles()
		s, y, u, v := elements(), elements(), elements(), elements()
		near := func(what string, got, want, tol float64) {
			t.Helper()
			if !(math.Abs(got-want) <= tol*(1+math.Abs(want))) {
				t.Fatalf("%d: %s = %v, want %v", n, what, got, want)
			}
		}
		alike := func(what string, got, want []float64, tol float64) {
			t.Helper()
			if got[n] != fence {
				t.Fatalf("%d: %s: wrote beyond the end", n, what)
			}
			for i := range n {
				near(what, got[i], want[i], tol)
			}
		}
		row := func(v []T) []float64 { return widened(MatrixOf(1, n+1, v)).Data }
		plain := generic[T]{}

		sg, yg := PairDots(s[:n], y[:n], g[:n])
		sgWant, ygWant := plain.pairDots(s[:n], y[:n], g[:n])
		near("s·g", sg, sgWant, 1e-12)
		near("y·g", yg, ygWant, 1e-12)

		got, want := append([]float64(nil), x...), append([]float64(nil), x...)
		PairAdd(got[:n], s[:n], y[:n], u[:n], v[:n], 1.5, -2, 0.25, 3)
		plain.pairAdd(want[:n], s[:n], y[:n], u[:n], v[:n], 1.5, -2, 0.25, 3)
		alike("PairAdd", got, want, 1e-13)

		s1, y1, s2, y2 := elements(), elements(), elements(), elements()
		copied := doubles()
		var sums, sumsWant PairSums
		PairMake(s1[:n], y1[:n], copied[:n], x[:n], g[:n], xNew[:n], gNew[:n], d[:n], &sums)
		plain.pairMake(s2[:n], y2[:n], got[:n], x[:n], g[:n], xNew[:n], gNew[:n], d[:n], &sumsWant)
		alike("s", row(s1), row(s2), 0)
		alike("y", row(y1), row(y2), 0)
		alike("copy", copied, gNew, 0)
		near("s·y", sums.SY, sumsWant.SY, 1e-12)
		near("s·s", sums.SS, sumsWant.SS, 1e-12)
		near("y·y", sums.YY, sumsWant.YY, 1e-12)
		near("slope", sums.Slope, sumsWant.Slope, 1e-12)
		near("Σ|g|", sums.GradSum, sumsWant.GradSum, 1e-12)
		near("max|g|", sums.GradMax, sumsWant.GradMax, 0)

		near("g·d", Advance(got[:n], x[:n], d[:n], g[:n], 0.3), generic[float64]{}.advance(want[:n], x[:n], d[:n], g[:n], 0.3), 1e-12)
		alike("Advance", got, want, 1e-14)

		theta, memory := append([]T(nil), u...), append([]T(nil), v...)
		theta2, memory2 := append([]T(nil), u...), append([]T(nil), v...)
		StepMomentum(theta[:n], memory[:n], s[:n], 0.9, 0.01)
		plain.stepMomentum(theta2[:n], memory2[:n], s[:n], 0.9, 0.01)
		alike("momentum", row(memory), row(memory2), tol)
		alike("momentum's parameters", row(theta), row(theta2), tol)

		squares := elements()
		for i := range n {
			squares[i] *= squares[i]
		}
		squares2 := append([]T(nil), squares...)
		c := AdamStep[T]{Keep1: 0.9, Take1: 0.1, Keep2: 0.99, Take2: 0.01, Rate: 0.02, Scale: 1.5, Epsilon: 1e-3}
		StepAdam(theta[:n], memory[:n], squares[:n], s[:n], c)
		plain.stepAdam(theta2[:n], memory2[:n], squares2[:n], s[:n], c)
		alike("Adam's mean", row(memory), row(memory2), tol)
		alike("Adam's squares", row(squares), row(squares2), tol)
		alike("Adam's parameters", row(theta), row(theta2), 4*tol)
	}
}

// TestPairMakeShowsNaN: a gradient that is not finite must not go unseen.
func TestPairMakeShowsNaN(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for at := range 70 {
				s, y := make([]float32, 70), make([]float32, 70)
				z, d, g := make([]float64, 70), make([]float64, 70), make([]float64, 70)
				g[at] = bad
				var sums PairSums
				PairMake(s, y, make([]float64, 70), z, z, z, g, d, &sums)
				if v := sums.GradSum; !math.IsNaN(v - v) {
					t.Fatalf("%v at %d: Σ|g| = %v", bad, at, v)
				}
			}
		}
	})
}
