package modelio_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/dataset"
	"filterscope/engine/modelio"
	"filterscope/engine/nn"
	"filterscope/engine/preprocess"
)

// example returns a 6-3-6 network with preprocessing.
func example(precision string) *modelio.Model {
	r := rand.New(rand.NewPCG(1, 2))
	m := &modelio.Model{
		Recipe:    []byte("version = 1\nname = \"a <b> & „c“\"\n"),
		Precision: precision,
		Layout: nn.NewLayout(
			nn.Tensor{Name: "encoder.0.weight", Shape: []int{3, 6}},
			nn.Tensor{Name: "encoder.0.bias", Shape: []int{3}},
			nn.Tensor{Name: "decoder.0.weight", Shape: []int{6, 3}},
			nn.Tensor{Name: "decoder.0.bias", Shape: []int{6}},
		),
		Preprocess: []preprocess.Param{
			{Name: "preprocess.0.full_scale", Shape: []int{1}, Values: []float64{255}},
			{Name: "preprocess.1.mean", Shape: []int{2}, Values: []float64{math.Pi, -1e-300}},
		},
		Geometry: dataset.Geometry{Width: 3, Height: 2, Channels: 1},
		Metadata: map[string]string{"iterations": "400", "objective": "12.118"},
	}
	m.Theta = make([]float64, m.Layout.Size())
	for i := range m.Theta {
		m.Theta[i] = r.NormFloat64()
		if precision == "float32" {
			m.Theta[i] = float64(float32(m.Theta[i]))
		}
	}
	return m
}

func TestRoundTrip(t *testing.T) {
	for _, precision := range []string{"float32", "float64"} {
		t.Run(precision, func(t *testing.T) {
			want := example(precision)
			path := filepath.Join(t.TempDir(), "model.safetensors")
			if err := modelio.Save(path, want); err != nil {
				t.Fatal(err)
			}
			got, err := modelio.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(got, want); d != "" {
				t.Error(d)
			}

			path = filepath.Join(t.TempDir(), "weights.npz")
			if err := modelio.SaveNPZ(path, want); err != nil {
				t.Fatal(err)
			}
			if got, err = modelio.LoadNPZ(path); err != nil {
				t.Fatal(err)
			}
			want.Recipe, want.Geometry, want.Metadata = nil, dataset.Geometry{}, map[string]string{}
			if d := cmp.Diff(got, want); d != "" {
				t.Errorf("npz: %s", d)
			}
		})
	}
}

func TestSameModelSameBytes(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"safetensors": func(b *bytes.Buffer) error { return modelio.Write(b, example("float32")) },
		"npz":         func(b *bytes.Buffer) error { return modelio.WriteNPZ(b, example("float32")) },
	} {
		var first bytes.Buffer
		if err := write(&first); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			var again bytes.Buffer
			if err := write(&again); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first.Bytes(), again.Bytes()) {
				t.Fatalf("%s: the bytes differ", name)
			}
		}
	}
}

