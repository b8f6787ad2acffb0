package dataset_test

import (
	"errors"
	"path/filepath"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/npy"
	"filterscope/engine/linalg"
)

// What is told beforehand is what Load makes then.
func TestEstimateLoad(t *testing.T) {
	linalg.SetWorkers(1)
	defer linalg.SetWorkers(0)
	cube := npy.New(make([]float64, 2*9*10), 2, 9, 10)
	dir := folder(t, map[string]string{
		"n/train-images-idx3-ubyte": idxOf("\x01\x02\x03\x04", 2, 1, 2), "a.npy": npyOf(t, cube), "a.npz": npzOf(t, npy.Named{Name: "x", Array: cube}),
		"a.mat":   matOf(matArray{name: "x", shape: []uint32{9, 10, 2}, double: make([]float64, 180)}),
		"w.mat":   matOf(matArray{name: "x", shape: []uint32{3, 10}, bytes: make([]byte, 30)}),
		"i/1.png": pngOf(t, 20, 10, 1), "i/2.png": pngOf(t, 20, 10, 2), "a.csv": "1.5,2\n3,4\n",
		"two.mat": matOf(matArray{name: "a", shape: []uint32{2, 2}, bytes: make([]byte, 4)}, matArray{name: "b", shape: []uint32{2, 2}, bytes: make([]byte, 4)}),
	})
	patch := &dataset.PatchOptions{Size: 8, Count: 100}
	tests := []struct {
		o    dataset.LoadOptions
		says string
	}{
		{dataset.LoadOptions{Path: "n"}, "2 examples of 2 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "a.npy"}, "2 examples of 90 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "a.npy", Count: 1}, "1 examples of 90 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "a.npy", Patch: patch}, "100 examples of 64 values, 0.0 MiB, 0.1 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "a.npz"}, "2 examples of 90 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "a.mat"}, "2 examples of 90 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "w.mat"}, "10 examples of 3 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "i"}, "2 examples of 200 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "i", Colour: true, Patch: patch}, "100 examples of 192 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "i/1.png"}, "1 examples of 200 values, 0.0 MiB, 0.0 MiB while it is loaded"},
		{dataset.LoadOptions{Path: "a.csv"}, "at most 0.0 MiB, at most 0.0 MiB while it is loaded"},
	}
	for _, test := range tests {
		t.Run(test.o.Path+" "+test.says, func(t *testing.T) {
			test.o.Path = filepath.Join(dir, filepath.FromSlash(test.o.Path))
			e, err := dataset.EstimateLoad(t.Context(), test.o)
			if err != nil || e.String() != test.says {
				t.Fatalf("EstimateLoad() = %v, %v", e, err)
			}
			d, _, err := dataset.Load(t.Context(), test.o)
			if err != nil {
				t.Fatal(err)
			}
			size := int64(len(d.Bytes) + 4*len(d.Singles) + 8*len(d.Doubles) + 40*len(d.Origins))
			if e.Exact && (e.Examples != d.N || e.Features != d.D) || size > e.Bytes+40*100 || e.Exact && size < e.Bytes {
				t.Errorf("told %+v, loaded %d×%d in %d bytes", e, d.N, d.D, size)
			}
		})
	}
	if _, err := dataset.EstimateLoad(t.Context(), dataset.LoadOptions{Path: filepath.Join(dir, "two.mat")}); err == nil {
		t.Error("an estimate of a file that needs a choice")
	} else if _, ok := errors.AsType[*dataset.ChooseError](err); !ok {
		t.Error(err)
	}
	big := dataset.Estimate{Examples: 60000, Features: 784, Bytes: 47040000, Peak: 2 << 30, Exact: true}
	if got, want := big.String(), "60000 examples of 784 values, 44.9 MiB, 2.0 GiB while it is loaded"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}
