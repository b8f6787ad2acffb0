package main

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStatistics(t *testing.T) {
	if got := median([]float64{3, 1, 2}); got != 2 {
		t.Errorf("median of three = %v, want 2", got)
	}
	if got := median([]float64{4, 1, 2, 3}); got != 2.5 {
		t.Errorf("median of four = %v, want 2.5", got)
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("median of nothing = %v, want NaN", got)
	}
	// The machine was three times slower in the second round: the pairs do not mind.
	if got := paired([]float64{1, 3, 1}, []float64{2, 6, 2, 9}); got != 0.5 {
		t.Errorf("paired = %v, want 0.5", got)
	}
	if got := spread([]float64{2, 3, 2.5}); got != 0.5 {
		t.Errorf("spread = %v, want 0.5", got)
	}
}

func TestFigures(t *testing.T) {
	times := func(id string, seconds ...float64) *history {
		h := &history{ID: id}
		for _, s := range seconds {
			h.Samples = append(h.Samples, sample{Seconds: []float64{s}, Flops: 3e9, Peaks: []float64{10}, Cost: 2})
		}
		return h
	}
	r := results{Groups: []outcome{{Name: "eval", Programs: []*history{
		times("ours", 1, 2), times("dense", 0.4, 0.4), times("numpy", 10, 10), {ID: "octave", Skipped: "not installed"},
	}}}}
	want := map[string]string{
		"784-196-784 cost and gradient ÷ NumPy float64":     "aim", // 0.15
		"dense path, share of the FMA peak of the same run": "aim", // 3/0.4/10
		"… ÷ Octave double":                                 "not measured",
		"64-25-64 cost and gradient ÷ NumPy float64":        "not measured",
	}
	r.Figures = figures(r)
	for _, f := range r.Figures {
		if w, ok := want[f.What]; ok && f.verdict() != w {
			t.Errorf("%s: verdict %q, want %q", f.What, f.verdict(), w)
		}
	}
	var b strings.Builder
	printFigures(&b, r)
	if !strings.Contains(b.String(), "not measured") {
		t.Errorf("the table leaves out what was not measured:\n%s", b.String())
	}
}

func TestVerdict(t *testing.T) {
	value := func(v float64) *float64 { return &v }
	for _, test := range []struct {
		name string
		f    figure
		want string
	}{
		{"better than the aim", figure{Must: 0.3, Aim: 0.2, Measured: value(0.1)}, "aim"},
		{"between", figure{Must: 0.3, Aim: 0.2, Measured: value(0.25)}, "must"},
		{"no aim", figure{Must: 0.3, Measured: value(0.1)}, "must"},
		{"worse", figure{Must: 0.3, Aim: 0.2, Measured: value(0.4)}, "missed"},
		{"more is better", figure{Must: 0.65, Aim: 0.75, AtLeast: true, Measured: value(0.7)}, "must"},
		{"unknown", figure{Must: 1}, "not measured"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.f.verdict(); got != test.want {
				t.Errorf("verdict() = %q, want %q", got, test.want)
			}
		})
	}
}

func TestGrowthPoints(t *testing.T) {
	all := []size{{Examples: 1000, Hidden: 196}, {Examples: 60000, Hidden: 196}, {Examples: 10000, Hidden: 25}, {Examples: 10000, Hidden: 1024}}
	examples, hidden := split(all)
	if len(examples) != 2 || len(hidden) != 2 || hidden[0].Hidden != 25 {
		t.Errorf("split() = %v, %v", examples, hidden)
	}
	z := size{Examples: 10, Hidden: 2, Seconds: []float64{1, 2}, Peaks: []float64{4, 2}} // the machine halved its speed
	if got := z.cycles(); got != 2e8 {
		t.Errorf("cycles() = %v, want 2e8", got)
	}
}

// TestGroups looks for slips in the plan: doubled ids, and groups whose first
// program is not this one.
func TestGroups(t *testing.T) {
	for _, g := range groups() {
		seen := map[string]bool{}
		for _, p := range g.programs {
			if seen[p.id] {
				t.Errorf("%s: two programs %s", g.name, p.id)
			}
			if p.beside != "" && !seen[p.beside] {
				t.Errorf("%s: %s is compared with %q, which does not come before it", g.name, p.id, p.beside)
			}
			seen[p.id] = true
		}
		if first := g.programs[0].kind; first != ours && first != window {
			t.Errorf("%s does not begin with Filterscope", g.name)
		}
	}
}

// What the window and the command line print counts like the driver's line.
func TestParse(t *testing.T) {
	text := `{"recipe": "strokes", "kernel": "avx2", "iterations": 100, "evaluations": 107, "seconds": 9.5, "objective": 16.5,
		"terms": {"reconstruction": 11}, "frames_per_second": 5.25, "drawing_share": 0.1}`
	got, err := program{kind: window}.parse([]byte(text))
	want := sample{Kernel: "avx2", Iterations: 100, Evaluations: 107, Seconds: []float64{9.5}, Cost: 16.5, Frames: 5.25, Drawing: 0.1}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	got, err = program{kind: window}.parse([]byte(`{"moves": 200, "pointer_to_readout": {"p50_ms": 50, "p95_ms": 90}}`))
	if err != nil || got.Latency != 90 || got.Seconds != nil {
		t.Errorf("latency = %v, seconds %v, %v", got.Latency, got.Seconds, err)
	}
	if _, err := (program{kind: command}).parse([]byte("no JSON")); err == nil {
		t.Error("no error for what is no JSON")
	}
	if got, err := (program{kind: ours}).parse([]byte(`{"seconds": [1, 2]}`)); err != nil || len(got.Seconds) != 2 {
		t.Errorf("the driver's line gives %v, %v", got.Seconds, err)
	}
}

