package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/app/cli"
	"filterscope/engine/modelio"
)

// fitted is what rbf --json prints of a curve or a field.
type fitted struct {
	Recipe     string   `json:"recipe"`
	Seed       uint64   `json:"seed"`
	Task       string   `json:"task"`
	Data       string   `json:"data"`
	Points     int      `json:"points"`
	Kernel     string   `json:"kernel"`
	Seconds    float64  `json:"seconds"`
	Reason     string   `json:"reason"`
	Notes      []string `json:"notes"`
	Files      []string `json:"files"`
	Centres    int      `json:"centres"`
	Degree     int      `json:"degree"`
	TestPoints int      `json:"test_points"`
	TrainRMSE  *float64 `json:"train_rmse"`
	TestRMSE   *float64 `json:"test_rmse"`
	MaxError   *float64 `json:"max_error"`
	Condition  *float64 `json:"condition"`
	MaxWeight  *float64 `json:"max_weight"`
	Rank       int      `json:"rank"`
	Lambda     *float64 `json:"lambda"`
	LOO        *float64 `json:"loo"`
	GCV        *float64 `json:"gcv"`
	Light      string   `json:"light"`
	Advice     string   `json:"advice"`
	Duplicates [][2]int `json:"duplicates"`
	Steps      int      `json:"steps"`
	Objective  *float64 `json:"objective"`
}

// points returns rows of numbers as CSV.
func points(rows ...string) []byte { return []byte(strings.Join(rows, "\n") + "\n") }

// The seed's example and its ridge table: methods.md E1.
func TestRBFSeed(t *testing.T) {
	near := func(what string, got *float64, want, relative float64) {
		t.Helper()
		if got == nil || math.Abs(*got/want-1) > relative {
			t.Errorf("%s = %v, want %g", what, got, want)
		}
	}
	var r fitted
	done(t, &r, "rbf", "rbf-1d", "--json")
	near("train_rmse", r.TrainRMSE, 0.04095989507401509, 1e-7)
	near("test_rmse", r.TestRMSE, 0.04098061079848608, 1e-7)
	near("condition", r.Condition, 2030942.9242473396, 1e-3)
	near("max_weight", r.MaxWeight, 2.85e4, 2e-3)
	near("max_error", r.MaxError, 0.1282, 1e-3)
	if r.Rank != 20 || r.Centres != 20 || r.Points != 100 || r.TestPoints != 300 || r.Light != "amber" || r.Advice == "" || r.Degree != -1 {
		t.Errorf("%+v", r)
	}
	for _, test := range []struct {
		lambda       string
		rmse, weight float64
	}{{"1e-8", 0.0595, 1152}, {"1e-6", 0.0859, 147}, {"1e-4", 0.1285, 27.1}, {"1e-2", 0.1927, 5.7}} {
		done(t, &r, "rbf", "rbf-1d", "--json", "--set", "rbf.readout=ridge", "--set", "rbf.lambda="+test.lambda)
		near("test_rmse", r.TestRMSE, test.rmse, 1e-3)
		near("max_weight", r.MaxWeight, test.weight, 1e-2)
		near("lambda", r.Lambda, *r.Lambda, 0)
	}
}

