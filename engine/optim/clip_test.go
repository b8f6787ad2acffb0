package optim_test

import (
	"math"
	"slices"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/optim"
)

func TestClip(t *testing.T) {
	t.Run("float32", testClip[float32])
	t.Run("float64", testClip[float64])
}

func testClip[T linalg.Float](t *testing.T) {
	nan, inf := T(math.NaN()), T(math.Inf(1))
	tests := []struct {
		name string
		clip optim.Clip
		g    []T
		want []T
		norm float64
	}{
		{"off", optim.Clip{}, []T{3, -4}, []T{3, -4}, 5},
		{"value", optim.Clip{Value: 2}, []T{3, -4, 1}, []T{2, -2, 1}, math.Sqrt(26)},
		{"norm", optim.Clip{Norm: 1}, []T{3, -4}, []T{0.6, -0.8}, 5},
		{"norm not reached", optim.Clip{Norm: 5}, []T{3, -4}, []T{3, -4}, 5},
		{"value, then norm", optim.Clip{Value: 3, Norm: 1.5}, []T{3, -4, 0}, []T{1.5 * math.Sqrt2 / 2, -1.5 * math.Sqrt2 / 2, 0}, 5},
		{"value makes the norm fit", optim.Clip{Value: 3, Norm: 4.5}, []T{3, -4}, []T{3, -3}, 5},
		{"zero", optim.Clip{Value: 1, Norm: 1}, []T{0, 0}, []T{0, 0}, 0},
		{"none", optim.Clip{Value: 1, Norm: 1}, nil, nil, 0},
		{"NaN", optim.Clip{Value: 1, Norm: 1}, []T{3, nan}, []T{3, nan}, math.NaN()},
		{"NaN and Inf", optim.Clip{Value: 1, Norm: 1}, []T{inf, nan}, []T{inf, nan}, math.NaN()},
		{"Inf", optim.Clip{Value: 1, Norm: 1}, []T{3, -inf}, []T{3, -inf}, math.Inf(1)},
	}
	for _, tt := range tests {
		c, err := optim.NewClipper[T](tt.clip, len(tt.g))
		if err != nil {
			t.Fatal(err)
		}
		g := slices.Clone(tt.g)
		norm := c.Apply(g)
		if !close64(norm, tt.norm, 1e-14) {
			t.Errorf("%s: norm %v, want %v", tt.name, norm, tt.norm)
		}
		for i := range g {
			if !close64(float64(g[i]), float64(tt.want[i]), 1e-7) {
				t.Errorf("%s: element %d = %v, want %v", tt.name, i, g[i], tt.want[i])
			}
		}
	}
}

// close64 compares to a relative tolerance; NaN equals NaN.
func close64(a, b, tol float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tol*math.Max(math.Abs(a), math.Abs(b))
}

// TestClipExtremes: the squares of these overflow or vanish, the norm does not.
func TestClipExtremes(t *testing.T) {
	for _, size := range []float64{1e-200, 1e200} {
		c, err := optim.NewClipper[float64](optim.Clip{Norm: size}, 2)
		if err != nil {
			t.Fatal(err)
		}
		g := []float64{3 * size, -4 * size}
		if norm := c.Apply(g); !close64(norm, 5*size, 1e-14) {
			t.Errorf("norm %v, want %v", norm, 5*size)
		}
		if !close64(g[0], 0.6*size, 1e-14) || !close64(g[1], -0.8*size, 1e-14) {
			t.Errorf("clipped to %v", g)
		}
	}
}

// TestClipParallel: the same bits with one worker and with two, no allocation.
func TestClipParallel(t *testing.T) {
	defer linalg.SetWorkers(0)
	const n = 100_003
	var results [2][]float32
	var norms [2]float64
	for k := range results {
		linalg.SetWorkers(1 + k)
		c, err := optim.NewClipper[float32](optim.Clip{Value: 2.5, Norm: 1}, n)
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float32, n)
		for i := range g {
			g[i] = float32(i%7) - 3.3
		}
		norms[k] = c.Apply(g)
		results[k] = slices.Clone(g)
		after := 0.0
		for _, v := range g {
			after += float64(v) * float64(v)
		}
		if !close64(math.Sqrt(after), 1, 1e-6) {
			t.Errorf("norm %v after clipping, want 1", math.Sqrt(after))
		}
		if a := steady(func() { c.Apply(g) }); a > 0 {
			t.Errorf("%v allocations a call", a)
		}
	}
	if norms[0] != norms[1] || !slices.Equal(results[0], results[1]) {
		t.Error("one and two workers differ")
	}
}

func TestClipValidate(t *testing.T) {
	for _, bad := range []optim.Clip{{Value: -1}, {Norm: -1}, {Value: math.NaN()}, {Norm: math.Inf(1)}} {
		if _, err := optim.NewClipper[float64](bad, 1); err == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
}
