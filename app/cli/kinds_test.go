package cli_test

import (
	"encoding/csv"
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// table writes a table of 60 rows whose columns follow one number, but for the
// last row.
func table(t *testing.T, dir string) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("height,weight,age\n")
	for i := range 60 {
		x := rng.Float64()
		row := []float64{100 + 80*x, 20 + 60*x, 5 + 40*x}
		if i == 59 {
			row[1] = 400
		}
		fmt.Fprintf(&b, "%v,%v,%v\n", row[0], row[1], row[2])
	}
	return write(t, dir, "people.csv", []byte(b.String()))
}

// rowsOf reads a table: its head and its numbers.
func rowsOf(t *testing.T, path string) (head []string, rows [][]float64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range all[1:] {
		row := make([]float64, len(line))
		for j, cell := range line {
			if row[j], err = strconv.ParseFloat(cell, 64); err != nil {
				t.Fatal(err)
			}
		}
		rows = append(rows, row)
	}
	return all[0], rows
}

// What H2O's autoencoder gives of a table, under H2O's names: anomaly scores,
// deep features, reconstructions in the table's own units, weights and biases.
func TestH2O(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	data, model := table(t, dir), in("out/model.safetensors")
	var report trained
	done(t, &report, "train", "--json", filepath.Join("testdata", "h2o.toml"), "--data", data, "--out", in("out"), "--h2o")
	for _, name := range []string{"weights_layer1.csv", "biases_layer1.csv", "weights_layer3.csv", "biases_layer3.csv"} {
		if !slices.Contains(report.Files, in("out/"+name)) {
			t.Errorf("%s is not among the files %v", name, report.Files)
		}
	}
	weightNames, w := rowsOf(t, in("out/weights_layer1.csv"))
	_, bias := rowsOf(t, in("out/biases_layer1.csv"))
	if strings.Join(weightNames, " ") != "height weight age" || len(w) != 3 || len(bias) != 3 {
		t.Errorf("layer 1: columns %v, %d rows, %d biases", weightNames, len(w), len(bias))
	}

	var found struct {
		Rows, Features, Above int
		Mean, Threshold       float64
		Of                    string `json:"threshold_of"`
		Worst                 []struct {
			Row   int
			Score float64
		}
		Files []string
	}
	done(t, &found, "anomaly", model, "--data", data, "--out", in("scores.csv"), "--times", "2", "--json")
	head, scores := rowsOf(t, in("scores.csv"))
	if strings.Join(head, " ") != "Reconstruction.MSE" || len(scores) != 60 {
		t.Fatalf("scores: %v, %d rows", head, len(scores))
	}
	if found.Worst[0].Row != 59 || found.Worst[0].Score != scores[59][0] || len(found.Worst) != 10 {
		t.Errorf("the worst rows are %v, want 59 first", found.Worst)
	}
	if found.Above != 1 || !(found.Threshold < scores[59][0]) || !strings.Contains(found.Of, "training data") {
		t.Errorf("%d rows above %v of %s, want 1", found.Above, found.Threshold, found.Of)
	}
	done(t, nil, "anomaly", model, "--data", data, "--out", in("each.csv"), "--per-feature")
	head, each := rowsOf(t, in("each.csv"))
	if strings.Join(head, " ") != "reconstr_height.SE reconstr_weight.SE reconstr_age.SE" {
		t.Errorf("per feature: columns %v", head)
	}
	for i, row := range each {
		if mean := (row[0] + row[1] + row[2]) / 3; math.Abs(mean-scores[i][0]) > 1e-12*(1+mean) {
			t.Fatalf("row %d: mean of the squared errors %v, score %v", i, mean, scores[i][0])
		}
	}

	done(t, nil, "encode", model, "--data", data, "--layer", "0", "--out", in("codes.csv"))
	head, codes := rowsOf(t, in("codes.csv"))
	if strings.Join(head, " ") != "DF.L1.C1 DF.L1.C2 DF.L1.C3" {
		t.Errorf("deep features: columns %v", head)
	}
	done(t, nil, "encode", model, "--data", data, "--out", in("code.csv"))
	if head, _ := rowsOf(t, in("code.csv")); strings.Join(head, " ") != "DF.L2.C1" {
		t.Errorf("the codes: columns %v", head)
	}
	// The first unit of the first layer by hand: tanh of the normalised row, H2O's
	// (x-mean)/(max-min), times the exported weights.
	_, x := rowsOf(t, data)
	z := bias[0][0]
	for j := range 3 {
		low, high, mean := x[0][j], x[0][j], 0.0
		for _, row := range x {
			low, high, mean = min(low, row[j]), max(high, row[j]), mean+row[j]/60
		}
		z += w[0][j] * (x[7][j] - mean) / (high - low)
	}
	if want := math.Tanh(z); math.Abs(codes[7][0]-want) > 1e-6 { // the weights are float32
		t.Errorf("DF.L1.C1 of row 7 is %v, want %v", codes[7][0], want)
	}

	done(t, nil, "reconstruct", model, "--data", data, "--out", in("back.csv"))
	head, back := rowsOf(t, in("back.csv"))
	if strings.Join(head, " ") != "reconstr_height reconstr_weight reconstr_age" {
		t.Errorf("reconstructions: columns %v", head)
	}
	if v := back[7][0]; !(v > 90 && v < 190) {
		t.Errorf("the height of row 7 comes back as %v, want the units of the table", v)
	}
	exported := struct{ Files []string }{}
	done(t, &exported, "export", model, "--out", in("again"), "--json")
	if _, again := rowsOf(t, in("again/weights_layer1.csv")); len(exported.Files) != 8 || !slices.Equal(again[2], w[2]) {
		t.Errorf("export: %v, row 2 %v, want %v", exported.Files, again[2], w[2])
	}
}

