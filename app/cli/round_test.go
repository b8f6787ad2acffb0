package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"filterscope/app/cli"
	"filterscope/engine/dataset/npy"
	"filterscope/engine/modelio"
)

// trained is the contract of train --json; scripts rely on its keys.
type trained struct {
	Recipe, Precision, Kernel, Data, Reason string
	Seed                                    uint64
	Examples, Features, Hidden, Parameters  int
	Iterations, Evaluations                 int
	Seconds, Objective                      float64
	Terms                                   map[string]float64
	Measures                                map[string]float64
	Validation                              *heldBack
	RhoHat                                  struct{ Min, Mean, Max float64 } `json:"rho_hat"`
	Warnings, Files                         []string
}

// heldBack is what both tell of the examples that are not trained on.
type heldBack struct {
	Examples        int
	Objective       float64
	Terms, Measures map[string]float64
}

// evaluated is the contract of eval --json.
type evaluated struct {
	Of, Data, Precision        string
	Examples, Features, Hidden int
	Terms                      map[string]float64
	Objective                  float64
	SquaredError               float64 `json:"squared_error"`
	Measures                   map[string]float64
	Validation                 *heldBack
	RhoHat                     struct{ Min, Mean, Max float64 } `json:"rho_hat"`
}

// written is what encode and reconstruct --json print.
type written struct {
	Rows, Cols int
	Files      []string
}

func readNPY(t *testing.T, path string) *npy.Array {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := npy.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The whole way on a tiny recipe: train, eval, encode, reconstruct, mosaic,
// import and eval again.
func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	tiny := filepath.Join("testdata", "tiny.toml")
	out := filepath.Join(dir, "out")
	in := func(name string) string { return filepath.Join(dir, name) }
	model := filepath.Join(out, "model.safetensors")

	code, text, errors := filterscope(t.Context(), "train", "--json", tiny, "--out", out, "--set", "seed=5", "--precision", "float64")
	if code != cli.ExitDone || errors != "" {
		t.Fatalf("exit %d: %s", code, errors)
	}
	keys := map[string]any{}
	if err := json.Unmarshal([]byte(text), &keys); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"recipe", "seed", "precision", "kernel", "examples", "features", "parameters", "iterations", "evaluations", "seconds", "terms", "objective", "files"} {
		if _, ok := keys[key]; !ok {
			t.Errorf("train --json has no %s", key)
		}
	}
	var rep trained
	if err := json.Unmarshal([]byte(text), &rep); err != nil {
		t.Fatal(err)
	}
	if rep.Recipe != "tiny" || rep.Seed != 5 || rep.Precision != "float64" || rep.Examples != 200 || rep.Features != 784 ||
		rep.Hidden != 5 || rep.Parameters != 2*784*5+784+5 || rep.Iterations != 8 || rep.Evaluations < 9 || !(rep.Seconds > 0) {
		t.Errorf("train --json: %+v", rep)
	}
	sum := 0.0
	for _, v := range rep.Terms {
		sum += v
	}
	if len(rep.Terms) != 3 || math.Abs(sum-rep.Objective) > 1e-12 {
		t.Errorf("terms %v, objective %v", rep.Terms, rep.Objective)
	}
	for i, name := range []string{"model.safetensors", "weights.npz", "mosaic.png", "curves.csv"} {
		if rep.Files[i] != filepath.Join(out, name) {
			t.Errorf("file %d is %s", i, rep.Files[i])
		}
		if _, err := os.Stat(rep.Files[i]); err != nil {
			t.Error(err)
		}
	}
	checkCurves(t, filepath.Join(out, "curves.csv"), rep)

	var e evaluated
	done(t, &e, "eval", model, "--json")
	if e.Objective != rep.Objective || e.Examples != 200 || e.Precision != "float64" || e.Of != model {
		t.Errorf("eval: %+v, trained to %v", e, rep.Objective)
	}
	if math.Abs(e.SquaredError/2/e.Terms["reconstruction"]-1) > 1e-12 || !(e.RhoHat.Min <= e.RhoHat.Mean && e.RhoHat.Mean <= e.RhoHat.Max) {
		t.Errorf("eval: %+v", e)
	}

	digits := write(t, dir, "digits/train-images-idx3-ubyte", idx(7, 28, 28))
	var w written
	done(t, &w, "encode", model, "--data", digits, "--out", in("codes.npy"), "--json")
	codes := readNPY(t, in("codes.npy"))
	if w.Rows != 7 || w.Cols != 5 || !slices.Equal(codes.Shape, []int{7, 5}) || !slices.Equal(w.Files, []string{in("codes.npy")}) {
		t.Errorf("encode: %+v, shape %v", w, codes.Shape)
	}
	checkCodes(t, model, idx(7, 28, 28)[16:], codes.Float64s())
	done(t, nil, "encode", "--data", digits, model, "--out", in("codes.csv"))
	rows := readCSV(t, in("codes.csv"))
	if len(rows) != 8 || rows[0][4] != "unit4" || rows[3][1] != strconv.FormatFloat(codes.Float64s()[2*5+1], 'g', -1, 64) {
		t.Errorf("codes.csv: %d rows, %v", len(rows), rows[0])
	}
	done(t, &w, "reconstruct", model, "--data", digits, "--out", in("out.npy"), "--json")
	back := readNPY(t, in("out.npy"))
	if w.Rows != 7 || w.Cols != 784 || back.Len() != 7*784 {
		t.Errorf("reconstruct: %+v", w)
	}
	if low, high := slices.Min(back.Float64s()), slices.Max(back.Float64s()); low < 0 || high > 255 || high < 2 {
		t.Errorf("reconstructions from %v to %v, want the units of the input, 0 to 255", low, high)
	}
	done(t, &w, "reconstruct", model, "--data", digits, "--out", in("out.png"), "--json")
	if img := readPNG(t, in("out.png")); img.X < 28*7 {
		t.Errorf("out.png is %v", img)
	}

	var m struct {
		Filters, Width, Height int
		Files                  []string
	}
	for _, scale := range []string{"tile", "blend", "global", "unit", "ufldl"} {
		done(t, &m, "mosaic", model, "--out", in(scale+".png"), "--scale", scale, "--json")
		if size := readPNG(t, in(scale+".png")); m.Filters != 5 || size.X != m.Width || size.Y != m.Height {
			t.Errorf("%s: %+v, the picture is %v", scale, m, size)
		}
	}
	done(t, nil, "mosaic", filepath.Join(out, "weights.npz"), "--out", in("npz.png"), "--raw")
	done(t, nil, "mosaic", model, "--out", in("raw.png"), "--raw")
	if pixels(t, in("npz.png")) != pixels(t, in("raw.png")) {
		t.Error("the mosaic of weights.npz is not that of the model")
	}
	width := m.Width
	done(t, &m, "mosaic", model, "--out", in("zoom.png"), "--zoom", "3", "--decoder", "--json")
	if m.Width != 3*width {
		t.Errorf("zoom 3 of %d pixels is %d wide", width, m.Width)
	}

	var imported struct {
		Features, Hidden int
		Files            []string
	}
	done(t, &imported, "import", filepath.Join(out, "weights.npz"), "--recipe", tiny, "--set", "seed=5", "--out", in("again.safetensors"), "--json")
	if imported.Features != 784 || imported.Hidden != 5 {
		t.Errorf("import: %+v", imported)
	}
	var again evaluated
	done(t, &again, "eval", in("again.safetensors"), "--json")
	if again.Objective != rep.Objective {
		t.Errorf("J = %v after the round trip, %v before", again.Objective, rep.Objective)
	}
	// On other data the imported preprocessing holds, it is not fitted again.
	done(t, &e, "eval", model, "--data", digits, "--json")
	done(t, &again, "eval", in("again.safetensors"), "--data", digits, "--json")
	if again.Objective != e.Objective || e.Objective == rep.Objective || e.Examples != 7 {
		t.Errorf("on other data J = %v and %v", again.Objective, e.Objective)
	}
}

