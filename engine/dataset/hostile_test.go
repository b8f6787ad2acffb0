package dataset_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/internal/memtest"
)

// zeros reads n bytes of 0.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// gzipOf returns head and n zeros behind it, compressed.
func gzipOf(t testing.TB, head string, n int64) string {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, io.MultiReader(strings.NewReader(head), zeros(n))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Files that promise or hide far more than they have are refused with one
// sentence and with next to no memory.
func TestLoadRefusesBombs(t *testing.T) {
	img := []byte(pngOf(t, 1, 1, 0))
	binary.BigEndian.PutUint32(img[16:], 30000)
	binary.BigEndian.PutUint32(img[20:], 30000)
	binary.BigEndian.PutUint32(img[29:], crc32.ChecksumIEEE(img[12:29]))
	smaller := bytes.Clone(img)
	binary.BigEndian.PutUint32(smaller[16:], 9000)
	binary.BigEndian.PutUint32(smaller[20:], 9000)
	binary.BigEndian.PutUint32(smaller[29:], crc32.ChecksumIEEE(smaller[12:29]))

	const bytesOfZeros = 65 << 20
	header := fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 1), }", bytesOfZeros)
	array := "\x93NUMPY\x01\x00" + string([]byte{byte(len(header)), 0}) + header
	var npz bytes.Buffer
	z := zip.NewWriter(&npz)
	w, err := z.Create("x.npy")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, io.MultiReader(strings.NewReader(array), zeros(bytesOfZeros))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	mat := []byte(matOf(matArray{name: "x", shape: []uint32{1 << 30, 1 << 30}, double: []float64{1}}))
	images := "\x00\x00\x08\x03\x00\x42\x00\x00\x00\x00\x00\x04\x00\x00\x00\x04" // 4,325,376 of 4×4
	tests := []struct {
		name, file, says string
	}{
		{"PNG of 30,000×30,000", string(img), "its header states 30000×30000 pixels, more than the limit of 100000000: it would take about 0.8 GiB to decode"},
		{"PNG of 9,000×9,000", string(smaller), "cannot hold them"},
		{"npz", npz.String(), "look like a zip bomb"},
		{"IDX", gzipOf(t, images, 4325376*16), "it looks like a gzip bomb"},
		{"IDX that goes on", gzipOf(t, idxOf("", 10, 1, 1), 5<<20), "10 bytes, but more than"},
		{"IDX that promises", gzipOf(t, "\x00\x00\x08\x03\x7f\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01", 100), "cannot hold them"},
		{"MAT-file", string(mat), "1073741824×1073741824 double, more than the limit"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(folder(t, map[string]string{"file": test.file}), "file")
			memtest.Bounded(t, 0, func() {
				_, _, err := dataset.Load(t.Context(), dataset.LoadOptions{Path: path})
				if err == nil || !strings.Contains(err.Error(), test.says) || strings.ContainsAny(err.Error(), "\n\r") {
					t.Errorf("Load() = %v, want one sentence that says %q", err, test.says)
				}
			})
		})
	}
}