// A variational autoencoder and a Boltzmann machine make examples up, the same
// ones for the same seed.
func TestSample(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, kind := range []string{"variational", "rbm"} {
		model := in(kind + "/model.safetensors")
		done(t, nil, "train", "--quiet", filepath.Join("testdata", kind+".toml"), "--out", in(kind))
		extra := []string{"--steps", "5"}
		if kind == "variational" {
			extra = []string{"--grid"}
		}
		make := func(name, seed string, more ...string) []float64 {
			done(t, nil, append([]string{"sample", model, "--n", "3", "--steps", "3", "--seed", seed, "--out", in(name)}, more...)...)
			return readNPY(t, in(name)).Float64s()
		}
		a, b, c := make("a.npy", "1"), make("b.npy", "1"), make("c.npy", "2")
		if len(a) != 9*784 || !slices.Equal(a, b) || slices.Equal(a, c) {
			t.Errorf("%s: %d numbers; the same seed %v, another %v", kind, len(a), slices.Equal(a, b), slices.Equal(a, c))
		}
		if kind == "rbm" {
			if e, f := make("e.npy", "1", "--from", "examples"), make("f.npy", "1", "--from", "examples"); len(e) != len(a) || !slices.Equal(e, f) {
				t.Error("chains from examples differ from time to time")
			}
		}
		done(t, nil, append([]string{"sample", model, "--n", "3", "--out", in("a.png")}, extra...)...)
		f, err := os.Open(in("a.png"))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.DecodeConfig(f)
		f.Close()
		if err != nil || img.Width != 3*56+4*2 || img.Height != img.Width {
			t.Errorf("%s: %d×%d, %v", kind, img.Width, img.Height, err)
		}
	}
	var said struct {
		evaluated
		Likelihoods struct {
			Samples        int
			Reconstruction float64
			Importance     float64 `json:"log_likelihood"`
			Active         int     `json:"active_units"`
			Latent         int     `json:"latent_units"`
		}
	}
	done(t, &said, "eval", in("variational/model.safetensors"), "--samples", "20", "--json")
	// ln p(x) is above the lower bound, but for the noise of few codes.
	if l := said.Likelihoods; !(l.Importance > -said.Objective-1) || !(l.Importance < 0 && l.Reconstruction < 0) || l.Samples != 20 || l.Latent != 2 {
		t.Errorf("%+v with a bound of %v", l, -said.Objective)
	}
}

