package npy_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"filterscope/engine/dataset/internal/memtest"
	"filterscope/engine/dataset/npy"

	"github.com/google/go-cmp/cmp"
)

// file returns a .npy file with the given header text and payload.
func file(header string, payload ...byte) []byte {
	return append([]byte("\x93NUMPY\x01\x00"+string([]byte{byte(len(header)), byte(len(header) >> 8)})+header), payload...)
}

func describe(dtype, order, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n", dtype, order, shape)
}

func TestReadTypes(t *testing.T) {
	tests := []struct {
		dtype   string
		payload []byte
		want    []float64
	}{
		{"<f2", []byte{0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b}, []float64{1, -2, 5.960464477539063e-08, 65504}},
		{">f2", []byte{0x3c, 0x00, 0xfc, 0x00}, []float64{1, math.Inf(-1)}},
		{"<f4", []byte{0, 0, 0x80, 0x3f}, []float64{1}},
		{">f4", []byte{0x3f, 0x80, 0, 0}, []float64{1}},
		{"<f8", []byte{0, 0, 0, 0, 0, 0, 0, 0xc0}, []float64{-2}},
		{">f8", []byte{0xc0, 0, 0, 0, 0, 0, 0, 0}, []float64{-2}},
		{"|u1", []byte{0, 255}, []float64{0, 255}},
		{"|b1", []byte{0, 1}, []float64{0, 1}},
		{"|i1", []byte{255, 127}, []float64{-1, 127}},
		{"<u2", []byte{1, 2}, []float64{513}},
		{">u2", []byte{1, 2}, []float64{258}},
		{"<i2", []byte{0xfe, 0xff}, []float64{-2}},
		{"<u4", []byte{0, 0, 0, 0x80}, []float64{1 << 31}},
		{">i4", []byte{0xff, 0xff, 0xff, 0xfd}, []float64{-3}},
		{"<u8", []byte{0, 0, 0, 0, 1, 0, 0, 0}, []float64{1 << 32}},
		{"<i8", []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, []float64{-1}},
	}
	for _, test := range tests {
		t.Run(test.dtype, func(t *testing.T) {
			b := file(describe(test.dtype, "False", fmt.Sprintf("(%d,)", len(test.want))), test.payload...)
			for _, singles := range []bool{false, true} {
				a, err := npy.ReadWith(bytes.NewReader(b), npy.Options{Singles: singles})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, a.Float64s()); diff != "" {
					t.Errorf("singles %v (-want +got)\n%s", singles, diff)
				}
				wantSingles := singles && strings.HasSuffix(test.dtype, "f4") || singles && strings.HasSuffix(test.dtype, "f2")
				if (a.Singles != nil) != wantSingles {
					t.Errorf("singles %v: stored in Singles: %v", singles, a.Singles != nil)
				}
			}
		})
	}
}

