package analysis_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// TestPairs compares with the definition, over more units than a block has.
func TestPairs(t *testing.T) {
	w := drawn(51, 700, 40, normal)
	for _, c := range []struct {
		unit, of int
		scale    float64
	}{{30, 20, 3}, {600, 20, 0.5}, {650, 40, -1}, {699, 100, 1}} {
		for k, v := range w.Row(c.of) {
			w.Row(c.unit)[k] = c.scale * v
		}
		w.Row(c.unit)[0] += 0.1
	}
	clear(w.Row(5))
	w.Row(6)[3] = math.NaN()
	var same, opposite []analysis.Pair
	for i := range w.Rows {
		a, b := analysis.Pair{Unit: i}, analysis.Pair{Unit: i}
		for j := range i {
			cos := linalg.Dot(w.Row(i), w.Row(j)) / (linalg.Norm(w.Row(i)) * linalg.Norm(w.Row(j)))
			if cos > max(a.Cosine, 0.95) {
				a.Of, a.Cosine = j, cos
			}
			if cos < min(b.Cosine, -0.9) {
				b.Of, b.Cosine = j, cos
			}
		}
		if a.Cosine != 0 {
			same = append(same, a)
		}
		if b.Cosine != 0 {
			opposite = append(opposite, b)
		}
	}
	if len(same) < 3 || len(opposite) != 1 {
		t.Fatalf("the test has %d and %d pairs", len(same), len(opposite))
	}
	close := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-5 })
	for name, pairs := range map[string]func() ([]analysis.Pair, []analysis.Pair){
		"float64": func() ([]analysis.Pair, []analysis.Pair) { return analysis.Pairs(w) },
		"float32": func() ([]analysis.Pair, []analysis.Pair) { return analysis.Pairs(single(w)) },
	} {
		gotSame, gotOpposite := pairs()
		if diff := cmp.Diff(same, gotSame, close); diff != "" {
			t.Errorf("%s: duplicates (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(opposite, gotOpposite, close); diff != "" {
			t.Errorf("%s: opposites (-want +got):\n%s", name, diff)
		}
	}
	d := analysis.DiagnosePairs(same, opposite, 700)
	if f, ok := d.Find(analysis.DuplicateUnits); !ok || f.Count != len(same) || !strings.HasPrefix(f.Sentence, fmt.Sprintf("%d of 700 units have", len(same))) {
		t.Errorf("duplicates: %+v", f)
	}
	if f, ok := d.Find(analysis.OppositeUnits); !ok || !slices.Equal(f.Units, []int{650}) {
		t.Errorf("opposites: %+v", f)
	}
	if d := analysis.DiagnosePairs(nil, nil, 700); d != nil {
		t.Errorf("no pairs: %v", d)
	}
}

func TestUpdateRatio(t *testing.T) {
	inf := math.Inf(1)
	for _, test := range []struct {
		name          string
		before, after []float64
		steps         int
		want          float64
	}{
		{"a thousandth", []float64{3, 4}, []float64{3.003, 4.004}, 1, -3},
		{"over ten steps", []float64{3, 4}, []float64{3.3, 4.4}, 10, -2},
		{"held", []float64{3, 4}, []float64{3, 4}, 1, math.Inf(-1)},
		{"no weights", []float64{0, 0}, []float64{1, 1}, 1, math.NaN()},
		{"NaN", []float64{1, 1}, []float64{1, math.NaN()}, 1, math.NaN()},
		{"infinite", []float64{1, 1}, []float64{1, inf}, 1, math.NaN()},
	} {
		got := analysis.UpdateRatio(test.before, test.after, test.steps)
		if math.IsNaN(got) != math.IsNaN(test.want) || got != test.want && math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s: UpdateRatio() = %v, want %v", test.name, got, test.want)
		}
	}
	for _, test := range []struct {
		ratio  float64
		kind   analysis.Kind
		remedy analysis.Remedy
		quiet  bool
	}{
		{-0.5, analysis.LargeUpdates, analysis.ClipGradients, false},
		{-1.9, analysis.LargeUpdates, analysis.HalveRate, false},
		{-2, 0, 0, true},
		{-4, 0, 0, true},
		{-4.1, analysis.SmallUpdates, analysis.RaiseRate, false},
		{math.NaN(), 0, 0, true},
		{math.Inf(-1), 0, 0, true},
	} {
		d := analysis.DiagnoseUpdates("layer 1", test.ratio)
		if (d == nil) != test.quiet || !test.quiet && (d[0].Kind != test.kind || d[0].Remedy != test.remedy) {
			t.Errorf("DiagnoseUpdates(%v) = %+v", test.ratio, d)
		}
	}
}

