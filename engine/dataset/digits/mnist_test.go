package digits_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"filterscope/engine/dataset/digits"
)

// TestNearestNeighbour classifies the first 1,000 real MNIST test images by
// their nearest synthetic digit: the drawings must be good enough to read
// handwriting with. 5,000 real training images would get about 94 %.
func TestNearestNeighbour(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("TestNearestNeighbour needs MNIST: set FILTERSCOPE_SHARED to the folder shared/")
	}
	const count = 1000
	folder := filepath.Join(shared, "data", "mnist")
	// An IDX file of images has a header of 16 bytes, one of labels 8.
	images := readGzip(t, filepath.Join(folder, "t10k-images-idx3-ubyte.gz"))[16:]
	truth := readGzip(t, filepath.Join(folder, "t10k-labels-idx1-ubyte.gz"))[8:]

	d := digits.New(5000, 1)
	var right int
	var confusion [10][10]int
	for i := range count {
		label := d.Labels[nearest(d.Bytes, images[i*d.D:(i+1)*d.D])]
		confusion[truth[i]][label]++
		if label == int(truth[i]) {
			right++
		}
	}
	for digit, row := range confusion {
		t.Logf("%d taken for 0 to 9: %3d", digit, row)
	}
	share := float64(right) / count
	t.Logf("1-nearest neighbour from %d synthetic digits on %d MNIST test images: %.1f %%", d.N, count, 100*share)
	if share < 0.80 {
		t.Errorf("nearest neighbours read %.1f %% of MNIST, want at least 80 %%", 100*share)
	}
}

// nearest returns the row of rows with the least squared distance to x.
func nearest(rows, x []uint8) int {
	best, at := 1<<62, 0
	for j := range len(rows) / len(x) {
		row := rows[j*len(x) : (j+1)*len(x)]
		sum := 0
		for first := 0; first < len(x) && sum < best; first += digits.Size {
			for k := first; k < first+digits.Size; k++ {
				diff := int(x[k]) - int(row[k])
				sum += diff * diff
			}
		}
		if sum < best {
			best, at = sum, j
		}
	}
	return at
}

func readGzip(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	return data
}
