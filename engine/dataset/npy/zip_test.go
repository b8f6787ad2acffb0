package npy_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"filterscope/engine/dataset/internal/memtest"
	"filterscope/engine/dataset/npy"

	"github.com/google/go-cmp/cmp"
)

func zipOf(t testing.TB, method uint16, entries map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range entries {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readZip(b []byte) ([]npy.Named, error) {
	return npy.ReadZip(bytes.NewReader(b), int64(len(b)))
}

func TestWriteZipReadZip(t *testing.T) {
	want := []npy.Named{
		{Name: "encoder.0.weight", Array: npy.New([]float64{1, 2, 3, 4, 5, 6}, 2, 3)},
		{Name: "a", Array: &npy.Array{Shape: []int{2}, DType: "|u1", Bytes: []byte{9, 8}}},
	}
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := npy.WriteZip(b, want); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two writings of the same arrays differ")
	}
	got, err := readZip(first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWriteZipNames(t *testing.T) {
	a := npy.New([]float64{1}, 1)
	for _, arrays := range [][]npy.Named{{{"", a}}, {{"a", a}, {"a", a}}} {
		if err := npy.WriteZip(&bytes.Buffer{}, arrays); err == nil {
			t.Errorf("WriteZip(%v) gave no error", arrays)
		}
	}
}

// testdata/numpy.npz was written by NumPy (numpy.savez); it is the
// fixture codes_pca of the project's design folder.
func TestReadZipFromNumPy(t *testing.T) {
	b, err := os.ReadFile("testdata/numpy.npz")
	if err != nil {
		t.Fatal(err)
	}
	arrays, err := readZip(b)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, n := range arrays {
		got[n.Name] = n.Array.String()
	}
	want := map[string]string{"codes": "300×7 <f8", "eigenvalues": "7 <f8"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadZipFaults(t *testing.T) {
	good := file(describe("<f8", "False", "(2,)"), make([]byte, 16)...)
	damaged := zipOf(t, zip.Store, map[string][]byte{"a.npy": good})
	damaged[bytes.Index(damaged, []byte("NUMPY"))+90] ^= 1
	// The directory of a lying zip states 2 GiB for a few bytes.
	lying := zipOf(t, zip.Deflate, map[string][]byte{"a.npy": good})
	directory := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	copy(lying[directory+24:], []byte{0, 0, 0, 0x80})
	tests := []struct {
		name string
		file []byte
		kind error
		says string
	}{
		{"not a zip", []byte("hello"), npy.ErrFormat, "zip"},
		{"cut", zipOf(t, zip.Store, map[string][]byte{"a.npy": good})[:60], npy.ErrFormat, "zip"},
		{"not an array", zipOf(t, zip.Store, map[string][]byte{"a.npy": []byte("1,2\n3,4\n")}), npy.ErrFormat, `array "a": `},
		{"cut array", zipOf(t, zip.Store, map[string][]byte{"a.npy": good[:len(good)-1]}), npy.ErrSize, "16 bytes, but 15 follow"},
		{"bomb in an array", zipOf(t, zip.Deflate, map[string][]byte{"a.npy": append(bytes.Clone(good), make([]byte, 1<<20)...)}), npy.ErrSize, "16 bytes, but 1048592 follow"},
		{"checksum", damaged, npy.ErrFormat, "checksum"},
		{"lying directory", lying, npy.ErrSize, "cannot hold"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := readZip(test.file); !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("ReadZip() = %v, want %v that says %q", err, test.kind, test.says)
			}
		})
	}
}

// The limit holds for all arrays of a file together.
func TestReadZipLimit(t *testing.T) {
	good := file(describe("<f8", "False", "(2,)"), make([]byte, 16)...)
	b := zipOf(t, zip.Store, map[string][]byte{"a.npy": good, "b.npy": good, "readme.txt": []byte("left out")})
	for limit, want := range map[int64]error{31: npy.ErrTooLarge, 32: nil} {
		if _, err := npy.ReadZipWith(bytes.NewReader(b), int64(len(b)), npy.Options{Limit: limit}); !errors.Is(err, want) {
			t.Errorf("limit %d: %v, want %v", limit, err, want)
		}
	}
}

func FuzzReadZip(f *testing.F) {
	f.Add(zipOf(f, zip.Deflate, map[string][]byte{"a.npy": file(describe("<f4", "True", "(1, 2)"), make([]byte, 8)...)}))
	f.Add(zipOf(f, zip.Store, map[string][]byte{"a.npy": file(describe("|b1", "False", "(2,)"), 0, 1), "b": nil}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var arrays []npy.Named
		var err error
		memtest.Bounded(t, len(b), func() { arrays, err = npy.ReadZip(bytes.NewReader(b), int64(len(b))) })
		if err != nil {
			return
		}
		for _, n := range arrays {
			if have := len(n.Array.Bytes) + len(n.Array.Data); have != n.Array.Len() {
				t.Errorf("%s: %d values for %s", n.Name, have, n.Array)
			}
		}
	})
}
