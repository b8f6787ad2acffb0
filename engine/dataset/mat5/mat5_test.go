package mat5_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"filterscope/engine/dataset/internal/memtest"
	"filterscope/engine/dataset/mat5"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// builder writes MAT-files, right and wrong ones.
type builder struct{ order binary.AppendByteOrder }

func (b builder) header() []byte {
	h := append([]byte("MATLAB 5.0 MAT-file"), bytes.Repeat([]byte(" "), 97)...)
	h = append(h, make([]byte, 8)...)
	h = b.order.AppendUint16(h, 0x0100)
	return b.order.AppendUint16(h, 'M'<<8|'I')
}

func (b builder) element(kind uint32, data []byte) []byte {
	out := b.order.AppendUint32(nil, kind)
	out = b.order.AppendUint32(out, uint32(len(data)))
	out = append(out, data...)
	return append(out, make([]byte, -len(data)&7)...)
}

func (b builder) words(values ...int) []byte {
	var out []byte
	for _, v := range values {
		out = b.order.AppendUint32(out, uint32(v))
	}
	return out
}

// variable returns an array; values is the element that holds them.
func (b builder) variable(name string, flags int, shape []int, values []byte) []byte {
	body := b.element(6, b.words(flags, 0))
	body = append(body, b.element(5, b.words(shape...))...)
	body = append(body, b.element(1, []byte(name))...)
	return b.element(14, append(body, values...))
}

// zipped returns a compressed variable, of which the last padding is no part.
func (b builder) zipped(variable []byte) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write(variable) // a buffer takes everything
	_ = w.Close()
	return append(b.words(15, z.Len()), z.Bytes()...)
}

func (b builder) doubles(values ...float64) []byte {
	var out []byte
	for _, v := range values {
		out = b.order.AppendUint64(out, math.Float64bits(v))
	}
	return b.element(9, out)
}

var (
	little = builder{binary.LittleEndian}
	big    = builder{binary.BigEndian}
)

func TestReadFromOctave(t *testing.T) {
	x := make([]float64, 24)
	for i := range x {
		x[i] = float64(i + 1)
	}
	want := []*mat5.Array{
		{Variable: mat5.Variable{Name: "x", Class: mat5.Double, Shape: []int{2, 3, 4}}, Doubles: x},
		{Variable: mat5.Variable{Name: "s", Class: mat5.Single, Shape: []int{2, 2}}, Singles: []float32{1.5, 3, -2, 4}},
		{Variable: mat5.Variable{Name: "u", Class: mat5.Uint8, Shape: []int{2, 2}}, Bytes: []byte{1, 3, 2, 255}},
		{Variable: mat5.Variable{Name: "l", Class: mat5.Uint8, Shape: []int{1, 3}, Logical: true}, Bytes: []byte{1, 0, 1}},
		{Variable: mat5.Variable{Name: "i16", Class: mat5.Int16, Shape: []int{1, 2}}, Singles: []float32{-5, 300}},
		{Variable: mat5.Variable{Name: "e", Class: mat5.Double, Shape: []int{0, 3}}},
		{Variable: mat5.Variable{Name: "one", Class: mat5.Double, Shape: []int{1, 1}}, Doubles: []float64{7}},
		{Variable: mat5.Variable{Name: "f", Class: mat5.Double, Shape: []int{2, 2}}, Doubles: []float64{0.1, 0.3, 0.2, 0.4}},
		{Variable: mat5.Variable{Name: "i64", Class: mat5.Int64, Shape: []int{1, 2}}, Doubles: []float64{-1, 1 << 40}},
	}
	problems := map[string]string{
		"z": "it is complex; save real(z) or abs(z)", "t": "it is text; save numbers", "sp": "it is sparse; save full(sp)",
		"c": "it is a cell; save the array in it under a name of its own", "r": "it is a struct; save the array in it under a name of its own",
	}
	for _, name := range []string{"octave6.mat", "octave7.mat"} {
		t.Run(name, func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := mat5.ReadAll(bytes.NewReader(file), mat5.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			list, err := mat5.List(bytes.NewReader(file))
			if err != nil || len(list) != 14 {
				t.Fatalf("List() = %v, %v", list, err)
			}
			for _, v := range list {
				if v.Problem != problems[v.Name] {
					t.Errorf("%s: problem %q, want %q", v.Name, v.Problem, problems[v.Name])
				}
				_, err := mat5.Read(bytes.NewReader(file), v.Name, mat5.Options{})
				if v.Problem != "" && (!errors.Is(err, mat5.ErrNotNumbers) || !strings.Contains(err.Error(), v.Problem)) || v.Problem == "" && err != nil {
					t.Errorf("Read(%s) = %v", v.Name, err)
				}
			}
		})
	}
}

