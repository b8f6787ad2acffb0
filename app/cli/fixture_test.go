package cli_test

import (
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"filterscope/internal/fixture"
)

// Known answers of PyTorch, through the command line: import the weights, then
// eval on the data.
func TestFixtures(t *testing.T) {
	for _, name := range []string{"sparse_sigmoid", "sparse_linear_decoder"} {
		t.Run(name, func(t *testing.T) {
			base := filepath.Join("testdata", name)
			var want struct {
				Reconstruction float64
				WeightDecay    float64 `json:"weight_decay"`
				Sparsity       float64
				Objective      float64
			}
			arrays := fixture.Arrays(t, name, &want)
			dir := t.TempDir()
			x := write(t, dir, "x.npy", array(arrays["x"].Float64s(), arrays["x"].Shape...))
			model := filepath.Join(dir, "model.safetensors")
			done(t, nil, "import", base+".npz", "--recipe", base+".toml", "--out", model)
			var e evaluated
			done(t, &e, "eval", model, "--data", x, "--precision", "float64", "--json")
			for name, want := range map[string]float64{"reconstruction": want.Reconstruction, "weight decay": want.WeightDecay, "sparsity": want.Sparsity} {
				if math.Abs(e.Terms[name]-want) > 1e-10*want {
					t.Errorf("%s = %.15g, want %.15g", name, e.Terms[name], want)
				}
			}
			if math.Abs(e.Objective-want.Objective) > 1e-10*want.Objective {
				t.Errorf("objective = %.15g, want %.15g", e.Objective, want.Objective)
			}
			for command, name := range map[string]string{"encode": "codes", "reconstruct": "reconstruction"} {
				out := filepath.Join(dir, name+".npy")
				done(t, nil, command, model, "--data", x, "--out", out)
				got, want := readNPY(t, out).Float64s(), arrays[name].Float64s()
				if len(got) != len(want) {
					t.Fatalf("%s: %d numbers, want %d", command, len(got), len(want))
				}
				for i, v := range want {
					if math.Abs(got[i]-v) > 1e-10*max(1, math.Abs(v)) {
						t.Fatalf("%s: number %d is %v, want %v", command, i, got[i], v)
					}
				}
			}
		})
	}
}

// reference returns a file of the shared folder's r-autoencoder; the networks
// there were trained by R's package autoencoder.
func reference(t *testing.T, name string) string {
	t.Helper()
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: the networks trained by R are not here")
	}
	return filepath.Join(shared, "data", "reference", "r-autoencoder", name)
}

// writePatches writes R's patches, brought to x' = 0.998·x + 0.001 as R did.
func writePatches(t *testing.T, dir string) string {
	t.Helper()
	f, err := os.Open(reference(t, "patches_5000x100.f64le.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, len(raw)/8)
	for i := range x {
		x[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))*0.998 + 0.001
	}
	return write(t, dir, "patches.npy", array(x, 5000, 100))
}

// Acceptance 3: J of two networks that another program trained.
func TestNetworksOfR(t *testing.T) {
	dir := t.TempDir()
	patches := writePatches(t, dir)
	for hidden, want := range map[int]float64{25: 2.24568204389, 100: 2.02654007905} {
		model := filepath.Join(dir, fmt.Sprintf("sae%d.safetensors", hidden))
		done(t, nil, "import", reference(t, fmt.Sprintf("sae%d.json", hidden)), "--recipe", filepath.Join("testdata", "r-autoencoder.toml"), "--out", model)
		var e evaluated
		done(t, &e, "eval", model, "--data", patches, "--json")
		if math.Abs(e.Objective-want) > 1e-9 || e.Hidden != hidden || e.Examples != 5000 {
			t.Errorf("%d hidden units: J = %.14g, want %.12g", hidden, e.Objective, want)
		}
	}
}

// Training from our own starts ends near the minimum that R's optimiser found.
// The short form follows two runs for a second each, as far as that leads;
// with FILTERSCOPE_ACCEPTANCE set five runs of each size go to their ends.
func TestTrainingLikeR(t *testing.T) {
	type run struct {
		hidden, iterations, seeds int
		want, tolerance           float64 // R's end, and how far above it is still near
	}
	runs := []run{{25, 200, 2, 2.24568204389, 0.05}}
	if os.Getenv("FILTERSCOPE_ACCEPTANCE") != "" {
		runs = []run{{25, 2000, 5, 2.24568204389, 0.005}, {100, 2000, 5, 2.02654007905, 0.005}}
	}
	patches := writePatches(t, t.TempDir())
	for _, r := range runs {
		for seed := 1; seed <= r.seeds; seed++ {
			var rep trained
			done(t, &rep, "train", filepath.Join("testdata", "r-autoencoder.toml"), "--data", patches, "--json", "--quiet",
				"--set", fmt.Sprintf("seed=%d", seed), "--set", fmt.Sprintf("model.hidden=%d", r.hidden),
				"--set", fmt.Sprintf("optimizer.iterations=%d", r.iterations))
			off := rep.Objective/r.want - 1
			t.Logf("%d hidden units, seed %d: J = %.6f after %d iterations, %+.2f %% from R's %.6f",
				r.hidden, seed, rep.Objective, rep.Iterations, 100*off, r.want)
			if off > r.tolerance || off < -0.03 {
				t.Errorf("seed %d ends at J = %v, R's at %v", seed, rep.Objective, r.want)
			}
		}
	}
}
