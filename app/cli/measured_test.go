package cli_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMeasures trains small models of the kinds that have more to tell than
// their objective, and wants the same numbers from train and from eval of the saved
// model.
func TestMeasures(t *testing.T) {
	for _, test := range []struct {
		name, recipe string
		set          []string
		keys         []string
	}{
		{"linear", "keras-identity-normalised", []string{"data.count=2000", "optimizer.epochs=2"}, []string{"r2"}},
		{"bottleneck", "linear-30", []string{
			"precision=float64", "data.source=digits", "data.count=300", "data.validation=0.1", "model.layers=[5]", "optimizer.iterations=20",
		}, []string{"error_over_pca", "angle_to_pca"}},
		{"machine", "rbm-digits", []string{"data.count=300", "optimizer.epochs=1", "model.hidden=9"}, []string{"reconstruction_error", "pseudo_likelihood", "free_energy"}},
		{"stacked", "self-taught", []string{
			"data.source=digits", "data.count=300", "model.layers=[6]", "optimizer.iterations=5", "model.softmax_iterations=40",
		}, []string{"accuracy"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := t.TempDir()
			args := []string{"train", test.recipe, "--json", "--quiet", "--out", out}
			for _, s := range test.set {
				args = append(args, "--set", s)
			}
			var rep trained
			var e evaluated
			done(t, &rep, args...)
			done(t, &e, "eval", filepath.Join(out, "model.safetensors"), "--json")
			if len(rep.Measures) != len(test.keys) {
				t.Errorf("measures %v, want %v", rep.Measures, test.keys)
			}
			for _, key := range test.keys {
				a, b := rep.Measures[key], e.Measures[key]
				if a == 0 || math.Abs(a-b) > 1e-9*math.Abs(a) {
					t.Errorf("%s is %v after training and %v of the saved model", key, a, b)
				}
			}
			for key, a := range rep.Validation.Measures {
				if b := e.Validation.Measures[key]; math.Abs(a-b) > 1e-9*math.Abs(a) {
					t.Errorf("held back: %s is %v after training and %v of the saved model", key, a, b)
				}
			}
			if test.name != "linear" && test.name != "bottleneck" && len(rep.Validation.Measures) != 1 {
				t.Errorf("held back: %v", rep.Validation.Measures)
			}
			text, err := os.ReadFile(filepath.Join(out, "measures.csv"))
			if err != nil || len(text) < 40 {
				t.Errorf("measures.csv: %q, %v", text, err)
			}
			if test.name == "stacked" {
				withoutLabels(t, filepath.Join(out, "model.safetensors"))
			}
		})
	}
}

// withoutLabels wants a read-out to be of use without labels, but not judged.
func withoutLabels(t *testing.T, model string) {
	dir := t.TempDir()
	x := write(t, dir, "x.npy", array(make([]float64, 3*784), 3, 784))
	done(t, nil, "encode", model, "--data", x, "--out", filepath.Join(dir, "codes.npy"))
	code, _, errors := filterscope(t.Context(), "eval", model, "--data", x)
	if want := "x.npy has no labels"; code == 0 || !strings.Contains(errors, want) {
		t.Errorf("eval without labels: exit %d, %q, want %q", code, errors, want)
	}
}

// TestMeanActivation: train and eval tell how active units are where a penalty
// is on that, and say nothing about it elsewhere.
func TestMeanActivation(t *testing.T) {
	for _, c := range []struct {
		name, recipe string
		set          []string
		want         bool
	}{
		{"sparse", "strokes", []string{"data.count=100", "model.hidden=4", "optimizer.iterations=2"}, true},
		{"no penalty", "relu-nan", []string{"data.count=100", "model.layers=[4]", "model.init_scale=0.01", "optimizer.epochs=1"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := t.TempDir()
			args := []string{"train", c.recipe, "--quiet", "--out", out}
			for _, s := range c.set {
				args = append(args, "--set", s)
			}
			for _, args := range [][]string{args, {"eval", filepath.Join(out, "model.safetensors")}} {
				code, text, fault := filterscope(t.Context(), args...)
				if code != 0 {
					t.Fatalf("%s: exit %d: %s", args[0], code, fault)
				}
				if got := strings.Contains(text, "mean activation"); got != c.want {
					t.Errorf("%s tells of the mean activation: %v, want %v\n%s", args[0], got, c.want, text)
				}
			}
		})
	}
}
