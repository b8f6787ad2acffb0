package idx_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"filterscope/engine/dataset/idx"
)

// The 60,000 training images of MNIST, compressed.
func BenchmarkReadMNIST(b *testing.B) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		b.Skip("FILTERSCOPE_SHARED is not set: no real MNIST to read")
	}
	file, err := os.ReadFile(filepath.Join(shared, "data", "mnist", "train-images-idx3-ubyte.gz"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(60000 * 784)
	for b.Loop() {
		if _, err := idx.Read(bytes.NewReader(file), idx.Options{Size: int64(len(file))}); err != nil {
			b.Fatal(err)
		}
	}
}
