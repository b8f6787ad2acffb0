package preprocess_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/npy"
	"filterscope/engine/linalg"
	"filterscope/engine/preprocess"
	"filterscope/internal/fixture"
)

func table(values []float64, d int) *dataset.Dataset {
	return &dataset.Dataset{Name: "table", N: len(values) / d, D: d, Doubles: values}
}

func random(seed uint64, n, d int) *dataset.Dataset {
	r := rand.New(rand.NewPCG(seed, 0))
	v := make([]float64, n*d)
	for i := range v {
		v[i] = float64(i%d) + float64(1+i%3)*r.NormFloat64()
		if i%d > 0 {
			v[i] += 0.5 * v[i-1]
		}
	}
	return table(v, d)
}

// fitted returns a pipeline of specs, fitted on d, and d as it prepares it.
func fitted(t testing.TB, d *dataset.Dataset, specs ...preprocess.Spec) (*preprocess.Pipeline, linalg.Matrix[float64]) {
	t.Helper()
	p, err := preprocess.NewPipeline(specs)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Fit(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	x, err := preprocess.Apply[float64](context.Background(), p, d, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, x
}

func near(tolerance float64) cmp.Option { return cmpopts.EquateApprox(tolerance, tolerance) }

// TestFixtures compares with numbers computed by NumPy 1.24.2: feature means
// removed and the covariance divided by n for zca, the definition of CS294A for
// ufldl-normalise, that of H2O-3 for h2o-normalise.
func TestFixtures(t *testing.T) {
	white, deep := fixture.Arrays(t, "whitening", nil), fixture.Arrays(t, "deep_h2o", nil)
	tests := []struct {
		name string
		x    *npy.Array
		spec preprocess.Spec
		want *npy.Array
	}{
		{"zca", white["x"], preprocess.Spec{Step: "zca", Epsilon: new(0.1)}, white["whitened"]},
		{"ufldl-normalise", white["x"], preprocess.Spec{Step: "ufldl-normalise"}, white["ufldl_normalised"]},
		{"h2o-normalise", deep["x"], preprocess.Spec{Step: "h2o-normalise"}, deep["normalised"]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, got := fitted(t, table(tt.x.Data, tt.x.Shape[1]), tt.spec)
			if d := cmp.Diff(got.Data, tt.want.Data, near(1e-10)); d != "" {
				t.Error(d)
			}
		})
	}
	p, _ := fitted(t, table(white["x"].Data, white["x"].Shape[1]), preprocess.Spec{Step: "zca"})
	params := p.Parameters()
	if d := cmp.Diff(params[0].Values, white["mean"].Data, near(1e-10)); d != "" {
		t.Errorf("mean: %s", d)
	}
	if d := cmp.Diff(params[1].Values, white["zca"].Data, near(1e-10)); d != "" {
		t.Errorf("whitening matrix: %s", d)
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		spec preprocess.Spec
		want string // in the error
	}{
		{preprocess.Spec{Step: "whiten"}, `step = "whiten": want one of one-hot, scale, remove-dc`},
		{preprocess.Spec{}, `step = ""`},
		{preprocess.Spec{Step: "zca", Epsilon: new(-1.0)}, "zca: epsilon = -1: want 0 or more"},
		{preprocess.Spec{Step: "zca", Epsilon: new(math.NaN())}, "zca: epsilon = NaN"},
		{preprocess.Spec{Step: "scale", Epsilon: new(1.0)}, "scale: epsilon: this step has no such key"},
		{preprocess.Spec{Step: "zca", Variance: new(0.9)}, "zca: variance: this step has no such key"},
		{preprocess.Spec{Step: "pca", Variance: new(0.0)}, "pca: variance = 0: want above 0 and at most 1"},
		{preprocess.Spec{Step: "pca", Variance: new(1.5)}, "pca: variance = 1.5: want above 0 and at most 1"},
		{preprocess.Spec{Step: "binarise", Threshold: new(math.Inf(1))}, "binarise: threshold = +Inf: want a number"},
	}
	for _, tt := range tests {
		_, err := preprocess.NewPipeline([]preprocess.Spec{{Step: "scale"}, tt.spec})
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "preprocess.1: ") {
			t.Errorf("New(%v): %v, want %s", tt.spec, err, tt.want)
		}
	}
	for _, name := range preprocess.Names() {
		if s, err := preprocess.New(preprocess.Spec{Step: name}); err != nil || s.Name() != name {
			t.Errorf("New(%s): %v", name, err)
		}
	}
}

