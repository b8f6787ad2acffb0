package idx_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"filterscope/engine/dataset/idx"
	"filterscope/engine/dataset/internal/memtest"

	"github.com/google/go-cmp/cmp"
)

// file returns an IDX file of the given header sizes and payload.
func file(kind idx.Type, payload []byte, shape ...uint32) []byte {
	b := []byte{0, 0, byte(kind), byte(len(shape))}
	for _, s := range shape {
		b = append(b, byte(s>>24), byte(s>>16), byte(s>>8), byte(s))
	}
	return append(b, payload...)
}

func zipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRead(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		opt  idx.Options
		want idx.Array
	}{
		{
			"labels", file(idx.Uint8, []byte{7, 2, 1}, 3),
			idx.Options{},
			idx.Array{Header: idx.Header{Type: idx.Uint8, Shape: []int{3}}, Bytes: []uint8{7, 2, 1}},
		},
		{
			"images", file(idx.Uint8, []byte{1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2),
			idx.Options{},
			idx.Array{Header: idx.Header{Type: idx.Uint8, Shape: []int{2, 2, 2}}, Bytes: []uint8{1, 2, 3, 4, 5, 6, 7, 8}},
		},
		{
			"first image only", file(idx.Uint8, []byte{1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2),
			idx.Options{Rows: 1},
			idx.Array{Header: idx.Header{Type: idx.Uint8, Shape: []int{1, 2, 2}}, Bytes: []uint8{1, 2, 3, 4}},
		},
		{
			"int8", file(idx.Int8, []byte{0xff, 3}, 2, 1),
			idx.Options{},
			idx.Array{Header: idx.Header{Type: idx.Int8, Shape: []int{2, 1}}, Singles: []float32{-1, 3}},
		},
		{
			"int16", file(idx.Int16, []byte{0xff, 0xfe, 1, 0}, 2),
			idx.Options{},
			idx.Array{Header: idx.Header{Type: idx.Int16, Shape: []int{2}}, Singles: []float32{-2, 256}},
		},
		{
			"int32", file(idx.Int32, []byte{0xff, 0xff, 0xff, 0xfd}, 1),
			idx.Options{},
			idx.Array{Header: idx.Header{Type: idx.Int32, Shape: []int{1}}, Doubles: []float64{-3}},
		},
		{
			"float32", file(idx.Float32, []byte{0x3f, 0x80, 0, 0}, 1),
			idx.Options{},
			idx.Array{Header: idx.Header{Type: idx.Float32, Shape: []int{1}}, Singles: []float32{1}},
		},
		{
			"float64", file(idx.Float64, []byte{0xc0, 0, 0, 0, 0, 0, 0, 0}, 1),
			idx.Options{},
			idx.Array{Header: idx.Header{Type: idx.Float64, Shape: []int{1}}, Doubles: []float64{-2}},
		},
		{
			"no examples", file(idx.Uint8, nil, 0, 28, 28),
			idx.Options{},
			idx.Array{Header: idx.Header{Type: idx.Uint8, Shape: []int{0, 28, 28}}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for form, b := range map[string][]byte{"plain": test.file, "gzip": zipped(t, test.file)} {
				for _, size := range []int64{0, int64(len(b))} {
					test.opt.Size = size
					got, err := idx.Read(bytes.NewReader(b), test.opt)
					if err != nil {
						t.Fatalf("%s: %v", form, err)
					}
					if diff := cmp.Diff(&test.want, got); diff != "" {
						t.Errorf("%s, size %d: (-want +got)\n%s", form, size, diff)
					}
				}
			}
		})
	}
}

func TestReadFaults(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		opt  idx.Options
		kind error
		says string
	}{
		{"empty", nil, idx.Options{}, idx.ErrSize, "byte 0: the file ends inside the 4 magic bytes"},
		{"PNG", []byte("\x89PNG\r\n\x1a\n0000"), idx.Options{}, idx.ErrFormat, "starts with 89 50 4e 47"},
		{"unknown type", []byte{0, 0, 0x0a, 1, 0, 0, 0, 0}, idx.Options{}, idx.ErrFormat, "byte 0"},
		{"rank 4", file(idx.Uint8, nil, 1, 1, 1, 1), idx.Options{}, idx.ErrFormat, "byte 3: 4 dimensions"},
		{"header cut", file(idx.Uint8, nil, 1, 1, 1)[:9], idx.Options{}, idx.ErrSize, "byte 9: the file ends inside its header of 16 bytes"},
		{
			"payload cut", file(idx.Uint8, make([]byte, 5), 2, 2, 2),
			idx.Options{},
			idx.ErrSize,
			"byte 16: the header promises 2×2×2 uint8, 8 bytes, but only 5 follow",
		},
		{"cut behind the rows kept", file(idx.Uint8, make([]byte, 5), 2, 2, 2), idx.Options{Rows: 1}, idx.ErrSize, "8 bytes, but only 5 follow"},
		{"surplus", file(idx.Uint8, make([]byte, 9), 2, 2, 2), idx.Options{}, idx.ErrSize, "8 bytes, but 9 follow"},
		{"product overflows", file(idx.Float64, nil, 1<<30, 1<<30, 1<<30), idx.Options{}, idx.ErrTooLarge, "more than the limit"},
		{"size is negative", file(idx.Uint8, nil, 1<<31, 1), idx.Options{}, idx.ErrTooLarge, "byte 4: dimension 0"},
		{"over the limit", file(idx.Uint8, make([]byte, 8), 8), idx.Options{Limit: 7}, idx.ErrTooLarge, "limit of 7 bytes"},
		{"gzip header cut", []byte{0x1f, 0x8b, 8}, idx.Options{}, idx.ErrFormat, "gzip"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := [][]byte{test.file}
			if !bytes.HasPrefix(test.file, []byte{0x1f, 0x8b}) {
				files = append(files, zipped(t, test.file))
			}
			for _, b := range files {
				_, err := idx.Read(bytes.NewReader(b), test.opt)
				if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
					t.Errorf("Read() = %v, want %v that says %q", err, test.kind, test.says)
				}
				test.opt.Size = int64(len(b))
				if _, err := idx.Read(bytes.NewReader(b), test.opt); !errors.Is(err, test.kind) {
					t.Errorf("Read() of a file of known size = %v, want %v", err, test.kind)
				}
			}
		})
	}
}