// file makes a safetensors file by hand.
func file(header string, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

// TestBytes pins the layout against a file written out by hand from the
// format's description: compact JSON with sorted keys, padded with spaces to
// eight bytes, then F64 tensors, then F32 ones.
func TestBytes(t *testing.T) {
	m := &modelio.Model{
		Recipe: []byte("x<1"), Precision: "float32",
		Layout:     nn.NewLayout(nn.Tensor{Name: "w", Shape: []int{1, 2}}, nn.Tensor{Name: "b", Shape: []int{1}}),
		Theta:      []float64{1, -2, 0.5},
		Preprocess: []preprocess.Param{{Name: "preprocess.0.limit", Shape: []int{1}, Values: []float64{3}}},
		Metadata:   map[string]string{"iterations": "7"},
	}
	var got bytes.Buffer
	if err := modelio.Write(&got, m); err != nil {
		t.Fatal(err)
	}
	header := `{"__metadata__":{"filterscope":"1","iterations":"7","precision":"float32","recipe":"x<1"},` +
		`"b":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},` +
		`"preprocess.0.limit":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},` +
		`"w":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}`
	for len(header)%8 != 0 {
		header += " "
	}
	want := file(
		header,
		0, 0, 0, 0, 0, 0, 8, 0x40, // 3 as float64
		0, 0, 0x80, 0x3f, // 1
		0, 0, 0, 0xc0, // -2
		0, 0, 0, 0x3f, // 0.5
	)
	if d := cmp.Diff(got.String(), string(want)); d != "" {
		t.Error(d)
	}
}

// TestForeign reads a file of another program: half-precision types, a scalar,
// no metadata.
func TestForeign(t *testing.T) {
	b := file(
		`{"h":{"dtype":"F16","shape":[2,2],"data_offsets":[4,12]},"n":{"dtype":"BF16","shape":[],"data_offsets":[2,4]},"m":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}`,
		0x80, 0x3f, // bfloat16 1
		0x20, 0xc1, // bfloat16 -10
		0x00, 0x3c, 0x01, 0x00, 0xff, 0x7b, 0x00, 0xfc, // 1, 2^-24, 65504, -Inf
	)
	m, err := modelio.Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	want := nn.Layout{
		{Name: "m", Shape: []int{1}},
		{Name: "n", Shape: []int{}, Offset: 1},
		{Name: "h", Shape: []int{2, 2}, Offset: 2},
	}
	if d := cmp.Diff(m.Layout, want); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(m.Theta, []float64{1, -10, 1, 0x1p-24, 65504, math.Inf(-1)}); d != "" {
		t.Error(d)
	}
}

func TestReadRefuses(t *testing.T) {
	one := `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`
	tests := []struct {
		name string
		b    []byte
		want error
	}{
		{"empty", nil, modelio.ErrSize},
		{"a header of 2^60 bytes", binary.LittleEndian.AppendUint64(nil, 1<<60), modelio.ErrFormat},
		{"a header longer than the file", file(one)[:20], modelio.ErrSize},
		{"no JSON", file("PK\x03\x04 is a zip"), modelio.ErrFormat},
		{"a list", file("[]"), modelio.ErrFormat},
		{"a tensor that is text", file(`{"a":"b"}`), modelio.ErrFormat},
		{"metadata of numbers", file(`{"__metadata__":{"a":1}}`), modelio.ErrFormat},
		{"data cut off", file(one, 0, 0), modelio.ErrSize},
		{"data left over", file(one, 0, 0, 0, 0, 0), modelio.ErrSize},
		{"unknown type", file(`{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}`, make([]byte, 8)...), modelio.ErrFormat},
		{"fewer bytes than the shape", file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 0, 0, 0, 0), modelio.ErrSize},
		{"negative size", file(`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, 0, 0, 0, 0), modelio.ErrSize},
		{"a shape that overflows", file(`{"a":{"dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,4]}}`, 0, 0, 0, 0), modelio.ErrSize},
		{"fractional shape", file(`{"a":{"dtype":"F32","shape":[0.5],"data_offsets":[0,4]}}`, 0, 0, 0, 0), modelio.ErrFormat},
		{"offsets backwards", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, 0, 0, 0, 0), modelio.ErrFormat},
		{"offsets of 2^62", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4611686018427387904]}}`, 0, 0, 0, 0), modelio.ErrSize},
		{"overlap", file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, make([]byte, 8)...), modelio.ErrFormat},
		{"gap", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}`, make([]byte, 12)...), modelio.ErrFormat},
		{"later layout", file(`{"__metadata__":{"filterscope":"2"}}`), modelio.ErrFormat},
		{"odd precision", file(`{"__metadata__":{"filterscope":"1","precision":"int8"}}`), modelio.ErrFormat},
		{"odd geometry", file(`{"__metadata__":{"filterscope":"1","geometry":"28x-28x1"}}`), modelio.ErrFormat},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := modelio.Read(bytes.NewReader(tt.b), int64(len(tt.b)))
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// TestTruncated cuts a file at every length.
func TestTruncated(t *testing.T) {
	for name, part := range map[string]struct {
		write func(*bytes.Buffer) error
		read  func(*bytes.Reader, int64) error
	}{
		"safetensors": {
			func(b *bytes.Buffer) error { return modelio.Write(b, example("float64")) },
			func(r *bytes.Reader, n int64) error { _, err := modelio.Read(r, n); return err },
		},
		"npz": {
			func(b *bytes.Buffer) error { return modelio.WriteNPZ(b, example("float64")) },
			func(r *bytes.Reader, n int64) error { _, err := modelio.ReadNPZ(r, n); return err },
		},
	} {
		var b bytes.Buffer
		if err := part.write(&b); err != nil {
			t.Fatal(err)
		}
		for n := range b.Len() {
			if err := part.read(bytes.NewReader(b.Bytes()[:n]), int64(n)); err == nil {
				t.Fatalf("%s: the first %d of %d bytes are read without an error", name, n, b.Len())
			}
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	tests := map[string]func(*modelio.Model){
		"precision":          func(m *modelio.Model) { m.Precision = "double" },
		"short parameters":   func(m *modelio.Model) { m.Theta = m.Theta[1:] },
		"same name twice":    func(m *modelio.Model) { m.Layout[2].Name = m.Layout[0].Name },
		"name of metadata":   func(m *modelio.Model) { m.Layout[0].Name = "__metadata__" },
		"preprocessing name": func(m *modelio.Model) { m.Layout[0].Name = "preprocess.0.mean" },
		"stranger":           func(m *modelio.Model) { m.Preprocess[0].Name = "mean" },
		"short values":       func(m *modelio.Model) { m.Preprocess[1].Values = []float64{1} },
		"reserved metadata":  func(m *modelio.Model) { m.Metadata["recipe"] = "" },
		"not UTF-8":          func(m *modelio.Model) { m.Recipe = []byte{0xff} },
		"beyond float32":     func(m *modelio.Model) { m.Precision, m.Theta[3] = "float32", 1e39 },
	}
	for name, spoil := range tests {
		m := example("float64")
		spoil(m)
		if err := modelio.Write(&bytes.Buffer{}, m); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte("not a model, but long enough"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "none"), dir, text} {
		for _, load := range []func(string) (*modelio.Model, error){modelio.Load, modelio.LoadNPZ} {
			if _, err := load(path); err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("load %s: %v", path, err)
			}
		}
	}
}

// FuzzReadSafetensors checks that no input panics or makes the reader allocate
// more than the file holds, and that what is read can be written and read again.
func FuzzReadSafetensors(f *testing.F) {
	var b bytes.Buffer
	if err := modelio.Write(&b, example("float32")); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(file(`{"a":{"dtype":"F16","shape":[0],"data_offsets":[0,0]}}`))
	f.Add(file(`{"a":{"dtype":"F32","shape":[1,1,1],"data_offsets":[0,4]}}`, 1, 2, 3, 4))
	f.Add(file(`{}`))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0x10})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := modelio.Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		if len(m.Theta) > len(b) {
			t.Fatalf("%d parameters from %d bytes", len(m.Theta), len(b))
		}
		var out bytes.Buffer
		if err := modelio.Write(&out, m); err != nil {
			return // a file of another program may hold what this one does not write
		}
		again, err := modelio.Read(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if len(again.Theta) != len(m.Theta) || len(again.Layout) != len(m.Layout) {
			t.Fatalf("%d parameters in %d tensors became %d in %d", len(m.Theta), len(m.Layout), len(again.Theta), len(again.Layout))
		}
	})
}