func TestSpecInTOML(t *testing.T) {
	var r struct{ Preprocess []preprocess.Spec }
	text := "[[preprocess]]\nstep = \"zca\"\nepsilon = 0.0\n[[preprocess]]\nstep = \"scale\"\n"
	meta, err := toml.Decode(text, &r)
	if err != nil || len(meta.Undecoded()) > 0 {
		t.Fatal(err, meta.Undecoded())
	}
	want := []preprocess.Spec{{Step: "zca", Epsilon: new(0.0)}, {Step: "scale"}}
	if d := cmp.Diff(r.Preprocess, want); d != "" {
		t.Error(d)
	}
}

func TestScale(t *testing.T) {
	bytes := &dataset.Dataset{Name: "bytes", N: 2, D: 2, FullScale: 255, Bytes: []uint8{0, 51, 102, 204}}
	p, got := fitted(t, bytes, preprocess.Spec{Step: "scale"})
	want := []float64{0, 0.2, 0.4, 0.8}
	if d := cmp.Diff(got.Data, want, near(1e-15)); d != "" {
		t.Errorf("by full scale: %s", d)
	}
	// 16-bit data come to the same numbers, and go back to their own units.
	deep := &dataset.Dataset{Name: "deep", N: 1, D: 2, FullScale: 65535, Doubles: []float64{13107, 65535}}
	x, err := preprocess.ApplyRows[float64](p, deep, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(x.Data, []float64{0.2, 1}, near(1e-15)); d != "" {
		t.Errorf("16 bits: %s", d)
	}
	if x, err = p.Invert(deep, 0, x); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(x.Data, deep.Doubles, near(1e-12)); d != "" {
		t.Errorf("16 bits, inverted: %s", d)
	}
	_, got = fitted(t, table([]float64{-2, 0, 6, 2}, 2), preprocess.Spec{Step: "scale"})
	if d := cmp.Diff(got.Data, []float64{0, 0.25, 1, 0.5}, near(1e-15)); d != "" {
		t.Errorf("by range: %s", d)
	}
}

// TestRoundTrip checks that Invert undoes Apply for each step, in chains too,
// when it has the examples at hand.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, d := rapid.IntRange(1, 40).Draw(rt, "n"), rapid.IntRange(1, 12).Draw(rt, "d")
		data := random(rapid.Uint64().Draw(rt, "seed"), n, d)
		names := rapid.SliceOfN(rapid.SampledFrom(preprocess.Names()), 1, 3).Draw(rt, "steps")
		var specs []preprocess.Spec
		clips := false
		for _, name := range names {
			s := preprocess.Spec{Step: name}
			if name == preprocess.PCA {
				s.Variance = new(1.0) // all components
			}
			specs = append(specs, s)
			clips = clips || name == preprocess.UFLDLNormalise || name == preprocess.Binarise
		}
		p, x := fitted(t, data, specs...)
		x, err := p.Invert(data, 0, x)
		if err != nil {
			rt.Fatal(err)
		}
		worst := 0.0
		for i, v := range x.Data {
			worst = math.Max(worst, math.Abs(v-data.Doubles[i]))
		}
		if worst > 1e-8 && !clips {
			rt.Errorf("off by %v", worst)
		}
	})
}

func TestUFLDLInverse(t *testing.T) {
	// Few values of a normal distribution lie beyond three sigma.
	data := random(3, 500, 16)
	p, x := fitted(t, data, preprocess.Spec{Step: "ufldl-normalise"})
	clipped := map[int]bool{}
	for i, v := range x.Data {
		if v < 0.1-1e-12 || v > 0.9+1e-12 {
			t.Fatalf("value %d is %v", i, v)
		}
		clipped[i] = v < 0.1+1e-12 || v > 0.9-1e-12
	}
	bare := x.Clone()
	x, err := p.Invert(data, 0, x)
	if err != nil {
		t.Fatal(err)
	}
	if bare, err = p.Invert(nil, 0, bare); err != nil {
		t.Fatal(err)
	}
	for i := range data.N {
		dc := 0.0
		for j := range data.D {
			dc += data.Doubles[i*data.D+j] / float64(data.D)
		}
		for j := range data.D {
			k := i*data.D + j
			if clipped[k] {
				continue
			}
			if math.Abs(x.Data[k]-data.Doubles[k]) > 1e-10 {
				t.Fatalf("with the patch at hand: %v, want %v", x.Data[k], data.Doubles[k])
			}
			if math.Abs(bare.Data[k]+dc-data.Doubles[k]) > 1e-10 {
				t.Fatalf("without the patch: %v, want %v", bare.Data[k], data.Doubles[k]-dc)
			}
		}
	}
}

