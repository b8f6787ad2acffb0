package experiment_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/experiment"
	"filterscope/engine/modelio"
	"filterscope/engine/nn"
)

// short are the built-in recipes, and a few others, made small.
func short() map[string][]string {
	return map[string][]string{
		"rbf-1d": nil, "rbf-sinc": nil, "rbf-train": {"optimizer.epochs=20"},
		"rbf-field": {"rbf.resolution=16"},
		"rbf-image": {"rbf.count=10", "rbf.resolution=24"},
		"rbf-star":  {"rbf.train=80", "rbf.resolution=32"}, "rbf-sphere": {"rbf.train=120", "rbf.resolution=12"},
		"rbf-torus": {"rbf.train=200", "rbf.resolution=16"},
	}
}

func run(t testing.TB, name string, changes ...string) *experiment.Result {
	t.Helper()
	r, err := experiment.Run(t.Context(), prepare(t, name, changes...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A saved model predicts what the fitted one did, bit for bit, knows its data,
// and is saved again as the same bytes.
func TestSaveOpen(t *testing.T) {
	all := short()
	names := []string{"rbf-1d", "rbf-sinc", "rbf-train", "rbf-field", "rbf-image", "rbf-star", "rbf-sphere"}
	all["rbf-field with fewer centres"] = []string{"rbf.centres=k-means", "rbf.count=12", "rbf.kernel=gaussian", "rbf.width=0.4"}
	names = append(names, "rbf-field with fewer centres")
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			first, _, _ := strings.Cut(name, " ")
			r := run(t, first, all[name]...)
			var file bytes.Buffer
			if err := modelio.Write(&file, r.Model()); err != nil {
				t.Fatal(err)
			}
			m, err := modelio.Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
			if err != nil {
				t.Fatal(err)
			}
			if !experiment.IsModel(m) {
				t.Error("IsModel() = false")
			}
			again, err := experiment.Open(t.Context(), m, nil)
			if err != nil {
				t.Fatal(err)
			}
			low, high := r.Study.Low, r.Study.High
			if low == nil {
				low, high = []float64{-1, -1}, []float64{1, 1}
			}
			x := experiment.Lattice(low, high, 9)
			if r.Implicit != nil && r.Implicit.Dim() == 3 {
				x = r.Study.Cloud.Points
			}
			want, err := r.Predict(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			got, err := again.Predict(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("predictions changed: %s", cmp.Diff(want, got))
			}
			if !cmp.Equal(again.Study.Recipe, r.Study.Recipe) || again.Study.Name != r.Study.Name || again.Study.Test.Len() != r.Study.Test.Len() {
				t.Errorf("another study: %+v", again.Study.Recipe)
			}
			var second bytes.Buffer
			if err := modelio.Write(&second, again.Model()); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(file.Bytes(), second.Bytes()) {
				t.Error("the file changed")
			}
		})
	}
}

// Points from a file are in the model: it opens when the file is gone.
func TestOpenWithoutItsFile(t *testing.T) {
	path := write(t, "points.csv", "x,y\n0,0\n1,1\n2,4\n3,9\n4,16\n")
	s, err := experiment.Prepare(t.Context(), open(t, "rbf-1d", "rbf.count=4").WithData(path), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiment.Run(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	again, err := experiment.Open(t.Context(), r.Model(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(again.Study.Train, s.Train) || again.Study.Truth != nil {
		t.Errorf("training points %v", again.Study.Train)
	}
}

func TestOpenFaults(t *testing.T) {
	model := func(name string, spoil func(m *modelio.Model)) *modelio.Model {
		m := run(t, name, short()[name]...).Model()
		spoil(m)
		return m
	}
	drop := func(name string) func(*modelio.Model) {
		return func(m *modelio.Model) {
			i := slices.IndexFunc(m.Layout, func(t nn.Tensor) bool { return t.Name == name })
			m.Layout[i].Name = "gone"
		}
	}
	for _, test := range []struct {
		name  string
		model *modelio.Model
		want  string
	}{
		{"no recipe", model("rbf-1d", func(m *modelio.Model) { m.Recipe = nil }), "there is no recipe in it"},
		{"no kernel", model("rbf-1d", func(m *modelio.Model) { delete(m.Metadata, "kernel") }), "it is no RBF network"},
		{"degree", model("rbf-1d", func(m *modelio.Model) { m.Metadata["degree"] = "99" }), `degree "99": want -1 to 8`},
		{"centres", model("rbf-1d", drop("centres")), "there is no tensor centres"},
		{"weights", model("rbf-1d", drop("readout.weight")), "tensor readout.weight has 0 values: want 20"},
		{"points", model("rbf-1d", drop("data.points")), "are no points of a curve"},
		{"values", model("rbf-field", drop("data.values")), "are no points of a field"},
		{"image", model("rbf-image", drop("data.image")), "there is no image in it"},
		{"cloud", model("rbf-star", drop("data.points")), "the cloud has no points"},
		{"width", model("rbf-1d", func(m *modelio.Model) { w, _, _ := m.Tensor("width"); w[2] = -1 }), "centre 3 has the width -1"},
	} {
		if _, err := experiment.Open(t.Context(), test.model, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Open() = %v, want %q in it", test.name, err, test.want)
		}
	}
}

// Every task writes its files, and the same ones again.
func TestWrite(t *testing.T) {
	if testing.Short() {
		t.Skip("writes some twenty figures, twice")
	}
	figures := func(name string) []string { return []string{name + ".png", name + ".svg", name + ".pdf"} }
	common := []string{"model.safetensors", "recipe.toml"}
	want := map[string][]string{
		"rbf-1d":     slices.Concat(common, []string{"predictions.csv", "predictions.npy"}, figures("basis"), figures("weighted")),
		"rbf-sinc":   slices.Concat(common, []string{"predictions.csv", "predictions.npy"}, figures("basis"), figures("weighted"), []string{"selection.csv"}, figures("selection")),
		"rbf-train":  slices.Concat(common, []string{"predictions.csv", "predictions.npy"}, figures("basis"), figures("weighted"), []string{"training.csv"}),
		"rbf-field":  slices.Concat(common, []string{"predictions.csv", "predictions.npy"}, figures("field"), []string{"surface.png"}),
		"rbf-image":  slices.Concat(common, []string{"original.png", "reconstruction.png", "reconstruction.npy", "gaussians.csv", "psnr.csv"}, figures("psnr")),
		"rbf-star":   slices.Concat(common, []string{"contour.csv", "outline.png"}),
		"rbf-sphere": slices.Concat(common, []string{"mesh.ply", "mesh.obj", "surface.png"}),
	}
	for name, files := range want {
		t.Run(name, func(t *testing.T) {
			dirs := make([]string, 2)
			if name != "rbf-1d" && name != "rbf-image" && name != "rbf-star" {
				dirs = dirs[:1] // what the others write twice is enough
			}
			for i := range dirs {
				dirs[i] = filepath.Join(t.TempDir(), "new", "folder")
				got, err := run(t, name, short()[name]...).Write(t.Context(), dirs[i])
				if err != nil {
					t.Fatal(err)
				}
				for k, path := range got {
					got[k] = filepath.Base(path)
				}
				if diff := cmp.Diff(files, got); diff != "" {
					t.Error(diff)
				}
			}
			for _, file := range files {
				one, err := os.ReadFile(filepath.Join(dirs[0], file))
				if err != nil {
					t.Fatal(err)
				}
				two, err := os.ReadFile(filepath.Join(dirs[len(dirs)-1], file))
				if err != nil {
					t.Fatal(err)
				}
				if len(one) == 0 || !bytes.Equal(one, two) {
					t.Errorf("%s: %d and %d bytes, or others", file, len(one), len(two))
				}
				if filepath.Ext(file) == ".png" {
					if _, err := png.Decode(bytes.NewReader(one)); err != nil {
						t.Errorf("%s: %v", file, err)
					}
				}
			}
		})
	}
}

// What is interrupted ends with what was reached where that is worth something.
func TestRunInterrupted(t *testing.T) {
	for _, name := range []string{"rbf-train", "rbf-image"} {
		ctx, cancel := context.WithCancel(t.Context())
		r, err := experiment.Run(ctx, prepare(t, name), func(done, _ int, _ string) {
			if done == 5 {
				cancel()
			}
		})
		if err != nil || r.Reason != "interrupted" || max(len(r.Objectives), len(r.PSNR)) != 6 || r.Network == nil {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("closed")
	cancel(why)
	for _, name := range []string{"rbf-1d", "rbf-field", "rbf-image", "rbf-star", "rbf-sphere"} {
		if _, err := experiment.Run(ctx, prepare(t, name), nil); !errors.Is(err, why) {
			t.Errorf("%s: Run() = %v, want %v", name, err, why)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Millisecond)
	defer stop()
	long := prepare(t, "rbf-1d", "rbf.train=1000", "rbf.centres=all") // about a second
	if _, err := experiment.Run(ctx, long, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a long fit: Run() = %v", err)
	}
}

func TestAnswer(t *testing.T) {
	r := run(t, "rbf-1d")
	q, err := r.Answer(t.Context(), write(t, "q.csv", "x\n0\n1\n"), nil)
	if err != nil || q.Len() != 2 || q.Y != nil || !(q.RMSE != q.RMSE) {
		t.Fatalf("%+v, %v", q, err)
	}
	values := fmt.Sprintf("0,%g\n1,%g\n", q.Predicted[0]+3, q.Predicted[1]-4)
	if q, err = r.Answer(t.Context(), write(t, "q.csv", values), nil); err != nil || len(q.Y) != 2 || q.RMSE < 3.53 || q.RMSE > 3.54 {
		t.Errorf("RMSE %g, %v; want √12.5", q.RMSE, err)
	}
	files, err := q.Write(t.TempDir())
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil || !strings.HasPrefix(string(text), "x,prediction,value\n0,") {
		t.Errorf("%s, %v", text, err)
	}
	if _, err := r.Answer(t.Context(), write(t, "q.csv", "0,1,2\n"), nil); err == nil || !strings.Contains(err.Error(), "has 3 columns: want 1 coordinate a row") {
		t.Errorf("three columns: %v", err)
	}
}
