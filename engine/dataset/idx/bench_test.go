package idx_test

import (
	"os"
	"path/filepath"
	"testing"

	"filterscope/engine/dataset/idx"
)

// The 60,000 training images of MNIST, compressed. The group data of bench/compare
// compares the loading of it with NumPy.
func BenchmarkReadMNIST(b *testing.B) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		b.Skip("FILTERSCOPE_SHARED is not set: no real MNIST to read")
	}
	path := filepath.Join(shared, "data", "mnist", "train-images-idx3-ubyte.gz")
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(60000 * 784)
	for b.Loop() {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := idx.Read(f, idx.Options{Size: info.Size()}); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
