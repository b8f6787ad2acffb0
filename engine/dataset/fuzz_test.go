package dataset_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/internal/memtest"
	"filterscope/engine/dataset/npy"
)

// Whatever a file holds, and whatever its name says, loading it gives a data
// set that fits together or an error; so do the estimate and the list of its
// arrays.
func FuzzLoad(f *testing.F) {
	names := []string{"a", "a.csv", "a.npy", "a.npz", "a.mat", "a-idx3-ubyte", "a.png", "a.csv.gz"}
	cube := npy.New([]float64{1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2)
	for i, file := range []string{
		idxOf("\x01\x02", 2, 1, 1), "a,b\n1,2\n", npyOf(f, cube), npzOf(f, npy.Named{Name: "x", Array: cube}),
		matOf(matArray{name: "x", shape: []uint32{2, 2}, double: []float64{1, 2, 3, 4}}), gzipOf(f, idxOf("", 2, 4, 4), 32), pngOf(f, 3, 2, 9), gzipOf(f, "1,2\n", 0),
	} {
		f.Add([]byte(file), uint8(i))
	}
	f.Fuzz(func(t *testing.T, file []byte, how uint8) {
		path := filepath.Join(t.TempDir(), names[int(how)%len(names)])
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		o := dataset.LoadOptions{Path: path, Columns: how&8 != 0, Categories: how&16 != 0, Colour: how&32 != 0}
		if how&64 != 0 {
			o.Patch = &dataset.PatchOptions{Size: 2, Count: 20, Whiten: how&128 != 0, MinVariance: float64(how&1) / 100}
		}
		memtest.Bounded(t, len(file), func() {
			if e, err := dataset.EstimateLoad(t.Context(), o); err == nil && (e.Bytes < 0 || e.Peak < e.Bytes) {
				t.Errorf("estimate %+v", e)
			}
			if _, err := dataset.Variables(t.Context(), path); err != nil {
				t.Log(err)
			}
			d, _, err := dataset.Load(t.Context(), o)
			if err != nil {
				return
			}
			if err := d.Check(); err != nil {
				t.Error(err)
			}
			if info := d.Info(); math.IsNaN(info.Mean) || info.Minimum > info.Maximum {
				t.Errorf("%+v", info)
			}
		})
	})
}