func TestReadFromSciPy(t *testing.T) {
	file, err := os.ReadFile("testdata/scipy.mat")
	if err != nil {
		t.Fatal(err)
	}
	a, err := mat5.Read(bytes.NewReader(file), "patches", mat5.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, a.RowMajor()); diff != "" || a.String() != "3×4 double" {
		t.Errorf("%s (-want +got)\n%s", a, diff)
	}
	four, err := mat5.Read(bytes.NewReader(file), "four", mat5.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range four.RowMajor() {
		if v != float64(i) {
			t.Errorf("four: value %d of the rows is %g", i, v)
		}
	}
}

func TestReadTypes(t *testing.T) {
	const double = int(mat5.Double)
	for _, b := range []builder{little, big} {
		tests := []struct {
			name   string
			class  int
			values []byte
			want   mat5.Array
		}{
			{"double as double", double, b.doubles(1.5, -2), mat5.Array{Doubles: []float64{1.5, -2}}},
			{"double as int8", double, b.element(1, []byte{0xff, 2}), mat5.Array{Doubles: []float64{-1, 2}}},
			{"double as small uint8", double, append(b.order.AppendUint32(nil, 2<<16|2), 7, 8, 0, 0), mat5.Array{Doubles: []float64{7, 8}}},
			{"double as int16", double, b.element(3, b.order.AppendUint16(b.order.AppendUint16(nil, 0xfffe), 9)), mat5.Array{Doubles: []float64{-2, 9}}},
			{"double as uint16", double, b.element(4, b.order.AppendUint16(b.order.AppendUint16(nil, 0xfffe), 9)), mat5.Array{Doubles: []float64{65534, 9}}},
			{"int32", int(mat5.Int32), b.element(5, b.words(-3, 4)), mat5.Array{Doubles: []float64{-3, 4}}},
			{"uint32", int(mat5.Uint32), b.element(6, b.words(-1, 4)), mat5.Array{Doubles: []float64{1<<32 - 1, 4}}},
			{"int64", int(mat5.Int64), b.element(12, b.order.AppendUint64(b.order.AppendUint64(nil, math.MaxUint64), 3)), mat5.Array{Doubles: []float64{-1, 3}}},
			{"uint64", int(mat5.Uint64), b.element(13, b.order.AppendUint64(b.order.AppendUint64(nil, 1<<63), 3)), mat5.Array{Doubles: []float64{1 << 63, 3}}},
			{"single", int(mat5.Single), b.element(7, b.words(0x3f800000, 0x40000000)), mat5.Array{Singles: []float32{1, 2}}},
			{"int8", int(mat5.Int8), b.element(1, []byte{0x80, 1}), mat5.Array{Singles: []float32{-128, 1}}},
			{"uint8", int(mat5.Uint8), b.element(2, []byte{0x80, 1}), mat5.Array{Bytes: []byte{128, 1}}},
			{"uint16", int(mat5.Uint16), b.element(4, b.order.AppendUint16(b.order.AppendUint16(nil, 0xffff), 1)), mat5.Array{Singles: []float32{65535, 1}}},
		}
		for _, test := range tests {
			v := b.variable("a", test.class, []int{1, 2}, test.values)
			for form, body := range map[string][]byte{"plain": v, "zipped": b.zipped(v)} {
				t.Run(test.name+" "+form, func(t *testing.T) {
					// Another variable behind it must be passed over.
					file := append(append(b.header(), body...), b.variable("b", double, []int{1, 1}, b.doubles(3))...)
					got, err := mat5.Read(bytes.NewReader(file), "a", mat5.Options{})
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(&test.want, got, cmpopts.IgnoreFields(mat5.Array{}, "Variable")); diff != "" {
						t.Errorf("(-want +got)\n%s", diff)
					}
					if list, err := mat5.List(bytes.NewReader(file)); err != nil || len(list) != 2 || list[1].Name != "b" {
						t.Errorf("List() = %v, %v", list, err)
					}
				})
			}
		}
	}
}

func TestReadFaults(t *testing.T) {
	v4, err := os.ReadFile("testdata/octave4.mat")
	if err != nil {
		t.Fatal(err)
	}
	b := little
	file := func(parts ...[]byte) []byte { return append(b.header(), bytes.Join(parts, nil)...) }
	two := b.variable("a", 6, []int{1, 2}, b.doubles(1, 2))
	damaged := b.zipped(two)
	damaged[len(damaged)-1] ^= 1 // the checksum
	noisy := b.zipped(append(bytes.Clone(two), make([]byte, 1<<20)...))
	long := b.words(14, math.MaxUint32)
	newer := b.header()
	newer[125] = 2
	tests := []struct {
		name string
		file []byte
		opt  mat5.Options
		kind error
		says string
	}{
		{"empty", nil, mat5.Options{}, mat5.ErrSize, "byte 0: the file ends inside its header"},
		{"version 4", v4, mat5.Options{}, mat5.ErrVersion, "version 4, and version 5 can be read"},
		{"version 7.3", []byte("\x89HDF\r\n\x1a\n and so on"), mat5.Options{}, mat5.ErrVersion, "version 7.3 (HDF5)"},
		{"version 7.3 with MATLAB's text", append([]byte("MATLAB 7.3 MAT-file"), make([]byte, 600)...), mat5.Options{}, mat5.ErrVersion, "-v7"},
		{"version 7.3 by number", newer, mat5.Options{}, mat5.ErrVersion, "7.3"},
		{"text", bytes.Repeat([]byte("hello "), 30), mat5.Options{}, mat5.ErrFormat, "byte 126"},
		{"no such variable", file(), mat5.Options{}, mat5.ErrNoVariable, `"a"`},
		{"tag cut", file([]byte{14, 0, 0}), mat5.Options{}, mat5.ErrSize, "byte 131: the file ends inside the tag"},
		{"variable cut", file(two[:len(two)-4]), mat5.Options{}, mat5.ErrSize, `variable "a" is cut off`},
		{"header of a variable cut", file(two[:30]), mat5.Options{}, mat5.ErrSize, "byte 128: a variable is cut off"},
		{"zipped and cut", file(b.zipped(two)[:40]), mat5.Options{}, mat5.ErrSize, "cut off"},
		{"zipped and damaged", file(damaged), mat5.Options{}, mat5.ErrFormat, "damaged"},
		{"zipped with more behind it", file(noisy), mat5.Options{}, mat5.ErrSize, "more follows"},
		{"no zlib data", file(b.element(15, []byte("no zlib data"))), mat5.Options{}, mat5.ErrFormat, "damaged"},
		{"zipped bomb", file(b.zipped(long)), mat5.Options{}, mat5.ErrSize, "cannot hold the 4294967295"},
		{"claims 2^60 elements", file(b.variable("a", 6, []int{1 << 30, 1 << 30}, b.doubles(1))), mat5.Options{}, mat5.ErrTooLarge, "1073741824×1073741824 double, more than the limit"},
		{"claims more than it holds", file(b.variable("a", 6, []int{1 << 10, 1 << 10}, b.doubles(1))), mat5.Options{}, mat5.ErrSize, "promises 1024×1024 double and holds 8 bytes"},
		{"states more than there is", file(b.variable("a", 6, []int{1, 8192}, b.words(9, 65536))), mat5.Options{}, mat5.ErrSize, "promises 1×8192"},
		{"over the limit", file(two), mat5.Options{Limit: 15}, mat5.ErrTooLarge, "limit of 15"},
		{"negative size", file(b.variable("a", 6, []int{-1, 2}, b.doubles(1))), mat5.Options{}, mat5.ErrFormat, "size of -1"},
		{"five dimensions", file(b.variable("a", 6, []int{1, 1, 1, 1, 2}, b.doubles(1, 2))), mat5.Options{}, mat5.ErrNotNumbers, "5 dimensions"},
		{"a function", file(b.variable("a", 16, []int{1, 1}, nil)), mat5.Options{}, mat5.ErrNotNumbers, "function_handle"},
		{"text as numbers", file(b.variable("a", 6, []int{1, 2}, b.element(16, []byte("ab")))), mat5.Options{}, mat5.ErrFormat, "type 16"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := mat5.Read(bytes.NewReader(test.file), "a", test.opt)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Read() = %v, want %v that says %q", err, test.kind, test.says)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
				t.Errorf("Read allocated %d bytes, want less than 1 MiB", used)
			}
			if _, err := mat5.ReadAll(bytes.NewReader(test.file), test.opt); err != nil && !errors.Is(err, test.kind) {
				t.Errorf("ReadAll() = %v", err)
			}
		})
	}
}