// From points in a file to a model, and from the model to values elsewhere.
func TestRBFRoundTrip(t *testing.T) {
	dir := t.TempDir()
	rows := []string{"x,y"}
	for i := range 30 {
		x := float64(i) / 5
		rows = append(rows, fmt.Sprintf("%g,%g", x, math.Sin(x)))
	}
	data := write(t, dir, "data.csv", points(rows...))
	var r fitted
	done(t, &r, "rbf", "rbf-1d", "--data", data, "--set", "rbf.count=12", "--set", "rbf.width=0.8", "--out", filepath.Join(dir, "out"), "--json")
	if r.Points != 30 || r.TestRMSE != nil || *r.TrainRMSE > 1e-2 || len(r.Files) < 7 || r.Data != "data.csv" {
		t.Errorf("%+v", r)
	}
	model := filepath.Join(dir, "out", "model.safetensors")
	queries := write(t, dir, "queries.csv", points("0.5,0.479425538604203", "2.25,0.778073196887921"))
	var answer struct {
		Of, Data        string
		Points          int
		RMSE            *float64
		Lowest, Highest *float64
		Files           []string
	}
	done(t, &answer, "rbf", model, "--data", queries, "--out", filepath.Join(dir, "answers"), "--json")
	if answer.Points != 2 || *answer.RMSE > 1e-2 || math.Abs(*answer.Highest-0.778) > 1e-2 || len(answer.Files) != 2 {
		t.Errorf("%+v", answer)
	}
	table := readCSV(t, filepath.Join(dir, "answers", "predictions.csv"))
	if len(table) != 3 || strings.Join(table[0], " ") != "x prediction value" || table[2][0] != "2.25" {
		t.Errorf("%v", table)
	}
	array := readNPY(t, filepath.Join(dir, "answers", "predictions.npy"))
	if array.String() != "2×3 <f8" || fmt.Sprint(array.Data[1]) != table[1][1] {
		t.Errorf("%v %v, want %v", array, array.Data, table)
	}
	// The recipe that was written fits the same model.
	again := filepath.Join(dir, "again")
	done(t, nil, "rbf", filepath.Join(dir, "out", "recipe.toml"), "--out", again)
	for _, name := range []string{"model.safetensors", "basis.svg", "predictions.csv"} {
		one, err := os.ReadFile(filepath.Join(dir, "out", name))
		if err != nil {
			t.Fatal(err)
		}
		two, err := os.ReadFile(filepath.Join(again, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs", name)
		}
	}
	// The tensors are those of docs/formats.md.
	m, err := modelio.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	if c, shape, ok := m.Tensor("centres"); !ok || fmt.Sprint(shape) != "[12 1]" || c[11] != 5.8 {
		t.Errorf("centres %v of shape %v", c, shape)
	}
	// A model alone is shown and written again.
	done(t, &r, "rbf", model, "--json", "--out", filepath.Join(dir, "shown"))
	if r.Points != 30 || r.Condition != nil || *r.TrainRMSE > 1e-2 {
		t.Errorf("%+v", r)
	}
}

func TestRBFTasks(t *testing.T) {
	dir := t.TempDir()
	var image struct {
		Width, Height, Gaussians int
		PSNR                     float64
	}
	loose(t, &image, "rbf", "rbf-image", "--data", write(t, dir, "a.png", picture(20)), "--set", "rbf.count=7", "--json")
	if image.Width != 20 || image.Gaussians != 7 || image.PSNR < 5 {
		t.Errorf("%+v", image)
	}
	var surface struct {
		Dimensions, Components, Vertices, Triangles int
		Watertight                                  bool
		Files                                       []string
	}
	loose(t, &surface, "rbf", "rbf-sphere", "--set", "rbf.train=150", "--set", "rbf.resolution=10", "--out", dir, "--json")
	if surface.Dimensions != 3 || surface.Components != 1 || !surface.Watertight || surface.Vertices-surface.Triangles/2 != 2 || len(surface.Files) != 5 {
		t.Errorf("%+v", surface)
	}
	// The mesh that was written is a cloud with normals again.
	loose(t, &surface, "rbf", "rbf-sphere", "--data", filepath.Join(dir, "mesh.ply"), "--set", "rbf.resolution=12", "--set", "rbf.centres=greedy",
		"--set", "rbf.count=80", "--json")
	if surface.Components != 1 {
		t.Errorf("%+v", surface)
	}
	loose(t, &surface, "rbf", "rbf-star", "--set", "rbf.train=100", "--set", "rbf.resolution=32", "--json")
	if surface.Dimensions != 2 || surface.Components != 1 {
		t.Errorf("%+v", surface)
	}
	for _, args := range [][]string{
		{"rbf", "rbf-1d"},
		{"rbf", "rbf-field"},
		{"rbf", "rbf-train", "--set", "optimizer.epochs=5"},
		{"rbf", "rbf-image", "--set", "rbf.count=3", "--set", "rbf.resolution=16"},
		{"rbf", "rbf-sphere", "--set", "rbf.train=100", "--set", "rbf.resolution=8"},
		{"rbf", "rbf-field", "--set", "rbf.neighbours=12"},
	} {
		code, out, errors := filterscope(t.Context(), args...)
		if code != 0 || errors != "" || len(out) < 40 || strings.Contains(out, "NaN") || strings.Contains(out, "%!") {
			t.Errorf("%q: exit %d, %q, %q", args, code, out, errors)
		}
	}
}

// A system that is singular for all that doubles can tell is said to be so.
func TestRBFSingular(t *testing.T) {
	for _, args := range [][]string{
		{"rbf", "rbf-field", "--json", "--set", "rbf.kernel=gaussian", "--set", "rbf.width=1000"},
		{"rbf", "rbf-1d", "--json", "--set", "rbf.width=1000"},
	} {
		var r fitted
		done(t, &r, args...)
		if r.Light != "red" || r.Advice == "" {
			t.Errorf("%q: %s: %s", args, r.Light, r.Advice)
		}
	}
}

// loose is done without an eye on what else is printed.
func loose(t *testing.T, into any, args ...string) {
	t.Helper()
	code, out, errors := filterscope(t.Context(), args...)
	if code != 0 {
		t.Fatalf("%q: exit %d: %s", args, code, errors)
	}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("%q: %v in %s", args, err, out)
	}
}

