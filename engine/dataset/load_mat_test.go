package dataset_test

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/npy"

	"github.com/google/go-cmp/cmp"
)

// matArray is one variable of a MAT-file to be written; values run down the
// columns.
type matArray struct {
	name   string
	shape  []uint32
	bytes  []byte // uint8
	double []float64
}

// matOf returns a MAT-file of version 5, uncompressed.
func matOf(arrays ...matArray) string {
	le := binary.LittleEndian
	element := func(kind uint32, data []byte) []byte {
		b := le.AppendUint32(le.AppendUint32(nil, kind), uint32(len(data)))
		return append(append(b, data...), make([]byte, -len(data)&7)...)
	}
	file := append([]byte("MATLAB 5.0 MAT-file"), make([]byte, 105)...)
	file = append(file, 0, 1, 'I', 'M')
	for _, a := range arrays {
		class, values := uint32(6), []byte{}
		for _, v := range a.double {
			values = le.AppendUint64(values, math.Float64bits(v))
		}
		data := element(9, values)
		if a.bytes != nil {
			class, data = 9, element(2, a.bytes)
		}
		var shape []byte
		for _, s := range a.shape {
			shape = le.AppendUint32(shape, s)
		}
		body := element(6, le.AppendUint64(nil, uint64(class)))
		body = append(body, element(5, shape)...)
		body = append(body, element(1, []byte(a.name))...)
		file = append(file, element(14, append(body, data...))...)
	}
	return string(file)
}