// The group window is told in ratios and in a sentence.
func TestWindowGroup(t *testing.T) {
	o := outcome{Name: "window", Programs: []*history{
		{ID: "window", Name: "Filterscope, window open", Samples: []sample{{Seconds: []float64{11}, Frames: 5, Drawing: 0.1}}},
		{ID: "headless", Name: "Filterscope, command line", Samples: []sample{{Seconds: []float64{10}}}},
		{ID: "latency", Name: "Filterscope, pointer moved", Samples: []sample{{Latency: 90}, {Latency: 70}, {Latency: 95}}},
	}}
	var b strings.Builder
	printGroup(&b, o)
	for _, want := range []string{"1.10", "5.00 frames a second; drawing took 10 % of the cores", "within 90.0 ms"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	for _, f := range figures(results{Groups: []outcome{o}}) {
		if strings.HasPrefix(f.What, "training with the window") && (f.verdict() != "must" || *f.Measured != 1.1) {
			t.Errorf("%s: %v, %s", f.What, *f.Measured, f.verdict())
		}
	}
}

// Groups of pairs have a line for each task and peer, and say what is missing.
func TestPairs(t *testing.T) {
	o := outcome{Name: "data", Programs: []*history{
		{ID: "idx", Name: "images", Samples: []sample{{Seconds: []float64{0.1}, Cost: 2, MemoryMB: 50}}},
		{ID: "idx/numpy", Name: "NumPy", Beside: "idx", Samples: []sample{{Version: "1.24", Seconds: []float64{0.4}, Cost: 2, MemoryMB: 80}}},
		{ID: "png", Name: "photographs", Samples: []sample{{Seconds: []float64{0.3}, Cost: 5}}},
		{ID: "png/pillow", Name: "Pillow", Precision: "uint8", Beside: "png", Skipped: "not installed"},
	}}
	var b strings.Builder
	printGroup(&b, o)
	for _, want := range []string{"NumPy 1.24", "0.250", "| photographs |", "differ by 0.0e+00", "Not measured: Pillow at photographs, uint8: not installed."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	want := map[string]string{"MNIST, 60,000 images, gzip IDX ÷ NumPy and gzip": "must", "8 PNG photographs ÷ Pillow": "not measured"}
	for _, f := range figures(results{Groups: []outcome{o}}) {
		if v, ok := want[f.What]; ok && f.verdict() != v {
			t.Errorf("%s: verdict %q, want %q", f.What, f.verdict(), v)
		}
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	printTable(&b, [][]string{{"a", "value"}, {"ä÷b", "1"}})
	want := "| a   | value |\n|-----|------:|\n| ä÷b |     1 |\n\n"
	if b.String() != want {
		t.Errorf("printTable() =\n%swant\n%s", b.String(), want)
	}
}

func TestUsage(t *testing.T) {
	before := parseUsage("cpu  100 0 50 1000 10 0 0 5 0 0")
	after := parseUsage("cpu  220 0 80 1100 10 0 0 5 0 0")
	if !before.ok || !after.ok {
		t.Fatal("the line was not understood")
	}
	if got := after.busy - before.busy; got != 1500*time.Millisecond {
		t.Errorf("busy for %v, want 1.5s", got)
	}
	after.at = before.at.Add(time.Second)
	want := 0.5 / float64(runtime.NumCPU()) // half a second was not ours
	if got := after.others(before, time.Second); math.Abs(got-want) > 1e-9 {
		t.Errorf("others() = %v, want %v", got, want)
	}
	if parseUsage("intr 1 2 3").ok {
		t.Error("another line was understood")
	}
}

func TestReplaceResults(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.md")
	text := "a\n" + beginMark + "old\n" + endMark + "z\n"
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := replaceResults(path, []byte("new\n")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if want := strings.Replace(text, "old", "new", 1); err != nil || string(got) != want {
		t.Errorf("the file is %q, %v; want %q", got, err, want)
	}
	if err := os.WriteFile(path, []byte("no marks"), 0o666); err != nil {
		t.Fatal(err)
	}
	if replaceResults(path, nil) == nil {
		t.Error("a file without marks: no error")
	}
}

// TestMerge measures one group again and keeps the other.
func TestMerge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	var r results
	r.put(outcome{Name: "parts", Rounds: 1})
	r.put(outcome{Name: "eval", Rounds: 1})
	if err := writeJSON(path, r); err != nil {
		t.Fatal(err)
	}
	var back results
	if err := readJSON(path, &back); err != nil {
		t.Fatal(err)
	}
	back.put(outcome{Name: "eval", Rounds: 2})
	if len(back.Groups) != 2 || back.Groups[0].Name != "eval" || back.Groups[0].Rounds != 2 || back.Groups[1].Name != "parts" {
		t.Errorf("merged to %+v", back.Groups)
	}
}
