package autoencoder

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"filterscope/engine/linalg"
)

// TestReference evaluates the networks that the R package autoencoder 1.1
// trained on 5,000 patches, at their own λ = 2e-4, β = 6, ρ = 0.01. The
// expected values were computed by an independent forward pass
// (shared/data/README.md).
func TestReference(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no reference data")
	}
	folder := filepath.Join(shared, "data/reference/r-autoencoder")
	file, err := os.Open(filepath.Join(folder, "patches_5000x100.f64le.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	x := linalg.NewMatrix[float64](5000, 100)
	if err := binary.Read(z, binary.LittleEndian, x.Data); err != nil {
		t.Fatal(err)
	}
	for i, v := range x.Data {
		x.Data[i] = v*0.998 + 0.001
	}
	tests := []struct {
		file string
		want float64
	}{
		{"sae25.json", 2.24568204389},
		{"sae100.json", 2.02654007905},
	}
	for _, tt := range tests {
		var net struct {
			W1, W2 [][]float64
			B1, B2 []float64
		}
		text, err := os.ReadFile(filepath.Join(folder, tt.file))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &net); err != nil {
			t.Fatal(err)
		}
		var theta []float64
		for _, row := range net.W1 {
			theta = append(theta, row...)
		}
		theta = append(theta, net.B1...)
		for _, row := range net.W2 {
			theta = append(theta, row...)
		}
		theta = append(theta, net.B2...)
		s := Sparse{Visible: 100, Hidden: len(net.B1), Lambda: 2e-4, Beta: 6, Rho: 0.01}
		grad := make([]float64, len(theta))
		got := NewObjective[float64](s).Evaluate(theta, x, grad).Total()
		if math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: J = %.12g, want %.12g", tt.file, got, tt.want)
		}
		if norm := linalg.Norm(grad); norm > 3e-4 { // 1.7e-4 and 2.2e-4 in the README
			t.Errorf("%s: gradient norm %g at a minimum", tt.file, norm)
		}
	}
}