func TestLoadMAT(t *testing.T) {
	square := make([]float64, 64) // value 10·row + column, down the columns
	rows := make([]float64, 64)
	for i := range square {
		square[i] = float64(10*(i%8) + i/8)
		rows[i] = float64(10*(i/8) + i%8)
	}
	grey := func(w, h int) dataset.Geometry { return dataset.Geometry{Width: w, Height: h, Channels: 1} }
	two := matOf(matArray{name: "X", shape: []uint32{2, 1}, double: []float64{5, -6}}, matArray{name: "y", shape: []uint32{2, 1}, double: []float64{3, 10}})
	tests := []struct {
		name, file string
		o          dataset.LoadOptions
		want       dataset.Dataset
	}{
		{
			"a stack of images", matOf(matArray{name: "IMAGES", shape: []uint32{2, 3, 2}, double: []float64{1, 4, 2, 5, 3, 6, -1, -4, -2, -5, -3, -6}}),
			dataset.LoadOptions{},
			dataset.Dataset{Name: "a.mat", N: 2, D: 6, Geometry: grey(3, 2), Doubles: []float64{1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6}},
		},
		{
			"colour images", matOf(matArray{name: "X", shape: []uint32{1, 2, 3, 1}, bytes: []byte{1, 2, 3, 4, 5, 6}}),
			dataset.LoadOptions{},
			dataset.Dataset{
				Name: "a.mat", N: 1, D: 6, FullScale: 255, Bytes: []byte{1, 3, 5, 2, 4, 6},
				Geometry: dataset.Geometry{Width: 2, Height: 1, Channels: 3},
			},
		},
		{
			"examples in columns, images column by column", matOf(matArray{name: "patches", shape: []uint32{64, 65}, double: repeat(square, 65)}),
			dataset.LoadOptions{Count: 1},
			dataset.Dataset{Name: "a.mat", N: 1, D: 64, Geometry: grey(8, 8), Doubles: rows},
		},
		{
			"the same, row by row", matOf(matArray{name: "patches", shape: []uint32{64, 65}, double: repeat(rows, 65)}),
			dataset.LoadOptions{Count: 1, Layout: dataset.LayoutRows},
			dataset.Dataset{Name: "a.mat", N: 1, D: 64, Geometry: grey(8, 8), Doubles: rows},
		},
		{
			"examples in rows, with labels", two,
			dataset.LoadOptions{},
			dataset.Dataset{Name: "a.mat", N: 2, D: 1, Labels: []int{3, 10}, Doubles: []float64{5, -6}},
		},
		{
			"the other variable", two,
			dataset.LoadOptions{Variable: "y", Columns: true},
			dataset.Dataset{Name: "a.mat, y", N: 1, D: 2, Doubles: []float64{3, 10}},
		},
		{
			"a wide matrix by rows", matOf(matArray{name: "A", shape: []uint32{2, 3}, bytes: []byte{1, 4, 2, 5, 3, 6}}),
			dataset.LoadOptions{Rows: true},
			dataset.Dataset{Name: "a.mat", N: 2, D: 3, FullScale: 255, Bytes: []byte{1, 2, 3, 4, 5, 6}},
		},
		{
			"a wide matrix", matOf(matArray{name: "A", shape: []uint32{2, 3}, bytes: []byte{1, 4, 2, 5, 3, 6}}),
			dataset.LoadOptions{},
			dataset.Dataset{Name: "a.mat", N: 3, D: 2, FullScale: 255, Bytes: []byte{1, 4, 2, 5, 3, 6}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.o.Path = filepath.Join(folder(t, map[string]string{"a.mat": test.file}), "a.mat")
			got, warnings, err := dataset.Load(t.Context(), test.o)
			if err != nil || len(warnings) > 0 {
				t.Fatal(err, warnings)
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func repeat(v []float64, n int) []float64 {
	var out []float64
	for range n {
		out = append(out, v...)
	}
	return out
}

// A file of several arrays asks which one is meant, and can be described
// without an answer.
func TestChooseVariable(t *testing.T) {
	dir := folder(t, map[string]string{
		"a.mat": matOf(matArray{name: "W1", shape: []uint32{2, 2}, double: []float64{1, 2, 3, 4}}, matArray{name: "W2", shape: []uint32{2, 2}, double: []float64{5, 6, 7, 9}}),
		"a.npz": npzOf(t, npy.Named{Name: "W1", Array: npy.New([]float64{1, 3, 2, 4}, 2, 2)}, npy.Named{Name: "W2", Array: npy.New([]float64{5, 7, 6, 9}, 2, 2)}),
	})
	for _, name := range []string{"a.mat", "a.npz"} {
		o := dataset.LoadOptions{Path: filepath.Join(dir, name)}
		_, _, err := dataset.Load(t.Context(), o)
		choose, ok := errors.AsType[*dataset.ChooseError](err)
		if !ok || len(choose.Variables) != 2 || !strings.Contains(err.Error(), "W1 (2×2") {
			t.Fatalf("%s: Load() = %v, want a ChooseError", name, err)
		}
		info, err := dataset.Inspect(t.Context(), o)
		if err != nil || len(info.Arrays) != 2 || info.Examples != 0 || *info.Arrays[1].Span != (dataset.Span{Minimum: 5, Maximum: 9, Mean: 6.75}) {
			t.Errorf("%s: Inspect() = %+v, %v", name, info, err)
		}
		list, err := dataset.Variables(t.Context(), o.Path)
		if err != nil || len(list) != 2 || list[1].Name != "W2" {
			t.Errorf("%s: Variables() = %v, %v", name, list, err)
		}
		o.Variable = "W2"
		d, _, err := dataset.Load(t.Context(), o)
		if err != nil || d.Name != name+", W2" || !cmp.Equal(d.Doubles, []float64{5, 7, 6, 9}) {
			t.Errorf("%s: Load() of W2 = %+v, %v", name, d, err)
		}
		o.Variable = "W3"
		if _, _, err := dataset.Load(t.Context(), o); err == nil || !strings.Contains(err.Error(), `no array "W3"`) {
			t.Errorf("%s: Load() of W3 = %v", name, err)
		}
	}
}

// Layouts of colour images: an array of planes, and rows of a table in
// MATLAB's order.
func TestLoadLayouts(t *testing.T) {
	planes := &npy.Array{Shape: []int{1, 3, 1, 2}, DType: "|u1", Bytes: []byte{1, 2, 3, 4, 5, 6}}
	dir := folder(t, map[string]string{"a.npy": npyOf(t, planes), "a.csv": "1,2,3,4,5,6,7,8,9,10,11,12\n"})
	d, _, err := dataset.Load(t.Context(), dataset.LoadOptions{Path: filepath.Join(dir, "a.npy")})
	if err != nil || !cmp.Equal(d.Bytes, []byte{1, 3, 5, 2, 4, 6}) || d.Geometry.Channels != 3 {
		t.Errorf("planes: %+v, %v", d, err)
	}
	d, _, err = dataset.Load(t.Context(), dataset.LoadOptions{
		Path: filepath.Join(dir, "a.csv"), Geometry: dataset.Geometry{Width: 2, Height: 2, Channels: 3}, Layout: dataset.LayoutColumns,
	})
	if want := []byte{1, 5, 9, 3, 7, 11, 2, 6, 10, 4, 8, 12}; err != nil || !cmp.Equal(d.Bytes, want) {
		t.Errorf("columns: %v, %v, want %v", d.Bytes, err, want)
	}
	for l := dataset.LayoutAuto; l <= dataset.LayoutColumns; l++ {
		if got, err := dataset.ParseLayout(l.String()); err != nil || got != l {
			t.Errorf("ParseLayout(%q) = %v, %v", l, got, err)
		}
	}
	if _, err := dataset.ParseLayout("diagonal"); err == nil {
		t.Error("ParseLayout took a layout that does not exist")
	}
}

// Several paths: the images of all, named from the folder they share.
func TestLoadPaths(t *testing.T) {
	dir := folder(t, map[string]string{
		"a/1.png": pngOf(t, 2, 1, 1), "b/c/2.png": pngOf(t, 2, 1, 2), "b/c/bad.png": "x", "table.csv": "1,2\n",
		"n/train-images-idx3-ubyte": idxOf("\x01\x02", 2, 1, 1), "n/train-labels-idx1-ubyte": idxOf("\x07\x05", 2),
	})
	at := func(names ...string) []string {
		for i, name := range names {
			names[i] = filepath.Join(dir, filepath.FromSlash(name))
		}
		return names
	}
	d, warnings, err := dataset.Load(t.Context(), dataset.LoadOptions{Paths: at("a/1.png", "b", "table.csv", "gone.png")})
	if err != nil || !cmp.Equal(d.Bytes, []byte{1, 1, 2, 2}) || !cmp.Equal(d.Sources, []string{filepath.Join("a", "1.png"), filepath.Join("b", "c", "2.png")}) {
		t.Errorf("Load() = %+v, %v", d, err)
	}
	var named []string
	for _, w := range warnings {
		rel, err := filepath.Rel(dir, w.Path)
		if err != nil {
			t.Fatal(err)
		}
		named = append(named, filepath.ToSlash(rel))
	}
	if diff := cmp.Diff([]string{"gone.png", "table.csv", "b/c/bad.png"}, named); diff != "" {
		t.Errorf("warnings (-want +got)\n%s", diff)
	}
	info, err := dataset.Inspect(t.Context(), dataset.LoadOptions{Paths: at("a/1.png", "b/c/2.png", "table.csv")})
	if err != nil || info.Examples != 2 || len(info.Files) != 2 || len(info.Warnings) != 1 {
		t.Errorf("Inspect() = %+v, %v", info, err)
	}
	d, warnings, err = dataset.Load(t.Context(), dataset.LoadOptions{Paths: at("n/train-labels-idx1-ubyte", "n/train-images-idx3-ubyte")})
	if err != nil || len(warnings) > 0 || !cmp.Equal(d.Labels, []int{7, 5}) {
		t.Errorf("Load() of images and labels = %+v, %v, %v", d, warnings, err)
	}
}

// The three MAT-files of shared/data; ranges are SciPy's.
func TestInspectRealMAT(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no real MAT-files to describe")
	}
	tests := []struct {
		path string
		want map[string]dataset.Span // without mean
	}{
		{"ufldl-octave/layer1.mat", map[string]dataset.Span{"sae1OptTheta (314584×1 double)": {Minimum: -12.71132861769726, Maximum: 3.3011277497662004}}},
		{"ufldl-octave/STL10Features.mat", map[string]dataset.Span{
			"optTheta (154192×1 double)": {Minimum: -3.9641809021154177, Maximum: 0.8560837976570411},
			"ZCAWhite (192×192 double)":  {Minimum: -0.1827741114536542, Maximum: 3.0131838159297875},
			"meanPatch (192×1 double)":   {Minimum: 0.39496721568633164, Maximum: 0.46974905882354656},
		}},
		{"ucm2-201080.mat", map[string]dataset.Span{"ucm2 (643×963 double)": {Maximum: 0.999977151342377}}},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			info, err := dataset.Inspect(t.Context(), dataset.LoadOptions{Path: filepath.Join(shared, "data", "reference", test.path)})
			if err != nil {
				t.Fatal(err)
			}
			got := make(map[string]dataset.Span)
			for _, a := range info.Arrays {
				got[a.String()] = dataset.Span{Minimum: a.Span.Minimum, Maximum: a.Span.Maximum}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