func TestReadShapes(t *testing.T) {
	count := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(i)
		}
		return b
	}
	tests := []struct {
		name, order, shape string
		payload            []byte
		wantShape          []int
		want               []byte
	}{
		{"one number", "False", "()", []byte{7}, []int{}, []byte{7}},
		{"row", "True", "(3,)", count(3), []int{3}, count(3)},
		{"C order", "False", "(2, 3)", count(6), []int{2, 3}, count(6)},
		{"Fortran order", "True", "(2, 3)", count(6), []int{2, 3}, []byte{0, 2, 4, 1, 3, 5}},
		// np.arange(8).reshape(2,2,2,order="F").ravel()
		{"Fortran order, 3-D", "True", "(2, 2, 2)", count(8), []int{2, 2, 2}, []byte{0, 4, 2, 6, 1, 5, 3, 7}},
		{"4-D", "False", "(1, 2, 1, 2)", count(4), []int{1, 2, 1, 2}, count(4)},
		{"Python 2", "False", "(2L, 1L)", count(2), []int{2, 1}, count(2)},
		{"nothing", "False", "(0, 3)", nil, []int{0, 3}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := npy.Read(bytes.NewReader(file(describe("|u1", test.order, test.shape), test.payload...)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&npy.Array{Shape: test.wantShape, DType: "|u1", Bytes: test.want}, a); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadFaults(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		kind error
		says string
	}{
		{"empty", nil, npy.ErrSize, "byte 0"},
		{"text", []byte("1,2,3\n4,5,6\n"), npy.ErrFormat, "byte 0: it starts with"},
		{"version", []byte("\x93NUMPY\x09\x00\x00\x00"), npy.ErrFormat, "version 9"},
		{"header length", []byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"), npy.ErrFormat, "a header of 4294967295 bytes"},
		{"header cut", file(describe("<f8", "False", "(3,)"))[:30], npy.ErrSize, "byte 30"},
		{"objects", file(describe("|O", "False", "(3,)")), npy.ErrFormat, "Python objects"},
		{"complex", file(describe("<c16", "False", "(3,)")), npy.ErrFormat, "complex"},
		{"text elements", file(describe("<U3", "False", "(3,)")), npy.ErrFormat, "text"},
		{"records", file("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }"), npy.ErrFormat, "records"},
		{"rank 5", file(describe("<f8", "False", "(1,1,1,1,1)")), npy.ErrFormat, "more than 4 dimensions"},
		{"negative", file(describe("<f8", "False", "(-1,)")), npy.ErrFormat, "a size in the shape"},
		{"no shape", file("{'descr': '<f8', 'fortran_order': False}"), npy.ErrFormat, `"shape" is missing`},
		{"not a dictionary", file("hello"), npy.ErrFormat, "byte 10"},
		{"open end", file("{'descr': '<f8"), npy.ErrFormat, "no end"},
		{"too large", file(describe("<f8", "False", "(1000000, 1000000)")), npy.ErrTooLarge, "1000000×1000000 <f8"},
		{"overflow", file(describe("<f8", "False", "(4294967296, 4294967296, 4294967296)")), npy.ErrTooLarge, "limit"},
		{"zero hides overflow", file(describe("<f8", "False", "(0, 4294967296, 4294967296)")), npy.ErrTooLarge, "limit"},
		{"cut", file(describe("<f4", "False", "(2,)"), 1, 2, 3), npy.ErrSize, "2 <f4, 8 bytes, but only 3 follow"},
		{"surplus", file(describe("|u1", "False", "(2,)"), 1, 2, 3), npy.ErrSize, "2 bytes, but 3 follow"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := npy.Read(bytes.NewReader(test.file))
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Read() = %v, want %v that says %q", err, test.kind, test.says)
			}
		})
	}
}

func TestReadAllocatesWhatArrives(t *testing.T) {
	b := file(describe("<f8", "False", "(20000, 20000)"), make([]byte, 100)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := npy.Read(bytes.NewReader(b)); !errors.Is(err, npy.ErrSize) {
		t.Errorf("Read() = %v, want ErrSize", err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("Read allocated %d bytes, want less than 2 MiB", used)
	}
}

func TestWriteRead(t *testing.T) {
	tests := []*npy.Array{
		npy.New([]float64{1, -2.5, math.Pi, math.Inf(1)}, 2, 2),
		npy.New([]float64{4}),
		{Shape: []int{3}, DType: "<f4", Data: []float64{1, 0.5, -3}},
		{Shape: []int{1, 2}, DType: "<i8", Data: []float64{-1, 1 << 40}},
		{Shape: []int{2, 1, 2}, DType: "|u1", Bytes: []byte{0, 1, 2, 255}},
		{Shape: []int{0, 2}, DType: "<f8"},
	}
	for _, want := range tests {
		t.Run(want.String(), func(t *testing.T) {
			var b bytes.Buffer
			if err := npy.Write(&b, want); err != nil {
				t.Fatal(err)
			}
			if start := b.Len() - want.Len()*map[string]int{"<f8": 8, "<f4": 4, "<i8": 8, "|u1": 1}[want.DType]; start%64 != 0 {
				t.Errorf("elements start at byte %d, want a multiple of 64", start)
			}
			got, err := npy.Read(&b)
			if err != nil {
				t.Fatal(err)
			}
			if len(want.Shape) == 0 {
				want.Shape = []int{}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestWriteFaults(t *testing.T) {
	tests := []struct {
		name string
		in   npy.Array
		says string
	}{
		{"type", npy.Array{Shape: []int{1}, DType: "<f2", Data: []float64{1}}, `"<f2" cannot be written`},
		{"count", npy.Array{Shape: []int{2}, DType: "<f8", Data: []float64{1}}, "1 values"},
		{"fraction", npy.Array{Shape: []int{2}, DType: "<i8", Data: []float64{1, 0.5}}, "value 1 is 0.5"},
		{"range", npy.Array{Shape: []int{1}, DType: "|u1", Data: []float64{256}}, "value 0 is 256"},
		{"NaN", npy.Array{Shape: []int{1}, DType: "|u1", Data: []float64{math.NaN()}}, "value 0 is NaN"},
		{"overflow", npy.Array{Shape: []int{1}, DType: "<f4", Data: []float64{1e300}}, "value 0 is 1e+300"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := npy.Write(&bytes.Buffer{}, &test.in); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Write() = %v, want an error that says %q", err, test.says)
			}
		})
	}
}

func FuzzReadNPY(f *testing.F) {
	f.Add(file(describe("<f8", "False", "(1, 1)"), make([]byte, 8)...))
	f.Add(file(describe(">f2", "True", "(2, 3)"), make([]byte, 12)...))
	f.Add([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, singles := range []bool{false, true} {
			var a *npy.Array
			var err error
			memtest.Bounded(t, len(b), func() { a, err = npy.ReadWith(bytes.NewReader(b), npy.Options{Singles: singles}) })
			if err != nil {
				continue
			}
			if have := len(a.Bytes) + len(a.Singles) + len(a.Data); have != a.Len() {
				t.Errorf("%d values for %s", have, a)
			}
		}
	})
}
