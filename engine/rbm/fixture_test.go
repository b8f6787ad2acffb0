package rbm

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"filterscope/engine/linalg"
)

// readFixture reads the arrays of testdata/rbm_bernoulli.npz, which
// scikit-learn's BernoulliRBM computed; the .json has the versions.
func readFixture(t *testing.T) map[string][]float64 {
	t.Helper()
	z, err := zip.OpenReader("testdata/rbm_bernoulli.npz")
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	arrays := map[string][]float64{}
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		header := 10 + int(binary.LittleEndian.Uint16(raw[8:])) // npy version 1
		if !bytes.Contains(raw[:header], []byte("'<f8'")) {
			t.Fatalf("%s: header %q", file.Name, raw[:header])
		}
		values := make([]float64, (len(raw)-header)/8)
		for i := range values {
			values[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[header+8*i:]))
		}
		name := strings.TrimSuffix(file.Name, ".npy")
		if bytes.Contains(raw[:header], []byte("'fortran_order': True")) {
			values = byRow(t, string(raw[:header]), values)
		}
		arrays[name] = values
	}
	return arrays
}

// byRow returns the values of a matrix stored column by column, row by row.
func byRow(t *testing.T, header string, columns []float64) []float64 {
	t.Helper()
	var rows, cols int
	if _, err := fmt.Sscanf(header[strings.Index(header, "'shape': "):], "'shape': (%d, %d)", &rows, &cols); err != nil {
		t.Fatalf("header %q: %v", header, err)
	}
	values := linalg.NewMatrix[float64](rows, cols)
	linalg.Transpose(values, linalg.MatrixOf(cols, rows, columns), 0, cols)
	return values.Data
}

func TestFixture(t *testing.T) {
	t.Run("float64", func(t *testing.T) { checkFixture[float64](t, 1e-10) })
	t.Run("float32", func(t *testing.T) { checkFixture[float32](t, 5e-6) })
}

func checkFixture[T linalg.Float](t *testing.T, tol float64) {
	f := readFixture(t)
	s := Spec{Visible: len(f["visible.bias"]), Hidden: len(f["hidden.bias"])}
	var theta []T
	for _, tensor := range s.Layout() {
		theta = append(theta, linalg.Converted[T](f[tensor.Name])...)
	}
	rows := len(f["x"]) / s.Visible
	x := linalg.MatrixOf(rows, s.Visible, linalg.Converted[T](f["x"]))
	h := linalg.NewMatrix[T](rows, s.Hidden)
	Encode(s, theta, x, h)
	if d := furthest(linalg.Converted[float64](h.Data), f["hidden_probability"]); d > tol {
		t.Errorf("hidden probabilities differ by %g", d)
	}
	energy := make([]float64, rows)
	FreeEnergy(s, theta, x, energy)
	if d := furthest(energy, f["free_energy"]); d > tol {
		t.Errorf("free energies differ by %g", d)
	}
}

// furthest returns the largest |got-want| relative to the largest |want|.
func furthest(got, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	diff, scale := 0.0, 0.0
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= math.MaxFloat64) {
			return math.Inf(1)
		}
		diff, scale = max(diff, math.Abs(got[i]-w)), max(scale, math.Abs(w))
	}
	return diff / scale
}
