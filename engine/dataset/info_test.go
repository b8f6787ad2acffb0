package dataset_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset"

	"github.com/google/go-cmp/cmp"
)

func ExampleDataset_Info() {
	d := &dataset.Dataset{
		Name: "four dots", N: 2, D: 2, Geometry: dataset.Geometry{Width: 2, Height: 1, Channels: 1},
		Labels: []int{1, 1}, FullScale: 255, Bytes: []uint8{0, 51, 102, 255},
	}
	info := d.Info()
	fmt.Println(info.Examples, info.Element, info.Minimum, info.Maximum, info.Mean, info.Labels)
	// Output: 2 uint8 0 1 0.4 [{1  2}]
}

func TestInspectImages(t *testing.T) {
	dir := folder(t, map[string]string{"a.png": pngOf(t, 2, 1, 51), "b.png": pngOf(t, 2, 2, 255), "c.png": "x"})
	info, err := dataset.Inspect(t.Context(), dataset.LoadOptions{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	what := make(map[string]string)
	for _, f := range info.Files {
		what[f.Name] = f.What + f.Problem
	}
	want := map[string]string{"a.png": "2×1 grey", "b.png": "2×2 grey", "c.png": info.Warnings[0].Reason}
	if diff := cmp.Diff(want, what); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
	if info.Examples != 2 || info.Features != 0 || info.Minimum != 0.2 || info.Maximum != 1 || math.Abs(info.Mean-(2*0.2+4)/6) > 1e-12 {
		t.Errorf("Inspect() = %+v", info)
	}
	if _, err := dataset.Inspect(t.Context(), dataset.LoadOptions{Path: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "the folder is empty") {
		t.Errorf("Inspect of an empty folder = %v", err)
	}
}

// The numbers are those of shared/data/README.md.
func TestInspectReal(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no real data to describe")
	}
	tests := []struct {
		path               string
		split              string
		examples, features int
		mean               float64 // 0 when the README has none
		counts             []int
	}{
		{"mnist", "", 60000, 784, 0.130660, []int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}},
		{"mnist", "test", 10000, 784, 0.132515, []int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}},
		{"kmnist", "", 10000, 784, 0, []int{1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}},
		{"optdigits", "", 3823, 64, 0, []int{376, 389, 380, 389, 387, 376, 377, 387, 380, 382}},
		{"optdigits/optdigits.tes", "", 1797, 64, 0, []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}},
		{"natural/bsd68", "", 68, 0, 0, nil},
		{"natural/kodak", "", 6, 250000, 0, nil},
		{"natural/bsds500", "", 12, 0, 0, nil},
	}
	for _, test := range tests {
		t.Run(test.path+test.split, func(t *testing.T) {
			info, err := dataset.Inspect(t.Context(), dataset.LoadOptions{Path: filepath.Join(shared, "data", test.path), Split: test.split})
			if err != nil {
				t.Fatal(err)
			}
			if info.Examples != test.examples || info.Features != test.features || len(info.Warnings) > 0 {
				t.Errorf("%d examples of %d features, warnings %v", info.Examples, info.Features, info.Warnings)
			}
			if test.mean > 0 && math.Abs(info.Mean-test.mean) > 1e-6 {
				t.Errorf("mean %g, want %g", info.Mean, test.mean)
			}
			var counts []int
			for _, l := range info.Labels {
				counts = append(counts, l.Count)
			}
			if diff := cmp.Diff(test.counts, counts); diff != "" {
				t.Errorf("counts (-want +got)\n%s", diff)
			}
			sizes := make(map[string]int)
			for _, f := range info.Files {
				sizes[f.What]++
			}
			if test.path == "natural/bsd68" && (sizes["481×321 grey"] != 53 || sizes["321×481 grey"] != 15) {
				t.Errorf("sizes %v", sizes)
			}
		})
	}
}

func TestFindMNIST(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "FILTERSCOPE_DATA"} {
		t.Setenv(name, t.TempDir())
	}
	if dir, ok := dataset.FindMNIST(); ok {
		t.Fatalf("FindMNIST() = %s in empty folders", dir)
	}
	if !strings.Contains(dataset.ErrNoMNIST.Error(), "--data FOLDER") {
		t.Errorf("ErrNoMNIST says %q", dataset.ErrNoMNIST)
	}
	// From the last place looked at to the first.
	for _, dir := range []string{
		"mnist",
		filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "filterscope", "mnist"),
		filepath.Join(os.Getenv("XDG_DATA_HOME"), "filterscope", "mnist"),
		filepath.Join(os.Getenv("FILTERSCOPE_DATA"), "mnist"),
	} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "train-images-idx3-ubyte"), []byte(idxOf("", 0, 1, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, ok := dataset.FindMNIST(); !ok || got != dir {
			t.Errorf("FindMNIST() = %q, %v, want %q", got, ok, dir)
		}
	}
	if got, want := dataset.MNISTFolder(), filepath.Join(os.Getenv("FILTERSCOPE_DATA"), "mnist"); got != want {
		t.Errorf("MNISTFolder() = %q, want %q", got, want)
	}
}