// A category comes back by its name.
func TestCategories(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	var b strings.Builder
	b.WriteString("colour,size\n")
	for i := range 60 {
		fmt.Fprintf(&b, "%s,%d\n", []string{"red", "green", "blue"}[i%3], 10*(i%3))
	}
	data := write(t, dir, "shop.csv", []byte(b.String()))
	done(t, nil, "train", filepath.Join("testdata", "h2o.toml"), "--data", data, "--set", "data.categories=true", "--quiet",
		"--set", `preprocess=[{step="one-hot"}, {step="h2o-normalise"}]`, "--set", "model.layers=[2]", "--set", "optimizer.epochs=200", "--out", in("out"))
	done(t, nil, "reconstruct", in("out/model.safetensors"), "--data", data, "--out", in("back.csv"))
	text, err := os.ReadFile(in("back.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 61 || lines[0] != "reconstr_colour,reconstr_size" {
		t.Fatalf("%d lines after %q", len(lines), lines[0])
	}
	for i, line := range lines[1:] {
		if want := []string{"red,", "green,", "blue,"}[i%3]; !strings.HasPrefix(line, want) {
			t.Fatalf("row %d comes back as %q, want %q", i, line, want)
		}
	}
}

// Missing cells are refused, filled with the means of the training rows, whose model
// fills those of other rows with the same, or left out with their lines.
func TestMissingCells(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	var b strings.Builder
	b.WriteString("width,height\n")
	for i := range 40 {
		height := strconv.Itoa(3 * (i % 5))
		if i%10 == 7 { // where it would be 6, the mean of the others
			height = "NA"
		}
		fmt.Fprintf(&b, "%d,%s\n", i, height)
	}
	data := write(t, dir, "rows.csv", []byte(b.String()))
	train := func(out string, more ...string) []string {
		return append([]string{"train", filepath.Join("testdata", "h2o.toml"), "--data", data, "--quiet", "--set", "model.layers=[2]", "--out", in(out)}, more...)
	}
	const sentence = `line 9, column 2 (height): "NA" stands for a missing value; fill it, or choose data.missing = mean (the mean of its column) or skip (leave such lines out)`
	if code, _, stderr := filterscope(t.Context(), train("refused")...); code != 1 || !strings.Contains(stderr, sentence) {
		t.Errorf("without a choice: code %d, %s", code, stderr)
	}
	if code, _, stderr := filterscope(t.Context(), train("wrong", "--set", "data.missing=median")...); code != 2 || !strings.Contains(stderr, `data.missing = "median": want one of refuse, mean, skip`) {
		t.Errorf("with another choice: code %d, %s", code, stderr)
	}
	if code, out, stderr := filterscope(t.Context(), "data", "info", data, "--missing", "skip"); code != 0 || !strings.Contains(out, "36 examples") || !strings.Contains(stderr, "4 lines with missing cells left out") {
		t.Errorf("skipped: code %d, %s%s", code, out, stderr)
	}
	if code, _, stderr := filterscope(t.Context(), train("out", "--set", "data.missing=mean")...); code != 0 || !strings.Contains(stderr, "4 cells have no value: the mean of the column takes its place") {
		t.Fatalf("filled: code %d, %s", code, stderr)
	}
	scores := func(row string) string {
		rows := write(t, dir, "one.csv", []byte("width,height\n"+row+"\n"))
		done(t, nil, "anomaly", in("out/model.safetensors"), "--data", rows, "--per-feature", "--out", in("scores.csv"))
		text, err := os.ReadFile(in("scores.csv"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if missing, mean := scores("12,"), scores("12,6"); missing != mean || missing == scores("12,7") {
		t.Errorf("a row without a height scores %q, one with the mean height %q", missing, mean)
	}
}

// A model of data that the program draws needs no others to be used, and a machine's
// free-energy gap is not called an objective.
func TestOwnData(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	code, out, stderr := filterscope(t.Context(), "train", "rbm-digits", "--set", "data.count=60", "--set", "data.validation=0.25", "--set", "model.hidden=8",
		"--set", "optimizer.epochs=1", "--out", in("out"))
	if code != 0 || strings.Contains(out, "\nobjective") || !strings.Contains(out, "what the steps go down, not an objective: ") ||
		!strings.Contains(out, "over 15 examples held back:\n  reconstruction error (not the objective)") {
		t.Errorf("code %d, %s%s", code, out, stderr)
	}
	done(t, nil, "encode", in("out/model.safetensors"), "--out", in("codes.csv"))
	done(t, nil, "reconstruct", in("out/model.safetensors"), "--out", in("back.png"))
	done(t, nil, "anomaly", in("out/model.safetensors"), "--out", in("scores.csv"))
	text, err := os.ReadFile(in("codes.csv"))
	if lines := strings.Count(string(text), "\n"); err != nil || lines != 45+1 {
		t.Errorf("%d lines of codes, %v; want those of the 45 examples that were trained on", lines, err)
	}
}
