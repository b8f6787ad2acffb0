package rbm

import (
	"testing"

	"filterscope/engine/linalg"
	"filterscope/internal/fixture"
)

// TestFixture compares with scikit-learn's BernoulliRBM; testdata/rbm_bernoulli.json
// has the versions.
func TestFixture(t *testing.T) {
	t.Run("float64", func(t *testing.T) { checkFixture[float64](t, 1e-10) })
	t.Run("float32", func(t *testing.T) { checkFixture[float32](t, 5e-6) })
}

func checkFixture[T linalg.Float](t *testing.T, tol float64) {
	f := fixture.Values(t, "rbm_bernoulli", nil)
	s := Spec{Visible: len(f["visible.bias"]), Hidden: len(f["hidden.bias"])}
	var theta []T
	for _, tensor := range s.Layout() {
		theta = append(theta, linalg.Converted[T](f[tensor.Name])...)
	}
	rows := len(f["x"]) / s.Visible
	x := linalg.MatrixOf(rows, s.Visible, linalg.Converted[T](f["x"]))
	h := linalg.NewMatrix[T](rows, s.Hidden)
	Encode(s, theta, x, h)
	if d := fixture.Off(h.Data, f["hidden_probability"]); d > tol {
		t.Errorf("hidden probabilities differ by %g", d)
	}
	energy := make([]float64, rows)
	FreeEnergy(s, theta, x, energy)
	if d := fixture.Off(energy, f["free_energy"]); d > tol {
		t.Errorf("free energies differ by %g", d)
	}
}
