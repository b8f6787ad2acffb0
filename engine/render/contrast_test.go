package render_test

import (
	"math"
	"slices"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestMeasure(t *testing.T) {
	// Largest |w|: 4, 1, 0.1; their median is 1, so that the floor is 0.15.
	w := linalg.MatrixOf(3, 2, []float64{4, -2, -1, 1, 0.1, 0})
	tests := []struct {
		name    string
		scaling render.Scaling
		scales  []float64
		centres []float64
	}{
		{"tile has a floor", render.Scaling{Scale: render.ScaleTile}, []float64{4, 1, 0.15}, nil},
		{"blend", render.Scaling{Scale: render.ScaleBlend, Blend: 0.5}, []float64{4, 2, math.Sqrt(4 * 0.15)}, nil},
		{"blend of 1 is tile", render.Scaling{Scale: render.ScaleBlend, Blend: 7}, []float64{4, 1, 0.15}, nil},
		{"blend of 0 is global", render.Scaling{Scale: render.ScaleBlend}, []float64{4, 4, 4}, nil},
		{"global", render.Scaling{Scale: render.ScaleGlobal}, []float64{4, 4, 4}, nil},
		// w/‖w‖ is (2,−1)/√5, (−1,1)/√2, (1,0): the largest is 1.
		{"unit", render.Scaling{Scale: render.ScaleUnit}, []float64{math.Sqrt(20), math.Sqrt2, 0.1}, nil},
		{"tile mean", render.Scaling{Scale: render.ScaleTile, Centre: render.CentreTile}, []float64{3, 1, 0.15}, []float64{1, 0, 0.05}},
		{"UFLDL", render.Scaling{Scale: render.ScaleUFLDL}, []float64{3.65, 1.35, 0.35}, []float64{0.35, 0.35, 0.35}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := render.Measure(w, test.scaling)
			near := cmpopts.EquateApprox(1e-12, 0)
			if diff := cmp.Diff(test.scales, c.Scales, near); diff != "" {
				t.Errorf("scales: -want +got\n%s", diff)
			}
			if diff := cmp.Diff(test.centres, c.Centres, near); diff != "" {
				t.Errorf("centres: -want +got\n%s", diff)
			}
		})
	}
}

func TestGlobalScaleIsThePercentile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 700).Draw(t, "n")
		w := random(1, n, rapid.Uint64().Draw(t, "seed"))
		sorted := slices.Clone(w.Data)
		for i, v := range sorted {
			sorted[i] = math.Abs(v)
		}
		slices.Sort(sorted)
		c := render.Measure(w, render.Scaling{Scale: render.ScaleGlobal})
		if want := sorted[int(math.Ceil(0.995*float64(n)))-1]; c.Global != want {
			t.Fatalf("global scale %v, want %v", c.Global, want)
		}
		if clipped := render.Clipped(w, c); clipped > 0.005+1e-12 {
			t.Fatalf("%v of the weights are clipped", clipped)
		}
	})
}

func TestClippedCountsWhatLiesBeyond(t *testing.T) {
	w := linalg.MatrixOf(1, 4, []float64{1, -3, math.NaN(), 2})
	if got := render.Clipped(w, render.Contrast{Scales: []float64{2}}); got != 0.5 {
		t.Errorf("Clipped = %v, want 0.5", got)
	}
}

func TestFollowGrowsAtOnceAndShrinksSlowly(t *testing.T) {
	tile := func(v float64) render.Contrast {
		return render.Measure(linalg.MatrixOf(1, 1, []float64{v}), render.Scaling{})
	}
	c := tile(1).Follow(render.Contrast{}, 0.1)
	if c.Scales[0] != 1 {
		t.Errorf("first frame: %v, want 1", c.Scales[0])
	}
	if c = tile(5).Follow(c, 0.1); c.Scales[0] != 5 {
		t.Errorf("growth: %v, want 5 at once", c.Scales[0])
	}
	if c = tile(1).Follow(c, 2); c.Scales[0] != 3 {
		t.Errorf("after a half-life: %v, want 3", c.Scales[0])
	}
	if c = tile(1).Follow(c, 2); c.Scales[0] != 2 {
		t.Errorf("after two: %v, want 2", c.Scales[0])
	}
}

func TestFollowSnapsTheGlobalScale(t *testing.T) {
	frame := func(v float64) render.Contrast {
		return render.Measure(linalg.MatrixOf(2, 1, []float64{v, -v}), render.Scaling{Scale: render.ScaleGlobal})
	}
	c := render.Contrast{}
	for _, step := range []struct{ measured, dt, want float64 }{
		{0.13, 0.1, 0.2},
		{0.199, 0.1, 0.2},
		{0.21, 0.1, 0.5},
		{0.199, 9, 0.5},   // only just below: held, or it would flicker
		{0.12, 60, 0.2},   // clearly below
		{0.0999, 60, 0.2}, // held again
		{0.05, 60, 0.1},   // decayed to a hair above 0.05: still 0.1
	} {
		c = frame(step.measured).Follow(c, step.dt)
		if c.Global != step.want || c.Scales[1] != step.want {
			t.Errorf("measured %v: scale %v, want %v", step.measured, c.Global, step.want)
		}
	}
}

func TestFollowIgnoresAnotherKindOfFrame(t *testing.T) {
	big := render.Measure(linalg.MatrixOf(1, 1, []float64{100.0}), render.Scaling{})
	two := render.Measure(linalg.MatrixOf(2, 1, []float64{1.0, 1}), render.Scaling{})
	if got := two.Follow(big, 0.1).Scales[0]; got != 1 {
		t.Errorf("scale %v, want 1", got)
	}
}

func TestNiceCeil(t *testing.T) {
	for v, want := range map[float64]float64{
		0.5: 0.5, 0.51: 1, 1: 1, 1.01: 2, 2.5: 5, 7: 10, 0.0021: 0.005, 0.2: 0.2, 1e-7: 1e-7, 3e6: 5e6,
		0: 0, -1: 0, math.Inf(1): 0,
	} {
		if got := render.NiceCeil(v); got != want {
			t.Errorf("NiceCeil(%v) = %v, want %v", v, got, want)
		}
	}
}

func TestParseScale(t *testing.T) {
	for _, name := range []string{"tile", "blend", "global", "unit", "ufldl"} {
		if s, err := render.ParseScale(name); err != nil || s.String() != name {
			t.Errorf("ParseScale(%q) = %v, %v", name, s, err)
		}
	}
	if _, err := render.ParseScale("auto"); err == nil {
		t.Error("ParseScale(auto) succeeds")
	}
}