func TestZCA(t *testing.T) {
	data := random(5, 300, 8)
	p, x := fitted(t, data, preprocess.Spec{Step: "zca", Epsilon: new(0.0)})
	covariance := linalg.NewMatrix[float64](8, 8)
	linalg.Gemm(true, false, 1.0/300, x, x, 0, covariance)
	w := linalg.MatrixOf(8, 8, p.Parameters()[1].Values)
	for i := range 8 {
		for j := range 8 {
			want := 0.0
			if i == j {
				want = 1
			}
			if math.Abs(covariance.At(i, j)-want) > 1e-10 {
				t.Errorf("covariance (%d, %d) = %v, want %v", i, j, covariance.At(i, j), want)
			}
			if w.At(i, j) != w.At(j, i) {
				t.Errorf("W (%d, %d) is not symmetric", i, j)
			}
		}
	}
	// A unit's response is the same through the filter in pixel space, but for
	// the response to the mean.
	filter := []float64{1, -2, 3, 0, 0, 1, 0, 4}
	pixels := p.FilterToPixels(filter)
	mean := p.Parameters()[0].Values
	for i := range 10 {
		white, plain := 0.0, 0.0
		for j := range filter {
			white += filter[j] * x.At(i, j)
			plain += pixels[j] * (data.Doubles[i*8+j] - mean[j])
		}
		if math.Abs(white-plain) > 1e-9 {
			t.Errorf("example %d: %v in pixel space, %v whitened", i, plain, white)
		}
	}
	p, _ = fitted(t, data, preprocess.Spec{Step: "standardise"})
	if d := cmp.Diff(p.FilterToPixels(filter), filter); d != "" {
		t.Errorf("without whitening: %s", d)
	}
}

func TestZCAWithoutVariance(t *testing.T) {
	// remove-dc leaves no variance along (1, …, 1).
	data := random(6, 100, 5)
	p, x := fitted(t, data, preprocess.Spec{Step: "remove-dc"}, preprocess.Spec{Step: "zca", Epsilon: new(0.0)})
	for i, v := range x.Data {
		if math.Abs(v) > 100 || math.IsNaN(v) {
			t.Fatalf("value %d is %v: rounding error was whitened", i, v)
		}
	}
	x, err := p.Invert(data, 0, x)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(x.Data, data.Doubles, near(1e-10)); d != "" {
		t.Error(d)
	}
}

func TestConstantColumnsAndOneRow(t *testing.T) {
	for _, name := range preprocess.Names() {
		// 0.1 has no exact binary form: sums of it round.
		constant := table([]float64{0.1, 1, 0.1, 2, 0.1, 3, 0.1, 5, 0.1, 8, 0.1, 13, 0.1, 21}, 2)
		one := table([]float64{3, 4}, 2)
		single := table([]float64{7}, 1)
		for _, data := range []*dataset.Dataset{constant, one, single} {
			p, x := fitted(t, data, preprocess.Spec{Step: name})
			for i, v := range x.Data {
				if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 50 {
					t.Errorf("%s: %d×%d: value %d is %v", name, data.N, data.D, i, v)
				}
			}
			if name == preprocess.Binarise {
				continue // cannot be undone
			}
			x, err := p.Invert(data, 0, x)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(x.Data, data.Doubles, near(1e-9)); d != "" {
				t.Errorf("%s: %d×%d: %s", name, data.N, data.D, d)
			}
		}
	}
}

func TestNotFiniteIsNamed(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(-1)} {
		data := random(1, 50, 4)
		data.Columns = []string{"a", "b", "flow", "d"}
		data.Doubles[4*17+2] = bad
		for _, name := range preprocess.Names() {
			if slices.Contains([]string{preprocess.RemoveDC, preprocess.StandardiseExample, preprocess.Binarise, preprocess.OneHot}, name) {
				continue // has nothing to fit
			}
			p, _ := preprocess.NewPipeline([]preprocess.Spec{{Step: name}})
			err := p.Fit(context.Background(), data)
			if err == nil || !strings.Contains(err.Error(), "example 18 of table: column 3 (flow)") {
				t.Errorf("%s: %v", name, err)
			}
		}
		p, _ := preprocess.NewPipeline(nil)
		if _, err := preprocess.Apply[float32](context.Background(), p, data, nil); err == nil {
			t.Error("Apply: no error")
		}
	}
}

