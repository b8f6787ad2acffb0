package dataset_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/npy"

	"github.com/google/go-cmp/cmp"
)

// folder writes files (slash-separated names) into a new folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// idxOf returns a byte IDX file; sizes must be below 256.
func idxOf(payload string, shape ...byte) string {
	b := []byte{0, 0, 8, byte(len(shape))}
	for _, s := range shape {
		b = append(b, 0, 0, 0, s)
	}
	return string(b) + payload
}

// pngOf returns a grey PNG of one level.
func pngOf(t testing.TB, w, h int, level uint8) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = level
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func npyOf(t testing.TB, a *npy.Array) string {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func npzOf(t testing.TB, arrays ...npy.Named) string {
	t.Helper()
	var b bytes.Buffer
	if err := npy.WriteZip(&b, arrays); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLoad(t *testing.T) {
	pair := map[string]string{
		"train-images-idx3-ubyte": idxOf("\x01\x02\x03\x04", 2, 1, 2), "train-labels-idx1-ubyte": idxOf("\x07\x05", 2),
		"t10k-images-idx3-ubyte": idxOf("\x09\x09", 1, 1, 2),
	}
	grey21 := dataset.Geometry{Width: 2, Height: 1, Channels: 1}
	pixels := make([]float64, 128)
	for i := range pixels {
		pixels[i] = float64(i) / 128
	}
	tests := []struct {
		name  string
		files map[string]string
		o     dataset.LoadOptions // Path within the folder
		want  dataset.Dataset
	}{
		{"IDX file with labels beside it", pair, dataset.LoadOptions{Path: "train-images-idx3-ubyte"}, dataset.Dataset{
			Name: "train-images-idx3-ubyte", N: 2, D: 2, Geometry: grey21, Labels: []int{7, 5}, FullScale: 255, Bytes: []byte{1, 2, 3, 4},
		}},
		{"IDX folder", pair, dataset.LoadOptions{Count: 1}, dataset.Dataset{
			Name: "train-images-idx3-ubyte", N: 1, D: 2, Geometry: grey21, Labels: []int{7}, FullScale: 255, Bytes: []byte{1, 2},
		}},
		{"IDX folder, test split", pair, dataset.LoadOptions{Split: "test"}, dataset.Dataset{
			Name: "t10k-images-idx3-ubyte", N: 1, D: 2, Geometry: grey21, FullScale: 255, Bytes: []byte{9, 9},
		}},
		{"IDX under a strange name", map[string]string{"a.bin": pair["t10k-images-idx3-ubyte"]}, dataset.LoadOptions{Path: "a.bin"}, dataset.Dataset{
			Name: "a.bin", N: 1, D: 2, Geometry: grey21, FullScale: 255, Bytes: []byte{9, 9},
		}},
		{
			"npy, 3-D",
			map[string]string{"a.npy": npyOf(t, &npy.Array{Shape: []int{2, 1, 2}, DType: "|u1", Bytes: []byte{1, 2, 3, 4}})},
			dataset.LoadOptions{Path: "a.npy"},
			dataset.Dataset{Name: "a.npy", N: 2, D: 2, Geometry: grey21, FullScale: 255, Bytes: []byte{1, 2, 3, 4}},
		},
		{
			"npy, 2-D of 64 columns",
			map[string]string{"a.npy": npyOf(t, npy.New(pixels, 2, 64))},
			dataset.LoadOptions{Path: "a.npy"},
			dataset.Dataset{
				Name: "a.npy", N: 2, D: 64, Geometry: dataset.Geometry{Width: 8, Height: 8, Channels: 1}, FullScale: 1, Doubles: pixels,
			},
		},
		{
			"npy, geometry given",
			map[string]string{"a.npy": npyOf(t, npy.New([]float64{-1, 2}, 1, 2))},
			dataset.LoadOptions{Path: "a.npy", Geometry: grey21},
			dataset.Dataset{Name: "a.npy", N: 1, D: 2, Geometry: grey21, Doubles: []float64{-1, 2}},
		},
		{
			"npy, 1-D",
			map[string]string{"a.npy": npyOf(t, npy.New([]float64{5, -6}, 2))},
			dataset.LoadOptions{Path: "a.npy"},
			dataset.Dataset{Name: "a.npy", N: 2, D: 1, Doubles: []float64{5, -6}},
		},
		{
			"npz",
			map[string]string{"a.npz": npzOf(t, npy.Named{Name: "y", Array: npy.New([]float64{3, 1}, 2)}, npy.Named{Name: "X", Array: npy.New([]float64{5, 6}, 2, 1)})},
			dataset.LoadOptions{Path: "a.npz"},
			dataset.Dataset{Name: "a.npz", N: 2, D: 1, Labels: []int{3, 1}, Doubles: []float64{5, 6}},
		},
		{
			"npz of one array",
			map[string]string{"a.npz": npzOf(t, npy.Named{Name: "arr_0", Array: npy.New([]float64{5, 6}, 2, 1)})},
			dataset.LoadOptions{Path: "a.npz"},
			dataset.Dataset{Name: "a.npz", N: 2, D: 1, Doubles: []float64{5, 6}},
		},
		{"csv", map[string]string{"a.csv": "x,label,y\n1,3,2.5\n"}, dataset.LoadOptions{Path: "a.csv"}, dataset.Dataset{
			Name: "a.csv", N: 1, D: 2, Labels: []int{3}, Columns: []string{"x", "y"}, Doubles: []float64{1, 2.5},
		}},
		{"csv with categories", map[string]string{"a.csv": "tree,size\noak,1\nash,2\n"}, dataset.LoadOptions{Path: "a.csv", Categories: true}, dataset.Dataset{
			Name: "a.csv", N: 2, D: 2, Columns: []string{"tree", "size"}, Levels: [][]string{{"ash", "oak"}, nil}, Bytes: []byte{1, 1, 0, 2},
		}},
		{
			"table under a strange name",
			map[string]string{"a.tra": "1 2\n3 4\n"},
			dataset.LoadOptions{Path: "a.tra"},
			dataset.Dataset{Name: "a.tra", N: 2, D: 2, Bytes: []byte{1, 2, 3, 4}},
		},
		{"image", map[string]string{"a.png": pngOf(t, 2, 1, 9)}, dataset.LoadOptions{Path: "a.png"}, dataset.Dataset{
			Name: "a.png", N: 1, D: 2, Geometry: grey21, Sources: []string{"a.png"}, FullScale: 255, Bytes: []byte{9, 9},
		}},
		{"image as colour", map[string]string{"a.png": pngOf(t, 1, 1, 9)}, dataset.LoadOptions{Path: "a.png", Colour: true}, dataset.Dataset{
			Name: "a.png", N: 1, D: 3, Geometry: dataset.Geometry{Width: 1, Height: 1, Channels: 3}, Sources: []string{"a.png"}, FullScale: 255, Bytes: []byte{9, 9, 9},
		}},
		{
			"tree of images, labelled by folder",
			map[string]string{"cats/1.png": pngOf(t, 2, 1, 1), "dogs/2.png": pngOf(t, 2, 1, 2), "dogs/.hidden.png": "x", "readme.txt": "3 of 4"},
			dataset.LoadOptions{},
			dataset.Dataset{
				N: 2, D: 2, Geometry: grey21, Labels: []int{0, 1}, LabelNames: []string{"cats", "dogs"},
				Sources: []string{filepath.Join("cats", "1.png"), filepath.Join("dogs", "2.png")}, FullScale: 255, Bytes: []byte{1, 1, 2, 2},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t, test.files)
			test.o.Path = filepath.Join(dir, test.o.Path)
			got, warnings, err := dataset.Load(t.Context(), test.o)
			if err != nil || len(warnings) > 0 {
				t.Fatal(err, warnings)
			}
			if test.want.Name == "" {
				test.want.Name = filepath.Base(dir)
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A folder with bad files among good ones loads the good ones and names the
// bad ones.
func TestLoadWarnings(t *testing.T) {
	good := pngOf(t, 20, 10, 7)
	files := map[string]string{
		"b cut.png": good[:len(good)-20], "c text.png": "no image at all", "d tiny.png": pngOf(t, 1, 1, 0), "e empty.jpg": "",
		"f huge.pgm": "P5 30000 30000 255 ", "notes.txt": "nothing",
	}
	for i := range 12 {
		files["a good"+string(rune('a'+i))+".png"] = good
	}
	dir := folder(t, files)
	common := map[string]string{
		"c text.png": "does not start like", "e empty.jpg": "the file is empty", "f huge.pgm": "30000×30000 pixels, more than the limit",
		"b cut.png": "the PNG data is damaged or cut off",
	}
	tests := []struct {
		name  string
		patch *dataset.PatchOptions
		tiny  string
	}{
		{"patches", &dataset.PatchOptions{Size: 8, Count: 500}, "a 1×1 image cannot give 8×8 patches"},
		{"whole images", nil, "it is 1×1, the others are 20×10"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, warnings, err := dataset.Load(t.Context(), dataset.LoadOptions{Path: dir, Patch: test.patch})
			if err != nil {
				t.Fatal(err)
			}
			if len(warnings) != len(common)+1 {
				t.Errorf("%d warnings, want %d: %v", len(warnings), len(common)+1, warnings)
			}
			for _, w := range warnings {
				want := common[filepath.Base(w.Path)]
				if filepath.Base(w.Path) == "d tiny.png" {
					want = test.tiny
				}
				if want == "" || !strings.Contains(w.Reason, want) || filepath.Dir(w.Path) != dir {
					t.Errorf("warning %q, want one in %s that says %q", w, dir, want)
				}
			}
			for _, v := range d.Bytes {
				if v != 7 {
					t.Fatalf("a value of %d", v)
				}
			}
		})
	}
}

func TestLoadFaults(t *testing.T) {
	labels := idxOf("\x07\x05", 2)
	tests := []struct {
		name  string
		files map[string]string
		o     dataset.LoadOptions
		says  string
	}{
		{"nothing there", nil, dataset.LoadOptions{Path: "missing.png"}, "no such file"},
		{"empty file", map[string]string{"a.csv": ""}, dataset.LoadOptions{Path: "a.csv"}, "the file is empty"},
		{"empty folder", nil, dataset.LoadOptions{}, "the folder is empty; want IDX files"},
		{"useless folder", map[string]string{"a.txt": "hello"}, dataset.LoadOptions{}, "none of the 1 files"},
		{"folder with a table", map[string]string{"a.csv": "1,2\n"}, dataset.LoadOptions{}, "pass a.csv itself"},
		{"folder of bad images", map[string]string{"a.png": "x", "b.png": "y"}, dataset.LoadOptions{}, "none of the 2 images can be used; the first, a.png: not a readable image"},
		{"image that is not one", map[string]string{"a.png": "hello 1"}, dataset.LoadOptions{Path: "a.png"}, "a.png: not a readable image"},
		{
			"1×1 image",
			map[string]string{"a.png": pngOf(t, 1, 1, 0)},
			dataset.LoadOptions{Path: "a.png", Patch: &dataset.PatchOptions{Size: 8}},
			"a.png: a 1×1 image cannot give 8×8 patches",
		},
		{"images of two sizes", map[string]string{"a.png": pngOf(t, 1, 1, 0), "b.png": pngOf(t, 2, 1, 0)}, dataset.LoadOptions{}, "2 different sizes"},
		{
			"labels alone",
			map[string]string{"train-labels-idx1-ubyte": labels},
			dataset.LoadOptions{Path: "train-labels-idx1-ubyte"},
			"it holds labels (2 of them) and no images; pass the images, train-images-idx3-ubyte",
		},
		{"folder of labels alone", map[string]string{"train-labels-idx1-ubyte": labels}, dataset.LoadOptions{}, "no images; add the images, train-images-idx3-ubyte"},
		{
			"labels for others",
			map[string]string{"images": idxOf("\x01", 1, 1, 1), "labels": labels},
			dataset.LoadOptions{Path: "images"},
			"there are 2 uint8 for 1 images",
		},
		{"cut IDX in a folder", map[string]string{"train-images-idx3-ubyte": idxOf("\x01", 2, 1, 1)}, dataset.LoadOptions{}, "train-images-idx3-ubyte: wrong size: byte 16"},
		{"wrong magic", map[string]string{"train-images-idx3-ubyte": "\x01\x02\x03\x04\x05"}, dataset.LoadOptions{}, "byte 0: it starts with 01 02 03 04"},
		{"no test images", map[string]string{"train-images-idx3-ubyte": idxOf("\x01", 1, 1, 1)}, dataset.LoadOptions{Split: "test"}, "no test images"},
		{"no examples", map[string]string{"a": idxOf("", 0, 28, 28)}, dataset.LoadOptions{Path: "a"}, "empty"},
		{"NaN", map[string]string{"a.npy": npyOf(t, npy.New([]float64{0, 1, 2, math.NaN()}, 2, 2))}, dataset.LoadOptions{Path: "a.npy"}, "example 1 (counted from 0), value 1 is NaN"},
		{"one number", map[string]string{"a.npy": npyOf(t, npy.New([]float64{1}))}, dataset.LoadOptions{Path: "a.npy"}, "want examples × values"},
		{"empty array", map[string]string{"a.npy": npyOf(t, npy.New(nil, 0, 3))}, dataset.LoadOptions{Path: "a.npy"}, "the array is empty"},
		{
			"two arrays",
			map[string]string{"a.npz": npzOf(t, npy.Named{Name: "a", Array: npy.New([]float64{1}, 1, 1)}, npy.Named{Name: "b", Array: npy.New([]float64{1}, 1, 1)})},
			dataset.LoadOptions{Path: "a.npz"},
			"name it X",
		},
		{"bad cell", map[string]string{"a.csv": "1,2\n3,x\n"}, dataset.LoadOptions{Path: "a.csv"}, `a.csv: line 2, column 2: "x" is not a number`},
		{"patches of a table", map[string]string{"a.csv": "1,2\n"}, dataset.LoadOptions{Path: "a.csv", Patch: &dataset.PatchOptions{Size: 8}}, "this is a table"},
		{"MAT-file cut off", map[string]string{"a.mat": "MATLAB 5.0 MAT-file"}, dataset.LoadOptions{Path: "a.mat"}, "the file ends inside its header"},
		{"MAT-file of version 7.3", map[string]string{"a.mat": "\x89HDF\r\n\x1a\n"}, dataset.LoadOptions{Path: "a.mat"}, "version 7.3 (HDF5), and version 5 can be read"},
		{"unknown", map[string]string{"a": "\x00\x01\x02"}, dataset.LoadOptions{Path: "a"}, "none of those that can be read"},
		{"wrong geometry", map[string]string{"a.csv": "1,2\n"}, dataset.LoadOptions{Path: "a.csv", Geometry: dataset.Geometry{Width: 3, Height: 3, Channels: 1}}, "images of 3×3×1 have 9 values"},
		{"patch size", nil, dataset.LoadOptions{Patch: &dataset.PatchOptions{}}, "patch size = 0: want 1 to 4096"},
		{"too many patches", map[string]string{"a.png": pngOf(t, 64, 64, 0)}, dataset.LoadOptions{Path: "a.png", Patch: &dataset.PatchOptions{Size: 64, Count: 1 << 30}}, "more than 4 GiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.o.Path = filepath.Join(folder(t, test.files), test.o.Path)
			d, _, err := dataset.Load(t.Context(), test.o)
			if d != nil || err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Load() = %v, want an error that says %q", err, test.says)
			}
		})
	}
}

// Loading ends when the context does, in the middle of a folder too.
func TestLoadStopsWithItsContext(t *testing.T) {
	files := make(map[string]string)
	for i := range 20 {
		files[string(rune('a'+i))+".png"] = pngOf(t, 64, 64, 1)
	}
	dir := folder(t, files)
	stop := errors.New("the user pressed cancel")
	for _, patch := range []*dataset.PatchOptions{nil, {Size: 8, Whiten: true}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		decoded := 0
		d, _, err := dataset.Load(ctx, dataset.LoadOptions{Path: dir, Patch: patch, Progress: func(_, _ int, what string) {
			if strings.HasSuffix(what, ".png") {
				if decoded++; decoded == 3 {
					cancel(stop)
				}
			}
		}})
		if d != nil || !errors.Is(err, stop) || decoded != 3 {
			t.Errorf("Load() = %v after %d images, want %v after 3", err, decoded, stop)
		}
	}
}

// 16-bit images keep their depth; patches come from arrays of images too.
func TestLoadDepth(t *testing.T) {
	wide := image.NewGray16(image.Rect(0, 0, 1, 1))
	wide.SetGray16(0, 0, color.Gray16{Y: 1000})
	var b bytes.Buffer
	if err := png.Encode(&b, wide); err != nil {
		t.Fatal(err)
	}
	dir := folder(t, map[string]string{"a.png": b.String(), "b.png": pngOf(t, 1, 1, 255)})
	d, _, err := dataset.Load(t.Context(), dataset.LoadOptions{Path: dir})
	if err != nil || d.FullScale != 65535 || !cmp.Equal(d.Singles, []float32{1000, 65535}) {
		t.Errorf("Load() = %+v, %v", d, err)
	}
}

func TestLoadPatchesOfArray(t *testing.T) {
	pixels := make([]float64, 2*20*20)
	for i := range pixels {
		pixels[i] = float64(i) - 100.5
	}
	dir := folder(t, map[string]string{"IMAGES.npy": npyOf(t, npy.New(pixels, 2, 20, 20))})
	d, _, err := dataset.Load(t.Context(), dataset.LoadOptions{Path: filepath.Join(dir, "IMAGES.npy"), Count: 30, Patch: &dataset.PatchOptions{Size: 8}})
	if err != nil {
		t.Fatal(err)
	}
	at := d.Origins[29]
	if want := pixels[at.Source*400+at.Y*20+at.X]; d.N != 30 || d.Name != "IMAGES.npy" || d.Doubles[29*64] != want {
		t.Errorf("%s: %d patches, the last starts with %g, want %g", d.Name, d.N, d.Doubles[29*64], want)
	}
}