// checkCurves compares curves.csv with the report.
func checkCurves(t *testing.T, path string, rep trained) {
	t.Helper()
	rows := readCSV(t, path)
	if want := []string{"step", "seconds", "objective", "reconstruction", "weight decay", "sparsity"}; !slices.Equal(rows[0], want) {
		t.Errorf("curves.csv begins %q", rows[0])
	}
	last := rows[len(rows)-1]
	if len(rows) != 1+9 || last[0] != "8" || last[2] != strconv.FormatFloat(rep.Objective, 'g', -1, 64) {
		t.Errorf("curves.csv has %d rows and ends with %q", len(rows), last)
	}
}

// checkCodes computes the codes from the saved weights: σ(W1·x/255 + b1).
func checkCodes(t *testing.T, path string, x []byte, codes []float64) {
	t.Helper()
	m, err := modelio.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	weight, _ := m.Layout.Find("encoder.0.weight")
	bias, _ := m.Layout.Find("encoder.0.bias")
	hidden, visible := weight.Shape[0], weight.Shape[1]
	for i := range len(x) / visible {
		for j := range hidden {
			z := m.Theta[bias.Offset+j]
			for k := range visible {
				z += m.Theta[weight.Offset+j*visible+k] * float64(x[i*visible+k]) / 255
			}
			if want := 1 / (1 + math.Exp(-z)); math.Abs(codes[i*hidden+j]-want) > 1e-12 {
				t.Fatalf("code %d of example %d is %v, want %v", j, i, codes[i*hidden+j], want)
			}
		}
	}
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func readPNG(t *testing.T, path string) (size struct{ X, Y int }) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	size.X, size.Y = c.Width, c.Height
	return size
}

// pixels returns the levels of a grey PNG as text, to compare.
func pixels(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			r, _, _, _ := img.At(x, y).RGBA()
			b.WriteByte(byte(r >> 8))
		}
	}
	return b.String()
}