func TestSaveAndRestore(t *testing.T) {
	data := random(9, 60, 6)
	data.FullScale = 4
	for _, name := range preprocess.Names() {
		specs := []preprocess.Spec{{Step: "scale"}, {Step: "remove-dc"}, {Step: name}}
		p, want := fitted(t, data, specs...)
		q, _ := preprocess.NewPipeline(specs)
		if q.Fitted() {
			t.Errorf("%s: fitted from the start", name)
		}
		if err := q.Restore(p.Parameters()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d := cmp.Diff(q.Parameters(), p.Parameters()); d != "" {
			t.Errorf("%s: parameters: %s", name, d)
		}
		got, err := preprocess.Apply[float64](context.Background(), q, data, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(got.Data, want.Data); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	p, _ := fitted(t, random(9, 60, 6), preprocess.Spec{Step: "remove-dc"}, preprocess.Spec{Step: "zca"})
	tests := map[string]func([]preprocess.Param) []preprocess.Param{
		"one missing": func(q []preprocess.Param) []preprocess.Param { return q[1:] },
		"a stranger": func(q []preprocess.Param) []preprocess.Param {
			return append(q, preprocess.Param{Name: "preprocess.7.mean", Shape: []int{1}, Values: []float64{0}})
		},
		"of another step": func(q []preprocess.Param) []preprocess.Param {
			return append(q, preprocess.Param{Name: "preprocess.1.limit", Shape: []int{1}, Values: []float64{0}})
		},
		"wrong shape":  func(q []preprocess.Param) []preprocess.Param { q[1].Shape = []int{36}; return q },
		"not square":   func(q []preprocess.Param) []preprocess.Param { q[1].Shape = []int{4, 9}; return q },
		"short values": func(q []preprocess.Param) []preprocess.Param { q[1].Values = q[1].Values[1:]; return q },
		"NaN": func(q []preprocess.Param) []preprocess.Param {
			q[0].Values = []float64{1, 2, math.NaN(), 4, 5, 6}
			return q
		},
		"other lengths": func(q []preprocess.Param) []preprocess.Param {
			q[0] = preprocess.Param{Name: q[0].Name, Shape: []int{1}, Values: []float64{1}}
			return q
		},
	}
	for name, spoil := range tests {
		q, _ := preprocess.NewPipeline([]preprocess.Spec{{Step: "remove-dc"}, {Step: "zca"}})
		if err := q.Restore(spoil(p.Parameters())); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	ctx := context.Background()
	data := random(2, 30, 4)
	p, _ := preprocess.NewPipeline([]preprocess.Spec{{Step: "standardise"}})
	if _, err := preprocess.Apply[float32](ctx, p, data, nil); err == nil || !strings.Contains(err.Error(), "standardise has not been fitted") {
		t.Errorf("not fitted: %v", err)
	}
	if err := p.Fit(ctx, data); err != nil {
		t.Fatal(err)
	}
	if _, err := preprocess.Apply[float32](ctx, p, random(2, 30, 5), nil); err == nil || !strings.Contains(err.Error(), "fitted on 4 features, table has 5") {
		t.Errorf("other features: %v", err)
	}
	if _, err := preprocess.ApplyRows[float32](p, data, 25, 6); err == nil {
		t.Error("beyond the end: no error")
	}
	if err := p.Fit(ctx, &dataset.Dataset{Name: "none"}); err == nil {
		t.Error("empty data set: no error")
	}
	stop := errors.New("stopped by hand")
	ended, cancel := context.WithCancelCause(ctx)
	cancel(stop)
	if err := p.Fit(ended, data); !errors.Is(err, stop) {
		t.Errorf("Fit: %v, want the cause", err)
	}
	if _, err := preprocess.Apply[float32](ended, p, data, nil); !errors.Is(err, stop) {
		t.Errorf("Apply: %v, want the cause", err)
	}
}

// TestBlocks checks that data of many blocks come out as one example at a time
// does, and that progress reaches the end.
func TestBlocks(t *testing.T) {
	data := random(4, 3000, 784) // 18 blocks
	done := 0
	p, err := preprocess.NewPipeline([]preprocess.Spec{{Step: "scale"}, {Step: "ufldl-normalise"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Fit(context.Background(), data); err != nil {
		t.Fatal(err)
	}
	all, err := preprocess.Apply[float32](context.Background(), p, data, func(n, total int) {
		if n <= done || total != data.N {
			t.Errorf("progress %d of %d after %d", n, total, done)
		}
		done = n
	})
	if err != nil {
		t.Fatal(err)
	}
	if done != data.N {
		t.Errorf("progress ended at %d of %d", done, data.N)
	}
	for _, i := range []int{0, 166, 167, 168, 1336, 2999} {
		one, err := preprocess.ApplyRows[float32](p, data, i, 1)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(one.Data, all.Row(i)); d != "" {
			t.Errorf("example %d: %s", i, d)
		}
	}
}
