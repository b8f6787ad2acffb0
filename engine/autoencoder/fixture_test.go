package autoencoder

import (
	"math"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/internal/fixture"
)

// known is a known answer from PyTorch; testdata/NAME.json says which
// versions computed it.
type known struct {
	Reconstruction float64   `json:"reconstruction"`
	WeightDecay    float64   `json:"weight_decay"`
	Sparsity       float64   `json:"sparsity"`
	Objective      float64   `json:"objective"`
	RhoHat         []float64 `json:"rho_hat"`
	Lambda         float64   `json:"lambda_"`
	Beta           float64   `json:"beta"`
	Rho            float64   `json:"rho"`
	CrossEntropy   float64   `json:"cross_entropy"`
	SquaredError   float64   `json:"squared_error"`

	arrays map[string][]float64
	model  Sparse
}

func readFixture(t *testing.T, name string) *known {
	t.Helper()
	f := &known{}
	f.arrays = fixture.Values(t, name, f)
	hidden, visible := len(f.arrays["encoder.0.bias"]), len(f.arrays["decoder.0.bias"])
	f.model = Sparse{Visible: visible, Hidden: hidden, Lambda: f.Lambda, Beta: f.Beta, Rho: f.Rho}
	if strings.Contains(name, "linear") {
		f.model.Decoder = nn.Linear
	}
	return f
}

// vector joins the arrays prefix+name into one parameter vector.
func (f *known) vector(prefix string) []float64 {
	var v []float64
	for _, t := range f.model.Layout() {
		v = append(v, f.arrays[prefix+t.Name]...)
	}
	return v
}

func (f *known) x() linalg.Matrix[float64] {
	v := f.arrays["x"]
	return linalg.MatrixOf(len(v)/f.model.Visible, f.model.Visible, v)
}

func TestFixtures(t *testing.T) {
	for _, name := range []string{"sparse_sigmoid", "sparse_linear_decoder"} {
		t.Run(name+"/float64", func(t *testing.T) { checkFixture[float64](t, name, 1e-10) })
		t.Run(name+"/float32", func(t *testing.T) { checkFixture[float32](t, name, 5e-6) })
	}
}

func checkFixture[T linalg.Float](t *testing.T, name string, tol float64) {
	f := readFixture(t, name)
	if err := f.model.Validate(); err != nil {
		t.Fatal(err)
	}
	theta := f.vector("")
	x := linalg.NewMatrix[T](f.x().Rows, f.x().Cols)
	linalg.Convert(x, f.x())
	o := NewObjective[T](f.model)
	grad := make([]float64, len(theta))
	terms := append(nn.Terms(nil), o.Evaluate(theta, x, grad)...)
	for i, want := range []float64{f.Reconstruction, f.WeightDecay, f.Sparsity} {
		if rel := math.Abs(terms[i].Value-want) / want; rel > tol {
			t.Errorf("%s = %.12g, want %.12g", terms[i].Name, terms[i].Value, want)
		}
	}
	if rel := math.Abs(terms.Total()-f.Objective) / f.Objective; rel > tol {
		t.Errorf("objective = %.12g, want %.12g", terms.Total(), f.Objective)
	}
	if rel := fixture.Off(o.RhoHat(nil), f.RhoHat); rel > tol {
		t.Errorf("ρ̂ differs by %g", rel)
	}
	want := f.vector("grad.")
	if rel := fixture.Off(grad, want); rel > tol {
		t.Errorf("gradient differs by %g", rel)
	}
	if got := o.Evaluate(theta, x, nil); got.Total() != terms.Total() {
		t.Errorf("objective without gradient = %v, with it %v", got.Total(), terms.Total())
	}

	params := linalg.Converted[T](theta)
	batch := make([]T, len(theta)) // one minibatch of all examples is the full batch
	terms = o.Batch(params, x, batch)
	if rel := math.Abs(terms.Total()-f.Objective) / f.Objective; rel > tol {
		t.Errorf("Batch objective = %.12g, want %.12g", terms.Total(), f.Objective)
	}
	if rel := fixture.Off(batch, want); rel > tol {
		t.Errorf("Batch gradient differs by %g", rel)
	}

	codes := linalg.NewMatrix[T](x.Rows, f.model.Hidden)
	Encode(f.model, params, x, codes)
	if rel := fixture.Off(codes.Data, f.arrays["codes"]); rel > tol {
		t.Errorf("codes differ by %g", rel)
	}
	out := linalg.NewMatrix[T](x.Rows, x.Cols)
	Reconstruct(f.model, params, x, out)
	if rel := fixture.Off(out.Data, f.arrays["reconstruction"]); rel > tol {
		t.Errorf("reconstruction differs by %g", rel)
	}
}