func TestDiagnoseLatent(t *testing.T) {
	d := analysis.DiagnoseLatent([]float64{0.9, 0.01, 0.001, 1.1}, []float64{2, 0.01, 0.02, 3})
	if f, ok := d.Find(analysis.ActiveLatent); !ok || !slices.Equal(f.Units, []int{0, 3}) || !f.Kind.Good() {
		t.Errorf("half active: %+v", d)
	}
	d = analysis.DiagnoseLatent([]float64{0.9, 0.01, 0.001}, []float64{2, 0.01, 0.02})
	f, ok := d.Find(analysis.PosteriorCollapse)
	if !ok || f.Count != 2 || !slices.Equal(f.Units, []int{1, 2}) || f.Remedy != analysis.LowerBeta {
		t.Errorf("collapsed: %+v", d)
	}
	if want := "1 of 3 units is active (variance of the mean code above 0.01; they hold 2 of 2.03 nats)"; !strings.HasPrefix(f.Sentence, want) {
		t.Errorf("sentence %q", f.Sentence)
	}
	if d := analysis.DiagnoseLatent(nil, nil); d != nil {
		t.Errorf("no units: %v", d)
	}
	if _, ok := analysis.DiagnoseLatent([]float64{0, 0}, nil).Find(analysis.PosteriorCollapse); !ok {
		t.Error("no unit active without KL: not recognised")
	}
}

// TestNames: every kind and remedy has a name of its own.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for k := analysis.DeadUnits; k <= analysis.ActiveLatent; k++ {
		seen[k.String()] = true
	}
	if len(seen) != int(analysis.ActiveLatent)+1 || seen[""] {
		t.Errorf("kinds %v", seen)
	}
	clear(seen)
	for r := analysis.None; r <= analysis.StopTraining; r++ {
		seen[r.String()] = true
	}
	if len(seen) != int(analysis.StopTraining)+1 || seen[""] {
		t.Errorf("remedies %v", seen)
	}
	if analysis.Kind(200).String() != "kind 200" || analysis.Remedy(200).String() != "remedy 200" {
		t.Error("unknown values")
	}
}

func ExampleDiagnoseUnits() {
	a := linalg.MatrixOf(3, 2, []float64{0, 0.5, 0, 0, 0, 2})
	for _, f := range analysis.DiagnoseUnits(analysis.Observe(a, nn.ReLU), 0) {
		fmt.Println(f.Sentence, "→", f.Remedy)
	}
	// Output: 1 of 2 units is dead: it is never above 0, or does not vary. Give them new weights. → re-initialise dead units
}

func ExampleDiagnoseLatent() {
	fmt.Println(analysis.DiagnoseLatent([]float64{0.95, 0.8, 0.002}, []float64{3.1, 1.9, 0.01})[0].Sentence)
	// Output: 2 of 3 units are active (variance of the mean code above 0.01; they hold 5 of 5.01 nats).
}

func BenchmarkPairs(b *testing.B) {
	w := single(drawn(52, 1000, 784, normal))
	for b.Loop() {
		analysis.Pairs(w)
	}
}