// A gzip stream cut in the middle must be told from one that ends early.
func TestReadCutGzip(t *testing.T) {
	whole := zipped(t, file(idx.Uint8, bytes.Repeat([]byte{1, 9, 4, 200, 3}, 4000), 20000))
	if _, err := idx.Read(bytes.NewReader(whole[:len(whole)/2]), idx.Options{}); !errors.Is(err, idx.ErrSize) {
		t.Errorf("Read() = %v, want ErrSize", err)
	}
	broken := bytes.Clone(whole)
	broken[len(broken)-6] ^= 1 // the checksum
	if _, err := idx.Read(bytes.NewReader(broken), idx.Options{}); !errors.Is(err, gzip.ErrChecksum) {
		t.Errorf("Read() = %v, want gzip.ErrChecksum", err)
	}
}

// A short file whose header promises 2 GiB, and a bomb that holds far more
// than its header says, must cost little memory.
func TestReadAllocatesWhatArrives(t *testing.T) {
	bomb := zipped(t, append(file(idx.Uint8, nil, 10), make([]byte, 64<<20)...))
	for name, b := range map[string][]byte{
		"promise": file(idx.Uint8, make([]byte, 1000), 1<<21, 1<<10),
		"bomb":    bomb,
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := idx.Read(bytes.NewReader(b), idx.Options{})
			runtime.ReadMemStats(&after)
			if !errors.Is(err, idx.ErrSize) {
				t.Errorf("Read() = %v, want ErrSize", err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
				t.Errorf("Read allocated %d bytes, want less than 2 MiB", used)
			}
		})
	}
}

func TestInts(t *testing.T) {
	a := idx.Array{Doubles: []float64{3, -1}}
	if got, err := a.Ints(); err != nil || !cmp.Equal(got, []int{3, -1}) {
		t.Errorf("Ints() = %v, %v", got, err)
	}
	for _, v := range []float64{0.5, 1e300} {
		a := idx.Array{Doubles: []float64{1, v}}
		if _, err := a.Ints(); err == nil || !strings.Contains(err.Error(), "element 1") {
			t.Errorf("Ints() of %g = %v, want an error for element 1", v, err)
		}
	}
}

// The numbers are those of shared/data/README.md.
func TestReadMNIST(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no real MNIST to read")
	}
	open := func(name string) *idx.Array {
		f, err := os.Open(filepath.Join(shared, "data", "mnist", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		a, err := idx.Read(f, idx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	images, labels := open("t10k-images-idx3-ubyte.gz"), open("t10k-labels-idx1-ubyte.gz")
	if images.String() != "10000×28×28 uint8" {
		t.Errorf("images are %s", images)
	}
	counts := make([]int, 10)
	for _, l := range labels.Bytes {
		counts[l]++
	}
	if diff := cmp.Diff([]int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, counts); diff != "" {
		t.Errorf("counts (-want +got)\n%s", diff)
	}
}

func FuzzReadIDX(f *testing.F) {
	f.Add(file(idx.Uint8, []byte{1, 2, 3, 4}, 1, 2, 2))
	f.Add(zipped(f, file(idx.Int16, []byte{1, 2, 3, 4}, 2)))
	f.Add(file(idx.Float64, nil, 1<<30, 1<<30, 1<<30))
	f.Fuzz(func(t *testing.T, b []byte) {
		var a *idx.Array
		var err error
		memtest.Bounded(t, len(b), func() { a, err = idx.Read(bytes.NewReader(b), idx.Options{Size: int64(len(b) * (len(b) & 1))}) })
		if err != nil {
			return
		}
		if have := len(a.Bytes) + len(a.Singles) + len(a.Doubles); have != a.Elements() {
			t.Errorf("%d elements for %s", have, a)
		}
	})
}
