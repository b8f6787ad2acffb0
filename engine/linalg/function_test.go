package linalg

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestFunctionError measures the error of each function in units in the last
// place of its value: on an even grid over the whole range, and on a geometric one towards
// 0 from both sides. The bounds are those that the comments of the functions state.
func TestFunctionError(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) {
			functionError[float32](t, Logistic, 87, 2.5, func(z float64) float64 { return 1 / (1 + math.Exp(-z)) })
			functionError[float32](t, Tanh, 87, 2.5, math.Tanh)
			functionError[float32](t, Softplus, 87, 3.5, softplus)
			slopeError[float32](t, Softplus, 87, 2, func(a float64) float64 { return -math.Expm1(-a) })
		})
		t.Run("float64", func(t *testing.T) {
			functionError[float64](t, Logistic, 708, 4, func(z float64) float64 {
				if z < 0 { // the same, without losing digits of a small value
					return math.Exp(z) / (1 + math.Exp(z))
				}
				return 1 / (1 + math.Exp(-z))
			})
			functionError[float64](t, Tanh, 708, 4, math.Tanh)
			functionError[float64](t, Softplus, 708, 4, softplus)
			slopeError[float64](t, Softplus, 708, 2, func(a float64) float64 { return -math.Expm1(-a) })
		})
	})
}

// grid returns arguments from -limit to limit, with many around 0.
func grid[T Float](limit float64) []T {
	const n = 50_000
	var z []T
	for i := range n {
		z = append(z, T(limit*(2*float64(i)/float64(n-1)-1)))
	}
	for e := -40.0; e < 4; e += 0.005 {
		z = append(z, T(math.Exp(e)), T(-math.Exp(e)))
	}
	return z
}

func functionError[T Float](t *testing.T, f Function, limit, most float64, exact func(float64) float64) {
	t.Helper()
	in := grid[T](limit)
	z := MatrixOf(1, len(in), append([]T(nil), in...))
	Activate(f, z, make([]T, len(in)), nil)
	worst, at := 0.0, T(0)
	for i, got := range z.Data {
		want := exact(float64(in[i]))
		if e := math.Abs(float64(got)-want) / ulp(T(want)); !(e <= worst) {
			worst, at = e, in[i]
		}
	}
	t.Logf("function %d: worst error %.2f ulp, at %v", f, worst, at)
	if !(worst <= most) {
		t.Errorf("function %d: worst error %.2f ulp at %v, want at most %v", f, worst, at, most)
	}
}

// slopeError does the same for the derivative, from values a ≥ 0.
func slopeError[T Float](t *testing.T, f Function, limit, most float64, exact func(float64) float64) {
	t.Helper()
	a := grid[T](limit)
	for i := range a {
		a[i] = max(a[i], -a[i])
	}
	d := NewMatrix[T](1, len(a))
	for i := range d.Data {
		d.Data[i] = 1
	}
	HiddenDelta(f, d, MatrixOf(1, len(a), a), make([]T, len(a)), nil)
	worst := 0.0
	for i, got := range d.Data {
		want := exact(float64(a[i]))
		worst = max(worst, math.Abs(float64(got)-want)/ulp(T(want)))
	}
	t.Logf("slope %d: worst error %.2f ulp", f, worst)
	if !(worst <= most) {
		t.Errorf("slope %d: worst error %.2f ulp, want at most %v", f, worst, most)
	}
}

// ulp returns the distance from |v| to the next number.
func ulp[T Float](v T) float64 {
	switch v := any(max(v, -v)).(type) {
	case float32:
		return float64(math.Nextafter32(v, math.MaxFloat32) - v)
	case float64:
		return math.Nextafter(v, math.MaxFloat64) - v
	}
	return 0
}

// TestLimits checks every function far out and at what is not a number.
func TestLimits(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		testLimits[float32](t)
		testLimits[float64](t)
	})
}

func testLimits[T Float](t *testing.T) {
	inf := T(math.Inf(1))
	in := []T{-inf, -1e4, 0, 1e4, inf}
	for f, want := range [...][]T{ // within 2 ulp, or less than the least normal float32
		Logistic: {0, 0, 0.5, 1, 1},
		Identity: in,
		Tanh:     {-1, -1, 0, 1, 1},
		ReLU:     {0, 0, 0, 1e4, inf},
		Softplus: {0, 0, T(math.Ln2), 1e4, inf},
	} {
		z := MatrixOf(1, 6, append(append([]T(nil), in...), T(math.NaN())))
		Activate(Function(f), z, make([]T, 6), nil)
		for i, w := range want {
			if got := z.Data[i]; got != w && !(math.Abs(float64(got-w)) < max(2e-38, 2*ulp(w))) {
				t.Errorf("function %d at %v = %v, want %v", f, in[i], got, w)
			}
		}
		if v := z.Data[5]; v == v {
			t.Errorf("function %d at NaN = %v", f, v)
		}
	}
}

// TestPassesSpreadNothing puts a NaN or an infinity at each place in turn: every
// result of the passes must be as finite as that of plain Go.
func TestPassesSpreadNothing(t *testing.T) {
	onEachKernel(t, func(t *testing.T) {
		testSpread[float32](t)
		testSpread[float64](t)
	})
}

func testSpread[T Float](t *testing.T) {
	const cols = 21 // whole vectors and a tail on every kernel
	rng := rand.New(rand.NewPCG(8, 8))
	plain := generic[T]{}
	for _, bad := range []T{T(math.NaN()), T(math.Inf(1)), T(math.Inf(-1))} {
		for f := Logistic; f <= Softplus; f++ {
			for at := range cols {
				z, x, bias := fenced[T](rng, 2, cols, 1), fenced[T](rng, 2, cols, 1), make([]T, cols)
				hurt := []*T{&z.Row(1)[at], &x.Row(1)[at], &bias[at]}[rng.IntN(3)]
				*hurt = bad
				same := func(what string, got, want []T) {
					t.Helper()
					for i := range want {
						if g, w := float64(got[i]), float64(want[i]); math.IsNaN(g) != math.IsNaN(w) || math.IsInf(g, 1) != math.IsInf(w, 1) || math.IsInf(g, -1) != math.IsInf(w, -1) {
							t.Fatalf("function %d, %v in column %d: %s %d = %v, want %v", f, bad, at, what, i, g, w)
						}
					}
				}
				a, aWant, sums, sumsWant := clone(z), clone(z), make([]T, cols), make([]T, cols)
				Activate(f, a, bias, sums)
				plain.activate(f, aWant, bias, sumsWant)
				same("Activate", a.Data, aWant.Data)
				same("sum of Activate", sums, sumsWant)

				d, dWant := clone(z), clone(z)
				clear(sums)
				clear(sumsWant)
				loss, lossWant := OutputDelta(f, d, x, bias, sums), plain.outputDelta(f, dWant, x, bias, sumsWant)
				same("OutputDelta", d.Data, dWant.Data)
				same("sum of OutputDelta", sums, sumsWant)
				same("loss", []T{T(loss)}, []T{T(lossWant)})

				d, dWant = clone(x), clone(x)
				HiddenDelta(f, d, aWant, bias, sums)
				plain.hiddenDelta(f, dWant, aWant, bias, sumsWant)
				same("HiddenDelta", d.Data, dWant.Data)
			}
		}
	}
}