// The same command writes the same bytes.
func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		done(t, nil, "train", filepath.Join("testdata", "tiny.toml"), "--out", filepath.Join(dir, name), "--quiet")
	}
	for _, file := range []string{"model.safetensors", "weights.npz", "mosaic.png"} {
		a, errA := os.ReadFile(filepath.Join(dir, "a", file))
		b, errB := os.ReadFile(filepath.Join(dir, "b", file))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs (%v, %v)", file, errA, errB)
		}
	}
}

// cancelled is a context that ends like that of Ctrl-C, on the first write to
// it or at once.
type cancelled struct {
	cancel context.CancelFunc
	bytes.Buffer
}

func (c *cancelled) Write(b []byte) (int, error) {
	c.cancel()
	return c.Buffer.Write(b)
}

// Ctrl-C in a training ends it with what was learned, in --out: exit 0. Ctrl-C
// while the data load leaves nothing: exit 1.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	out := filepath.Join(dir, "out")
	var rep trained
	stderr := &cancelled{cancel: cancel}
	var stdout bytes.Buffer
	// The warning about a bad file is written when loading is over, and it is
	// what interrupts.
	write(t, dir, "p/a.png", picture(40))
	write(t, dir, "p/bad.png", []byte("\x89PNG\r\n\x1a\n"))
	code := cli.Main(ctx, []string{
		"train", "ufldl-patches", "--data", filepath.Join(dir, "p"), "--json", "--out", out,
		"--set", "optimizer.iterations=10000000", "--set", "data.count=100",
	}, cli.Terminal{Out: &stdout, Err: stderr})
	if code != cli.ExitDone {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	if err := json.Unmarshal(stdout.Bytes(), &rep); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(rep.Reason, "stopped at step ") || len(rep.Files) != 4 || !(rep.Objective > 0) {
		t.Errorf("report %+v", rep)
	}
	var e evaluated
	done(t, &e, "eval", filepath.Join(out, "model.safetensors"), "--json")
	if math.Abs(e.Objective-rep.Objective) > 1e-6*rep.Objective {
		t.Errorf("the saved model gives J = %v, the report %v", e.Objective, rep.Objective)
	}

	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	tiny := filepath.Join("testdata", "tiny.toml")
	for _, args := range [][]string{
		{"train", tiny, "--out", filepath.Join(dir, "none")},
		{"eval", tiny},
		{"gradcheck", tiny},
		{"encode", filepath.Join(out, "model.safetensors"), "--data", filepath.Join(dir, "p"), "--out", filepath.Join(dir, "c.npy")},
		{"data", "info", filepath.Join(dir, "p")},
	} {
		code, text, errors := filterscope(ctx, args...)
		if want := "filterscope " + args[0] + ": interrupted; nothing was written\n"; code != cli.ExitFailed || text != "" || errors != want {
			t.Errorf("%q: exit %d, %q, want %q", args, code, errors, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder was made for nothing")
	}
}

// A training that leaves the finite numbers fails, but what it had learned is
// written.
func TestNotFinite(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	code, text, errors := filterscope(t.Context(), "train", filepath.Join("testdata", "tiny.toml"), "--json", "--out", out,
		"--set", "optimizer.method=sgd", "--set", "optimizer.learning_rate=1e30")
	if code != cli.ExitFailed || text != "" {
		t.Fatalf("exit %d, %s", code, text)
	}
	if want := " term is NaN; the last good parameters are kept in " + out; !strings.Contains(errors, want) {
		t.Errorf("got %q, want %q", errors, want)
	}
	if _, err := modelio.Load(filepath.Join(out, "model.safetensors")); err != nil {
		t.Error(err)
	}
}

func TestGradcheck(t *testing.T) {
	for _, args := range [][]string{
		{"gradcheck", filepath.Join("testdata", "tiny.toml"), "--json"},
		{"gradcheck", "--set", "model.decoder=linear", "edges", "--json"},
	} {
		var g struct {
			Recipe    string
			Examples  int
			Tensors   []map[string]any
			Worst     float64
			Limit     float64
			UnitCheck float64 `json:"unit_check"`
		}
		done(t, &g, args...)
		if g.Examples != 100 || len(g.Tensors) != 4 || !(g.Worst < 1e-7) || g.Limit != 1e-7 || math.Abs(g.UnitCheck-2.1452e-12) > 1e-16 {
			t.Errorf("%q: %+v", args, g)
		}
	}
}

func TestDataInfo(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "train-images-idx3-ubyte", idx(4, 28, 28))
	write(t, dir, "train-labels-idx1-ubyte", idx(4))
	code, out, errors := filterscope(t.Context(), "data", "info", dir)
	if code != cli.ExitDone || errors != "" || !strings.Contains(out, "4 examples of 784 features") || !strings.Contains(out, "images of 28×28 pixels") {
		t.Errorf("exit %d: %s%s", code, out, errors)
	}
	info := map[string]any{}
	done(t, &info, "data", "info", dir, "--json")
	if info["examples"] != 4.0 {
		t.Errorf("data info --json: %v", info)
	}
}