// A variable that is passed over in a file that ends inside it is noticed,
// though it is passed over by seeking.
func TestListCutFile(t *testing.T) {
	b := little
	v := b.variable("a", 6, []int{1, 20000}, b.doubles(make([]float64, 20000)...))
	path := filepath.Join(t.TempDir(), "a.mat")
	if err := os.WriteFile(path, append(b.header(), v[:len(v)-8]...), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := mat5.List(f); !errors.Is(err, mat5.ErrSize) {
		t.Errorf("List() = %v, want ErrSize", err)
	}
}

// The sizes are those of shared/data/README.md; the sums are SciPy's.
func TestReadReal(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no real MAT-files to read")
	}
	tests := []struct {
		file, name, what string
		sum, squares     float64
	}{
		{"ufldl-octave/layer1.mat", "sae1OptTheta", "314584×1 double", -1608.367946536684, 18563.544717749046},
		{"ufldl-octave/STL10Features.mat", "optTheta", "154192×1 double", -1355.5272011972183, 6508.794675752304},
		{"ufldl-octave/STL10Features.mat", "ZCAWhite", "192×192 double", 78.08476285790566, 1744.2573704633037},
		{"ufldl-octave/STL10Features.mat", "meanPatch", "192×1 double", 84.03653662745779, 36.9442604530898},
		{"ucm2-201080.mat", "ucm2", "643×963 double", 7196.548089800218, 5518.217587129441},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := os.Open(filepath.Join(shared, "data", "reference", test.file))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			a, err := mat5.Read(f, test.name, mat5.Options{})
			if err != nil {
				t.Fatal(err)
			}
			sum, squares := 0.0, 0.0
			for _, v := range a.Doubles {
				sum += v
				squares += v * v
			}
			near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(b)) }
			if a.String() != test.what || !near(sum, test.sum) || !near(squares, test.squares) {
				t.Errorf("%s, sum %.17g, squares %.17g", a, sum, squares)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, b := range []builder{little, big} {
		v := b.variable("a", 6, []int{1, 2}, b.doubles(1, 2))
		f.Add(append(b.header(), v...))
		f.Add(append(b.header(), b.zipped(v)...))
		f.Add(append(b.header(), b.variable("a", 6, []int{1 << 30, 1 << 30}, b.doubles(1))...))
		f.Add(append(b.header(), b.variable("a", 9, []int{1, 2, 1}, b.element(2, []byte{1, 2}))...))
	}
	for _, name := range []string{"octave4.mat", "octave6.mat", "octave7.mat", "scipy.mat"} {
		file, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		// What a variable says once it is decompressed no mutation reaches, so
		// the bytes are taken for such a variable too.
		if _, err := mat5.ReadAll(bytes.NewReader(append(little.header(), little.zipped(b)...)), mat5.Options{}); err == nil && len(b) == 0 {
			t.Error("an empty variable was read")
		}
		var arrays []*mat5.Array
		var err error
		memtest.Bounded(t, len(b), func() { arrays, err = mat5.ReadAll(bytes.NewReader(b), mat5.Options{}) })
		if err != nil {
			return
		}
		for _, a := range arrays {
			if have := len(a.Bytes) + len(a.Singles) + len(a.Doubles); have != a.Len() {
				t.Errorf("%d values for %s", have, a)
			}
			a.RowMajor()
		}
	})
}