func TestRBFMistakes(t *testing.T) {
	dir := t.TempDir()
	plain := write(t, dir, "plain.txt", []byte("hello"))
	three := write(t, dir, "three.csv", points("0,0,1", "1,0,2", "0,1,3"))
	line := write(t, dir, "line.csv", points("0,0,1", "1,1,2", "2,2,3", "3,3,4", "4,4,1", "5,5,2"))
	twins := write(t, dir, "twins.csv", points("0,0,1", "1,0,2", "0,1,3", "1,0,7", "2,2,2"))
	same := write(t, dir, "same.csv", points("1,2,3", "1,2,3", "1,2,3"))
	nan := write(t, dir, "nan.npy", array([]float64{0, 1, 2, zeroDivided(), 4, 5, 1, 2, 3}, 3, 3))
	cloudNaN := write(t, dir, "nan.xyz", points("0 0 1", "0 nan 2", "1 1 1"))
	cloudSame := write(t, dir, "same.xyz", points("1 1 1", "1 1 1", "1 1 1", "1 1 1"))
	ply := "ply\nformat binary_little_endian 1.0\nelement vertex 100\nproperty float x\nproperty float y\nproperty float z\nend_header\nabcdefghijkl"
	cut := write(t, dir, "cut.ply", []byte(ply))
	done(t, nil, "rbf", "rbf-1d", "--out", filepath.Join(dir, "m"))
	model := filepath.Join(dir, "m", "model.safetensors")
	whole, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	half := write(t, dir, "half.safetensors", whole[:len(whole)/2])

	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"edges"}, 2, "edges is no RBF network but of kind sparse: use filterscope train"},
		{[]string{"rbf-2d"}, 1, "there is no recipe rbf-2d"},
		{[]string{"rbf-1d", "--set", "rbf.cuont=3"}, 2, "there is no key rbf.cuont"},
		{[]string{"rbf-1d", "--set", "rbf.count=0"}, 2, "rbf.count = 0: want 1 to 20000"},
		{[]string{"rbf-1d", "--set", "rbf.kernel=bell"}, 2, `rbf.kernel = "bell": want one of gaussian`},
		{[]string{"rbf-1d", "--set", "rbf.width=-1"}, 2, "rbf.width = -1: want more than 0"},
		{[]string{"rbf-1d", "--set", "data.count=3"}, 2, "there is no section data"},
		{[]string{"rbf-1d", "--set", "rbf.function=expression", "--set", "rbf.expression=sin(x"}, 1, "rbf.expression: "},
		{[]string{"rbf-1d", "--set", "rbf.readout=ridge", "--set", "rbf.lambda=0"}, 2, "rbf.lambda = 0: want more than 0"},
		{[]string{"rbf-1d", "--out", filepath.Join(plain, "sub")}, 1, "plain.txt/sub: not a directory"},
		{[]string{"rbf-1d", "--data", filepath.Join(dir, "none.csv")}, 1, "no such file"},
		{[]string{"rbf-1d", "--data", three}, 1, "three.csv has 3 columns: want two columns, x and y, for a curve"},
		{[]string{"rbf-field", "--data", three, "--set", "rbf.degree=2"}, 1, "a tail of degree 2 in 2 dimensions needs at least 6 points, and there are 3"},
		{[]string{"rbf-field", "--data", line}, 1, "lie so that a tail of degree 1 is not determined"},
		{[]string{"rbf-field", "--data", twins}, 1, "points 2 and 4 are at the same place"},
		{[]string{"rbf-field", "--data", same}, 1, "all 3 points lie in one place"},
		{[]string{"rbf-field", "--data", nan}, 1, "NaN"},
		{[]string{"rbf-sphere", "--data", cloudNaN}, 1, "line 2, column 2 is NaN"},
		{[]string{"rbf-sphere", "--data", cloudSame}, 1, "all 4 points are equal"},
		{[]string{"rbf-sphere", "--data", cut}, 1, "cut.ply"},
		{[]string{"rbf-image", "--data", plain}, 1, "plain.txt"},
		{[]string{model, "--set", "rbf.count=3"}, 2, "a model is as it was fitted"},
		{[]string{model, "--data", three}, 1, "three.csv has 3 columns: want 1 coordinate a row"},
		{[]string{half}, 1, "half.safetensors"},
		{[]string{filepath.Join(dir, "none.safetensors")}, 1, "no such file"},
	} {
		t.Run(strings.ReplaceAll(strings.Join(test.args, " "), dir, "DIR"), func(t *testing.T) {
			code, out, errors := filterscope(t.Context(), append([]string{"rbf"}, test.args...)...)
			line := strings.TrimSuffix(errors, "\n")
			if code != test.code || out != "" || !strings.HasPrefix(line, "filterscope rbf: ") || strings.Contains(line, "\n") || !strings.Contains(line, test.want) {
				t.Errorf("exit %d, %q, %q; want %d and one line with %q", code, out, errors, test.code, test.want)
			}
		})
	}
	for _, command := range []string{"train", "gradcheck", "eval"} {
		code, _, errors := filterscope(t.Context(), command, "rbf-1d")
		if code != 2 || !strings.Contains(errors, "rbf-1d is an RBF network: use filterscope rbf") {
			t.Errorf("%s: exit %d, %s", command, code, errors)
		}
	}
	if code, _, errors := filterscope(t.Context(), "eval", model); code != 1 || !strings.Contains(errors, "use filterscope rbf") {
		t.Errorf("eval of a model: exit %d, %s", code, errors)
	}
}

// Ctrl-C ends work at once; a training that has begun ends with what was
// reached, which package experiment tests.
func TestRBFInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"rbf-field", "rbf-1d", "rbf-image", "rbf-sphere"} {
		code, _, errors := filterscope(ctx, "rbf", name)
		if code != cli.ExitFailed || errors != "filterscope rbf: interrupted; nothing was written\n" {
			t.Errorf("%s: exit %d, %q", name, code, errors)
		}
	}
}
